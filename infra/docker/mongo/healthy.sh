#!/usr/bin/env bash
# Health check of the database: prepared, and listening.
set -euo pipefail
[[ -e /data/db/.prepared ]]
exec 3<>"/dev/tcp/127.0.0.1/${MONGO_MEMBER##*:}"
