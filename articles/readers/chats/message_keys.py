"""What identifies a message of Telegram: the same in its export as JSON and as HTML."""

from __future__ import annotations

from datetime import datetime

#: Characters of a chat's name in the number of an article, which ends with number and time of the message.
_NAME_CHARACTERS = 150


def message_key(chat: str, number: str, moment: datetime | None = None) -> str:
    """Return name of the chat, number of the message, and its second in UTC.

    The pages have no number of the chat, and several chats may have one name.
    """
    key = f"telegram:{' '.join(chat.split())[:_NAME_CHARACTERS]}:{number}"
    return f"{key}:{moment:%Y%m%dT%H%M%S}" if moment else key
