from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, post_save, pre_delete, pre_migrate
from django.utils.translation import gettext_lazy as _


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = _("Archive")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from articles import permissions  # noqa: PLC0415  models exist only now
        from articles.boilerplate import rule_store  # noqa: PLC0415  models exist only now
        from articles.near_duplicates import clusters  # noqa: PLC0415  models exist only now
        from articles.outbox import commit_hooks, triggers  # noqa: PLC0415  models exist only now

        pre_migrate.connect(
            triggers.before_migrations, sender=self, dispatch_uid="articles.outbox.triggers.before"
        )
        post_migrate.connect(
            triggers.after_migrations, sender=self, dispatch_uid="articles.outbox.triggers.after"
        )
        post_migrate.connect(
            rule_store.install_shipped_rules,
            sender=self,
            dispatch_uid="articles.boilerplate.rule_store.install",
        )
        post_migrate.connect(
            permissions.sync_role_groups, sender=self, dispatch_uid="articles.permissions.make"
        )
        connection_created.connect(
            commit_hooks.watch_connection, dispatch_uid="articles.outbox.commit_hooks.watch"
        )
        post_save.connect(
            commit_hooks.notify_created, dispatch_uid="articles.outbox.commit_hooks.notify_created"
        )
        pre_delete.connect(
            clusters.remove_deleted_from_cluster,
            sender="articles.Article",
            dispatch_uid="articles.near_duplicates.clusters.leaves",
        )
