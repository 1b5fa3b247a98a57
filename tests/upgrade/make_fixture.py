"""Make `tests/upgrade/VERSION.sqlite3.gz`: the sample archive with rows of every model.

    python -m tests.upgrade.make_fixture tests/upgrade/0.2.0.sqlite3.gz

Run it with the code of a release, once, and never again for that release: later versions must open what that
code wrote. A new model gets its row here, in `write_rows`. Every stored time is set to `MADE_AT`, so that two
runs differ in little.
"""

from __future__ import annotations

import argparse
import gzip
import os
import sqlite3
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

MADE_AT = datetime(2026, 11, 30, 12, tzinfo=UTC)
MAX_BYTES = 300_000
#: Of the account that makes all decisions of the fixture; it cannot log in.
LIBRARIAN = "librarian"


def main(target: Path) -> None:
    """Build the archive in a folder of its own and pack its database to `target`."""
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "archive.sqlite3"
        os.environ |= {
            "ARCHIVE_DATA_DIR": folder,
            "DATABASE_URL": f"sqlite:///{database}",
            "SEARCH_ENGINE": "embedded",
            "SECRET_KEY": "fixture",
            "ADMIN_PASSWORD": "fixture",
            "DJANGO_SETTINGS_MODULE": "newsarchive.settings",
            "INDEX_ON_COMMIT": "false",
        }
        import django  # noqa: PLC0415  reads the environment that is set above

        django.setup()
        build()
        packed = pack(database)
    if len(packed) > MAX_BYTES:
        sys.exit(f"{len(packed)} bytes: too large to keep in the repository")
    target.write_bytes(packed)


def build() -> None:
    """Set up the sample archive and give every model a row."""
    from django.contrib.auth.models import User  # noqa: PLC0415  needs Django
    from django.core.management import call_command  # noqa: PLC0415  likewise

    call_command("setup_archive", no_static=True, verbosity=0)
    User.objects.filter(is_superuser=True).update(password="!")
    write_rows()
    fix_times()


