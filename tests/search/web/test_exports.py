"""Exports: every hit once, in the order of the page, in files that other programs read.

A file gets ids from the engine: which ones and in which order is tested on both, all else on one.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import date
from pathlib import Path

import bibtexparser
import openpyxl
import pytest
import rispy
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from lxml import html

from articles.models import Article, StoryMember
from search.engines.contract import SearchEngine
from search.indexing.outbox_consumer import drain_outbox
from search.web import views
from search.web.exports import export_data, export_views, table_export
from search.web.exports.export_data import Export
from tests.search.conftest import KINDS
from tests.search.news import NewsItem, index_all, publish
from tests.search.web.conftest import text_of

pytestmark = pytest.mark.django_db
COUNT = 30


@pytest.fixture
def kind() -> str:
    """Return the kind of engine of a test that names none."""
    return "embedded"


@pytest.fixture
def ids(engine: SearchEngine, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Publish thirty articles about Homs, the last one with words that a spreadsheet would run."""
    for module in (export_views, views):
        monkeypatch.setattr(module, "get_engine", lambda: engine)
    monkeypatch.setattr("search.retrieval.service.get_engine", lambda: engine)
    monkeypatch.setattr("search.management.commands.export.engine_from_options", lambda _options: engine)
    items = [
        NewsItem(
            f"خبر {number} من حمص",
            f"أحياء حمص {'حمص ' * (number % 7)}النص الكامل",
            f"2014-{number % 12 + 1:02}-{number % 28 + 1:02}",
            f"صحيفة {number % 3}",
            ["حمص"],
        )
        for number in range(COUNT - 1)
    ]
    return publish(engine, *items, NewsItem("=cmd()|حمص\n-1", "حمص\x02", "2014"))


def download(client: Client, path: str, **asked: str) -> bytes:
    answer = client.get(f"/search/{path}", asked)
    assert answer.status_code == 200, answer.content.decode()
    assert "attachment" in answer.headers["Content-Disposition"]
    return b"".join(answer.streaming_content)


