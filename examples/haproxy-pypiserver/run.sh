#!/bin/sh
# A private index on http://127.0.0.1:8080, decided by the Packgate at PACKGATE_URL. Ctrl+C ends it.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../proxy.sh"
fill haproxy.cfg packgate.lua
# The index: pypiserver. With INDEX set to HOST:PORT, any other that runs there.
if [ "$INDEX" = "127.0.0.1:$FILES_PORT" ]; then
  : "${VENV:=$here/.venv}"
  if [ ! -x "$VENV/bin/pypi-server" ]; then
    echo "Installing into $VENV, once"
    python3 -m venv "$VENV"
    "$VENV/bin/python" -m pip install --quiet --requirement "$here/requirements.txt"
  fi
  PACKAGES="$PACKAGES" FILES_PORT="$FILES_PORT" "$VENV/bin/python" "$here/index.py" &
  trap 'kill $! 2>/dev/null || true' EXIT INT TERM
fi
"${HAPROXY:-haproxy}" -db -f "$RUN/haproxy.cfg"
