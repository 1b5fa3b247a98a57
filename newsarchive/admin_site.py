"""The front page of the admin, with models grouped in the order in which librarians use them."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.contrib import admin
from django.contrib.admin import AdminSite
from django.contrib.admin.actions import delete_selected
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import BadRequest
from django.db import DataError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, reverse
from django.utils.translation import gettext_lazy

from articles.history.inference_review import count_uncertain
from articles.history.reader_reports import open_reports
from search.web.guard.way_back import lead_to_login

#: Heading and models (app.Model) of each group; all other models are under "Further".
MODEL_GROUPS = (
    (
        gettext_lazy("Articles"),
        ("articles.Article", "articles.ImportBatch", "articles.Inference", "articles.MistakeReport"),
    ),
    (gettext_lazy("Names"), ("articles.Source", "articles.Place", "articles.Organisation")),
    (gettext_lazy("On record"), ("articles.Erasure", "articles.EvidenceExport", "search.AccessRecord")),
    (gettext_lazy("People"), ("auth.User", "search.ApiToken")),
)
_PATTERN_LOOKUPS = ("regex", "iregex")
OTHER_MODELS_HEADING = gettext_lazy("Further")


@admin.action(permissions=["delete"], description=gettext_lazy("Delete the selected %(verbose_name_plural)s"))
def delete_the_selected(model_admin: Any, request: HttpRequest, chosen: Any) -> Any:
    """Delete after a question, as Django's own action, which is worded unlike ours."""
    return delete_selected(model_admin, request, chosen)


class ArchiveAdminSite(AdminSite):
    """Django's admin with our groups."""

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self.disable_action("delete_selected")
        self.add_action(delete_the_selected, "delete_selected")

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Add the guide and the page of the second factor."""
        from articles.admin.guide_pages import guide_urls  # noqa: PLC0415  the package needs this site
        from newsarchive.second_factor_page import second_factor_urls  # noqa: PLC0415  models exist only now

        return [*guide_urls(self), *second_factor_urls(self), *super().get_urls()]

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Answer 400 where a parameter has a value that no date, number or database has.

        Django does so for values that a filter refuses; a year of eight digits is noticed by the query alone.
        Patterns are refused, too: Django takes `body__regex` for a filter of its lists, and some patterns
        keep a process of the web server busy for good.
        """
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if any(name.endswith(_PATTERN_LOOKUPS) for name in request.GET):
                raise BadRequest("a parameter is a pattern")
            if request.method == "POST" and request.user.is_anonymous and not is_open_to_strangers(request):
                return lead_to_login(request, "admin:login")
            try:
                answer: HttpResponseBase = inner(request, *args, **kwargs)
            except (OverflowError, DataError, ValueError, IncorrectLookupParameters) as error:
                if request.method != "GET" or not request.GET or not is_value_error(error):
                    raise
                raise BadRequest("a parameter has an impossible value") from error
            return answer

        return checked

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Show the front page with the number of pending decisions."""
        sees_reports = request.user.has_perm("articles.view_mistakereport")
        waiting = {
            "facts_to_review": count_uncertain(request.user),
            "reports": open_reports().count() if sees_reports else 0,
        }
        return super().index(request, {**waiting, **(extra_context or {})})

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Return our groups on the front page, and Django's list on the page of an app."""
        apps = super().get_app_list(request, app_label)
        return apps if app_label else group_models(apps)


def is_open_to_strangers(request: HttpRequest) -> bool:
    """Return True for the pages of the desk by which one gets in and out, and the second factor."""
    return request.path in (reverse("admin:logout"), reverse("admin:login"), reverse("admin:second_factor"))


def is_value_error(error: Exception) -> bool:
    """Return True if an error says that a value is out of range, and not that the code is wrong."""
    if isinstance(error, ValueError):
        return "out of range" in str(error) or "NUL" in str(error)
    return True


def group_models(apps: list[Any]) -> list[Any]:
    """Return Django's list of apps as groups, each in the form of an app; empty ones are left out."""
    models = {
        f"{app['app_label']}.{model['object_name']}": (app, model) for app in apps for model in app["models"]
    }
    groups = []
    for heading, names in MODEL_GROUPS:
        found = [models.pop(name) for name in names if name in models]
        if found:
            groups.append(_group(heading, found))
    return [*groups, *([_group(OTHER_MODELS_HEADING, list(models.values()))] if models else [])]


def _group(heading: Any, found: list[tuple[Any, Any]]) -> dict[str, Any]:
    app, _model = found[0]
    return {
        "name": heading,
        "app_label": app["app_label"],
        "app_url": app["app_url"],
        "has_module_perms": True,
        "models": [model for _app, model in found],
    }
