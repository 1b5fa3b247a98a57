"""Hostile files under hostile names are uploaded and imported in a real Chromium: nothing in them runs.

CI uploads a few; `make soak` sends 500, with HOSTILE_UPLOADS=500. Every file has a row, each rejected record
a reason, no name deceives, and the good file of each upload comes in.
"""

from __future__ import annotations

import json
import os
import random
import re
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page, expect

from articles.models import Article, ImportBatch, ImportRow
from search.indexing.outbox_consumer import drain_outbox
from tests.articles.readers.hostile_files import TEXT, draw_files
from tests.search.web.browser.looks import follow, log_in, watched_page
from tests.search.web.browser.test_hostile_texts import INJECTED, PAYLOADS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

COUNT = int(os.environ.get("HOSTILE_UPLOADS", "4"))
SEED = 2028
#: Files of one upload; every third is one of ours with scripts, the others are those of `draw_files`.
TOGETHER = 25
#: What a browser sends as the name of a file: markup, a turned ending, a formula, a path, far too much.
NAMES = (
    "<img src=x onerror=window.pwned=1>{}",
    '"><script>window.pwned=1<{}',
    "\u202efdp.{}",
    "=HYPERLINK(1);{}",
    "..\\..\\{}",
    "ا" * 240 + "{}",
    "{{{{7*7}}}}{}",
)
#: Characters that deceive readers or that terminals obey.
UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
#: Our own marks around a name that is written in another direction than its neighbours.
_ISOLATED = re.compile("\u2066\u2068([^\u2066-\u2069]*+)\u2069\u2069")
MILLISECONDS = 300_000


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Set small limits, and a folder of its own for temporary files."""
    settings.RECORD_SECONDS, settings.RECORD_MEMORY_BYTES = 1.5, 512 * 1024**2
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    return temporary


def scripted(draw: random.Random) -> tuple[str, bytes]:
    """Return the ending and the bytes of a file whose every field has a payload."""
    title, byline, source, place = (draw.choice(PAYLOADS) for _field in range(4))
    table = json.dumps({"title": f"خبر {title}", "body": f"{TEXT}\n{byline}", "byline": byline,
                        "source": f"صحيفة {source}"[:190], "cities": [place], "url": title})  # fmt: skip
    page = f"<html><head><title>خبر {title}</title></head><body><article><h1>{byline}</h1><p>{TEXT}</p>"
    mail = f"Subject: خبر {title}\nFrom: {byline} <a@b.example>\nMIME-Version: 1.0\n\n{TEXT}\n{place}\n"
    columns = ",".join(f'"{value.replace(chr(34), chr(34) * 2)}"' for value in (title, TEXT, byline))
    made = ("jsonl", table), ("html", page), ("eml", mail), ("csv", f"title,body,byline\n{columns}\n")
    ending, text = draw.choice(made)
    return ending, text.replace("\r", "\\r").encode()


def drawn() -> Iterator[dict[str, Any]]:
    """Yield COUNT files as Playwright sends them."""
    draw = random.Random(SEED)  # noqa: S311  not a secret
    others = iter(draw_files(COUNT, SEED).items())
    for number in range(COUNT):
        if number % 3:
            name, data = next(others)
        else:
            ending, data = scripted(draw)
            name = f"{number:03}.{ending}"
        name = draw.choice(NAMES).format(name) if number % 2 == 0 else name
        yield {"name": name, "mimeType": "application/octet-stream", "buffer": data}


def assert_harmless(page: Page) -> None:
    """Check that nothing was built or ran, and that the names of files in the heading do not deceive."""
    assert page.evaluate(INJECTED) == [], page.url
    assert "pwned=1" not in str(page.context.cookies())
    heading = _ISOLATED.sub(r"\1", "".join(page.locator("h1").all_inner_texts()))
    assert not UNSAFE.search(heading), page.url


def import_all(page: Page, files: list[dict[str, Any]]) -> ImportBatch:
    """Upload, look at the preview, confirm, and go on to the end of the import."""
    page.goto("/admin/articles/importbatch/upload/")
    page.set_input_files("input[type=file]", files)  # type: ignore[arg-type]  # FilePayloads
    follow(page.locator(".desk-form input[type=submit]"))
    expect(page.locator(".desk-state")).to_be_visible()
    assert_harmless(page)
    follow(page.locator("form[action*=confirm] [type=submit]").first)
    batch = ImportBatch.objects.latest("pk")
    begun = time.monotonic()
    while batch.state in (ImportBatch.State.STAGING, ImportBatch.State.PUBLISHING):
        assert time.monotonic() - begun < MILLISECONDS / 1000, "the import goes on"
        page.wait_for_timeout(500)  # the page itself sends the next step
        batch.refresh_from_db()
    page.goto(f"/admin/articles/importbatch/{batch.pk}/change/")
    assert_harmless(page)
    return batch


def test_hostile_uploads_harm_no_page(
    browser: Browser, live_server: Any, index: None, admin_user: User, folder: Path
) -> None:
    asked: list[str] = []
    files = [*drawn()]
    with watched_page(browser, live_server.url) as (page, said):
        page.set_default_timeout(MILLISECONDS)
        page.set_default_navigation_timeout(MILLISECONDS)
        page.on("request", lambda request: asked.append(request.url))
        page.on("dialog", lambda dialog: asked.append(f"dialog {dialog.message}"))
        log_in(page, admin_user.username)
        for at in range(0, len(files), TOGETHER):
            line = json.dumps({"id": f"good-{at}", "title": "خبر سليم", "body": f"{TEXT} {at}"})
            good = {"name": "good.jsonl", "mimeType": "", "buffer": line.encode()}
            part = [*files[at : at + TOGETHER], good]
            batch = import_all(page, part)
            assert (batch.state, batch.fault) == (ImportBatch.State.PUBLISHED, "")
            assert batch.uploads.count() == len(part)
            assert all(upload.complete for upload in batch.uploads.defer("content"))
            assert Article.objects.visible().filter(external_id=f"good-{at}").count() == 1
            for row in batch.rows.all():
                assert not UNSAFE.search(row.file_name + row.detail), row.file_name
                assert row.reason or row.outcome != ImportRow.Outcome.REJECTED
        drain_outbox()
        for article in Article.objects.visible().order_by("-pk")[:10]:
            page.goto(article.get_absolute_url())
            assert page.evaluate(INJECTED) == [], page.url
        for address in ("/", "/coverage/?by=source", "/facets/source/", "/admin/articles/article/"):
            page.goto(address)
            assert page.evaluate(INJECTED) == [], address
    assert [text for text in said if "404" not in text] == []
    assert [url for url in asked if not url.startswith((live_server.url, "data:"))] == []
    assert list(folder.iterdir()) == []
