"""Colours and focus of the desk's own pages in a real Chromium."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Page, expect

from articles.geotagging.geotagger import tag_places
from articles.models import Article, ImportBatch, Source
from tests.articles.admin.test_upload import file, upload
from tests.search.web.browser.looks import SCHEMES, log_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

#: Columns that nobody assigned: a choice for each.
COLUMNS = [f"عمود {number}" for number in range(16)]
BACKGROUND = "element => getComputedStyle(element).backgroundColor"


def backgrounds(page: Page, selector: str) -> list[str]:
    """Return the background of an element in the light and in the dark."""
    found = []
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # a str for a Literal
        page.evaluate("Promise.all(document.getAnimations().map((each) => each.finished)).then(() => true)")
        found.append(page.locator(selector).first.evaluate(BACKGROUND))
    return found


def test_the_button_that_erases_is_red(desk: Page, archive: dict[str, Article], admin_user: User) -> None:
    log_in(desk, admin_user.username)
    desk.goto(f"/admin/articles/article/{archive['bakeries'].pk}/erase/")
    assert backgrounds(desk, ".desk-danger") == ["rgb(186, 33, 33)"] * 2


def test_marks_are_darker_in_the_dark(desk: Page, archive: dict[str, Article], admin_user: User) -> None:
    tag_places(archive["bakeries"])
    log_in(desk, admin_user.username)
    desk.goto(f"/admin/articles/article/{archive['bakeries'].pk}/places/")
    assert backgrounds(desk, "mark") == ["rgb(253, 233, 169)", "rgb(107, 85, 24)"]


@pytest.mark.parametrize("width", [1440, 390])
def test_what_has_the_focus_is_not_under_the_bar_of_buttons(
    desk: Page, index: None, admin_user: User, width: int
) -> None:
    librarian = Client()
    librarian.force_login(admin_user)
    upload(librarian, file("مقالات.csv", f"{','.join(COLUMNS)}\n{','.join('قيمة' for _ in COLUMNS)}\n"))
    log_in(desk, admin_user.username)
    desk.set_viewport_size({"width": width, "height": 700})
    desk.goto(f"/admin/articles/importbatch/{ImportBatch.objects.latest('pk').pk}/change/")
    choices = desk.locator(".desk-columns :is(select, input[type=submit])")
    expect(choices).to_have_count(len(COLUMNS) + 1)
    hidden = []
    choices.first.focus()
    for _ in range(len(COLUMNS)):
        desk.keyboard.press("Tab")
        expect(desk.locator(":focus")).to_have_count(1)
        box = desk.evaluate("document.activeElement.getBoundingClientRect().bottom")
        bar = desk.evaluate("document.querySelector('.desk-sticky').getBoundingClientRect().top")
        if box > bar:
            hidden.append((desk.evaluate("document.activeElement.name"), box, bar))
    assert hidden == []


def test_a_title_in_a_list_is_a_few_lines_on_a_phone(desk: Page, index: None, admin_user: User) -> None:
    title = "تأجيل بطاقات الخبز الإلكترونية للاجئين السوريين في لبنان إلى شباط"
    paper = Source.objects.create(name="وكالة سنابل للأنباء")
    Article.objects.create(title=title, body="وصلت القافلة.", source=paper, sha256="cd" * 32)
    log_in(desk, admin_user.username)
    desk.set_viewport_size({"width": 390, "height": 844})
    desk.goto("/admin/articles/article/?lang=ar")
    link = desk.locator("#result_list tbody th a").first
    expect(link).to_have_text(title)
    assert len(link.evaluate("e => [...new Set([...e.getClientRects()].map((each) => each.top))]")) <= 5
    assert desk.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize(("language", "label"), [("ar", "اختر ملفات"), ("en", "Choose files")])
def test_files_are_chosen_by_a_button_in_the_language_of_the_page(
    desk: Page, admin_user: User, language: str, label: str
) -> None:
    """The browser's own button speaks the browser's language."""
    log_in(desk, "admin")
    desk.goto(f"/admin/articles/importbatch/upload/?lang={language}")
    button, field = desk.locator(".desk-choose"), desk.locator("input[type=file]")
    expect(button).to_have_text(label)
    expect(field).to_have_css("opacity", "0")
    field.focus()
    desk.keyboard.press("Shift+Tab")
    desk.keyboard.press("Tab")
    expect(field).to_be_focused()
    expect(button).to_have_css("outline-style", "solid")
    field.set_input_files([{"name": "a.txt", "mimeType": "text/plain", "buffer": b"x"}])
    expect(field).to_have_css("opacity", "1")