def write_rows() -> None:
    """Make the rows that librarians and workers would, calling their functions where one call is enough."""
    from django.contrib.auth.models import User  # noqa: PLC0415  needs Django
    from django.utils import timezone as clock  # noqa: PLC0415  likewise

    from articles.backfill.retag_places import request_retag  # noqa: PLC0415  likewise
    from articles.geotagging.geotagger import PlaceResolver  # noqa: PLC0415  likewise
    from articles.history.erasure import erase_article  # noqa: PLC0415  likewise
    from articles.history.evidence.dossier import export_evidence  # noqa: PLC0415  likewise
    from articles.history.inference_review import accept, reject  # noqa: PLC0415  likewise
    from articles.history.revisions import apply_changes, change_state  # noqa: PLC0415  likewise
    from articles.models import (  # noqa: PLC0415  likewise
        Article,
        CleaningRule,
        ColumnMapping,
        Erasure,
        ImportBatch,
        ImportRow,
        Inference,
        MergedPlace,
        MergedSource,
        Organisation,
        Outbox,
        Place,
        PlaceMention,
        PlaceVerdict,
        Source,
        TextCut,
        Worker,
    )
    from articles.near_duplicates.clusters import join, separate  # noqa: PLC0415  likewise
    from search.indexing.outbox_consumer import drain_outbox  # noqa: PLC0415  likewise

    who = User.objects.create(username=LIBRARIAN, password="!", is_staff=True)
    articles = list(Article.objects.order_by("id"))
    source, place = Source.objects.order_by("id")[0], Place.objects.order_by("id")[0]
    # History: an edited, a withdrawn, an erased and an exported article, and a draft of one's own.
    title = {"title": f"{articles[0].title} (مصحح)"}
    apply_changes(
        articles[0], title, original=None, cities=None, by=who, reason="تصحيح", resolver=PlaceResolver()
    )
    change_state([articles[1].pk], Article.State.WITHDRAWN, by=who, reason="سُحب بطلب المصدر")
    export_evidence(articles[2], by=LIBRARIAN)
    Article.objects.create(
        title="مسودة",
        body="نص المسودة",
        original="نص المسودة".encode(),
        state=Article.State.DRAFT,
        added_by=who,
    )
    erase_article(articles[3], ground=Erasure.Ground.COURT, reason="أمر محكمة", by=who)
    # Decisions: on inferred metadata, on places, on near-duplicates, on boilerplate.
    first, second = Inference.objects.filter(state=Inference.State.PROPOSED).order_by("id")[:2]
    accept(first, by=who)
    reject(second, by=who)
    mention = (
        PlaceMention.objects.filter(article=articles[4]).order_by("id").first()
        or PlaceMention.objects.all()[0]
    )
    PlaceVerdict.objects.create(
        article=mention.article,
        place=mention.place,
        kind=PlaceVerdict.Kind.MEANT,
        reason="ذكره النص",
        made_by=who,
    )
    join(articles[5], articles[6], by=who, reason="خبر واحد")
    separate(articles[7], by=who, reason="خبر آخر")
    rule = CleaningRule.objects.create(
        pattern="تابعونا على صفحتنا", state=CleaningRule.State.ACTIVE, made_by=who
    )
    TextCut.objects.create(
        article=articles[8],
        rule=rule,
        text="تابعونا على صفحتنا",
        said="line: تابعونا على صفحتنا",
        made_at=clock.now(),
    )
    # Names: merged ones, an organisation of this archive, a place whose articles wait to be tagged again.
    MergedSource.objects.create(name="اسم قديم للمصدر", source=source)
    MergedPlace.objects.create(key="own-merged", place=place)
    Organisation.objects.create(name="هيئة محلية", other_names=["الهيئة"])
    request_retag(place, [place.name])
    # Imports: one that waits in its preview with a file, a remembered assignment of columns, a worker.
    drain_outbox()
    batch = ImportBatch.objects.create(state=ImportBatch.State.PREVIEW, label="معاينة", created_by=who)
    content = "العنوان,المتن\nخبر من جدول,نص الخبر\n".encode()
    batch.uploads.create(name="table.csv", sha256="0" * 64, size=len(content), content=content)
    ImportRow.objects.create(batch=batch, file_name="table.csv", row=1, outcome="rejected", reason="empty")
    fields = {"العنوان": "title", "المتن": "body"}
    ColumnMapping.objects.create(
        source=source, signature="0" * 64, header=list(fields), fields=fields, made_by=who
    )
    Worker.objects.create(name="worker", seen_at=clock.now())
    # A change that is not indexed yet, and one that the engine refused.
    Article.objects.filter(pk=articles[9].pk).update(byline="كاتب")
    Outbox.objects.create(article_id=articles[10].pk, attempts=1, last_error="refused", retry_at=clock.now())


def fix_times() -> None:
    """Give every stored time the same value, and leave the outbox as it was."""
    from django.apps import apps  # noqa: PLC0415  needs Django
    from django.db import connection  # noqa: PLC0415  likewise
    from django.db.models import DateTimeField  # noqa: PLC0415  likewise

    from articles.models import Outbox  # noqa: PLC0415  likewise
    from articles.outbox import triggers  # noqa: PLC0415  likewise

    triggers.remove_triggers()
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, DateTimeField):
                model._default_manager.filter(**{f"{field.name}__isnull": False}).update(
                    **{field.name: MADE_AT}
                )
    with connection.cursor() as cursor:
        cursor.execute("UPDATE django_migrations SET applied = %s", [MADE_AT])
    waiting = set(Outbox.objects.values_list("pk", flat=True))
    triggers.install_triggers()
    Outbox.objects.exclude(pk__in=waiting).delete()  # the row that makes up for missing triggers
    connection.close()


def pack(database: Path) -> bytes:
    """Return the database file without free pages, compressed."""
    compact = database.with_name("compact.sqlite3")
    connection = sqlite3.connect(database)
    connection.execute("VACUUM INTO ?", [str(compact)])
    connection.close()
    return gzip.compress(compact.read_bytes(), 9, mtime=0)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Make the fixture of a release.")
    parser.add_argument("target", type=Path)
    main(parser.parse_args().target)
