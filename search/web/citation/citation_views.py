"""The citations of an article: on its page, and as files."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from articles.models import Article
from search.store.article_rows import article_rows
from search.store.database import DatabaseStore
from search.web.citation.bibtex import bibtex_entry
from search.web.citation.citation_text import citation_text
from search.web.citation.csl import CslItem, csl_item
from search.web.citation.page_metadata import json_ld, meta_tags
from search.web.citation.ris import ris_record
from search.web.viewmodels.permalinks import permalink_by
from search.web.visibility import ErasedError, erased_page, visible_article

#: The forms of a citation by the endings of their addresses: the type of the answer, and the text.
CITATION_FORMS: Mapping[str, tuple[str, Callable[[CslItem], str]]] = {
    "txt": ("text/plain; charset=utf-8", lambda item: citation_text(item, get_language() or "ar") + "\n"),
    "bib": ("application/x-bibtex; charset=utf-8", bibtex_entry),
    "ris": ("application/x-research-info-systems; charset=utf-8", ris_record),
    "json": (
        "application/vnd.citationstyles.csl+json; charset=utf-8",
        lambda item: json.dumps([item], ensure_ascii=False, indent=2) + "\n",
    ),
}


@require_safe
def cite(request: HttpRequest, article_id: int, name: str) -> HttpResponse:
    """Answer with the citation of an article; 404 if it is hidden or there is no such form, 410 if erased."""
    if name not in CITATION_FORMS:
        raise Http404
    try:
        visible_article(Article.objects.visible().only("pk"), article_id)
    except ErasedError as erased:
        return erased_page(request, erased.erasure)
    content_type, write = CITATION_FORMS[name]
    headers = {
        "Content-Disposition": f'inline; filename="article-{article_id}.{name}"',
        "X-Robots-Tag": "noindex",
    }
    return HttpResponse(write(article_item(request, article_id)), content_type=content_type, headers=headers)


def article_item(request: HttpRequest, article_id: int) -> CslItem:
    """Return the CSL-JSON item of a visible article, read today. Raises Http404 if it was hidden just now."""
    rows = article_rows(DatabaseStore(), [article_id])
    if not rows:
        raise Http404
    permalink = permalink_by(request, article_id)
    return csl_item(rows[0], permalink, timezone.localdate())


def citation_context(request: HttpRequest, article_id: int) -> dict[str, Any]:
    """Return what the page of an article needs for its citations and for programs that read them."""
    item = article_item(request, article_id)
    return {
        "citations": {
            "ar": citation_text(item, "ar"),
            "en": citation_text(item, "en"),
            "bib": bibtex_entry(item),
            "ris": ris_record(item).replace("\r\n", "\n").strip(),
        },
        "metadata_tags": meta_tags(item),
        "json_ld": json_ld(item),
    }
