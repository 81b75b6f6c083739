"""pypiserver behind Packgate. Everything comes from the environment; see README.md."""

import os
from pathlib import Path

import pypiserver
import waitress

from packgate_wsgi import PackgateMiddleware

packages = Path(os.environ.get("PACKAGES", "packages"))
packages.mkdir(parents=True, exist_ok=True)

# pypiserver itself lets everybody do everything: it must not be reachable but through the middleware. Nor may it send
# people elsewhere for what it does not have, where anybody could have registered the name.
index = pypiserver.app(roots=[packages], authenticate=[], password_file=".", disable_fallback=True)

waitress.serve(
    PackgateMiddleware(index, os.environ["PACKGATE_URL"], os.environ["PACKGATE_KEY"]),
    host=os.environ.get("HOST", "127.0.0.1"),
    port=int(os.environ.get("PORT", "8080")),
    # One per request that waits for Packgate, which may have to ask GitHub.
    threads=16,
)
