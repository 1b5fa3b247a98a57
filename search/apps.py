from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "search"
    verbose_name = _("Search")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from articles.outbox.commit_hooks import outbox_written, text_leaves  # noqa: PLC0415  models exist only now
        from search.indexing.indexer import follow_outbox, forget_texts  # noqa: PLC0415  models exist only now

        outbox_written.connect(follow_outbox, dispatch_uid="search.follow_outbox")
        text_leaves.connect(forget_texts, dispatch_uid="search.forget_texts")
