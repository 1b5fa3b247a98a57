"""Tokens and accesses in the admin, for administrators: who read what, and which programs may."""

from __future__ import annotations

from django.contrib import admin, messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy, ngettext

from articles.admin.model_admin import ReadOnlyAdmin, WasDoneFilter
from search.models import AccessRecord, ApiToken
from search.web.accounts.api_tokens import revoke_token


@admin.register(AccessRecord)
class AccessRecordAdmin(ReadOnlyAdmin[AccessRecord]):
    """What was opened and exported in a private archive, read-only."""

    when_empty = gettext_lazy(
        "No access was recorded yet. Accesses are recorded only while the archive requires a login "
        "(ARCHIVE_REQUIRES_LOGIN)."
    )
    list_display = ["at", "user_name", "token", "what", "article", "articles_read", "address"]
    list_filter = ["what", "at"]
    search_fields = ["user_name", "=article", "address"]
    fields = readonly_fields = (
        "at", "user", "user_name", "token", "what", "article", "articles_read", "address",
    )  # fmt: skip
    show_full_result_count = False

    @admin.display(description=AccessRecord._meta.get_field("articles").verbose_name, ordering="articles")
    def articles_read(self, record: AccessRecord) -> str | None:
        """Return how many articles an export held."""
        return None if record.articles is None else intcomma(record.articles)


class RevokedFilter(WasDoneFilter):
    """A filter by whether a token was revoked."""

    without_label, done_label = gettext_lazy("not revoked"), gettext_lazy("revoked")


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyAdmin[ApiToken]):
    """All tokens; their owners make them (/tokens/), administrators may revoke them."""

    when_empty = gettext_lazy(
        "There are no API tokens yet. Those who have an account make them on the readers’ page “API tokens”."
    )
    list_display = ["beginning", "name", "user", "made_at", "expires_at", "used_at", "revoked_at"]
    list_filter = [("revoked_at", RevokedFilter)]
    list_select_related = ["user"]
    search_fields = ["beginning", "name", "user__username"]
    fields = readonly_fields = (
        "user", "name", "beginning", "scopes", "made_at", "expires_at", "used_at", "revoked_at",
    )  # fmt: skip
    actions = ["revoke"]

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        """Return True for administrators."""
        return request.user.has_perm("search.change_apitoken")

    @admin.action(description=gettext_lazy("Revoke the selected tokens"), permissions=["revoke"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiToken]) -> None:
        """Make the chosen tokens invalid."""
        chosen = list(queryset.filter(revoked_at=None))
        for token in chosen:
            revoke_token(token)
        text = ngettext("%(count)s token revoked.", "%(count)s tokens revoked.", len(chosen))
        messages.success(request, text % {"count": intcomma(len(chosen))})
