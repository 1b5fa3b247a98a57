"""Settings of the test runs: a temporary data folder, fast password hashes, the engine under test."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

if "ARCHIVE_DATA_DIR" not in os.environ:
    os.environ["ARCHIVE_DATA_DIR"] = tempfile.mkdtemp(prefix="newsarchive-test-")
    atexit.register(shutil.rmtree, os.environ["ARCHIVE_DATA_DIR"], ignore_errors=True)
# With pytest-xdist each process has a folder of its own, shared by the programs that it starts.
if not os.environ["ARCHIVE_DATA_DIR"].endswith(worker := os.environ.get("PYTEST_XDIST_WORKER", "")):
    os.environ["ARCHIVE_DATA_DIR"] = f"{os.environ['ARCHIVE_DATA_DIR']}/{worker}"
os.environ.setdefault("SECRET_KEY", "tests-only")

from newsarchive.settings import *  # noqa: F403  the settings under test, with the few changes below

AUTH_PASSWORD_VALIDATORS = []  # throw-away passwords; tests of the validators put them back
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Pages are tested without `collectstatic`; tests/ops runs it as in service.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# WhiteNoise warns of a missing folder, and a fresh clone has none.
STATIC_ROOT = Path(os.environ["ARCHIVE_DATA_DIR"]) / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
TEST_DATA_DIR = Path(os.environ["ARCHIVE_DATA_DIR"])
# Tests run the outbox consumer themselves; those about the consumer after a save switch it on.
INDEX_ON_COMMIT = False
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405  from the star above
    # A file, not memory: threads and processes share it under the same locks as in service.
    DATABASES["default"]["TEST"] = {"NAME": str(TEST_DATA_DIR / "test.sqlite3")}  # noqa: F405  as above
