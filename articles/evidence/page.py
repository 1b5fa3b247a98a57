"""The page of an export for people: Arabic, then English, on paper too. It needs nothing from anywhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import override

from articles.models import Article

LANGUAGES = (("ar", "rtl"), ("en", "ltr"))


def page(article: Article, metadata: Mapping[str, Any], chain: Sequence[Mapping[str, Any]]) -> str:
    """The whole HTML."""
    parts = []
    for code, direction in LANGUAGES:
        with override(code):
            context = {
                "article": article, "metadata": metadata, "chain": chain, "code": code, "dir": direction,
                "date": metadata["state"]["date"] or "",
                "cuts": [cut for cut in article.cuts.all() if cut.in_effect],
                "inferred": article.inferences.filter(used=True).order_by("pk"),
            }  # fmt: skip
            parts.append(render_to_string("evidence/part.html", context))
    return render_to_string("evidence/page.html", {"parts": parts, "article": article})
