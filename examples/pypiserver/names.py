"""Which project a name or a file belongs to."""

import re

from refused import Refused

# PEP 427 and PEP 625: hyphens separate, so a name has none, and a version begins with a digit. A file name that two
# readers could split differently (`foo-2-bar-1.0.tar.gz`) belongs to nobody.
WHEEL = re.compile(r"([A-Za-z0-9][A-Za-z0-9._]*)-[0-9][^-]*(?:-[0-9][^-]*)?-[^-]+-[^-]+-[^-]+\.whl")
SDIST = re.compile(r"([A-Za-z0-9][A-Za-z0-9._]*)-[0-9][^-]*\.(?:tar\.gz|zip)")


def normalized(name):
    """PEP 503."""
    return re.sub(r"[-_.]+", "-", name).lower()


def project_of(filename):
    """The project of a wheel or sdist."""
    match = WHEEL.fullmatch(filename) or SDIST.fullmatch(filename)
    if match is None:
        raise Refused(403, "the file name is not that of a wheel (PEP 427) or of an sdist (PEP 625)")
    return normalized(match[1])
