"""Functions to start a program in a test, query it over HTTP, and end it."""

from __future__ import annotations

import json
import os
import shutil
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPMessage
from pathlib import Path
from typing import Any, NamedTuple

PROJECT = Path(__file__).resolve().parents[2]
#: Seconds that a program has to end: an archive gives each of its parts twenty.
PATIENCE = 60
#: Has the kernel send a program SIGTERM when the process that started it ends (Linux).
END_WITH_US = [setpriv, "--pdeathsig", "TERM"] if (setpriv := shutil.which("setpriv")) else []


class Answer(NamedTuple):
    """A response: status, headers, text."""

    status: int
    headers: HTTPMessage
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


def get(url: str, context: ssl.SSLContext | None = None, **headers: str) -> Answer:
    """Send a GET; an error status is a response too. Raises OSError if there is no server."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(urllib.parse.quote(url, safe=":/?&=%@"), headers=named)
    try:
        with urllib.request.urlopen(request, timeout=30, context=context) as answer:
            return Answer(answer.status, answer.headers, answer.read().decode())
    except urllib.error.HTTPError as error:
        return Answer(error.code, error.headers, error.read().decode())


def wait_until(true: Callable[[], bool], seconds: float, why: Callable[[], str] = str) -> float:
    """Return the seconds until `true` returned True; fail with `why` if it never did.

    An OSError counts as False.
    """
    begun = time.monotonic()
    while time.monotonic() - begun < seconds:
        try:
            if true():
                return time.monotonic() - begun
        except OSError:
            pass
        time.sleep(0.1)
    raise AssertionError(f"not within {seconds} s\n{why()}")


@contextmanager
def running(
    command: list[str], log: Path, environment: dict[str, str], folder: Path = PROJECT
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program in the background with its output in `log`; ask it to end when the block ends.

    The kernel asks it, too, when this process is killed and does not come to the end of the block:
    pytest-xdist kills its processes ten seconds after a run was interrupted.
    """
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*END_WITH_US, *command],
            cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
        )  # fmt: skip
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def manage(environment: dict[str, str], *arguments: str) -> str:
    """Run a management command, which must succeed, and return its output."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments], check=False, cwd=PROJECT, env=environment,
        capture_output=True, text=True, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.returncode == 0, f"{arguments}\n{done.stdout}{done.stderr}"
    return done.stdout


def clean_environment(**settings: str) -> dict[str, str]:
    """Return this process's environment without any setting of an archive, and with the given ones."""
    dropped = (
        "ELASTICSEARCH_", "DATABASE_URL", "SEARCH_ENGINE", "ARCHIVE_", "DJANGO_", "SECRET_KEY", "HOST",
        "PORT", "MAKE", "MFLAGS", "PYTEST_",
    )  # fmt: skip
    kept = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    return kept | settings
