"""Hostile files come through the browser and the command: no crash, no hang, and a clear reason for each.

A seeded tenth of 500 files; all of them with HOSTILE_FILES=500 (`make soak`).
"""

from __future__ import annotations

import io
import json
import os
import re
import resource
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.utils import translation

from articles.models import Article, ImportBatch, ImportRow
from articles.text.problem_messages import MESSAGES, describe
from tests.articles.admin.test_upload import upload
from tests.articles.ingest.test_simultaneous_imports import press_of
from tests.articles.readers.hostile_files import draw_files, good_file
from tools.benchmark.process_memory import memory_of

pytestmark = pytest.mark.django_db

COUNT = int(os.environ.get("HOSTILE_FILES", "50"))
SEED = 2026
#: Files of one upload.
TOGETHER = 50
#: Characters that a name or a reason must not contain: they deceive, or a terminal obeys them.
UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
#: Most memory that this process may gain, however much its reading processes are allowed.
MAX_GROWTH = 600 * 1024**2
#: Longest time that a request may take, under any load: a preview and a step of work have 10 and 15 seconds.
MAX_REQUEST_SECONDS = 110.0


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Set small limits, and a folder of its own for temporary files; check that nothing is left in it."""
    settings.RECORD_SECONDS = 1.5
    settings.RECORD_MEMORY_BYTES = 512 * 1024**2
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    return temporary


def peak_memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


@pytest.fixture(autouse=True)
def all_processes(settings: LazySettings, folder: Path) -> Iterator[None]:
    """Check the memory of this process and those that read files for it, together, once a second."""
    before, most, ended = memory_of(os.getpid()).anonymous, 0, threading.Event()

    def watch() -> None:
        nonlocal most
        while not ended.wait(1.0):
            most = max(most, memory_of(os.getpid()).anonymous)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    yield
    ended.set()
    watcher.join()
    assert most >= before // 2, "it was measured"
    assert most - before < MAX_GROWTH + settings.RECORD_MEMORY_BYTES


def assert_clear(rows: list[tuple[str, str, str]]) -> None:
    """Check that names are safe and that each reason, "" if it came in, is told in both languages."""
    for name, code, detail in rows:
        assert not UNSAFE.search(name + detail), (name, code, detail)
        assert code in MESSAGES or not code
        assert code != "stage-failed", f"a fault of ours: {name} {detail}"
        told = {language: reason_in(language, code, detail) for language in ("ar", "en")}
        assert not code or re.search("[\u0621-\u064a]", told["ar"].replace(detail, "")), (code, told)
        assert not code or not re.search("[\u0621-\u064a]", told["en"].replace(detail, "")), (code, told)


def reason_in(language: str, code: str, detail: str) -> str:
    with translation.override(language):
        return describe(code, detail) if code else ""


def test_hostile_uploads_are_previewed_and_imported_and_good_ones_come_in(desk: Client, folder: Path) -> None:
    files = [*draw_files(COUNT, SEED).items()]
    before = peak_memory()
    for at in range(0, len(files), TOGETHER):
        part = [*files[at : at + TOGETHER], good_file()]
        started = time.monotonic()
        page = upload(desk, *(SimpleUploadedFile(name, data) for name, data in part))
        assert page.status_code == 200
        assert time.monotonic() - started < MAX_REQUEST_SECONDS
        batch = ImportBatch.objects.latest("pk")
        for _step in range(400):
            started = time.monotonic()
            assert press_of(desk, batch, "confirm").status_code == 200
            assert time.monotonic() - started < MAX_REQUEST_SECONDS
            batch.refresh_from_db()
            if batch.state != ImportBatch.State.STAGING:
                break
        assert (batch.state, batch.fault) == (ImportBatch.State.PUBLISHED, "")
        names = set(batch.rows.values_list("file_name", flat=True))
        for upload_row in batch.uploads.defer("content"):
            assert upload_row.complete
            packed = upload_row.name.removesuffix(".gz")  # the record has the name of the file inside
            packed = re.sub(r"\.tgz$", ".tar", packed)
            assert any(each.split("/")[0] in (upload_row.name, packed) for each in names), upload_row.name
        assert_clear(list(batch.rows.values_list("file_name", "reason", "detail")))
    assert Article.objects.filter(external_id="good").count() == 1
    assert ImportRow.objects.filter(outcome=ImportRow.Outcome.REJECTED).exists()
    assert peak_memory() - before < MAX_GROWTH
    assert list(folder.iterdir()) == []


def test_a_hostile_folder_is_imported_by_the_command(tmp_path: Path, folder: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    for name, data in [*draw_files(COUNT, SEED + 1).items(), good_file()]:
        (inbox / name).write_bytes(data)
    (inbox / "\u202etxt.exe").write_bytes(b"\x00")
    (inbox / "\x1b[31mred.txt").write_bytes(b"")
    before, listed = peak_memory(), sorted(inbox.iterdir())
    output, said = io.StringIO(), io.StringIO()
    call_command("import_articles", str(inbox), "--json", stdout=output, stderr=said)
    report = json.loads(output.getvalue())
    assert report["rejected"] == len(report["rejects"])
    assert any("�txt.exe" in reject["file"] for reject in report["rejects"])
    for reject in report["rejects"]:
        assert reject["reason"]
        assert not UNSAFE.search(reject["file"] + reject["reason"]), reject
    assert not UNSAFE.search(said.getvalue())
    assert_clear(list(ImportRow.objects.values_list("file_name", "reason", "detail")))
    assert Article.objects.filter(external_id="good").exists()
    assert peak_memory() - before < MAX_GROWTH
    assert (sorted(inbox.iterdir()), list(folder.iterdir())) == (listed, [])
    for article in Article.objects.visible()[:COUNT]:
        answer = Client().get(f"/api/v1/articles/{article.pk}")
        assert answer.status_code == 200
        assert not UNSAFE.search(answer.json()["file"])
