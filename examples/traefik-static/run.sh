#!/bin/sh
# A private index on http://127.0.0.1:8080, decided by the Packgate at PACKGATE_URL. Ctrl+C ends it.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../proxy.sh"
fill traefik.yml index.yml
# The index: files in folders, simple/NAME/FILE. With INDEX set to HOST:PORT, any other that runs there.
if [ "$INDEX" = "127.0.0.1:$FILES_PORT" ]; then
  "${PYTHON:-python3}" -m http.server "$FILES_PORT" --bind 127.0.0.1 --directory "$PACKAGES" &
  trap 'kill $! 2>/dev/null || true' EXIT INT TERM
fi
"${TRAEFIK:-traefik}" --configFile="$RUN/traefik.yml"
