"""The same bytes under another file name: the same articles, or a note on the article that they were."""

from __future__ import annotations

from pathlib import Path

import pytest

from articles.identity.record_keys import record_key
from articles.models import Article, ImportRow
from articles.text.fingerprints import content_mark, sha256_of
from tests.articles.conftest import import_paths
from tests.articles.readers.dump_files import DUMPS, page
from tests.articles.readers.sample_files import parse_file
from tests.articles.readers.stories import draw_stories

#: A chat of WhatsApp has its name from that of the file.
KINDS = [kind for kind in DUMPS if not kind.startswith("WhatsApp")]


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_named_as_a_text_gives_the_same_articles(kind: str) -> None:
    dump = DUMPS[kind]
    data = dump.make(draw_stories(min(dump.most, 3), seed=5))
    rightly = [record_key(record) for record in parse_file(dump.name, data)]
    for name in ("a.txt", "a"):
        assert [record_key(record) for record in parse_file(name, data)] == rightly


@pytest.mark.parametrize("kind", ["Telegram HTML", "Telegram JSON", "tweets"])
def test_an_export_is_read_as_such_under_the_ending_of_a_page_too(kind: str) -> None:
    assert len(parse_file("a.html", DUMPS[kind].make(draw_stories(3, seed=5)))) == 3


def text_article(data: bytes) -> Article:
    """Return an article as a release made one that read a file as a plain text."""
    mark = sha256_of(data)
    return Article.objects.create(
        title="x", body=data.decode(), file_name="a.txt", sha256=mark, record_key=content_mark(mark),
        state=Article.State.PUBLISHED,
    )  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["Telegram JSON", "WordPress", "csv", "NewsML-G2"])
def test_a_file_that_was_read_as_a_text_is_told_to_be_an_article_too(kind: str, tmp_path: Path) -> None:
    dump, stories = DUMPS[kind], draw_stories(3, seed=5)
    article = text_article(dump.make(stories))
    path = tmp_path / dump.name
    path.write_bytes(dump.make(stories))
    assert import_paths(path)["created"] == 3
    told = [row.notes for row in ImportRow.objects.order_by("row")]
    assert [["file-is-article", f"#{article.pk}"] in notes for notes in told] == [True, False, False]
    Article.objects.filter(pk=article.pk).update(state=Article.State.WITHDRAWN)
    import_paths(path)
    again = ImportRow.objects.filter(batch=ImportRow.objects.latest("pk").batch)
    assert not any("file-is-article" in str(row.notes) for row in again)


@pytest.mark.django_db
def test_a_page_that_was_read_as_a_text_is_the_same_article(tmp_path: Path) -> None:
    (story,) = draw_stories(1, seed=5)
    canonical = f'<link rel="canonical" href="{story.url}"></head>'.encode()
    data = page(story).replace(b"</head>", canonical)
    article = text_article(data)
    (tmp_path / "page.html").write_bytes(data)
    report = import_paths(tmp_path / "page.html")
    assert (report["created"], report["rejected"]) == (0, 0)
    assert "file-is-article" not in str(ImportRow.objects.get().notes)
    article.refresh_from_db()
    assert article.url == story.url
