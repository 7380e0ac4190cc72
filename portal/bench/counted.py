"""How many queries a page takes: `python -m portal.bench.counted USER PATH…` prints them by path as JSON."""

import json
import os
import sys


def counted(user: str, paths: list[str]) -> dict[str, int]:
    """Queries on all connections, at the second look, signed in as one of the demo world's people (or nobody)."""
    from contextlib import ExitStack

    from django.db import connections
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from portal.demo.accounts import login_link

    client = Client(HTTP_HOST="127.0.0.1")
    if user:
        client.get("/" + login_link(user).split("/", 3)[3])
    found = {}
    for path in paths:
        assert client.get(path).status_code == 200, path
        with ExitStack() as stack:
            seen = [
                stack.enter_context(CaptureQueriesContext(connections[alias]))
                for alias in ("default", "public")
            ]
            client.get(path)
        found[path] = sum(len(each) for each in seen)
    return found


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    print(json.dumps(counted(sys.argv[1], sys.argv[2:])))
