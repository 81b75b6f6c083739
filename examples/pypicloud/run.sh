#!/bin/sh
# A private index on http://127.0.0.1:6543, decided by the Packgate at PACKGATE_URL. Ctrl+C ends it.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
: "${PACKGATE_URL:=http://127.0.0.1:3000}"
: "${PACKGATE_CLIENT:=index}"
: "${PACKGATE_KEY:?set it to the secret of that client in the PACKGATE_INDEX_CLIENTS of Packgate}"
: "${DATA:=$here/data}"
: "${VENV:=$here/.venv}"
export PPC_AUTH_BACKEND_SERVER="$PACKGATE_URL/pypicloud"
export PPC_AUTH_USER="$PACKGATE_CLIENT" PPC_AUTH_PASSWORD="$PACKGATE_KEY"
export PPC_STORAGE_DIR="$DATA/packages" PPC_DB_URL="sqlite:///$DATA/pypicloud.sqlite"
mkdir -p "$DATA/packages"

echo "Starting what answers at http://${HOST:-127.0.0.1}:${PORT:-6543}, decided by the Packgate at $PACKGATE_URL. Ctrl+C ends it."
if [ ! -x "$VENV/bin/ppc-gen-password" ]; then
  echo "Installing into $VENV, once"
  python3 -m venv "$VENV"
  "$VENV/bin/python" -m pip install --quiet --requirement "$here/requirements.txt"
fi
exec "$VENV/bin/python" "$here/index.py"
