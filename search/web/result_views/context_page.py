"""The view of words in context: lines, partners of the searched words, and words that set the hits apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import cast

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from arabic.text.direction import text_direction
from search.concordance.context_lines import (
    LINE_ORDERS,
    Concordance,
    ContextLine,
    LineOrder,
    LinePlace,
    build_concordance,
    read_lines,
)
from search.concordance.hit_sample import HitSample
from search.concordance.occurrences import OccurrenceFinder
from search.concordance.word_association import AssociatedWord, WordList, distinctive_words, word_partners
from search.engines.contract import SearchEngine
from search.highlighting.highlighter import Highlighter
from search.query.compiler import PreparedSearch
from search.query.nodes import Or
from search.query.query_cost import reading_cost
from search.results import Complaint
from search.web.result_views.result_view import ResultView, TableFile, ViewOptions, table_url
from search.web.viewmodels import labels, result_list
from search.web.viewmodels.result_list import search_url

#: Lines on a page, and characters that are shown on either side of a word.
LINES_ON_A_PAGE = 50
SHOWN_CONTEXT = 110
#: Characters of the searched words (words in a row are one occurrence) and of a title in a table.
MAX_WORDS_SHOWN = 300
WORD_LISTS = ("lines", "partners", "distinctive")
#: What a word read costs of the budget, beside a word of lines that are ordered by date.
CONTEXT_ORDER_COST, WORD_LIST_COST = 1.5, 3.0


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line as the page shows it. `direction` is that of the sentence, "rtl" or "ltr"."""

    before: str
    word: str
    after: str
    url: str
    source: str
    day: str
    direction: str
    #: True if the sentence runs against the page, so that the columns change places.
    is_opposed: bool
    in_title: bool


@dataclass(frozen=True, slots=True)
class AssociatedWordRow:
    """A word of a list with the search that it narrows to; shares are in percent."""

    word: str
    url: str
    here: int
    in_all: int
    share_here: float
    share_in_all: float
    #: G², rounded.
    strength: str


@dataclass(frozen=True, slots=True)
class LinePages:
    """The page of lines that is shown, and how many there are."""

    page: int
    pages: int


