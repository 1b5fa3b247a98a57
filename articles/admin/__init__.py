"""The librarians' side: articles, sources, places and imports in Django's own admin, in our words."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from articles.admin.articles import ArticleAdmin
from articles.admin.imports import ImportBatchAdmin
from articles.admin.names import PlaceAdmin, SourceAdmin
from articles.admin.organisations import OrganisationAdmin

admin.site.site_header = _("News archive")
admin.site.site_title = _("News archive")
admin.site.index_title = _("The archive's desk")
admin.site.empty_value_display = "—"

__all__ = ["ArticleAdmin", "ImportBatchAdmin", "OrganisationAdmin", "PlaceAdmin", "SourceAdmin"]
