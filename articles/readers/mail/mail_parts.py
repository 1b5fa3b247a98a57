"""The parts of an e-mail: which of them are its text, and which are files of their own."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import EmailMessage
from itertools import islice
from typing import Any, Literal

from articles.text.limits import EMAIL_PARTS
from articles.text.sanitize import sanitize_file_name

#: Where the parts are forms of the same text, or belong to the first of them.
_ONE_TEXT = frozenset(("alternative", "related"))
_TEXTS = frozenset(("text/plain", "text/html"))


def body_part(message: EmailMessage, *kinds: Literal["plain", "html"]) -> Any:
    """Return the part of the body that is of the first of these kinds, or None."""
    try:
        return message.get_body(preferencelist=kinds)
    except Exception:  # a tree of parts that is damaged or contains itself
        return None


def further_texts(message: EmailMessage) -> list[Any]:
    """Return the inline texts besides the body: mail programs split a text where a file is inserted."""
    body = [body_part(message, "plain"), body_part(message, "html")]
    try:
        leaves = list(islice(_leaves(message), EMAIL_PARTS))
        return [
            part
            for part, parent in leaves
            if _is_inline_text(part) and parent not in _ONE_TEXT and not any(part is each for each in body)
        ]
    except Exception:  # a part whose headers are damaged
        return []


def attached_files(message: EmailMessage) -> Iterator[tuple[str, bytes, bool]]:
    """Yield (name, bytes, whether it is a picture in the text) of the files, attached messages included."""
    try:
        leaves = list(islice(_leaves(message), EMAIL_PARTS))
    except Exception:  # declared as multipart without being one
        return
    number = 0
    for part, parent in leaves:
        stands_in_text = False
        try:
            if _is_inline_text(part) or (parent == "alternative" and part.get_content_type() in _TEXTS):
                continue
            number += 1
            name = part.get_filename() or ""
            # Mailers mark pictures shown in the text as attachments too; those are in multipart/related.
            attached = part.get_content_disposition() == "attachment" and parent != "related"
            stands_in_text = part.get_content_maintype() == "image" and not attached
            if part.get_content_type() == "message/rfc822":
                inner = part.get_payload(0)
                content: object = inner.as_bytes() if isinstance(inner, EmailMessage) else b""
                name = name or f"{number}.eml"
            else:
                content = part.get_payload(decode=True)
        except Exception:  # a part whose headers or encoding are damaged
            content = b""
        if isinstance(content, bytes) and content:
            yield sanitize_file_name(name.replace("/", "_")) or str(number), content, stands_in_text


def _leaves(message: EmailMessage) -> Iterator[tuple[Any, str]]:
    """Yield the parts that have no parts of their own, in order, and the kind of multipart each is in.

    A message in a message is one part. What is declared as multipart without being one is none.
    """
    waiting: list[tuple[Any, str]] = [(message, "")]
    while waiting:
        part, parent = waiting.pop()
        if part.get_content_maintype() == "multipart":
            inner = part.get_payload()
            kind = part.get_content_subtype()
            waiting += [(each, kind) for each in reversed(inner)] if isinstance(inner, list) else []
        elif part is not message:
            yield part, parent


def _is_inline_text(part: Any) -> bool:
    """Return True if a part is a text that is shown in the message and no file."""
    is_text = part.get_content_type() in _TEXTS and not part.get_filename()
    return is_text and part.get_content_disposition() != "attachment"
