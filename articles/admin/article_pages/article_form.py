"""The form of an article: what staff may write into it, and what is refused."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from arabic.text.direction import text_direction
from articles.admin.model_admin import ModelForm
from articles.models import Article, Precision
from articles.text.sanitize import sanitize_text


class ArticleForm(ModelForm[Article]):
    """A form for an article. `reason` goes into the history."""

    reason = forms.CharField(
        label=gettext_lazy("Why this change"),
        required=False,
        max_length=300,
        help_text=gettext_lazy(
            "Kept in the history beside your name, e.g. “Date corrected after the printed issue”."
        ),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    url = forms.URLField(
        label=gettext_lazy("Address"),
        required=False,
        max_length=2000,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"class": "vURLField", "dir": "ltr"}),
    )

    class Meta:
        model = Article
        fields = [
            "title",
            "body",
            "source",
            "date",
            "date_precision",
            "url",
            "byline",
            "external_id",
            "state",
        ]
        widgets = {
            "title": forms.TextInput(attrs={"class": "vTextField", "dir": "auto"}),
            "body": forms.Textarea(attrs={"class": "vLargeTextField", "rows": 24, "dir": "auto"}),
        }
        # Spelled out, because Django's history stores the labels and translates them on display.
        labels = {
            "title": gettext_lazy("Title"),
            "body": gettext_lazy("Text"),
            "source": gettext_lazy("Source"),
            "date": gettext_lazy("Date"),
            "date_precision": gettext_lazy("Precision of the date"),
            "byline": gettext_lazy("Byline"),
            "external_id": gettext_lazy("Id at the source"),
            "state": gettext_lazy("State"),
        }
        help_texts = {
            "title": gettext_lazy("Left empty, the first sentence of the text stands for it."),
            "date": gettext_lazy(
                "Of a month or a year give its first day. Left empty, the article is undated."
            ),
            "date_precision": gettext_lazy("How much of the date is known."),
            "state": gettext_lazy("Only published articles are found by readers."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in {"title", "body"} & set(self.fields):
            if text := self.get_initial_for_field(self.fields[name], name):
                self.fields[name].widget.attrs["dir"] = text_direction(text)

    def clean_title(self) -> str:
        """Return the title sanitized, on one line."""
        return " ".join(sanitize_text(self.cleaned_data["title"])[0].split())

    def clean_body(self) -> str:
        """Return the text sanitized."""
        return sanitize_text(self.cleaned_data["body"])[0]

    def clean(self) -> dict[str, Any]:
        """Refuse an article without text, and a date that does not match its precision."""
        data = super().clean() or self.cleaned_data
        if not data.get("title") and not data.get("body") and not self.errors:
            raise forms.ValidationError(_("An article needs a title or a text."))
        day, precision = data.get("date"), data.get("date_precision")
        if day and not precision:
            data["date_precision"] = Precision.DAY
        elif not day:
            data["date"], data["date_precision"] = None, ""
        elif precision == Precision.MONTH:
            data["date"] = day.replace(day=1)
        elif precision == Precision.YEAR:
            data["date"] = day.replace(month=1, day=1)
        return data
