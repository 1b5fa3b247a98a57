"""Reasons that the archive writes into a Revision by itself, in the words of who reads them.

They are kept in one fixed wording (`import_reason`, `turn_reason`, `put_back`, `recut`, `infer_facts`), so
that the chain of an article does not depend on the language of whoever pressed a button."""

from __future__ import annotations

import re

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from articles.models import CleaningRule

_FORMS: tuple[tuple[re.Pattern[str], Promise], ...] = tuple(
    (re.compile(form, re.DOTALL), words)
    for form, words in (
        (r"import (?P<number>\d+)(?P<label>.*)", gettext_lazy("Import %(number)s%(label)s")),
        (
            r"undo of import (?P<number>\d+)(?P<label>.*?): (?P<why>.*)",
            gettext_lazy("Import %(number)s%(label)s undone: %(why)s"),
        ),
        (
            r"redo of import (?P<number>\d+)(?P<label>.*?): (?P<why>.*)",
            gettext_lazy("Import %(number)s%(label)s done again: %(why)s"),
        ),
        (r"put back \((?P<rules>.*?)\): (?P<why>.*)", gettext_lazy("Put back (%(rules)s): %(why)s")),
        (r"page furniture cut: (?P<rules>.*)", gettext_lazy("Page furniture cut: %(rules)s")),
        (r"infer_facts", gettext_lazy("Read from the text again")),
    )
)
_KIND = re.compile(rf"\b({'|'.join(CleaningRule.Kind.values)})(?=: )")


def told_reason(reason: str) -> str:
    """The reason in the reader's language if it is one of ours; what a person wrote stays as it is."""
    for form, words in _FORMS:
        if said := form.fullmatch(reason):
            return str(words) % {name: _in_words(name, value) for name, value in said.groupdict().items()}
    return reason


def _in_words(name: str, value: str) -> str:
    if name != "rules":
        return value
    return _KIND.sub(lambda kind: str(CleaningRule.Kind(kind[1]).label), value)
