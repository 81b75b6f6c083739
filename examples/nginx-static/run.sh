#!/bin/sh
# A private index on http://127.0.0.1:8080, decided by the Packgate at PACKGATE_URL. Ctrl+C ends it.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../proxy.sh"
fill nginx.conf
# Its workers read what only this user may.
exec "${NGINX:-nginx}" -p "$RUN" -c "$RUN/nginx.conf" -e stderr -g "user $(id -un) $(id -gn);"
