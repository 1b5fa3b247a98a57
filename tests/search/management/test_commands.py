"""The commands of search are an interface: JSON, exit codes, and nothing else on standard output."""

from __future__ import annotations

import gzip
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, ManagementUtility, call_command

from arabic.analyzer import analysis_version
from articles.models import PlaceMention
from search.engines import get_engine
from tests.search.news import NewsItem, index_all, publish

EMBEDDED = "search.engines.embedded.EmbeddedEngine"


@pytest.fixture(autouse=True)
def archive_engine(settings: Any, index_folder: Path) -> None:
    """Configure an embedded engine of this test alone."""
    settings.SEARCH_ENGINES = {"embedded": {"ENGINE": EMBEDDED, "PATH": index_folder}}
    settings.SEARCH_ENGINE = "embedded"


def run(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out, stderr=StringIO())
    return out.getvalue()


def answer(*words: str) -> dict[str, Any]:
    read = json.loads(run(*words, "--json"))
    assert isinstance(read, dict)
    return read


@pytest.fixture
def ids(db: None) -> list[int]:
    """Create two articles in the archive and its index."""
    engine = get_engine()
    engine.ensure_index()
    return publish(
        engine,
        NewsItem("قصف على حمص", "سقطت قذائف بحمص.", "2012-05-24", "سانا", ["حمص"]),
        NewsItem("هدنة", "في حلب بعد قصف.", "2013-07", "رويترز", ["حلب"]),
    )


def test_search_answers_with_the_fields_of_the_interface(ids: list[int]) -> None:
    found = answer("search", "قصف حمص مستمر -كرة OR")
    of_the_list = {"close_total", "stories", "page", "pages", "size"}
    advice = {"suggestions", "missing", "ways_out"}
    answered = {"total", "took_ms", "hits", "facets", "expansions", "complaints"}
    assert set(found) == answered | of_the_list | advice
    assert found["total"] == 0
    assert found["hits"][0] == found["hits"][0] | {
        "id": ids[0],
        "external_id": "",
        "file": "",
        "title": "قصف على حمص",
        "date": "2012-05-24",
        "source": "سانا",
        "cities": ["حمص"],
        "snippet": "",
        "strict": False,
        "words": {"found": 2, "asked": 3},
    }
    whole = answer("search", "قصف حمص مستمر -كرة OR", "--close", "all")["hits"][0]
    assert whole["snippet"] == "سقطت قذائف بحمص."
    assert set(found["facets"]) == {"country", "governorate", "city", "source", "date", "event"}
    assert [complaint["code"] for complaint in found["complaints"]] == ["dangling_operator"]


def test_search_filters_by_every_option(ids: list[int]) -> None:
    assert [hit["id"] for hit in answer("search", "قصف", "--city", "حلب")["hits"]] == [ids[1]]
    assert [hit["id"] for hit in answer("search", "قصف", "--source", "سانا")["hits"]] == [ids[0]]
    assert [hit["id"] for hit in answer("search", "قصف", "--from", "2013-07-15")["hits"]] == [ids[1]]
    assert [hit["id"] for hit in answer("search", "قصف", "--to", "2012")["hits"]] == [ids[0]]
    assert [hit["id"] for hit in answer("search", "قصف", "--sort", "newest")["hits"]] == ids[::-1]
    assert [hit["id"] for hit in answer("search", "حمص", "--level", "exact")["hits"]] == [ids[0]]
    second = answer("search", "قصف", "--sort", "oldest", "--size", "1", "--page", "2")
    assert [hit["id"] for hit in second["hits"]] == [ids[1]]
    cities = answer("search", "قصف", "--city", "حلب", "--engine", "embedded")["facets"]["city"]
    assert cities == [
        {"value": "حلب", "label": "حلب", "count": 1, "selected": True, "about": 0},
        {"value": "حمص", "label": "حمص", "count": 1, "selected": False, "about": 0, "adds": 1},
    ]
    both = ["search", "قصف", "--city", "حلب", "--city", "حمص"]
    assert answer(*both)["total"] == 2
    assert answer(*both, "--all-places")["total"] == 0
    PlaceMention.objects.filter(place__slug="حمص").update(about=True)
    index_all(get_engine(), version=2)
    assert [hit["about"] for hit in answer(*both, "--about")["hits"]] == [["حمص"]]
    assert answer("search", "قصف", "--about")["complaints"][0]["code"] == "about_no_place"


def test_search_lists_expansions_and_can_leave_them_out(ids: list[int]) -> None:
    assert "also searched for: حلب" in run("search", "الشهباء")
    [named] = answer("search", "الشهباء")["expansions"]
    assert named == {
        "kind": "alias",
        "typed": "الشهباء",
        "shown": "حلب",
        "active": True,
        "count": 1,
        "switch": "without",
    }
    for switch in ("حلب", "*"):
        assert answer("search", "الشهباء", "--without", switch)["total"] == 0
    assert "not searched for: حلب" in run("search", "الشهباء", "--without", "حلب")


