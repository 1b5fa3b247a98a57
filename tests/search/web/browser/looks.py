"""Looks at a page in each width and colour scheme: a picture, axe's faults, and what scrolls sideways.

A page is loaded once for each language; the width and the scheme then change in the window that shows it,
as on a reader's device. Axe reads an Arabic page on a phone and an English one on a desk: its rules are about
elements, of which each language has the same. In CI no pictures are taken, as nobody looks at them. A new
window, archive and index for each of the eight looks cost more than twice as much
(docs/decisions/0018-time-of-ci.md).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Locator, Page

#: The password that pytest-django gives its administrator.
PASSWORD = "password"
SHOTS = Path("test-results") / "screenshots"
WIDTHS = (1440, 390)
SCHEMES = ("light", "dark")
#: The width at which a page is loaded in each language; from there the window is made narrower or wider.
FIRST_WIDTH = {"ar": 390, "en": 1440}
LANGUAGES = tuple(FIRST_WIDTH)
#: For people, where people work: a quarter of the time of a look.
WITH_PICTURES = not os.environ.get("CI")
#: The rules of axe that read colours. All others see no difference between the schemes, which set colours
#: only (tests/search/web/test_template_rules.py).
COLOUR_RULES = ("color-contrast", "link-in-text-block")
#: Fonts are there, and what moves has come to rest.
AT_REST = (
    "document.fonts.ready.then(() => Promise.all(document.getAnimations().map((each) => each.finished)))"
    ".then(() => true)"
)


@contextmanager
def window(browser: Browser, address: str, language: str) -> Iterator[Page]:
    """Yield a page of a new window, as wide as pages are first shown in this language."""
    viewport: Any = {"width": FIRST_WIDTH[language], "height": 900}
    context = browser.new_context(viewport=viewport, base_url=address)
    try:
        yield context.new_page()
    finally:
        context.close()


@contextmanager
def watched_page(browser: Browser, address: str) -> Iterator[tuple[Page, list[str]]]:
    """Yield a page 1440 pixels wide, and the errors on its console, such as violations of a policy."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, base_url=address)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page, said
    context.close()


def log_in(page: Page, name: str, password: str = PASSWORD) -> None:
    """Log into the admin by its form."""
    page.goto("/admin/login/?next=/admin/")
    page.fill("#id_username", name)
    page.fill("#id_password", password)
    follow(page.locator("input[type=submit]"))


def follow(link: Locator, key: str = "") -> None:
    """Click a link or button, or press a key on it, and wait until the page that it leads to is loaded."""
    with link.page.expect_navigation():
        if key:
            link.press(key)
        else:
            link.click()


def with_language(url: str, language: str) -> str:
    """Return the address of a page in this language."""
    before, mark, fragment = url.partition("#")
    return f"{before}{'&' if '?' in before else '?'}lang={language}{mark}{fragment}"


def look_at(
    page: Page,
    name: str,
    language: str,
    *,
    part: Any = None,
    schemes: tuple[str, ...] = SCHEMES,
    full_page: bool = True,
    is_read_at: tuple[int, ...] = (),
) -> list[object]:
    """Return what is wrong with the page in each width, and take a picture of each look.

    Axe reads it at the widths `is_read_at`: without them, at the first one of this language.
    `part` is axe's context: a selector, or what to include and exclude. Without it, axe also checks what only
    a whole document has, such as its title and language.
    """
    SHOTS.mkdir(parents=True, exist_ok=True)
    found: list[object] = []
    for width in sorted(WIDTHS, key=lambda each: each != FIRST_WIDTH[language]):
        page.set_viewport_size({"width": width, "height": 900})
        reads = width in (is_read_at or (FIRST_WIDTH[language],))
        for scheme in schemes if reads or WITH_PICTURES else schemes[:1]:
            look = f"{name}-{width}-{language}-{scheme}"
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # a str for a Literal
            page.evaluate(AT_REST)
            if WITH_PICTURES:
                page.screenshot(path=str(SHOTS / f"{look}.png"), full_page=full_page, caret="initial")
            if reads:
                rules = () if scheme == schemes[0] else COLOUR_RULES
                found += [(look, *fault) for fault in faults(page, part=part, rules=rules)]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append((f"{name}-{width}-{language}", "scrolls sideways"))
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": FIRST_WIDTH[language], "height": 900})
    return found


def faults(page: Page, *, part: Any = None, rules: tuple[str, ...] = ()) -> list[tuple[str, list[str]]]:
    """Return the rules of axe that a part of the page breaks, each with the HTML; `rules` instead of all."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    options: dict[str, object] = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = {"type": "rule", "values": rules}
    found = page.evaluate(
        f"axe.run({json.dumps(part) if part else 'document'}, {json.dumps(options)})"
        ".then((result) => result.violations)"
    )
    return [(each["id"], [node["html"] for node in each["nodes"]]) for each in found]
