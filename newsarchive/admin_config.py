"""The app of the admin. Separate from newsarchive/admin_site.py, because apps load before any model."""

from django.contrib.admin.apps import AdminConfig


class ArchiveAdminConfig(AdminConfig):
    """Replaces django.contrib.admin in INSTALLED_APPS."""

    default = False
    default_site = "newsarchive.admin_site.ArchiveAdminSite"
