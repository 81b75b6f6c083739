"""The requests that pypa/gh-action-pypi-publish makes, in its order and with its libraries, then twine as it runs it.

It asks the host of INPUT_REPOSITORY_URL which audience to ask GitHub for, exchanges the token that it gets from there,
and gives what it gets for it to twine. MINT_PATH is where versions of the action differ.
"""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlparse

import id
import requests

URL = os.environ["INPUT_REPOSITORY_URL"]
HOST = urlparse(URL).netloc


def main():
    asked = requests.get(f"https://{HOST}/_/oidc/audience", timeout=5)
    if not asked.ok:
        sys.exit(f"::error::{HOST} says nothing of an audience: {asked.status_code}")
    token = id.detect_credential(audience=asked.json()["audience"])

    minted = requests.post(f"https://{HOST}{os.environ['MINT_PATH']}", json={"token": token}, timeout=5)
    answer = minted.json()
    if not minted.ok:
        reasons = "%0A".join(f"* `{error['code']}`: {error['description']}" for error in answer["errors"])
        sys.exit(f"::error::the server refused the exchange for these reasons:%0A{reasons}")

    files = sorted(str(path) for path in Path("dist").iterdir())
    twine = [sys.executable, "-m", "twine"]
    subprocess.run([*twine, "check", *files], check=True)
    given = {"TWINE_USERNAME": "__token__", "TWINE_PASSWORD": answer["token"], "TWINE_REPOSITORY_URL": URL}
    sys.exit(subprocess.run([*twine, "upload", *files], env={**os.environ, **given}).returncode)


main()
