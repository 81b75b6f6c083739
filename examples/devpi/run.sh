#!/bin/sh
# A devpi on http://127.0.0.1:8080/acme/dev/, decided by the Packgate at PACKGATE_URL. Ctrl+C ends it.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../proxy.sh"
fill nginx.conf
: "${VENV:=$here/.venv}"
if [ ! -x "$VENV/bin/devpi-server" ]; then
  echo "Installing into $VENV, once"
  python3 -m venv "$VENV"
  "$VENV/bin/python" -m pip install --quiet --requirement "$here/requirements.txt"
fi
devpi=$RUN/devpi
[ -e "$devpi" ] || "$VENV/bin/devpi-init" --serverdir "$devpi" --no-root-pypi
"$VENV/bin/devpi-server" --serverdir "$devpi" --host 127.0.0.1 --port "$FILES_PORT" &
trap 'kill $! 2>/dev/null || true' EXIT INT TERM
"$VENV/bin/python" "$here/create_index.py" "http://$INDEX"
"${NGINX:-nginx}" -p "$RUN" -c "$RUN/nginx.conf" -e stderr -g "user $(id -un) $(id -gn);"
