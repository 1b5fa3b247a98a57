"""Sources, places and organisations as tables: export, edit, preview, import."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from lxml import html

from articles.admin.table_exchange import MAX_TABLE_ROWS, NamesXlsx
from articles.models import Organisation, Place, Source
from tests.articles.readers.sample_files import make_xlsx, make_zip

pytestmark = pytest.mark.django_db
XLSX, CSV = "0", "1"


def exported(desk: Client, model: str, fields: list[str]) -> list[dict[str, str]]:
    chosen = {"format": CSV, "resource": "0", **dict.fromkeys(fields, "on")}
    answer = desk.post(f"/admin/articles/{model}/export/", chosen)
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.content.decode())))


def previewed(desk: Client, model: str, rows: list[dict[str, str]]) -> Any:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    file = SimpleUploadedFile("names.csv", text.getvalue().encode())
    return desk.post(
        f"/admin/articles/{model}/import/", {"format": CSV, "resource": "0", "import_file": file}
    )


def confirmed(desk: Client, model: str, preview: Any) -> None:
    fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', preview.content.decode())
    answer = desk.post(f"/admin/articles/{model}/process_import/", dict(fields))
    assert answer.status_code == 302


def test_sources_go_out_and_come_in_after_a_preview(desk: Client) -> None:
    Source.objects.create(name="صحيفة الضفاف")
    (row,) = exported(desk, "source", ["name", "latin_name", "homepage"])
    assert row == {"name": "صحيفة الضفاف", "latin_name": "", "homepage": ""}
    changed = {**row, "homepage": "https://example.org/", "latin_name": "Al-Difaf"}
    page = previewed(desk, "source", [changed, {"name": "وكالة جديدة", "homepage": ""}])
    assert "وكالة جديدة" in page.content.decode()
    assert Source.objects.count() == 1, "a preview changes nothing"
    confirmed(desk, "source", page)
    assert dict(Source.objects.values_list("name", "homepage")) == {
        "صحيفة الضفاف": "https://example.org/",
        "وكالة جديدة": "",
    }
    assert Source.objects.get(name="صحيفة الضفاف").latin_name == "Al-Difaf"


def test_a_table_without_the_latin_names_leaves_them(desk: Client) -> None:
    Source.objects.create(name="صحيفة الضفاف", latin_name="Al-Difaf")
    table = [{"name": "صحيفة الضفاف", "homepage": "https://example.org/"}]
    confirmed(desk, "source", previewed(desk, "source", table))
    assert Source.objects.values_list("latin_name", "homepage").get() == ("Al-Difaf", "https://example.org/")


def test_aliases_of_places_are_a_list_in_a_cell(desk: Client) -> None:
    Place.objects.create(key="k", slug="حماة", name="حماة", aliases=["حماه", "مدينة أبي الفداء"], kind="city")
    fields = ["slug", "name", "aliases", "kind", "governorate", "country"]
    (row,) = exported(desk, "place", fields)
    assert row["aliases"] == "حماه | مدينة أبي الفداء"
    row["aliases"] = "حماه|أم النواعير|حماه"
    confirmed(desk, "place", previewed(desk, "place", [row, {**row, "slug": "مكان جديد"}]))
    assert Place.objects.get().aliases == ["حماه", "أم النواعير"]


def test_organisations_take_their_other_names(desk: Client) -> None:
    page = previewed(desk, "organisation", [{"name": "هيئة", "other_names": "الهيئة | هـ"}])
    confirmed(desk, "organisation", page)
    assert Organisation.objects.get(name="هيئة").other_names == ["الهيئة", "هـ"]


@pytest.mark.parametrize("name", ["=1+1", "+x", "-x", "@sum", "'quoted", "'=1", "أ; =1+1", "－1", "حمص"])
def test_no_cell_is_a_formula_and_the_way_back_is_the_same(desk: Client, name: str) -> None:
    Source.objects.create(name=name)
    (row,) = exported(desk, "source", ["name", "homepage"])
    assert not row["name"].startswith(("=", "+", "-", "@"))
    confirmed(desk, "source", previewed(desk, "source", [{**row, "homepage": "https://example.org/"}]))
    assert list(Source.objects.values_list("name", "homepage")) == [(name, "https://example.org/")]


def test_a_cell_that_is_no_good_is_told_and_nothing_is_changed(desk: Client) -> None:
    page = previewed(desk, "source", [{"name": "صحيفة", "homepage": "no address"}])
    assert 'action="/admin/articles/source/process_import/"' not in page.content.decode()
    assert not Source.objects.exists()


def test_typed_text_is_escaped_and_no_style_is_inline(desk: Client) -> None:
    page = previewed(desk, "source", [{"name": "<script>x</script>", "homepage": ""}]).content.decode()
    assert "<script>x" not in page
    assert "&lt;script&gt;" in page
    assert " style=" not in page.split('<div id="content"')[1]


def test_a_spreadsheet_comes_out_too(desk: Client) -> None:
    Source.objects.create(name="صحيفة")
    chosen = {"format": XLSX, "resource": "0", "name": "on"}
    answer = desk.post("/admin/articles/source/export/", chosen)
    assert answer.content.startswith(b"PK")


@pytest.mark.parametrize("model", ["source", "place", "organisation"])
def test_the_pages_of_tables_speak_arabic(desk: Client, model: str) -> None:
    desk.cookies["django_language"] = "ar"
    pages = [desk.get(f"/admin/articles/{model}/{way}/").content.decode() for way in ("export", "import")]
    table = [{"name": "صحيفة", "slug": "صحيفة", "homepage": "no address", "country": "Nowhere"}]
    pages.append(previewed(desk, model, table).content.decode())
    for page in pages:
        content = html.fromstring(page).cssselect("#content-main, #content form")[0]
        for shown in content.cssselect("script, style, code, td, option, .errors"):
            shown.drop_tree()
        assert re.findall(r"[A-Za-z]{3,}", content.text_content()) == []


def test_a_workbook_with_a_lone_row_below_a_million_blank_ones_has_one_row() -> None:
    """Such blank rows were made, each as wide as the sheet says it is."""
    with zipfile.ZipFile(io.BytesIO(make_xlsx(("name", "homepage"), ("وكالة", "")))) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    name = "xl/worksheets/sheet1.xml"
    parts[name] = parts[name].replace(b'r="2"', b'r="1048576"').replace(b'"A2"', b'"A1048576"')
    table = NamesXlsx().create_dataset(make_zip(parts))
    assert (table.headers, table.dict) == (["name", "homepage"], [{"name": "وكالة", "homepage": ""}])


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        (CSV, b"name\n" + b"a\n" * (MAX_TABLE_ROWS + 1)),
        (XLSX, make_zip({"xl/workbook.xml": b"0" * 30_000_000})),
        (XLSX, b"PK"),
    ],
    ids=["rows", "bomb", "damaged"],
)
def test_a_table_that_is_too_large_is_refused(desk: Client, kind: str, content: bytes) -> None:
    sent = {"format": kind, "resource": "0", "import_file": SimpleUploadedFile("names", content)}
    answer = desk.post("/admin/articles/source/import/", sent)
    assert answer.status_code == 200
    assert "encountered while trying to read file" in answer.content.decode()
    assert not Source.objects.exists()
