"""Rules for every file of the project: size, no trace of a machine, licences."""

import re
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
#: The aim is 300.
MAX_LINES = 350
#: Split, so that this file passes its own test.
MACHINE_PATHS = re.compile("/" + r"(?:work/(?:main|shared)|root/|home/\w+/)")
REGISTRY_HOSTS = re.compile(
    "|".join(("pypi" + r"\.org", "pythonhosted" + r"\.", "repo1" + r"\.maven", "docker" + r"\.elastic"))
)
UNFINISHED = re.compile(r"\b(?:TO" + "DO|FIX" + "ME|XX" + r"X)\b")
BINARY = {".pdf", ".png", ".webp", ".woff2", ".mo", ".gz", ".zip", ".marisa"}
NOT_OURS = (
    "LICENSES/", "COPYING", "static/vendor/", "articles/samples/", "docs/images/",
    "tests/articles/readers/golden/files/",  # in the formats and encodings of other programs
)  # fmt: skip


def project_files() -> list[Path]:
    """Return every file that git keeps or would keep."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        check=True, cwd=PROJECT, capture_output=True, text=True,
    ).stdout.splitlines()  # fmt: skip
    return [PROJECT / name for name in listed if (PROJECT / name).is_file()]


def own_texts() -> list[tuple[str, str]]:
    """Return (name, content) of the texts written for this project."""
    texts = []
    for path in project_files():
        name = path.relative_to(PROJECT).as_posix()
        if not name.startswith(NOT_OURS) and path.suffix not in BINARY:
            texts.append((name, path.read_text(encoding="utf-8")))
    return texts


def test_source_files_are_short() -> None:
    suffixes = (".py", ".sh", ".css", ".js", ".html", ".yml")
    sources = [(name, text) for name, text in own_texts() if name.endswith(suffixes)]
    sizes = {name: text.count("\n") for name, text in sources if "/migrations/" not in name}
    assert len(sizes) > 50
    assert {name: lines for name, lines in sizes.items() if lines > MAX_LINES} == {}


@pytest.mark.parametrize(
    "pattern", [MACHINE_PATHS, REGISTRY_HOSTS, UNFINISHED], ids=["paths", "hosts", "unfinished"]
)
def test_no_file_contains(pattern: re.Pattern[str]) -> None:
    texts = own_texts()
    assert len(texts) > 100
    assert [(name, found.group()) for name, text in texts if (found := pattern.search(text))] == []


def test_every_silenced_rule_says_why() -> None:
    bare = re.compile(r"#\s*(?:noqa|type:\s*ignore)(?::?\s*[A-Z0-9, ]+|\[[\w, -]+\])?\s*$", re.MULTILINE)
    assert [name for name, text in own_texts() if name.endswith(".py") and bare.search(text)] == []


def test_every_table_names_its_source_and_licence_in_its_first_lines() -> None:
    folders = (
        PROJECT / "arabic" / "data",
        PROJECT / "articles" / "data",
        PROJECT / "articles" / "boilerplate",
    )
    tables = sorted(table for folder in folders for table in folder.glob("*.tsv"))
    assert tables
    for table in tables:
        head = [line for line in table.read_text(encoding="utf-8").splitlines()[:12] if line.startswith("#")]
        heading = "\n".join(head).lower()
        assert "source" in heading, table.name
        assert "licen" in heading, table.name
        assert re.search(r"20\d\d", heading), f"{table.name}: no date"


def test_every_vendored_font_has_its_licence() -> None:
    fonts = {path.name.split("-arabic-")[0] for path in (PROJECT / "static" / "vendor").rglob("*.woff2")}
    texts = " ".join(path.name.lower() for path in (PROJECT / "LICENSES").glob("OFL*"))
    assert fonts
    assert all(font in texts for font in fonts)


@pytest.mark.parametrize("name", ["GPL-3.0-or-later", "CC-BY-4.0", "CC-BY-SA-4.0"])
def test_the_licence_text_is_here_in_full(name: str) -> None:
    assert len((PROJECT / "LICENSES" / f"{name}.txt").read_text()) > 10_000


def test_the_notice_credits_what_others_made() -> None:
    notice = (PROJECT / "NOTICE").read_text()
    for words in (
        "geonames.org",
        "wordfreq",
        "Modified",
        "CC-BY-4.0",
        "CC-BY-SA-4.0",
        "Open Font License",
        "light10",
    ):
        assert words in notice


def test_the_code_is_under_the_licence_that_it_names() -> None:
    assert 'license = "GPL-3.0-or-later"' in (PROJECT / "pyproject.toml").read_text()
    assert "Version 3, 29 June 2007" in (PROJECT / "COPYING").read_text()[:200]
