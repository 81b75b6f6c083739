# Shared by the examples: where things are, and how a configuration gets its addresses. Source it; it starts nothing.
# Configurations name what differs from place to place in @CAPITALS@; `packgate recipe` fills in the same.
: "${PACKGATE_URL:=http://127.0.0.1:3000}"
: "${PACKGATE_KEY:?set it to the secret of a client in the PACKGATE_INDEX_CLIENTS of Packgate}"
: "${PORT:=8080}"         # where people reach the index
: "${FILES_PORT:=8081}"   # where the index itself listens
: "${INDEX:=127.0.0.1:$FILES_PORT}"
: "${RUN:=$here/run}"     # what is written while it runs
: "${PACKAGES:=$RUN/packages}"
mkdir -p "$RUN" "$PACKAGES"
umask 077 # the configuration holds the key
: "${url:=http://127.0.0.1:$PORT}"
echo "Starting what answers at $url, decided by the Packgate at $PACKGATE_URL. Ctrl+C ends it."

# fill FILE…: copies configurations to $RUN, filled in.
fill() {
  packgate=${PACKGATE_URL#*://} packgate=${packgate%/}
  case $PACKGATE_URL in https:*) port=443 ;; *) port=80 ;; esac
  case $packgate in *:*) port=${packgate##*:} ;; esac
  for file in "$@"; do
    sed -e "s|@PACKGATE_URL@|$PACKGATE_URL|g" \
      -e "s|@PACKGATE_HOST@|${packgate%:*}|g" -e "s|@PACKGATE_PORT@|$port|g" \
      -e "s|@PACKGATE_KEY@|$PACKGATE_KEY|g" -e "s|@PORT@|$PORT|g" -e "s|@FILES_PORT@|$FILES_PORT|g" \
      -e "s|@INDEX@|$INDEX|g" -e "s|@INDEX_HOST@|${INDEX%:*}|g" -e "s|@INDEX_PORT@|${INDEX##*:}|g" \
      -e "s|@PACKAGES@|$PACKAGES|g" -e "s|@RUN@|$RUN|g" "$here/$file" >"$RUN/$file"
  done
}
