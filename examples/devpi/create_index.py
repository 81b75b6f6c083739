"""Creates the index acme/dev in a devpi that has none: python create_index.py URL.

Everybody may upload as far as devpi is concerned, because nginx has asked Packgate before; and nobody can replace or
delete what is there (`volatile`), because nginx cannot see which package an upload is of.
"""

import base64
import json
import secrets
import sys
import time
import urllib.error
import urllib.request

URL = sys.argv[1]


def call(method, path, body, auth=None):
    request = urllib.request.Request(URL + path, json.dumps(body).encode(), method=method)
    request.add_header("Content-Type", "application/json")
    request.add_header("Accept", "application/json")
    if auth:
        request.add_header("X-Devpi-Auth", auth)
    with urllib.request.urlopen(request) as response:
        return json.load(response).get("result")


def wait_until_it_answers(seconds=60):
    end = time.monotonic() + seconds
    while True:
        try:
            return urllib.request.urlopen(f"{URL}/+api").close()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


def main():
    wait_until_it_answers()
    try:
        urllib.request.urlopen(f"{URL}/acme/dev").close()
    except urllib.error.HTTPError:
        password = secrets.token_urlsafe()
        call("PUT", "/acme", {"password": password})
        signed_in = call("POST", "/+login", {"user": "acme", "password": password})
        auth = base64.b64encode(f"acme:{signed_in['password']}".encode()).decode()
        call("PUT", "/acme/dev", {"type": "stage", "bases": [], "volatile": False, "acl_upload": [":ANONYMOUS:"]}, auth)


main()
