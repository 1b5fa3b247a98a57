"""`kill -9` of the background worker during an import, a rollback, a repetition or a cancellation.

After another worker has continued, archive, index and counts are the same as without the kill.
"""

from __future__ import annotations

import json
import os
import random
import secrets
import shutil
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.ops.archive import Archive, new_database
from tests.ops.running import wait_until

pytestmark = pytest.mark.slow

ROUNDS = int(os.environ.get("SOAK_ROUNDS", "3"))
#: Articles of the killed import; for an import itself enough for helper processes to start
#: (articles/ingest/parallel_transform.py).
RECORDS, IMPORTED = 500, 1300

#: An archive with published articles, and an upload of new, changed, repeated and rejected ones.
PREPARE = """
import json
from articles.ingest.runner import run_batch
from articles.models import Upload
def batch_of(label, lines, state):
    batch = ImportBatch.objects.create(state=state, label=label)
    data = '\\n'.join(lines).encode()
    Upload.objects.create(batch=batch, name=label, sha256='0' * 64, size=len(data), content=data)
    return batch
def line(number, text):
    return json.dumps({'id': str(number), 'source': 'الجريدة', 'title': f'{text} {number}',
                       'body': f'وصلت قافلة رقم {number % 997} إلى حمص.',
                       'cities': ['حلب'] if number % 7 else []})
run_batch(batch_of('first.jsonl', [line(number, 'خبر') for number in range(150)], 'staging').pk)
lines = [line(number, 'تحديث' if number % 3 else 'خبر') for number in range(RECORDS)]
lines[40] = '{"title": '
lines[RECORDS // 2] = lines[3]
batch_of('second.jsonl', lines, 'preview')
drain_outbox()
"""
#: Runs the requested action and returns the time that the worker needs for it.
ASK = {
    "import": "runner.resume(batch)",
    "undo": "rollback.request_rollback(batch, 'undoing', by=None, reason='خطأ')",
    "redo": "rollback.request_rollback(batch, 'redoing', by=None, reason='صواب')",
    "give up": "runner.request_cancel(batch)",
}
ACT = """
from articles.ingest import rollback, runner
batch = ImportBatch.objects.latest('pk')
"""
#: After a kill the lease runs out; optionally a person pauses the import and resumes it.
PASS_TIME = """
from django.utils import timezone
from datetime import timedelta
ImportBatch.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
"""
PAUSE = ACT + "if runner.request_pause(batch): assert runner.resume(batch)\n"
#: Everything that must be equal. Row numbers and times are not compared.
CONTENTS = """
import json
from articles.models import ImportRow, Revision, Upload
def rows(queryset, *names):
    return sorted([str(value) for value in row] for row in queryset.values_list(*names))
drain_outbox()
engine = get_engine()
print(json.dumps({
    'articles': rows(Article.objects, 'record_key', 'title', 'body', 'state', 'sha256', 'text_hash', 'date',
                     'batch__label', 'duplicate_of__record_key', 'source__name'),
    'visible': rows(Article.objects.visible(), 'record_key'),
    'revisions': rows(Revision.objects, 'article__record_key', 'before', 'reason'),
    'mentions': rows(PlaceMention.objects, 'article__record_key', 'place__name', 'field', 'start',
                     'evidence'),
    'rows': rows(ImportRow.objects, 'batch__label', 'file_name', 'row', 'outcome', 'duplicate', 'reason',
                 'notes', 'article__record_key', 'turned'),
    'uploads': rows(Upload.objects, 'name', 'rows_done', 'complete'),
    'batches': rows(ImportBatch.objects, 'label', 'state', 'counts', 'wish', 'fault'),
    'index': engine.status().documents,
    'faults': verify_index().faults.ids(),
    'waiting': Outbox.objects.filter(done_at__isnull=True).count(),
}))
"""


@pytest.fixture(params=["embedded", pytest.param("embedded, PostgreSQL", marks=pytest.mark.postgres)])
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Archive:
    """Create an archive with a published import and a second one to be confirmed."""
    database, _, records = request.param.partition(": ")
    postgres = "PostgreSQL" in database
    url = new_database(request.getfixturevalue("postgres_url")) if postgres else ""
    made = Archive(tmp_path / "archive", database_url=url)
    made.folder.mkdir()
    made.environment |= {"INDEX_ON_COMMIT": "false", "IMPORT_PROCESSES": "1"}
    made.migrate()
    made.script(f"RECORDS = {records or RECORDS}\n{PREPARE}")
    return made


