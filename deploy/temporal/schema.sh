#!/bin/sh
# Brings both of Temporal's databases to the schema of this version. The password comes in SQL_PASSWORD.
set -eu
for pair in temporal:temporal temporal_visibility:visibility; do
  database=${pair%%:*} schema=postgresql/v12/${pair##*:}
  tool="temporal-sql-tool --plugin postgres12 --endpoint postgres --port 5432 --user temporal --database $database"
  # An empty database has no version to update from.
  $tool update-schema --schema-name "$schema" || { $tool setup-schema --version 0.0 && $tool update-schema --schema-name "$schema"; }
done
