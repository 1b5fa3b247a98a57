"""Fast start of an archive's processes: each is a fork of one that is already set up.

One process has Django set up and nothing open, and every other is a fork of it. Each is a process of its own
and can be killed like any other.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import runpy
import select
import signal
import subprocess
import sys
import tempfile
import threading
import traceback
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

ROOT = Path(__file__).resolve().parents[2]
#: Modules that the first process imports, so that its forks need not.
IMPORTED = (
    "newsarchive.urls",
    "articles.ingest.runner",
    "search.indexing.indexer",
    "search.engines.embedded",
)


class Prefork:
    """Starts forks with this environment. The first process ends with this object, and its forks with it."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._printed = tempfile.TemporaryDirectory(prefix="newsarchive-prefork-")
        self._server = subprocess.Popen(
            [sys.executable, "-c", "from tests.ops.prefork import serve; serve()"],
            env=dict(environment), cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        self._count = 0
        self.close = weakref.finalize(self, _end, self._server, self._printed)

    @property
    def pid(self) -> int:
        """Return the id of the first process."""
        return self._server.pid

    def start(self, *arguments: str) -> Forked:
        """Start a fork that runs what Python would with these arguments: `-c CODE`, or `manage.py …`."""
        self._count += 1
        printed = Path(self._printed.name) / str(self._count)
        answer = self.ask({"arguments": arguments, "printed": str(printed)})
        return Forked(self, int(answer), printed)

    def ask(self, request: Mapping[str, object]) -> Any:
        """Send a request to the first process and return its answer."""
        assert self._server.stdin
        assert self._server.stdout
        self._server.stdin.write(json.dumps(request) + "\n")
        self._server.stdin.flush()
        return json.loads(self._server.stdout.readline())


@dataclass
class Forked:
    """A forked process; `printed` and a suffix are its standard output and its errors."""

    server: Prefork
    pid: int
    printed: Path
    code: int | None = None

    def wait(self, seconds: float) -> int | None:
        """Return the exit code (negative: the ending signal); None if it runs longer than `seconds`."""
        if self.code is None:
            self.code = self.server.ask({"wait": self.pid, "seconds": seconds})
        return self.code

    def kill(self) -> None:
        """Send `kill -9`, if it has not ended."""
        if self.code is None:
            os.kill(self.pid, signal.SIGKILL)
            self.wait(60)

    @property
    def out(self) -> str:
        return self.printed.with_suffix(".out").read_text(encoding="utf-8")

    @property
    def error(self) -> str:
        return self.printed.with_suffix(".error").read_text(encoding="utf-8")


def _end(server: subprocess.Popen[str], printed: tempfile.TemporaryDirectory[str]) -> None:
    server.communicate(timeout=60)  # closes the pipe that it reads from
    printed.cleanup()


# -- in the first process ---------------------------------------------------------------------------------


def serve() -> None:
    """Fork on request until the pipe is closed, then kill the forks that still run."""
    _warm()
    running: set[int] = set()
    for line in iter(sys.stdin.readline, ""):
        request = json.loads(line)
        if "wait" in request:
            answer = _wait(request["wait"], request["seconds"])
            if answer is not None:
                running.discard(request["wait"])
        else:
            answer = os.fork()
            if answer == 0:
                _become(request["arguments"], Path(request["printed"]))
            running.add(answer)
        print(json.dumps(answer), flush=True)
    for pid in running:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _warm() -> None:
    """Import what the commands import, and read the tables of the language."""
    import django  # noqa: PLC0415  only in this process

    django.setup()
    for name in IMPORTED:
        import_module(name)
    from django.core.checks import run_checks  # noqa: PLC0415  as above
    from django.core.management import get_commands  # noqa: PLC0415  as above
    from django.db import connections  # noqa: PLC0415  as above

    from articles.ingest.parallel_transform import WARM_UP_RECORD, RecordTransform  # noqa: PLC0415  Django is set up only now
    from search.engines.analyzed_text import analyze_article_text  # noqa: PLC0415  as above

    RecordTransform(date(2020, 1, 1)).transform(WARM_UP_RECORD)
    analyze_article_text("حمص", "")
    run_checks()
    get_commands()
    connections.close_all()
    gc.freeze()


def _wait(pid: int, seconds: float) -> int | None:
    watch = os.pidfd_open(pid)
    try:
        if not select.select([watch], [], [], seconds)[0]:
            return None
    finally:
        os.close(watch)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _become(arguments: Sequence[str], printed: Path) -> NoReturn:
    """Run in a fork what Python would with these arguments.

    At the end the process exits without freeing its memory object by object, which takes a second.
    """
    for number, name, how in (
        (0, os.devnull, os.O_RDONLY),
        (1, printed.with_suffix(".out"), os.O_WRONLY | os.O_CREAT),
        (2, printed.with_suffix(".error"), os.O_WRONLY | os.O_CREAT),
    ):
        opened = os.open(name, how)
        os.dup2(opened, number)
        os.close(opened)
    code = 1
    try:
        _run(arguments)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
    except BaseException:
        traceback.print_exc()
    finally:
        threading._shutdown()
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _run(arguments: Sequence[str]) -> None:
    sys.argv = list(arguments)
    if arguments[0] == "-c":
        exec(compile(arguments[1], "<script>", "exec"), {"__name__": "__main__"})  # noqa: S102  tests' own
    else:
        runpy.run_path(str(ROOT / arguments[0]), run_name="__main__")
