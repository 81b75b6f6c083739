"""Finds out which project an upload is for.

pypiserver's `POST /` also deletes (`:action=remove_pkg`), takes the project from the name of the file and ignores the
field `name`. So the whole form is read here first, and whatever two parsers could read differently is refused.
"""

import re
import tempfile
from collections import Counter

from names import normalized, project_of
from refused import Refused

MAX_FIELDS = 256 * 1024  # bytes of everything but the file
MAX_LINE = 64 * 1024
IN_MEMORY = 1024 * 1024
FORM = re.compile(r"multipart/form-data; ?boundary=([A-Za-z0-9_.-]{1,70})")
DISPOSITION = re.compile(rb'Content-Disposition: form-data; name="([!#-\[\]-~]+)"(?:; filename="([!#-\[\]-~]+)")?', re.I)
# No other header, and no type that is a form itself: parsers differ about both.
CONTENT_TYPE = re.compile(rb"Content-Type: (?:application/octet-stream|text/plain)(?:; ?charset=[A-Za-z0-9-]+)?", re.I)


def project_uploaded(environ):
    """The project of an upload; leaves the body behind for the index to read again."""
    form = FORM.fullmatch(environ.get("CONTENT_TYPE", ""))
    length = environ.get("CONTENT_LENGTH", "")
    if form is None or not length.isdecimal() or "HTTP_TRANSFER_ENCODING" in environ:
        raise refused("send it as multipart/form-data with a Content-Length")
    body = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)
    environ["wsgi.input"] = _copied(environ["wsgi.input"], int(length), body)
    parts = list(_parts(body, b"--" + form[1].encode()))
    body.seek(0)

    times = Counter(name for name, _, _ in parts)
    fields = {name: (filename, value) for name, filename, value in parts}
    if any(times[name] != 1 for name in (b":action", b"name", b"content")):
        raise refused(":action, name and content must be there once each")
    if fields[b":action"] != (None, b"file_upload"):
        raise refused("only :action=file_upload is possible here")
    filename, _ = fields[b"content"]
    project = project_of((filename or b"").decode())
    if normalized(fields[b"name"][1].decode("ascii", "replace")) != project:
        raise refused("the name and the file belong to different projects")
    return project


def refused(why):
    return Refused(403, f"this upload is not understood: {why}")


def _copied(source, length, target):
    while length > 0:
        chunk = source.read(min(length, MAX_LINE))
        if not chunk:
            raise refused("it ends too early")
        length -= len(chunk)
        target.write(chunk)
    target.seek(0)
    return target


def _parts(body, delimiter):
    """Yields (name, filename, value) of each part; the value of a file is not kept."""
    lines = iter(lambda: body.readline(MAX_LINE), b"")
    room = MAX_FIELDS
    line = next(lines, b"")
    while line == delimiter + b"\r\n":
        name, filename = _head(lines)
        value, end = b"", b"\r\n"
        for line in lines:
            if end.endswith(b"\n") and line.startswith(delimiter):
                break
            end = (end + line)[-2:]
            room -= 0 if filename else len(line)
            if room < 0:
                raise Refused(413, "the metadata of this upload is too long")
            value += b"" if filename else line
        if end != b"\r\n":
            raise refused("a part does not end as it should")
        yield name, filename, value[:-2]
    if line.rstrip(b"\r\n") != delimiter + b"--" or next(lines, None) is not None:
        raise refused("the form does not end as it should")


def _head(lines):
    found = None
    for line in lines:
        text, newline = line[:-2], line[-2:]
        if newline != b"\r\n":
            break
        if text == b"" and found is not None:
            return found[1], found[2]
        if found is None and (disposition := DISPOSITION.fullmatch(text)):
            found = disposition
        elif CONTENT_TYPE.fullmatch(text) is None:
            break
    raise refused("a part has a header that does not belong there")
