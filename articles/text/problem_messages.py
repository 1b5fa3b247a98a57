"""Messages for problems of files and records.

The database stores the codes, so that everyone reads the messages in their own language. `%(detail)s` is
the part of the record that is meant.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from django.utils.translation import get_language_bidi, gettext
from django.utils.translation import gettext_noop as _

from arabic.text.direction import isolated

MESSAGES = {
    # refused
    "empty": _("It has neither a title nor a text."),
    "empty-file": _("The file is empty."),
    "unsupported": _(
        "Files of this kind are not read: %(detail)s. The upload page and the help list those that are."
    ),
    "binary": _("This is not text but a binary file (%(detail)s)."),
    "file-too-large": _("The file is over the limit of %(detail)s."),
    "record-too-large": _("The record is over the limit of %(detail)s."),
    "archive-too-large": _("The archive expands to more than %(detail)s; nothing of it was read."),
    "archive-too-many": _("The archive holds more than %(detail)s files; nothing of it was read."),
    "archive-too-deep": _("An archive inside an archive inside an archive is not read."),
    "archive-bomb": _("It expands %(detail)s times, which no text does; it was not read."),
    "archive-broken": _("The archive is damaged and cannot be read."),
    "archive-encrypted": _("It is protected by a password."),
    "archive-name": _("Its name points outside the archive."),
    "archive-link": _("It is a link to another file."),
    "archive-special": _("It is no plain file but a device, a pipe or a file with holes."),
    "encrypted": _("The file is protected by a password. Save it without one and upload it again."),
    "office-old": _(
        "This is a file of an old Office version (doc, xls, ppt, msg). Open it in Word, Excel or "
        "LibreOffice, save it as docx or xlsx (an e-mail as eml) and upload that."
    ),
    "office-broken": _("The document is damaged and cannot be read."),
    "odf-other": _(
        "This is an OpenDocument %(detail)s; only texts and tables are read. Save it as odt, ods or PDF."
    ),
    "export-unknown": _("This part of the export has no head of an article (it begins: %(detail)s)."),
    "no-articles": _("There is no article in this file. It holds: %(detail)s."),
    "office-empty": _("There is no text in the document."),
    "pdf-broken": _("The PDF is damaged and cannot be read."),
    "pdf-heavy": _("The PDF takes too long or too much memory to read."),
    "pdf-no-text": _(
        "The PDF holds pictures of pages and no text, as a scanner makes them. It needs OCR "
        "first. This archive does it after: apt-get install tesseract-ocr-ara poppler-utils"
    ),
    "ocr-missing": _(
        "This is a picture. The archive reads its text after: apt-get install tesseract-ocr-ara poppler-utils"
    ),
    "ocr-nothing": _(
        "OCR found no text in the picture, or too few words for an article, as in a logo or a photograph. "
        "Turn a page that lies on its side, and import it again."
    ),
    "ocr-failed": _("The picture is damaged, or takes too long or too much memory for OCR."),
    "ocr-low-confidence": _("The text was read by machine with an OCR confidence of only %(detail)s %%."),
    "ocr-pages-low-confidence": _("Pages with a low OCR confidence: %(detail)s."),
    "ocr-pages-failed": _(
        "Pages that OCR could not read: %(detail)s. Import the file again to try them once more."
    ),
    "ocr-pages-missing": _(
        "Pages without text that can be read: %(detail)s. OCR reads them if the file is "
        "imported again after: apt-get install tesseract-ocr-ara poppler-utils"
    ),
    "feed-unknown": _(
        "This XML is of no kind that is read (its first element is: %(detail)s). Export the texts as RSS, "
        "CSV or JSON, with title, text and date."
    ),
    "feed-broken": _("This entry of the feed cannot be read."),
    "feed-too-many": _("The feed has more than %(detail)s entries; the others were not read."),
    "xml-broken": _("The XML is damaged or cut off from here on; what follows was not read."),
    "warc-broken": _("The WARC is damaged from here on; what follows was not read."),
    "warc-no-pages": _("There is no article in this WARC. It holds: %(detail)s."),
    "wacz-missing": _("Pages of the list that are not in the archive: %(detail)s."),
    "warc-too-many": _("The WARC has more than %(detail)s records; the others were not read."),
    "email-broken": _("This is no e-mail, or a damaged one."),
    "unreadable": _("The file cannot be opened: %(detail)s."),
    "json-broken": _(
        "This line is not valid JSON from character %(detail)s on. Was the file cut off while being written?"
    ),
    "json-broken-here": _("This value is not valid JSON (%(detail)s); what follows was not read."),
    "json-cut": _("The list is not closed: was the file cut off while being written?"),
    "json-no-articles": _("No article was found in this JSON. Its fields are: %(detail)s."),
    "json-unnamed": _(
        "The rows of this JSON do not say what their columns are. Export it with names (pandas: "
        'orient="records"), or put a first row with them.'
    ),
    "json-shell": _(
        "This was printed by the shell of MongoDB and is no JSON. Export the collection with: mongoexport "
        "--jsonArray"
    ),
    "json-too-much": _("This line is nested too deep, or holds a number that is too long."),
    "json-not-object": _("This line is valid JSON but not an object of fields."),
    "field-not-text": _("The field “%(detail)s” is not text."),
    "csv-header": _(
        "None of the first lines names a column for the title or the text (the first reads: %(detail)s)."
    ),
    "csv-broken": _("This row is not valid CSV: %(detail)s."),
    "csv-unclosed": _(
        "A quotation mark in this row is never closed, or stands in a text without being doubled, so the row "
        "was not read (lines: %(detail)s)."
    ),
    "html-empty": _("No article was found on this page."),
    "erased": _(
        "This article was erased by law (article %(detail)s) and is not taken in again. An administrator can "
        "lift that under “Erasures”."
    ),
    "field-too-long": _("The field “%(detail)s” is too long."),
    "stage-failed": _("It could not be worked on (%(detail)s). That is a fault of the archive: report it."),
    "text-too-long": _("The text has more than %(detail)s characters. Divide it into parts."),
    "record-slow": _("Reading it takes more than %(detail)s seconds of processor time; it was left out."),
    "record-memory": _("Reading it takes more than %(detail)s of memory; it was left out."),
    "record-crash": _("The program that reads files crashed on it (%(detail)s); it was left out."),
    "preview-slow": _(
        "Reading it takes longer than a preview may. The import gives it up to %(detail)s seconds of "
        "processor time."
    ),
    # held for review
    "unread-lost": _(
        "The text cannot be read: letters were lost, or come from a font of its own (%(detail)s characters)."
    ),
    "unread-questions": _(
        "The text cannot be read: its letters had become question marks before it came here (%(detail)s)."
    ),
    "unread-signs": _(
        "The text cannot be read: signs stand where letters should be (%(detail)s). Was it saved in a wrong "
        "encoding?"
    ),
    "unread-words": _(
        "The text may be unreadable: too few of its words belong to a language that the archive knows "
        "(%(detail)s)."
    ),
    "unread-order": _("The text may be unreadable: its letters stand in a wrong order."),
    "unread-letters": _("The text may be unreadable: letters are missing in many of its words."),
    "unread-spacing": _("The text may be unreadable: its words were run together or cut into letters."),
    "unread-no-words": _("There is not a single word in it."),
    # why an import stopped
    "import-set-aside": _(
        "The process that worked on it was ended twice in the midst of %(detail)s, so the import was set "
        "aside. Start it again, or upload the other files without this one."
    ),
    "import-process-ended": _(
        "The command that read it was ended. Run it again: what came in already will be used."
    ),
    # noticed
    "bytes-broken": _("Bytes that are no text in this encoding were shown as � (%(detail)s)."),
    "pdf-letters": _("Letters that the PDF does not tell are shown as � (%(detail)s)."),
    "charset-guessed": _("The encoding was guessed: %(detail)s. Check that the text reads well."),
    "characters-removed": _("Control characters were removed (%(detail)s)."),
    "surrogates": _("Half characters were shown as � (%(detail)s)."),
    "entities": _("HTML codes such as &amp; were turned into characters (%(detail)s)."),
    "markup": _("HTML tags were taken out of the field “%(detail)s”."),
    "date-unknown": _("The date was not understood, so the article is undated: %(detail)s."),
    "date-absurd": _("The date is out of range, so the article is undated: %(detail)s."),
    "date-of-another-calendar": _(
        "The date names a month or year of another calendar; only what holds all of it was kept: %(detail)s."
    ),
    "date-from-address": _("The date was read from the address: %(detail)s."),
    "date-counted": _("The date was counted back from the day the page was fetched: %(detail)s."),
    "date-from-text": _("The date was read from the text: “%(detail)s”."),
    "url-dropped": _("The address was left out, it is not a web address: %(detail)s."),
    "byline-cut": _("The byline was cut to 300 characters."),
    "furniture-cut": _("Page furniture was taken out of the text (%(detail)s); each piece can be put back."),
    "furniture-whole": _("Rules would have taken out all of its text, so it was left as it came."),
    "title-derived": _("It had no title; its first sentence stands for one."),
    "title-line": _("It had no title; a line above the text was taken for one."),
    "file-is-article": _(
        "The whole file is an article, too (%(detail)s): it was once read as a plain text. Withdraw that "
        "article."
    ),
    "columns-unread": _(
        "Columns of this table that nobody reads: %(detail)s. Say what they are in the preview of an upload, "
        "or with --map on the command line."
    ),
    "rows-above-header": _("The lines above the names of the columns were passed over: %(detail)s."),
    "date-serial": _("The date was read as a spreadsheet’s number of days: %(detail)s."),
    "ocr-confidence": _("The text was read by machine, with a mean OCR confidence of %(detail)s."),
    "ocr-pages-added": _("Pages that OCR could not read before were read now: %(detail)s."),
    "chat-day-first": _("The file does not show whether day or month comes first; the day was taken."),
    "message-forwarded": _("The message was forwarded from: %(detail)s."),
    "message-reply": _("It answers: %(detail)s."),
    "message-media": _("Sent with the message: %(detail)s."),
    "message-photo-missing": _("A photo was sent with the message; the export does not name it."),
    "message-file-missing": _("A file was sent with the message; the export does not name it."),
    "passed-over": _("Passed over, because it is no article or is not published: %(detail)s."),
    "csv-extra": _("The row has more cells than the header; the extra ones were left out (%(detail)s)."),
    "csv-rows-inside": _(
        "Lines in a text of this row look like rows of their own (%(detail)s). Is a quotation mark missing?"
    ),
    "changed-since": _("It was changed after this import; that change was kept when the import was undone."),
    "sniffed": _("The file’s ending says otherwise; by its content it was read as %(detail)s."),
    "mojibake": _(
        "Text that had been saved in a wrong encoding was repaired (%(detail)s). The original is kept."
    ),
    "order-mended": _(
        "Letters that stood in a wrong order were put right (%(detail)s). The original is kept."
    ),
    "pdf-turned": _("The letters of the PDF were put into the order of reading."),
    "pdf-unread": _("These pages of the PDF could not be read: %(detail)s."),
    "pdf-cut": _("Only the first pages of the PDF could be read (%(detail)s)."),
    "html-left-out": _(
        "Much of the page’s text was not taken for part of the article (%(detail)s). Compare it with the "
        "original."
    ),
    "html-too-deep": _(
        "The page has so many elements inside each other that its text could not be read to the end. Compare "
        "it with the original."
    ),
    "warc-fetched": _("The page was fetched on %(detail)s."),
    "warc-passed": _("Records of the WARC that are no articles were passed over: %(detail)s."),
    "email-attachments": _("Attached to the e-mail: %(detail)s."),
    "adopted": _("It had come in with an import that was not finished."),
}


#: Notes about a whole file or table, which its first or last record carries. Reports name them by file.
FILE_NOTES = frozenset(("columns-unread", "rows-above-header", "passed-over", "warc-passed"))
#: Details that are names in a row, each of which may run in another direction, and what is between them.
_NAME_LISTS = frozenset(("email-attachments", "message-media", "columns-unread", "json-no-articles"))
_NAME_SEPARATOR = re.compile("([,،] )")
#: Details that are kinds of what is no article, each with its count: "poll 3, HTTP 404 2".
_KIND_LISTS = frozenset(("passed-over", "no-articles", "warc-passed", "warc-no-pages"))
#: How readers of files name these kinds. Others are words of the format, and shown as they are: HTTP 404.
KINDS = {
    "empty": _("empty ones"),
    "service": _("messages of the program"),
    "media without text": _("media without text"),
    "media": _("media"),
    "other data": _("other data"),
    "poll": _("polls"),
    "page without messages": _("pages without messages"),
    "page without posts": _("pages without posts"),
    "part without day and fields": _("parts without a date"),
    "cover page": _("cover pages"),
    "page": _("pages of a site"),
    "attachment": _("attachments"),
    "draft": _("drafts"),
    "private": _("private ones"),
    "pending": _("ones that wait for review"),
    "future": _("ones that are to be published later"),
    "trash": _("deleted ones"),
    "password": _("ones with a password"),
    "comment": _("comments"),
    "canceled": _("cancelled ones"),
    "cancelled": _("cancelled ones"),
    "withheld": _("withheld ones"),
    "packageItem": _("packages of items"),
    "item without text": _("items without text"),
    "short page": _("short pages"),
    "table of contents": _("tables of contents"),
    "page before or behind the text": _("pages before or behind the text"),
    "titles without text": _("titles without text"),
    "list of articles": _("lists of articles"),
    "front page": _("front pages"),
    "search page": _("results of a search"),
    "other pages": _("other pages"),
    "same page again": _("pages that are there twice"),
    "resource": _("files"),
    "wiki without pages": _("a wiki without pages"),
    "page of another namespace": _("talk pages, files and categories"),
    "page without text": _("pages without text"),
    "redirect": _("pages that lead to others"),
    "revisit": _("pages that had not changed"),
}


def describe(code: str, detail: str = "") -> str:
    """Return the message for a code in the reader's language; an unknown code is returned as it is."""
    return _message(code, _kinds(detail, str) if code in _KIND_LISTS else detail)


