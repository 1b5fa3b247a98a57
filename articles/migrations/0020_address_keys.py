"""Give articles that were identified by their address the key of its normal form.

Articles of one address in several spellings keep their old keys, but for the first that readers see; the
others say which one that is.
"""

from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from articles.identity.record_keys import address_key, older_address_key

CHUNK = 500


def give_normal_keys(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Give one article of each address the new key, and link the others to it."""
    article_model = apps.get_model("articles", "Article")
    rows = article_model.objects.filter(record_key__startswith="url:").order_by("pk")
    first: dict[str, tuple[bool, int]] = {}
    others: list[tuple[int, str]] = []
    for pk, url, key, state in rows.values_list("pk", "url", "record_key", "state").iterator(CHUNK):
        # An address that the desk has changed since is not the one of the record.
        if key == older_address_key(url):
            new = address_key(url)
            others.append((pk, new))
            first[new] = min(first.get(new, (True, pk)), (state != "published", pk))
    for start in range(0, len(others), CHUNK):
        changed = []
        for pk, key in others[start : start + CHUNK]:
            holder = first[key][1]
            if pk == holder:
                changed.append(article_model(pk=pk, record_key=key))
            else:
                article_model.objects.filter(pk=pk).update(same_address_as=holder)
        article_model.objects.bulk_update(changed, ["record_key"])


def give_older_keys(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Give the articles the keys that the release before knows."""
    article_model = apps.get_model("articles", "Article")
    rows = article_model.objects.filter(record_key__startswith="page:").order_by("pk")
    taken = set(article_model.objects.filter(record_key__startswith="url:").values_list("record_key", flat=True))
    for pk, url in rows.values_list("pk", "url"):
        key = older_address_key(url)
        if key not in taken:
            taken.add(key)
            article_model.objects.filter(pk=pk).update(record_key=key)


class Migration(migrations.Migration):
    """Keys of addresses in normal form."""

    dependencies = [("articles", "0019_same_address")]

    operations = [migrations.RunPython(give_normal_keys, give_older_keys)]
