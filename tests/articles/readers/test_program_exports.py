"""Layouts of exports that programs write beside the usual one: older ones, and those of other languages."""

from __future__ import annotations

import json
from datetime import date

import pytest

from articles.ingest.transform import transform_record
from articles.text.records import RawRecord
from tests.articles.readers.sample_files import MORE, TEXT, TITLE, make_zip, parse_file, problem_codes

NUMBERS = ("NAHR000020130803e983000b1", "NAHR000020130805e985000c2")


def dated(record: RawRecord) -> date | None:
    """Return the day that an import would give a record."""
    return transform_record(record, date(2026, 12, 2)).publication_date.first


def old_tweet(number: int, text: str, at: str) -> dict[str, object]:
    return {
        "source": '<a href="https://example.org">web</a>', "id_str": str(number), "id": number, "text": text,
        "created_at": at, "user": {"name": "صحيفة النهر", "screen_name": "nahr"},
        "entities": {"urls": [{"url": "http://t.co/abc", "expanded_url": "https://example.org/a"}]},
    }  # fmt: skip


TABLE = (
    '"tweet_id","in_reply_to_status_id","timestamp","source","text","expanded_urls"\n'
    f'"7","","2013-08-03 09:15:00 +0000","<a href=""https://example.org"">web</a>","{TEXT}",""\n'
)
MONTH = "Grailbird.data.tweets_2013_08 = \n" + json.dumps(
    [
        old_tweet(8, f"{MORE} http://t.co/abc", "2013-08-05 09:15:00 +0000"),
        old_tweet(7, TEXT, "Sat Aug 03 09:15:00 +0000 2013"),
    ]
)
ARCHIVE = make_zip({
    "README.txt": b"How to use your archive", "index.html": b"<html><body>Browse</body></html>",
    "tweets.csv": TABLE.encode(), "data/js/tweet_index.js": b"var tweet_index = []",
    "data/js/user_details.js": b'var user_details = {"screen_name":"nahr","full_name":"x"}',
    "data/js/tweets/2013_08.js": MONTH.encode(),
})  # fmt: skip


@pytest.mark.parametrize(("name", "data"), [("7_a.zip", ARCHIVE), ("2013_08.js", MONTH.encode())])
def test_an_archive_of_twitter_of_before_2019_gives_its_tweets_once(name: str, data: bytes) -> None:
    later, first = parse_file(name, data)
    assert (first.body, first.date, first.source) == (TEXT, "2013-08-03", "صحيفة النهر")
    assert (later.body, later.date) == (f"{MORE} https://example.org/a", "2013-08-05")
    assert first.url == "https://twitter.com/nahr/status/7"


def test_in_a_table_of_tweets_the_program_is_no_source() -> None:
    (old,) = parse_file("tweets.csv", TABLE.encode())
    assert (old.source, dated(old)) == ("", date(2013, 8, 3))
    header = "id,created_at,text,source,author.name,author.username"
    row = f"5,2013-08-03T09:00:00.000Z,{TEXT},Web,النهر,nahr"
    (found,) = parse_file("tweets.csv", f"{header}\n{row}\n".encode())
    assert (found.source, dated(found)) == ("النهر", date(2013, 8, 3))


def test_the_tweets_of_a_page_of_a_search_are_read() -> None:
    page = {"statuses": [old_tweet(7, TEXT, "Sat Aug 03 09:15:00 +0000 2013")], "search_metadata": {}}
    (found,) = parse_file("search.json", json.dumps(page).encode())
    assert (found.body, found.date) == (TEXT, "2013-08-03")


