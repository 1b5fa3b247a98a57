"""Settings of the test runs: a throw-away data folder, quick passwords, the engine under test."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

if "ARCHIVE_DATA_DIR" not in os.environ:
    os.environ["ARCHIVE_DATA_DIR"] = tempfile.mkdtemp(prefix="newsarchive-test-")
    atexit.register(shutil.rmtree, os.environ["ARCHIVE_DATA_DIR"], ignore_errors=True)
# Side by side (pytest-xdist) each process has a folder of its own, which the programs that it starts share.
if not os.environ["ARCHIVE_DATA_DIR"].endswith(worker := os.environ.get("PYTEST_XDIST_WORKER", "")):
    os.environ["ARCHIVE_DATA_DIR"] = f"{os.environ['ARCHIVE_DATA_DIR']}/{worker}"
os.environ.setdefault("SECRET_KEY", "tests-only")

from newsarchive.settings import *  # noqa: F403  the settings under test, with the few changes below

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Pages are tested without `collectstatic` before; tests/ops runs it as it is served.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# WhiteNoise warns of a folder that is not there, and a fresh clone has none.
STATIC_ROOT = Path(os.environ["ARCHIVE_DATA_DIR"]) / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
TEST_DATA_DIR = Path(os.environ["ARCHIVE_DATA_DIR"])
# Tests drain by themselves; those about saves that drain switch it on.
INDEX_ON_COMMIT = False
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405  from the star above
    # A file, not memory: threads and processes share it under the same locks as in service.
    DATABASES["default"]["TEST"] = {"NAME": str(TEST_DATA_DIR / "test.sqlite3")}  # noqa: F405  as above
