#!/bin/sh
# Runs once, when the Postgres container makes its data: Temporal gets a role and databases of its own, and sees no others.
set -eu
psql --set=ON_ERROR_STOP=1 --set=password="$TEMPORAL_DB_PASSWORD" --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" <<'SQL'
create role temporal login password :'password';
create database temporal owner temporal;
create database temporal_visibility owner temporal;
revoke connect on database netstacks from public;
SQL
