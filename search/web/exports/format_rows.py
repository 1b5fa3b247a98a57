"""The formats as the pages list them, with the sizes to expect."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from search.store.article_rows import ArticleRow
from search.store.database import DatabaseStore
from search.web.exports.export_data import Export
from search.web.exports.export_formats import FORMATS, PLAIN_CSV, ExportFormat

#: Articles from which the size of all is estimated.
SAMPLE_SIZE = 40
#: Sizes of compressed formats as shares of the CSV, without and with texts; measured on 12,000 articles.
_SHARES = {"csv": (0.4, 0.4), "xlsx": (0.6, 0.42)}
#: Bytes of a file beside its articles: the record, and the frame of a workbook.
_FRAMES = {"csv": 800, "xlsx": 7000, "jsonl": 700}
_MEGABYTE = 1_000_000
#: An address as long as those of an archive.
_SAMPLE_ADDRESS = "https://archive.example.org/articles/123456/"


@dataclass(frozen=True)
class FormatRow:
    """A line of the page: a format with its address and its size in bytes, unless it has no room for all."""

    form: ExportFormat
    url: str
    bytes: int
    #: The most rows that the format has room for, if there are more.
    room: int | None = None

    @property
    def size(self) -> str:
        """The size for people, in kilobytes or megabytes."""
        if self.bytes < _MEGABYTE:
            return _("%(size)s KB") % {"size": max(1, round(self.bytes / 1000))}
        return _("%(size)s MB") % {"size": f"{self.bytes / _MEGABYTE:.1f}"}


class _Sample(Export):
    """A small export that is read once for all formats."""

    @cached_property
    def _read(self) -> list[list[ArticleRow]]:
        return list(super().parts())

    def parts(self) -> Iterator[list[ArticleRow]]:
        yield from self._read


def estimated_sizes(
    store: DatabaseStore, sample: Sequence[int], count: int, *, texts: bool
) -> Mapping[str, int]:
    """Return the sizes in bytes of the files for `count` articles, by the sizes for a sample of them.

    The key of the CSV without its zip is "plain".
    """
    export = _Sample(
        sample,
        {},
        lambda _id: _SAMPLE_ADDRESS,
        accessed=timezone.localdate(),
        language=get_language() or "ar",
        texts=texts,
        store=store,
    )

    def size(form: ExportFormat) -> int:
        written = sum(map(len, form.write(export)))
        return round(written * count / max(1, len(sample))) + _FRAMES.get(form.name, 0)

    plain = size(PLAIN_CSV) - _FRAMES["csv"]
    shares = {name: round(share[texts] * plain) + _FRAMES[name] for name, share in _SHARES.items()}
    return {"plain": plain, **{name: shares.get(name) or size(form) for name, form in FORMATS.items()}}


def format_rows(
    view: str, parameters: str, count: int, sizes: Mapping[str, int], *, texts: bool
) -> list[FormatRow]:
    """Return a line for each format, the plain CSV after its zip.

    `view` is the name of the address, `parameters` the query string of the search.
    """
    rows = []
    for key, form in [("csv", FORMATS["csv"]), ("plain", PLAIN_CSV), *list(FORMATS.items())[1:]]:
        switches = {"plain": "1"} if key == "plain" else {}
        if texts and form.with_texts:
            switches["texts"] = "1"
        query = "&".join(part for part in (parameters, urlencode(switches)) if part)
        room = form.max_rows if form.max_rows is not None and count > form.max_rows else None
        url = reverse(view, args=[form.name])
        rows.append(FormatRow(form, f"{url}?{query}" if query else url, sizes[key], room))
    return rows
