"""Every way in which archived text reaches a reader, one row each.

A row says what is typed for an article and what is opened with it; everything that is shown comes back as one
text. The test of leaks checks each row with published and hidden articles: add a row for each new way.
"""

from __future__ import annotations

import html
import io
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote_plus, urlencode

from django.core.management import CommandError, call_command
from django.test import Client

from search.engines import get_engine
from search.engines.contract import EngineRequest
from search.query.leaf_terms import term
from search.query_tree import MatchAll
from search.vocabulary.vocabulary_store import current_vocabulary
from search.web.citation.citation_views import CITATION_FORMS
from search.web.exports.export_formats import FORMATS
from tests.search.web.opened_pages import (
    FollowedPage,
    LogoutPage,
    RevokePage,
    SavedSearchPage,
    SelectionPage,
    TextsPage,
    page,
)
from tests.search.web.told_words import (
    Told,
    beginning,
    city_beginning,
    egyptian_spelling,
    infix,
    inflected,
    latin_keys,
    misspelt,
    misspelt_with_absent,
    nothing,
    phrase,
    prefix,
    run_together,
    source_beginning,
    with_absent,
    word,
)

Typed = Callable[[Told], str]
Opened = Callable[[Client, Told, str], str]
#: What is typed for several articles may be one query. It may have too few infixes or inflected forms for all
#: of them, and a word that is corrected or completed must be alone.
JOINED = (nothing, word, prefix, phrase)


@dataclass(frozen=True)
class Door:
    """A way out. `shows` is the part of a published article that it shows ("" = nothing).

    `apart`: it is opened for each article by itself, as its address or its answer is about one.
    """

    name: str
    typed: Typed
    opened: Opened
    shows: str = "body"
    apart: bool = False

    @property
    def together(self) -> bool:
        """Return True if one query with OR of what is typed for each article opens it for all of them."""
        return self.typed in JOINED and not self.apart


def exported(path: str, *, post: bool = False, words: str = "lines") -> Opened:
    """Have the words in context read in the background, and open one of the addresses of the export."""

    def opened(client: Client, told: Told, typed: str) -> str:
        reader = Client()
        state = urlencode({"q": typed, "view": "context", "words": words})
        started = reader.post("/search/context/start/", {"state": state})
        number = started.headers["Location"].strip("/").split("/")[-1]
        address = path.format(id=number)
        answer = reader.post(address, {"state": state}, follow=True) if post else reader.get(address)
        assert answer.status_code == 200
        reader.post(f"/search/context/{number}/delete/")
        return html.unescape(unquote_plus(answer.getvalue().decode()))

    opened.__dict__["path"] = path
    return opened


def opened_paths() -> list[str]:
    """Return the paths that the doors open, with 1 as the id of the article."""
    paths = (getattr(door.opened, "path", "") for door in DOORS)
    return [path.format(id=1) for path in paths if path]


def command(name: str, *options: str) -> Opened:
    """Run a command and return its output."""

    def opened(client: Client, told: Told, typed: str) -> str:
        out = io.StringIO()
        call_command(name, *([typed] if typed else []), *options, stdout=out)
        return out.getvalue()

    return opened


def cite_command(client: Client, told: Told, typed: str) -> str:
    """Return the citation of the article; an error has no word of it either."""
    out = io.StringIO()
    try:
        call_command("cite", str(told.id), stdout=out)
    except CommandError as error:
        out.write(str(error))
    return out.getvalue()


def total(client: Client, told: Told, typed: str) -> str:
    """Return the article's body if the search has hits, else ""."""
    found = client.get("/api/v1/search", {"q": typed}).json()
    return told.body if found["total"] or found["close_total"] else ""


def live_count(client: Client, told: Told, typed: str) -> str:
    """Return the article's body if the engine's count for a suggestion is not 0, else ""."""
    return told.body if any(get_engine().counts([term("title", "exact", typed)])) else ""


def scanned(client: Client, told: Told, typed: str) -> str:
    """Return the article's body if the engine's unlimited list of hits has the article, else ""."""
    return told.body if told.id in get_engine().scan(EngineRequest(query=MatchAll())) else ""


def vocabulary(client: Client, told: Told, typed: str) -> str:
    """Return the words from which corrections and completions are made."""
    known = current_vocabulary()
    return "\n".join(each for counted in (known.words(), known.phrases()) for each, _ in counted)


