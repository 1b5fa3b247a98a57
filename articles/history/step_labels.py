"""What the steps of an article's history are called: its fields, their values, and reasons."""

from __future__ import annotations

import re
from typing import cast

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Article, CleaningRule, Source

# Labels of the reasons that the program itself writes into a Revision.
#
# They are stored in one fixed wording (by `ingest`, `backfill` and `boilerplate`), so that the evidence chain
# of an article does not depend on the language of the user.


_REASON_PATTERNS: tuple[tuple[re.Pattern[str], Promise], ...] = tuple(
    (re.compile(form, re.DOTALL), words)
    for form, words in (
        (r"import (?P<number>\d+)(?P<label>.*)", gettext_lazy("Import %(number)s%(label)s")),
        (
            r"undo of import (?P<number>\d++)(?P<label>.*?): (?P<why>.*)",
            gettext_lazy("Import %(number)s%(label)s undone: %(why)s"),
        ),
        (
            r"redo of import (?P<number>\d++)(?P<label>.*?): (?P<why>.*)",
            gettext_lazy("Import %(number)s%(label)s done again: %(why)s"),
        ),
        (r"put back \((?P<rules>.*?)\): (?P<why>.*)", gettext_lazy("Put back (%(rules)s): %(why)s")),
        (r"page furniture cut: (?P<rules>.*)", gettext_lazy("Page furniture cut: %(rules)s")),
        (r"infer_facts", gettext_lazy("Read from the text again")),
    )
)
_KIND = re.compile(rf"\b({'|'.join(CleaningRule.Kind.values)})(?=: )")


def translate_reason(reason: str) -> str:
    """Translate a reason that the program wrote; return a user's reason unchanged."""
    for form, words in _REASON_PATTERNS:
        if said := form.fullmatch(reason):
            return str(words) % {name: _in_words(name, value) for name, value in said.groupdict().items()}
    return reason


def _in_words(name: str, value: str) -> str:
    if name != "rules":
        return value
    return _KIND.sub(lambda kind: str(CleaningRule.Kind(kind[1]).label), value)


def field_label(name: str) -> str:
    """Return the label of a column of Article."""
    column = _column(name)
    return str(column.verbose_name) if column else name


def value_label(name: str, value: object) -> str:
    """Return a value of that column as text."""
    if name == "source_id":
        return str((Source.objects.filter(pk=value).first() if isinstance(value, int) else None) or "—")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    column = _column(name)
    choices = dict(column.flatchoices) if column else {}
    return str(choices.get(value, value)) if value not in (None, "") else "—"


def _column(name: str) -> Field[object, object] | None:
    """Return the field of a column; None for a column that no longer exists."""
    try:
        found = Article._meta.get_field("source" if name == "source_id" else name)
    except FieldDoesNotExist:
        return None
    return cast("Field[object, object]", found)
