"""Addresses. They are a public interface: see README.md."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from search.web.api import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("search.urls")),
    path("api/v1/", api.urls),
    path("admin/", admin.site.urls),
]

handler404 = "search.web.views.not_found"
handler500 = "search.web.guard.request_trace.server_error"
