"""Column mappings that librarians chose for the tables of a source, stored by the signature of the header."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from django.contrib.auth.models import User
from django.db.models import F, Q

from articles.models import Article, ColumnMapping, Source
from articles.readers.column_mapper import header_signature

#: A longer column name may be text: in a table without a header, the first row is taken for it.
NAME_CHARACTERS = 24


def load_column_mappings(source_id: int | None) -> dict[str, dict[str, str]]:
    """Return header signature → column mapping for the tables of a source.

    Mappings of the source take precedence over those without a source.
    """
    rows = ColumnMapping.objects.filter(Q(source=None) | Q(source=source_id))
    in_order = rows.order_by(F("source").asc(nulls_first=True)).values_list("signature", "fields")
    return dict(in_order)


def save_column_mapping(
    source: Source | None, header: Sequence[str], fields: Mapping[str, str], by: User | None
) -> ColumnMapping:
    """Store the mapping for tables of the source with this header."""
    row, _made = ColumnMapping.objects.update_or_create(
        source=source,
        signature=header_signature(header),
        defaults={"header": list(header), "fields": dict(fields), "made_by": by},
    )
    return row


def mappings_quoting(article: Article) -> Iterator[ColumnMapping]:
    """Yield mappings whose header quotes the article, as in a table without a header."""
    texts = (article.title, article.body)
    for row in ColumnMapping.objects.all():
        if any(len(name) > NAME_CHARACTERS and name in text for name in row.header for text in texts):
            yield row
