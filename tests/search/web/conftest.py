"""Fixtures for the tests of the pages: an archive with a temporary embedded engine."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from lxml.html import HtmlElement

from articles.models import Article, Place, PlaceMention, Source
from search.indexing.outbox_consumer import drain_outbox

Write = Callable[..., Article]


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
