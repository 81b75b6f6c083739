"""pypicloud's cache, which also looks whether a file belongs to the package that the permission was for.

pypicloud asks for a permission on the name in the path or in the form, and then takes or gives whatever file is named
beside it: whoever may read one package could download, and whoever may write one could delete, a file of any other.
"""

import re

from pypicloud.cache import SQLCache
from pypicloud.route import APIPackageFileResource
from pypicloud.util import normalize_name
from pyramid.httpexceptions import HTTPForbidden

VERSION = re.compile(r"[0-9][A-Za-z0-9.!+_-]*")  # it becomes a folder


class CheckedCache(SQLCache):
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
        return super().upload(filename, data, name=name, version=version, **more)
