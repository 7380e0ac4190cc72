#!/bin/sh
# The broker with its password from a file, given on standard input: it stands on no command line. Arguments are Redis'.
set -eu

password=$(cat "$BROKER_PASSWORD_FILE")
if [ -z "$password" ]; then
    echo "$BROKER_PASSWORD_FILE is empty" >&2
    exit 1
fi

exec redis-server "$@" - <<CONFIGURATION
requirepass $password
appendonly yes
save ""
CONFIGURATION
