#!/bin/sh
# A private index on http://127.0.0.1:8080, decided by the Packgate at PACKGATE_URL. Ctrl+C ends it.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
: "${PACKGATE_URL:=http://127.0.0.1:3000}"
: "${PACKGATE_KEY:?set it to the secret of a client in the PACKGATE_INDEX_CLIENTS of Packgate}"
: "${PACKAGES:=$here/packages}"
: "${VENV:=$here/.venv}"
export PACKGATE_URL PACKGATE_KEY PACKAGES

echo "Starting what answers at http://${HOST:-127.0.0.1}:${PORT:-8080}, decided by the Packgate at $PACKGATE_URL. Ctrl+C ends it."
if [ ! -x "$VENV/bin/pypi-server" ]; then
  echo "Installing into $VENV, once"
  python3 -m venv "$VENV"
  "$VENV/bin/python" -m pip install --quiet --requirement "$here/requirements.txt"
fi
exec "$VENV/bin/python" "$here/index.py"