@pytest.mark.parametrize(
    ("words", "day", "document"),
    [
        ("312 words", "3 August 2013", "Document"),
        ("312 mots", "3 août 2013", "Document"),
        ("312 Wörter", "3. März 2013", "Dokument"),
        ("312 palabras", "3 de mayo de 2013", "Documento"),
    ],
)
@pytest.mark.parametrize("is_page", [False, True])
def test_factiva_is_read_in_the_languages_of_its_pages(
    words: str, day: str, document: str, is_page: bool
) -> None:
    lines = [
        line
        for number in NUMBERS
        for line in (
            TITLE, words, day, "صحيفة النهر", "NAHR", "Arabic", "Copyright 2013", "", TEXT, "", MORE, "",
            f"{document} {number}", "",
        )
    ]  # fmt: skip
    text = "\n".join(f"<p>{line}</p>" for line in lines) if is_page else "\n".join(lines)
    data = f"<html><body>{text}</body></html>" if is_page else text
    found = parse_file("a.html" if is_page else "a.txt", data.encode())
    assert [(each.title, each.source) for each in found] == [(TITLE, "صحيفة النهر")] * 2
    assert found[0].date in {"2013-08-03", "2013-03-03", "2013-05-03"}
    assert found[0].body.startswith(TEXT)
    assert found[0].body.endswith(MORE)


@pytest.mark.parametrize(
    ("day", "iso"),
    [
        ("August 3, 2013 Saturday 9:15 AM GMT", "2013-08-03"),
        ("samedi 3 août 2013", "2013-08-03"),
        ("Samstag 7. Dezember 2013", "2013-12-07"),
        ("3 آب 2013", "2013-08-03"),
        ("٣ أغسطس ٢٠١٣", "2013-08-03"),
    ],
)
def test_nexis_is_read_whatever_the_language_of_the_day(day: str, iso: str) -> None:
    lines = [
        TITLE, "صحيفة النهر", day, "", "Copyright 2013 النهر", "", "Length: 312 words",
        "Byline: بقلم ليلى ناصر", "", "Body", "", TEXT, "", MORE, "",
        "Load-Date: August 9, 2019", "", "End of Document", "",
    ]  # fmt: skip
    (found,) = parse_file("Nexis.txt", "\n".join(lines).encode())
    assert (found.title, found.date, found.source) == (TITLE, iso, "صحيفة النهر")
    assert (found.byline, found.body) == ("ليلى ناصر", f"{TEXT}\n\n{MORE}")


@pytest.mark.parametrize("field", ["Journal Code: 1234", "Edition Number: 3", "ISSN: 1234-5678"])
def test_fields_behind_a_text_of_nexis_are_no_text_whatever_they_are_called(field: str) -> None:
    lines = [
        TITLE, "النهر", "August 3, 2013", "", "Copyright 2013 النهر", "", "Length: 9 words", "", "Body", "",
        TEXT, "", "Classification", "", "Language: ARABIC", "", field, "", "Subject: BRIDGES (90%)", "",
        "Load-Date: August 9, 2019", "", "End of Document", "",
    ]  # fmt: skip
    (found,) = parse_file("Nexis.txt", "\n".join(lines).encode())
    assert found.body == TEXT


def test_the_word_classification_in_a_text_of_nexis_ends_nothing() -> None:
    lines = [
        TITLE,
        "النهر",
        "August 3, 2013",
        "Length: 9 words",
        "Body",
        TEXT,
        "Classification",
        MORE,
        "End of Document",
    ]
    (found,) = parse_file("Nexis.txt", "\n".join(lines).encode())
    assert found.body.endswith(MORE)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("وصلت \nالقافلة\nثم", "وصلت القافلة\nثم"),
        ("> وصلت \n> القافلة \nثم", "> وصلت القافلة \nثم"),
        ("وصلت \n-- \nليلى", "وصلت \n-- \nليلى"),
        ("وصلت ", "وصلت"),
    ],
)
def test_lines_that_a_mail_program_broke_are_one(written: str, read: str) -> None:
    head = "From: a@example.org\nSubject: x\nContent-Type: text/plain; charset=utf-8; format=flowed"
    (found,) = parse_file("a.eml", f"{head}\n\n{written}".encode())
    assert found.body == read
    (plain,) = parse_file("a.eml", f"{head.partition('; format')[0]}\n\n{written}".encode())
    assert plain.body.strip() == written.strip()


