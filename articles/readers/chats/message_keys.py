"""What identifies a message of Telegram: the same in its export as JSON and as HTML."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

#: Characters of a chat's name in the number of an article, which ends with number and time of the message.
_NAME_CHARACTERS = 150
#: Hours by which the time zones of the world are ahead of UTC.
HOURS_AHEAD = (
    *range(-12, 15), -9.5, -3.5, -2.5, 3.5, 4.5, 5.5, 5.75, 6.5, 8.75, 9.5, 10.5, 12.75, 13.75,
)  # fmt: skip


def message_key(chat: str, number: str, moment: datetime | None = None) -> str:
    """Return name of the chat, number of the message, and its second in UTC.

    The pages have no number of the chat, and several chats may have one name.
    """
    key = f"telegram:{' '.join(chat.split())[:_NAME_CHARACTERS]}:{number}"
    return f"{key}:{moment:%Y%m%dT%H%M%S}" if moment else key


def keys_elsewhere(chat: str, number: str, moment: datetime, *, is_utc: bool) -> tuple[str, ...]:
    """Return the keys of a message by its time in all zones, or in UTC if its own zone is unknown.

    Exports of before 2022 have only the time of the computer's zone.
    """
    return tuple(message_key(chat, number, each) for each in moments_elsewhere(moment, is_utc=is_utc))


def moments_elsewhere(
    moment: datetime, hours_ahead: Iterable[float] = HOURS_AHEAD, *, is_utc: bool
) -> tuple[datetime, ...]:
    """Return a time in UTC as the clocks of all zones show it, or the times in UTC of what a clock shows.

    () if one of them is beyond the end of the calendar.
    """
    way = 1 if is_utc else -1
    try:
        return tuple(moment + way * timedelta(hours=hours) for hours in hours_ahead)
    except OverflowError:
        return ()
