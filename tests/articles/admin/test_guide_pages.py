"""The guide of the desk: its pages open, its pictures exist, and it names buttons as the interface does."""

from __future__ import annotations

import re
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from lxml import html

from articles.admin.guide_pages import BUTTON
from articles.admin.guide_texts import PAGES, GuidePage

pytestmark = pytest.mark.django_db

PROJECT = Path(settings.BASE_DIR)
PICTURES = PROJECT / "static" / "admin-archive" / "guide"
CATALOGUE = polib.pofile(str(PROJECT / "locale" / "ar" / "LC_MESSAGES" / "django.po"))
GUIDE_MODULE = PROJECT / "articles" / "admin" / "guide_texts.py"
MAX_PICTURE_BYTES = 80_000
LANGUAGES = ("ar", "en")


def texts() -> list[str]:
    return [str(step.text) for page in PAGES for step in page.steps]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_page_opens_with_its_pictures(
    people: dict[str, User], client: Client, page: GuidePage, language: str
) -> None:
    client.force_login(people["R"])
    answer = client.get(reverse("admin:guide_page", args=[page.name]), {"lang": language})
    tree = html.fromstring(answer.content.decode())
    assert len(tree.cssselect(".guide-steps > li")) == len(page.steps)
    assert "[[" not in tree.text_content()
    pictures = tree.cssselect(".guide-steps img")
    assert len(pictures) >= 1
    for picture in pictures:
        assert picture.get("alt")
        name = re.sub(r"\.[0-9a-f]{12}(?=\.webp$)", "", picture.get("src").rpartition("/")[2])
        assert name.endswith(f".{language}.webp")
        assert 0 < (PICTURES / name).stat().st_size <= MAX_PICTURE_BYTES


def test_no_picture_is_of_no_page() -> None:
    named = {
        f"{step.picture.name}.{language}.webp"
        for page in PAGES
        for step in page.steps
        if step.picture
        for language in LANGUAGES
    }
    assert {path.name for path in PICTURES.iterdir()} == named


def test_every_button_that_is_named_is_in_the_interface() -> None:
    named = {(context or "", name) for text in texts() for name, context in BUTTON.findall(text)}
    assert len(named) > 20
    assert named <= {(entry.msgctxt or "", entry.msgid) for entry in CATALOGUE}
    sources = [*(PROJECT / "templates").rglob("*.html"), *(PROJECT / "articles").rglob("*.py")]
    interface = "\n".join(path.read_text("utf-8") for path in sources if path != GUIDE_MODULE)
    assert [
        name for _context, name in named if not re.search(f"[\"'}}]{re.escape(name)}[\"'{{]", interface)
    ] == []


def test_each_language_names_the_same_buttons() -> None:
    arabic = {entry.msgid: entry.msgstr for entry in CATALOGUE if not entry.msgctxt}
    with override("en"):
        english = texts()
    for text in english:
        assert sorted(BUTTON.findall(arabic[text])) == sorted(BUTTON.findall(text)), text


def test_the_desk_and_the_upload_lead_to_the_guide(people: dict[str, User], client: Client) -> None:
    client.force_login(people["C"])
    front = html.fromstring(client.get(reverse("admin:index")).content.decode())
    assert front.cssselect(f"#user-tools a[href='{reverse('admin:guide')}']")
    upload = client.get(reverse("admin:articles_importbatch_upload")).content.decode()
    assert reverse("admin:guide_page", args=["upload"]) in upload
    assert client.get(reverse("admin:guide_page", args=["nothing"])).status_code == 404
