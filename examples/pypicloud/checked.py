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

# What is asked again and again for one request. All else turns on what a token turned out not to see, or takes much memory.
REMEMBERED = ("/admin", "/group_permissions", "/verify")
# Packgate knows for ten seconds who showed a token, and of whoever showed none it takes pypicloud's word. So what is asked is
# asked a second after the token was shown at most, and must be answered within six, for Packgate gives up on GitHub after five;
# to connect may take two, one for each address.
SECONDS = 1
PATIENCE = (1, 6)
# Whoever asks about more packages than this wants a list.
FEW = 3


class ExplainedAccess(RemoteAccessBackend):
    """Says why not, where pypicloud would say nothing but "Forbidden"; and asks Packgate less often."""

    def __init__(self, *args, **more):
        super().__init__(*args, **more)
        # pypicloud makes one of these for each request, so that nothing is remembered longer.
        self.answers = {}
        self.packages = set()
        self.shown = None  # a login and its token, as Packgate was asked about them

    def _req(self, uri, params=None):
        if uri != "/verify" and self.shown and not self._req("/verify", self.shown):
            raise HTTPForbidden("the token has ended")
        if uri not in REMEMBERED:
            return self.ask(uri, params)
        answer = self.remember((uri, *params.values()), lambda: self.ask(uri, params))
        if uri == "/verify" and answer:
            self.shown = params
        return answer

    def ask(self, uri, params):
        # pypicloud connects anew for each call, and to list packages it makes six calls for every one of them.
        if not hasattr(kept, "session"):
            kept.session = requests.Session()
        response = kept.session.get(self.server + uri, params=params, auth=self.auth, timeout=PATIENCE)
        response.raise_for_status()
        return response.json()

    def remember(self, question, ask):
        at, answer = self.answers.get(question, (-math.inf, None))
        if time.monotonic() - at >= SECONDS:
            at = time.monotonic()
            answer = ask()
            self.answers[question] = at, answer
        return answer

    def user_principals(self, username):
        # Packgate names everybody who may do something to a package, those of its teams as well: which teams somebody is in
        # matters only where server.ini gives one of them what nobody claims.
        name = username and username.lower()
        if not {*self.default_read, *self.default_write} <= {"everyone", "authenticated"}:
            return super().user_principals(name)
        if name is None:
            return [Everyone]
        return ["user:" + name, Everyone, Authenticated] + ["admin"] * self.is_admin(name)

    def allowed_permissions(self, package):
        # Whoever signs in may write the login otherwise than GitHub does.
        allowed = super().allowed_permissions(package)
        return {name.lower() if name.startswith("user:") else name: perms for name, perms in allowed.items()}

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
        if user is None:
            return {}
        return self.remember(
            ("held", user), lambda: {one["package"]: one["permissions"] for one in self.user_package_permissions(user)}
        )


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
