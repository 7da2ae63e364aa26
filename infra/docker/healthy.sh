#!/usr/bin/env bash
# Health check: healthy.sh PORT [PATH]. Succeeds when the process in this container answers 200.
# bash alone, because an interpreter every ten seconds for each container is felt on a small machine.
set -euo pipefail
exec 3<>"/dev/tcp/127.0.0.1/$1"
printf 'GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n' "${2:-/health/ready}" >&3
read -r -t 4 _ status _ <&3
[[ $status == 200 ]]
