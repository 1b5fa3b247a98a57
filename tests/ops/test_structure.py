"""The shape of the code: the number and size of modules, modules per folder, and one name for one thing.

docs/decisions/0021-names-and-layers.md says why.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
PACKAGES = ("arabic", "articles", "search", "newsarchive")
#: 300 until the reading room (citations, exports, views, facets, stories), which has 45 of its own, and what
#: guards the archive (access, tokens, limits, logs, metrics), which has 40; then readers of the formats that
#: archives have on their disks, and the judge of what they give; tables of LibreOffice; the form of an
#: article apart from its pages; the shapes of JSON; OCR in a module for each reason to change;
#: mastheads; pages that are lists; the clitics of Arabic words; pages of deep elements;
#: what the steps of a history are called; the vocabulary as one reader may know it; ways back from refusals;
#: what a post of Facebook is known by; room for exports; precedence
#: of saves over imports; wikis and their markup.
MAX_MODULES = 531
MAX_SIDE_BY_SIDE = 15
#: Module names that Django prescribes, and the parallel pairs of the two engines.
SHARED_MODULE_NAMES = {"apps", "urls", "engine", "index_writer", "query_translator"}
#: Verbal nouns that are the field's own words for these things.
FIELD_GERUNDS = {"batching", "decompounding", "encoding", "rule_learning"}


def modules(*packages: str) -> list[Path]:
    """Return the modules of `packages`, relative to the project, without `__init__` and migrations."""
    return [
        path.relative_to(PROJECT)
        for package in packages
        for path in sorted((PROJECT / package).rglob("*.py"))
        if path.name != "__init__.py" and "migrations" not in path.parts
    ]


def public_classes(path: Path) -> list[str]:
    """Return the names of the public classes that a module defines at its top level."""
    tree = ast.parse((PROJECT / path).read_text(encoding="utf-8"))
    return [node.name for node in tree.body if isinstance(node, ast.ClassDef) and node.name[0] != "_"]


def test_the_packages_stay_small_enough_to_know() -> None:
    assert 100 < len(modules(*PACKAGES)) <= MAX_MODULES


@pytest.mark.parametrize("package", [*PACKAGES, "tools"])
def test_no_folder_is_crowded(package: str) -> None:
    folders: defaultdict[Path, list[str]] = defaultdict(list)
    for path in modules(package):
        folders[path.parent].append(path.name)
    assert folders
    assert {str(folder): names for folder, names in folders.items() if len(names) > MAX_SIDE_BY_SIDE} == {}


def test_no_two_modules_share_a_name() -> None:
    places: defaultdict[str, list[str]] = defaultdict(list)
    for path in modules(*PACKAGES):
        places[path.stem].append(path.as_posix())
    twice = {name: paths for name, paths in places.items() if len(paths) > 1}
    assert {name: paths for name, paths in twice.items() if name not in SHARED_MODULE_NAMES} == {}


def test_no_two_public_classes_share_a_name() -> None:
    places: defaultdict[str, list[str]] = defaultdict(list)
    for path in modules(*PACKAGES):
        for name in public_classes(path):
            places[name].append(path.as_posix())
    # Django finds a management command by the name of its class.
    assert {name: paths for name, paths in places.items() if len(paths) > 1 and name != "Command"} == {}


def test_modules_are_named_after_things() -> None:
    gerunds = {path.stem for path in modules(*PACKAGES) if path.stem.endswith("ing")}
    assert gerunds <= FIELD_GERUNDS
