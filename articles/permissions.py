"""The four roles of the archive and their permissions.

Each role is a Django group. Every `migrate` gives the groups the permissions defined here; other groups and
the permissions of single users are left as they are. tests/articles/admin/test_permissions.py tests every
URL once per role.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps.config import AppConfig
from django.contrib.auth.models import Group, Permission, User
from django.utils.translation import gettext_lazy as _

#: An account without the desk: the only one that is no group, because it has no permission.
RESEARCHER = "researcher"
READER, CONTRIBUTOR, LIBRARIAN, ADMINISTRATOR = "reader", "contributor", "librarian", "administrator"
#: Labels by role, from the fewest permissions to the most.
ROLES = {
    READER: _("Reader"),
    CONTRIBUTOR: _("Contributor"),
    LIBRARIAN: _("Librarian"),
    ADMINISTRATOR: _("Administrator"),
}
ROLE_DESCRIPTIONS = {
    READER: _("looks at the desk, changes nothing (searching needs no account)"),
    CONTRIBUTOR: _("uploads files for a librarian to confirm, writes drafts and edits their own"),
    LIBRARIAN: _("edits, publishes, withdraws, confirms and undoes imports, keeps names and rules"),
    ADMINISTRATOR: _("all that, and users, earlier states, erasure by law"),
}

#: Models of `articles` that only record what happened, or that only an administrator changes.
_REGISTERS = ("erasure", "erasedrecord", "evidenceexport")
_READ = ("article", "source", "place", "organisation")


def role_permissions(role: str) -> set[str]:
    """Return the permissions of a role, each as "app.codename".

    Librarians have all permissions of `articles` except those reserved for administrators, so a new model
    needs no change here.
    """
    if role == READER:
        return {f"articles.view_{model}" for model in _READ}
    if role == CONTRIBUTOR:
        own = {"articles.add_article", "articles.change_article", "articles.add_importbatch"}
        return role_permissions(READER) | own | {"articles.view_importbatch"}
    ours = _all_of("articles")
    if role == LIBRARIAN:
        kept = {f"articles.{verb}_{model}" for model in _REGISTERS for verb in ("add", "change", "delete")}
        return ours - kept - {"articles.restore_article", "articles.delete_article"}
    users = {f"auth.{verb}_user" for verb in ("add", "change", "delete", "view")}
    reading = {"search.view_accessrecord", "search.view_apitoken", "search.change_apitoken"}
    return (ours - {"articles.delete_article"}) | users | reading


def _all_of(app: str) -> set[str]:
    names = Permission.objects.filter(content_type__app_label=app).values_list("codename", flat=True)
    return {f"{app}.{name}" for name in names}


def sync_role_groups(sender: AppConfig, *, using: str, **_kwargs: Any) -> None:
    """Create the groups of the roles, or correct their permissions (receiver of `post_migrate`)."""
    known = {
        f"{app}.{name}": pk
        for pk, app, name in Permission.objects.using(using).values_list(
            "pk", "content_type__app_label", "codename"
        )
    }
    for role in ROLES:
        group, _made = Group.objects.using(using).get_or_create(name=role)
        group.permissions.set([known[name] for name in role_permissions(role) if name in known])


def highest_role(groups: Iterable[str], *, superuser: bool = False) -> str:
    """Return the role with the most permissions among a user's groups; "" if there is none."""
    if superuser:
        return ADMINISTRATOR
    held = [role for role in ROLES if role in set(groups)]
    return held[-1] if held else ""


def user_role(user: User) -> str:
    """Return the role of a user; "" for none.

    An account without the desk is a researcher's, whatever its groups.
    """
    if user.pk and not user.is_staff and not user.is_superuser:
        return RESEARCHER
    names = [group.name for group in user.groups.all()] if user.pk else []
    return highest_role(names, superuser=user.is_superuser)
