#!/bin/sh
# A private index on https://localhost:8080, decided by the Packgate at PACKGATE_URL. Ctrl+C ends it.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
url=https://localhost:${PORT:=8080}
. "$here/../proxy.sh"
fill nginx.conf

# A certificate to try it with, by an authority that signs nothing else.
if [ ! -e "$RUN/cert.pem" ]; then
  new_key="-newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -days 30"
  # shellcheck disable=SC2086
  openssl req -x509 $new_key -subj "/CN=Packgate's example" -keyout "$RUN/ca-key.pem" -out "$RUN/ca.pem" 2>/dev/null
  # shellcheck disable=SC2086
  openssl req -x509 $new_key -subj "/CN=localhost" -addext "subjectAltName=DNS:localhost,IP:127.0.0.1" \
    -addext "basicConstraints=critical,CA:FALSE" -CA "$RUN/ca.pem" -CAkey "$RUN/ca-key.pem" \
    -keyout "$RUN/key.pem" -out "$RUN/cert.pem" 2>/dev/null
  rm "$RUN/ca-key.pem"
fi

# The index: pypiserver, which asks by itself. With INDEX set to HOST:PORT, any other that runs there and asks.
if [ "$INDEX" = "127.0.0.1:$FILES_PORT" ]; then
  HOST=127.0.0.1 PORT="$FILES_PORT" PACKAGES="$PACKAGES" PACKGATE_URL="$PACKGATE_URL" PACKGATE_KEY="$PACKGATE_KEY" \
    sh "$here/../pypiserver/run.sh" &
  trap 'kill $! 2>/dev/null || true' EXIT INT TERM
fi
"${NGINX:-nginx}" -p "$RUN" -c "$RUN/nginx.conf" -e stderr -g "user $(id -un) $(id -gn);"