LEVELS = [
    Door(f"results, level {level}, {typed.__name__}", typed, page("/search/", level=level))
    for level in ("exact", "light", "all")
    for typed in (word, prefix, infix, phrase)
]
DOORS = [
    *LEVELS,
    Door("results, inflected", inflected, page("/search/", close="all")),
    Door("results, browsing", nothing, page("/search/")),
    Door("results, by date", nothing, page("/search/", sort="oldest")),
    Door("lines of words in context", word, page("/search/", view="context"), shows="source"),
    Door("lines, by prefix", prefix, page("/search/", view="context", order="after"), shows="title"),
    Door("lines, by infix", infix, page("/search/", view="context", order="source"), shows="title"),
    Door("lines as a table", prefix, page("/search/view.csv", view="context"), shows="title"),
    Door("word partners", word, page("/search/", view="context", words="partners"), shows="source"),
    Door("distinctive words", word, page("/search/", view="context", words="distinctive"), shows="source"),
    Door("distinctive words as a table", nothing, page("/search/view.csv", view="context"), shows=""),
    Door("hits over time", word, page("/search/", view="time"), shows="year"),
    Door("hits over time, as a table", word, page("/search/view.csv", view="time"), shows="year"),
    Door("the archive over time", nothing, page("/search/", view="time", by="year"), shows="year"),
    Door("comparison", nothing, page("/search/", view="compare", vs="قافلة", by="year"), shows="year"),
    Door("comparison as a table", nothing, page("/search/view.csv", view="compare", by="year"), shows="year"),
    Door("feed", prefix, page("/search/feed.atom")),
    Door("feed of everything", nothing, page("/search/feed.atom"), shows="source"),
    Door("advanced form", nothing, page("/search/advanced/"), shows="source"),
    Door("descriptor for browsers", nothing, page("/opensearch.xml"), shows=""),
    Door("suggestions for browsers", beginning, page("/suggest/opensearch.json"), shows="title"),
    Door("rules for robots", nothing, page("/robots.txt"), shows=""),
    Door("sitemap", nothing, page("/sitemap.xml"), shows=""),
    Door("page of the sitemap", nothing, page("/sitemap-articles.xml"), shows=""),
    Door("command concordance", word, command("concordance", "--json"), shows="source"),
    Door("command concordance, words", word, command("concordance", "--words", "partners"), shows=""),
    Door("export of lines", prefix, exported("/search/context/{id}/table.csv"), shows="title"),
    Door("export of partners", word, exported("/search/context/{id}/table.csv", words="partners"), shows=""),
    Door("page of an export", word, exported("/search/context/{id}/"), shows=""),
    Door("exports", word, exported("/search/context/"), shows=""),
    Door("start of an export", word, exported("/search/context/start/", post=True), shows=""),
    Door("deletion of an export", word, exported("/search/context/{id}/delete/", post=True), shows=""),
    Door("all places", word, page("/facets/place/"), shows="city"),
    Door("all places by name", nothing, page("/facets/place/", order="name"), shows="city"),
    Door("all sources", word, page("/facets/source/"), shows="source"),
    Door("all dates", word, page("/facets/date/"), shows="year"),
    Door("form of filters", word, page("/facets/"), shows="source"),
    Door("close hits", with_absent, page("/search/", close="all")),
    Door("close hits in short", with_absent, page("/search/"), shows="source"),
    Door("did you mean: misspelt", misspelt, page("/search/"), shows="title"),
    Door("did you mean: keyboard", latin_keys, page("/search/"), shows="common"),
    Door("run together", run_together, page("/search/"), shows="common"),
    Door("also searched for", egyptian_spelling, page("/search/"), shows="name"),
    Door("missing words", misspelt_with_absent, page("/search/"), shows="title"),
    Door("API, search", word, page("/api/v1/search")),
    Door("API, prefix", prefix, page("/api/v1/search")),
    Door("API, did you mean", misspelt, page("/api/v1/search"), shows="title"),
    Door("API, article", nothing, page("/api/v1/articles/{id}"), apart=True),
    Door("API, why", prefix, page("/api/v1/articles/{id}/why"), shows="title", apart=True),
    Door("API, autocomplete", beginning, page("/api/v1/suggest"), shows="title"),
    Door("autocomplete, word", beginning, page("/suggest/"), shows="title"),
    Door("autocomplete, source", source_beginning, page("/suggest/"), shows="source"),
    Door("autocomplete, city", city_beginning, page("/suggest/"), shows="city"),
    Door("home page", nothing, page("/"), shows="source"),
    Door("coverage, sources", nothing, page("/coverage/"), shows="source"),
    Door("coverage, sources over time", nothing, page("/coverage/", by="source"), shows="source"),
    Door("coverage, cities", nothing, page("/coverage/", by="city"), shows="city"),
    Door("about page", nothing, page("/about/"), shows=""),
    Door("help page", nothing, page("/help/"), shows="source"),
    Door("article page", nothing, page("/articles/{id}/"), apart=True),
    Door("article page, with a search", word, page("/articles/{id}/"), apart=True),
    Door("report of a mistake", nothing, TextsPage("/articles/{id}/report/"), shows="title", apart=True),
    Door("login", nothing, page("/login/"), shows=""),
    Door("second factor", nothing, FollowedPage("/login/code/"), shows=""),
    Door("logout", nothing, LogoutPage("/logout/"), shows="source"),
    Door("saved searches", word, SavedSearchPage("/saved/"), shows=""),
    Door("saved search", word, SavedSearchPage("/saved/{id}/")),
    Door("save a search", word, SavedSearchPage("/saved/save/"), shows=""),
    Door("rename a saved search", word, SavedSearchPage("/saved/{id}/rename/"), shows=""),
    Door("tokens", nothing, TextsPage("/tokens/"), shows=""),
    Door("revoke a token", nothing, RevokePage("/tokens/{id}/revoke/"), shows=""),
    Door("all hits by number", word, page("/api/v1/search/all"), shows="source"),
    Door("delete a saved search", word, SavedSearchPage("/saved/{id}/delete/"), shows=""),
    Door("compared with itself", nothing, page("/articles/{id}/compare/{id}/"), apart=True),
    Door("article page, original text", nothing, page("/articles/{id}/", text="original"), apart=True),
    Door("original as a file", nothing, page("/articles/{id}/file/"), apart=True),
    Door("story", nothing, page("/stories/{id}/"), shows="", apart=True),
    Door("results, every article", word, page("/search/", group="none")),
    Door("API, each story once", word, page("/api/v1/search", group="story")),
    Door("command search, each story once", word, command("search", "--json", "--group", "story")),
    Door("why this result", word, page("/articles/{id}/why/"), shows="year", apart=True),
    Door("command search", word, command("search", "--json")),
    Door("command search, for people", prefix, command("search")),
    Door("command search, did you mean", misspelt, command("search", "--json"), shows="title"),
    Door("command analyze", misspelt, command("analyze", "--json"), shows=""),
    Door("command index_status", nothing, command("index_status", "--json"), shows=""),
    Door("command check_index", nothing, command("check_index"), shows=""),
    Door("readiness", nothing, page("/readyz"), shows=""),
    Door("totals", word, total, apart=True),
    Door("totals of prefixes", prefix, total, apart=True),
    Door("live counts", word, live_count, apart=True),
    Door("scan", nothing, scanned, apart=True),
    *(
        Door(f"citation, {name}", nothing, page(f"/articles/{{id}}/cite.{name}"), "title", apart=True)
        for name in CITATION_FORMS
    ),
    Door("export, its page", word, page("/search/export/"), shows=""),
    *(Door(f"export, {name}", word, page(f"/search/export.{name}"), shows="source") for name in FORMATS),
    Door("export, a table alone", prefix, page("/search/export.csv", plain="1"), "city"),
    *(
        Door(f"export, {name} with texts", word, TextsPage(f"/search/export.{name}", {"texts": "1"}))
        for name in ("csv", "xlsx", "jsonl")
    ),
    Door("selection", nothing, SelectionPage("/selection/"), shows="title", apart=True),
    *(
        Door(f"selection, {name}", nothing, SelectionPage(f"/selection/export.{name}"), "title", apart=True)
        for name in FORMATS
    ),
    Door("command cite", nothing, cite_command, shows="title", apart=True),
    Door("command export", word, command("export", "--format", "jsonl", "--texts")),
]
#: Learned words stay until the next rebuild; they are counted again before one is shown.
AFTER_A_REBUILD = [Door("vocabulary", nothing, vocabulary)]
