from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "search"
    verbose_name = _("Search")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from articles import permissions  # noqa: PLC0415  models exist only now
        from articles.history.erasure import pre_erase  # noqa: PLC0415  models exist only now
        from articles.outbox.commit_hooks import outbox_written  # noqa: PLC0415  models exist only now
        from articles.tasks import daily_chores  # noqa: PLC0415  models exist only now
        from search.concordance.context_exports import expire_exports, forget_words  # noqa: PLC0415  models exist only now
        from search.indexing.indexer import on_outbox_written, purge_index_of_texts  # noqa: PLC0415  models exist only now
        from search.web.accounts.access_log import delete_old_records  # noqa: PLC0415  models exist only now
        from search.web.guard.login_records import connect_login_records  # noqa: PLC0415  models exist only now

        connect_login_records()
        # The permissions of this app exist only after those of `articles`.
        post_migrate.connect(
            permissions.sync_role_groups, sender=self, dispatch_uid="search.permissions.make"
        )
        daily_chores.append(delete_old_records)
        daily_chores.append(expire_exports)
        outbox_written.connect(on_outbox_written, dispatch_uid="search.follow_outbox")
        pre_erase.connect(purge_index_of_texts, dispatch_uid="search.forget_texts")
        pre_erase.connect(forget_words, dispatch_uid="search.forget_exported_words")
