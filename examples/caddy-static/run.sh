#!/bin/sh
# A private index on http://127.0.0.1:8080, decided by the Packgate at PACKGATE_URL. Ctrl+C ends it.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../proxy.sh"
fill Caddyfile
export XDG_DATA_HOME="$RUN" XDG_CONFIG_HOME="$RUN"
exec "${CADDY:-caddy}" run --config "$RUN/Caddyfile" --adapter caddyfile