class ContextView:
    """Words in context of one search."""

    def __init__(self, search: PreparedSearch, engine: SearchEngine) -> None:
        self.search, self.engine = search, engine
        self.finder = OccurrenceFinder(search.compiled)
        self.options = ViewOptions(search.request)
        self.words = self.options.choice("words", WORD_LISTS, "lines")
        self.order = cast(LineOrder, self.options.choice("order", LINE_ORDERS, "date"))

    def build(self) -> ResultView:
        """Return what the page shows."""
        shared = {
            "has_words": self.finder.has_words,
            "kinds": self.options.links(
                "words",
                {"lines": _("Lines"), "partners": _("Word partners"), "distinctive": _("Distinctive words")},
                self.words,
                "lines",
            ),
            "table_url": table_url(self.search.request),
            "kind": self.words,
        }
        if not self.finder.has_words:
            return ResultView("search/views/context.html", shared, tuple(self.options.complaints))
        values = self._lines() if self.words == "lines" else self._word_list()
        return ResultView("search/views/context.html", shared | values, tuple(self.options.complaints))

    def table(self) -> TableFile:
        """Return the lines or words as a table; the name of the file says how many hits were read."""
        return (
            self.lines_table(self.concordance())
            if self.words == "lines"
            else self.words_table(self.word_list())
        )

    def lines_table(self, found: Concordance) -> TableFile:
        """Return lines as a table."""
        return TableFile(
            _file_name("context", found.read, found.total), line_heads(), self.line_cells(found.places)
        )

    def words_table(self, found: WordList) -> TableFile:
        """Return a list of words as a table."""
        heads = _("word"), _("count"), _("count in all"), _("share (%)"), _("share in all (%)"), _("G²")
        rows = (
            (
                row.word,
                row.here,
                row.in_all,
                f"{row.share_here:.3f}",
                f"{row.share_in_all:.3f}",
                row.strength,
            )
            for row in self._word_rows(found)
        )
        return TableFile(_file_name(self.words, found.read, found.total), heads, rows)

    def concordance(self) -> Concordance:
        """Return the places of the lines, within the budget of a page."""
        if not self.finder.has_words:
            return Concordance((), 0, 0)
        cost = CONTEXT_ORDER_COST if self.order in ("after", "before") else 1.0
        sample = HitSample(self.search, self.engine, self._budget(cost))
        most: int = settings.CONTEXT_MAX_LINES
        return build_concordance(sample, self.finder, self.order, self.search.store, most)

    def line_cells(self, places: Sequence[LinePlace]) -> Iterator[Sequence[object]]:
        """Yield the cells of the lines for a table."""
        addresses: dict[int, str] = {}  # an article may have hundreds of lines
        for line in read_lines(places, self.finder, self.engine, self.search.store):
            record = line.record
            if record.id not in addresses:
                addresses[record.id] = reverse("search:article", args=[record.id])
            yield (
                record.id,
                record.date_value,
                record.source,
                " ".join(line.before.split()),
                _cut_end(line.word, MAX_WORDS_SHOWN),
                " ".join(line.after.split()),
                _cut_end(record.title, MAX_WORDS_SHOWN),
                addresses[record.id],
            )

    def word_list(self) -> WordList:
        """Return the partners or the distinctive words."""
        if not self.finder.has_words:
            return WordList((), 0, 0, 0, 0)
        sample = HitSample(self.search, self.engine, self._budget(WORD_LIST_COST))
        if self.words == "partners":
            return word_partners(sample, self.finder)
        return distinctive_words(self.search, sample, self.finder, self.engine)

    def _budget(self, cost: float) -> int:
        """Return how many words may be read, where one costs so much: fewer for a query of many terms."""
        return int(settings.CONTEXT_MAX_WORDS / cost / reading_cost(self.search.compiled.strict))

    def _lines(self) -> dict[str, object]:
        request = self.search.request
        found = self.concordance()
        pages = LinePages(request.page, max(1, -(-len(found.places) // LINES_ON_A_PAGE)))
        if request.page > pages.pages:
            self.options.complaints.append(Complaint("past_the_end", str(request.page)))
        start = (request.page - 1) * LINES_ON_A_PAGE
        lines = list(
            read_lines(
                found.places[start : start + LINES_ON_A_PAGE],
                self.finder,
                self.engine,
                self.search.store,
                Highlighter(self.search.compiled.strict),
            )
        )
        orders: dict[str, str] = {
            "date": _("newest first"),
            "after": _("by the words after"),
            "before": _("by the words before"),
            "source": _("by source"),
        }
        return {
            "rows": self._line_rows(lines),
            "count": len(found.places),
            "read": found.read,
            "total": found.total,
            "is_complete": found.read >= found.total,
            "orders": self.options.links("order", orders, self.order, "date"),
            "order": self.order,
            "pages": result_list.page_links(request, pages),
            "previous_page": result_list.previous_page(request, pages),
            "next_page": result_list.next_page(request, pages),
            "is_paged": pages.pages > 1,
        }

    def _line_rows(self, lines: Sequence[ContextLine]) -> list[LineRow]:
        state = self.search.request.query_string(page=self.search.request.page)
        page_direction = "rtl" if get_language_bidi() else "ltr"
        rows = []
        for line in lines:
            direction = text_direction(f"{line.before}{line.word}{line.after}")
            rows.append(
                LineRow(
                    before=_end_of(line.before),
                    word=_cut_end(" ".join(line.word.split()), MAX_WORDS_SHOWN),
                    after=_beginning_of(line.after),
                    url=f"{reverse('search:article', args=[line.record.id])}?{state}"
                    + (f"#hit-{line.mark}" if line.mark else ""),
                    source=line.record.source,
                    day=labels.day_label(line.record.date, line.record.precision),
                    direction=direction,
                    is_opposed=direction != page_direction,
                    in_title=line.field == "title",
                )
            )
        return rows

    def _word_list(self) -> dict[str, object]:
        found = self.word_list()
        return {
            "words": self._word_rows(found),
            "read": found.read,
            "total": found.total,
            "is_complete": found.read >= found.total,
        }

    def _word_rows(self, found: WordList) -> list[AssociatedWordRow]:
        spelling = self.search.store.vocabulary().spelling
        return [self._word_row(each, spelling(each.word), found) for each in found.words]

    def _word_row(self, each: AssociatedWord, written: str, found: WordList) -> AssociatedWordRow:
        request = replace(self.search.request, view="list", view_options=())
        return AssociatedWordRow(
            word=written,
            url=search_url(request, q=narrowed_query(self.search, written)),
            here=each.here,
            in_all=each.in_all,
            share_here=100 * each.here / max(1, found.here),
            share_in_all=100 * each.in_all / max(1, found.in_all),
            strength=f"{each.log_likelihood:.1f}",
        )


def line_heads() -> tuple[str, ...]:
    """Return the heads of the columns of `ContextView.line_cells`."""
    return (
        _("article"), _("date"), _("source"), _("before"), _("word"), _("after"), _("headline"), _("address"),
    )  # fmt: skip


def narrowed_query(search: PreparedSearch, word: str) -> str:
    """Return the query with one more word that has to be there."""
    query = search.request.q.strip()
    return f"({query}) {word}" if isinstance(search.parsed.root, Or) else f"{query} {word}"


def _end_of(text: str) -> str:
    """Return the end of what stands before a word, cut between words; its space stays."""
    text = _collapsed(text)
    if len(text) <= SHOWN_CONTEXT:
        return text.lstrip()
    cut = text[-SHOWN_CONTEXT:]
    return cut[cut.find(" ") :].lstrip() if " " in cut.strip() else cut


def _beginning_of(text: str) -> str:
    text = _collapsed(text)
    if len(text) <= SHOWN_CONTEXT:
        return text.rstrip()
    cut = text[:SHOWN_CONTEXT]
    return cut[: cut.rfind(" ")].rstrip() if " " in cut.strip() else cut


def _cut_end(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[:length]}…"


def _collapsed(text: str) -> str:
    """Return the text with single spaces; one at either end stays."""
    inner = " ".join(text.split())
    return f"{' ' * text[:1].isspace()}{inner}{' ' * text[-1:].isspace()}" if inner else ""


def _file_name(kind: str, read: int, total: int) -> str:
    return f"{kind}-{total}" if read >= total else f"{kind}-newest-{read}-of-{total}"
