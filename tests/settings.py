"""Settings of the test runs: a throw-away data folder, quick passwords, the engine under test."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("ARCHIVE_DATA_DIR", tempfile.mkdtemp(prefix="newsarchive-test-"))
os.environ.setdefault("SECRET_KEY", "tests-only")

from newsarchive.settings import *  # noqa: F403  the settings under test, with the few changes below

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TEST_DATA_DIR = Path(os.environ["ARCHIVE_DATA_DIR"])
