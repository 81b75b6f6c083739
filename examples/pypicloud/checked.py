"""What pypicloud does not check itself.

It asks for a permission on the name in the path or in the form, and then takes or gives whatever file is named beside
it: whoever may read one package could download, and whoever may write one could delete, a file of any other. And it asks
about people by name, whatever token they showed, or whether they showed one in this request at all.
"""

import math
import re
import threading
import time

import requests
from pypicloud.access import RemoteAccessBackend
from pypicloud.auth import get_basicauth_credentials
from pypicloud.cache import SQLCache
from pypicloud.route import APIPackageFileResource
from pypicloud.util import normalize_name, parse_filename
from pyramid.authorization import Authenticated, Everyone
from pyramid.httpexceptions import HTTPClientError, HTTPForbidden, HTTPServiceUnavailable

VERSION = re.compile(r"[0-9][A-Za-z0-9.!+_-]*")  # it becomes a folder


class Refused(HTTPClientError):
    """403 with a sentence. pypicloud answers every HTTPForbidden without one."""

    code = 403

    def __init__(self, sentence):
        super().__init__(sentence)
        self.status = "403 " + sentence.encode("ascii", "replace").decode()  # twine and uv show this line


def ask_packgate(request, package, action):
    """Asks with the very token of this request. Returns if it is good for this, and raises otherwise."""
    given = get_basicauth_credentials(request)
    if given is None:
        raise Refused(f"to {action} takes a token in the request itself: to be signed in to a page does not do")
    response = requests.post(
        request.access.server.removesuffix("/pypicloud") + "/authorize",
        json={
            "package": package,
            "action": action,
            "credentials": {"username": given["login"], "password": given["password"]},
        },
        auth=request.access.auth,
        timeout=30,
    )
    if response.status_code in (401, 403):
        raise Refused(response.json()["message"])
    if response.status_code != 200:
        raise HTTPServiceUnavailable("Packgate cannot say right now; try again shortly")


kept = threading.local()  # a session of requests is for one thread

# For how many seconds what Packgate answered is not asked again for one request. Of a token it was shown it knows for ten
# that somebody is here with it; what is not in this list turns on what that token turned out not to see.
REMEMBERED = {"/admin": 2, "/group_permissions": 2, "/user_package_permissions": 2, "/verify": 2}
# Whoever asks about more packages than this wants a list.
FEW = 3


class ExplainedAccess(RemoteAccessBackend):
    """Says why not, where pypicloud would say nothing but "Forbidden"; and asks Packgate less often."""

    def __init__(self, *args, **more):
        super().__init__(*args, **more)
        self.answers = {}  # pypicloud makes one of these for each request, so that nothing is remembered longer
        self.packages = set()

    def _req(self, uri, params=None):
        # pypicloud connects anew for each call, and to list packages it makes six calls for every one of them.
        asked = uri, *sorted((params or {}).items())
        at, answer = self.answers.get(asked, (-math.inf, None))
        if time.monotonic() - at < REMEMBERED.get(uri, 0):
            return answer
        if not hasattr(kept, "session"):
            kept.session = requests.Session()
        response = kept.session.get(self.server + uri, params=params, auth=self.auth, timeout=30)
        response.raise_for_status()
        answer = response.json()
        self.answers[asked] = time.monotonic(), answer
        return answer

    def user_principals(self, username):
        # Packgate names everybody who may do something to a package, those of its teams as well: to ask which teams somebody
        # belongs to gives nothing more.
        if username is None:
            return [Everyone]
        return ["user:" + username, Everyone, Authenticated] + ["admin"] * self.is_admin(username)

    def has_permission(self, package, perm):
        self.packages.add(package)
        if len(self.packages) > FEW and perm in self.held().get(package, ()):
            return True
        allowed = super().has_permission(package, perm)
        if not allowed and perm == "write" and self.request.method == "POST" and self.request.is_authenticated:
            try:
                ask_packgate(self.request, normalize_name(package), "upload")
            except Refused as refused:
                answer = refused  # the name of an exception is gone after its block
                self.request.forbid = lambda: answer
        return allowed

    def held(self):
        """What whoever asks may do to the packages that they may do anything to: one call instead of two for each."""
        user = self.request.authenticated_userid
        held = [] if user is None else self.user_package_permissions(user)
        return {one["package"]: one["permissions"] for one in held}


class CheckedCache(SQLCache):
    """Looks whether the file belongs to the package, and whether the token is good for it."""

    def fetch(self, filename):
        package = super().fetch(filename)
        asked = getattr(self.request, "context", None)
        if package and isinstance(asked, APIPackageFileResource) and package.name != normalize_name(asked.name):
            raise HTTPForbidden("the file belongs to another package")
        return package

    def upload(self, filename, data, name=None, version=None, **more):
        # A name that is not given is read from the file name, and was so for the permission.
        if name and not re.match(re.escape(normalize_name(name)) + r"-\d", normalize_name(filename)):
            raise HTTPForbidden("the name and the file belong to different packages")
        if version and not VERSION.fullmatch(version):
            raise HTTPForbidden("this is not a version")
        # On a GET it is pypicloud itself that keeps what it has fetched (pypi.fallback = cache).
        if self.request.method != "GET":
            ask_packgate(self.request, normalize_name(name or parse_filename(filename)[0]), "upload")
        return super().upload(filename, data, name=name, version=version, **more)

    def delete(self, package):
        ask_packgate(self.request, package.name, "delete")
        super().delete(package)
