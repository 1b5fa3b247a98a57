"""Permissions on articles: contributors see and edit their own drafts, readers published articles."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from articles.admin.model_admin import ModelAdmin
from articles.models import Article


class DraftPermissions(ModelAdmin[Article]):
    """Permissions of ArticleAdmin. Users who may publish may edit every article."""

    def has_publish_permission(self, request: HttpRequest) -> bool:
        """Return True if the user may publish."""
        return request.user.has_perm("articles.publish_article")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False: articles are withdrawn or erased by law, never deleted here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """Return True for publishers, and for contributors on their own unpublished articles."""
        if not super().has_change_permission(request, obj):
            return False
        if obj is None or self.has_publish_permission(request):
            return True
        return obj.state == Article.State.DRAFT and is_owner(request, obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        """Defer the originals; hide other users' unpublished articles unless the user may publish."""
        articles = super().get_queryset(request).defer("original")
        if self.has_publish_permission(request):
            return articles
        return articles.filter(_seen_by_contributors(request))

    def get_readonly_fields(self, request: HttpRequest, obj: Article | None = None) -> Any:
        """Add the state for users who may not publish."""
        fields = super().get_readonly_fields(request, obj)
        return fields if self.has_publish_permission(request) else [*fields, "state"]

    def owned(self, request: HttpRequest, article: Article) -> None:
        """Set the owner of a new article; make it a draft unless the user may publish."""
        article.added_by_id = request.user.pk
        if not self.has_publish_permission(request):
            article.state = Article.State.DRAFT


def seen_articles(request: HttpRequest) -> QuerySet[Article]:
    """Return the articles whose titles the desk may show: all for publishers, else visible and own ones."""
    articles: QuerySet[Article] = Article.objects.all()
    if request.user.has_perm("articles.publish_article"):
        return articles
    return articles.filter(_seen_by_contributors(request))


def _seen_by_contributors(request: HttpRequest) -> Q:
    own = Q(added_by=request.user.pk) | Q(batch__created_by=request.user.pk)
    return own | Q(pk__in=Article.objects.visible().values("pk"))


def is_owner(request: HttpRequest, article: Article) -> bool:
    """Return True if the user wrote or imported the article."""
    mine = request.user.pk
    return mine in (article.added_by_id, article.batch.created_by_id if article.batch else None)
