#!/bin/sh
# The password goes in by standard input: on a command line every process could read it.
set -eu
: "${REDIS_PASSWORD:?set REDIS_PASSWORD}"
exec redis-server "${REDIS_CONF:-/etc/muster-redis/redis.conf}" - <<END
requirepass "$REDIS_PASSWORD"
END
