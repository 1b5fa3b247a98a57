"""The text of a web page: nothing of the story is lost or joined, nothing around it is taken."""

from __future__ import annotations

import pytest

from articles.ingest.transform import parse_and_sanitize
from articles.readers.content.page_tree import parse_page
from articles.readers.web.page_runs import join_runs, read_runs
from articles.readers.web.story import find_story
from articles.text.records import RawRecord
from tests.growth import LARGEST_RATIO, growth

HEADLINE = "المجلس يقر ترميم سوق النحاسين"
FIRST = "أقر المجلس المحلي مساء الثلاثاء خطة لترميم سوق النحاسين بعد أن تضرر سقفه في أمطار الشتاء الماضي."
SECOND = (
    "وقال مهندس البلدية إن العمل يبدأ من الباب الشرقي ويستمر خمسة أسابيع من غير أن تغلق الدكاكين أبوابها."
)
THIRD = "وطلب التجار إعفاءهم من رسوم النظافة طوال مدة الأعمال لأن الزبائن سيقل عددهم كما حدث في العام الأسبق."
TEASER = "ملخص خبر آخر طويل بما يكفي ليبدو كأنه من نص هذه الصفحة، ورقمه في القائمة هو"


def record(body: str, title: str = HEADLINE, head: str = "") -> RawRecord:
    page = f"<!doctype html><html lang=ar><head><title>{title}</title>{head}</head><body>{body}</body></html>"
    return parse_and_sanitize(RawRecord("a.html", 0, page.encode(), format="html"))


def lines(body: str, title: str = HEADLINE) -> list[str]:
    return record(body, title).body.split("\n")


