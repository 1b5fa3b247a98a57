"""Each variable that a Jinja2 template reads is one that a page which includes it gives it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines
from django.test import RequestFactory
from django.utils.module_loading import import_string
from jinja2 import Environment, meta, nodes

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "templates" / "jinja2"
TEMPLATES = sorted(path.name for path in FOLDER.glob("*.html"))
#: Given by the tag `jinja` itself, and by Django to each template.
ALWAYS = {"_", "texts", "csrf_token"}
#: They take the name of a template and a context.
RENDERERS = {"render", "render_to_string", "TemplateResponse"}
#: Every way in which a template takes another one in.
TAKES = re.compile(r'(?:{%-? *(?:extends|include|jinja) |django_part\()"([^"]+)"')


@cache
def environment() -> Environment:
    return engines["jinja2"].env


@cache
def processed() -> frozenset[str]:
    """Return the names that the context processors give."""
    processors = settings.TEMPLATES[0]["OPTIONS"]["context_processors"]
    return frozenset(name for each in processors for name in import_string(each)(RequestFactory().get("/")))


@cache
def sources() -> dict[str, str]:
    """Return the templates of both kinds by their names."""
    folder = ROOT / "templates"
    found = {str(path.relative_to(folder)): path for path in folder.rglob("*.html")}
    return {name.removeprefix("jinja2/"): path.read_text("utf-8") for name, path in found.items()}


@cache
def contexts() -> dict[str, set[str]]:
    """Return by the name of a template the keys of the contexts that it is rendered with."""
    functions: dict[str, list[ast.FunctionDef]] = {}
    for path in [*ROOT.glob("search/**/*.py"), *ROOT.glob("newsarchive/*.py")]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef):
                functions.setdefault(node.name, []).append(node)

    def keys(node: ast.AST | None, function: ast.FunctionDef) -> Iterator[str]:
        match node:
            case ast.Dict(names, values):
                for name, value in zip(names, values, strict=True):
                    if isinstance(name, ast.Constant):
                        yield str(name.value)
                    elif name is None:  # **value
                        yield from keys(value, function)
            case ast.BinOp(left, ast.BitOr(), right):
                yield from keys(left, function)
                yield from keys(right, function)
            case ast.Name(id=name):
                for each in ast.walk(function):
                    if isinstance(each, ast.Assign) and name_of(each.targets[0]) == name:
                        yield from keys(each.value, function)
            case ast.Call(func=called):
                for other in functions.get(name_of(called), []):
                    for each in ast.walk(other):
                        if isinstance(each, ast.Return):
                            yield from keys(each.value, other)

    found: dict[str, set[str]] = {}
    for function in (each for same in functions.values() for each in same):
        for call in ast.walk(function):
            if not isinstance(call, ast.Call) or name_of(call.func) not in RENDERERS:
                continue
            given = {name for argument in call.args for name in keys(argument, function)}
            for node in ast.walk(call):
                if isinstance(node, ast.Constant) and str(node.value).endswith(".html"):
                    found.setdefault(str(node.value), set()).update(given)
    return found


def name_of(node: ast.AST) -> str:
    return str(getattr(node, "id", getattr(node, "attr", "")))


def takers(name: str) -> set[str]:
    """Return the templates that take a template in, directly or through others."""
    found, new = set[str](), {name}
    while new:
        found |= new
        new = {each for each, text in sources().items() if found & set(TAKES.findall(text))} - found
    return found - {name}


def given(name: str) -> set[str]:
    """Return the names that some page gives to a template, or that a template sets before it takes it in."""
    names = ALWAYS | processed() | set(environment().globals)
    for taker in takers(name):
        names |= contexts().get(taker, set())
        for tag in re.findall(r"{% jinja [^%]*%}", sources()[taker]):
            names |= set(re.findall(r"(\w+)=", tag))
        if taker in TEMPLATES:
            stored = environment().parse(sources()[taker]).find_all(nodes.Name)
            names |= {each.name for each in stored if each.ctx != "load"}
    return names


def unknown(name: str, source: str) -> set[str]:
    return meta.find_undeclared_variables(environment().parse(source)) - given(name)


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_reads_only_variables_that_a_page_gives(name: str) -> None:
    assert takers(name)
    assert unknown(name, sources()[name]) == set()


def test_a_misspelt_variable_is_found_and_one_that_only_another_page_has() -> None:
    source = "{{ serach.q }}{% for hit in hits %}{{ hit.title }}{% endfor %}{{ periods }}{{ permalink }}"
    assert unknown("results_main.html", source) == {"serach", "periods", "permalink", "hits"}
    assert unknown("hits.html", "{{ hits }}{{ strict }}") == set()
