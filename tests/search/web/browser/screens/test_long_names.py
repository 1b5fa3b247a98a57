"""Names without a space, or longer than a line, in a real Chromium: none is cut or pushes a page wide."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from articles.models import Article, ImportBatch, MistakeReport
from search.models import AccessRecord
from search.web.accounts.api_tokens import Scope, make_token
from tests.articles.admin.test_upload import file, upload
from tests.search.web.browser.looks import log_in, with_language
from tests.search.web.browser.screens.layout import layout_faults
from tests.search.web.browser.screens.screen_looks import WIDTHS
from tests.search.web.conftest import Write

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LANGUAGES = ("ar", "en")
ONE_WORD = "Paper" + "y" * 150
MANY_WORDS = (
    "جريدة الشمال اليومية المستقلة لأخبار المحافظات والأقاليم والبلدات البعيدة، الطبعة المسائية للأرياف"
)
CONTEXT = "/search/?q=الزعفران&view=context"


@pytest.fixture
def saffron(write: Write) -> list[Article]:
    """Create two articles about saffron, of papers with a name of one long word and of many words."""
    return [
        write("موسم الزعفران", "بدأ موسم الزعفران في الحقول.", source=name, day=f"2017-02-0{day}")
        for day, name in enumerate((ONE_WORD, MANY_WORDS), 1)
    ]


@pytest.fixture
def window(browser: Browser, live_server: Any) -> Iterator[Page]:
    """Yield a page of a window."""
    context = browser.new_context(base_url=live_server.url)
    yield context.new_page()
    context.close()


def look_at(page: Page, address: str, holds: str) -> list[str]:
    """Return what is wrong with a page in each language and width."""
    found = []
    for language in LANGUAGES:
        page.goto(with_language(address, language))
        expect(page.locator(holds).first).to_be_visible()
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            page.evaluate("document.fonts.ready.then(() => true)")
            found += [f"{language}, {width}: {fault}" for fault in layout_faults(page, language, width)]
    return found


@pytest.mark.parametrize("page", ["results", "article", "context", "facets"])
def test_a_long_name_of_a_paper_is_not_cut(window: Page, saffron: list[Article], page: str) -> None:
    address, holds = {
        "results": ("/search/?q=الزعفران", ".hit .meta"),
        "article": (saffron[0].get_absolute_url(), ".article .meta"),
        "context": (CONTEXT, ".kwic-meta"),
        "facets": ("/facets/source/?q=الزعفران", ".values-row"),
    }[page]
    assert look_at(window, address, holds) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_day_of_a_line_is_shown_beside_a_long_name(
    window: Page, saffron: list[Article], language: str
) -> None:
    window.goto(with_language(CONTEXT, language))
    for width, height in WIDTHS.items():
        window.set_viewport_size({"width": width, "height": height})
        for meta in window.locator(".kwic-meta").all():
            cell, day = meta.bounding_box(), meta.locator("span").last.bounding_box()
            assert cell
            assert day
            assert day["width"] > 40
            assert cell["x"] - 1 <= day["x"]
            assert day["x"] + day["width"] <= cell["x"] + cell["width"] + 1


def test_a_long_arabic_name_on_an_english_page_is_cut_at_its_end(
    window: Page, saffron: list[Article]
) -> None:
    window.goto(with_language(CONTEXT, "en"))
    name = window.get_by_text(MANY_WORDS).first
    expect(name).to_have_css("direction", "rtl")
    expect(name).to_have_css("text-align", "left")


def test_the_lines_of_a_long_arabic_name_stand_under_its_headline(
    window: Page, saffron: list[Article]
) -> None:
    window.set_viewport_size({"width": 390, "height": 844})
    window.goto(with_language("/search/?q=الزعفران", "en"))
    expect(window.locator(".hit .meta").first).to_have_css("text-align", "end")


def test_what_readers_wrote_stays_within_the_page(
    window: Page, saffron: list[Article], admin_user: User
) -> None:
    MistakeReport.objects.create(
        article=saffron[0], text="https://example.org/" + "a" * 400, reporter="user:1"
    )
    MistakeReport.objects.create(article=saffron[1], text="ا" * 500, reporter="user:1")
    log_in(window, admin_user.username)
    assert look_at(window, "/admin/articles/inference/review/", "#reports") == []


def test_a_file_with_a_long_name_fits_the_pages_of_its_import(
    window: Page, index: None, admin_user: User
) -> None:
    librarian = Client()
    librarian.force_login(admin_user)
    upload(librarian, file(f"ملف-{'x' * 120}.csv", "title,body\nخبر,وصلت القافلة إلى حماة صباح أمس.\nآخر,\n"))
    batch = ImportBatch.objects.latest("pk")
    log_in(window, admin_user.username)
    address = f"/admin/articles/importbatch/{batch.pk}/change/"
    assert look_at(window, address, ".desk-sticky") == []
    librarian.post(f"/admin/articles/importbatch/{batch.pk}/confirm/")
    assert look_at(window, address, ".desk-rows") == []
    window.set_viewport_size({"width": 820, "height": 1180})
    window.goto("/admin/articles/article/")
    title = window.locator("#result_list tbody th").first.bounding_box()
    assert title
    assert title["width"] > 100, "a title in a column of one word a line"


def test_names_of_tokens_are_not_one_word_a_line(window: Page, admin_user: User) -> None:
    make_token(admin_user, "a token that reads for the weekly statistics of papers", list(Scope), 30)
    log_in(window, admin_user.username)
    window.set_viewport_size({"width": 820, "height": 1180})
    window.goto("/admin/search/apitoken/?lang=en")
    name = window.locator("#result_list .field-name").first.bounding_box()
    assert name
    assert name["width"] > 130


def test_a_choice_of_papers_ends_within_the_form(
    window: Page, saffron: list[Article], admin_user: User
) -> None:
    log_in(window, admin_user.username)
    for width, height in WIDTHS.items():
        window.set_viewport_size({"width": width, "height": height})
        window.goto(f"/admin/articles/article/{saffron[0].pk}/change/?lang=en")
        choice, row = (
            window.locator("#id_source").bounding_box(),
            window.locator(".field-source").bounding_box(),
        )
        assert choice
        assert row
        assert choice["x"] + choice["width"] <= row["x"] + row["width"]


def test_the_list_of_accesses_is_in_words_and_in_order(window: Page, admin_user: User) -> None:
    address = "/search/export.csv?q=%D8%AD%D9%85%D8%B5&not_place=%D8%AF%D9%85%D8%B4%D9%82"
    AccessRecord.objects.create(user_name="باحث", what="search:export_file", articles=1234, address=address)
    log_in(window, admin_user.username)
    window.goto("/admin/search/accessrecord/?lang=ar")
    row = window.locator("#result_list tbody tr")
    expect(row.locator(".field-kind")).to_have_text("تصدير نتائج بحث")
    expect(row.locator(".field-address_read bdi").first).to_have_text("/search/export.csv")
    expect(row.locator(".field-address_read bdi").first).to_have_css("direction", "ltr")
    expect(row.locator(".field-address_read bdi").nth(1)).to_have_text("حمص")
    expect(window.locator("#changelist-filter")).to_contain_text("تصدير نتائج بحث")
    expect(window.locator("#changelist")).not_to_contain_text("search:export_file")