def wordpress(body: str) -> bytes:
    return (
        '<?xml version="1.0"?><rss xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        ' xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>النهر</title><item>'
        f"<title>{TITLE}</title><content:encoded><![CDATA[{body}]]></content:encoded>"
        "<wp:status>publish</wp:status><wp:post_type>post</wp:post_type>"
        "<wp:post_date>2013-08-03 09:15:00</wp:post_date></item></channel></rss>"
    ).encode()


@pytest.mark.parametrize(
    "body",
    [
        f'[su_quote cite="x"]{TEXT}[/su_quote]\n\n{MORE}',
        f'[contact-form-7 id="12" title="نموذج"]\n\n{TEXT}\n\n[adrotate banner="3"]{MORE}[ads_x][/ads_x]',
        f"[fusion_text]{TEXT}[/fusion_text][youtube https://example.org/v]\n\n[box]{MORE}[/box][spacer /]",
        f"[caption id='attachment_5' width='300']{TEXT}[/caption]\n{MORE}",
    ],
)
def test_shortcodes_of_plugins_are_no_text_but_what_they_enclose_is(body: str) -> None:
    (found,) = parse_file("a.xml", wordpress(body))
    assert found.body == f"{TEXT}\n{MORE}"


def test_brackets_of_a_writer_stay() -> None:
    text = f"{TEXT} وقال: «إنه [الجسر] الأقدم [1] [sic]»، كما نقلت [Reuters]."
    (found,) = parse_file("a.xml", wordpress(text))
    assert found.body == text


@pytest.mark.parametrize("codepage", ["708", "10000", "65001", "99999"])
def test_a_code_page_that_python_does_not_have_by_this_name_stops_no_rtf(codepage: str) -> None:
    encoded = (
        "".join(f"\\'{byte:02x}" for byte in TEXT.encode("iso8859-6")) if codepage == "708" else "A text"
    )
    fonts = "{\\fonttbl{\\f0\\fcharset180 Arabic Transparent;}}"
    (found,) = parse_file(
        "a.rtf", f"{{\\rtf1\\ansi\\ansicpg{codepage}\\deff0{fonts}\\pard {encoded}\\par}}".encode()
    )
    assert found.body == (TEXT if codepage == "708" else "A text")


@pytest.mark.parametrize(
    ("sender", "name"),
    [
        ("leila at example.org (=?utf-8?b?2YTZitmE2Yk=?=)", "ليلى"),
        ("=?utf-8?b?2YTZitmE2YkgPGxAZXhhbXBsZS5vcmc+?=", "ليلى"),
        ("=?utf-8?b?2YTZitmE2Yk=?= <l@example.org>", "ليلى"),
        ("l@example.org", "l@example.org"),
    ],
)
def test_the_name_of_who_sent_a_mail_is_told_from_the_address(sender: str, name: str) -> None:
    mail = f"From: {sender}\nSubject: x\nDate: Sat, 3 Aug 2013 23:30:00 +0300\n\n{TEXT}\n"
    (found,) = parse_file("a.eml", mail.encode())
    assert found.byline == name


def test_the_word_by_is_no_part_of_a_name_in_newsml() -> None:
    item = (
        '<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="u:1"><itemMeta/><contentMeta>'
        f"<headline>{TITLE}</headline><by>بقلم: ليلى ناصر</by></contentMeta><contentSet>"
        f'<inlineData contenttype="text/plain">{TEXT}</inlineData></contentSet></newsItem>'
    )
    (found,) = parse_file("a.xml", item.encode())
    assert found.byline == "ليلى ناصر"


def chapter(body: str, kind: str = "chapter") -> str:
    return (
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><head>'
        f'<title>كتاب</title></head><body epub:type="{kind}">{body}</body></html>'
    )


