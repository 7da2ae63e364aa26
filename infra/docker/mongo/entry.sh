#!/usr/bin/env bash
# Start mongod as a replica set of one with access control; at the first start make set and administrator.
#
#   MONGO_ADMIN, MONGO_ADMIN_PASSWORD   the administrator, who can do everything
#   MONGO_KEYFILE                       what members of the set know each other by (base64, up to 1024 characters)
#   MONGO_MEMBER                        host:port under which clients reach this server
#   MONGO_CACHE_GB                      WiredTiger's cache
#
# Begins as root only to hand the data over, then runs as mongodb. /run/mongo must be a tmpfs.
set -euo pipefail
data=/data/db
port=${MONGO_MEMBER##*:}

if [[ $(id -u) == 0 ]]; then
    mkdir -p "$data"
    chown mongodb:mongodb "$data" /run/mongo
    exec setpriv --reuid mongodb --regid mongodb --clear-groups --inh-caps=-all bash "$0"
fi

export HOME=/run/mongo # mongosh writes its settings there
umask 077
[[ -e /run/mongo/keyfile ]] || printf '%s\n' "$MONGO_KEYFILE" >/run/mongo/keyfile
chmod 400 /run/mongo/keyfile
server=(mongod --dbpath "$data" --port "$port" --bind_ip_all --replSet rs0 --auth --keyFile /run/mongo/keyfile
    --wiredTigerCacheSizeGB "${MONGO_CACHE_GB:-0.5}" --nounixsocket --quiet --setParameter diagnosticDataCollectionEnabled=false
    --setParameter transactionLifetimeLimitSeconds=10)

if [[ ! -e $data/.prepared ]]; then
    # the server lets the first user in from its own machine, once
    "${server[@]}" &
    pid=$!
    trap 'kill "$pid"' EXIT
    mongosh --quiet --norc --port "$port" --file "$(dirname "$0")/first.js"
    trap - EXIT
    kill "$pid"
    wait "$pid" || true
    touch "$data/.prepared"
fi
unset MONGO_ADMIN_PASSWORD MONGO_KEYFILE
exec "${server[@]}"
