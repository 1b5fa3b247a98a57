"""The file formats that can be imported, each declared by its reader.

A reader is a module in one of the sub-packages below. It ends with `FORMAT = FileFormat(…)`, which names its
extensions, its signature and its functions; `formats()` finds it there. To add a format, add one module. A
module without `FORMAT` is a helper of its neighbours.

Readers import the helpers of `articles.readers`, those of HELPERS and modules of their own sub-package, never
another one.
Since every module in a sub-package is imported by each process that reads files, heavy programs that run
elsewhere (`pdf_worker`, `page_layout`) are kept out of them.
"""

from __future__ import annotations

import pkgutil
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from operator import attrgetter, itemgetter

from django.utils.translation import gettext

from articles.readers.blob import Blob
from articles.text.limits import Limits
from articles.text.records import RawRecord

SUBPACKAGES = (
    "documents", "web", "mail", "tables", "exports", "chats", "news_databases", "archives", "scans",
)  # fmt: skip
#: Folders of what readers share, which hold no formats.
HELPERS = frozenset(("content", "ocr", "page_layout"))

Reader = Callable[[Blob], Iterator[RawRecord]]
MemberReader = Callable[[Blob, Limits], Iterator[Blob | RawRecord]]
RecordParser = Callable[[RawRecord], RawRecord]
Recogniser = Callable[[Blob, bytes], bool]


def by_head(matches: Callable[[bytes], bool]) -> Recogniser:
    """Return a recogniser that tells a format by the first bytes alone."""
    return lambda blob, head: matches(head)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFormat:
    """A file format as its reader declares it.

    Exactly one of `read` and `iter_members` is given. `read` yields a record for every article of the file
    and a rejected record for each that cannot be read. `iter_members` is for files that contain files: it
    yields those, to be read as if they had come alone, and records. Both raise only TooLargeError, OSError
    and DamagedArchiveError. `parse` fills the fields of a record from its bytes; expensive work belongs
    there, because records that are already imported are skipped before it.
    """

    #: Stored with records and previews: never change it.
    key: str
    #: Position of the extensions in the file chooser of the upload form.
    order: int
    #: What people call the format, and what is read from it: for the help, the upload form and the README.
    label: str = ""
    gives: str = ""
    #: Lower case, with the dot; "" for files without an extension.
    extensions: tuple[str, ...]
    read: Reader | None = None
    iter_members: MemberReader | None = None
    parse: RecordParser | None = None
    #: Files are plain text; binary content under one of the extensions is refused or read in its own format.
    is_text: bool = False
    #: (offset, bytes) found in every file of a binary format.
    signatures: tuple[tuple[int, bytes], ...] = ()
    #: The part that tells a zip-based document from other zip files, or a function that looks into the zip.
    zip_part: str = ""
    matches_zip: Callable[[zipfile.ZipFile], bool] | None = None
    #: Returns True if the first bytes of a file without a signature are of this format.
    matches_head: Callable[[bytes], bool] | None = None
    #: Keys of text formats whose extension is overruled by content of this one.
    overrules: frozenset[str] = frozenset()
    #: Keys of formats that this one is a special case of, and a function that tells it by the file and its
    #: first bytes: the chat of a messenger is a text file.
    refines: frozenset[str] = frozenset()
    recognises: Recogniser | None = None
    #: Extensions of members that do not count as one more level of nesting: a packed tar is one archive.
    same_depth_extensions: frozenset[str] = frozenset()

    @property
    def purpose(self) -> str:
        """What is read from the format, in the active language."""
        return gettext(self.gives)

    @property
    def is_zip(self) -> bool:
        """Return True if files of the format are zip files."""
        return bool(self.zip_part or self.matches_zip or (0, b"PK\x03\x04") in self.signatures)


@dataclass(frozen=True, slots=True)
class FormatRegistry:
    """All formats in their `order`, indexed by key, extension and signature."""

    by_key: dict[str, FileFormat]
    by_extension: dict[str, FileFormat]
    #: (offset, bytes, format), smallest offset first.
    signatures: tuple[tuple[int, bytes, FileFormat], ...]


@cache
def formats() -> FormatRegistry:
    """Import all readers and return their formats."""
    found: list[FileFormat] = []
    for subpackage in SUBPACKAGES:
        package = import_module(f"articles.readers.{subpackage}")
        for info in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            declared = getattr(import_module(info.name), "FORMAT", None)
            found += [declared] if declared else []
    return build_registry(found)


def build_registry(declared: list[FileFormat]) -> FormatRegistry:
    """Return the registry of these formats.

    Raises ValueError if two formats share a key, an extension or an order, or if one can neither read files
    nor list members.
    """
    by_key: dict[str, FileFormat] = {}
    by_extension: dict[str, FileFormat] = {}
    for each in sorted(declared, key=attrgetter("order")):
        if (each.read is None) == (each.iter_members is None):
            raise ValueError(f"format {each.key}: give one of read and iter_members")
        if each.key in by_key or each.order in [other.order for other in by_key.values()]:
            raise ValueError(f"format {each.key}: its key or order is taken")
        if bool(each.refines) != bool(each.recognises):
            raise ValueError(f"format {each.key}: give both of refines and recognises")
        if taken := by_extension.keys() & set(each.extensions):
            raise ValueError(f"format {each.key}: {', '.join(taken)} is taken")
        by_key[each.key] = each
        by_extension.update(dict.fromkeys(each.extensions, each))
    signatures = [(*signature, each) for each in by_key.values() for signature in each.signatures]
    return FormatRegistry(by_key, by_extension, tuple(sorted(signatures, key=itemgetter(0))))