def describe_isolated(code: str, detail: str = "") -> str:
    """Return the message as a person reads it: what it quotes of the record keeps its own direction.

    Latin letters in a sentence that runs left to right are left as they are.
    """
    if detail.isascii() and not get_language_bidi():
        return describe(code, detail)
    if code in _KIND_LISTS:
        return _message(code, _kinds(detail, isolated))
    names = _NAME_SEPARATOR.split(detail) if code in _NAME_LISTS else [detail]
    return _message(code, "".join(name if at % 2 else isolated(name) for at, name in enumerate(names)))


def _message(code: str, detail: str) -> str:
    message = MESSAGES.get(code)
    return gettext(message) % {"detail": detail} if message else f"{code} {detail}".strip()


def _kinds(detail: str, shown: Callable[[str], str]) -> str:
    """Return counted kinds in the reader's language; `shown` is called with words of a format."""
    parts = []
    for part in detail.split(", "):
        kind, _space, count = part.rpartition(" ")
        label = KINDS.get(kind)
        parts.append(f"{gettext(label)} {count}" if label else shown(part))
    return ("، " if get_language_bidi() else ", ").join(parts)


def format_size(size: int) -> str:
    """Format a size in bytes for people: 20 MB, 512 KB."""
    for unit, step in (("GB", 1024**3), ("MB", 1024**2), ("KB", 1024)):
        if size >= step:
            return f"{size / step:.3g} {unit}"
    return f"{size} B"
