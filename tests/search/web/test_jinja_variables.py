"""Each variable that a Jinja2 template reads is one that a view, a tag or the environment gives."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines
from jinja2 import Environment, meta

ROOT = Path(settings.BASE_DIR)
FOLDER = ROOT / "templates" / "jinja2"
TEMPLATES = sorted(FOLDER.glob("*.html"))
#: Given by `jinja` itself, and by Django's context processors.
ALWAYS = {"_", "texts", "csrf_token", "request", "user", "perms", "LANGUAGE_CODE", "LANGUAGE_BIDI"}


@cache
def environment() -> Environment:
    return engines["jinja2"].env


@cache
def given() -> frozenset[str]:
    """Return the names in the contexts of views, context processors and of the tag in Django's templates."""
    names = set(ALWAYS)
    for path in [*ROOT.glob("search/**/*.py"), *ROOT.glob("newsarchive/*.py")]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            keys = node.keys if isinstance(node, ast.Dict) else []
            values = (key.value for key in keys if isinstance(key, ast.Constant))
            names |= {value for value in values if isinstance(value, str)}
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text("utf-8")
        for tag in re.findall(r"{% jinja [^%]*%}", text):
            names |= set(re.findall(r"(\w+)=", tag))
        names |= set(re.findall(r"{%-? set (\w+) =", text))
    return frozenset(names)


def unknown(source: str) -> set[str]:
    return meta.find_undeclared_variables(environment().parse(source)) - given() - set(environment().globals)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_reads_only_variables_that_somebody_gives(path: Path) -> None:
    assert unknown(path.read_text("utf-8")) == set()


def test_a_misspelt_variable_is_found() -> None:
    assert unknown("{{ serach.q }}{% for hit in hits %}{{ hit.title }}{% endfor %}") == {"serach"}
