"""Files of every format for the tests, and the records that the readers make of them."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from email.message import EmailMessage
from xml.sax.saxutils import escape

from openpyxl import Workbook

from articles.ingest.transform import parse_and_sanitize
from articles.text.records import RawRecord
from tests.articles.conftest import records_of

TITLE = "قافلة المساعدات تصل إلى حمص القديمة"
TEXT = "وصلت القافلة إلى مدينة حمص القديمة مساء الخميس، وقال الهلال الأحمر إن التوزيع بدأ."
MORE = "ولا يزال الطريق إلى الأحياء الأخرى مغلقا منذ أسابيع."
PAGE = (
    f"<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1><p>{TEXT}</p><p>{MORE}</p></body></html>"
)
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'

#: The beginning of an XML file whose last entity is a hundred thousand million letters long.
ENTITY_BOMB = "<!DOCTYPE x [<!ENTITY a0 'x'>" + "".join(
    f"<!ENTITY a{at} '{f'&a{at - 1};' * 10}'>" for at in range(1, 12)
) + "]>"  # fmt: skip


def make_zip(
    files: Mapping[str, bytes], change: Callable[[zipfile.ZipInfo], None] = lambda info: None
) -> bytes:
    """Return a zip; `change` may set what zipfile would not write by itself."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            change(info)
            archive.writestr(info, data)
    return out.getvalue()


def make_tar(files: Mapping[str, bytes], mode: str = "w") -> bytes:
    """Return a tar, compressed if `mode` is "w:gz"."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:  # type: ignore[call-overload]  # the mode is a parameter
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def make_tar_of_members(*infos: tarfile.TarInfo) -> bytes:
    """Return a tar of members without content, such as links and devices."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for info in infos:
            archive.addfile(info)
    return out.getvalue()


def docx_paragraphs(*paragraphs: str, title: str = "") -> str:
    """Return the XML of a docx body, with a paragraph in the title style first if `title` is given."""
    head = f'<w:p><w:pPr><w:pStyle w:val="Title"/></w:pPr><w:r><w:t>{escape(title)}</w:t></w:r></w:p>'
    rest = "".join(f"<w:p><w:r><w:t>{escape(text)}</w:t></w:r></w:p>" for text in paragraphs)
    return (head if title else "") + rest


def make_docx(body: str, before: str = "") -> bytes:
    """Return a docx whose body is this XML; `before` is inserted before the root element."""
    document = (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<w:document {_W}><w:body>{body}</w:body></w:document>'
    )
    return make_zip({"[Content_Types].xml": b"<Types/>", "word/document.xml": document.encode()})


def make_xlsx(*rows: Sequence[object], sheet: str = "Sheet") -> bytes:
    """Return a workbook of one sheet."""
    book = Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def make_eml(text: str, subject: str, attached: Mapping[str, bytes] | None = None, html: str = "") -> bytes:
    """Return an e-mail message with attachments, as text, HTML or both."""
    message = EmailMessage()
    message["Subject"] = subject
    message["From"] = "مكتب الأخبار <desk@paper.example>"
    message["Date"] = "Fri, 24 May 2013 23:30:00 +0300"
    message["Message-ID"] = "<1@paper.example>"
    if text:
        message.set_content(text)
    if html:
        (message.add_alternative if text else message.set_content)(html, subtype="html")
    for name, data in (attached or {}).items():
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def make_warc(
    *pages: tuple[str, str, bytes], packed: bool = True, kind: str = "response", head: str = ""
) -> bytes:
    """Return a WARC of pages (URL, content type, bytes) crawled on 2012-03-04.

    `packed` compresses each record; `kind` is the record type, `head` holds further HTTP headers.
    """
    out = []
    for address, content, data in pages:
        payload = f"HTTP/1.1 200 OK\r\nContent-Type: {content}\r\n{head}\r\n".encode() + data
        record = (
            f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {address}\r\n"
            "WARC-Date: 2012-03-04T10:00:00Z\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
            "Content-Type: application/http; msgtype=response\r\n"
            f"Content-Length: {len(payload)}\r\n\r\n"
        )
        whole = record.encode() + payload + b"\r\n\r\n"
        out.append(gzip.compress(whole, mtime=0) if packed else whole)
    return b"".join(out)


def make_pdf(*lines: str, extra: Sequence[str] = (), trailer: str = "") -> bytes:
    """Return a PDF that draws the characters of each line in the given order, as printing programs do.

    Its font maps glyphs to characters. `extra` are further objects, numbered from 7; `trailer` is added to
    the trailer.
    """
    glyphs = {char: number for number, char in enumerate(sorted(set("".join(lines))), start=1)}
    shown = "".join(
        f"1 0 0 1 50 {760 - 20 * at} Tm <{''.join(f'{glyphs[char]:04x}' for char in line)}> Tj\n"
        for at, line in enumerate(lines)
    )
    names = "\n".join(f"<{number:04x}> <{char.encode('utf-16-be').hex()}>" for char, number in glyphs.items())
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /T def /CMapType 2 def\n"
        "1 begincodespacerange <0000> <ffff> endcodespacerange\n"
        f"{len(glyphs)} beginbfchar\n{names}\nendbfchar endcmap end end"
    )
    content = f"BT /F1 12 Tf\n{shown}ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        " /Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
        "<< /Type /Font /Subtype /Type0 /BaseFont /T /Encoding /Identity-H /ToUnicode 6 0 R /DescendantFonts"
        " [<< /Type /Font /Subtype /CIDFontType2 /BaseFont /T /CIDSystemInfo << /Registry (Adobe) /Ordering"
        " (Identity) /Supplement 0 >> /DW 500 >>] >>",
        f"<< /Length {len(cmap)} >>\nstream\n{cmap}\nendstream",
    ]
    body, places = "%PDF-1.4\n", []
    for number, text in enumerate([*objects, *extra], start=1):
        places.append(len(body))
        body += f"{number} 0 obj\n{text}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(places) + 1
    return (
        f"{body}xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n"
        f"<< /Root 1 0 R /Size {size} {trailer} >>\nstartxref\n{len(body)}\n%%EOF\n"
    ).encode("latin-1")


def make_rss(*items: str, title: str = "صحيفة الضفاف", before: str = "") -> bytes:
    """Return an RSS 2.0 feed of these XML items; `before` is inserted before the root element."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<rss version="2.0"'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<channel><title>{title}</title>{''.join(items)}</channel></rss>"
    ).encode()


def parse_file(name: str, data: bytes) -> list[RawRecord]:
    """Return all records of a file, parsed and sanitized."""
    return [parse_and_sanitize(record) for record in records_of(name, data)]


def parse_only(name: str, data: bytes) -> RawRecord:
    """Return the one record of a file."""
    (record,) = parse_file(name, data)
    return record


def problem_codes(record: RawRecord) -> set[str]:
    """Return the codes of all problems of a record."""
    return {problem.code for problem in record.problems}


def rejection_code(record: RawRecord) -> str:
    """Return the code that a record is rejected with, "" for an accepted one."""
    return record.rejected.code if record.rejected else ""
