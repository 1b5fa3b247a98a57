"""Which column of a table is which field, as a person said of the tables of a source."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.authorities import Source
from articles.models.user_reference import user_reference


class ColumnMapping(models.Model):
    """Holds for every table of the source that has these columns, in any order. Without a source it holds for
    imports whose files name their sources themselves."""

    source = models.ForeignKey(Source, models.CASCADE, null=True, blank=True, verbose_name=_("source"))
    #: Of the header; see articles/readers/column_mapper.py, which also says how a name is written plainly.
    signature = models.CharField(max_length=64, editable=False)
    #: The names of the columns, as they stood in the file.
    header = models.JSONField(_("columns"), default=list, editable=False)
    #: Column, plainly written → field of a record, "" for one that is left out.
    fields = models.JSONField(default=dict, editable=False)
    made_by = user_reference(_("made by"), editable=False, blank=False)
    made_at = models.DateTimeField(_("made"), auto_now=True)

    class Meta:
        verbose_name = _("remembered columns")
        verbose_name_plural = _("remembered columns")
        ordering = ["source__name", "id"]
        constraints = [
            models.UniqueConstraint(name="one_mapping_of_a_source", fields=["source", "signature"]),
            models.UniqueConstraint(
                name="one_mapping_without_source",
                fields=["signature"],
                condition=models.Q(source__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return " · ".join(self.header)[:120]
