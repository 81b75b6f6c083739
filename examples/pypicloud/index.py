"""pypicloud behind Packgate. The settings are in server.ini, what differs from place to place in the environment."""

import base64
import inspect
import logging
import os
import re
from collections import namedtuple
from pathlib import Path

# pyramid_duh, of 2016, calls what Python 3.11 took away.
if not hasattr(inspect, "getargspec"):
    ArgSpec = namedtuple("ArgSpec", "args varargs keywords defaults")
    inspect.getargspec = lambda function: ArgSpec(*inspect.getfullargspec(function)[:4])

import waitress
from pyramid.paster import get_app


class Redacted(logging.Formatter):
    """pypicloud asks with the token in the URL, and an error of that call shows the URL."""

    def format(self, record):
        return re.sub(r"(password=)[^&\s'\")]+", r"\1…", super().format(record))


handler = logging.StreamHandler()
handler.setFormatter(Redacted("%(levelname)s %(name)s %(message)s"))
logging.basicConfig(level=logging.WARNING, handlers=[handler])

# New keys for every start: who was signed in before is so no more.
for key in ("PPC_SESSION_ENCRYPT_KEY", "PPC_SESSION_VALIDATE_KEY"):
    os.environ.setdefault(key, base64.b64encode(os.urandom(32)).decode())

waitress.serve(
    get_app(str(Path(__file__).with_name("server.ini")), "main"),
    host=os.environ.get("HOST", "127.0.0.1"),
    port=int(os.environ.get("PORT", "6543")),
    threads=16,  # one per request that waits for Packgate
)