def test_a_date_is_as_precise_as_it_is_known(ids: list[int]) -> None:
    assert [hit["date"] for hit in answer("search", "", "--sort", "oldest")["hits"]] == [
        "2012-05-24",
        "2013-07",
    ]


def test_the_text_output_of_search_shows_titles_and_complaints(ids: list[int]) -> None:
    shown = run("search", "قصف على حمص OR")
    assert "قصف على حمص" in shown
    assert "OR" in shown


def test_the_text_output_of_search_shows_what_a_close_hit_left_out(ids: list[int]) -> None:
    for options in ((), ("--close", "all")):
        lines = run("search", "قصف حمص في زرافة", *options).splitlines()
        assert "    without: زرافة" in lines
        assert "    without: في" not in lines
        assert "-- articles that lack some of the words (2) --" in lines


def test_a_search_without_an_index_fails(db: None) -> None:
    with pytest.raises(CommandError) as raised:
        run("search", "حمص")
    assert raised.value.returncode == 1


WRONG = [("--size", "0"), ("--size", "many"), ("--page", "-1"), ("--from", "2012-13"), ("--level", "root")]


@pytest.mark.parametrize(("option", "value"), WRONG)
def test_wrong_arguments_are_refused(option: str, value: str) -> None:
    with pytest.raises(CommandError, match=value):
        run("search", "حمص", option, value)


def test_a_reversed_period_is_a_wrong_argument() -> None:
    with pytest.raises(CommandError) as raised:
        run("search", "حمص", "--from", "2013", "--to", "2012")
    assert raised.value.returncode == 2


@pytest.mark.parametrize(
    "arguments", [["source:\udcff"], ["x", "--city", "\udcff"], ["x", "--source", "\udcff"]]
)
def test_undecodable_bytes_find_nothing_and_break_nothing(ids: list[int], arguments: list[str]) -> None:
    assert answer("search", *arguments)["total"] == 0


def lines(path: Path, *values: object) -> Path:
    text = "\n".join(json.dumps(value, ensure_ascii=False) for value in values)
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(text.encode()))
    else:
        path.write_text(text, encoding="utf-8")
    return path


DOCUMENTS = (
    {"id": "a", "title": "", "body": "سقطت قذائف بحمص"},
    {"id": "b", "title": "هدنة", "body": "اتفاق في حلب"},
    {"id": "c", "title": "", "body": "حمص وحماة"},
)


@pytest.mark.parametrize("name", ["docs.jsonl", "docs.jsonl.gz"])
def test_evaluate_measures_the_results_of_the_page(tmp_path: Path, name: str) -> None:
    docs = lines(tmp_path / name, *DOCUMENTS)
    queries = lines(
        tmp_path / "short.jsonl",
        {"id": "1", "text": "حلب", "relevant": ["b"]},
        {"id": "2", "text": "حمص وحماة", "relevant": ["a"]},  # a is the close hit, at rank 2
        {"id": "3", "text": "غزال", "relevant": ["a", "c"]},
    )
    found = answer("evaluate", str(docs), str(queries))
    assert {key: found[key] for key in ("engine", "documents")} == {"engine": "embedded", "documents": 3}
    assert found["build_seconds"] > 0
    (measured,) = found["sets"]
    assert 0 < measured.pop("p50_ms") <= measured.pop("p95_ms")
    assert measured == {
        "name": "short",
        "queries": 3,
        "mrr10": 0.5,
        "hit10": 0.6667,
        "ndcg10": pytest.approx((1 + 1 / 1.58496) / 3, abs=1e-4),
    }


def test_evaluate_does_not_touch_the_archive(ids: list[int], tmp_path: Path) -> None:
    before = get_engine().status().documents
    docs = lines(tmp_path / "docs.jsonl", *DOCUMENTS)
    answer(
        "evaluate", str(docs), str(lines(tmp_path / "q.jsonl", {"id": "1", "text": "حلب", "relevant": ["b"]}))
    )
    assert get_engine().status().documents == before == 2


BROKEN = [
    (b"{", "line 1"),
    (b"[]", "line 1"),
    (b'{"id": 1}\n\xff', "line"),
    (b'{"title": "x"}', "'id'"),
]


@pytest.mark.parametrize(("content", "told"), BROKEN)
def test_a_broken_file_is_named_with_its_line(tmp_path: Path, content: bytes, told: str) -> None:
    docs = tmp_path / "docs.jsonl"
    docs.write_bytes(content)
    with pytest.raises(CommandError, match=told) as raised:
        run("evaluate", str(docs), str(docs))
    assert raised.value.returncode == 1


