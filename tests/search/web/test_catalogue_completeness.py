"""Every text of code and templates is in the Arabic catalogue, and no template has one that is not marked."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import django
import polib
import pytest
from django.conf import settings
from django.contrib import admin
from django.template import engines
from django.template.base import FilterExpression, Template
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.utils.translation import override
from jinja2 import nodes

PROJECT = Path(settings.BASE_DIR)
CATALOGUE = PROJECT / "locale" / "ar" / "LC_MESSAGES" / "django.po"
ADMIN_LOCALES = [Path(django.__file__).parent / package for package in ("conf", "contrib/admin")]
ARABIC = "ar/LC_MESSAGES/django.mo"
#: Django translates the texts of its own administration.
CATALOGUES = [
    polib.pofile(str(CATALOGUE)),
    *(polib.mofile(str(each / "locale" / ARABIC)) for each in ADMIN_LOCALES),
]
KNOWN = {(entry.msgctxt or "", entry.msgid) for each in CATALOGUES for entry in each if not entry.obsolete}
TEMPLATES = sorted(path for path in (PROJECT / "templates").rglob("*") if path.is_file())
MODULES = sorted(
    path
    for package in ("articles", "search", "newsarchive")
    for path in (PROJECT / package).rglob("*.py")
    if "migrations" not in path.parts
)
#: Functions of Django and the position of the msgid among their arguments; before it stands the context.
MESSAGE_AT = {
    **dict.fromkeys(("gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"), 0),
    **dict.fromkeys(("pgettext", "pgettext_lazy", "npgettext", "npgettext_lazy"), 1),
}
_WORD = re.compile(r"[^\W\d_]{2,}")
_TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
_UNREAD = re.compile(
    r"\{% *(blocktranslate|comment)\b.*?\{% *end\1 *%\}|\{% *block page *%\}.*?\{% *endblock *%\}"
    r"|<(script|style|code|kbd|pre)\b.*?</\2>|<!--.*?-->|<!DOCTYPE[^>]*>",
    re.DOTALL,
)
_SPOKEN_ATTRIBUTE = re.compile(r'\b(?:aria-label|title|placeholder|alt|content)="([^"]*)"')
#: Names that are the same in every language, and what machines read.
NAMES = re.compile(
    r"G²|BibTeX|RIS|CSL|JSON|SHA-256|GeoNames|CC BY(?:-SA)?"
    r"|width=device-width, initial-scale|light dark|noindex|nofollow"
)


def _of_module(path: Path) -> Iterator[tuple[str, str]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    called = {
        alias.asname or alias.name: MESSAGE_AT[alias.name]
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.name in MESSAGE_AT
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in called:
            at = called[node.func.id]
            texts = [each.value for each in node.args[: at + 1] if isinstance(each, ast.Constant)]
            if len(texts) == at + 1:
                yield (texts[0] if at else ""), texts[-1]


def _literal(expression: FilterExpression | None) -> str | None:
    """Return the text of a constant expression, None for a variable."""
    value = getattr(expression, "var", None)
    return value if isinstance(value, str) else getattr(value, "literal", None)


def _of_template(path: Path) -> Iterator[tuple[str, str]]:
    source = path.read_text(encoding="utf-8")
    if "jinja2" in path.parts:
        yield from (("", text) for text in jinja_texts(source))
        return
    template: Template = engines["django"].from_string(source).template
    for node in template.nodelist.get_nodes_by_type(TranslateNode):
        if (text := _literal(node.filter_expression)) is not None:
            yield _literal(node.message_context) or "", text.replace("%", "%%")  # as Django does
    for node in template.nodelist.get_nodes_by_type(BlockTranslateNode):
        singular, _names = node.render_token_list(node.singular)
        yield _literal(node.message_context) or "", singular.strip() if node.trimmed else singular
    for literal in re.findall(r'_\("([^"]+)"\)', source):
        yield "", literal


def jinja_texts(source: str) -> list[str]:
    """Return the texts of a Jinja2 template: what `_` is called with."""
    calls = engines["jinja2"].env.parse(source).find_all(nodes.Call)
    return [call.args[0].as_const() for call in calls if getattr(call.node, "name", "") == "_"]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_every_text_of_the_code_is_in_the_catalogue(path: Path) -> None:
    assert [text for text in _of_module(path) if text not in KNOWN] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_every_text_of_a_template_is_in_the_catalogue(path: Path) -> None:
    assert [text for text in _of_template(path) if text not in KNOWN] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_a_template_has_no_text_outside_the_catalogue(path: Path) -> None:
    shown = _TAG.sub(" ", _UNREAD.sub(" ", path.read_text(encoding="utf-8")))
    spoken = " ".join(_SPOKEN_ATTRIBUTE.findall(shown))
    assert _WORD.findall(NAMES.sub("", f"{re.sub('<[^>]*>', ' ', shown)} {spoken}")) == []


def test_the_texts_of_django_about_accounts_and_passwords_are_translated() -> None:
    """Django's own Arabic catalogue lacks some; ours has those."""
    folder = Path(django.__file__).parent / "contrib/auth/locale"
    known = KNOWN | {(entry.msgctxt or "", entry.msgid) for entry in polib.mofile(str(folder / ARABIC))}
    texts = polib.pofile(str(folder / "en/LC_MESSAGES/django.po"))
    bare = [entry.msgid for entry in texts if (entry.msgctxt or "", entry.msgid) not in known]
    assert [text for text in bare if "unaccented" not in text] == [], "names of users may be in any script"


def test_a_date_in_figures_keeps_its_order_in_an_arabic_text() -> None:
    """After Arabic letters 2012-05-24 is drawn as 24-05-2012, unless it stands in an isolate or in code."""
    alone = re.compile(r"(?<![\u2066`\d-])\d{4}-\d{2}")
    texts = {text for entry in CATALOGUES[0] for text in (entry.msgstr, *entry.msgstr_plural.values())}
    assert [text for text in texts if alone.search(text)] == []


def test_columns_and_filters_of_the_desk_have_arabic_names() -> None:
    """A field without a name would be called as in the code."""
    bare = []
    with override("ar"):
        for model, desk in admin.site._registry.items():
            if model._meta.app_label not in ("articles", "search"):
                continue
            columns = {each[0] if isinstance(each, tuple) else each for each in desk.list_filter}  # type: ignore[attr-defined]  # a ModelAdmin
            columns |= {*desk.list_display, *desk.readonly_fields}  # type: ignore[attr-defined]  # a ModelAdmin
            fields = [field for field in model._meta.fields if field.name in columns]
            bare += [field for field in fields if not re.search(r"[\u0621-\u064a]", str(field.verbose_name))]
    assert bare == []