def epub(pages: dict[str, str], guide: str = "") -> bytes:
    manifest = "".join(f'<item id="i{at}" href="{name}"/>' for at, name in enumerate(pages))
    spine = "".join(f'<itemref idref="i{at}"/>' for at in range(len(pages)))
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf"><metadata/>'
        f"<manifest>{manifest}</manifest><spine>{spine}</spine><guide>{guide}</guide></package>"
    )
    container = '<container><rootfiles><rootfile full-path="a.opf"/></rootfiles></container>'
    parts = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": container,
        "a.opf": package,
        **pages,
    }
    return make_zip({name: text.encode() for name, text in parts.items()})


LONG = f"<p>{TEXT} {MORE}</p>"
STORY = chapter(f"<h1>{TITLE}</h1>{LONG}")
LINKS = "".join(f'<li><a href="a/{at}.html">{TITLE}</a><p>{TEXT}</p></li>' for at in (1, 2))
APART = {
    "title page": chapter(LONG, "frontmatter titlepage"),
    "copyright in a section": chapter(f'<section epub:type="copyright-page">{LONG}</section>', "frontmatter"),
    "contents": chapter(f"<ul>{LINKS}</ul>"),
    "contents as navigation": chapter(f'<nav epub:type="toc">{LONG}</nav>', "backmatter"),
}


@pytest.mark.parametrize("page", APART.values(), ids=APART)
def test_a_page_of_a_book_that_is_no_chapter_is_passed_over(page: str) -> None:
    found = parse_file("a.epub", epub({"x.html": page, "a/1.html": STORY, "a/2.html": STORY}))
    assert [each.title for each in found] == [TITLE, TITLE]
    assert problem_codes(found[-1]) == {"passed-over"}


def test_a_page_that_the_guide_calls_copyright_is_passed_over_but_not_a_whole_book() -> None:
    guide = '<reference type="copyright-page" href="x.html#top"/>'
    assert len(parse_file("a.epub", epub({"x.html": STORY, "1.html": STORY}, guide))) == 1
    (found,) = parse_file("a.epub", epub({"x.html": STORY}, guide))
    assert found.title == TITLE


def test_the_bar_of_links_in_a_newspaper_of_calibre_is_no_text() -> None:
    bar = '<div class="calibre_navbar"><a href="2.html">التالي</a><a href="../x.html">القسم</a></div>'
    page = chapter(f"{bar}<h1>{TITLE}</h1>{LONG}{bar}")
    (found, _other) = parse_file(
        "a.epub", epub({"x.html": chapter("<p>x</p>"), "a/1.html": page, "a/2.html": STORY})
    )
    assert found.body == f"{TEXT} {MORE}"


def test_a_chapter_below_a_bar_of_links_is_read_however_deep_its_elements_stand() -> None:
    bar = '<div class="calibre_navbar"><a href="2.html">التالي</a></div>'
    page = chapter(f"{bar}{'<div>' * 400}<h1>{TITLE}</h1>{LONG}")
    (found,) = parse_file("a.epub", epub({"a/1.html": page}))
    assert (found.title, found.body) == (TITLE, f"{TEXT} {MORE}")


def test_a_chapter_that_refers_to_others_is_a_chapter() -> None:
    refers = chapter(f'<h1>{TITLE}</h1>{LONG * 8}<p><a href="a/1.html">1</a> <a href="a/2.html">2</a></p>')
    found = parse_file("a.epub", epub({"x.html": refers, "a/1.html": STORY, "a/2.html": STORY}))
    assert len(found) == 3


def test_a_chapter_that_calibre_divided_by_its_size_is_one() -> None:
    pages = {
        "1_split_000.html": STORY, "1_split_001.html": chapter(f"<p>{MORE}</p>"),
        "1_split_002.html": STORY, "2_split_000.html": chapter(LONG),
    }  # fmt: skip
    found = parse_file("a.epub", epub(pages))
    assert [each.file.rpartition("/")[2] for each in found] == [
        "1_split_000.html", "1_split_002.html", "2_split_000.html",
    ]  # fmt: skip
    assert found[0].body == f"{TEXT} {MORE}\n{MORE}"
    assert found[0].title == TITLE
