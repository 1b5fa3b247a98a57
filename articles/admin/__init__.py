"""The pages of librarians and administrators, in Django's admin."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django_tasks_db import admin as _registered_there  # noqa: F401  before it is taken off
from django_tasks_db.models import DBTaskResult

from articles.admin.article_pages.article_admin import ArticleAdmin
from articles.admin.article_pages.date_pages import DateVerdictAdmin
from articles.admin.article_pages.place_pages import PlaceVerdictAdmin
from articles.admin.article_pages.provenance_pages import ErasureAdmin, EvidenceExportAdmin
from articles.admin.cleaning_rule_admin import CleaningRuleAdmin
from articles.admin.import_pages.column_mapping_pages import ColumnMappingAdmin
from articles.admin.import_pages.import_admin import ImportBatchAdmin
from articles.admin.mistake_report_pages import MistakeReportAdmin
from articles.admin.name_admin import PlaceAdmin, SourceAdmin
from articles.admin.organisation_admin import OrganisationAdmin
from articles.admin.review_pages import InferenceAdmin
from articles.admin.user_admin import ArchiveUserAdmin

admin.site.site_header = _("News archive")
admin.site.site_title = _("News archive")
admin.site.index_title = _("The archive's desk")
# Rows of django-tasks only wake a worker; the state of an import is on its own page (articles/tasks.py).
admin.site.unregister(DBTaskResult)
admin.site.empty_value_display = "—"

__all__ = [
    "ArchiveUserAdmin",
    "ArticleAdmin",
    "CleaningRuleAdmin",
    "ColumnMappingAdmin",
    "DateVerdictAdmin",
    "ErasureAdmin",
    "EvidenceExportAdmin",
    "ImportBatchAdmin",
    "InferenceAdmin",
    "MistakeReportAdmin",
    "OrganisationAdmin",
    "PlaceAdmin",
    "PlaceVerdictAdmin",
    "SourceAdmin",
]
