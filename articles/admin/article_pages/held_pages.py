"""The page of texts that imports held for review: each beside its original, with two buttons; and in bulk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import BinaryField, QuerySet
from django.db.models.functions import Substr
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.admin.model_admin import ModelAdmin, report_search_status
from articles.history import held_texts
from articles.history.held_updates import undecided_updates
from articles.models import Article
from articles.text.encoding import detect_encoding, replace_undecodable
from articles.text.sanitize import sanitize_text

PER_PAGE = 25
#: Characters of a text and bytes of its original that the page shows.
SHOWN_CHARACTERS, SHOWN_BYTES = 600, 1200


def beginnings(articles: QuerySet[Article]) -> QuerySet[Article]:
    """Return articles with the beginnings of text and original instead of the whole, which may be a file."""
    return articles.defer("body", "original").annotate(
        body_start=Substr("body", 1, SHOWN_CHARACTERS),
        original_start=Substr("original", 1, SHOWN_BYTES, output_field=BinaryField()),
    )


def original_as_text(start: Any) -> str:
    """Return the beginning of an original as text, "" if it is none."""
    data = bytes(start or b"")
    if b"\0" in data[:64] or data.startswith((b"%PDF", b"PK")):
        return ""
    return sanitize_text(replace_undecodable(detect_encoding(data).decode(data))[0])[0]


class HeldArticle:
    """A held article of `beginnings` as the page shows it."""

    def __init__(self, article: Any) -> None:
        self.pk: int = article.pk
        self.article: Article = article
        self.reason: str = article.held_text
        self.file_name: str = article.file_name
        self.body: str = article.body_start
        self.original: str = original_as_text(article.original_start)


class HeldTextViews(ModelAdmin[Article]):
    """Views of ArticleAdmin."""

    def get_urls(self) -> list[URLPattern]:
        """Add the page and the addresses of its buttons."""
        wrap, name = self.admin_site.admin_view, "articles_article_{}".format
        return [
            path("held/", wrap(self.held_view), name=name("held")),
            path("held/decide/", wrap(self.decide_view), name=name("held_decide")),
            path("held/reopen/", wrap(self.reopen_view), name=name("held_reopen")),
            *super().get_urls(),
        ]

    def held_view(self, request: HttpRequest) -> HttpResponse:
        """List the held articles, of one import with `batch`."""
        self._check_publisher(request)
        number = batch_asked(request)
        articles = beginnings(held_texts.held_articles(number).select_related("source", "batch"))
        updates = undecided_updates(number).count()
        context = {"title": _("Texts held for review"), "accept": "publish", "updates": updates}
        return self._held_page(request, "held", articles, HeldArticle, context)

    def decide_view(self, request: HttpRequest) -> HttpResponse:
        """Publish or refuse one article (`one`) or the ticked ones (`ids`); `decision` is the button."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        self._check_publisher(request)
        decision, _colon, one = request.POST.get("decision", "").partition(":")
        ids = numbers_of([one] if one else request.POST.getlist("ids"))
        if decision not in ("publish", "refuse"):
            return self._back(request)
        done = held_texts.decide(ids, publish=decision == "publish", by=current_user(request))
        if not done:
            messages.warning(request, _("Nothing was chosen, or it was decided meanwhile."))
            return self._back(request)
        if decision == "publish":
            text = ngettext("%(count)s text was published.", "%(count)s texts were published.", len(done))
        else:
            text = ngettext("%(count)s text was refused.", "%(count)s texts were refused.", len(done))
        messages.success(request, text % {"count": intcomma(len(done))})
        report_search_status(request)
        return self._back(request, done)

    def reopen_view(self, request: HttpRequest) -> HttpResponse:
        """Take the last decisions back."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        self._check_publisher(request)
        count = held_texts.reopen(
            numbers_of(request.POST.get("ids", "").split(",")), by=current_user(request)
        )
        text = ngettext("%(count)s text is held again.", "%(count)s texts are held again.", count)
        messages.success(request, text % {"count": intcomma(count)})
        report_search_status(request)
        return self._back(request)

    def may_publish(self, request: HttpRequest) -> bool:
        """Return True if the user may decide which held texts readers see."""
        return self.has_change_permission(request) and request.user.has_perm("articles.publish_article")

    def _check_publisher(self, request: HttpRequest) -> None:
        if not self.may_publish(request):
            raise PermissionDenied

    def _held_page(
        self, request: HttpRequest, name: str, rows: QuerySet[Any], shown_as: Callable[[Any], object],
        context: Mapping[str, Any],
    ) -> HttpResponse:  # fmt: skip
        """Return the page `name` with these rows; `accept` of the context is what its buttons send."""
        page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
        common = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "page": page,
            "held": [shown_as(row) for row in page],
            "batch": batch_asked(request),
            "decided": request.GET.get("decided", ""),
            "decide_url": reverse(f"admin:articles_article_{name}_decide"),
            "reopen_url": reverse(f"admin:articles_article_{name}_reopen"),
        }
        return TemplateResponse(request, f"admin/articles/article/{name}.html", common | {**context})

    def _back(
        self, request: HttpRequest, decided: list[int] | None = None, name: str = "held"
    ) -> HttpResponse:
        batch = "".join(map(str, numbers_of([request.POST.get("batch", "")])))
        query = {"batch": batch, "decided": ",".join(map(str, decided or []))}
        parameters = "&".join(f"{key}={value}" for key, value in query.items() if value)
        return HttpResponseRedirect(f"{reverse(f'admin:articles_article_{name}')}?{parameters}")


def batch_asked(request: HttpRequest) -> int | None:
    """Return the number of the import whose texts are asked for, None for those of all."""
    batch = request.GET.get("batch", "")
    return int(batch) if batch.isascii() and batch.isdecimal() and len(batch) < 10 else None


def numbers_of(texts: list[str]) -> list[int]:
    """Return those of the values of a form that are numbers."""
    return [int(text) for text in texts if text.isascii() and text.isdecimal() and len(text) < 19]


def current_user(request: HttpRequest) -> AbstractBaseUser:
    """Return the user, who is logged in: the views have checked it."""
    return cast("AbstractBaseUser", request.user)
