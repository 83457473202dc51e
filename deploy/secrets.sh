#!/bin/sh
# Makes the secrets that compose.yaml mounts, each in a file of its own; what is there stays.
#   deploy/secrets.sh [FOLDER, default: secrets]
set -eu
folder=${1:-secrets}
umask 077
mkdir -p "$folder"

random() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }

keep() { [ -e "$folder/$1" ] || { cat > "$folder/.new" && mv "$folder/.new" "$folder/$1"; }; }

random | keep owner_password
random | keep app_password
random | keep secret_key
printf 'postgresql://vhod_owner:%s@database/vhod' "$(cat "$folder/owner_password")" | keep owner_database_url
printf 'postgresql://vhod_app:%s@database/vhod' "$(cat "$folder/app_password")" | keep app_database_url
# Containers read them as other users; the folder itself stays closed.
chmod 0444 "$folder"/*
