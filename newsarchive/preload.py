"""Preloading before an archive's process forks.

The forks share the loaded tables in memory, and none spends a second or two on reading them.
"""

from __future__ import annotations

import gc
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
