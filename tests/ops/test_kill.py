"""`kill -9` of an outbox consumer and of a rebuild at random moments loses no data and leaves no debris."""

from __future__ import annotations

import os
import random
import secrets
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.ops.archive import Archive, new_database, running
from tests.ops.running import wait_until

pytestmark = pytest.mark.slow

ROUNDS = int(os.environ.get("SOAK_ROUNDS", "3"))
ARTICLES = 400

MANY = f"""
batch = ImportBatch.objects.create()
body = 'قصف بحمص وحماة والرقة ' * 40
Article.objects.bulk_create(
    (Article(title=f'خبر {{n}}', body=body, batch=batch) for n in range({ARTICLES})), batch_size=500)
"""
PUBLISH = "ImportBatch.objects.filter(state='staging').update(state='published')\n"
#: Every kind of change at once: a batch, deletions, withdrawals, edits, new articles.
CHANGES = """
with transaction.atomic():
    ids = list(Article.objects.order_by('?').values_list('pk', flat=True)[:200])
    Article.objects.filter(pk__in=ids[:50]).delete()
    Article.objects.filter(pk__in=ids[50:90]).update(state='withdrawn')
    Article.objects.filter(pk__in=ids[90:]).update(title='تغير')
    Article.objects.bulk_create(Article(title='جديد', body='قصف ' * 50) for n in range(100))
"""
#: Runs the outbox consumer and returns the faults, [] if there are none. A request of the killed process to
#: Elasticsearch may be carried out after its death; then a later run drops the index, and the test waits for
#: that.
NEXT_DRAIN = """
import time
engine = get_engine()
def others():
    if engine.name == 'elasticsearch':
        names = engine._writer.indices.get(index=f'{engine._prefix}-*', expand_wildcards='all').body
    else:
        names = [home.name for home in engine._folder.path.iterdir() if home.is_dir()]
    return set(names) - {engine.status().index}
drain_outbox()
faults = verify_index()
waiting = list(Outbox.objects.all())
deadline = time.monotonic() + 60
while engine.name == 'elasticsearch' and others() and time.monotonic() < deadline:
    drain_outbox()
print([*faults.faults.ids(), *waiting, *others()])
"""


@pytest.fixture(
    params=[
        "embedded",
        pytest.param("elasticsearch", marks=pytest.mark.elasticsearch),
        pytest.param("embedded, PostgreSQL", marks=pytest.mark.postgres),
    ]
)
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Archive]:
    """Yield an archive with some thousand indexed articles, whose saves do not run the outbox consumer."""
    elastic = request.param == "elasticsearch"
    postgres = "PostgreSQL" in request.param
    made = Archive(
        tmp_path,
        engine="elasticsearch" if elastic else "embedded",
        elasticsearch_url=request.getfixturevalue("elasticsearch_url") if elastic else "",
        database_url=new_database(request.getfixturevalue("postgres_url")) if postgres else "",
    )
    made.environment["INDEX_ON_COMMIT"] = "false"
    made.migrate()
    made.script(MANY + PUBLISH + "rebuild_index()")
    yield made
    if elastic:
        made.script(
            "engine = get_engine()\n"
            "names = engine._writer.indices.get(index=f'{engine._prefix}-*', expand_wildcards='all').body\n"
            "engine._indices.drop(*names)"
        )


def kill_at_random(archive: Archive, command: str, longest: float, chance: random.Random) -> None:
    """Start `command` and kill it after a random time, at most `longest` seconds."""
    process = archive.fork("manage.py", command)
    process.wait(chance.uniform(0.0, longest))
    process.kill()


def time_of(work: Callable[[], object]) -> float:
    began = time.monotonic()
    work()
    return time.monotonic() - began


@pytest.mark.parametrize("command", ["drain_outbox", "rebuild_index"])
def test_after_a_kill_the_next_drain_leaves_no_faults(command: str, archive: Archive) -> None:
    seed = secrets.randbits(32)
    print(f"seed {seed}")
    chance = random.Random(seed)  # noqa: S311  moments to kill at, no secret
    archive.script(CHANGES)
    whole = time_of(lambda: archive.manage(command))
    for round_number in range(ROUNDS):
        archive.script(MANY + PUBLISH + CHANGES)
        kill_at_random(archive, command, whole * 1.2, chance)
        assert archive.script(NEXT_DRAIN).strip() == "[]", f"seed {seed}, round {round_number}"
    assert archive.answer("check_index")["clean"]


def test_a_rebuild_killed_while_others_save_and_drain(archive: Archive) -> None:
    seed = secrets.randbits(32)
    print(f"seed {seed}")
    chance = random.Random(seed)  # noqa: S311  moments to kill at, no secret
    whole = time_of(lambda: archive.manage("rebuild_index"))
    archive.script(CHANGES)
    with running(archive.start("manage.py", "drain_outbox", "--forever")) as worker:
        wait_until(lambda: archive.script("print(Outbox.objects.exists())") == "False\n", 300)
        for _ in range(ROUNDS):
            rebuild = archive.fork("manage.py", "rebuild_index")
            archive.script(CHANGES)
            rebuild.wait(chance.uniform(0.0, whole))
            rebuild.kill()
        worker.terminate()
        assert worker.wait(300) == 0, f"seed {seed}"
    assert archive.script(NEXT_DRAIN).strip() == "[]", f"seed {seed}"
