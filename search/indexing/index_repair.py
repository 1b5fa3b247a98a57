"""Replace an index whose files are damaged: a search that failed asks for it, and so does each start."""

from __future__ import annotations

import logging

from search.engines import get_engine
from search.engines.contract import IndexMissing, SearchEngine
from search.indexing.rebuild import rebuild_index

logger = logging.getLogger(__name__)


def repair_damage(engine: SearchEngine | None = None) -> list[str]:
    """Verify the files of the serving index; rebuild it if they are damaged, and return the faults.

    The damaged files stay until the new index serves. Raises EngineError, LockHeldError.
    """
    engine = engine or get_engine()
    try:
        faults = engine.file_faults()
    except IndexMissing:
        return []  # the first drain makes one
    if faults:
        logger.error("the files of the index are damaged, it is built anew: %s", "; ".join(faults))
        rebuild_index(engine)
    return faults
