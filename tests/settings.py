"""Settings of the test runs: a throw-away data folder, quick passwords, the engine under test."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("ARCHIVE_DATA_DIR", tempfile.mkdtemp(prefix="newsarchive-test-"))
os.environ.setdefault("SECRET_KEY", "tests-only")

from newsarchive.settings import *  # noqa: F403  the settings under test, with the few changes below

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Pages are tested without `collectstatic` before; tests/ops runs it as it is served.
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}  # noqa: F405
TEST_DATA_DIR = Path(os.environ["ARCHIVE_DATA_DIR"])
# Tests drain by themselves; those about saves that drain switch it on.
INDEX_ON_COMMIT = False
