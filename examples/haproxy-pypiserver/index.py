"""pypiserver, which neither deletes nor replaces anything. Everything comes from the environment; see README.md."""

import os

import pypiserver
import waitress
from pypiserver.backend import BackendProxy, SimpleFileBackend
from pypiserver.bottle_wrapper import HTTPError


class KeepingBackend(SimpleFileBackend):
    """An upload can also say `remove_pkg`, and no proxy sees all of a long one. So nothing is ever removed here."""

    def remove_package(self, pkg):
        raise HTTPError(403, "nothing is removed here; delete the file by hand")


index = pypiserver.app(roots=[os.environ["PACKAGES"]], authenticate=[], password_file=".", disable_fallback=True)
config = index._pypiserver_config
config.backend = BackendProxy(KeepingBackend(config))
waitress.serve(index, host="127.0.0.1", port=int(os.environ["FILES_PORT"]))
