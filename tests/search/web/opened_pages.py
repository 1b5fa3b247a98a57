"""Addresses as readers open them: a stranger, an account, somebody who selected or saved something."""

from __future__ import annotations

import html
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_plus, urlencode

from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client

from search.models import SavedSearch
from search.web.accounts.api_tokens import make_token
from search.web.selection.selected_articles import SELECTED
from tests.search.web.told_words import Told


@dataclass(frozen=True)
class Page:
    """Opens a page, a file or an address of the API; {id} is replaced by the article's id."""

    path: str
    parameters: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, client: Client, told: Told, typed: str) -> str:
        """Return everything that a reader could read in the answer."""
        path, asked = self.path.format(id=told.id), dict(self.parameters)
        return shown_text(client.get(path, {"q": typed, **asked} if typed else asked))


def page(path: str, **parameters: str) -> Page:
    """Open an address as a stranger does."""
    return Page(path, parameters)


def shown_text(answer: Any) -> str:
    """Return an answer as text; the parts of an archive or a workbook too."""
    assert answer.status_code in (200, 404, 410)
    if not hasattr(answer, "whole"):  # a stream can be read once, and a client may remember its answers
        answer.whole = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if zipfile.is_zipfile(io.BytesIO(answer.whole)):
        with zipfile.ZipFile(io.BytesIO(answer.whole)) as parts:
            return "\n".join(html.unescape(parts.read(name).decode()) for name in parts.namelist())
    if answer.headers["Content-Type"].startswith(("application/json", "application/x-suggestions+json")):
        return json.dumps(answer.json(), ensure_ascii=False)
    return html.unescape(unquote_plus(answer.whole.decode()))


@dataclass(frozen=True)
class TextsPage(Page):
    """Opens an address as a reader who is logged in: may export whole texts, report a mistake."""

    def __call__(self, client: Client, told: Told, typed: str) -> str:
        """Return everything that this reader could read in the answer."""
        own = Client()
        own.force_login(User.objects.get_or_create(username="reader")[0])
        return super().__call__(own, told, typed)


@dataclass(frozen=True)
class SelectionPage(Page):
    """Opens an address as a reader who selected the article, perhaps before it was hidden."""

    def __call__(self, client: Client, told: Told, typed: str) -> str:
        """Return everything that this reader could read in the answer."""
        own = Client()
        session = own.session
        session[SELECTED] = [told.id]
        session.save()
        own.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
        return super().__call__(own, told, typed)


@dataclass(frozen=True)
class SavedSearchPage(Page):
    """Opens an address of a search that a reader with an account has just saved."""

    def __call__(self, client: Client, told: Told, typed: str) -> str:
        """Return everything that this reader could read in the answer."""
        own = Client()
        user = User.objects.get_or_create(username="reader")[0]
        own.force_login(user)
        state = {"state": urlencode({"q": typed}), "name": "محفوظ"}
        own.post("/saved/save/", state)
        path = self.path.format(id=SavedSearch.objects.get(user=user).pk)
        ask = own.post if path.endswith(("/save/", "/rename/", "/delete/")) else own.get
        return shown_text(ask(path, state, follow=True))


@dataclass(frozen=True)
class RevokePage(Page):
    """Revokes a token that its reader has just made, and opens the list that this leads to."""

    def __call__(self, client: Client, told: Told, typed: str) -> str:
        """Return everything that this reader could read in the answer."""
        own, user = Client(), User.objects.get_or_create(username="reader")[0]
        own.force_login(user)
        token, _secret = make_token(user, "برنامج", [], 30)
        return shown_text(own.post(self.path.format(id=token.pk), follow=True))


@dataclass(frozen=True)
class FollowedPage(Page):
    """Opens an address that leads on."""

    def __call__(self, client: Client, told: Told, typed: str) -> str:
        """Return everything that a reader could read in the answer."""
        return shown_text(Client().get(self.path, follow=True))


@dataclass(frozen=True)
class LogoutPage(Page):
    """Logs out and opens the page that this leads to."""

    def __call__(self, client: Client, told: Told, typed: str) -> str:
        """Return everything that the reader could read in the answer."""
        return shown_text(Client().post(self.path, follow=True))
