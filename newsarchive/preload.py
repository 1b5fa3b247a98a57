"""Preloading before an archive's process forks.

The forks share the loaded tables in memory, and none spends a second or two on reading them.
"""

from __future__ import annotations

import gc
import logging
import os
from datetime import date
from importlib import import_module

#: Modules that requests, outbox consumers and imports import at their first use.
PRELOADED_MODULES = (
    "newsarchive.urls",
    "search.engines.embedded",
    "articles.ingest.runner",
    "gunicorn.app.wsgiapp",
)


def preload() -> None:
    """Set up Django and read the tables of the language.

    Opens no connection and no index and starts no thread, because these would not survive a fork.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsarchive.settings")
    import django  # noqa: PLC0415  the settings must be named before

    django.setup()
    for name in PRELOADED_MODULES:
        import_module(name)
    from articles.ingest.parallel_transform import WARM_UP_RECORD, RecordTransform  # noqa: PLC0415  Django is set up only now
    from search.query.compiler import compile_query  # noqa: PLC0415  as above
    from search.query.parser import parse_query  # noqa: PLC0415  as above
    from search.query.request import SearchRequest  # noqa: PLC0415  as above
    from search.store.memory import MemoryStore  # noqa: PLC0415  as above

    RecordTransform(date(2020, 1, 1)).transform(WARM_UP_RECORD)
    compile_query(parse_query("حمص"), SearchRequest(q="حمص"), MemoryStore(()))
    gc.collect()
    gc.freeze()  # the garbage collector would write to each object and thereby copy its memory page


#: Pages whose first drawing in a process takes long.
_TEMPLATES = ("search/results.html", "search/article.html", "search/home.html")


def read_archive() -> None:
    """Read the words and names of the archive, before the web server forks its workers.

    In an archive of 12,000 articles the first search of a process takes two seconds of a core without them,
    and on a busy machine much longer. The connections are closed, as they would not survive a fork. An
    archive whose database does not answer is read by the workers when it does.
    """
    from django.db import DatabaseError, connections  # noqa: PLC0415  Django is set up only now
    from django.template.loader import get_template  # noqa: PLC0415  as above

    from search.query.compiler import compile_query  # noqa: PLC0415  as above
    from search.query.parser import parse_query  # noqa: PLC0415  as above
    from search.query.request import SearchRequest  # noqa: PLC0415  as above
    from search.store.database import DatabaseStore  # noqa: PLC0415  as above

    for name in _TEMPLATES:
        get_template(name)
    try:
        store = DatabaseStore()
        store.vocabulary()
        compile_query(parse_query("حمص"), SearchRequest(q="حمص"), store)
    except DatabaseError:
        logging.getLogger(__name__).warning("the archive is not read ahead", exc_info=True)
    finally:
        connections.close_all()
    gc.collect()
    gc.freeze()
