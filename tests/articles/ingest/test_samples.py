"""The sample articles match docs/samples.md: many places and months, the faults of scraped text."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from django.core.management import call_command

from arabic.text.normalization import normalize
from arabic.text.tokenizer import normalized_terms
from articles.models import Article, DateMention, Place, StoryMember

SAMPLES = Path(__file__).resolve().parents[3] / "articles" / "samples"
#: Files of `unsourced` that are not in UTF-8.
OLD_ENCODINGS = {
    "museum-windows-1256.txt": "cp1256",
    "ferry-windows-1256.txt": "cp1256",
    "garden-utf-16.txt": "utf-16",
    "shurfa/page-320.html": "cp1256",
}


def _rows() -> list[dict[str, object]]:
    """Return the records of the jsonl and csv files."""
    rows: list[dict[str, object]] = []
    for path in sorted(SAMPLES.rglob("*.jsonl")):
        rows += [json.loads(line) for line in path.read_text("utf-8-sig").splitlines()]
    for path in sorted(SAMPLES.rglob("*.csv")):
        rows += [
            row | {"cities": re.split("، ", row["cities"])}
            for row in csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8"), newline=""))
        ]
    return rows


def _loose_texts() -> dict[str, str]:
    """Map the name of each one-article file, including those in the zip, to its text."""
    folder = SAMPLES / "unsourced"
    names = [str(path.relative_to(folder)) for path in folder.rglob("*") if path.suffix in (".txt", ".html")]
    texts = {
        name: (folder / name).read_bytes().decode(OLD_ENCODINGS.get(name, "utf-8")) for name in sorted(names)
    }
    with zipfile.ZipFile(folder / "clippings.zip") as archive:
        texts |= {name: archive.read(name).decode("utf-8") for name in archive.namelist()}
    return texts


ROWS = _rows()
LOOSE = _loose_texts()
EVERYTHING = [f"{row['title']}\n{row['body']}" for row in ROWS] + list(LOOSE.values())
#: How often each identifier occurs: a correction repeats that of the article it corrects.
VERSIONS = Counter((row["source"], row["id"]) for row in ROWS)
ARTICLES = len(VERSIONS) + len(LOOSE)
TEXTS = Counter((row["title"], row["body"]) for row in ROWS)


def _months() -> Counter[str]:
    """Count each year and month of the metadata, as 2013-05 (numeric dates only)."""
    found: Counter[str] = Counter()
    for row in ROWS:
        date = normalize(str(row.get("date") or ""))
        if iso := re.match(r"(\d{4})-(\d\d)", date):
            found[f"{iso[1]}-{iso[2]}"] += 1
        elif numeric := re.fullmatch(r"\d{1,2}/(\d{1,2})/(\d{4})", date):
            found[f"{numeric[2]}-{int(numeric[1]):02}"] += 1
    return found


def test_there_are_enough_articles_places_and_sources() -> None:
    assert 180 <= ARTICLES <= 230
    assert len({row["source"] for row in ROWS}) == 7, "the eighth paper is a folder of pages"
    assert len({city for row in ROWS for city in row.get("cities") or [] if city}) >= 40


def test_articles_are_as_long_as_news_items_and_not_all_of_one_length() -> None:
    lengths = [len(text.split()) for text in (*(str(row["body"]) for row in ROWS), *LOOSE.values())]
    assert min(lengths) >= 30
    assert max(lengths) <= 300
    assert sum(length <= 60 for length in lengths) >= 5, "briefs"
    assert sum(length >= 160 for length in lengths) >= 15, "long reports"


def test_the_files_that_claim_an_old_encoding_are_not_utf_8() -> None:
    for name in OLD_ENCODINGS:
        data = (SAMPLES / "unsourced" / name).read_bytes()
        with pytest.raises(UnicodeDecodeError):
            data.decode("utf-8")


def test_homs_is_named_through_a_clitic_only_in_at_least_two_articles() -> None:
    naming = [
        terms for terms in map(normalized_terms, EVERYTHING) if {"حمص", "بحمص", "وحمص", "لحمص"} & set(terms)
    ]
    assert len(naming) >= 6
    assert sum("حمص" not in terms for terms in naming) >= 2


def test_some_articles_have_no_date_and_some_only_a_month() -> None:
    dates = [str(row.get("date") or "") for row in ROWS]
    assert dates.count("") >= 3
    assert sum(bool(re.fullmatch(r"\d{4}-\d\d", date)) for date in dates) >= 3
    assert len(_months()) >= 15, "numeric dates alone; the month names are read by the import below"


def test_one_article_has_no_title() -> None:
    assert any(not row["title"] for row in ROWS)


def test_two_reports_stand_word_for_word_in_two_papers() -> None:
    assert sorted(TEXTS.values())[-3:] == [1, 2, 2]


def test_only_corrected_reports_repeat_an_identifier() -> None:
    corrected = {row["id"] for row in ROWS if VERSIONS[row["source"], row["id"]] > 1}
    assert corrected == {"snb-20121106-05", "snb-20140211-02", "snb-20140406-05", "snb-20141126-05"}
    assert set(VERSIONS.values()) == {1, 2}


def test_some_reports_are_in_english() -> None:
    arabic = re.compile("[\u0600-\u06ff]")
    assert sum(not arabic.search(text) for text in EVERYTHING) >= 6


@pytest.mark.parametrize(
    ("fault", "pattern"),
    [
        ("a Farsi ya or kaf", "[یک]"),
        ("tatweel", "ـ"),
        ("vowel marks", "[\u064b-\u0652]"),
        ("Arabic-Indic digits", "[٠-٩]"),
        ("a direction mark", "\u200f"),
        ("a presentation form", "[\ufe70-\ufefc]"),
        ("a month with two names", "كانون الثاني/يناير"),
        ("an Egyptian month", "إبريل|يونيو"),
        ("an Egyptian ya", "فى "),
        ("a preposition run into a city", "فيحمص|فيحلب|منبيروت"),
        ("share buttons", "(?m)^شارك"),
        ("a photo credit", "(?m)^تصوير:"),
        ("an HTML code", "&quot;"),
        ("a noun that looks like a city", "باب المنزل"),
        ("tenderness", "بالغ الرقة"),
        ("a verb that looks like a city", "الرياح التي تدمر"),
    ],
)
def test_the_faults_of_scraped_text_are_there(fault: str, pattern: str) -> None:
    assert any(re.search(pattern, text) for text in EVERYTHING), fault


def test_every_address_is_an_example() -> None:
    addresses = [str(row["url"]) for row in ROWS if row.get("url")]
    addresses += re.findall(r"https?://[^\"<]+", "".join(LOOSE.values()))
    assert addresses
    assert all(re.match(r"https://[\w.-]+\.example\.org/", address) for address in addresses)


@pytest.fixture
def imported(db: None) -> dict[str, object]:
    """Import the folder as `make run` does, and return the report."""
    out = io.StringIO()
    call_command("import_articles", str(SAMPLES), "--json", stdout=out, stderr=io.StringIO())
    report: dict[str, object] = json.loads(out.getvalue())
    return report


def test_the_whole_folder_is_imported_and_nothing_refused(imported: dict[str, object]) -> None:
    assert imported["rejects"] == []
    counts = {name: imported[name] for name in ("read", "created", "duplicates", "rejected")}
    repeated = sum(TEXTS.values()) - len(TEXTS)
    assert counts == {"read": len(EVERYTHING), "created": ARTICLES, "duplicates": repeated, "rejected": 0}
    assert imported["updated"] == sum(VERSIONS.values()) - len(VERSIONS)
    assert Article.objects.visible().count() == ARTICLES


def test_the_imported_articles_spread_over_cities_and_months(imported: dict[str, object]) -> None:
    dates = Article.objects.exclude(date=None).values_list("date", flat=True)
    assert len({(date.year, date.month) for date in dates}) == 36, "every month of three years"
    assert {date.year for date in dates} == {2012, 2013, 2014}
    assert Place.objects.filter(mentions__isnull=False).distinct().count() >= 100
    assert Article.objects.filter(date_precision="month").count() >= 10
    assert Article.objects.filter(date=None).count() >= 10


def test_every_part_of_the_pages_has_something_to_show(imported: dict[str, object]) -> None:
    papers = Counter(Article.objects.exclude(source=None).values_list("source__name", flat=True))
    assert len(papers) == 8
    assert min(papers.values()) >= 10
    stories: dict[int, set[int | None]] = defaultdict(set)
    for story, source in StoryMember.objects.values_list("story", "article__source"):
        stories[story].add(source)
    assert sum(len(sources) >= 3 for sources in stories.values()) >= 10
    assert max(map(len, stories.values())) >= 6
    assert Article.objects.filter(revisions__isnull=False).distinct().count() == 4
    assert DateMention.objects.values("article").distinct().count() >= 60
    for city in ("حمص", "حلب", "دمشق", "بيروت", "جنيف", "دير الزور", "درعا", "حماة", "إدلب"):
        assert Article.objects.filter(places__name=city).distinct().count() >= 10, city


def test_homs_is_tagged_where_only_a_clitic_form_names_it(imported: dict[str, object]) -> None:
    article = Article.objects.get(external_id="difaf-1001")
    assert "حمص" not in normalized_terms(f"{article.title} {article.body}")
    assert article.places.filter(name="حمص").exists()


def test_tenderness_and_a_verb_are_not_tagged_as_cities(imported: dict[str, object]) -> None:
    tenderness = Article.objects.get(title__startswith="ورقة وقلم")
    storm = Article.objects.get(external_id="baydar-13-05")
    assert not tenderness.places.filter(name="الرقة").exists()
    assert not storm.places.filter(name="تدمر").exists()


def test_every_old_encoding_was_read_as_what_it_is(imported: dict[str, object]) -> None:
    titles = set(Article.objects.values_list("title", flat=True))
    assert "أهالي معرة النعمان ينقذون لوحات متحف المدينة" in titles
    assert "بلدية القامشلي تفتتح حديقة في موقع مكب قديم" in titles
    assert "السويداء: تفاح الجبل يزهر والبرادات فارغة" in titles
