"""Inferred metadata in the admin: the list of all, and the review of uncertain ones.

Without JavaScript every button is a form. With it (static/admin-archive/review.js) the same URLs answer
with JSON and the page stays.
"""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.admin.model_admin import ReadOnlyAdmin, report_search_status
from articles.admin.review_queue import (
    ReviewFilters,
    build_review_queue,
    decided_facts,
    method_label,
    progress_text,
)
from articles.history import inference_review
from articles.history.inference_review import ChangedSinceError, InvalidValueError
from articles.history.reader_reports import open_reports
from articles.models import Inference

#: Further reports appear as these are closed.
REPORTS_SHOWN = 50


class MethodFilter(admin.SimpleListFilter):
    """A filter by the rule that made the prediction."""

    title = gettext_lazy("rule")
    parameter_name = "method"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the rules that made any."""
        methods = Inference.objects.order_by("method").values_list("method", flat=True).distinct()
        return [(method, method_label(method)) for method in methods]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Inference]) -> QuerySet[Inference]:
        """Return the predictions of the chosen rule."""
        return queryset.filter(method=self.value()) if self.value() else queryset


@admin.register(Inference)
class InferenceAdmin(ReadOnlyAdmin[Inference]):
    """All inferred metadata with the decisions on it, and the review."""

    when_empty = gettext_lazy(
        "No fact was read from a text yet. When articles are imported whose files name no date, "
        "source or author, what their texts say is listed here."
    )
    list_display = [
        "fact",
        "field",
        "certainty",
        "rule",
        "state",
        "decided_by",
        "decided_at",
        "article_link",
    ]
    list_filter = ["state", "field", MethodFilter, "used"]
    list_select_related = ["decided_by"]
    list_per_page = 50
    show_full_result_count = False
    fields = [
        "article_link", "field", "value", "certainty", "rule", "evidence", "used", "made_at", "state",
        "decided_value", "decided_by", "decided_at",
    ]  # fmt: skip

    def get_urls(self) -> list[URLPattern]:
        """Add the review before Django's own URLs."""
        wrap, name = self.admin_site.admin_view, "articles_inference_{}".format
        return [
            path("review/", wrap(self.review_view), name=name("review")),
            path("review/accept-all/", wrap(self.accept_all_view), name=name("accept_all")),
            path("<int:pk>/decide/", wrap(self.decide_view), name=name("decide")),
            *super().get_urls(),
        ]

    def review_view(self, request: HttpRequest) -> HttpResponse:
        """Show the uncertain predictions, newest import first."""
        self._check(request)
        filters = ReviewFilters.of(request.GET)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Doubtful facts"),
            "opts": self.opts,
            "filters": filters,
            "reports": open_reports()[:REPORTS_SHOWN]
            if request.user.has_perm("articles.view_mistakereport")
            else (),
            "may_close": request.user.has_perm("articles.change_mistakereport"),
            "list": build_review_queue(filters, request.GET.get("page"), self._person(request)),
            "texts": {
                "accepted": _("Accepted."),
                "corrected": _("Corrected."),
                "rejected": _("Rejected."),
                "proposed": _("Open again."),
                "failed": _("This could not be saved. Nothing was changed; load the page again."),
            },
        }
        return TemplateResponse(request, "admin/articles/inference/review.html", context)

    def decide_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Accept, correct (with `correction`), reject or undo a prediction; `value` is a filter."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        self._check(request)
        fact = get_object_or_404(inference_review.reviewable_inferences().select_related("article"), pk=pk)
        decision = request.POST.get("decision", "")
        problem = self._decide(request, fact, decision)
        fact.refresh_from_db(fields=["state", "decided_value"])
        if request.headers.get("Accept") == "application/json":
            filters = ReviewFilters.of(request.POST)
            left, done = (
                filters.narrow(inference_review.uncertain_inferences()).count(),
                decided_facts(filters).count(),
            )
            answer = {
                "state": fact.state,
                "value": fact.decided_value or fact.value,
                "problem": problem,
                "text": progress_text(left, done),
                "decided": done,
                "of": left + done,
            }
            return JsonResponse(answer, status=400 if problem else 200)
        if problem:
            messages.error(request, problem)
        elif fact.state != Inference.State.PROPOSED:
            report_search_status(request)
        return HttpResponseRedirect(self._address(ReviewFilters.of(request.POST)))

    def accept_all_view(self, request: HttpRequest) -> HttpResponse:
        """Accept all predictions of a filter, which must narrow the list."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        self._check(request)
        filters = ReviewFilters.of(request.POST)
        if not filters:
            messages.error(request, _("Narrow the list first: not everything is accepted at once."))
            return HttpResponseRedirect(self._address(filters))
        count = inference_review.accept_all(
            filters.narrow(inference_review.uncertain_inferences()), by=self._person(request)
        )
        text = ngettext("%(count)s fact was accepted.", "%(count)s facts were accepted.", count)
        messages.success(request, text % {"count": intcomma(count)})
        report_search_status(request)
        return HttpResponseRedirect(self._address(filters))

    def _decide(self, request: HttpRequest, fact: Inference, decision: str) -> str:
        """Carry out a decision; return why it was not possible, or ""."""
        by = self._person(request)
        try:
            if decision == "accept":
                done = inference_review.accept(fact, by=by)
            elif decision == "correct":
                done = inference_review.correct(fact, request.POST.get("correction", ""), by=by)
            elif decision == "reject":
                done = inference_review.reject(fact, by=by)
            elif decision == "undo":
                done = inference_review.undo_decision(fact, by=by)
            else:
                return _("This is no decision.")
        except InvalidValueError as unfit:
            return str(unfit)
        except ChangedSinceError:
            return _("The article was changed since, so this decision is not taken back here.")
        return "" if done else _("Somebody decided this already.")

    def _check(self, request: HttpRequest) -> None:
        if not request.user.has_perm("articles.change_inference"):
            raise PermissionDenied

    @staticmethod
    def _person(request: HttpRequest) -> User:
        return cast("User", request.user)  # `_check` admits authenticated users only

    @staticmethod
    def _address(filters: ReviewFilters) -> str:
        address = reverse("admin:articles_inference_review")
        return f"{address}?{filters.query()}" if filters else address

    @admin.display(description=gettext_lazy("confidence"), ordering="confidence")
    def certainty(self, fact: Inference) -> str:
        """Return the confidence in percent, as in the review."""
        return f"{fact.confidence:.0%}"

    @admin.display(description=gettext_lazy("rule"), ordering="method")
    def rule(self, fact: Inference) -> str:
        """Return the name of the rule, as in the review."""
        return method_label(fact.method)

    @admin.display(description=gettext_lazy("value"), ordering="value")
    def fact(self, fact: Inference) -> SafeString:
        """Return the value, isolated from the direction of the page."""
        return format_html('<bdi dir="auto">{}</bdi>', fact.value or "—")

    @admin.display(description=gettext_lazy("article"))
    def article_link(self, fact: Inference) -> SafeString:
        """Return a link to the article in the admin."""
        address = reverse("admin:articles_article_change", args=[fact.article_id])
        return format_html('<a href="{}">#{}</a>', address, fact.article_id)
