"""The page of new texts that imports held: each beside the text that readers see; one by one, and in bulk."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import BinaryField, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Substr
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.admin.article_pages.held_pages import (
    SHOWN_BYTES,
    SHOWN_CHARACTERS,
    HeldTextViews,
    batch_asked,
    current_user,
    numbers_of,
    original_as_text,
)
from articles.admin.model_admin import report_search_status
from articles.history import held_updates
from articles.history.held_texts import held_articles
from articles.models import Article, ImportRow
from articles.text.problem_messages import describe_isolated


def beginnings_of_updates(rows: QuerySet[ImportRow]) -> QuerySet[ImportRow]:
    """Return rows with the beginnings of both texts and of the bytes instead of the whole."""
    return (
        rows.defer("pending", "pending_original")
        .select_related("article__source", "batch")
        .defer("article__body", "article__original")
        .annotate(
            new_title=KT("pending__values__title"),
            new_body=Substr(KT("pending__values__body"), 1, SHOWN_CHARACTERS),
            body_now=Substr("article__body", 1, SHOWN_CHARACTERS),
            original_start=Substr("pending_original", 1, SHOWN_BYTES, output_field=BinaryField()),
        )
    )


class HeldUpdate:
    """A row of `beginnings_of_updates` as the page shows it."""

    def __init__(self, row: Any) -> None:
        self.pk: int = row.pk
        self.row: ImportRow = row
        self.file_name: str = row.file_name
        article: Article = row.article
        self.article = article
        self.reason: str = describe_isolated(row.reason, row.detail)
        #: A title or a text that stays is not in the row.
        self.now = (article.title, row.body_now)
        self.new = tuple(
            old if new is None else new
            for old, new in zip(self.now, (row.new_title, row.new_body), strict=True)
        )
        self.original: str = original_as_text(row.original_start)


class HeldUpdateViews(HeldTextViews):
    """Views of ArticleAdmin."""

    def get_urls(self) -> list[URLPattern]:
        """Add the page and the addresses of its buttons."""
        wrap, name = self.admin_site.admin_view, "articles_article_held_updates{}".format
        return [
            path("held/updates/", wrap(self.held_updates_view), name=name("")),
            path("held/updates/decide/", wrap(self.decide_updates_view), name=name("_decide")),
            path("held/updates/reopen/", wrap(self.reopen_updates_view), name=name("_reopen")),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:  # fmt: skip
        """Say above the form why a text is held, and where to decide about it."""
        told = {"held": self._held_notice(request, object_id)}
        return super().change_view(request, object_id, form_url, {**told, **(extra_context or {})})

    def _held_notice(self, request: HttpRequest, object_id: str) -> dict[str, Any]:
        """Return what the form tells of a held article, or of one whose new text is held; {} of others.

        `text` and `update` are why, `decidable` is True if the user may publish the text now; `batch` is the
        import of the new text.
        """
        pk = numbers_of([object_id])
        article = Article.objects.defer("body", "original").filter(pk__in=pk).first()
        if article is None:
            return {}
        publishes = self.may_publish(request)
        is_held = article.state == Article.State.HELD
        row = held_updates.undecided_updates().filter(article=article).first() if publishes else None
        told = {
            "text": article.held_text if is_held else "",
            "by_hand": is_held and not article.held_text,
            "decidable": is_held and publishes and held_articles().filter(pk=article.pk).exists(),
            "update": describe_isolated(row.reason, row.detail) if row else "",
            "batch": row.batch_id if row else None,
        }
        return told if is_held or row else {}

    def held_updates_view(self, request: HttpRequest) -> HttpResponse:
        """List the held updates, of one import with `batch`."""
        self._check_publisher(request)
        rows = beginnings_of_updates(held_updates.undecided_updates(batch_asked(request)))
        context = {"title": _("New texts held for review"), "accept": "accept"}
        return self._held_page(request, "held_updates", rows, HeldUpdate, context)

    def decide_updates_view(self, request: HttpRequest) -> HttpResponse:
        """Accept or refuse one text (`accept:1`) or the ticked ones (`ids`); `decision` is the button."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        self._check_publisher(request)
        decision, _colon, one = request.POST.get("decision", "").partition(":")
        if decision not in ("accept", "refuse"):
            return self._back(request, name="held_updates")
        ids = numbers_of([one] if one else request.POST.getlist("ids"))
        decisions = held_updates.decide_updates(ids, accept=decision == "accept", by=current_user(request))
        told, done = _tell_what_was_left(request, decisions), decisions.done
        if not done:
            if not told:
                messages.warning(request, _("Nothing was chosen, or it was decided meanwhile."))
            return self._back(request, name="held_updates")
        if decision == "accept":
            text = ngettext("%(count)s text was accepted.", "%(count)s texts were accepted.", len(done))
        else:
            text = ngettext("%(count)s text was refused.", "%(count)s texts were refused.", len(done))
        messages.success(request, text % {"count": intcomma(len(done))})
        report_search_status(request)
        return self._back(request, done, "held_updates")

    def reopen_updates_view(self, request: HttpRequest) -> HttpResponse:
        """Take the last decisions back."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        self._check_publisher(request)
        ids = numbers_of(request.POST.get("ids", "").split(","))
        decisions = held_updates.reopen_updates(ids, by=current_user(request))
        _tell_what_was_left(request, decisions)
        count = len(decisions.done)
        text = ngettext("%(count)s text is held again.", "%(count)s texts are held again.", count)
        messages.success(request, text % {"count": intcomma(count)})
        report_search_status(request)
        return self._back(request, name="held_updates")


def _tell_what_was_left(request: HttpRequest, decisions: held_updates.Decisions) -> bool:
    """Say which texts were left undecided and why; return False if there are none."""
    undone = _("Left as they are, because their import is undone or about to be: %(count)s.")
    erased = _("Left out, because their articles were erased: %(count)s.")
    reasons = (undone, decisions.undone), (erased, decisions.erased)
    for text, count in reasons:
        if count:
            messages.warning(request, text % {"count": intcomma(count)})
    return any(count for _text, count in reasons)
