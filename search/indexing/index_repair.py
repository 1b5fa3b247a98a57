"""Replace an index that is damaged, lost or not the archive's own, without a command.

The new one is filled beside it: until it is complete, searches answer 503 rather than count a part.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from search import index_state
from search.engines import get_engine
from search.engines.contract import IndexMissing, SearchEngine
from search.engines.engine_errors import IndexOfOtherRelease
from search.indexing.drain_result import DrainResult
from search.indexing.outbox_consumer import drain_outbox, serving_index_name
from search.indexing.rebuild import rebuild_index
from search.locks import is_held

logger = logging.getLogger(__name__)


def repair_damage(engine: SearchEngine | None = None) -> list[str]:
    """Verify the files of the serving index; rebuild it if they are damaged, and return the faults.

    The damaged files stay until the new index serves. Raises EngineError, LockHeldError.
    """
    engine = engine or get_engine()
    try:
        faults = engine.file_faults()
    except (IndexMissing, IndexOfOtherRelease):
        return []  # see `replace_lost_index`, and the first drain makes one
    if faults:
        logger.error("the files of the index are damaged, it is built anew: %s", "; ".join(faults))
        rebuild_index(engine)
    return faults


def replace_lost_index(engine: SearchEngine | None = None) -> str:
    """Rebuild if the index is gone or another one stands in its place; return what was found, or "".

    An index of another release stays. Raises EngineError, LockHeldError.
    """
    engine = engine or get_engine()
    if is_held("rebuild") or not (found := _what_is_lost(engine)):
        return ""
    logger.error("the index is built anew: %s", found)
    rebuild_index(engine)
    return found


def _what_is_lost(engine: SearchEngine) -> str:
    ours = index_state.get_index_state().serving
    if not ours:
        return ""  # there never was one
    try:
        there = serving_index_name(engine.status())
        made_by_archive = bool(engine.analysis_version())
    except IndexOfOtherRelease:
        return ""
    except IndexMissing as error:
        return str(error)
    if made_by_archive and ours in (there, index_state.RESTORED_MARK):
        return ""
    return f"{there} serves, which this archive did not fill"


def drain_and_repair(
    engine: SearchEngine | None = None,
    *,
    stop: Callable[[], bool] = lambda: False,
    leave_fan_outs: bool = False,
) -> DrainResult:
    """Drain the outbox (`drain_outbox`); if the index was lost, build it anew.

    Raises EngineError, LockHeldError.
    """
    try:
        return drain_outbox(engine, stop=stop, leave_fan_outs=leave_fan_outs)
    except IndexMissing:
        engine = engine or get_engine()
        if not replace_lost_index(engine) and _what_is_lost(engine):
            raise  # another process is building it
        return drain_outbox(engine, stop=stop, leave_fan_outs=leave_fan_outs)
