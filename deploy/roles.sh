#!/bin/sh
# First start of the database container: three logins and the database of the owner. Passwords come from files and
# are read by psql itself, so that none stands on a command line.
set -eu

for file in "$OWNER_PASSWORD_FILE" "$APP_PASSWORD_FILE" "$PUBLIC_PASSWORD_FILE"; do
    if [ -z "$(cat "$file")" ]; then
        echo "$file is empty" >&2
        exit 1
    fi
done

psql -v ON_ERROR_STOP=1 --no-psqlrc --username "${POSTGRES_USER:-postgres}" --dbname postgres <<'SQL'
\set owner `cat "$OWNER_PASSWORD_FILE"`
\set app `cat "$APP_PASSWORD_FILE"`
\set public `cat "$PUBLIC_PASSWORD_FILE"`
CREATE ROLE portal_owner LOGIN PASSWORD :'owner';
CREATE ROLE portal_app LOGIN PASSWORD :'app';
CREATE ROLE portal_public LOGIN PASSWORD :'public';
ALTER ROLE portal_public SET search_path = public_register;
ALTER ROLE portal_public SET default_transaction_read_only = on;
CREATE DATABASE portal OWNER portal_owner;
REVOKE ALL ON DATABASE portal FROM PUBLIC;
GRANT CONNECT ON DATABASE portal TO portal_app, portal_public;
SQL
