"""eml: an e-mail message is an article; its attachments are read as files of their own."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from email import policy
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parseaddr
from functools import partial
from itertools import starmap
from typing import Any

from django.utils.translation import gettext_noop as _

from arabic.text.tokenizer import normalized_terms
from articles.readers.blob import Blob
from articles.readers.field_names import parse_rfc2822_day
from articles.readers.filetype import declared_format
from articles.readers.mail.flowed_text import unflow
from articles.readers.mail.mail_parts import attached_files, body_part, further_texts
from articles.readers.markup import html_to_text
from articles.readers.registry import FileFormat
from articles.text.encoding import detect_encoding, fits_declaration, replace_undecodable, with_decoded_fields
from articles.text.limits import RECORD_BYTES, Limits
from articles.text.readability.judge import find_doubt
from articles.text.records import RawRecord, RecordProblem

#: Headers that mail programs write, and texts that only look like messages do not have.
_TRANSPORT_HEADER = re.compile(
    rb"^(?:Message-ID|MIME-Version|Received|Return-Path|Delivered-To):", re.IGNORECASE | re.MULTILINE
)
_HEADER_LINE = re.compile(rb"[!-9;-~]{1,76}:[ \t\r\n]")
#: An address behind a name, and the sender as archives of mailing lists write it.
_ADDRESS_BEHIND = re.compile(r"(?<=\S) ?<[^<>\s]{1,200}@[^<>\s]{1,200}>\Z")
_LIST_SENDER = re.compile(r"\S{1,200} at \S{1,200} \((.{1,500})\)", re.DOTALL)
#: The HTML is the message if it is this many times as long as the plain part, which then only points to it.
_HINT_RATIO = 4
#: Defects are tolerated: old mailers wrote headers in the encoding of their system without declaring it.
_POLICY = policy.default.clone(raise_on_defect=False)


def iter_members(blob: Blob, limits: Limits) -> Iterator[Blob | RawRecord]:
    """Yield the message as one record, then its attachments.

    Attachments with an extension of no format, and pictures shown in the text (logos), are skipped; a note
    of the message's record lists all of them.
    """
    data = blob.read_all(RECORD_BYTES)
    yield RawRecord(blob.name, 0, data, format="eml")
    message = _message(data)
    for name, content, stands_in_text in attached_files(message) if message is not None else ():
        path = f"{blob.name}/{name}"
        if declared_format(path) and not stands_in_text:
            yield blob.member(path, partial(io.BytesIO, content), limits.file, len(content))


def parse(record: RawRecord) -> RawRecord:
    """Return the record with subject, text, sender, day and id of the message."""
    message = _message(record.data)
    if message is None:
        return record.with_problems(RecordProblem("email-broken", fatal=True))
    body, problems = _body(message)
    values = {
        "title": " ".join(_header(message, "Subject").split()),
        "body": body,
        "byline": _sender(message),
        "date": parse_rfc2822_day(_header(message, "Date")) or _header(message, "Date"),
        "external_id": _header(message, "Message-ID").strip("<> \t\r\n")[:200],
    }
    record = with_decoded_fields(record.with_problems(*problems), values)
    if attached := [name for name, *_rest in attached_files(message)]:
        record = record.with_problems(RecordProblem("email-attachments", "، ".join(attached)[:200]))
    return record


def _sender(message: EmailMessage) -> str:
    """Return the name of who sent a message, else the address.

    Some programs encode name and address as one word; archives of mailing lists write "a at b (name)".
    """
    name, address = parseaddr(_header(message, "From"))
    if name:
        return name
    if found := _LIST_SENDER.fullmatch(_raw_header(message, "From").strip()):
        return _words_text(found[1]).strip() or address
    return _ADDRESS_BEHIND.sub("", address) or address


def looks_like_message(head: bytes) -> bool:
    """Return True if a file begins with the headers of a message: those in a Maildir have no extension."""
    headers = head.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    return _HEADER_LINE.match(headers) is not None and _TRANSPORT_HEADER.search(headers) is not None


def _message(data: bytes) -> EmailMessage | None:
    """Return the message, or None if it has no e-mail headers or the standard library cannot parse it."""
    try:
        message = BytesParser(policy=_POLICY).parsebytes(data)
        known = any(message.get_all(name) for name in ("From", "Subject", "Date", "To", "Message-ID"))
    except Exception:  # a damaged header may make the parser raise anything
        return None
    return message if known and isinstance(message, EmailMessage) else None


def _raw_header(message: EmailMessage, name: str) -> str:
    """Return the first header of this name as it is in the message."""
    return next((str(text) for key, text in message.raw_items() if key.lower() == name.lower()), "")


def _words_text(raw: str) -> str:
    """Return a raw header with its encoded words decoded.

    If the base64 of a word is damaged, the more tolerant parser of messages decodes them all, with U+FFFD for
    bytes that are no text.
    """
    try:
        words = decode_header(raw)
    except HeaderParseError:
        return str(_POLICY.header_fetch_parse("Subject", raw))
    return "".join(starmap(_word_text, words))


def _header(message: EmailMessage, name: str) -> str:
    """Return a header as text. Bytes that contradict what they declare are decoded as they look."""
    try:
        value = str(message.get(name, ""))
        raw = _raw_header(message, name)
    except Exception:  # a header that its own parser fails on
        return ""
    raw_bytes = raw.encode("ascii", "surrogateescape") if "\ufffd" in value or _has_raw_bytes(raw) else b""
    if b"=?" in raw_bytes and raw_bytes.isascii():
        return " ".join(_words_text(raw_bytes.decode()).split())
    return " ".join(detect_encoding(raw_bytes).decode(raw_bytes).split()) if raw_bytes else value


def _word_text(word: bytes | str, declared: str | None) -> str:
    """Return the text of a part of a header, which is a string if no part of it is encoded."""
    if isinstance(word, str):
        return word
    charset = detect_encoding(word)
    if declared and fits_declaration(word, declared, charset):
        return word.decode(declared)
    return charset.decode(word)


def _has_raw_bytes(text: str) -> bool:
    return any("\udc80" <= char <= "\udcff" for char in text)


def _body(message: EmailMessage) -> tuple[str, tuple[RecordProblem, ...]]:
    """Return the text of the message, and its problems."""
    texts = [_main_text(message), *map(_text, further_texts(message))]
    problems = dict.fromkeys(problem for _text, found in texts for problem in found)
    return "\n\n".join(text.strip() for text, _found in texts if text.strip()), tuple(problems)


def _main_text(message: EmailMessage) -> tuple[str, tuple[RecordProblem, ...]]:
    """Return the text of the plain part, or of the HTML part if only it has the message, and its problems."""
    part = body_part(message, "plain", "html")
    if part is None:
        return "", ()
    text, problems = _text(part)
    other = body_part(message, "html") if part.get_content_type() == "text/plain" else None
    if other is None:
        return text, problems
    in_html = _text(other)
    is_needed = not _can_be_read(text) or len(in_html[0]) > _HINT_RATIO * len(text)
    is_better = not text.strip() or (is_needed and _can_be_read(in_html[0]))
    return in_html if is_better else (text, problems)


def _can_be_read(text: str) -> bool:
    """Return False for an empty text, and for one of question marks or of a wrong encoding."""
    return bool(text.strip()) and find_doubt("", text, normalized_terms(text)) is None


def _text(part: Any) -> tuple[str, tuple[RecordProblem, ...]]:
    """Return the text of a part in its declared encoding, or in the detected one if the bytes contradict."""
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return "", ()
    declared = part.get_content_charset() or ""
    charset = detect_encoding(data)
    problems: tuple[RecordProblem, ...] = ()
    if fits_declaration(data, declared, charset):
        text = data.decode(declared)
    else:
        text, broken = replace_undecodable(charset.decode(data[charset.mark :]))
        problems = (*charset.problems, *broken)
    if part.get_content_type() == "text/html":
        return html_to_text(text), problems
    if str(part.get_param("format", "")).lower() == "flowed":
        text = unflow(text, delete_space=str(part.get_param("delsp", "")).lower() == "yes")
    return text, problems


FORMAT = FileFormat(
    key="eml",
    order=90,
    label="E-mail (eml)",
    gives=_("subject, text, sender and day; attachments are read as files of their own"),
    extensions=(".eml",),
    is_text=True,
    matches_head=looks_like_message,
    overrules=frozenset({"txt"}),
    iter_members=iter_members,
    parse=parse,
)