def table(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def listed(client: Client, **asked: str) -> list[int]:
    """Return the ids of the results page, every article of its own."""
    found = client.get("/search/", {"group": "none", "size": "100", **asked}).context["result"]
    return [hit.record.id for hit in found.hits if hit.strict]


@pytest.mark.parametrize("kind", KINDS)
def test_every_format_has_the_hits_of_the_page_in_its_order(
    client: Client, ids: list[int], subtests: pytest.Subtests
) -> None:
    for asked in ({"q": "أحياء حمص"}, {"q": "حمص", "sort": "oldest"}, {"source": "صحيفة 1"}):
        with subtests.test(asked=asked):
            check_every_format(client, asked)


def check_every_format(client: Client, asked: dict[str, str]) -> None:
    expected = listed(client, **asked)
    assert len(expected) > 5
    plain = table(download(client, "export.csv", plain="1", **asked))
    assert [int(row["id"]) for row in plain] == expected
    with zipfile.ZipFile(io.BytesIO(download(client, "export.csv", **asked))) as archive:
        assert archive.testzip() is None
        assert table(archive.read("articles.csv")) == plain
        record = json.loads(archive.read("query.json"))
    assert (record["hits"], record["rows"]) == (len(expected), len(expected))
    first, *lines = map(json.loads, download(client, "export.jsonl", **asked).splitlines())
    assert first["kind"] == "export"
    assert [line["id"] for line in lines] == expected
    assert {line["kind"] for line in lines} == {"article"}
    book = openpyxl.load_workbook(io.BytesIO(download(client, "export.xlsx", **asked)))
    assert [line[0] for line in book["Articles"].iter_rows(min_row=2, values_only=True)] == expected
    entries = bibtexparser.parse_string(download(client, "export.bib", **asked).decode()).entries
    assert [entry.key for entry in entries] == [f"article{id}" for id in expected]
    records = rispy.loads(download(client, "export.ris", **asked).decode())
    assert [int(each["accession_number"]) for each in records] == expected
    assert len(download(client, "export.txt", **asked).splitlines()) == len(expected)


@pytest.mark.parametrize("is_sent_at_once", [True, False])
def test_a_workbook_is_sent_while_it_is_written_unless_it_may_be_too_large(
    ids: list[int], monkeypatch: pytest.MonkeyPatch, *, is_sent_at_once: bool
) -> None:
    monkeypatch.setattr(export_data, "ROWS_AT_ONCE", 10)
    if not is_sent_at_once:
        monkeypatch.setattr(table_export, "_MOST_BYTES", {False: zipfile.ZIP64_LIMIT})
    export = Export(ids, {"query": "=حمص"}, str, accessed=date(2014, 1, 1), language="ar")
    parts = table_export.xlsx_file(export)
    first = next(parts)
    assert export.rows == (10 if is_sent_at_once else COUNT)
    book = openpyxl.load_workbook(io.BytesIO(first + b"".join(parts)))
    articles, about = book["Articles"], book["Query"]
    assert [line[0] for line in articles.iter_rows(min_row=2, values_only=True)] == ids
    assert (articles["B31"].value, articles["B31"].data_type) == ("=cmd()|حمص\n-1", "s")
    assert [[cell.value for cell in row] for row in about] == [["query", "=حمص"], ["rows", COUNT]]
    assert (articles.sheet_view.rightToLeft, articles.freeze_panes) == (True, "A2")


def test_the_record_of_a_search_repeats_it(client: Client, ids: list[int]) -> None:
    asked = {"q": "حمص -حلب", "source": "صحيفة 1", "level": "light", "sort": "newest", "from": "2014-03"}
    data = download(client, "export.jsonl", **asked)
    record = json.loads(data.splitlines()[0])
    assert (record["query"], record["level"], record["sort"]) == ("حمص -حلب", "light", "newest")
    assert record["filters"] == {"sources": ["صحيفة 1"], "date_from": "2014-03"}
    assert record["analysis_version"]
    assert record["made_at"].startswith("20")
    state = record["address"].removeprefix("http://testserver/search/?")
    again = b"".join(client.get(f"/search/export.jsonl?{state}").streaming_content)
    assert again.splitlines()[1:] == data.splitlines()[1:]
    assert len(again.splitlines()) == record["hits"] + 1 == len(listed(client, **asked)) + 1


@pytest.mark.parametrize("kind", KINDS)
def test_the_expansions_that_were_on_are_in_the_record(
    client: Client, engine: SearchEngine, ids: list
) -> None:
    publish(engine, NewsItem("غورباتشوف"), NewsItem("جورباتشوف"))
    record = json.loads(download(client, "export.jsonl", q="غورباتشوف").splitlines()[0])
    assert [each["shown"] for each in record["expansions"]] == ["جورباتشوف"]
    record = json.loads(download(client, "export.jsonl", q="غورباتشوف", without="*").splitlines()[0])
    assert (record["expansions"], record["without"]) == ([], ["*"])


def test_a_spreadsheet_runs_no_text_as_a_formula(client: Client, ids: list[int]) -> None:
    data = download(client, "export.csv", plain="1")
    assert data.startswith(b"\xef\xbb\xbfid,title,date,")
    row = next(row for row in table(data) if int(row["id"]) == ids[-1])
    assert row["title"].startswith("'=cmd()")
    sheet = openpyxl.load_workbook(io.BytesIO(download(client, "export.xlsx")))["Articles"]
    assert sheet.sheet_view.rightToLeft
    [cell] = [line[1] for line in sheet.iter_rows(min_row=2) if line[0].value == ids[-1]]
    assert (cell.data_type, cell.value) == ("s", "=cmd()|حمص\n-1")


def test_a_second_sheet_says_what_was_searched(client: Client, ids: list[int]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(download(client, "export.xlsx", q="حمص", level="light")))
    record = dict(book["Query"].iter_rows(values_only=True))
    assert (record["query"], record["level"]) == ("حمص", "light")
    assert record["rows"] == len(listed(client, q="حمص", level="light"))
    [heading] = [cell.value for cell in book["Articles"][1] if cell.column == 2]
    assert heading == "العنوان"


@pytest.mark.parametrize("kind", KINDS)
def test_near_duplicates_are_left_out_only_where_that_is_asked_for(
    client: Client, engine: SearchEngine, ids: list[int]
) -> None:
    StoryMember.objects.bulk_create([StoryMember(article_id=id, story=ids[0]) for id in ids[:10]])
    index_all(engine, version=2)
    assert len(table(download(client, "export.csv", plain="1", q="حمص"))) == COUNT
    rows = table(download(client, "export.csv", plain="1", q="حمص", group="story"))
    assert len(rows) == COUNT - 9
    page = client.get("/search/", {"q": "حمص", "group": "story", "size": "100"}).context["result"]
    assert [int(row["id"]) for row in rows] == [hit.record.id for hit in page.hits]


def test_five_thousand_rows_open_in_a_spreadsheet(client: Client, index: None) -> None:
    Article.objects.bulk_create(
        Article(title=f"خبر {number}", body="وصلت القافلة.", sha256=f"{number:064}") for number in range(5000)
    )
    drain_outbox()
    listed_rows = table(download(client, "export.csv", q="القافلة", plain="1"))
    workbook = openpyxl.load_workbook(
        io.BytesIO(download(client, "export.xlsx", q="القافلة")), read_only=True
    )
    titles = {row[1] for row in workbook.worksheets[0].iter_rows(min_row=2, values_only=True)}
    assert len(listed_rows) == len({row["id"] for row in listed_rows}) == 5000
    assert titles == {row["title"] for row in listed_rows} == {f"خبر {number}" for number in range(5000)}


def test_an_article_hidden_meanwhile_is_left_out(client: Client, ids: list[int]) -> None:
    answer = client.get("/search/export.csv", {"plain": "1"})
    Article.objects.filter(pk=ids[3]).update(state=Article.State.WITHDRAWN)
    rows = table(b"".join(answer.streaming_content))
    assert {int(row["id"]) for row in rows} == set(ids) - {ids[3]}


def test_rows_are_read_a_part_at_a_time(
    client: Client, ids: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.web.exports.export_data.ROWS_AT_ONCE", 7)
    parts = list(client.get("/search/export.jsonl").streaming_content)
    assert [part.count(b"\n") for part in parts] == [1, 7, 7, 7, 7, 2]


@pytest.mark.parametrize(
    ("allowed", "who", "lets"),
    [
        ("users", "stranger", False),
        ("users", "reader", True),
        ("staff", "reader", False),
        ("staff", "librarian", True),
        ("everyone", "stranger", True),
        ("nobody", "librarian", False),
    ],
)
@pytest.mark.usefixtures("ids")
def test_whole_texts_are_for_those_whom_the_setting_names(
    client: Client, settings: LazySettings, allowed: str, who: str, *, lets: bool
) -> None:
    settings.EXPORT_TEXTS = allowed
    if who != "stranger":
        client.force_login(User.objects.create(username=who, is_staff=who == "librarian"))
    answer = client.get("/search/export.jsonl", {"texts": "1", "q": "حمص"})
    assert answer.status_code == (200 if lets else 403)
    offered = html.fromstring(client.get("/search/export/").content.decode()).cssselect("[name=texts]")
    assert bool(offered) == lets
    if lets:
        line = json.loads(b"".join(answer.streaming_content).splitlines()[1])
        assert "النص الكامل" in line["text"]
    else:
        assert "النص الكامل" not in answer.content.decode()


def test_a_limit_holds_for_strangers_only(client: Client, ids: list[int], settings: LazySettings) -> None:
    settings.EXPORT_MAX_ARTICLES = COUNT - 1
    refused = client.get("/search/export.csv")
    assert refused.status_code == 403
    assert str(COUNT - 1) in refused.content.decode()
    page = html.fromstring(client.get("/search/export/").content.decode())
    assert not page.cssselect("a[data-bytes]")
    assert len(table(download(client, "export.csv", plain="1", source="صحيفة 1"))) < COUNT
    client.force_login(User.objects.create(username="reader"))
    assert len(table(download(client, "export.csv", plain="1"))) == COUNT


def test_a_worksheet_that_is_too_small_is_named_before(
    client: Client, ids: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert table_export.MAX_SHEET_ROWS == 1_048_575
    form = export_views.WantedFile.from_request(client.get("/").wsgi_request, "xlsx").form
    object.__setattr__(form, "max_rows", COUNT - 1)
    try:
        assert client.get("/search/export.xlsx").status_code == 400
        page = html.fromstring(client.get("/search/export/").content.decode())
        assert not page.cssselect("a[href^='/search/export.xlsx']")
        assert page.cssselect("a[href^='/search/export.csv']")
    finally:
        object.__setattr__(form, "max_rows", table_export.MAX_SHEET_ROWS)


IMPOSSIBLE = [
    ("/search/export.pdf?q=حمص", 404, {"ar": "لا تصدير بصيغة", "en": "There is no export as"}),
    ("/search/export.csv?q=زنجفيلسان", 404, {"ar": "لا شيء للتصدير", "en": "There is nothing to export"}),
    ("/search/export.csv?from=soon", 400, {"ar": "في عنوان هذا التصدير خطأ", "en": "has a mistake"}),
    ("/search/export/?q=زنجفيلسان", 200, {"ar": "لا شيء للتصدير", "en": "There is nothing to export"}),
]


@pytest.mark.usefixtures("ids")
def test_what_is_not_possible_is_said_in_the_readers_language(
    client: Client, subtests: pytest.Subtests
) -> None:
    for address, status, said in IMPOSSIBLE:
        for language, words in said.items():
            with subtests.test(address=address, language=language):
                answer = client.get(f"{address}&lang={language}")
                assert answer.status_code == status
                assert words in text_of(html.fromstring(answer.content.decode()))


def test_a_request_for_the_headers_alone_reads_nothing(client: Client, ids: list[int]) -> None:
    answer = client.head("/search/export.xlsx")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].endswith('.xlsx"')
    assert not answer.streaming


def test_the_page_leads_to_every_format_with_the_state_of_the_search(client: Client, ids: list[int]) -> None:
    tree = html.fromstring(client.get("/search/", {"q": "حمص", "page": "2"}).content.decode())
    [link] = tree.cssselect("a[href^='/search/export/']")
    page = html.fromstring(client.get(link.get("href")).content.decode())
    assert str(COUNT) in page.cssselect("h1")[0].text_content()
    links = [each.get("href") for each in page.cssselect("a[data-bytes]")]
    assert len(links) == 7
    for address in links:
        assert client.get(address).status_code == 200
    sizes = {each.get("href"): int(each.get("data-bytes")) for each in page.cssselect("a[data-bytes]")}
    for address, expected in sizes.items():
        written = sum(map(len, client.get(address).streaming_content))
        assert written / 3 < expected < written * 3, address


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.usefixtures("ids")
def test_the_command_writes_the_file_of_the_page(
    client: Client, tmp_path: Path, settings: LazySettings
) -> None:
    settings.PUBLIC_ADDRESS = "http://testserver"
    path = tmp_path / "found.csv"
    said = io.StringIO()
    call_command("export", "أحياء حمص", "--plain", "--output", str(path), stderr=said)
    assert path.read_bytes() == download(client, "export.csv", plain="1", q="أحياء حمص")
    assert said.getvalue() == f"{len(table(path.read_bytes()))} articles\n"
    out = io.StringIO()
    call_command("export", "حمص", "--format", "jsonl", "--source", "صحيفة 1", stdout=out, stderr=said)
    assert json.loads(out.getvalue().splitlines()[0])["filters"] == {"sources": ["صحيفة 1"]}
    call_command("export", "أحياء حمص", "--format", "bag", "--output", str(tmp_path / "bag"), stderr=said)
    head = json.loads((tmp_path / "bag/data/archive.json").read_text(encoding="utf-8"))
    assert (head["query"]["query"], head["articles"]) == ("أحياء حمص", len(table(path.read_bytes())))
    with pytest.raises(CommandError, match="--output"):
        call_command("export", "حمص", "--format", "bag")
