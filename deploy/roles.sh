#!/bin/sh
# First start of the database container: three logins and the database of the owner.
set -eu

psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
    -v owner="$OWNER_PASSWORD" -v app="$APP_PASSWORD" -v public="$PUBLIC_PASSWORD" <<'SQL'
CREATE ROLE portal_owner LOGIN PASSWORD :'owner';
CREATE ROLE portal_app LOGIN PASSWORD :'app';
CREATE ROLE portal_public LOGIN PASSWORD :'public';
ALTER ROLE portal_public SET search_path = public_register;
ALTER ROLE portal_public SET default_transaction_read_only = on;
CREATE DATABASE portal OWNER portal_owner;
REVOKE ALL ON DATABASE portal FROM PUBLIC;
GRANT CONNECT ON DATABASE portal TO portal_app, portal_public;
SQL
