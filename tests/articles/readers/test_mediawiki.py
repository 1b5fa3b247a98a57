"""MediaWiki's export: every article in its last state, without markup, and what is no article is counted."""

from __future__ import annotations

from xml.sax.saxutils import escape

import pytest

from articles.readers.exports.wiki_text import wiki_text
from tests.articles.readers.sample_files import MORE, TEXT, parse_file, rejection_code

INFO = (
    "<siteinfo><sitename>ويكي النهر</sitename><dbname>nahr</dbname>"
    "<base>https://wiki.example.org/wiki/%D8%A7</base><generator>MediaWiki 1.39.1</generator></siteinfo>"
)


def page(number: int, title: str, *texts: str, namespace: int = 0, inside: str = "") -> str:
    """Return a page with a revision for each text, a day after the other."""
    revisions = "".join(
        f"<revision><id>{number}{day}</id><timestamp>2013-08-0{day}T23:30:00Z</timestamp>"
        "<contributor><username>هدى</username><id>7</id></contributor>"
        f'<text bytes="9">{escape(text)}</text></revision>'
        for day, text in enumerate(texts, start=1)
    )
    return f"<page><title>{title}</title><ns>{namespace}</ns><id>{number}</id>{inside}{revisions}</page>"


def dump(*pages: str, version: str = "0.11") -> bytes:
    """Return the export of a wiki."""
    name = f"http://www.mediawiki.org/xml/export-{version}/"
    head = f'<mediawiki xmlns="{name}" version="{version}" xml:lang="ar">{INFO}'
    return f"{head}{''.join(pages)}</mediawiki>".encode()


@pytest.mark.parametrize("name", ["wiki.xml", "wiki.txt", "wiki"])
@pytest.mark.parametrize("version", ["0.3", "0.10", "0.11"])
def test_pages_are_articles_in_their_last_state(name: str, version: str) -> None:
    pages = page(1, "جسر المدينة", "قديم", f"'''جسر''' [[نهر|النهر]].\n\n{TEXT}"), page(2, "السوق", MORE)
    found = parse_file(name, dump(*pages, version=version))
    assert [(each.title, each.body, each.date, each.source, each.external_id) for each in found] == [
        ("جسر المدينة", f"جسر النهر.\n\n{TEXT}", "2013-08-02", "ويكي النهر", "mediawiki:nahr:1"),
        ("السوق", MORE, "2013-08-01", "ويكي النهر", "mediawiki:nahr:2"),
    ]
    assert found[0].url.startswith("https://wiki.example.org/wiki/%D8%AC")
    assert {each.format for each in found} == {"mediawiki"}


@pytest.mark.parametrize(
    ("told", "key"),
    [
        ("<dbname>enwikinews</dbname>", "mediawiki:enwikinews:1"),
        ("<base>https://de.wikinews.org/wiki/Hauptseite</base>", "mediawiki:de.wikinews.org:1"),
        ("", ""),
    ],
)
def test_wikis_of_one_name_count_their_pages_each_for_itself(told: str, key: str) -> None:
    info = f"<siteinfo><sitename>Wikinews</sitename>{told}</siteinfo>"
    (found,) = parse_file("wiki.xml", dump(page(1, "جسر", TEXT)).replace(INFO.encode(), info.encode()))
    assert (found.source, found.external_id) == ("Wikinews", key)


def test_redirects_and_other_namespaces_are_counted() -> None:
    pages = (
        page(1, "جسر", TEXT),
        page(2, "نقاش:جسر", MORE, namespace=1),
        page(3, "الجسر", "#تحويل [[جسر]]"),
        page(4, "قنطرة", "#REDIRECT [[جسر]]", inside='<redirect title="جسر" />'),
        page(5, "فارغة", "{{بذرة}}"),
    )
    (found,) = parse_file("wiki.xml", dump(*pages))
    assert [(each.code, each.detail) for each in found.problems] == [
        ("passed-over", "redirect 2, page of another namespace 1, page without text 1")
    ]


def test_a_dump_that_was_cut_off_says_so_and_one_without_articles_too() -> None:
    found = parse_file("wiki.xml", dump(page(1, "جسر", TEXT), page(2, "سوق", MORE))[:-60])
    assert sorted(rejection_code(each) for each in found) == ["", "xml-broken"]
    assert [rejection_code(each) for each in parse_file("wiki.xml", dump())] == ["no-articles"]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("{{خبر|تاريخ={{س|2013}}}}نص", "نص"),
        ("قبل {| class=x\n| خلية\n|} بعد", "قبل  بعد"),
        ("[[ملف:a.jpg|تصغير|[[جسر]] قديم]]نص", "نص"),
        ("[[تصنيف:جسور]]\n[[en:Bridge]]\nنص", "نص"),
        ("يرى [[w:حمص|أهل حمص]] ذلك", "يرى أهل حمص ذلك"),
        ("قال<ref name=a>{{مرجع}} [http://e.org]</ref> نعم<ref name=a />.", "قال نعم."),
        ("== عنوان ==\n* بند\n# ثان", "عنوان\nبند\nثان"),
        ("<!-- مخفي -->ظاهر &amp; <b>عريض</b>", "ظاهر & عريض"),
        ("[http://e.org/1 الموقع] و[http://e.org/2]", "الموقع و"),
        ("__NOTOC__''مائل'' '''عريض'''", "مائل عريض"),
        ("قوس {{ لم يغلق [[وهذا", "قوس {{ لم يغلق [[وهذا"),
        ("{{فارغ|}}نص", "نص"),
    ],
)
def test_what_is_shown_of_markup(written: str, shown: str) -> None:
    assert wiki_text(written) == shown
