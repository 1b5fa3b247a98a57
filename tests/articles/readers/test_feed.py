"""RSS and Atom feeds: every entry is an article."""

from __future__ import annotations

from tests.articles.readers.sample_files import MORE, TEXT, TITLE, make_rss, parse_file, parse_only

ITEM = (
    "<item><title>{title}</title><link>http://paper.example/7</link><guid isPermaLink='false'>n7</guid>"
    "<pubDate>Fri, 24 May 2013 23:30:00 +0300</pubDate><dc:creator>سلمى الحداد</dc:creator>"
    "<description>موجز</description>"
    "<content:encoded><![CDATA[<p>{text}</p><script>x()</script><p>{more}&nbsp;&#1575;</p>]]></content:encoded></item>"
)


def test_every_entry_of_an_rss_file_is_an_article() -> None:
    first, second = parse_file(
        "أخبار.xml",
        make_rss(ITEM.format(title=TITLE, text=TEXT, more=MORE), "<item><title>ثان</title></item>"),
    )
    assert (first.title, first.body) == (TITLE, f"{TEXT}\n{MORE}\xa0ا")
    assert (first.date, first.byline, first.source) == ("2013-05-24", "سلمى الحداد", "صحيفة الضفاف")
    assert (first.url, first.external_id, first.row) == ("http://paper.example/7", "n7", 1)
    assert (second.title, second.row) == ("ثان", 2)


def test_every_entry_of_an_atom_file_is_an_article() -> None:
    data = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>أخبار</title><entry><title type="html">&lt;b&gt;'
        f"{TITLE}&lt;/b&gt;</title><link rel='self' href='http://x.example/self'/>"
        "<link href='http://x.example/1'/><id>urn:1</id><published>2013-05-24T01:00:00+03:00</published>"
        "<author><name>سلمى</name></author><content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>"
        f"<p>{TEXT}</p><p>{MORE}</p></div></content></entry></feed>"
    )
    record = parse_only("a.atom", data.encode())
    assert (record.title, record.body) == (TITLE, f"{TEXT}\n{MORE}")
    assert (record.url, record.external_id, record.byline) == ("http://x.example/1", "urn:1", "سلمى")
    assert record.date == "2013-05-24"


def test_entities_of_a_feed_are_never_expanded_or_fetched() -> None:
    declared = (
        '<!DOCTYPE rss [<!ENTITY a "حمص"><!ENTITY b "&a;&a;"><!ENTITY f SYSTEM "file:///etc/hostname">]>'
    )
    record = parse_only(
        "a.rss",
        make_rss("<item><title>نص</title><description>&b;&f;</description></item>", before=declared),
    )
    assert (record.title, record.body) == ("نص", "")


def test_a_truncated_feed_gives_the_entries_before_the_end() -> None:
    data = make_rss(ITEM.format(title=TITLE, text=TEXT, more=MORE))
    assert parse_only("a.rss", data[: data.index(b"</channel>")]).title == TITLE


def test_a_feed_is_read_in_the_encoding_of_its_bytes() -> None:
    """One that libxml2 knows by another name than Python too."""
    for head, encoding in (
        ("", "iso8859_6"),
        ("<?xml version='1.0' encoding='utf-8'?>", "iso8859_6"),
        ("<?xml version='1.0' encoding='utf-8'?>", "cp1256"),
        ("<?xml version='1.0' encoding='windows-1256'?>", "cp1256"),
        ("", "utf-16"),
    ):
        data = (
            f"{head}<rss><channel><item><title>{TITLE}</title><description>{TEXT} {TEXT}</description></item>"
        )
        record = parse_only("a.rss", f"{data}</channel></rss>".encode(encoding))
        assert (record.title, record.body) == (TITLE, f"{TEXT} {TEXT}"), (head, encoding)


def blogger_entry(inside: str, text: str = TEXT) -> str:
    return f"<entry><title>{TITLE}</title>{inside}<content type='html'>{text}</content></entry>"


def kind(name: str) -> str:
    scheme = "http://schemas.google.com/g/2005#kind"
    return f"<category scheme='{scheme}' term='http://schemas.google.com/blogger/2008/kind#{name}'/>"


def test_a_backup_of_blogger_gives_its_posts_and_not_settings_templates_comments_and_drafts() -> None:
    app = "<app:control xmlns:app='http://purl.org/atom/app#'><app:draft>yes</app:draft></app:control>"
    entries = (
        blogger_entry(kind("template"), "body { color: red }"), blogger_entry(kind("settings"), "true"),
        blogger_entry(kind("comment")), blogger_entry(kind("post")), blogger_entry(kind("page"), MORE),
        blogger_entry(kind("post") + app), blogger_entry("<blogger:type>COMMENT</blogger:type>"),
        blogger_entry("<blogger:type>POST</blogger:type><blogger:status>DRAFT</blogger:status>"),
        blogger_entry("<blogger:type>POST</blogger:type><blogger:status>LIVE</blogger:status>"),
        blogger_entry("<category term='comment'/>"),
    )  # fmt: skip
    spaces = "xmlns='http://www.w3.org/2005/Atom' xmlns:blogger='http://schemas.google.com/blogger/2018'"
    found = parse_file("blog.xml", f"<feed {spaces}><title>ن</title>{''.join(entries)}</feed>".encode())
    assert [(each.row, each.body) for each in found] == [(4, TEXT), (5, MORE), (9, TEXT), (10, TEXT)]
    (note,) = found[-1].problems
    assert note.code == "passed-over"
    assert sorted(note.detail.split(", ")) == [
        "comment 2", "draft 2", "settings 1", "template 1",
    ]  # fmt: skip
