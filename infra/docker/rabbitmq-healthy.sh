#!/usr/bin/env bash
# Health check of the broker: its node has booted (only then it listens) and its management API serves.
# rabbitmq-diagnostics would start a second Erlang machine at every check.
set -euo pipefail
exec 3<>/dev/tcp/127.0.0.1/5672
exec 4<>/dev/tcp/127.0.0.1/15672
