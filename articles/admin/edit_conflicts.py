"""Two people who edit one record: the second is shown what the first saved, and chooses.

A form carries a hash of each value that it began with. What is stored by the time of saving and has another
hash was changed by somebody else meanwhile: nothing is saved then, and the form comes back with both values.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from articles.text.diff import TextDiff, diff_texts

VERSION = "_version"
#: Before the name of a field: "theirs" takes what is stored.
TAKE = "_take_"
_HASH_LETTERS = 12
#: Shorter texts are read at a glance, without marks.
_MIN_COMPARED = 40


@dataclass(frozen=True, slots=True)
class EditConflict:
    """A field that somebody else changed: what is stored, and what this editor typed (None: left alone)."""

    name: str
    label: str
    theirs: str
    mine: str | None
    differences: TextDiff | None


class VersionedForm(forms.ModelForm):  # type: ignore[type-arg]  # at run time it takes no parameter
    """The outermost class of the forms of the admin."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conflicts: list[EditConflict] = []
        #: Who saved the record last, and when.
        self.last_change: LogEntry | None = None
        if self.is_bound and self.instance.pk:
            self.data: QueryDict = self.data.copy()
            taken = [name for name in self.fields if self.data.get(self.add_prefix(TAKE + name)) == "theirs"]
            stored = self._stored() if taken else {}
            for name in taken:
                self._put(name, stored[name])

    @property
    def edit_version(self) -> str:
        """Return the hashes of the values with which the editor begins, for the hidden field of the page."""
        if not self.instance.pk:
            return ""
        if self.is_bound and not self.conflicts:
            return str(self.data.get(VERSION, ""))
        return ",".join(f"{name}:{_hash(value)}" for name, value in self._stored().items())

    def _post_clean(self) -> None:
        if self.is_bound and self.instance.pk and self.data.get(VERSION):
            self._compare_with_stored()
        super()._post_clean()  # type: ignore[misc]  # the stubs leave it out

    def _compare_with_stored(self) -> None:
        sent = str(self.data[VERSION]).split(",")
        base: dict[str, str] = dict(each.split(":", 1) for each in sent if ":" in each)
        for name, stored in self._stored().items():
            if _hash(stored) == base.get(name, _hash(stored)):
                continue
            typed = self.cleaned_data.get(name)
            if name in self.cleaned_data and _canonical(typed) == _canonical(stored):
                continue
            touched = name not in self.cleaned_data or _hash(typed) != base[name]
            if not touched:
                self._put(name, stored)
            field = self.fields[name]
            theirs = _shown(field, stored)
            mine = _shown(field, typed) if name in self.cleaned_data else str(self.data.get(name, ""))
            long = touched and max(len(theirs), len(mine)) >= _MIN_COMPARED
            self.conflicts.append(
                EditConflict(
                    name=name,
                    label=str(field.label or name),
                    theirs=theirs,
                    mine=mine if touched else None,
                    differences=diff_texts(theirs, mine) if long else None,
                )
            )
        if self.conflicts:
            self.last_change = _last_change(self.instance)
            self.add_error(
                None,
                _("Somebody saved this while you were editing. Nothing is saved yet, and nothing is lost."),
            )

    def _stored(self) -> dict[str, Any]:
        """Return what the database has now, by field; fields of no column have their initial value.

        Inside of a transaction the row stays locked, so that nobody saves between this look and our save.
        """
        model: type[Model] = type(self.instance)
        rows: QuerySet[Model] = model._base_manager.filter(pk=self.instance.pk)
        row = (rows.select_for_update() if connection.in_atomic_block and self.is_bound else rows).first()
        columns = {each.name: each for each in (*model._meta.concrete_fields, *model._meta.many_to_many)}
        return {
            name: columns[name].value_from_object(row)
            if name in columns and row is not None
            else self.get_initial_for_field(field, name)
            for name, field in self.fields.items()
            if not field.disabled
        }

    def _put(self, name: str, value: Any) -> None:
        """Make a value the one that the form shows and reads."""
        field, key = self.fields[name], self.add_prefix(name)
        if isinstance(value, bool):
            self.data.pop(key, None)
            if value:
                self.data[key] = "on"
            return
        shown = field.widget.format_value(field.prepare_value(value))
        if isinstance(field.widget, forms.SelectMultiple):
            self.data.setlist(key, [str(each) for each in shown])
        else:
            first = next(iter(shown), "") if isinstance(shown, list | tuple) else shown
            self.data[key] = "" if first is None else str(first)


class ConflictChecks:
    """A base of the admin classes: the form of a record is a `VersionedForm`."""

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Return the form of the class itself, for a record that exists with its checks."""
        form = super().get_form(request, obj, change=change, **kwargs)  # type: ignore[misc]  # a mixin
        return type(form.__name__, (VersionedForm, form), {}) if change else form


def _canonical(value: Any) -> str:
    """Return a value as text that is the same for a column and for a form that left it alone."""
    if isinstance(value, Model):
        value = value.pk
    if isinstance(value, str):
        return value.replace("\r\n", "\n")
    if isinstance(value, QuerySet) or (isinstance(value, list) and value and isinstance(value[0], Model)):
        return json.dumps(sorted(str(each.pk) for each in value))
    return "" if value is None else json.dumps(value, default=str, ensure_ascii=False, sort_keys=True)


def _hash(value: Any) -> str:
    return hashlib.sha256(_canonical(value).encode()).hexdigest()[:_HASH_LETTERS]


def _shown(field: forms.Field, value: Any) -> str:
    """Return a value as a person reads it."""
    if isinstance(field, forms.ModelChoiceField) and not isinstance(value, Model | QuerySet | list):
        value = field.queryset.filter(pk=value).first() if value and field.queryset is not None else None
    elif isinstance(field, forms.ChoiceField):
        value = dict(_flat(field.choices)).get(value, value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, QuerySet | list | tuple):
        return "\n".join(str(each) for each in value)
    return "" if value is None else str(value)


def _flat(choices: Any) -> Iterable[tuple[Any, Any]]:
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from label
        else:
            yield value, label


def _last_change(record: Model) -> LogEntry | None:
    kind = ContentType.objects.get_for_model(record)
    entries = LogEntry.objects.filter(content_type=kind, object_id=str(record.pk)).select_related("user")
    return entries.order_by("-action_time").first()
