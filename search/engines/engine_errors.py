"""What an engine raises. Callers import these from the contract."""


class EngineError(Exception):
    """The engine refused or failed; nothing may be assumed to be written."""


class EngineUnavailable(EngineError):  # noqa: N818  says the state, as FileNotFound would
    """The engine cannot be reached now; the same call may succeed later."""


class IndexMissing(EngineError):  # noqa: N818  says the state, as FileNotFound would
    """There is no index yet; `rebuild_index` makes one."""


class IndexOfOtherRelease(EngineError):  # noqa: N818  says the state, as FileNotFound would
    """Another release of the archive made the index, with other tables or fields: only that one writes it.

    `rebuild_index` of this release makes one that this release writes.
    """


class IndexDamaged(EngineUnavailable):
    """The files of the serving index are damaged; a rebuild replaces it, and searches work again then."""


def is_replaced(error: EngineError) -> bool:
    """Return True if the index worker builds the index anew by itself after this error."""
    return isinstance(error, IndexDamaged | IndexMissing)


class EngineBusy(EngineError):  # noqa: N818  says the state, as FileNotFound would
    """Another process is writing; the same call may succeed later."""
