#!/bin/sh
# Make what is missing of the secrets docker-compose.yml names: strong random values, one file each, never overwritten.
#
#     sh deploy/make-secrets.sh [DIRECTORY]
#
# Containers read the files as users of their own, so the files are readable and the directory is closed to all others.
set -eu

directory=${1:-$(dirname "$0")/secrets}
mkdir -p "$directory"
chmod 700 "$directory"

random() {
    head -c "$1" /dev/urandom | base64 | tr -d '\n' | tr '+/' '-_'
}

make() {
    if [ ! -e "$directory/$1" ]; then
        random "$2" >"$directory/.new"
        chmod 644 "$directory/.new"
        mv "$directory/.new" "$directory/$1"
        echo "made $directory/$1"
    fi
}

for name in postgres_password owner_password app_password public_password broker_password metrics_token; do
    make "$name" 36
done
make secret_key 48
make ledger_key 32

# Random until you write here what the mail server, the identity service and the short message gateway gave you.
for name in email_host_password identity_client_secret sms_gateway_token; do
    make "$name" 36
done
