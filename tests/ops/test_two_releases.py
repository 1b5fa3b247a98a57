"""Two releases whose texts are analyzed otherwise, side by side on one archive, before and after a rebuild.

Each is a process that goes on, as a web server does. The second is a copy of this checkout with another
CODE_VERSION; OTHER_RELEASE=folder names a checkout to take instead. Elasticsearch only with `make soak`.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.ops.archive import PRELUDE, ROOT, Archive, running

pytestmark = pytest.mark.slow

#: Calls the function that a line names, and answers with what it returns.
CONSOLE = (
    PRELUDE
    + """
import json, sys
from django.core.management import call_command
from django.test import Client
from search.engines.engine_errors import IndexOfOtherRelease
from search.indexing.index_repair import replace_lost_index
from search.management.commands.drain_outbox import OutboxWorker
def found():
    answer = Client(headers={"host": "localhost"}).get("/api/v1/search?q=قصف")
    return [answer.status_code, answer.json()["total"]]
def drained():
    try:
        OutboxWorker().drain()
        return Outbox.objects.count()
    except IndexOfOtherRelease:
        return f"refused, {Outbox.objects.values('article_id').distinct().count()} waiting"
def saved():
    one = Article.objects.create(title="خبر", body="قصف في حمص")
    return searchable_now()
def lost():
    return replace_lost_index()
def index():
    return get_engine().status().index
def made():
    call_command("migrate", verbosity=0)
    return rebuilt()
def rebuilt():
    rebuild_index()
    return index()
def clean():
    return verify_index().clean
for line in sys.stdin:
    print(json.dumps(globals()[line.strip()]()), flush=True)
"""
)


class Release:
    """A process of a release."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def does(self, name: str) -> Any:
        """Call a function of CONSOLE and return its answer."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(name + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, f"{name} ended the process"
        return json.loads(line)


def other_checkout(folder: Path) -> Path:
    """Return a copy of this checkout, by links, with another CODE_VERSION."""
    if given := os.environ.get("OTHER_RELEASE"):
        return Path(given)
    for name in ("articles", "search", "newsarchive", "templates", "static", "locale", "deploy", "manage.py"):
        folder.joinpath(name).symlink_to(ROOT / name)
    (folder / "arabic").mkdir()
    for path in (ROOT / "arabic").iterdir():
        if path.name not in ("analyzer.py", "__pycache__"):
            folder.joinpath("arabic", path.name).symlink_to(path)
    text = (ROOT / "arabic" / "analyzer.py").read_text(encoding="utf-8")
    raised, times = re.subn(
        r"^CODE_VERSION = (\d+)", lambda found: f"CODE_VERSION = {int(found[1]) + 1}", text, flags=re.M
    )
    assert times == 1
    (folder / "arabic" / "analyzer.py").write_text(raised, encoding="utf-8")
    return folder


def start(archive: Archive, root: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", CONSOLE], env=archive.environment | {"PYTHONPATH": str(root)}, cwd=root,
        text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip


@pytest.fixture(
    params=[
        "embedded",
        pytest.param(
            "elasticsearch",
            marks=[
                pytest.mark.elasticsearch,
                pytest.mark.skipif("SOAK_ROUNDS" not in os.environ, reason="a long proof: make soak"),
            ],
        ),
    ]
)
def releases(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Release, Release]]:
    """Yield processes of two releases on one archive whose index the first has built."""
    elastic = request.param == "elasticsearch"
    url = request.getfixturevalue("elasticsearch_url") if elastic else ""
    archive = Archive(tmp_path / "data", engine=request.param, elasticsearch_url=url)
    archive.folder.mkdir()
    (tmp_path / "other").mkdir()
    archive.environment["SAVE_WAITS_FOR_INDEX"] = "20"
    with ExitStack() as stack:
        old, new = (
            Release(stack.enter_context(running(start(archive, root))))
            for root in (ROOT, other_checkout(tmp_path / "other"))
        )
        old.does("made")
        assert old.does("saved") is True
        yield old, new


def test_both_search_and_the_one_whose_index_it_is_writes(releases: tuple[Release, Release]) -> None:
    old, new = releases
    index = old.does("index")
    assert old.does("found") == new.does("found") == [200, 1]
    assert new.does("saved") is False
    assert (new.does("drained"), new.does("lost"), new.does("index")) == ("refused, 1 waiting", "", index)
    assert old.does("found") == new.does("found") == [200, 1]
    assert (old.does("drained"), old.does("clean")) == (0, True)
    assert old.does("found") == new.does("found") == [200, 2]

    built = new.does("rebuilt")  # while the other runs on
    assert old.does("found") == new.does("found") == [200, 2]
    assert old.does("saved") is False
    assert (old.does("drained"), old.does("lost"), old.does("index")) == ("refused, 1 waiting", "", built)
    assert new.does("saved") is True, "it writes, and sends what the other saved"
    assert (new.does("drained"), new.does("clean"), new.does("index")) == (0, True, built)
    assert old.does("found") == new.does("found") == [200, 4]
