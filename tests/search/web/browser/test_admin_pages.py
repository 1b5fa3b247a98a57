"""The admin's pages and the comparison in a real Chromium: axe, width and pictures.

In both languages and both colour schemes, on a screen and on a phone.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from articles.backfill import reapply_rules
from articles.backfill.rule_learning import MIN_TEXTS
from articles.geotagging.geotagger import record_override, withdraw_override
from articles.models import Article, CleaningRule, ImportBatch, Inference, Place, Source, TextCut
from search.indexing.outbox_consumer import drain_outbox
from tests.articles.admin.test_upload import file, upload
from tests.search.web.browser.looks import LANGUAGES, follow, log_in, look_at, window, with_language

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

REPORT = (
    "وصلت قافلة مساعدات إلى مدينة حمص صباح الخميس، وتسلمت العائلات في الحي القديم حصصها من الطحين والزيت.",
    "وقال سائق من دمشق إن الطريق كان مفتوحا، وإن القافلة عبرت بلدة تلبيسة من دون توقف.",
    "وأضاف أن 30 شاحنة بقيت عند مدخل المدينة حتى المساء في انتظار الإذن بالدخول.",
)
LATER = (REPORT[0].replace("صباح", "مساء"), REPORT[1], "وعادت 12 شاحنة إلى دمشق محملة كما جاءت.", REPORT[2])
FURNITURE = ("شارك الخبر مع أصدقائك", "المزيد حول هذه القصة")
NOTICE = "للتواصل مع هيئة التحرير: العنوان أدناه"
#: Columns that are not assigned yet.
TABLE = "ترويسة,متن المقال,يوم النشر\nسوق حلب,فتحت السوق أبوابها في حلب.,2013-05-24\n"
#: Inferred from the text and uncertain: see articles/metadata.
DOUBTFUL = (
    "سوق حلب يفتح أبوابه بعد عامين\n"
    "باريس، 24 أيار 2012 - «الشروق»: عاد المخبز الأول إلى العمل. وقف الناس صفا طويلا أمام بابه.\n"
    "المصدر: جريدة الصباح الجديد"
)


def record(number: str, source: str, title: str, *lines: str, day: str = "") -> dict[str, str]:
    fields = {"id": number, "source": source, "title": title, "body": "\n".join(lines), "date": day}
    return {name: value for name, value in fields.items() if value}


@pytest.fixture
def told(index: None, db: None, tmp_path: Path, admin_user: User) -> dict[str, str]:
    """Return the addresses of pages that show near-duplicates, cuts, doubtful values and place overrides.

    There are two versions of a report, one with boilerplate that rules cut; texts with doubtful values; and
    decisions about places.
    """
    river, ears = "صحيفة الضفاف", "وكالة سنابل للأنباء"
    rule = {"kind": "line", "state": "active", "made_by": admin_user}
    CleaningRule.objects.create(pattern=FURNITURE[0], source=Source.objects.create(name=river), **rule)
    lines = [
        record("1", river, "قافلة مساعدات تصل إلى حمص", *REPORT, *FURNITURE, day="2012-05-24"),
        record("2", ears, "وصول قافلة مساعدات إلى حمص القديمة", *LATER, NOTICE, day="2012-06-03"),
        *({"id": f"d{number}", "body": DOUBTFUL.replace("24", str(10 + number))} for number in range(3)),
    ]
    path = tmp_path / "news.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in lines))
    call_command("import_articles", str(path), "--json")
    call_command("find_duplicates", "--all")
    drain_outbox()
    first, second = Article.objects.get(external_id="1"), Article.objects.get(external_id="2")
    homs, damascus = Place.objects.get(slug="حمص"), Place.objects.get(slug="دمشق")
    withdraw_override(
        record_override(first, homs, "not-meant", by=admin_user, reason="شركة بهذا الاسم", name="حمص"),
        by=admin_user,
    )
    record_override(first, damascus, "not-meant", by=admin_user, reason="السائق من أهلها، ولم يذهب أحد إليها")
    tried = CleaningRule.objects.create(pattern=NOTICE, note="تحت كل خبر", made_by=admin_user)
    cut, back = TextCut.objects.filter(article=first)
    reapply_rules.restore_cut(back, by=admin_user, reason="جزء من الخبر")
    librarian = Client()
    librarian.force_login(admin_user)
    upload(librarian, file("مقالات.csv", TABLE))
    desk, entry = "/admin/articles", f"/admin/articles/article/{first.pk}"
    return {
        "compare": f"/articles/{first.pk}/compare/{second.pk}/",
        "article": f"/articles/{Article.objects.get(external_id='d1').pk}/",
        "versions": f"/articles/{first.pk}/",
        "places-of-article": f"{entry}/places/",
        "dates-of-article": f"{entry}/dates/",
        "places": f"{desk}/place/",
        "place": f"{desk}/place/{homs.pk}/change/",
        "review": f"{desk}/inference/review/",
        "review-source": f"{desk}/inference/review/?field=source",
        "facts": f"{desk}/inference/",
        "fact": f"{desk}/inference/{Inference.objects.latest('pk').pk}/change/",
        "columns": f"{desk}/importbatch/{ImportBatch.objects.latest('pk').pk}/change/",
        "rules": f"{desk}/cleaningrule/",
        "rule": f"{desk}/cleaningrule/{tried.pk}/change/",
        "rule-new": f"{desk}/cleaningrule/add/",
        "trial": f"{desk}/cleaningrule/{tried.pk}/trial/",
        "retire": f"{desk}/cleaningrule/{cut.rule_id}/retire/",
        "put-back": f"{entry}/cuts/{cut.pk}/",
        "article-cuts": f"{entry}/change/",
    }


def test_admin_pages_are_accessible_and_fit_their_width(
    browser: Browser, live_server: Any, told: dict[str, str], admin_user: User, subtests: pytest.Subtests
) -> None:
    for language in LANGUAGES:
        with subtests.test(language=language):
            look_at_the_desk(browser, live_server.url, told, admin_user.username, language)


def look_at_the_desk(browser: Browser, address: str, told: dict[str, str], user: str, language: str) -> None:
    found: list[object] = []
    said: list[str] = []
    with window(browser, address, language) as page:
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        log_in(page, user)
        for name, url in told.items():
            said.clear()  # messages about the page before
            answer = page.goto(with_language(url, language))
            assert answer
            assert answer.status == 200, name
            page.evaluate(
                "document.querySelectorAll('#content details, main details').forEach(e => e.open = true)"
            )
            found += [(name, text) for text in said]
            # Of the admin's own frame only our additions are checked.
            ours: Any = "body"
            if url.startswith("/admin/"):
                ours = {"include": ["#content"], "exclude": ["#toolbar", ".related-widget-wrapper"]}
            found += look_at(page, f"desk-{name}", language, part=ours)
        page.goto(with_language(told["compare"], language))
        sides = page.locator(".differences-side").evaluate_all(
            "es => es.map(e => getComputedStyle(e).direction)"
        )
        assert set(sides) == {"rtl"}, "that of the text, whatever we say in it"
        side = "right" if language == "ar" else "left"
        for name, found_at in (
            ("review", "input[value^='2012-']"),
            ("columns", ".desk-columns td div >> text=2013-"),
        ):
            page.goto(with_language(told[name], language))
            assert page.locator(found_at).first.evaluate("e => getComputedStyle(e).textAlign") == side
    assert not found, "\n".join(map(str, found))


def test_a_button_of_the_rule_list_finds_repeated_lines(desk: Page, index: None, admin_user: User) -> None:
    paper = Source.objects.create(name="صحيفة الضفاف")
    for number in range(MIN_TEXTS + 1):
        Article.objects.create(
            source=paper, title=f"خبر {number}", body=f"وصلت القافلة رقم {number} إلى حمص.\n{NOTICE}",
            date=date(2012, 5, 1) + timedelta(days=number), date_precision="day", sha256=f"{number:064}",
        )  # fmt: skip
    log_in(desk, admin_user.username)
    desk.goto("/admin/articles/cleaningrule/?lang=ar")
    desk.select_option("#learn-source", label=paper.name)
    follow(desk.locator("form[action*=learn] input[type=submit]"))
    expect(desk.locator(".messagelist")).to_be_visible()
    assert CleaningRule.objects.filter(origin="learned", pattern__startswith="للتواصل مع هيئة").exists()
