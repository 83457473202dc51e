#!/bin/sh
# Runs once, when the database is made: the servers' login, with its own password; the first migration finds it there.
set -eu
psql --set ON_ERROR_STOP=1 --set password="$(cat /run/secrets/app_password)" \
    --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
create role vhod_app login nosuperuser nocreatedb nocreaterole nobypassrls password :'password';
SQL
