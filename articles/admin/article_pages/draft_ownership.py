"""Who sees and edits which article: contributors their own drafts, readers what is published."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from articles.admin.model_admin import ModelAdmin
from articles.models import Article


class DraftPermissions(ModelAdmin[Article]):
    """For ArticleAdmin. Who may publish may edit everything."""

    def has_publish_permission(self, request: HttpRequest) -> bool:
        """For the actions, and for what follows from it."""
        return request.user.has_perm("articles.publish_article")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes an article: it is withdrawn, or erased by law."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """A contributor only what they brought in and nobody published yet."""
        if not super().has_change_permission(request, obj):
            return False
        if obj is None or self.has_publish_permission(request):
            return True
        return obj.state == Article.State.DRAFT and is_owner(request, obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        """Without the originals, which no list shows; of what is not published only one's own, unless one
        may publish."""
        articles = super().get_queryset(request).defer("original")
        if self.has_publish_permission(request):
            return articles
        own = Q(added_by=request.user.pk) | Q(batch__created_by=request.user.pk)
        return articles.filter(own | Q(pk__in=Article.objects.visible().values("pk")))

    def get_readonly_fields(self, request: HttpRequest, obj: Article | None = None) -> Any:
        """The state is not theirs to choose who may not publish."""
        fields = super().get_readonly_fields(request, obj)
        return fields if self.has_publish_permission(request) else [*fields, "state"]

    def owned(self, request: HttpRequest, article: Article) -> None:
        """Before a new article is saved: whose it is, and that it is a draft of who may not publish."""
        article.added_by_id = request.user.pk
        if not self.has_publish_permission(request):
            article.state = Article.State.DRAFT


def is_owner(request: HttpRequest, article: Article) -> bool:
    """Whether the user wrote it, or imported it."""
    mine = request.user.pk
    return mine in (article.added_by_id, article.batch.created_by_id if article.batch else None)
