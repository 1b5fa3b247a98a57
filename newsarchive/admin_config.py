"""The admin with the front page of newsarchive/admin_site.py; apart, for apps are known before any model."""

from django.contrib.admin.apps import AdminConfig


class ArchiveAdminConfig(AdminConfig):
    """In INSTALLED_APPS in place of django.contrib.admin."""

    default = False
    default_site = "newsarchive.admin_site.ArchiveAdminSite"
