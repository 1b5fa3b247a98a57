"""The day of publication of a web page: from metadata, from JSON-LD or next to its headline."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arabic.dates.date_lines import find_counted_date, find_line_dates
from articles.ingest.transform import transform_record
from articles.text.records import RawRecord, RecordProblem

TEXT = (
    "<p>قال سكان في مدينة إدلب إن الأفران عادت إلى العمل صباح اليوم بعد انقطاع دام أسبوعا كاملا.</p>"
    "<p>وأضاف مدير الفرن أن الخبز سيباع بالسعر القديم، وأن الكمية تكفي أحياء المدينة كلها.</p>"
)
JSON_LD = {
    "@graph": [
        {"@type": "WebSite"},
        {
            "@type": "NewsArticle", "datePublished": "2014-03-05T10:00:00+02:00", "dateModified": "2019",
            "publisher": {"@type": "Organization", "logo": {"url": "x"}, "name": "صدى الضفاف"},
        },
    ]
}  # fmt: skip


def day_and_source(head: str = "", beside: str = "", end: str = "") -> tuple[str, str]:
    """Return the day and the source of a page."""
    page = (
        f"<html><head><title>عودة الأفران</title>{head}</head><body><h1>عودة الأفران في إدلب</h1>{beside}"
        f"<article>{TEXT}</article>{end}</body></html>"
    )
    found = transform_record(RawRecord("a.html", 0, page.encode(), format="html"), date(2026, 11, 26))
    return str(found.publication_date.value or ""), found.record.source


@pytest.mark.parametrize(
    ("head", "beside", "day"),
    [
        pytest.param(
            '<meta property="article:modified_time" content="2019-01-01">'
            '<meta property="article:published_time" content="2014-03-05T08:00:00Z">',
            "", "2014-03-05", id="changed later",
        ),
        pytest.param("", '<p class="post-date">الأربعاء 5 آذار/مارس 2014</p>', "2014-03-05", id="Arabic"),
        pytest.param("", '<p class="date">نشر في: ٥ آذار ٢٠١٤ - 14:20</p>', "2014-03-05", id="with the time"),
        pytest.param("", "<time>5 مارس 2014</time>", "2014-03-05", id="a time without its attribute"),
        pytest.param("", '<div class="date">من 5 إلى 7 آذار 2014</div>', "", id="a period"),
        pytest.param("", '<div class="date">عاد السكان في 5 آذار 2014</div>', "", id="a sentence"),
        pytest.param("", '<div class="dates-of-war">عن 5 آذار 2014</div>', "", id="other class"),
    ],
)  # fmt: skip
def test_the_day_is_that_of_publication(head: str, beside: str, day: str) -> None:
    assert day_and_source(head, beside)[0] == day


@pytest.mark.parametrize(
    "end",
    [
        "<footer>© الموقع. آخر تحديث 12/11/2024</footer>",
        '<aside><div class="date">1 كانون الثاني 2020</div> خبر آخر</aside>',
        '<div class="more"><span class="date">1 كانون الثاني 2020</span> خبر آخر</div>',
    ],
)
def test_dates_in_footers_and_sidebars_are_not_read(end: str) -> None:
    assert day_and_source(end=end)[0] == ""


def test_json_ld_gives_day_and_publisher() -> None:
    head = f'<script type="application/ld+json">{json.dumps(JSON_LD)}</script>'
    assert day_and_source(head) == ("2014-03-05", "صدى الضفاف")
    named = '<meta property="og:site_name" content="موقع الضفاف">'
    assert day_and_source(named + head)[1] == "موقع الضفاف"


@pytest.mark.parametrize(
    "broken", ["{", "[" * 5000, '{"publisher": 3, "datePublished": {}}', "[" + "[]," * 9999 + "[]]"]
)
def test_broken_json_ld_is_skipped(broken: str) -> None:
    assert day_and_source(f'<script type="application/ld+json">{broken}</script>') == ("", "")


JSON_LD_TAG = '<script type="application/ld+json">'


@pytest.mark.parametrize(
    ("head", "beside"),
    [
        ('<meta property="article:modified_time" content="2019-05-02">', "<div>نُشر في: 5 آذار 2014</div>"),
        ("", "<div>آخر تحديث: 2 أيار 2019</div><div>نُشر في: 5 آذار 2014</div>"),
        ("", "<div>نشر بتاريخ 5 آذار 2014</div><div>تم التعديل في 2 أيار 2019</div>"),
        (
            "",
            '<time class="updated" datetime="2019-05-02">2-5</time><time datetime="2014-03-05">5-3</time>',
        ),
        ("", "<p>نشر 5-3-2014 | آخر تحديث 2-5-2019</p>"),
        ("", "<p>آخر تحديث 2-5-2019 نشر 5-3-2014</p>"),
        ("", "<p>Updated: 2 May 2019, published: 5 March 2014</p>"),
        ("", '<time itemprop="dateModified" class="modified">2 أيار 2019</time><p>الأربعاء 5 آذار 2014</p>'),
        ('<meta name="last-modified" content="2019-05-02"><meta name="date" content="2014-03-05">', ""),
        (
            JSON_LD_TAG
            + '[{"@type": "WebPage", "datePublished": "2019-05-02"}, {"@type":'
            ' "NewsArticle", "datePublished": "2014-03-05", "dateModified": "2019-05-02"}]</script>',
            "",
        ),
        (
            f'{JSON_LD_TAG}{{"@type": "NewsArticle", "headline": "خبر آخر", "datePublished": "2019-05-02"}}'
            f'</script>{JSON_LD_TAG}{{"@type": "Article", "headline": "عودة الأفران في إدلب", '
            '"datePublished": "2014-03-05"}</script>',
            "",
        ),
        (
            JSON_LD_TAG + '{"@type": "VideoObject", "datePublished": "2019-05-02"}</script>',
            "<p>5 آذار 2014</p>",
        ),
    ],
)  # fmt: skip
def test_the_day_of_a_change_never_beats_that_of_publication(head: str, beside: str) -> None:
    assert day_and_source(head, beside)[0] == "2014-03-05"


@pytest.mark.parametrize(
    "beside",
    ["آخر تحديث: 2 أيار 2019", "حُدّث في 2 أيار 2019", "Last updated 2 May 2019", "تم تعديله 2/5/2019"],
)
def test_the_day_of_a_change_alone_is_no_date(beside: str) -> None:
    assert day_and_source("", f"<p>{beside}</p>")[0] == ""


@pytest.mark.parametrize(
    "line",
    [
        "تم نشره الأربعاء 5 آذار / مارس 2014 09:22 مساءً", "نُشر في 5 آذار 2014", "نشر بتاريخ 5/3/2014",
        "تاريخ النشر: 2014-03-05", "نُشرت يوم الأربعاء 5 آذار 2014 الساعة 14:20", "تم النشر في 5 آذار 2014",
        "أضيف بتاريخ 5 آذار 2014", "Published on 5 March 2014", "Posted: March 5, 2014",
        "Publié le 5 mars 2014",
        "الأربعاء 5 آذار 2014", "الأربعاء 5 آذار/مارس 2014", "5 آذار 2014 - 14:20 بتوقيت دمشق",
        "بقلم ليلى ناصر | الأربعاء 5 آذار 2014", "إدلب • 5 آذار 2014 • أخبار", "(5 آذار 2014)",
        "٥ آذار ٢٠١٤ الساعة ٢:٢٠ ص",
    ],
)  # fmt: skip
def test_the_line_under_the_headline_has_the_day(line: str) -> None:
    assert day_and_source("", f"<div>{line}</div>")[0] == "2014-03-05"


@pytest.mark.parametrize(
    "line",
    [
        "هاتف 2014-03-05", "هاتف: 05-03-2014 فاكس: 06-03-2014", "ترخيص رقم 5/3/2014",
        "قرار رقم 12 تاريخ 5/3/2014", "سجل تجاري 5-3-2014", "جميع الحقوق محفوظة 2014 ©", "© 2005 - 2014",
        "العدد 5/3/2014", "Tel. 2014-03-05",
        "عاد السكان في 5 آذار 2014", "من 5 إلى 7 آذار 2014", "مرت سنة على 5 آذار 2014", "2014",
    ],
)  # fmt: skip
def test_other_numbers_are_no_day(line: str) -> None:
    assert day_and_source("", f"<div>{line}</div>")[0] == ""
    assert day_and_source("", "", f"<div>{line}</div>")[0] == ""


def test_a_day_called_that_of_publication_below_the_text_is_read() -> None:
    assert day_and_source("", "", "<p>نشر في: 5 آذار 2014</p>")[0] == "2014-03-05"
    assert day_and_source("", "", "<p>5 آذار 2014</p>")[0] == ""


def page_of(address: str = "", beside: str = "", fetched: str = "", head: str = "") -> RawRecord:
    """Return the parsed record of a page of a crawl."""
    body = f"<h1>عودة الأفران في إدلب</h1>{beside}<article>{TEXT}</article>"
    page = f"<html><head>{head}</head><body>{body}</body></html>"
    notes = (RecordProblem("warc-fetched", fetched),) if fetched else ()
    return transform_record(
        RawRecord("a.html", 0, page.encode(), url=address, format="html", problems=notes), date(2026, 11, 26)
    ).record


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("2014/03/05/title", "2014-03-05"), ("news/2014-03-05-title.html", "2014-03-05"),
        ("2014/3/5/", "2014-03-05"), ("a_2014_03_05.php", "2014-03-05"), ("20140305/title", "2014-03-05"),
        ("2014/03/title", "2014-03"), ("blog/2014/03/", "2014-03"), ("2014/13/05/", ""), ("2014/02/30/", ""),
        ("n/20143056", ""), ("1234567890", ""), ("2014", ""), ("0214/03/05/", ""), ("12014/03/05/", ""),
        ("?day=2014/03/05", ""), ("2014-03/05", ""),
    ],
)  # fmt: skip
def test_the_address_has_a_day_if_nothing_else_has(path: str, day: str) -> None:
    found = page_of(f"http://paper.example/{path}")
    assert found.date == day
    assert ("date-from-address" in [each.code for each in found.problems]) == bool(day)
    assert page_of(f"http://paper.example/{path}", "<p>نشر في 1 شباط 2013</p>").date == "2013-02-01"


def test_the_canonical_address_of_a_page_counts_too() -> None:
    assert page_of(head='<link rel="canonical" href="http://p.example/2014/03/05/a">').date == "2014-03-05"


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("منذ 3 أيام", "2014-03-05"), ("قبل ثلاثة أيام", "2014-03-05"), ("نُشر منذ 3 أيام", "2014-03-05"),
        ("3 days ago", "2014-03-05"), ("Posted three days ago", "2014-03-05"), ("أمس", "2014-03-07"),
        ("منذ يومين | محليات", "2014-03-06"), ("yesterday", "2014-03-07"), ("اليوم", "2014-03-08"),
        ("منذ أسبوعين", ""), ("منذ 3 ساعات", ""), ("آخر تحديث منذ 3 أيام", ""), ("منذ سنوات طويلة جدا", ""),
        ("2 weeks ago", ""),
    ],
)  # fmt: skip
def test_days_ago_count_from_the_day_of_the_crawl(line: str, day: str) -> None:
    found = page_of("", f"<div>{line}</div>", "2014-03-08")
    assert found.date == day
    assert ("date-counted" in [each.code for each in found.problems]) == bool(day)
    assert page_of("", f"<div>{line}</div>").date == ""


AUTHOR = '<meta name="author" content="{}">'


@pytest.mark.parametrize(
    "author",
    [
        "info@paper.example", "http://paper.example/a", "www.paper.example", "logo.png", "شعار الجريدة",
        "admin", "سانا", "رويترز", "وكالات", "جريدة الضفاف", "صدى الضفاف", "هيئة التحرير", "شارع بغداد، دمشق",
        "ص.ب 113", "هاتف 555", "Webmaster", "وكالة الأنباء السورية", "فرانس برس", "Username",
    ],
)  # fmt: skip
def test_what_is_no_person_is_no_author(author: str) -> None:
    head = AUTHOR.format(author) + '<meta property="og:site_name" content="صدى الضفاف">'
    assert page_of(head=head).byline == ""


@pytest.mark.parametrize(
    ("author", "byline"),
    [
        ("ليلى ناصر", "ليلى ناصر"), ("بقلم: ليلى ناصر", "ليلى ناصر"), ("ليلى ناصر، رويترز", "ليلى ناصر"),
        ("Layla Nasser", "Layla Nasser"), ("ليلى ناصر; سامر خوري", "ليلى ناصر، سامر خوري"),
    ],
)  # fmt: skip
def test_persons_are_the_authors(author: str, byline: str) -> None:
    assert page_of(head=AUTHOR.format(author)).byline == byline


@given(
    st.text(max_size=60),
    st.sampled_from(["", "نشر في 5 آذار 2014 ", "آخر تحديث 5/3/2014 "]),
    st.text(max_size=60),
)
def test_a_line_of_any_kind_gives_days_within_it(before: str, middle: str, behind: str) -> None:
    line = before + middle + behind
    for each in find_line_dates(line):
        assert 0 <= each.start < each.end <= len(line)
        assert date.fromisoformat(each.value)
    find_counted_date(line, date(2014, 3, 8))
