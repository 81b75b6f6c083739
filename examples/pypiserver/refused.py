"""A request that goes no further."""

import re

REASONS = {401: "Unauthorized", 403: "Forbidden", 413: "Content Too Large", 503: "Service Unavailable"}
HEADERS = {
    401: [("WWW-Authenticate", 'Basic realm="packgate", charset="UTF-8"')],
    503: [("Retry-After", "5")],
}


class Refused(Exception):
    """Carries the status and the sentence for the person at the other end."""

    def __init__(self, status, message):
        super().__init__(message)
        self.status, self.message = status, message

    def reply(self, start_response):
        """uv shows the body, twine the reason phrase: both get the sentence, in characters a status line can hold."""
        sentence = re.sub(r"[^ -~]+", "?", self.message)[:400] or REASONS[self.status]
        body = f"{sentence}\n".encode("ascii")
        headers = [("Content-Type", "text/plain"), ("Content-Length", str(len(body))), ("Cache-Control", "no-store")]
        start_response(f"{self.status} {sentence}", headers + HEADERS.get(self.status, []))
        return [body]
