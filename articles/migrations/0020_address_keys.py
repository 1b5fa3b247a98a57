"""Give articles that were identified by their address the key of its normal form.

Articles of one address in several spellings keep their old keys, but for the first that readers see; the
others say which one that is. Search documents hold no keys: what triggers note of the changes can wait.
"""

from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Max

from articles.identity.record_keys import address_key, older_address_key

CHUNK = 500


def give_normal_keys(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Give one article of each address the new key, and link the others to it."""
    article_model = apps.get_model("articles", "Article")
    rows = article_model.objects.filter(record_key__startswith="url:").order_by("pk")
    taken = dict(
        article_model.objects.filter(record_key__startswith="page:").values_list("record_key", "pk").iterator(CHUNK)
    )
    first: dict[str, tuple[bool, int]] = {}
    others: list[tuple[int, str]] = []
    for pk, url, key, state in rows.values_list("pk", "url", "record_key", "state").iterator(CHUNK):
        # An address that the desk has changed since is not the one of the record.
        if key == older_address_key(url):
            new = address_key(url)
            others.append((pk, new))
            first[new] = min(first.get(new, (True, pk)), (state != "published", pk))
    for start in range(0, len(others), CHUNK):
        changed, last = [], _last_outbox_row(apps)
        for pk, key in others[start : start + CHUNK]:
            holder = taken.get(key) or first[key][1]
            if pk == holder:
                changed.append(article_model(pk=pk, record_key=key))
            else:
                article_model.objects.filter(pk=pk).update(same_address_as=holder)
        article_model.objects.bulk_update(changed, ["record_key"])
        _let_wait(apps, [pk for pk, _key in others[start : start + CHUNK]], last)


def give_older_keys(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Give the articles the keys that the release before knows, but for those whose address the desk changed."""
    article_model = apps.get_model("articles", "Article")
    rows = article_model.objects.filter(record_key__startswith="page:").order_by("pk")
    taken = set(article_model.objects.filter(record_key__startswith="url:").values_list("record_key", flat=True))
    changed = []
    for pk, url, now in rows.values_list("pk", "url", "record_key").iterator(CHUNK):
        key = older_address_key(url)
        if now == address_key(url) and key not in taken:
            taken.add(key)
            changed.append(article_model(pk=pk, record_key=key))
    for start in range(0, len(changed), CHUNK):
        part, last = changed[start : start + CHUNK], _last_outbox_row(apps)
        article_model.objects.bulk_update(part, ["record_key"])
        _let_wait(apps, [article.pk for article in part], last)


def _last_outbox_row(apps: Apps) -> int:
    return apps.get_model("articles", "Outbox").objects.aggregate(last=Max("pk"))["last"] or 0


def _let_wait(apps: Apps, articles: list[int], after: int) -> None:
    """Let the index first follow what users wait for, where triggers stay during migrations (PostgreSQL)."""
    noted = apps.get_model("articles", "Outbox").objects.filter(article_id__in=articles, pk__gt=after)
    noted.update(interactive=False)


class Migration(migrations.Migration):
    """Keys of addresses in normal form."""

    dependencies = [("articles", "0019_same_address")]

    operations = [migrations.RunPython(give_normal_keys, give_older_keys)]
