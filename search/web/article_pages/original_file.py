"""The text of an article as it came: beside the cleaned one, and as a file.

Whatever came is never sent in a form that runs as a page of this site: text as plain text, PDF as a page of
its own for the viewer of the browser, anything else as a download.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from typing import Literal

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from arabic.text.direction import text_direction
from articles.models import Article
from articles.text.encoding import detect_encoding, read_sample, replace_undecodable
from search.web.visibility import ErasedError, erased_page, visible_article

#: Characters of the original that the page shows; the file has all of them.
MAX_CHARACTERS = 200_000
#: First bytes of formats that are no text although they may have no zero byte.
_PDF = b"%PDF-"
_BINARY = (_PDF, b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b")
#: The policy of the file's response: nothing in it may load or run anything.
FILE_POLICY = "default-src 'none'; sandbox"


@dataclass(frozen=True, slots=True)
class OriginalText:
    """The original as text; `text` is empty if it is a file of another kind."""

    text: str
    direction: Literal["rtl", "ltr"]
    is_cut: bool


#: The kinds of files that hold one article and nothing else. A mail holds its attachments, which are articles
#: of their own and may be hidden; a row of a table holds columns that the import left out; a document of an
#: office program holds comments and former versions.
PUBLIC_KINDS = frozenset(("", ".txt", ".text", ".html", ".htm", ".xhtml", ".pdf"))
#: What a person may have taken out of an article by hand; it is still in the original.
_TAKEN_OUT = ("title", "body", "byline", "url", "external_id")


def has_public_original(article: Article) -> bool:
    """Return True if readers may see the original of a visible article.

    They may if it is of PUBLIC_KINDS, and until somebody changes by hand what it says: the name of a person
    that was taken out is still in the original. Updates by an import replace the original too.
    """
    if PurePosixPath(article.file_name).suffix.lower() not in PUBLIC_KINDS:
        return False
    changes = article.revisions.filter(batch=None).values_list("before", flat=True)
    if any(before.get(name) for before in changes for name in _TAKEN_OUT):
        return False
    # A row above 0: one article of a file of many, whose part may hold columns that the import left out.
    kept = Article.objects.filter(pk=article.pk).exclude(original=b"").exclude(importrow__row__gt=0)
    return kept.exists()


def original_text(article: Article) -> OriginalText:
    """Return the original of an article for its page."""
    text = _decoded(bytes(article.original))
    return OriginalText(text[:MAX_CHARACTERS], text_direction(text), len(text) > MAX_CHARACTERS)


def _decoded(data: bytes) -> str:
    """Return the original as text, "" if it is none."""
    if data.startswith(_BINARY):
        return ""
    charset = detect_encoding(read_sample(BytesIO(data)))
    text, _broken = replace_undecodable(charset.decode(data[charset.mark :]))
    return "" if "\0" in text else text


@require_safe
def original_file(request: HttpRequest, article_id: int) -> HttpResponse:
    """Send the original of a visible article; 404 if readers may not see it, 410 if it was erased."""
    try:
        article = visible_article(Article.objects.visible(), article_id)
    except ErasedError as erased:
        return erased_page(request, erased.erasure)
    if not has_public_original(article):
        raise Http404
    data = bytes(article.original)
    if text := _decoded(data):
        response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    else:
        is_pdf = data.startswith(_PDF)
        response = HttpResponse(
            data, content_type="application/pdf" if is_pdf else "application/octet-stream"
        )
        kind = "inline; filename={}.pdf" if is_pdf else "attachment; filename={}.bin"
        response.headers["Content-Disposition"] = kind.format(f"article-{article_id}")
    response.headers["Content-Security-Policy"] = FILE_POLICY
    response.headers["X-Robots-Tag"] = "noindex"
    return response
