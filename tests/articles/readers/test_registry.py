"""The registry of file formats: a reader is one module, and no other code names its format."""

from __future__ import annotations

import ast
import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest

from articles import readers
from articles.readers import documents
from articles.readers.documents import plain_text
from articles.readers.registry import HELPERS, SUBPACKAGES, FileFormat, build_registry, formats
from tests.articles.readers.sample_files import parse_only

PROJECT = Path(__file__).resolve().parents[3]
NEW_READER = """
from articles.readers.blob import Blob
from articles.readers.registry import FileFormat
from articles.text.records import RawRecord


def read(blob):
    yield RawRecord(blob.name, data=blob.read_all(1000), format="shout")


def parse(record):
    return record.with_fields({"title": record.data.decode().removeprefix("SHOUT ")})


FORMAT = FileFormat(
    key="shout", order=9000, extensions=(".shout",), signatures=((0, b"SHOUT "),), read=read, parse=parse
)
"""


@pytest.fixture
def new_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Add a module to the readers of documents for one test."""
    (tmp_path / "shout.py").write_text(NEW_READER)
    monkeypatch.setattr(documents, "__path__", [*documents.__path__, str(tmp_path)])
    formats.cache_clear()
    yield
    formats.cache_clear()
    del sys.modules["articles.readers.documents.shout"]


@pytest.mark.usefixtures("new_reader")
@pytest.mark.parametrize("name", ["a.shout", "a.txt", "a.unknown"])
def test_a_format_is_added_by_one_module(name: str) -> None:
    assert parse_only(name, "SHOUT قافلة".encode()).title == "قافلة"
    assert list(formats().by_extension)[-1] == ".shout"


def test_extensions_have_the_order_of_the_file_chooser() -> None:
    assert ",".join(formats().by_extension) == (
        ".txt,.text,,.md,.markdown,.jsonl,.ndjson,.jsonlines,.jl,.json,.js,.csv,.tsv,.xlsx,.xlsm,.ods,.ots,.xls,.html,.htm,"
        ".xhtml,.shtml,.mht,.mhtml,.docx,.docm,.rtf,.odt,.ott,.fodt,.fods,.odp,.epub,.pdf,.jpg,.jpeg,"
        ".png,.tif,.tiff,.eml,.mbox,.mbx,.rss,.atom,.xml,.rdf,.wxr,.alto,.warc,.wacz,.tar,.zip,.gz,.tgz"
    )


def test_stored_keys_of_formats_do_not_change() -> None:
    assert list(formats().by_key) == [
        "txt",
        "markdown",
        "whatsapp",
        "jsonl",
        "json",
        "telegram",
        "tweets",
        "facebook",
        "csv",
        "xlsx",
        "ods",
        "html-table",
        "html",
        "telegram-html",
        "facebook-html",
        "mhtml",
        "docx",
        "rtf",
        "odt",
        "epub",
        "factiva",
        "nexis",
        "pdf",
        "image",
        "eml",
        "mbox",
        "feed",
        "json-feed",
        "wordpress",
        "alto",
        "newsml",
        "mediawiki",
        "warc",
        "wacz",
        "tar",
        "zip",
        "gz",
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"key": "txt", "order": 1, "extensions": (".a",)},
        {"key": "a", "order": 10, "extensions": (".a",)},
        {"key": "a", "order": 1, "extensions": (".a", ".txt")},
        {"key": "a", "order": 1, "extensions": (".a",), "read": None},
    ],
)
def test_formats_that_conflict_or_cannot_be_read_are_refused(change: dict[str, object]) -> None:
    text = plain_text.FORMAT
    with pytest.raises(ValueError, match="format"):
        build_registry([text, replace(text, **change)])  # type: ignore[arg-type]  # values are of any field


def test_the_readme_lists_every_format_with_what_is_read() -> None:
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    assert [
        each.label for each in formats().by_key.values() if f"| {each.label} | {each.gives} |" not in readme
    ] == []


def reader_modules() -> list[str]:
    """Return the names of all modules in the sub-packages."""
    packages = [import_module(f"{readers.__name__}.{name}") for name in SUBPACKAGES]
    return [
        info.name
        for package in packages
        for info in pkgutil.iter_modules(package.__path__, f"{package.__name__}.")
    ]


def test_every_folder_of_readers_is_searched() -> None:
    folders = {info.name for info in pkgutil.iter_modules(readers.__path__) if info.ispkg}
    assert folders == {*SUBPACKAGES, *HELPERS}


@pytest.mark.parametrize("name", reader_modules())
def test_every_module_that_reads_files_declares_its_format(name: str) -> None:
    module = import_module(name)
    reads = hasattr(module, "read") or hasattr(module, "iter_members")
    assert isinstance(getattr(module, "FORMAT", None), FileFormat) == reads


@pytest.mark.parametrize("name", reader_modules())
def test_a_reader_imports_no_other_folder_of_readers(name: str) -> None:
    own = name.rpartition(".")[0]
    tree = ast.parse(Path(str(import_module(name).__file__)).read_text())
    imported = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    others = {f"{readers.__name__}.{each}" for each in SUBPACKAGES} - {own}
    assert not [each for each in imported if each.startswith(tuple(others))]


def test_processes_that_read_files_do_not_load_the_pdf_library() -> None:
    program = (
        "import sys, django; django.setup(); import articles.readers.dispatch as reading; "
        "sys.exit(not reading.formats().by_key['pdf'] or 'pypdf' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
