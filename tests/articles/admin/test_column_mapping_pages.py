"""Column mappings: chosen in the preview, remembered for the source, or given on the command line."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from lxml import html

from articles.backfill.merge import merge_sources
from articles.history.erasure import erase_article
from articles.metadata.column_mappings import load_column_mappings, save_column_mapping
from articles.models import Article, ColumnMapping, ImportBatch, Source
from articles.readers.blob import Blob
from articles.readers.column_mapper import ColumnMapper, header_signature
from articles.readers.dispatch import read
from tests.articles.admin.test_upload import file, press, upload
from tests.articles.conftest import LIMITS, import_paths
from tests.articles.readers.sample_files import make_xlsx, make_zip

pytestmark = pytest.mark.django_db

HEADER = ("ترويسة", "متن المقال", "يوم النشر", "ملاحظات")
ROW = ("سوق حلب", "فتحت السوق أبوابها في حلب.", "2013-05-24", "للأرشيف")
CSV = ",".join(HEADER) + "\n" + ",".join(ROW) + "\n"
CHOSEN = {"column_0": "title", "column_1": "body", "column_2": "date", "column_3": ""}
FIELDS = {"ترويسة": "title", "متن المقال": "body", "يوم النشر": "date", "ملاحظات": ""}


def look_again(desk: Client) -> str:
    batch = ImportBatch.objects.latest("pk")
    return desk.get(reverse("admin:articles_importbatch_change", args=[batch.pk])).content.decode()


def choose(desk: Client, header: tuple[str, ...] = HEADER, **chosen: str) -> Any:
    return press(desk, "columns", signature=header_signature(header), **(chosen or CHOSEN))


def test_unknown_columns_are_shown_with_their_first_values_and_a_choice_for_each(desk: Client) -> None:
    more = "".join(f"عنوان {number},نص,2013,\n" for number in range(5))
    text = upload(desk, file("مقالات.csv", CSV + more)).content.decode()
    assert "Which column is the title, which the text?" in text
    assert all(name in text for name in (*HEADER, *ROW))
    assert "عنوان 1" in text
    assert "عنوان 2" not in text
    assert text.count("<select") == len(HEADER)


def test_where_choosing_columns_is_enough_nobody_is_told_to_upload_again(desk: Client) -> None:
    choice, again = "the files need not be uploaded again", "upload them again when they are mended"
    text = upload(desk, file("مقالات.csv", CSV)).content.decode()
    assert choice in text
    assert again not in text
    desk.cookies["django_language"] = "ar"
    assert "ولا حاجة إلى رفع الملفات من جديد" in look_again(desk)
    desk.cookies["django_language"] = "en"
    text = choose(desk).content.decode()
    assert choice not in text
    assert again not in text
    text = upload(desk, file("فارغ.jsonl", "{}")).content.decode()
    assert again in text
    assert choice not in text


def test_what_was_said_is_used_at_once_and_for_the_next_files_of_the_source(
    desk: Client, librarian: User
) -> None:
    upload(desk, file("أول.csv", CSV), source="صحيفة الضفاف")
    text = choose(desk).content.decode()
    assert "1 article was found" in text
    press(desk, "confirm")
    article = Article.objects.get()
    assert (article.title, article.body, article.date.isoformat()) == ROW[:3]
    mapping = ColumnMapping.objects.get()
    assert (mapping.source, mapping.fields, mapping.made_by) == (article.source, FIELDS, librarian)
    # Columns in another order, with spaces and diacritics in the names.
    turned = ",".join(f" {name}\u200f" for name in reversed(HEADER)) + "\nلا شيء,2014-01-02,نص ثان,خبر ثان\n"
    text = upload(desk, file("ثان.csv", turned), source="صحيفة الضفاف").content.decode()
    assert "remembered columns of" in text
    assert "1 article was found" in text
    press(desk, "confirm")
    assert Article.objects.filter(title="خبر ثان", body="نص ثان", date="2014-01-02").exists()


def test_another_source_is_asked_anew(desk: Client) -> None:
    upload(desk, file("أول.csv", CSV), source="صحيفة الضفاف")
    choose(desk)
    text = upload(desk, file("أول.csv", CSV), source="صحيفة أخرى").content.decode()
    assert "Which column is the title, which the text?" in text


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({"column_2": "date"}, "Say which column is the title or the text"),
        ({"column_0": "title", "column_1": "body", "column_3": "title"}, "can be one column only"),
        ({"column_0": "secret", "column_1": "body"}, "Select a valid choice"),
    ],
)
def test_a_choice_that_cannot_be_read_is_refused_and_nothing_is_remembered(
    desk: Client, chosen: dict[str, str], said: str
) -> None:
    upload(desk, file("أول.csv", CSV))
    answer = choose(desk, **chosen)
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert not ColumnMapping.objects.exists()
    assert ImportBatch.objects.get().columns == {}


def test_the_choice_can_be_changed_before_the_import_and_holds_for_this_one(desk: Client) -> None:
    upload(desk, file("أول.csv", CSV))
    choose(desk)
    choose(desk, column_1="title", column_0="body")
    # A mapping that another user saves later does not change a previewed import.
    ColumnMapping.objects.all().delete()
    press(desk, "confirm")
    article = Article.objects.get()
    assert (article.title, article.body, article.date) == (ROW[1], ROW[0], None)


def test_an_import_that_was_begun_takes_no_other_columns(desk: Client) -> None:
    upload(desk, file("أول.csv", CSV))
    choose(desk)
    press(desk, "confirm")
    text = choose(desk, column_1="title").content.decode()
    assert "This import was begun" in text
    assert ColumnMapping.objects.get().fields == FIELDS


def test_a_contributor_says_it_for_an_import_and_nothing_is_remembered(people: dict[str, User]) -> None:
    client = Client()
    client.force_login(people["C"])
    client.cookies["django_language"] = "en"
    upload(client, file("أول.csv", CSV))
    text = choose(client).content.decode()
    assert "read so in this import" in text
    assert "1 article was found" in text
    assert not ColumnMapping.objects.exists()


def test_columns_chosen_after_a_librarian_looked_are_not_confirmed_by_what_was_seen(
    people: dict[str, User],
) -> None:
    contributor, desk = Client(), Client()
    contributor.force_login(people["C"])
    desk.force_login(people["L"])
    desk.cookies["django_language"] = "en"
    upload(contributor, file("أول.csv", CSV))
    choose(contributor)
    [seen] = re.findall(r'name="seen"\s+value="([^"]+)"', look_again(desk))
    choose(contributor, column_0="title", column_3="body")
    assert "Nothing is imported yet" in press(desk, "confirm", seen=seen).content.decode()
    assert not Article.objects.exists()
    [seen] = re.findall(r'name="seen"\s+value="([^"]+)"', look_again(desk))
    press(desk, "confirm", seen=seen)
    assert Article.objects.get().body == ROW[3]


def test_tables_of_one_kind_in_an_archive_are_asked_about_once_and_other_kinds_too(desk: Client) -> None:
    other = ("رأس الخبر", "كلام")
    content = make_zip(
        {
            "a.csv": CSV.encode(),
            "b.csv": CSV.encode(),
            "c.xlsx": make_xlsx(other, ("قافلة إلى حمص", "وصلت القافلة.")),
        }
    )
    text = upload(desk, file("all.zip", content)).content.decode()
    assert text.count("<details class") == 2
    choose(desk)
    text = choose(desk, other, column_0="title", column_1="body").content.decode()
    assert "3 articles were found" in text


def test_known_columns_need_no_answer(desk: Client) -> None:
    text = upload(desk, file("known.csv", "title,body\nخبر,نص\n")).content.decode()
    assert "Which column is the title" not in text
    assert "The columns of" in text


def test_a_remembered_mapping_is_seen_edited_and_deleted(desk: Client, librarian: User) -> None:
    source = Source.objects.create(name="صحيفة الضفاف")
    row = save_column_mapping(source, HEADER, FIELDS, librarian)
    listed = desk.get(reverse("admin:articles_columnmapping_changelist")).content.decode()
    assert "متن المقال: text" in listed
    assert "صحيفة الضفاف" in listed
    change = reverse("admin:articles_columnmapping_change", args=[row.pk])
    assert desk.get(change).content.decode().count("<select") >= len(HEADER)
    assert "an article needs one" in desk.post(change, {"column_2": "date"}).content.decode()
    assert desk.post(change, CHOSEN | {"column_3": "byline"}).status_code == 302
    assert load_column_mappings(source.pk)[header_signature(HEADER)] == FIELDS | {"ملاحظات": "byline"}
    desk.post(reverse("admin:articles_columnmapping_delete", args=[row.pk]), {"post": "yes"})
    assert load_column_mappings(source.pk) == {}


def test_a_mapping_without_a_source_holds_where_the_source_has_none_of_its_own() -> None:
    source = Source.objects.create(name="صحيفة")
    save_column_mapping(None, HEADER, FIELDS, None)
    assert load_column_mappings(source.pk) == {header_signature(HEADER): FIELDS}
    own = FIELDS | {"ملاحظات": "url"}
    save_column_mapping(source, HEADER, own, None)
    assert load_column_mappings(source.pk) == {header_signature(HEADER): own}
    assert load_column_mappings(None) == {header_signature(HEADER): FIELDS}


def test_merged_sources_share_what_is_remembered_and_the_kept_one_goes_first() -> None:
    kept, gone = Source.objects.create(name="صحيفة"), Source.objects.create(name="الصحيفة")
    save_column_mapping(kept, HEADER, FIELDS, None)
    save_column_mapping(gone, HEADER, {"ترويسة": "body"}, None)
    save_column_mapping(gone, ("كلام",), {"كلام": "body"}, None)
    merge_sources(kept, [gone])
    assert load_column_mappings(kept.pk) == {
        header_signature(HEADER): FIELDS,
        header_signature(("كلام",)): {"كلام": "body"},
    }


def test_a_table_without_a_header_leaves_no_word_of_an_erased_article(librarian: User) -> None:
    body = "وصلت القافلة إلى مدينة حمص القديمة مساء الخميس"
    save_column_mapping(None, ("قافلة", body), {"قافلة": "title", body: "body"}, librarian)
    save_column_mapping(None, HEADER, FIELDS, librarian)
    erase_article(
        Article.objects.create(title="قافلة", body=f"{body}."), ground="court", reason="حكم", by=librarian
    )
    assert [row.header for row in ColumnMapping.objects.all()] == [list(HEADER)]


def test_the_reader_takes_remembered_columns_and_those_that_are_given_before_them() -> None:
    known = {header_signature(HEADER): FIELDS}
    blob = Blob("a.csv", lambda: io.BytesIO(CSV.encode()), LIMITS.file, columns=ColumnMapper(known))
    assert [record.title for record in read(blob, LIMITS)] == [ROW[0]]
    given = ColumnMapper(known, {"ملاحظات": "title", "ترويسة": "byline"})
    blob = Blob("a.csv", lambda: io.BytesIO(CSV.encode()), LIMITS.file, columns=given)
    assert [(record.title, record.byline) for record in read(blob, LIMITS)] == [(ROW[3], ROW[0])]


def test_the_command_takes_columns_by_name(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(CSV, encoding="utf-8")
    given = ["ترويسة=title", "متن المقال=body", "ملاحظات=ignore"]
    assert import_paths(path, map=given, dry_run=True)["created"] == 1
    assert import_paths(path, map=given)["created"] == 1
    assert Article.objects.get().title == ROW[0]


def test_the_command_uses_what_is_remembered_for_its_source(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(CSV, encoding="utf-8")
    save_column_mapping(Source.objects.create(name="صحيفة"), HEADER, FIELDS, None)
    assert import_paths(path, source="أخرى")["rejected"] == 1
    assert import_paths(path, source="صحيفة")["created"] == 1


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("عنوان آخر=title", "no table has a column عنوان آخر. The columns are: ترويسة, متن المقال"),
        ("ترويسة=headline", "FIELD is one of title, body, date"),
        ("ترويسة", "COLUMN=FIELD"),
    ],
)
def test_a_column_or_field_that_is_not_there_is_a_wrong_argument_and_nothing_is_written(
    tmp_path: Path, given: str, said: str
) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(make_zip({"a.csv": CSV.encode()}))
    with pytest.raises(CommandError, match=said) as wrong:
        call_command("import_articles", str(path), map=[given])
    assert wrong.value.returncode == 2
    assert not ImportBatch.objects.exists()


def test_columns_that_nobody_mapped_are_asked_before_the_import(desk: Client) -> None:
    text = "title,body,رقم العدد\nخبر,نص,17\n"
    tree = html.fromstring(upload(desk, file("عدد.csv", text)).content.decode())
    asked = tree.cssselect("#content > .desk-columns")
    assert [(each.get("open") is not None, "رقم العدد" in each.text_content()) for each in asked] == [
        (True, True)
    ]
    assert "رقم العدد" in tree.cssselect(".desk-sticky")[0].text_content()
    header = ("title", "body", "رقم العدد")
    said = choose(desk, header, column_0="title", column_1="body", column_2="external_id")
    tree = html.fromstring(said.content.decode())
    assert not tree.cssselect("#content > .desk-columns")
    assert "رقم العدد" not in tree.cssselect(".desk-sticky")[0].text_content()
    press(desk, "confirm")
    assert Article.objects.get().external_id == "17"


def test_a_column_that_is_left_out_on_purpose_is_not_asked_again(desk: Client) -> None:
    upload(desk, file("عدد.csv", "title,body,ملاحظة\nخبر,نص,17\n"))
    page = choose(desk, ("title", "body", "ملاحظة"), column_0="title", column_1="body", column_2="")
    assert not html.fromstring(page.content.decode()).cssselect("#content > .desk-columns")
