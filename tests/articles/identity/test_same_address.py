"""Records of one address are one article, however the address is spelled; archives of before keep theirs."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from articles.identity.record_keys import address_key, older_address_key, older_record_keys
from articles.identity.web_addresses import complete_address, normal_address
from articles.identity.written_names import name_as_read, name_as_spelt_loosely
from articles.ingest.transform import parse_and_sanitize
from articles.metadata.source_resolver import SourceResolver
from articles.models import Article, MergedSource, Outbox, Revision, Source
from articles.text.fingerprints import sha256_of
from articles.text.records import RawRecord
from tests.articles.conftest import Import, import_paths, jsonl_line
from tests.articles.readers.sample_files import make_eml

HOST = "http://nahr.example.org"
PAGE = f"{HOST}/خبر/دار الكتب"
SPELLINGS = [
    f"{HOST}/{quote('خبر/دار الكتب')}",
    f"{HOST}/{quote('خبر/دار الكتب').lower()}",
    f"https://www.nahr.example.org/{quote('خبر/دار الكتب')}/",
    f"{PAGE}?utm_source=feed&fbclid=x#top",
    "nahr.example.org:80/خبر/دار%20الكتب",
    "//NAHR.example.org/خبر/دار الكتب",
]
OTHERS = [
    f"{HOST}/خبر/دار",
    f"{HOST}/خبر/دار الكتب?p=2",
    f"{HOST}/خبر%2Fدار الكتب",
    f"{HOST}:8080/خبر/دار الكتب",
    f"{HOST}/#!/خبر/دار الكتب",
    "http://example.org/خبر/دار الكتب",
]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_one_page_has_one_normal_form(spelling: str) -> None:
    assert normal_address(complete_address(spelling)) == normal_address(complete_address(PAGE))


@pytest.mark.parametrize("other", OTHERS)
def test_other_pages_have_others(other: str) -> None:
    assert normal_address(complete_address(other)) != normal_address(complete_address(PAGE))


def test_a_host_in_letters_and_its_code_are_one() -> None:
    assert normal_address("http://مثال.إختبار/1") == normal_address("https://xn--mgbh0fb.xn--kgbechtv/1/")
    assert normal_address("http://e.org/?b=2&a=1") == normal_address("http://e.org/?a=1&b=2")
    assert normal_address("http://e.org/%C7%E1") == normal_address("http://e.org/%c7%e1"), "windows-1256"


@given(st.text(max_size=40))
def test_any_text_has_a_normal_form(text: str) -> None:
    for address in (text, f"http://e.org/{text}", f"http://{text}/", f"http://e.org/?{text}"):
        normal_address(complete_address(address))
        address_key(address)
    assert complete_address(complete_address(text)) == complete_address(text)


def record(url: str, body: str = "رممت الدار بعد عام.") -> dict[str, Any]:
    return {"title": "دار الكتب", "body": body, "url": url}


@pytest.mark.django_db
def test_spellings_update_one_article_that_keeps_its_address(import_lines: Import) -> None:
    records = record(SPELLINGS[0]), record(PAGE, "رممت الدار."), record(SPELLINGS[4], "فتحت الدار.")
    report = import_lines(*records)
    assert (report["created"], report["updated"]) == (1, 2)
    article = Article.objects.get()
    assert (article.body, article.url) == ("فتحت الدار.", SPELLINGS[0])
    assert not Revision.objects.filter(before__has_key="url").exists()


@pytest.mark.django_db
def test_an_address_without_a_scheme_or_with_a_space_is_kept(import_lines: Import) -> None:
    import_lines(record("www.nahr.example.org/خبر/دار الكتب"))
    assert Article.objects.get().url == "http://www.nahr.example.org/خبر/دار%20الكتب"


@pytest.mark.django_db
def test_an_archive_of_an_earlier_release_keeps_its_articles(import_lines: Import, desk: Client) -> None:
    """It kept an article for each spelling, and dropped addresses without a scheme."""
    old, spaced = [record(SPELLINGS[1]), record(SPELLINGS[2], "فتحت الدار.")], record(PAGE, "أغلقت الدار.")
    other = record(f"{HOST}/1")
    articles = [
        Article.objects.create(
            **each, record_key=older_address_key(each["url"]), sha256=sha256_of(jsonl_line(**each).encode())
        )
        for each in (*old, other)
    ]
    dropped = sha256_of(jsonl_line(**spaced).encode())
    articles.append(
        Article.objects.create(**spaced | {"url": ""}, record_key=f"sha:{dropped}", sha256=dropped)
    )
    migration = import_module("articles.migrations.0020_address_keys")
    migration.give_normal_keys(apps, connection.schema_editor)
    keys = dict(Article.objects.values_list("pk", "record_key"))
    assert [keys[each.pk] for each in articles] == [
        address_key(PAGE),
        older_address_key(SPELLINGS[2]),
        address_key(other["url"]),
        f"sha:{dropped}",
    ]
    linked = Article.objects.filter(same_address_as__isnull=False).values_list("pk", "same_address_as")
    assert list(linked) == [(articles[1].pk, articles[0].pk)]
    listed = desk.get("/admin/articles/article/", {"same_address": "yes"}).context["cl"].queryset
    assert {each.pk for each in listed} == {articles[0].pk, articles[1].pk}
    form = desk.get(f"/admin/articles/article/{articles[1].pk}/change/").content.decode()
    assert f"/admin/articles/article/{articles[0].pk}/change/" in form

    report = import_lines(*old, other, spaced)
    assert (report["created"], report["updated"], report["unchanged"]) == (0, 0, 4)
    kept = Article.objects.values_list("url", "record_key").get(pk=articles[3].pk)
    assert kept == ("", f"sha:{dropped}"), "another article has the key of this address"
    migration.give_older_keys(apps, connection.schema_editor)
    assert Article.objects.get(pk=articles[0].pk).record_key == older_address_key(SPELLINGS[1])


@pytest.mark.django_db
def test_an_address_that_an_earlier_release_dropped_is_stored(import_lines: Import) -> None:
    page = record("www.nahr.example.org/خبر/دار الكتب")
    known = sha256_of(jsonl_line(**page).encode())
    Article.objects.create(**page | {"url": ""}, record_key=f"sha:{known}", sha256=known)
    assert import_lines(page)["updated"] == 1
    article = Article.objects.get()
    assert article.url == "http://www.nahr.example.org/خبر/دار%20الكتب"
    assert article.record_key == address_key(PAGE)
    assert import_lines(page)["unchanged"] == 1
    assert import_lines(record(PAGE, "فتحت الدار."))["updated"] == 1


@pytest.mark.django_db
def test_mail_that_an_earlier_release_took_for_plain_text_is_not_imported_twice(tmp_path: Path) -> None:
    mail = tmp_path / "خبر.txt"
    mail.write_bytes(make_eml("وصلت القافلة إلى حمص.", "خبر"))
    known = sha256_of(mail.read_bytes())
    Article.objects.create(title="Subject", body="وصلت.", record_key=f"sha:{known}", sha256=known)
    for outcome in ("updated", "unchanged"):  # it gets the key that it has in other files, once
        report = import_paths(mail)
        assert (report["created"], report[outcome]) == (0, 1)
    article = Article.objects.get()
    assert (article.body, article.record_key[:3]) == ("وصلت.", "id:")


def test_equal_bytes_at_a_whole_address_are_another_page() -> None:
    pages = [
        RawRecord("a.warc", 1, b"x", title="خبر", url=url) for url in (f"{HOST}/1", "www.nahr.example.org/1")
    ]
    whole, completed = (older_record_keys(parse_and_sanitize(page)) for page in pages)
    assert whole == (older_address_key(f"{HOST}/1"),)
    assert f"sha:{sha256_of(b'x')}" in completed


@pytest.mark.django_db
def test_the_migration_keeps_keys_that_are_taken_and_lets_readers_go_first() -> None:
    addresses = f"{HOST}/1", f"{HOST}/2"
    held, moved = (
        Article.objects.create(title="أ", url=url, record_key=older_address_key(url)) for url in addresses
    )
    holder = Article.objects.create(title="ب", url=f"{addresses[0]}/", record_key=address_key(addresses[0]))
    migration = import_module("articles.migrations.0020_address_keys")
    Outbox.objects.all().delete()
    migration.give_normal_keys(apps, connection.schema_editor)
    held.refresh_from_db()
    moved.refresh_from_db()
    assert (held.record_key, held.same_address_as) == (older_address_key(held.url), holder)
    assert moved.record_key == address_key(moved.url)
    noted = set(Outbox.objects.values_list("article_id", "interactive"))
    assert noted == {(held.pk, False), (moved.pk, False)}
    Article.objects.filter(pk=moved.pk).update(url=f"{HOST}/3")
    migration.give_older_keys(apps, connection.schema_editor)
    moved.refresh_from_db()
    assert moved.record_key == address_key(addresses[1]), "the desk changed the address"


@pytest.mark.parametrize(
    "written", ["جريدة النهـر", "جَرِيدة النهر", "\u202bجريدة  النهر\u202c", "«جريدة النهر»", "ﺟﺮﻳﺪة اﻟﻨﻬﺮ"]
)
def test_names_that_read_alike_are_one(written: str) -> None:
    assert name_as_read(written) == name_as_read("جريدة النهر")


def test_letters_that_a_writer_chooses_are_only_offered() -> None:
    assert name_as_read("الأنباء") != name_as_read("الانباء")
    assert name_as_spelt_loosely("وكالة الأنباء") == name_as_spelt_loosely("وكاله الانباء")
    assert name_as_read("مصطفى") != name_as_read("مصطفي")


@pytest.mark.django_db
def test_a_source_is_found_by_a_name_that_reads_alike(import_lines: Import, desk: Client) -> None:
    names = {"أ": "وكالة الأنباء", "ب": "وكـالة الأنباءِ", "ج": "وكالة الانباء"}
    import_lines(*({"title": text, "body": text, "source": name} for text, name in names.items()))
    assert set(Source.objects.values_list("name", flat=True)) == {"وكالة الأنباء", "وكالة الانباء"}
    Source.objects.create(name="وكالة أخرى")
    listed = desk.get("/admin/articles/source/", {"names": "alike"}).context["cl"].queryset
    assert {each.name for each in listed} == {"وكالة الأنباء", "وكالة الانباء"}


@pytest.mark.django_db
def test_unknown_names_cost_no_reading_of_all_sources_each() -> None:
    old = Source.objects.create(name="جريدة النهر")
    merged = Source.objects.create(name="البحر")
    MergedSource.objects.create(name="مجلة الشاطئ", source=merged)
    sources = SourceResolver()
    assert sources.source_id("جريدة النهـر") == old.pk
    assert sources.source_id("«مجلة الشاطئ»") == merged.pk
    with CaptureQueriesContext(connection) as queries:
        made = [sources.source_id(f"صحيفة {number}") for number in range(3)]
        assert made[0] == sources.source_id("صَحيفة 0"), "made since the names were read"
    names = f'SELECT "{Source._meta.db_table}"."name"'
    assert not [query["sql"] for query in queries if query["sql"].startswith(names)]
    Source.objects.filter(pk=old.pk).delete()
    sources.clear_cache()
    assert sources.find("جريدة النهـر") is None
