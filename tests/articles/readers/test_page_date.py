"""The day of publication of a web page: from metadata, from JSON-LD or next to its headline."""

from __future__ import annotations

import json
from datetime import date

import pytest

from articles.ingest.transform import transform_record
from articles.text.records import RawRecord

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
        pytest.param("", '<div class="dates-of-war">5 آذار 2014</div>', "", id="other class"),
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
