"""Three Elasticsearch nodes with one replica lose one during import and search, then two, and get them back.

A long proof: `make soak`.
"""

from __future__ import annotations

import json
import os
import sqlite3
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

import pytest

from tests.ops.archive import Archive
from tests.ops.running import get, running, wait_until
from tools.servers.elasticsearch_nodes import ElasticsearchNodes
from tools.servers.ports import free_port

pytestmark = [
    pytest.mark.slow,
    pytest.mark.elasticsearch,
    pytest.mark.skipif("SOAK_ROUNDS" not in os.environ, reason="a long proof: make soak"),
]

#: Articles that every search finds, and records of the import, which go to the index in a dozen chunks.
SHOWN, RECORDS = 40, 3_600
#: Seconds for a step that a busy machine may stretch.
PATIENCE = 600
SETUP = f"""
Article.objects.bulk_create(
    Article(title=f"قصف {{number}}", body=f"قصف رقم {{number}} في حمص") for number in range({SHOWN})
)
rebuild_index()
"""
UPLOAD = f"""
import json
from articles.ingest import runner
from articles.models import Upload
batch = ImportBatch.objects.create(state="preview", label="many.jsonl")
lines = [json.dumps({{"id": str(n), "source": "وكالة", "title": f"خبر {{n}}", "body": f"الطريق {{n}} مفتوح"}})
         for n in range({RECORDS})]
data = chr(10).join(lines).encode()
Upload.objects.create(batch=batch, name="many.jsonl", sha256="0" * 64, size=len(data), content=data)
assert runner.resume(batch)
"""
PAGES = (
    "/search/?q=قصف",
    "/search/?q=قصف&view=context",
    "/facets/place/?q=قصف",
    "/search/export.csv?q=قصف",
    "/api/v1/search?q=قصف",
)


@dataclass
class Readers:
    """Readers who ask one page after the other, and what they got: errors, number and longest time."""

    address: str
    errors: list[str] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)
    longest: float = 0.0
    _stop: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def asking(self) -> Iterator[Readers]:
        """Let three readers ask until the block ends."""
        threads = [threading.Thread(target=self._ask, args=[start]) for start in range(3)]
        for each in threads:
            each.start()
        try:
            yield self
        finally:
            self._stop.set()
            for each in threads:
                each.join()

    def _ask(self, start: int) -> None:
        number = start
        while not self._stop.is_set():
            path = PAGES[number % len(PAGES)]
            number += 1
            began = time.monotonic()
            try:
                self._read(path)
            except (OSError, HTTPException) as error:  # an error status too
                self.errors.append(f"{path}: {error!r}")
            self.longest = max(self.longest, time.monotonic() - began)
            self.seen[path] += 1

    def _read(self, path: str) -> None:
        """Read a page to its end; some are files."""
        with urlopen(self.address + quote(path, safe="/?&="), timeout=60) as answer:
            read = answer.read()
        if path.startswith("/api/") and (total := json.loads(read)["total"]) != SHOWN:
            self.errors.append(f"{path}: {total} hits")


