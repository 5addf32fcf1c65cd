#!/bin/sh
# Run once by the image of PostgreSQL, when its data directory is new: makes the login that Keyward works as, which owns nothing.
set -eu
psql --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" --set=login="$RUNTIME_LOGIN" --set=word="$RUNTIME_PASSWORD" <<'SQL'
create role keyward_runtime nologin;
create role :"login" login password :'word' in role keyward_runtime;
SQL
