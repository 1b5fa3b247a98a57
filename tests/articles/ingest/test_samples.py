"""The sample articles match docs/samples.md: many places and months, the faults of scraped text."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from django.core.management import call_command

from arabic.text.normalization import normalize
from arabic.text.tokenizer import normalized_terms
from articles.models import Article, Place

SAMPLES = Path(__file__).resolve().parents[3] / "articles" / "samples"
#: Files of `unsourced` and the encoding that each represents.
ENCODINGS = {
    "souk-daraa.txt": "utf-8",
    "pomegranates.txt": "utf-8",
    "museum-windows-1256.txt": "cp1256",
    "garden-utf-16.txt": "utf-16",
    "shurfa/page-120.html": "utf-8",
    "shurfa/page-220.html": "utf-8",
    "shurfa/page-320.html": "cp1256",
    "shurfa/page-420.html": "utf-8",
}
ARTICLES = 66


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
    texts = {name: (folder / name).read_bytes().decode(code) for name, code in ENCODINGS.items()}
    with zipfile.ZipFile(folder / "clippings.zip") as archive:
        texts |= {name: archive.read(name).decode("utf-8") for name in archive.namelist()}
    return texts


ROWS = _rows()
LOOSE = _loose_texts()
EVERYTHING = [f"{row['title']}\n{row['body']}" for row in ROWS] + list(LOOSE.values())


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
    assert len(EVERYTHING) == ARTICLES
    assert len({row["source"] for row in ROWS}) >= 6
    assert len({city for row in ROWS for city in row.get("cities") or [] if city}) >= 25


def test_every_article_is_as_long_as_a_short_news_item() -> None:
    lengths = [len(text.split()) for text in (*(str(row["body"]) for row in ROWS), *LOOSE.values())]
    assert min(lengths) >= 90
    assert max(lengths) <= 300
    assert max(lengths) >= 180, "not all of one length"


def test_the_files_that_claim_an_old_encoding_are_not_utf_8() -> None:
    for name, encoding in ENCODINGS.items():
        data = (SAMPLES / "unsourced" / name).read_bytes()
        if encoding == "utf-8":
            continue
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
    seen = Counter((row["title"], row["body"]) for row in ROWS)
    assert sorted(seen.values())[-3:] == [1, 2, 2]


def test_identifiers_are_unique_within_a_source() -> None:
    keys = Counter((row["source"], row["id"]) for row in ROWS)
    assert set(keys.values()) == {1}


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
    assert counts == {"read": ARTICLES, "created": ARTICLES, "duplicates": 2, "rejected": 0}
    assert Article.objects.visible().count() == ARTICLES


def test_the_imported_articles_spread_over_cities_and_months(imported: dict[str, object]) -> None:
    dates = Article.objects.exclude(date=None).values_list("date", flat=True)
    assert len({(date.year, date.month) for date in dates}) >= 20
    assert {date.year for date in dates} == {2012, 2013, 2014}
    assert Place.objects.filter(mentions__isnull=False).distinct().count() >= 25
    assert Article.objects.filter(date_precision="month").count() >= 5
    assert Article.objects.filter(date=None).count() >= 5


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