def contents(archive: Archive) -> dict[str, Any]:
    return dict(json.loads(archive.script(CONTENTS)))


def finish(archive: Archive) -> float:
    """Let a worker finish the waiting tasks and return the seconds it took."""
    began = time.monotonic()
    archive.manage("db_worker", "--batch")
    return time.monotonic() - began


def kill_the_worker(archive: Archive, after: float) -> None:
    """Start a worker and kill it; its helper processes end by themselves."""
    worker = archive.fork("manage.py", "db_worker", "--batch")
    worker.wait(after)
    worker.kill()
    wait_until(lambda: not processes_of(archive), 20, lambda: f"left behind: {processes_of(archive)}")
    archive.script(PASS_TIME)


def processes_of(archive: Archive) -> list[str]:
    """Return the processes that work in the archive's folder, except their common parent."""
    mark = f"ARCHIVE_DATA_DIR={archive.folder}".encode()
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            if int(path.name) != archive.prefork.pid and mark in (path / "environ").read_bytes().split(b"\0"):
                found.append((path / "cmdline").read_text().replace("\0", " "))
        except OSError:
            continue
    return found


def test_killed_rollbacks_and_repetitions_end_like_uninterrupted_ones(archive: Archive) -> None:
    seed = secrets.randbits(32)
    print(f"seed {seed}")
    chance = random.Random(seed)  # noqa: S311  moments to kill at, no secret
    archive.script(ACT + ASK["import"])
    finish(archive)
    wanted = {"redo": contents(archive)}
    archive.script(ACT + ASK["undo"])
    whole = finish(archive)
    wanted["undo"] = contents(archive)
    assert len(wanted["redo"]["visible"]) > len(wanted["undo"]["visible"]) == 150
    for number in range(ROUNDS):
        for ask in ("redo", "undo"):
            archive.script(ACT + ASK[ask])
            kill_the_worker(archive, chance.uniform(0.0, whole))
            finish(archive)
            got = contents(archive)
            for name in ("articles", "mentions", "visible", "index", "faults", "waiting"):
                assert got[name] == wanted[ask][name], f"seed {seed}, round {number}, {ask}: {name}"
            turns = 2 + 2 * number + (ask == "undo")
            assert revisions_of_new(got) == {turns}, f"seed {seed}, round {number}, {ask}"


def revisions_of_new(found: dict[str, Any]) -> set[int]:
    """Return the numbers of Revisions of the new articles: one per rollback and repetition, none missing."""
    new = {row[7] for row in found["rows"] if row[0] == "second.jsonl" and row[3] == "created"}
    revisions = Counter(revision[0] for revision in found["revisions"])
    return {revisions[key] for key in new}


@pytest.mark.parametrize(
    "archive", [f"embedded: {IMPORTED}"], indirect=True
)  # its database is copied for each round
def test_killed_imports_end_like_uninterrupted_ones(archive: Archive, tmp_path: Path) -> None:
    seed = secrets.randbits(32)
    print(f"seed {seed}")
    chance = random.Random(seed)  # noqa: S311  moments to kill at, no secret
    saved = tmp_path / "saved"
    shutil.copytree(archive.folder, saved)
    before = contents(archive)
    archive.script(ACT + ASK["import"])
    whole = finish(archive)
    wanted = contents(archive)
    assert wanted["faults"] == []
    for number in range(ROUNDS):
        where = f"seed {seed}, round {number}"
        _reset(archive, saved)
        archive.script(ACT + ASK["import"])
        for _kill in range(chance.choice([1, 1, 2])):
            kill_the_worker(archive, chance.uniform(0.0, whole))
            if chance.random() < 0.5:
                archive.script(PAUSE)
        finish(archive)
        got = contents(archive)
        for name, value in wanted.items():
            assert got[name] == value, f"{where}: {name}"
        _reset(archive, saved)
        archive.script(ACT + ASK["import"])
        kill_the_worker(archive, chance.uniform(0.0, whole / 2))
        given_up = archive.script(ACT + f"print({ASK['give up']})").strip() == "True"
        kill_the_worker(archive, chance.uniform(0.0, whole / 2))
        finish(archive)
        got = contents(archive)
        kept = before if given_up else wanted
        for name in ("articles", "visible", "revisions", "mentions", "index", "faults", "waiting"):
            assert got[name] == kept[name], f"{where}, given up: {name}"


def _reset(archive: Archive, saved: Path) -> None:
    shutil.rmtree(archive.folder)
    shutil.copytree(saved, archive.folder)
