"""`setup_archive`: prepare the archive of this data folder for service; safe to run at every start."""

from __future__ import annotations

import fcntl
import hashlib
import os
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.contrib.staticfiles.finders import get_finders
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from articles.geotagging.geotagger import fill_missing_regions
from articles.metadata.source_resolver import fill_latin_names
from articles.models import Article, ImportBatch
from newsarchive.secret import load_or_create_secret
from search.engines.contract import EngineError
from search.indexing import indexer, outbox_consumer, rebuild


def static_files_fingerprint() -> str:
    """Return a hash over name, size and time of every file that `collectstatic` would take."""
    files = []
    for finder in get_finders():
        for name, storage in finder.list([]):
            facts = Path(storage.path(name)).stat()
            files.append(f"{name} {facts.st_size} {facts.st_mtime_ns}")
    return hashlib.sha256("\n".join(sorted(files)).encode()).hexdigest()


def collect_static() -> bool:
    """Collect the static files unless the collected ones are up to date; return True if they were collected.

    Hashing and compressing them takes longer than everything else at start-up.
    """
    stamp = Path(settings.STATIC_ROOT) / ".collected-from"
    wanted = static_files_fingerprint()
    if stamp.is_file() and stamp.read_text() == wanted:
        return False
    stamp.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(wanted)
    return True


ADMIN_NAME = "admin"


class Command(BaseCommand):
    help = "Makes the archive ready: database, admin user, sample articles into an empty one, index."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-samples", action="store_true", help="leave an empty archive empty")
        parser.add_argument("--no-static", action="store_true", help="the static files are collected already")

    def handle(self, *args: Any, **options: Any) -> None:
        data_dir = Path(settings.ARCHIVE_DATA_DIR)
        data_dir.mkdir(parents=True, exist_ok=True)
        with exclusive_lock(data_dir / "setup.lock"):
            call_command("migrate", interactive=False, verbosity=0)
            if not options["no_static"]:
                collect_static()
            self.make_admin(data_dir)
            if is_archive_empty() and not options["no_samples"]:
                self.stdout.write("إدخال أخبار نموذجية …\nImporting the sample articles ...")
                call_command("import_articles", str(settings.SAMPLES_DIR), stdout=StringIO())
            fill_missing_regions()
            fill_latin_names()
            self.update_index()

    def make_admin(self, data_dir: Path) -> None:
        """Create the first administrator, with $ADMIN_PASSWORD or a generated password that is shown once."""
        users = get_user_model()
        if users.objects.filter(is_superuser=True).exists():
            return
        given = os.environ.get("ADMIN_PASSWORD", "")
        kept = data_dir / "admin_password"
        password = given or load_or_create_secret(kept, length=12)
        try:
            validate_password(password, users(username=ADMIN_NAME))
        except ValidationError as unfit:
            raise CommandError(f"ADMIN_PASSWORD is refused: {' '.join(unfit.messages)}") from unfit
        users.objects.create_superuser(ADMIN_NAME, "", password)
        if not given:
            self.stdout.write(f"\nمدير الأرشيف: {ADMIN_NAME}\nكلمة المرور (تظهر هذه المرة فقط): {password}")
            self.stdout.write(f"Administrator: {ADMIN_NAME}, password (shown this once): {password}")
            self.stdout.write(
                f"تجدها أيضًا في ملف لا يقرؤه غيرك:\nIt is kept in {kept}, readable by you alone.\n\n"
            )

    def update_index(self) -> None:
        """Rebuild an index that is missing or built with older tables; otherwise send the pending changes.

        An engine that is down is no error: the admin must work, and the outbox keeps the changes.
        """
        try:
            indexer.clear_up()
            if indexer.is_rebuild_needed():
                self.stdout.write("بناء فهرس البحث …\nBuilding the search index ...")
                rebuild.rebuild_index()
            else:
                outbox_consumer.drain_outbox()
        except EngineError as error:
            self.stderr.write(f"The search engine cannot be used now ({error}). When it can: rebuild_index")


def is_archive_empty() -> bool:
    """Return True if nothing was ever stored. An interrupted import does not count, because it can resume."""
    seen = ImportBatch.objects.exclude(state__in=ImportBatch.NEVER_SHOWN)
    return not seen.exists() and not Article.objects.filter(batch__isnull=True).exists()


@contextmanager
def exclusive_lock(path: Path) -> Iterator[None]:
    """Wait for another setup of the same folder to end; a killed process releases its lock."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
