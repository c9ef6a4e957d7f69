#!/bin/sh
# The server makes no namespace by itself. Closed runs stay readable for 90 days.
set -eu
until temporal operator cluster health; do sleep 2; done
temporal operator namespace describe --namespace default >/dev/null 2>&1 ||
  temporal operator namespace create --namespace default --retention 90d
