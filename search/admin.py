"""Tokens and accesses in the admin, for administrators: who read what, and which programs may."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote_plus, urlsplit

from django.contrib import admin, messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy, ngettext

from articles.admin.model_admin import ReadOnlyAdmin, WasDoneFilter
from search.models import AccessRecord, ApiToken
from search.web.accounts.api_tokens import revoke_token

if TYPE_CHECKING:
    from django.contrib.admin.filters import _ListFilterChoices
    from django.utils.functional import _StrPromise


#: What was opened or exported, by the name of its address (search/web/accounts/access_log.py).
KINDS_OF_ACCESS: Mapping[str, str | _StrPromise] = {
    "search:article": gettext_lazy("an article"),
    "search:story": gettext_lazy("the versions of a story"),
    "search:compare": gettext_lazy("two versions compared"),
    "search:why": gettext_lazy("why an article was found"),
    "search:original_file": gettext_lazy("an original file"),
    "search:cite": gettext_lazy("a citation"),
    "search:export_file": gettext_lazy("an export of a search"),
    "search:selection_file": gettext_lazy("an export of selected articles"),
    "search:view_table": gettext_lazy("a table of a view"),
    "search:context_export_table": gettext_lazy("a table of words in context"),
    "search:feed": gettext_lazy("a feed"),
    "api:article": gettext_lazy("an article, by the API"),
    "api:why": gettext_lazy("why an article was found, by the API"),
    "api:search_all": gettext_lazy("all hits of a search, by the API"),
}


class AccessKindFilter(admin.AllValuesFieldListFilter):
    """A filter by what was opened, in words: Django would list the names of addresses."""

    def choices(self, changelist: Any) -> Iterator[_ListFilterChoices]:
        """Yield all, then each kind that was recorded."""
        for choice in super().choices(changelist):
            told = str(choice["display"])
            yield {**choice, "display": KINDS_OF_ACCESS.get(told, told)}


@admin.register(AccessRecord)
class AccessRecordAdmin(ReadOnlyAdmin[AccessRecord]):
    """What was opened and exported in a private archive, read-only."""

    when_empty = gettext_lazy(
        "No access was recorded yet. Accesses are recorded only while the archive requires a login "
        "(ARCHIVE_REQUIRES_LOGIN)."
    )
    list_display = ["at", "user_name", "token", "kind", "article", "articles_read", "address_read"]
    list_filter = [("what", AccessKindFilter), "at"]
    search_fields = ["user_name", "=article", "address"]
    fields = readonly_fields = (
        "at", "user", "user_name", "token", "kind", "article", "articles_read", "address_read",
    )  # fmt: skip
    show_full_result_count = False

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[AccessRecord], search_term: str
    ) -> tuple[QuerySet[AccessRecord], bool]:
        """Find addresses by words as they are read, which are percent-encoded in what is stored."""
        found, may_double = super().get_search_results(request, queryset, search_term)
        words = search_term.split()
        encoded = Q()
        for word in words:
            encoded &= Q(address__icontains=quote_plus(word))
        return (found | queryset.filter(encoded) if words else found), may_double

    @admin.display(description=AccessRecord._meta.get_field("what").verbose_name, ordering="what")
    def kind(self, record: AccessRecord) -> str:
        """Return what was opened, in words."""
        return str(KINDS_OF_ACCESS.get(record.what, record.what))

    @admin.display(description=AccessRecord._meta.get_field("address").verbose_name, ordering="address")
    def address_read(self, record: AccessRecord) -> SafeString | None:
        """Return the address with a line for each of its parameters, each in its own direction."""
        if not record.address:
            return None
        path, query = urlsplit(record.address)[2:4]
        parts = format_html_join("", "<br>{}: <bdi>{}</bdi>", parse_qsl(query, keep_blank_values=True))
        return format_html('<bdi dir="ltr">{}</bdi>{}', path, parts)

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
