from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, post_save, pre_delete, pre_migrate
from django.utils.translation import gettext_lazy as _


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = _("Archive")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from articles import roles, signals, triggers  # noqa: PLC0415  models exist only now

        pre_migrate.connect(triggers.before_migrations, sender=self, dispatch_uid="articles.triggers.before")
        post_migrate.connect(triggers.after_migrations, sender=self, dispatch_uid="articles.triggers.after")
        from articles.intake import rulebook  # noqa: PLC0415  models exist only now

        post_migrate.connect(rulebook.make_shipped, sender=self, dispatch_uid="articles.rulebook.make")
        post_migrate.connect(roles.make_roles, sender=self, dispatch_uid="articles.roles.make")
        connection_created.connect(signals.watch_connection, dispatch_uid="articles.signals.watch")
        post_save.connect(signals.created, dispatch_uid="articles.signals.created")
        pre_delete.connect(
            signals.leaves_its_story, sender="articles.Article", dispatch_uid="articles.signals.leaves"
        )
