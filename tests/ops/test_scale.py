"""The figures that `make scale` reports for an import."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ops.running import PROJECT
from tools.benchmark import process_memory
from tools.benchmark.process_memory import Memory, descendants, memory_of

HELD = 40 * 1024**2
SHARING = f"""
import os, sys
held = bytearray(b'x') * {HELD}
if os.fork():
    print('ready', flush=True)
sys.stdin.read()
"""


def test_memory_pages_shared_by_processes_count_once() -> None:
    command, pipe = [sys.executable, "-c", SHARING], subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        found = memory_of(process.pid)
        assert len(descendants(process.pid)) == 1
        process.communicate()
    assert HELD <= found.anonymous <= found.total < 2 * HELD


def test_resident_sets_are_added_up_where_the_kernel_reports_no_shares(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process_memory, "PROCESSES", tmp_path)
    for pid, child in ((1, "2 "), (2, "3 "), (3, "")):
        task = tmp_path / str(pid) / "task" / str(pid)
        task.mkdir(parents=True)
        (task / "children").write_text(child)
        if pid < 3:  # the third has ended in the meantime
            (tmp_path / str(pid) / "statm").write_text("900 100 40 1 0 1 0")
    page = os.sysconf("SC_PAGE_SIZE")
    assert memory_of(1) == Memory(200 * page, 120 * page)


@pytest.mark.slow
def test_takes_of_a_file_are_imported_with_a_warm_word_cache(tmp_path: Path) -> None:
    file = tmp_path / "news.jsonl.gz"
    with gzip.open(file, "wt") as lines:
        lines.writelines(json.dumps({"id": str(number), "title": "خبر"}) + "\n" for number in range(40))
    command = [sys.executable, "-m", "tools.benchmark.scale", "--file", str(file), "--takes", "10,30"]
    done = subprocess.run(command, check=True, cwd=PROJECT, capture_output=True, text=True)
    figures = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(each["engine"], each["articles"]) for each in figures] == [("embedded", 10), ("embedded", 30)]
    for each in figures:
        assert 20 < each["peak_anonymous_mb"] <= each["peak_mb"] < 1000
        assert each["processor_seconds"] > 0