def test_a_broken_gzip_of_documents_is_reported(tmp_path: Path) -> None:
    whole = lines(tmp_path / "docs.jsonl.gz", *DOCUMENTS).read_bytes()
    (tmp_path / "docs.jsonl.gz").write_bytes(whole[:-12])
    with pytest.raises(CommandError, match=r"docs\.jsonl\.gz"):
        run("evaluate", str(tmp_path / "docs.jsonl.gz"), str(tmp_path / "docs.jsonl.gz"))


CASES = """group\tquery\ttext\texpect\tnote
names\tحمص\tقصف بحمص\tmatch\tcore
names\tحمص\tقصف بحلب\tnomatch\tcore; another city
words\tغزال\tنخلة\tmatch\tstretch; nothing in common
words\tقصف غزال\tقصف\tnomatch\tstretch; close is not strict
cities\tcity:حمص\tاشتباكات في مدينة حمص\tmatch\tcore
dates\tdate:2012-05-24\tفي 24 أيار 2012\tmatch\tcore
dates\tdate:2012-05-24\tفي 25 أيار 2012\tnomatch\tcore
"""


def test_check_cases_counts_strict_hits_and_extractions_by_class(tmp_path: Path) -> None:
    cases = tmp_path / "cases.tsv"
    cases.write_text(CASES, encoding="utf-8")
    found = answer("check_cases", str(cases))
    assert set(found) == {"plain", "extraction", "groups", "failures"}
    assert found["plain"] == {
        "core": {"passed": 1, "total": 1},
        "stretch": {"passed": 0, "total": 1},
        "nomatch_core": {"passed": 1, "total": 1},
        "nomatch_stretch": {"passed": 1, "total": 1},
    }
    assert found["extraction"]["core"] == {"passed": 2, "total": 2}
    assert found["extraction"]["nomatch_core"] == {"passed": 1, "total": 1}
    assert found["groups"]["words"] == {"passed": 1, "total": 2}
    assert [failure["row"] for failure in found["failures"]] == [4]


BAD_CASES = ["", "query\ttext\n", CASES + "a\tb\tc\tperhaps\tcore\n", CASES + "a\tb\tc\tmatch\tlater\n"]


@pytest.mark.parametrize("content", BAD_CASES)
def test_check_cases_refuses_a_file_of_another_kind(tmp_path: Path, content: str) -> None:
    cases = tmp_path / "cases.tsv"
    cases.write_text(content, encoding="utf-8")
    with pytest.raises(CommandError) as raised:
        run("check_cases", str(cases))
    assert raised.value.returncode == 1


def test_analyze_shows_each_token_at_each_level_with_offsets() -> None:
    found = answer("analyze", "قصف وبِحِمص")
    assert found["analysis_version"] == analysis_version()
    assert found["tokens"][1] == {
        "text": "وبِحِمص",
        "start": 4,
        "end": 11,
        "position": 1,
        "exact": "وبحمص",
        "light": "بحمص",
        "forms": ["§حمص"],
    }
    assert "§حمص" in run("analyze", "بحمص")


def test_extract_writes_a_line_for_each_text(tmp_path: Path) -> None:
    texts = lines(
        tmp_path / "texts.jsonl",
        {"id": "1", "text": "قصف في مدينة حمص يوم 24 أيار 2012"},
        {"id": 2, "title": "بيان", "body": ""},
    )
    first, second = map(json.loads, run("extract", str(texts)).splitlines())
    (city,) = first["cities"]
    assert (first["id"], city["name"], city["country"]) == ("1", "حمص", "SY")
    assert "قصف في مدينة حمص يوم 24 أيار 2012"[city["start"] : city["end"]].endswith("حمص")
    assert set(city) == {"place_id", "name", "country", "start", "end", "evidence", "field"}
    (day,) = first["dates"]
    assert day["date"] == "2012-05-24"
    assert set(day) == {"date", "kind", "start", "end", "evidence", "field"}
    assert second == {"id": 2, "cities": [], "dates": []}


def test_extract_of_a_missing_file_fails(tmp_path: Path) -> None:
    with pytest.raises(CommandError) as raised:
        run("extract", str(tmp_path / "none.jsonl"))
    assert raised.value.returncode == 1


@pytest.mark.parametrize("options", [[], ["--rebuild", "-f"], ["--models", "articles"]])
def test_search_index_names_rebuild_index(options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        ManagementUtility(["manage.py", "search_index", *options]).execute()
    assert ended.value.code == 2
    out, err = capsys.readouterr()
    arabic, english = err.splitlines()
    assert out == ""
    assert "استعمل rebuild_index" in arabic
    assert english.startswith("Use rebuild_index: ")
