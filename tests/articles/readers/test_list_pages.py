"""Front pages, sections, tags and results of a search become no articles; short reports do."""

from __future__ import annotations

import pytest

from articles.readers.web import list_page
from articles.readers.web.list_page import FRONT, LIST, SEARCH, list_kind
from tests.articles.readers.sample_files import make_warc, parse_file

HEADS = [
    f"{what} {where} بعد تأخير طويل هذا العام"
    for what in ("افتتاح سوق", "ترميم جسر", "توسيع مدرسة", "إغلاق طريق")
    for where in ("الحي الغربي", "المدينة القديمة", "الضفة الشرقية")
]
LEAD = "قالت البلدية إن الأعمال تبدأ الأسبوع المقبل وتشمل الأرصفة والإنارة وشبكة المياه كلها."
SHORT = "أعلنت البلدية إغلاق الجسر يوم الأحد للصيانة، ودعت السائقين إلى استعمال الطريق الشرقي."
SITE = "https://example.org"
PARAGRAPHS = f"<p>{LEAD}</p>" * 6


def page(inside: str, head: str = "", classes: str = "") -> bytes:
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><title>صحيفة الضفاف</title>{head}</head>'
        f'<body class="{classes}"><nav><a href="/a">الأخبار</a> <a href="/b">رأي</a></nav>{inside}'
    ).encode()


def teasers(lead: str = LEAD, count: int = 12) -> str:
    """Return a list of headlines that are links, each with a sentence."""
    return "".join(
        f'<div class="item"><h3><a href="/{at}">{title}</a></h3><p>{lead}</p></div>'
        for at, title in enumerate(HEADS[:count])
    )


TYPED = '{"@type":"NewsArticle"}'
WEBSITE = '<meta property="og:type" content="website">'
ARTICLE = '<meta property="og:type" content="article">'
LISTS = {
    "front page": (f"{SITE}/", page(teasers(), WEBSITE), FRONT),
    "front page in a folder": (f"{SITE}/ar/", page(teasers("")), FRONT),
    "front page of links alone": (SITE, page(teasers("", 6)), FRONT),
    "section": (f"{SITE}/category/local/", page(f"<h1>محليات</h1>{teasers()}"), LIST),
    "tag page": (f"{SITE}/tag/حمص/page/3", page(f"<h1>وسم: حمص</h1>{teasers(count=5)}"), LIST),
    "tag in percents": (f"{SITE}/%D9%88%D8%B3%D9%85/%D8%AD", page(f"<h1>وسم</h1>{teasers(count=5)}"), LIST),
    "archive of a year": (f"{SITE}/archive/2013/", page(f"<h1>2013</h1>{teasers(count=5)}"), LIST),
    "archive of WordPress": (f"{SITE}/local", page(teasers(), classes="archive category category-5"), LIST),
    "section of an author": (f"{SITE}/author/layla/", page(f"<h1>ليلى ناصر</h1>{teasers()}"), LIST),
    "front page with long texts that are no report": (
        f"{SITE}/",
        page(f'{teasers()}<div class="comments">{PARAGRAPHS}</div><footer>{PARAGRAPHS}</footer>'),
        FRONT,
    ),
    "front page whose texts are links or hidden": (
        f"{SITE}/",
        page(f'{teasers("")}<a href="/x">{PARAGRAPHS}</a><div style="display:none">{PARAGRAPHS}</div>'),
        FRONT,
    ),
    "results of a search": (f"{SITE}/?s=حمص", page(f"<h1>نتائج البحث</h1>{teasers()}"), SEARCH),
    "a search without results": (f"{SITE}/search?q=x", page("<h1>لا نتائج</h1><p>جرّب غيرها.</p>"), SEARCH),
    "a list that says nothing of itself": (f"{SITE}/local", page(teasers("")), LIST),
    "several articles in JSON-LD": (
        f"{SITE}/",
        page(teasers(), f'<script type="application/ld+json">[{TYPED},{TYPED}]</script>'),
        FRONT,
    ),
}  # fmt: skip
STORY = f"<h1>إغلاق الجسر</h1><p>{SHORT}</p>"
ARTICLES = {
    "short report": (f"{SITE}/news/12", page(STORY)),
    "short report with a list beside it": (f"{SITE}/news/12", page(f"{STORY}<aside>{teasers('')}</aside>")),
    "short report above other headlines": (f"{SITE}/news/12", page(f"{STORY}{teasers('')}")),
    "report that calls itself an article": (
        f"{SITE}/category/12",
        page(f"{STORY}{teasers()}", ARTICLE),
    ),
    "post of WordPress": (
        f"{SITE}/?p=12",
        page(f"{STORY}{teasers()}", classes="single-post postid-12"),
    ),
    "long report at the root": (f"{SITE}/", page(f"<h1>إغلاق الجسر</h1>{f'<p>{SHORT}</p>' * 6}{teasers()}")),
    "address of a paper with a word for lists": (f"{SITE}/archives/2013/12.html", page(STORY)),
    "report of one sentence": (f"{SITE}/news/12", page(f"<p>{SHORT}</p>", WEBSITE)),
    "report with a number for s": (f"{SITE}/news.asp?id=12&s=4", page(f"{STORY}{teasers('')}")),
    "report at a number of an archive": (f"{SITE}/archives/2345", page(f"{STORY}{teasers('')}")),
    "report of a site that calls all a website": (
        f"{SITE}/news/local-12345",
        page(f"{STORY}{teasers('')}", WEBSITE),
    ),
    "an archived tweet": (f"{SITE}/status/1", page(f"<p>{SHORT}</p>")),
}


@pytest.mark.parametrize("kind", LISTS)
def test_lists_are_told(kind: str) -> None:
    address, data, expected = LISTS[kind]
    assert list_kind(data, address) == expected


@pytest.mark.parametrize("kind", ARTICLES)
def test_articles_are_kept(kind: str) -> None:
    address, data = ARTICLES[kind]
    assert list_kind(data, address) == ""


def test_the_runs_of_a_page_with_paragraphs_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only with its story: they take a seventh of the time of an import."""
    monkeypatch.setattr(list_page, "read_runs", None)
    assert list_kind(page(f"<h1>إغلاق الجسر</h1><div>{PARAGRAPHS}</div>{teasers()}"), f"{SITE}/") == ""


def test_a_warc_says_how_many_of_which_kind_were_passed_over() -> None:
    pages = [LISTS["front page"][:2], LISTS["section"][:2], ARTICLES["short report"]]
    warc = make_warc(*((address, "text/html", data) for address, data in pages))
    found = parse_file("a.warc.gz", warc)
    assert [SHORT in record.body for record in found] == [True]
    (note,) = (problem.detail for problem in found[0].problems if problem.code == "warc-passed")
    assert (f"{FRONT} 1" in note, f"{LIST} 1" in note) == (True, True)
