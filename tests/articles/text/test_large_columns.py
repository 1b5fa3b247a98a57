"""The text and the original of an article come last in the table, so that SQLite need not read past them."""

import pytest
from django.db import connection

from articles.models import Article


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps large values beside the table")
def test_what_results_show_stands_before_the_large_columns() -> None:
    table = Article._meta.db_table
    with connection.cursor() as cursor:
        names = [each.name for each in connection.introspection.get_table_description(cursor, table)]
    for name in ("ocr_confidence", "low_confidence_words", "held_reason", "date", "url", "file_name"):
        assert names.index(name) < names.index("body") < names.index("original")
