"""PostgreSQL is killed during an import and saves, and comes back: processes go on without a restart."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ops.archive import Archive
from tests.ops.archive import running as until_end
from tests.ops.running import get, running, wait_until
from tools.servers.ports import free_port
from tools.servers.postgres import Cluster

pytestmark = [pytest.mark.slow, pytest.mark.postgres]

RECORDS = 600
UPLOAD = f"""
import json
from articles.ingest import runner
from articles.models import Upload
batch = ImportBatch.objects.create(state='preview', label='many.jsonl')
body = 'وقال الأهالي إن الطريق إلى حمص مفتوح منذ الصباح. ' * 20
lines = [json.dumps({{'id': str(n), 'source': 'وكالة', 'title': f'خبر {{n}}', 'body': body}})
         for n in range({RECORDS})]
data = chr(10).join(lines).encode()
Upload.objects.create(batch=batch, name='many.jsonl', sha256='0' * 64, size=len(data), content=data)
assert runner.resume(batch)
"""
STATE = """
from articles.models import ImportRow, Upload, Worker
batch = ImportBatch.objects.get()
print(batch.state, batch.fault, Upload.objects.get().rows_done, ImportRow.objects.count(),
      Article.objects.filter(batch=batch).count(), sep=';')
"""
#: A process that saves now and then, as the desk does, and outlives the server.
SAVES = """
import sys
from django.db import connection
for line in sys.stdin:
    try:
        Article.objects.create(title=line.strip(), body='نص')
        print('saved', searchable_now(), flush=True)
    except Exception as error:
        print(type(error).__name__, flush=True)
    connection.close_if_unusable_or_obsolete()  # as at the end of a request
"""


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    with Cluster() as own:
        yield own


@pytest.fixture
def archive(cluster: Cluster, tmp_path: Path) -> Archive:
    made = Archive(tmp_path, database_url=cluster.url)
    made.environment |= {"ALLOWED_HOSTS": "127.0.0.1", "SAVE_WAITS_FOR_INDEX": "30", "IMPORT_PROCESSES": "0"}
    made.migrate()
    made.script("Article.objects.create(title='قصف', body='قصف في حمص')")
    made.manage("rebuild_index")
    return made


def test_postgresql_is_killed_during_an_import_and_saves_and_comes_back(
    cluster: Cluster, archive: Archive, tmp_path: Path
) -> None:
    archive.script(UPLOAD)
    port = free_port()
    archive.manage("collectstatic", "--noinput", "-v0")
    web = archive.environment | {"HOST": "127.0.0.1", "PORT": str(port), "WEB_CONCURRENCY": "1"}
    gunicorn = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "newsarchive.wsgi"]
    address = f"http://127.0.0.1:{port}"
    logs = {name: tmp_path / f"{name}.log" for name in ("web", "imports", "index")}
    manage = [sys.executable, "manage.py"]
    with (
        running(gunicorn, logs["web"], web),
        running([*manage, "db_worker"], logs["imports"], archive.environment) as imports,
        running([*manage, "drain_outbox", "--forever"], logs["index"], archive.environment) as index,
        until_end(archive.start_script(SAVES)) as desk,
    ):
        assert desk.stdin
        assert desk.stdout

        def save(title: str) -> str:
            print(title, file=desk.stdin, flush=True)
            return str(desk.stdout.readline()).strip()

        assert save("قبل") == "saved True"
        wait_until(lambda: get(f"{address}/search/?q=قصف").status == 200, 60, logs["web"].read_text)
        wait_until(lambda: 0 < rows_done(archive) < RECORDS, 60, logs["imports"].read_text)
        cluster.kill()
        assert save("لم يُحفظ") != "saved True"
        page = get(f"{address}/search/?q=قصف&lang=en")
        assert page.status == 503
        assert "database" in page.text
        assert json.loads(get(f"{address}/readyz").text)["checks"]["database"] == "OperationalError"
        assert get(f"{address}/api/v1/search?q=قصف").status == 503
        wait_until(lambda: "will try again" in logs["index"].read_text(), 60, logs["index"].read_text)
        cluster.start()
        wait_until(lambda: get(f"{address}/search/?q=قصف").status == 200, 60, logs["web"].read_text)
        assert save("بعد") == "saved True"
        wait_until(lambda: archive.script(STATE).startswith("published"), 400, lambda: archive.script(STATE))
        assert (imports.poll(), index.poll()) == (None, None), logs["imports"].read_text()
    assert archive.script(STATE).strip() == f"published;;{RECORDS};{RECORDS};{RECORDS}"
    archive.manage("drain_outbox")
    assert archive.answer("check_index")["clean"]
    assert archive.answer("index_status")["documents"] == RECORDS + 3


def rows_done(archive: Archive) -> int:
    """Return how many records of the import are stored."""
    return int(archive.script(STATE).split(";")[2])
