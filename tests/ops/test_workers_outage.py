"""Elasticsearch is killed during an upload, restarted, frozen and resumed: nothing is lost or leaked."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ops.archive import Archive, running
from tools.servers.elasticsearch import ElasticsearchServer

pytestmark = [pytest.mark.slow, pytest.mark.elasticsearch]

FIND = """
from search.engines.contract import EngineRequest
from search.query_tree import Term
for word in {words!r}:
    print(get_engine().search(EngineRequest(query=Term('title', 'exact', word))).total)
"""
WITHDRAW = "Article.objects.filter(title='{title}').update(state='withdrawn'); print(searchable_now())"
SAVE = "Article.objects.create(title='{title}', body='نص'); print(searchable_now())"
UPLOAD = """
batch = ImportBatch.objects.create()
for part in range(4):
    Article.objects.bulk_create(Article(title=f'رفع {n}', body='نص ' * 200, batch=batch) for n in range(500))
    print('part', flush=True)
    input()
ImportBatch.objects.filter(pk=batch.pk).update(state='published')
print(searchable_now())
"""


def counts(archive: Archive, *words: str) -> list[int]:
    return [int(line) for line in archive.script(FIND.format(words=words)).split()]


def test_saves_succeed_while_elasticsearch_is_killed_frozen_and_restarted(
    own_elasticsearch: ElasticsearchServer, tmp_path: Path
) -> None:
    archive = Archive(tmp_path, engine="elasticsearch", elasticsearch_url=own_elasticsearch.url)
    archive.migrate()
    archive.manage("rebuild_index")
    # Whether a save is searchable at once depends on the speed of the machine; the command waits for it.
    for title in ("سحب", "تجمد"):
        archive.script(SAVE.format(title=title))
    archive.manage("drain_outbox")
    assert counts(archive, "سحب", "تجمد") == [1, 1]

    upload = archive.start_script(UPLOAD)
    # The upload waits for a line after each part, so that the server is killed in the middle.
    with running(upload):
        assert upload.stdout
        assert upload.stdout.readline() == "part\n"
        own_elasticsearch.kill()
        assert archive.script(WITHDRAW.format(title="سحب")).strip() == "False"
        assert archive.script(SAVE.format(title="مقتول")).strip() == "False"
        out, error = upload.communicate("\n" * 4, timeout=120)
        assert upload.returncode == 0, error
        assert out.split()[-1] == "False"
    archive.manage("drain_outbox", expect=1)

    own_elasticsearch.start()
    archive.manage("drain_outbox")
    assert counts(archive, "سحب", "مقتول", "رفع") == [0, 1, 2000]

    own_elasticsearch.pause()
    assert archive.script(WITHDRAW.format(title="تجمد")).strip() == "False"
    assert archive.script(SAVE.format(title="ثلج")).strip() == "False"
    own_elasticsearch.resume()
    archive.manage("drain_outbox")
    assert counts(archive, "سحب", "تجمد", "ثلج") == [0, 0, 1]
    assert archive.answer("check_index")["clean"]