@dataclass
class Site:
    """An archive on three nodes, with its processes."""

    archive: Archive
    nodes: ElasticsearchNodes
    address: str
    logs: dict[str, Path]

    def in_outbox(self, condition: str) -> int:
        """Return the number of waiting rows that meet an SQL condition."""
        file = f"file:{self.archive.folder / 'archive.sqlite3'}?mode=ro"
        with closing(sqlite3.connect(file, uri=True, timeout=20)) as database:
            query = f"SELECT count(*) FROM articles_outbox WHERE done_at IS NULL AND {condition}"  # noqa: S608  no input of users
            return int(database.execute(query).fetchone()[0])

    def holders(self) -> list[list[str]]:
        return self.nodes.holders(f"{self.archive.prefix}-articles")

    def wait_for_copies(self) -> None:
        """Wait until each shard has its replica, and no copy moves."""
        wait_until(
            lambda: bool(
                self.nodes.request(
                    "/_cluster/health?wait_for_status=green&wait_for_no_relocating_shards=true"
                )["status"]
                == "green"
            ),
            PATIENCE,
        )

    def said(self) -> str:
        return "\n".join(f"{name}:\n{log.read_text()[-2000:]}" for name, log in self.logs.items())


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with ElasticsearchNodes() as nodes:
        archive = Archive(tmp_path, engine="elasticsearch", elasticsearch_url=nodes.url)
        port = free_port()
        archive.environment |= {
            # A node that is lost refuses at once; that a server is slow is another test's matter.
            "DJANGO_SETTINGS_MODULE": "tests.ops.patient_settings",
            "ELASTICSEARCH_SHARDS": "2", "ELASTICSEARCH_REPLICAS": "1", "IMPORT_PROCESSES": "0",
            "SAVE_WAITS_FOR_INDEX": "0.5", "ALLOWED_HOSTS": "127.0.0.1", "WEB_CONCURRENCY": "2",
            "HOST": "127.0.0.1", "PORT": str(port),
            "LIMIT_SEARCHES": "0", "LIMIT_API": "0", "LIMIT_EXPORTS": "0", "LIMIT_PAGES": "0",
        }  # fmt: skip
        archive.migrate()
        archive.script(SETUP)
        archive.manage("collectstatic", "--noinput", "-v0")
        gunicorn = ["-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "newsarchive.wsgi"]
        parts = {"web": gunicorn, "imports": ["manage.py", "db_worker"],
                 "index": ["manage.py", "drain_outbox", "--forever"]}  # fmt: skip
        logs = {name: tmp_path / f"{name}.log" for name in parts}
        made = Site(archive, nodes, f"http://127.0.0.1:{port}", logs)
        with (
            running([sys.executable, *parts["web"]], logs["web"], archive.environment),
            running([sys.executable, *parts["imports"]], logs["imports"], archive.environment),
            running([sys.executable, *parts["index"]], logs["index"], archive.environment),
        ):
            wait_until(lambda: get(made.address + PAGES[0]).status == 200, PATIENCE, made.said)
            made.wait_for_copies()
            yield made


def test_one_node_is_lost_during_import_and_search_then_two(site: Site) -> None:
    nodes, archive = site.nodes, site.archive
    with Readers(site.address).asking() as readers:
        archive.script(UPLOAD)
        wait_until(lambda: site.in_outbox("kind = 'fan-out' AND cursor > 0") > 0, PATIENCE, site.said)
        lost = site.holders()[0][0]
        nodes.kill(lost)
        asked = sum(readers.seen.values())
        assert site.in_outbox("kind = 'fan-out'"), "the import went to the index while the node was lost"
        wait_until(lambda: not site.in_outbox("1"), PATIENCE, site.said)
        wait_until(lambda: sum(readers.seen.values()) > asked + 20, PATIENCE, site.said)
        nodes.start(lost)
        site.wait_for_copies()
    print(f"readers: {sum(readers.seen.values())} pages, longest {readers.longest:.1f} s", flush=True)
    assert readers.errors == []
    assert archive.answer("check_index")["clean"]
    assert archive.answer("index_status")["documents"] == SHOWN + RECORDS

    both = site.holders()[0]
    nodes.kill(*both)
    wait_until(lambda: get(site.address + PAGES[0]).status == 503, PATIENCE, site.said)
    for language, words in (("en", "search engine"), ("ar", "محرّك البحث")):
        page = get(f"{site.address}{PAGES[0]}&lang={language}")
        assert (page.status, words in page.text.lower()) == (503, True), page.text[:3000]
    assert get(site.address + PAGES[-1]).status == 503
    saved = archive.script("Article.objects.create(title='في الأثناء', body='قصف'); print(searchable_now())")
    assert saved.strip() == "False", "kept, and sent later"
    assert site.in_outbox("1")
    nodes.start(*both)
    wait_until(lambda: not site.in_outbox("1"), PATIENCE, site.said)
    site.wait_for_copies()
    wait_until(lambda: get(site.address + PAGES[-1]).json["total"] == SHOWN + 1, PATIENCE, site.said)
    assert archive.answer("check_index")["clean"]
    assert archive.answer("index_status")["documents"] == SHOWN + RECORDS + 1