STORY = f"<p>{FIRST}</p>{{}}<p>{SECOND}</p>"
PLACES = {
    "article": f"<article><h1>{HEADLINE}</h1>{STORY}</article>",
    "flat": f"<h1>{HEADLINE}</h1>{STORY}",
    "div": f"<div id=page><h1>{HEADLINE}</h1><div class=entry-content>{STORY}</div></div>",
    "table": f"<table><tr><td><a href=1>الرئيسية</a></td><td><h1>{HEADLINE}</h1>{STORY}</td></tr></table>",
    "no h1": f"<div class=head>{HEADLINE}</div><div>{STORY}</div>",
    "form": f"<form action=x><div><h1>{HEADLINE}</h1><div>{STORY}</div></div></form>",
}
PARTS = {
    "list": ("<ul><li>الباب الشرقي</li><li>خان الزيت</li></ul>", ["- الباب الشرقي", "- خان الزيت"]),
    "numbers": ("<ol><li>السقف</li><li>الأرض</li></ol>", ["1. السقف", "2. الأرض"]),
    "numbers from": ("<ol start=4><li>السقف</li><li>الأرض</li></ol>", ["4. السقف", "5. الأرض"]),
    "list of paragraphs": ("<ul><li><p>السقف</p></li><li><p>الأرض</p></li></ul>", ["- السقف", "- الأرض"]),
    "list in div": ("<div><div><ul><li>السقف</li></ul></div></div>", ["- السقف"]),
    "linked names": ("<ul><li><a href=1>حلب</a></li><li><a href=2>حماة</a></li></ul>", ["- حلب", "- حماة"]),
    "quote": ("<blockquote>لن نغلق دكانا واحدا</blockquote>", ["لن نغلق دكانا واحدا"]),
    "quote of paragraphs": ("<blockquote><p>لن نغلق</p><footer>التاجر</footer></blockquote>", ["لن نغلق"]),
    "aside quote": ("<div class=pullquote>السوق لنا جميعا</div>", ["السوق لنا جميعا"]),
    "inline quote": ("<p>قال <q>نعم</q> ومضى</p>", ["قال «نعم» ومضى"]),
    "verse": ("<pre>يا سوق أهلي\nويا باب النهار</pre>", ["يا سوق أهلي", "ويا باب النهار"]),
    "caption": ("<figure><img><figcaption>السوق قبل المطر</figcaption></figure>", ["[السوق قبل المطر]"]),
    "wp caption": ("<div class=wp-caption><p class=wp-caption-text>سقف السوق</p></div>", ["[سقف السوق]"]),
    "two captions": (
        "<figure><figcaption>الأولى</figcaption></figure><figure><figcaption>الثانية</figcaption></figure>",
        ["[الأولى]", "[الثانية]"],
    ),
    "credit": ("<div class=photo-credit>تصوير ن. سالم</div>", ["[تصوير ن. سالم]"]),
    "caption of a table": (
        "<table><caption>الكلفة</caption><tr><td>سقف</td><td>9</td></tr><tr><td>باب</td><td>4</td></tr></table>",
        ["[الكلفة]", "سقف | 9", "باب | 4"],
    ),
    "definitions": ("<dl><dt>الطول</dt><dd>مئة متر</dd></dl>", ["الطول", "مئة متر"]),
    "groups of definitions": (
        "<dl><div><dt>أ</dt><dd>ب</dd></div><div><dt>ج</dt><dd>د</dd></div></dl>", list("أبجد"),
    ),
    "subheading": ("<h2>موعد العمل</h2>", ["موعد العمل"]),
    "details": ("<details><summary>الدكاكين</summary>ستون دكانا</details>", ["الدكاكين", "ستون دكانا"]),
    "beside": ("<div>سطر قبل<div>سطر داخل</div>سطر بعد</div>", ["سطر قبل", "سطر داخل", "سطر بعد"]),
    "spans beside": ("<div><span>واحد</span><div>اثنان</div><i>ثلاثة</i></div>", ["واحد", "اثنان", "ثلاثة"]),
    "bare text": ("سطر بلا وسم", ["سطر بلا وسم"]),
    "text in center": ("<center>سطر في الوسط</center>", ["سطر في الوسط"]),
    "block by style": (
        '<b style="display:block">واحد</b><b style="display: flex">اثنان</b>', ["واحد", "اثنان"],
    ),
    "breaks": ("<div>سطر<br>ثان<br><br>ثالث</div>", ["سطر", "ثان", "ثالث"]),
    "times": ("<div><time>أمس</time><time>اليوم</time></div>", ["أمس اليوم"]),
    "nested inline": ("<p>حي <b>ال<i>نحاسين</i></b> كله</p>", ["حي النحاسين كله"]),
    "data": (
        "<table><tr><th>المادة</th><th>السعر</th></tr><tr><td>قصدير</td><td>45</td></tr></table>",
        ["المادة | السعر", "قصدير | 45"],
    ),
    "data in paragraphs": (
        "<table><tr><td><p>نحاس</p></td><td><p>7</p></td></tr><tr><td>خشب<br>صنوبر</td><td>3</td></tr></table>",
        ["نحاس | 7", "خشب صنوبر | 3"],
    ),
    "data in a layout": (
        "<table><tr><td><table><tr><td>أ</td><td>1</td></tr><tr><td>ب</td><td>2</td></tr></table></td></tr></table>",
        ["أ | 1", "ب | 2"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("place", PLACES)
def test_every_part_of_a_story_is_kept_and_stands_apart(place: str, part: str) -> None:
    markup, expected = PARTS[part]
    assert lines(PLACES[place].format(markup)) == [FIRST, *expected, SECOND]


LAYOUTS = {
    "fonts": f"<table><tr><td><font size=5>{HEADLINE}</font><br>{FIRST}<br><br>{SECOND}<br>{THIRD}</td>"
    "<td width=150><a href=3>وفيات</a><br><a href=4>أبراج</a></td></tr></table>",
    "open paragraphs": f"<table><tr><td><a href=/>الرئيسية</a> <a href=/a>أرشيف</a></td><td>"
    f"<h1>{HEADLINE}</h1><p>{FIRST}<p>{SECOND}<p>{THIRD}</td></tr></table>",
    "row by row": f"<table><tr><td><b>{HEADLINE}</b></td></tr><tr><td>{FIRST}</td></tr>"
    f"<tr><td>{SECOND}</td></tr><tr><td>{THIRD}</td></tr></table>",
    "nested": "<table><tr><td><table><tr><td><a href=1>الرئيسية</a><br><a href=2>رياضة</a><br>فن"
    f"</td></tr></table></td><td><table><tr><td><h2>{HEADLINE}</h2></td></tr><tr><td>{FIRST}<p>{SECOND}<p>{THIRD}"
    "</td></tr></table></td></tr></table>",
    "bars around": "<table><tr><td><a href=1>الرئيسية</a></td><td><a href=2>أرشيف</a></td></tr></table>"
    f"<table><tr><td><h3>{HEADLINE}</h3>{FIRST}<br><br>{SECOND}<br><br>{THIRD}</td></tr></table>"
    "<center>جميع الحقوق محفوظة © 2015 جريدة الوادي</center>",
    "two columns": f"<table><tr><td colspan=2><h1>{HEADLINE}</h1></td></tr><tr><td>{FIRST}</td>"
    f"<td>{SECOND} {THIRD}</td></tr></table>",
}  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_page_laid_out_in_tables_gives_the_story_alone_in_paragraphs(layout: str) -> None:
    found = lines(LAYOUTS[layout])
    expected = [FIRST, f"{SECOND} {THIRD}"] if layout == "two columns" else [FIRST, SECOND, THIRD]
    assert found == expected


def teasers(tag: str, count: int = 12) -> str:
    return "".join(
        f"<{tag}><h3><a href=/{at}>عنوان خبر آخر رقم {at} عن المدينة</a></h3><p>{TEASER} {at}.</p></{tag}>"
        for at in range(count)
    )


AROUND = {
    "list before": (f"<div>{teasers('div')}</div>", ""),
    "list after": ("", f"<div>{teasers('div')}</div>"),
    "articles after": ("", f"<section>{teasers('article')}</section>"),
    "items after": ("", f"<ul>{teasers('li')}</ul>"),
    "menu before": ("<ul>"
        + "".join(f"<li><a href=/{at}>قسم {at}</a></li>" for at in range(30)) + "</ul>", ""),
    "comments": ("", "<div id=comments>" + f"<p>تعليق طويل من قارئ يرى أن {TEASER}.</p>" * 9 + "</div>"),
    "share bar": ("<div class=share-buttons>شارك الخبر <a href=x>فيسبوك</a></div>", ""),
    "related": ("", f"<div class=related-posts><p>{TEASER}.</p></div>"),
    "footer": ("", "<footer>عن الجريدة: جريدة أسبوعية تصدر في الوادي منذ سنوات وتهتم بشؤون الناس.</footer>"),
    "imprint": ("", "<div>جميع الحقوق محفوظة © 2019 جريدة الوادي</div>"),
    "hidden": ("", f'<div style="display: none">{THIRD}</div><div hidden>{THIRD}</div>'),
    "read also": ("", "<p>اقرأ أيضا: <a href=/2>خبر آخر عن سوق قديم في المدينة</a></p>"),
}  # fmt: skip


@pytest.mark.parametrize("around", AROUND)
def test_the_text_under_the_headline_beats_lists_of_links_and_menus(around: str) -> None:
    before, after = AROUND[around]
    assert lines(f"{before}<div id=main><h1>{HEADLINE}</h1><p>{FIRST}</p><p>{SECOND}</p></div>{after}") == [
        FIRST,
        SECOND,
    ]


def test_a_lead_between_headline_and_story_is_kept() -> None:
    body = f"<div class=body><p>{SECOND}</p><p>{THIRD}</p><p>{SECOND}</p></div>"
    page = f"<header><h1>{HEADLINE}</h1><p>{FIRST}</p></header>{body}"
    assert lines(page) == [FIRST, SECOND, THIRD, SECOND]


def test_an_article_that_is_a_list_of_linked_items_is_kept() -> None:
    found = lines(f"<article><h1>{HEADLINE}</h1><div>{teasers('div', 30)}</div></article>")
    assert sum(TEASER in line for line in found) == 30


def test_much_text_left_out_is_said() -> None:
    others = "".join(f"<div><p>{THIRD} {SECOND}</p></div>" for _number in range(6))
    page = f"<section>{others}</section><article><h1>{HEADLINE}</h1><p>{FIRST}</p><p>{SECOND}</p></article>"
    codes = [problem.code for problem in record(page).problems]
    assert "html-left-out" in codes
    assert "html-left-out" not in [each.code for each in record(PLACES["flat"].format("")).problems]


@pytest.mark.parametrize(
    "unit",
    [
        "<table><tr><td>أ</td><td>ب</td></tr>", "<div class=share>", "<ul><li>أ",
        "<p>ست كلمات في كل فقرة هنا</p>", "<div><a href=x>ثلاث كلمات هنا</a>نص</div>",
        "<span>أ</span><br>", "<article><figcaption>",
    ],
)  # fmt: skip
def test_reading_a_page_takes_linear_time(unit: str) -> None:
    def read(size: int) -> None:
        page = f"<html><body><h1>{HEADLINE}</h1>{unit * size}</body></html>"
        find_story(read_runs(parse_page(page)[0]), HEADLINE, FIRST)

    assert growth(read, 400) < LARGEST_RATIO


def test_runs_of_a_page_keep_every_visible_letter() -> None:
    page = f"<html><body>أ<div>ب<p>ج</p>د</div><b>هـ</b><script>x</script>{FIRST}</body></html>"
    tree, _is_whole = parse_page(page)
    text = join_runs(read_runs(tree).runs)
    assert "".join(text.split()) == "".join(f"أبجدهـ{FIRST}".split())
