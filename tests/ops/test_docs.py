"""The documentation names only existing files, and its lines are short enough for a side-by-side diff."""

import re
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
DOCS = [
    *(PROJECT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")),
    *sorted((PROJECT / "docs").rglob("*.md")),
]
PACKAGES = ("arabic", "articles", "search", "newsarchive", "tools", "tests")
MAX_PROSE_CHARACTERS = 120
#: Files of a running archive, of an export or of a standard, and placeholders such as CASES.tsv.
OTHER_FILES = re.compile(
    r"^(?:var/|cache/|(?:cuts|seal|manifest|query)\.(?:json|txt)$|bag-info\.txt$|[A-Z]+\.(?:tsv|json)$)"
)
_SUFFIXES = "py|sh|yml|yaml|toml|tsv|html|css|js|md|json|po|conf|txt"
#: `folder/file.py`, `file.py`, `folder/`; not patterns, addresses and options.
_PATH = re.compile(
    rf"(?<![^\s`(])((?:[\w.-]+/)+(?:[\w.-]+\.(?:{_SUFFIXES}))?|[\w.-]+\.(?:{_SUFFIXES}))(?![^\s`),:;])"
)
_DOTTED = re.compile(rf"(?<![\w./-])((?:{'|'.join(PACKAGES)})(?:\.\w+)+)")


def tracked_files() -> list[str]:
    """Return the paths of all files that git keeps or would keep."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, check=True, cwd=PROJECT, capture_output=True, text=True).stdout
    return [name for name in listed.splitlines() if (PROJECT / name).is_file()]


def known_paths() -> set[str]:
    """Return every path of the project from any of its folders on: `a/b/c.py`, `b/c.py` and `c.py`."""
    files = [Path(name) for name in tracked_files()]
    paths = {*files, *(folder for file in files for folder in file.parents)}
    return {"/".join(path.parts[start:]) for path in paths for start in range(len(path.parts))}


def code_spans(text: str) -> list[str]:
    """Return the text between back quotes outside of code blocks."""
    return re.findall(r"`([^`\n]+)`", re.sub(r"^ *```.*?^ *```", "", text, flags=re.MULTILINE | re.DOTALL))


def is_module(name: str) -> bool:
    """Return True if a dotted name is a package, a module, or something inside a module."""
    path = PROJECT
    for part in name.split("."):
        if (path / f"{part}.py").is_file():
            return True
        path /= part
        if not path.is_dir():
            return False
    return True


@pytest.mark.parametrize("document", DOCS, ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_every_path_named_in_the_docs_exists(document: Path) -> None:
    spans = code_spans(document.read_text(encoding="utf-8"))
    paths = {
        path.rstrip("/") for span in spans for path in _PATH.findall(span) if not OTHER_FILES.match(path)
    }
    assert sorted(paths - known_paths()) == []
    modules = {name for span in spans for name in _DOTTED.findall(span)}
    assert sorted(name for name in modules if not is_module(name)) == []


def test_the_architecture_names_many_files() -> None:
    text = (PROJECT / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert sum(len(_PATH.findall(span)) for span in code_spans(text)) > 40


@pytest.mark.parametrize("document", DOCS, ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_every_link_between_documents_leads_somewhere(document: Path) -> None:
    targets = re.findall(r"\]\(([^)\s]+)\)", document.read_text(encoding="utf-8"))
    files = [target.split("#")[0] for target in targets if "://" not in target and target[0] != "#"]
    assert [file for file in files if not (document.parent / file).exists()] == []


@pytest.mark.parametrize("document", DOCS, ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_lines_of_prose_are_short(document: Path) -> None:
    text = re.sub(
        r"^ *```.*?^ *```",
        lambda block: "\n" * block.group().count("\n"),
        document.read_text(encoding="utf-8"),
        flags=re.MULTILINE | re.DOTALL,
    )
    long = []
    for number, line in enumerate(text.splitlines(), start=1):
        prose = re.sub(r"!?\[[^\]]*\]\([^)]*\)|`[^`]*`|https?://\S+", "", line)
        if not line.lstrip().startswith("|") and len(prose) > MAX_PROSE_CHARACTERS:
            long.append(number)
    assert long == []


def test_each_decision_has_a_number_of_its_own_which_its_heading_repeats() -> None:
    files = sorted((PROJECT / "docs" / "decisions").glob("*.md"))
    numbers = [path.name[:4] for path in files]
    assert len(set(numbers)) == len(numbers)
    headings = [path.read_text(encoding="utf-8").partition("\n")[0] for path in files]
    assert [heading[:6] for heading in headings] == [f"# {number}" for number in numbers]
