"""The page on which a reader reports a mistake in an article."""

from __future__ import annotations

import secrets

from django import forms
from django.conf import settings
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from articles.history.reader_reports import ReportRefusedError, report_mistake
from articles.models import Article
from articles.models.mistake_reports import MAX_REPORT_CHARACTERS
from articles.text.sanitize import sanitize_text
from search.query.request import SearchRequest
from search.web.viewmodels.list_place import article_url, read_position
from search.web.visibility import ErasedError, erased_page, visible_article

#: The key of the session under which a reporter without an account is known.
_REPORTER_KEY = "mistake_reporter"


class MistakeReportForm(forms.Form):
    """What is wrong, as plain text."""

    text = forms.CharField(
        max_length=MAX_REPORT_CHARACTERS,
        error_messages={
            "required": gettext_lazy("Please say what is wrong."),
            "max_length": gettext_lazy("Please write at most 500 characters."),
        },
    )

    def clean_text(self) -> str:
        """Return the text without control characters."""
        text = sanitize_text(self.cleaned_data["text"])[0]
        if not text:
            raise forms.ValidationError(_("Please say what is wrong."))
        return text


def may_report(request: HttpRequest) -> bool:
    """Return True if the reader may report mistakes: with an account, or if the archive lets strangers."""
    user = getattr(request, "user", None)
    return settings.REPORTS_FROM_STRANGERS or (user is not None and user.is_authenticated)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report_page(request: HttpRequest, article_id: int) -> HttpResponse:
    """Show the form, and store what was sent; 404 for those who may not report."""
    if not may_report(request):
        raise Http404("reports are off")
    try:
        article = visible_article(Article.objects.visible().only("title"), article_id)
    except ErasedError as erased:
        return erased_page(request, erased.erasure)
    form = MistakeReportForm(request.POST if request.method == "POST" else None)
    search, _complaints = SearchRequest.from_params(request.GET)
    context = {
        "search": search,
        "article": article,
        "back": article_url(article.pk, search, read_position(request.GET)),
        "most": MAX_REPORT_CHARACTERS,
    }
    status = 200
    if form.is_bound and form.is_valid():
        person = request.user if request.user.is_authenticated else None
        try:
            report_mistake(article, form.cleaned_data["text"], reporter=_reporter(request, person), by=person)
            context["done"] = True
        except ReportRefusedError as refused:
            status, context["refusal"] = 429, refused.reason
    elif form.is_bound:
        status, context["errors"] = 400, form.errors.get("text")
        context["typed"] = request.POST.get("text", "")[: 4 * MAX_REPORT_CHARACTERS]
    return render(request, "search/report.html", context, status=status)


def _reporter(request: HttpRequest, person: User | None) -> str:
    """Return the name by which a reader's reports are counted."""
    if person is not None:
        return f"user:{person.pk}"
    if _REPORTER_KEY not in request.session:
        request.session[_REPORTER_KEY] = secrets.token_hex(16)
    return f"session:{request.session[_REPORTER_KEY]}"
