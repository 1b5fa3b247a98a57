"""What a database or a disk says when it can no longer be written or read, in words for people."""

from __future__ import annotations

import errno
import re
from typing import Literal

StorageFault = Literal["read_only", "full", "damaged", "unreachable"]

#: In the messages of SQLite, PostgreSQL, Tantivy and the system. No such table: the archive is not set up.
_MESSAGES: tuple[tuple[StorageFault, re.Pattern[str]], ...] = (
    ("full", re.compile(r"disk is full|no space left|os error 28\b|quota exceeded", re.IGNORECASE)),
    (
        "read_only",
        re.compile(
            r"readonly database|read-only (?:file system|transaction)|unable to open database|"
            r"permission denied|os error (?:13|30)\b",
            re.IGNORECASE,
        ),
    ),
    ("damaged", re.compile(r"image is malformed|not a database|invalid page|checksum", re.IGNORECASE)),
)
#: What psycopg says when the server is gone, ends, or does not take connections yet.
_UNREACHABLE = re.compile(
    r"connection (?:failed|timeout|refused|reset|is closed|is lost)|server closed the connection|"
    r"terminating connection|shutting down|starting up|recovery mode|too many clients",
    re.IGNORECASE,
)
_NUMBERS: dict[int | None, StorageFault] = {
    errno.EROFS: "read_only", errno.EACCES: "read_only", errno.EPERM: "read_only",
    errno.ENOSPC: "full", errno.EDQUOT: "full",
}  # fmt: skip
#: For commands, in both languages.
EXPLANATIONS: dict[StorageFault, str] = {
    "read_only": "تعذّرت الكتابة في مجلد بيانات الأرشيف: تحقّق من صلاحيات المجلد ومن أن القرص يقبل الكتابة.\n"
    "The archive's data folder cannot be written. Check who owns it, and that the disk is not read-only",
    "full": "امتلأ القرص: حرّر مساحة ثم أعد المحاولة. لم يُفقد شيء مما حُفظ.\n"
    "The disk is full. Free some space and repeat the command; nothing that was saved is lost",
    "unreachable": "قاعدة البيانات لا تجيب الآن: تحقّق من أنها تعمل ثم أعد المحاولة. لم يُفقد شيء مما حُفظ.\n"
    "The database does not answer. Check that it runs, and try again; nothing that was saved is lost",
    "damaged": "ملف قاعدة البيانات تالف: أوقف الأرشيف واستعد أحدث نسخة احتياطية (make restore FILE=…).\n"
    "The database file is damaged. Stop the archive and restore the latest backup (make restore FILE=...)",
}


def storage_fault(error: BaseException | None) -> StorageFault | None:
    """Return what kind of storage fault an error of a database, of an engine or of the system reports."""
    if isinstance(error, OSError) and error.errno in _NUMBERS:
        return _NUMBERS[error.errno]
    said = str(error)
    if type(error).__module__.startswith(("django.db", "psycopg")) and _UNREACHABLE.search(said):
        return "unreachable"
    return next((fault for fault, message in _MESSAGES if message.search(said)), None)
