"""Rules for the templates and stylesheets of the readers' pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings as project

ROOT = Path(project.BASE_DIR)
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*.html") if "admin" not in path.parts)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_neither_use_safe_nor_inline_styles(path: Path) -> None:
    text = path.read_text("utf-8")
    assert not re.search(r"\|\s*safe|autoescape off|mark_safe|\bstyle=|\son(?!ly)[a-z]+=", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_list_stays_a_list_where_it_is_announced(path: Path) -> None:
    """With a role of its own it would be none: the role is that of an element around it."""
    assert not re.search(r'<[uo]l[^>]*\srole="(?:status|alert)"', path.read_text("utf-8"))


@pytest.mark.parametrize("path", sorted((ROOT / "static" / "css").glob("*.css")), ids=lambda path: path.name)
def test_stylesheets_use_logical_directions_only(path: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
    physical = (
        r"(?:margin|padding|border)-(?:left|right)|(?<![-\w])(?:left|right)\s*:"
        r"|text-align:\s*(?:left|right)|letter-spacing|italic"
    )
    assert not re.search(physical, text)


def test_colours_are_defined_in_one_file() -> None:
    for path in (ROOT / "static" / "css").glob("*.css"):
        if path.name != "tokens.css":
            assert not re.search(r"#[0-9a-f]{3,8}\b(?!\s*\{)", path.read_text("utf-8"), re.IGNORECASE), (
                path.name
            )


def test_the_colour_schemes_differ_in_colours_only() -> None:
    """In the dark, axe therefore looks for faults of colour alone (tests/search/web/browser/looks.py)."""
    css = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "static").rglob("*.css")))
    assert css.count("prefers-color-scheme") == 1
    block = re.search(r"@media \(prefers-color-scheme: dark\) \{\s*:root \{([^}]*)\}\s*\}", css)
    assert block
    rules = [rule.strip() for rule in block[1].split(";") if rule.strip()]
    assert [rule for rule in rules if not re.fullmatch(r"--[a-z0-9-]+: #[0-9a-f]{3,6}", rule)] == []


def test_faces_have_names_that_no_machine_has_installed() -> None:
    """Of a face that comes too late, Chromium would take the installed one of its name: lines break anew."""
    faces = re.findall(r"@font-face \{(.*?)\}", (ROOT / "static/css/site.css").read_text("utf-8"), re.DOTALL)
    declared = {re.findall(r'font-family: "([^"]+)"', face)[0]: face for face in faces}
    installable = {name.casefold() for face in faces for name in re.findall(r'local\("([^"]+)"\)', face)}
    files = [file for face in faces for file in re.findall(r"fonts/([^\"]+)\.woff2", face)]
    installable |= {file.replace("-", " ").casefold() for file in files}
    tokens = (ROOT / "static/css/tokens.css").read_text("utf-8")
    used = re.findall(r"--(?:naskh|plex): (.*?);", tokens)
    assert {name for line in used for name in re.findall(r'"([^"]+)"', line)} == set(declared)
    for name in declared:
        assert not any(each.startswith(name.casefold()) for each in installable), name
        # A maker's names are in capitals.
        assert name == name.lower()
