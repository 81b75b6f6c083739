"""WSGI middleware: Packgate decides every request to a private index of Python packages.

Knows pypiserver's paths. Starts from refusal: what is not understood is refused, and so is everything
while Packgate cannot be asked.
"""

import base64
import binascii
import http.client
import json
import re
from urllib.parse import urlsplit

from names import normalized, project_of
from refused import Refused
from upload import project_uploaded

PAGE = re.compile(r"/simple/([A-Za-z0-9._-]+)/?|/([A-Za-z0-9._-]+)/json")
FILE = re.compile(r"/packages/(?:[A-Za-z0-9_][A-Za-z0-9._+-]*/)*([A-Za-z0-9._+!-]+)")
COMPANION = re.compile(r"\.(?:metadata|asc)$")  # what may lie beside a file: PEP 658, signatures

NO_LIST = "this index lists nobody's packages; ask for one project under /simple/NAME/"
UNAVAILABLE = "Packgate cannot be asked right now; try again shortly"


class PackgateMiddleware:
    """Asks Packgate before `app` sees a request."""

    def __init__(self, app, url, key, timeout=10):
        self.app, self.url, self.key, self.timeout = app, urlsplit(url), key, timeout

    def __call__(self, environ, start_response):
        try:
            credentials = credentials_in(environ)
            if environ["REQUEST_METHOD"] == "POST" and credentials is None:
                raise Refused(401, "sign in with a GitHub login and a token to upload")  # before the body is read
            project, action = question(environ)
            self.ask({"package": project, "action": action, "credentials": credentials or {}})
        except Refused as refused:
            return refused.reply(start_response)
        return self.app(environ, start_response)

    def ask(self, body):
        """Returns if Packgate allows it. Only a well-formed decision is an answer; all else is "unavailable"."""
        https = self.url.scheme == "https"
        connect = http.client.HTTPSConnection if https else http.client.HTTPConnection
        connection = connect(self.url.hostname, self.url.port, timeout=self.timeout)
        headers = {"Content-Type": "application/json", "X-Packgate-Key": self.key}
        try:
            connection.request("POST", self.url.path.rstrip("/") + "/authorize", json.dumps(body), headers)
            response = connection.getresponse()
            answer = json.load(response)
            decision, message = answer["decision"], str(answer["message"])
        except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError):
            raise Refused(503, UNAVAILABLE) from None
        finally:
            connection.close()
        if (response.status, decision) == (200, "allow"):
            return
        known = response.status in (401, 403) and decision == "deny"
        raise Refused(response.status if known else 503, message)


def question(environ):
    """The project and the action that a request is about."""
    method, path = environ["REQUEST_METHOD"], environ.get("PATH_INFO", "")
    if method == "POST" and path == "/":
        return project_uploaded(environ), "upload"
    if method not in ("GET", "HEAD"):
        raise Refused(403, "only reading and uploading are possible here")
    if page := PAGE.fullmatch(path):
        return normalized(page[1] or page[2]), "read"
    if file := FILE.fullmatch(path):
        return project_of(COMPANION.sub("", file[1])), "read"
    raise Refused(403, NO_LIST)


def credentials_in(environ):
    """User name and password as Packgate wants them; `None` without any. What they mean is for Packgate to say."""
    scheme, _, value = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        username, colon, password = base64.b64decode(value.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return {"username": username, "password": password} if colon else None
