"""Files of every format, made for the tests; `pdf_of` places glyphs as printing programs do."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from email.message import EmailMessage
from xml.sax.saxutils import escape

from openpyxl import Workbook

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def zipped(
    files: Mapping[str, bytes], change: Callable[[zipfile.ZipInfo], None] = lambda info: None
) -> bytes:
    """A zip; `change` may set what zipfile would not write by itself."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            change(info)
            archive.writestr(info, data)
    return out.getvalue()


def tarred(files: Mapping[str, bytes], kind: str = "w") -> bytes:
    """A tar; `kind` "w:gz" packs it."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=kind) as archive:  # type: ignore[call-overload]  # the mode is a parameter
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def tar_of(*infos: tarfile.TarInfo) -> bytes:
    """A tar of members that hold no bytes: links, devices."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for info in infos:
            archive.addfile(info)
    return out.getvalue()


def docx_body(*paragraphs: str, title: str = "") -> str:
    """The XML of paragraphs, the first set as a title."""
    head = f'<w:p><w:pPr><w:pStyle w:val="Title"/></w:pPr><w:r><w:t>{escape(title)}</w:t></w:r></w:p>'
    rest = "".join(f"<w:p><w:r><w:t>{escape(text)}</w:t></w:r></w:p>" for text in paragraphs)
    return (head if title else "") + rest


def docx_of(body: str, before: str = "") -> bytes:
    """A docx whose document holds this XML; `before` stands before the document's element."""
    document = (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<w:document {_W}><w:body>{body}</w:body></w:document>'
    )
    return zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": document.encode()})


def xlsx_of(*rows: Sequence[object], sheet: str = "Sheet") -> bytes:
    """A workbook of one sheet."""
    book = Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def eml_of(text: str, subject: str, attached: Mapping[str, bytes] | None = None, html: str = "") -> bytes:
    """A letter."""
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


def warc_of(
    *pages: tuple[str, str, bytes], packed: bool = True, kind: str = "response", head: str = ""
) -> bytes:
    """Records of (address, content type, bytes), each fetched on 2012-03-04; `head` are more HTTP headers."""
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


def pdf_of(*lines: str, extra: Sequence[str] = (), trailer: str = "") -> bytes:
    """A PDF that shows the characters of each line in the order given, with a font that says which glyph is
    which character. `extra` are more objects, from number 7; `trailer` is added to the trailer."""
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


def rss_of(*items: str, title: str = "صحيفة الضفاف", before: str = "") -> bytes:
    """An RSS 2.0 file with these XML items; `before` stands before the first element."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<rss version="2.0"'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<channel><title>{title}</title>{''.join(items)}</channel></rss>"
    ).encode()
