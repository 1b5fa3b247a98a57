"""Gives the archive its own Elasticsearch user, limited to the indexes of its prefix.

Run with the superuser's password before the archive's first start, and again to change the user's password;
it needs nothing but Python. Environment: ELASTIC_PASSWORD (of the superuser `elastic`), ELASTICSEARCH_HOST
(scheme, host, port), ELASTICSEARCH_CA (PEM), ELASTICSEARCH_PREFIX (default news), ELASTICSEARCH_USER (default
archive), ELASTICSEARCH_PASSWORD.
"""

from __future__ import annotations

import base64
import json
import os
import ssl
import sys
import time
import urllib.error
import urllib.request

WAIT_SECONDS = 120


def role(prefix: str) -> dict[str, object]:
    """Return the archive's permissions: everything on its own indexes, and the cluster's health."""
    privileges = ["manage", "read", "write", "create_index", "delete_index", "view_index_metadata"]
    return {
        "cluster": ["monitor"],
        "indices": [{"names": [f"{prefix}-*"], "privileges": privileges}],
    }


def put(path: str, body: dict[str, object]) -> None:
    """Send a PUT as the superuser, over TLS with the installation's own authority. Raises urllib's errors."""
    request = urllib.request.Request(
        os.environ["ELASTICSEARCH_HOST"] + path, json.dumps(body).encode(), method="PUT"
    )
    token = base64.b64encode(f"elastic:{os.environ['ELASTIC_PASSWORD']}".encode()).decode()
    request.add_header("Authorization", f"Basic {token}")
    request.add_header("Content-Type", "application/json")
    context = ssl.create_default_context(cafile=os.environ.get("ELASTICSEARCH_CA") or None)
    with urllib.request.urlopen(request, timeout=30, context=context):
        pass


def main() -> int:
    """Wait for the server, then create role and user; return 1 if it does not respond or refuses."""
    prefix = os.environ.get("ELASTICSEARCH_PREFIX", "news")
    user = os.environ.get("ELASTICSEARCH_USER", "archive")
    password = os.environ["ELASTICSEARCH_PASSWORD"]
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            put(f"/_security/role/{prefix}-archive", role(prefix))
            put(f"/_security/user/{user}", {"password": password, "roles": [f"{prefix}-archive"]})
        except urllib.error.HTTPError as error:
            # 503 while it starts; waiting cannot help against other errors.
            if error.code != 503 or time.monotonic() > deadline:
                print(f"Elasticsearch refused: {error} {error.read()[:300]!r}", file=sys.stderr)
                return 1
        except OSError as error:
            if time.monotonic() > deadline:
                print(f"Elasticsearch cannot be reached: {error}", file=sys.stderr)
                return 1
        else:
            print(f"Elasticsearch user {user}: limited to {prefix}-*")
            return 0
        time.sleep(1)


if __name__ == "__main__":
    sys.exit(main())
