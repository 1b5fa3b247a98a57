"""Readers and an editor of a served archive, as `tools.benchmark.load` lets them loose on it.

A reader types, searches, filters, reads, looks at words in context, exports. An editor uploads a file and
saves articles, each with a word that no other has, until a search finds it.
"""

from __future__ import annotations

import http.client
import json
import random
import re
import threading
import time
import urllib.parse
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path

from lxml import html

#: What is an answer at all: a page, or the redirect after a form.
GOOD = frozenset({200, 302})
#: Longest wait for an answer, in seconds; then it counts as an error.
PATIENCE = 60.0
#: What a reader does after a search, and how often of a hundred times.
STEPS = {"filter": 30, "article": 35, "facet": 8, "context": 6, "API": 8, "export": 3, "next page": 10}
_HREF = re.compile(r'href="([^"]*)"')
_LETTERS = "بتثجحخدذرزسشصضطظعغ"
#: Seconds after which a saved word that no search finds is an error.
_GIVE_UP = 60.0


@dataclass
class LoadRecord:
    """What was asked and how long it took, by kind; errors as texts. Shared by all clients."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, kind: str, seconds: float) -> None:
        """Count an answer."""
        with self._lock:
            self.seconds[kind].append(seconds)

    def fail(self, text: str) -> None:
        """Count an error."""
        with self._lock:
            self.errors.append(text)


class SiteClient:
    """One connection with its cookies."""

    def __init__(self, port: int, record: LoadRecord) -> None:
        self.port, self.record = port, record
        self.cookies: dict[str, str] = {}
        self._connection: http.client.HTTPConnection | None = None

    def ask(
        self, kind: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> str:
        """Send a request and return the text of the answer; "" after an error, which is counted."""
        return self.send(kind, path, body, headers)[0]

    def send(
        self, kind: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[str, str]:
        """Send a request; return text and `Location` of the answer."""
        head = {"Accept-Language": "ar", **(headers or {})}
        if self.cookies:
            head["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        started = time.perf_counter()
        try:
            connection = self._connection or http.client.HTTPConnection(
                "127.0.0.1", self.port, timeout=PATIENCE
            )
            self._connection = connection
            connection.request("GET" if body is None else "POST", path, body, head)
            answer = connection.getresponse()
            data = answer.read()
        except (OSError, http.client.HTTPException) as error:
            self._connection = None
            # The server closes a connection that was idle for two seconds; a browser asks again, too.
            if (
                body is None
                and time.perf_counter() - started < 1
                and isinstance(error, (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError))
            ):
                return self.send(kind, path, body, headers)
            self.record.fail(f"{kind}: {type(error).__name__} after {time.perf_counter() - started:.1f} s")
            return "", ""
        self.record.add(kind, time.perf_counter() - started)
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        text = data.decode("utf-8", "replace")
        if answer.status not in GOOD:
            self.record.fail(f"{kind}: {answer.status} {urllib.parse.unquote(path)[:120]}")
            return "", ""
        return text, answer.headers.get("Location", "")


class Reader:
    """Asks as a person does: types, searches, and goes on from what the page offers."""

    def __init__(self, client: SiteClient, queries: Sequence[str], seed: str, pause: float) -> None:
        self.client, self.queries, self.pause = client, queries, pause
        self.chance = random.Random(seed)  # noqa: S311  a choice of queries, no secret

    def read_until(self, deadline: float, stop: threading.Event) -> None:
        """Visit the archive again and again."""
        while time.monotonic() < deadline and not stop.is_set():
            self._visit(deadline)

    def _visit(self, deadline: float) -> None:
        text = self.chance.choice(self.queries)
        self._ask("suggestions", f"/suggest/?{urllib.parse.urlencode({'q': text[:4]})}")
        asked = urllib.parse.urlencode({"q": text})
        page = self._ask("search", f"/search/?{asked}")
        for _step in range(self.chance.randint(1, 4)):
            if time.monotonic() > deadline:
                return
            kind = self.chance.choices(list(STEPS), list(STEPS.values()))[0]
            if path := self.next_path(kind, asked, page):
                found = self._ask(kind, path)
                page = found if kind == "filter" and found else page

    def next_path(self, kind: str, asked: str, page: str) -> str:
        """Return the address of the next step of a kind; "" if the page offers none."""
        if kind == "export" and "/search/export/?" not in page:
            return ""  # only close hits: there is no file
        if kind in ("facet", "context", "API", "export"):
            return {
                "facet": f"/facets/place/?{asked}",
                "context": f"/search/?{asked}&view=context",
                "API": f"/api/v1/search?{asked}",
                "export": f"/search/export.csv?{asked}",
            }[kind]
        links = [urllib.parse.urljoin("/search/", unescape(link)) for link in _HREF.findall(page)]
        wanted = {
            "filter": [
                each for each in links if re.search(r"^/search/\?.*(source|country|city|date)=", each)
            ],
            "article": [each for each in links if re.match(r"/articles/\d+/(\?|$)", each)],
            "next page": [each for each in links if re.search(r"^/search/\?.*page=2", each)],
        }[kind]
        return self.chance.choice(wanted).partition("#")[0] if wanted else ""

    def _ask(self, kind: str, path: str) -> str:
        time.sleep(self.chance.uniform(0.5, 1.5) * self.pause)
        return self.client.ask(kind, path)


class Editor:
    """Logs in at the desk, uploads, saves articles; `findable` has the seconds from a save to a search."""

    def __init__(self, client: SiteClient, password: str, articles: Sequence[int]) -> None:
        self.client, self.articles = client, articles
        self.findable: list[float] = []
        page = client.ask("login", "/admin/login/")
        self._post(
            "login",
            "/admin/login/",
            {**form_fields(page, "password"), "username": "admin", "password": password},
        )

    def upload(self, file: Path) -> None:
        """Upload a file and confirm its import, which a worker then runs."""
        page = self.client.ask("upload", "/admin/articles/importbatch/upload/")
        boundary = "----------------load"
        parts = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in form_fields(page, "files").items()
        ]
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="files"; filename="{file.name}"\r\n\r\n'
        body = b"".join([*parts, head.encode(), file.read_bytes(), f"\r\n--{boundary}--\r\n".encode()])
        _page, preview = self.client.send(
            "upload",
            "/admin/articles/importbatch/upload/",
            body,
            {"Content-Type": f"multipart/form-data; boundary={boundary}"},
        )
        number = re.search(r"importbatch/(\d+)/", preview)
        if number is None:
            self.client.record.fail("upload: no preview")
            return
        shown = self.client.ask("upload", preview)
        self._post("upload", f"/admin/articles/importbatch/{number[1]}/confirm/", form_fields(shown, ""))

    def save_until(self, deadline: float, every: float, stop: threading.Event) -> None:
        """Save an article every few seconds; what it adds stays."""
        number = 0
        while time.monotonic() < deadline and not stop.is_set():
            began = time.monotonic()
            self._save(self.articles[number % len(self.articles)], made_up_word(number))
            number += 1
            stop.wait(max(0.0, began + every - time.monotonic()))

    def _save(self, pk: int, word: str) -> None:
        path = f"/admin/articles/article/{pk}/change/"
        fields = form_fields(self.client.ask("edit form", path), "body")
        if "body" not in fields:
            return
        fields["body"] += f" {word}"
        started = time.perf_counter()
        self._post("save", path, fields)
        search = f"/api/v1/search?{urllib.parse.urlencode({'q': word, 'level': 'exact'})}"
        while time.perf_counter() - started < _GIVE_UP:
            answer = self.client.ask("search after a save", search)
            if answer and json.loads(answer)["total"]:
                self.findable.append(time.perf_counter() - started)
                return
            time.sleep(0.05)
        self.client.record.fail(f"save: article {pk} is not found after {_GIVE_UP:.0f} s")

    def _post(self, kind: str, path: str, fields: Mapping[str, str]) -> None:
        body = urllib.parse.urlencode(fields).encode()
        _page, location = self.client.send(
            kind, path, body, {"Content-Type": "application/x-www-form-urlencoded"}
        )
        if not location:
            self.client.record.fail(f"{kind}: the form came back")


def made_up_word(number: int) -> str:
    """Return a word that no text has."""
    digits = [_LETTERS[number // len(_LETTERS) ** place % len(_LETTERS)] for place in range(4)]
    return f"ظظظ{''.join(digits)}ظظظ"


def form_fields(page: str, name: str) -> dict[str, str]:
    """Return the fields of the form that has a field of this name ("": that has a token)."""
    for form in html.fromstring(page).forms if page else ():
        if (name or "csrfmiddlewaretoken") in form.fields:
            return {key: value for key, value in form.form_values() if key != "_addanother"}
    return {}
