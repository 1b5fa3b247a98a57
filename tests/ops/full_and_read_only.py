"""Runs in a mount namespace of its own: commands and pages of an archive, each with its outcome as JSON."""

from __future__ import annotations

import contextlib
import io
import json
import sys
import traceback
from typing import Any


def run_command(*arguments: str) -> dict[str, Any]:
    """Run a command as manage.py does; return its exit code and all that it said."""
    from manage import main  # noqa: PLC0415  the environment names the archive

    said = io.StringIO()
    sys.argv = ["manage.py", *arguments]
    code: object = 0
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            main()
        except SystemExit as end:
            code = end.code
            if isinstance(code, str):
                said.write(code)
                code = 1
        except BaseException:
            said.write(traceback.format_exc())
            code = 1
    return {"code": code, "said": said.getvalue()}


def main() -> None:
    """Run what standard input names: a list of ["command", …] and ["GET" or "POST", address, data]."""
    import django  # noqa: PLC0415  as above

    outcomes = []
    client = None
    for step in json.loads(sys.stdin.read()):
        if step[0] not in ("GET", "POST"):
            outcomes.append(run_command(*step))
            continue
        if client is None:
            django.setup()
            from django.conf import settings  # noqa: PLC0415  as above

            plain = "django.contrib.staticfiles.storage.StaticFilesStorage"  # nothing was collected
            settings.STORAGES["staticfiles"]["BACKEND"] = plain
            from django.test import Client  # noqa: PLC0415  as above

            client = Client(raise_request_exception=False)
        ask = client.get if step[0] == "GET" else client.post
        answer = ask(*step[1:], headers={"host": "localhost"})
        outcomes.append({"code": answer.status_code, "said": answer.content.decode(errors="replace")})
    print("OUTCOMES" + json.dumps(outcomes))


if __name__ == "__main__":
    main()
