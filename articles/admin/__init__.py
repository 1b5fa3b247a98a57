"""The librarians' side: articles, sources, places and imports in Django's own admin, in our words."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django_tasks_db import admin as _registered_there  # noqa: F401  before it is taken off
from django_tasks_db.models import DBTaskResult

from articles.admin.articles import ArticleAdmin
from articles.admin.columns import ColumnMappingAdmin
from articles.admin.erasures import ErasureAdmin, EvidenceExportAdmin
from articles.admin.imports import ImportBatchAdmin
from articles.admin.names import PlaceAdmin, SourceAdmin
from articles.admin.organisations import OrganisationAdmin
from articles.admin.placing import PlaceVerdictAdmin
from articles.admin.reviewing import InferenceAdmin
from articles.admin.rules import CleaningRuleAdmin
from articles.admin.users import ArchiveUserAdmin

admin.site.site_header = _("News archive")
admin.site.site_title = _("News archive")
admin.site.index_title = _("The archive's desk")
# The rows of django-tasks are nudges; what an import is at stands on its own page (articles/tasks.py).
admin.site.unregister(DBTaskResult)
admin.site.empty_value_display = "—"

__all__ = [
    "ArchiveUserAdmin",
    "ArticleAdmin",
    "CleaningRuleAdmin",
    "ColumnMappingAdmin",
    "ErasureAdmin",
    "EvidenceExportAdmin",
    "ImportBatchAdmin",
    "InferenceAdmin",
    "OrganisationAdmin",
    "PlaceAdmin",
    "PlaceVerdictAdmin",
    "SourceAdmin",
]
