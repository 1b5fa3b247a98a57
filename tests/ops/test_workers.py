"""The next request to any worker finds a saved article, also during imports."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.ops.archive import Archive
from tests.ops.archive import running as until_end
from tests.ops.running import get
from tests.ops.web_server import served

pytestmark = pytest.mark.slow

WORKERS = 4
SAVES = 6
SAVE = "one = Article.objects.create(title='{word}', body='نص'); print(one.pk, searchable_now())"


@pytest.fixture(
    params=["embedded", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)],
)
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Archive:
    """Create an empty archive with an index."""
    elastic = request.param == "elasticsearch"
    url = request.getfixturevalue("elasticsearch_url") if elastic else ""
    made = Archive(tmp_path, engine=request.param, elasticsearch_url=url)
    made.environment |= {"SAVE_WAITS_FOR_INDEX": "60", "ALLOWED_HOSTS": "127.0.0.1"}
    made.migrate()
    made.manage("rebuild_index")
    return made


@pytest.fixture
def site(archive: Archive) -> Iterator[str]:
    """Serve the archive by four workers of gunicorn, each with one request at a time."""
    archive.manage("collectstatic", "--noinput", "-v0")
    with served(archive, WEB_CONCURRENCY=str(WORKERS), WEB_THREADS="1") as port:
        yield f"http://127.0.0.1:{port}"


def many_articles(folder: Path) -> Path:
    """Return a file whose import takes a while."""
    path = folder / "many.jsonl"
    with path.open("w", encoding="utf-8") as lines:
        for number in range(3000):
            record = {
                "id": f"{number}",
                "title": f"خبر رقم {number}",
                "body": "هدوء في المدينة صباح اليوم. " * 40,
            }
            lines.write(json.dumps(record, ensure_ascii=False) + "\n")
    return path


def test_four_workers_find_a_saved_article_on_their_next_request_while_an_import_runs(
    archive: Archive, site: str, tmp_path: Path
) -> None:
    path = many_articles(tmp_path)
    with (
        until_end(archive.start("manage.py", "import_articles", str(path), "--source", "وكالة")) as importing,
        ThreadPoolExecutor(WORKERS) as readers,
    ):
        during = 0
        for number in range(SAVES):
            word = "كلمة" + "ابتثجحخد"[number] * 5
            pk, searchable = archive.script(SAVE.format(word=word)).split()
            assert searchable == "True"
            addresses = [f"{site}/search/?q={word}"] * (2 * WORKERS)
            pages = list(readers.map(get, addresses))
            assert all(page.status == 200 for page in pages)
            assert all(f"/articles/{pk}/" in page.text for page in pages)
            during += importing.poll() is None
        assert during, "no save was made while the import ran, so the test would show nothing"
        out, error = importing.communicate(timeout=300)
        assert importing.returncode == 0, f"{out}\n{error}"
    archive.manage("drain_outbox")
    assert archive.answer("check_index")["clean"]
    assert archive.answer("index_status")["documents"] == 3000 + SAVES
