"""Fixtures for the tests of the pages: an archive with a temporary embedded engine, and a browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from lxml.html import HtmlElement
from playwright.sync_api import Browser, Page, sync_playwright

from articles.models import Article, Place, PlaceMention, Source
from search.indexing.outbox_consumer import drain_outbox

Write = Callable[..., Article]
SHOTS = Path("test-results") / "screenshots"
#: The widths, languages and colour schemes in which every page is checked.
LOOKS = [
    f"{width}-{code}-{scheme}"
    for width in (390, 1440)
    for code in ("ar", "en")
    for scheme in ("light", "dark")
]


def text_of(element: HtmlElement) -> str:
    """Return the text that a browser shows: white space is collapsed."""
    return " ".join(element.text_content().split())


@pytest.fixture
def index(tmp_path: Path, settings: LazySettings) -> None:
    """Configure an empty embedded index of this test alone."""
    settings.SEARCH_ENGINE = "embedded"
    settings.SEARCH_ENGINES = settings.SEARCH_ENGINES | {
        "embedded": settings.SEARCH_ENGINES["embedded"] | {"PATH": tmp_path / "index"}
    }


@pytest.fixture
def write(db: None, index: None) -> Write:
    """Return a function that creates an article with mentions of `cities` and makes it findable."""

    def _write(
        title: str,
        body: str = "",
        *,
        source: str = "",
        cities: tuple[str, ...] = (),
        day: str = "",
        findable: bool = True,
        **fields: Any,
    ) -> Article:
        article = Article.objects.create(
            title=title,
            body=body,
            source=Source.objects.get_or_create(name=source)[0] if source else None,
            date=date.fromisoformat(day) if day else None,
            date_precision=fields.pop("precision", "day") if day else "",
            **fields,
        )
        for name in cities:
            place, _created = Place.objects.get_or_create(
                slug=name, defaults={"key": f"test-{name}"[:40], "name": name}
            )
            PlaceMention.objects.create(article=article, place=place, field="metadata")
        if findable:
            drain_outbox()
        return article

    return _write


@pytest.fixture
def archive(write: Write) -> dict[str, Article]:
    """Create six articles over three cities, two sources and two years, one of them undated."""
    write = partial(write, findable=False)
    articles = {
        "bakeries": write(
            "أفران تعود إلى العمل",
            "عادت الأفران بحمص القديمة صباح أمس.\nوقال نشطاء إن القافلة وصلت.",
            source="صحيفة الضفاف",
            cities=("حمص",),
            day="2014-01-27",
        ),
        "convoy": write(
            "قافلة مساعدات",
            "غادرت القافلة دمشق إلى حلب وحمص.",
            source="وكالة سنابل",
            cities=("حمص", "حلب"),
            day="2014-02-03",
        ),
        "talks": write(
            "محادثات", "جلسة عن حمص في فندق.", source="وكالة سنابل", cities=("حمص",), day="2012-05-24"
        ),
        "market": write(
            "سوق",
            "فتحت أسواق حلب أبوابها.",
            source="صحيفة الضفاف",
            cities=("حلب",),
            day="2012-05-01",
            precision="month",
        ),
        "school": write("مدرسة", "مدرسة في دمشق.", cities=("دمشق",), day="2012-01-01", precision="year"),
        "letter": write("رسالة", "رسالة من حمص بلا تاريخ.", cities=("حمص",)),
    }
    drain_outbox()
    return articles


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start Debian's Chromium. Playwright's loop counts as asynchronous for Django, which it is not here."""
    path = shutil.which("chromium")
    assert path, "chromium is needed: apt-get install chromium"
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=arguments)
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def log_in(page: Page, user: User) -> None:
    """Log into the admin by its form."""
    page.goto("/admin/login/?next=/admin/")
    page.fill("#id_username", user.username)
    page.fill("#id_password", "password")
    page.click("input[type=submit]")


@pytest.fixture
def desk(browser: Browser, live_server: Any) -> Iterator[Page]:
    """Yield a page 1440 pixels wide; an error on its console, such as a policy violation, fails the test."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, base_url=live_server.url)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    context.close()
    assert [text for text in said if "404" not in text and "503" not in text] == []
