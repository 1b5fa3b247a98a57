"""Hostile files: kinds × sizes, drawn with a seed. Each has a name that tells kind and size.

Most are small: a text that is dear per byte, a size that is claimed, a name that deceives.
"""

from __future__ import annotations

import base64
import gzip
import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable

from tests.articles.conftest import jsonl_line
from tests.articles.readers.document_dumps import ods, ods_row
from tests.articles.readers.sample_files import (
    ENTITY_BOMB,
    docx_paragraphs,
    make_docx,
    make_eml,
    make_pdf,
    make_rss,
    make_tar,
    make_warc,
    make_xlsx,
    make_zip,
)

TEXT = "وصلت القافلة إلى مدينة حمص القديمة مساء الخميس 3 آذار 2013."
#: Units of a hostile file: characters, elements or members.
SIZES = (1, 40, 400, 4_000, 40_000)
Maker = Callable[[int, random.Random], tuple[str, bytes]]


def _noise(size: int, draw: random.Random) -> bytes:
    return draw.randbytes(min(size, 100_000))


def _damaged(name: str, data: bytes, size: int, draw: random.Random) -> tuple[str, bytes]:
    """Return a file with some bytes changed and its end cut."""
    changed = bytearray(data)
    for _change in range(min(size, 60)):
        changed[draw.randrange(len(changed))] = draw.randrange(256)
    return name, bytes(changed[: draw.randrange(1, len(changed) + 1)])


def _claiming_zip(size: int) -> bytes:
    """Return a zip whose member claims to be larger than it is."""
    data = bytearray(make_zip({"a.txt": b"x" * size}))
    at = data.index(b"PK\x01\x02")
    data[at + 24 : at + 28] = (2**32 - 2).to_bytes(4, "little")
    return bytes(data)


def _nested_zip(depth: int) -> bytes:
    data = b"x"
    for _level in range(min(depth, 12)):
        data = make_zip({"a.zip": data})
    return data


def _sheet_far_away(row: int) -> bytes:
    """Return a workbook whose second row has any number."""
    source = make_xlsx(["title"], [TEXT])
    changed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(source)) as old,
        zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for info in old.infolist():
            data = old.read(info)
            if "sheet1" in info.filename:
                data = data.replace(b'r="2"', b'r="%d"' % row).replace(b'r="A2"', b'r="A%d"' % row)
            new.writestr(info.filename, data)
    return changed.getvalue()


def _pdf_of(stream: str) -> bytes:
    return make_pdf(TEXT).replace(b"BT /F1", stream.encode() + b" BT /F1")


KINDS: dict[str, Maker] = {
    # texts that are dear per byte
    "comments": lambda size, draw: ("txt", b"<!---->" * size + b"x"),
    "open-comments": lambda size, draw: ("html", b"<!--" * size),
    "digits": lambda size, draw: ("txt", b"1" * size),
    "one-word": lambda size, draw: ("txt", "ا".encode() * size),
    "pairs": lambda size, draw: ("txt", b"A-" * size),
    "blanks": lambda size, draw: ("txt", b"x" + b" \t" * size + b"y"),
    "lines": lambda size, draw: ("txt", b"\n \r" * size + TEXT.encode()),
    "marks": lambda size, draw: ("txt", ("ب" + "\u064b" * size).encode()),
    "dates": lambda size, draw: ("txt", b"1/2/2013 " * size),
    "places": lambda size, draw: ("txt", ("بحمص ودمشق " * size).encode()),
    "brackets": lambda size, draw: ("txt", ("(" * size + TEXT).encode()),
    "directions": lambda size, draw: ("txt", ("\u202e\u2066" * size + TEXT).encode()),
    "attributes": lambda size, draw: ("html", b"<html><p " + b" ".join(b"a%d=1" % at for at in range(size)) + b">" + TEXT.encode()),  # noqa: E501  bytes of a file
    "deep-tags": lambda size, draw: ("html", b"<html><div>" * size + TEXT.encode()),
    "open-tags": lambda size, draw: ("html", b"<html><body>" + b"<a" * size),
    "entities": lambda size, draw: ("html", b"<html><p>" + b"&lt" * size),
    "scripts": lambda size, draw: ("html", b'<html><script type="application/ld+json">' + b"[" * size + b"</script><p>" + TEXT.encode()),  # noqa: E501  bytes of a file
    "deep-json": lambda size, draw: ("json", b'{"a":' * size),
    "long-number": lambda size, draw: ("jsonl", b'{"title": ' + b"9" * size + b"}"),
    "many-keys": lambda size, draw: ("jsonl", ("{" + ",".join(f'"k{at}": 1' for at in range(size)) + ', "title": "x"}').encode()),  # noqa: E501  bytes of a file
    "many-columns": lambda size, draw: ("csv", b"title," + b"," * size + b"\n" + b"," * size),
    "open-quote": lambda size, draw: ("csv", b'title\n"' + b"x\n" * size),
    "quotes": lambda size, draw: ("csv", b"title\n" + b'"' * (2 * size + 1)),
    # formats that claim, nest or expand
    "zip-noise": lambda size, draw: ("zip", b"PK\x03\x04" + _noise(size, draw)),
    "zip-claims": lambda size, draw: ("zip", _claiming_zip(size)),
    "zip-nested": lambda size, draw: ("zip", _nested_zip(size)),
    "zip-bomb": lambda size, draw: ("zip", make_zip({"a.txt": b"0" * (size * 2_000)})),
    "zip-names": lambda size, draw: ("zip", make_zip({f"{'../' * (at % 3)}\u202e{at}\x1b[2J.txt": b"x" for at in range(min(size, 300))})),  # noqa: E501  bytes of a file
    "zip-tiny": lambda size, draw: ("zip", make_zip({f"{at}.txt": b"x" for at in range(min(size, 2_000))})),
    "gz-bomb": lambda size, draw: ("txt.gz", gzip.compress(b"0" * (size * 2_000))),
    "gz-noise": lambda size, draw: ("txt.gz", b"\x1f\x8b\x08" + _noise(size, draw)),
    "tar-damaged": lambda size, draw: _damaged("tar", make_tar({"b.txt": TEXT.encode()}), size, draw),
    "tar-claims": lambda size, draw: ("tar", make_tar({"b.txt": b"x"}).replace(b"00000000001\0", b"77777777777\0")),  # noqa: E501  bytes of a file
    "warc-claims": lambda size, draw: ("warc", b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: %d\r\n\r\nHTTP/1.1 200 OK\r\n\r\n" % 10 ** min(size, 30)),  # noqa: E501  bytes of a file
    "warc-bomb": lambda size, draw: ("warc", make_warc(("http://x/", "text/html", gzip.compress(b"0" * (size * 2_000))), packed=False, head="Content-Encoding: gzip\r\n")),  # noqa: E501  bytes of a file
    "docx-bomb": lambda size, draw: ("docx", make_docx("<w:p><w:r><w:t>&a11;</w:t></w:r></w:p>", before=ENTITY_BOMB)),  # noqa: E501  bytes of a file
    "docx-deep": lambda size, draw: ("docx", make_docx("<w:p>" * size)),
    "docx-damaged": lambda size, draw: _damaged("docx", make_docx(docx_paragraphs(TEXT)), size, draw),
    "xlsx-far": lambda size, draw: ("xlsx", _sheet_far_away(size * 26)),
    "xlsx-damaged": lambda size, draw: _damaged("xlsx", make_xlsx(["title"], [TEXT]), size, draw),
    "ods-wide": lambda size, draw: ("ods", ods(ods_row("title", f'<table:table-cell table:number-columns-repeated="{10 ** min(size, 9)}"/>') * (size // 50 + 1))),  # noqa: E501  bytes of a file
    "ods-deep": lambda size, draw: ("ods", ods("<table:table-row><table:table-cell><table:table>" * size)),
    "ods-damaged": lambda size, draw: _damaged("ods", ods(ods_row("title") + ods_row(TEXT)), size, draw),
    "rss-bomb": lambda size, draw: ("rss", make_rss("<item><title>&a11;</title></item>", before=ENTITY_BOMB)),
    "rss-deep": lambda size, draw: ("rss", make_rss("<item>" + "<a>" * size)),
    "eml-parts": lambda size, draw: ("eml", b"Subject: x\n" + b"".join(b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n" % (at, at) for at in range(min(size, 400)))),  # noqa: E501  bytes of a file
    "eml-attached": lambda size, draw: ("eml", make_eml(TEXT, TEXT, {"\u202etxt.exe.txt": base64.b64encode(_noise(size, draw))})),  # noqa: E501  bytes of a file
    "eml-headers": lambda size, draw: ("eml", b"Subject: =?utf-8?q?" + b"=D8" * size + b"?=\n\nx"),
    "pdf-brackets": lambda size, draw: ("pdf", _pdf_of("[" * size)),
    "pdf-cycle": lambda size, draw: ("pdf", make_pdf(TEXT).replace(b"/Kids [3 0 R]", b"/Kids [2 0 R]")),
    "pdf-damaged": lambda size, draw: _damaged("pdf", make_pdf(TEXT), size, draw),
    "deflate-noise": lambda size, draw: ("pdf", b"%PDF-1.4\n" + zlib.compress(_noise(size, draw))),
    "wrong-name": lambda size, draw: ("csv", make_xlsx(["title"], [TEXT])[: size * 40]),
    "nothing": lambda size, draw: ("jsonl", b"\n" * size),
    "nul": lambda size, draw: ("txt", b"\0" * size),
    "lone-surrogates": lambda size, draw: ("jsonl", b'{"title": "' + b"\\ud800" * size + b'"}'),
    "noise": lambda size, draw: (draw.choice(["txt", "json", "docx", "xml", "eml", "bin", "tgz"]), _noise(size, draw)),  # noqa: E501  bytes of a file
}  # fmt: skip


#: The same for exports of other programs.
KINDS |= {
    "rtf-deep": lambda size, draw: ("rtf", b"{\\rtf1" + b"{" * size + b"x"),
    "rtf-closed": lambda size, draw: ("rtf", b"{\\rtf1 x" + b"}" * size),
    "rtf-words": lambda size, draw: ("rtf", b"{\\rtf1" + b"\\u1583?\\par\\f99999999" * size),
    "rtf-binary": lambda size, draw: ("rtf", b"{\\rtf1 x\\bin%d y}" % 10 ** min(size, 9)),
    "odt-deep": lambda size, draw: ("odt", make_zip({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<p xmlns:text='t'>" * size})),  # noqa: E501  bytes of a file
    "odt-bomb": lambda size, draw: ("odt", make_zip({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": ENTITY_BOMB.encode() + b"<p>&a11;</p>"})),  # noqa: E501  bytes of a file
    "epub-bomb": lambda size, draw: ("epub", make_zip({"mimetype": b"application/epub+zip", "a.xhtml": b"0" * (size * 2_000)})),  # noqa: E501  bytes of a file
    "epub-tiny": lambda size, draw: ("epub", make_zip({"mimetype": b"application/epub+zip", **{f"{at}.html": TEXT.encode() * 4 for at in range(min(size, 300))}})),  # noqa: E501  bytes of a file
    "wacz-claims": lambda size, draw: ("wacz", make_zip({"datapackage.json": b"{}", "archive/a.warc": b"WARC/1.0\r\n" * size, "pages/p.jsonl": b'{"url": "x"}\n' * size})),  # noqa: E501  bytes of a file
    "wordpress-bomb": lambda size, draw: ("xml", ENTITY_BOMB.encode() + b"<rss xmlns:wp='http://wordpress.org/export/1.2/'><channel>" + b"<item><title>&a11;</title></item>" * size),  # noqa: E501  bytes of a file
    "wordpress-shortcodes": lambda size, draw: ("xml", b"<rss xmlns:wp='http://wordpress.org/export/1.2/'><channel><item><content><![CDATA[" + b"[aa b=' [aa][/aa" * size + TEXT.encode() + b"]]></content></item></channel></rss>"),  # noqa: E501  bytes of a file
    "whatsapp-ios": lambda size, draw: ("txt", f"[03/08/2013, 09:15:22] a: {TEXT}\n[03/08/2013, 09:15:22] b: {TEXT}{chr(0x200e) * size} <a{' ' * size}\n".encode()),  # noqa: E501  bytes of a file
    "epub-links": lambda size, draw: ("epub", make_zip({"mimetype": b"application/epub+zip", "a.html": f"<p>{TEXT * 2}</p>".encode() + b"<a href='b.html'>x</a><div class='calibre_navbar'>" * size, "b.html": TEXT.encode()})),  # noqa: E501  bytes of a file
    "wordpress-deep": lambda size, draw: ("xml", b"<rss xmlns:wp='http://wordpress.org/export/1.2/'><item>" + b"<a>" * size),  # noqa: E501  bytes of a file
    "wiki-links": lambda size, draw: ("xml", b"<mediawiki><page><revision><text>" + b"[[a" * size + b"]]" * size + b"{{" * size + b"</text></revision></page></mediawiki>"),  # noqa: E501  bytes of a file
    "wiki-notes": lambda size, draw: ("xml", b"<mediawiki><page><revision><text>" + b"x &lt;ref&gt; &lt;!-- = a   = [//x" * size + b"</text></revision></page></mediawiki>"),  # noqa: E501  bytes of a file
    "newsml-items": lambda size, draw: ("xml", b"<newsItem>" * size),
    "alto-words": lambda size, draw: ("xml", b"<alto><Page><TextBlock><TextLine>" + b"<String CONTENT='x' WC='nan'/>" * size),  # noqa: E501  bytes of a file
    "xml-comments": lambda size, draw: ("xml", b"<!---->" * size + b"<alto>"),
    "telegram-deep": lambda size, draw: ("json", b'{"type": "public_channel", "messages": ' + b'{"chats":' * size),  # noqa: E501  bytes of a file
    "telegram-texts": lambda size, draw: ("json", b'{"type": "public_channel", "messages": [' + b'{"text": ["x", {"text": "y"}]},' * (size // 4 + 1)),  # noqa: E501  bytes of a file
    "telegram-classes": lambda size, draw: ("html", b'<html><div class="page_wrap"><div class="page_header">' + b'<div class="message"><p class="text">x' * size),  # noqa: E501  bytes of a file
    "facebook-classes": lambda size, draw: ("html", b'<html><title>Your posts</title>' + b'<div class="_a6-g"><div class="_a6-p"><div class="_2pin">x' * size),  # noqa: E501  bytes of a file
    "tweets-open": lambda size, draw: ("js", b"window.YTD.tweets.part0 = [" + b'{"tweet": {"full_text": "x"}},' * (size // 4 + 1)),  # noqa: E501  bytes of a file
    "whatsapp-days": lambda size, draw: ("txt", b"1/2/2013, 9:00 - A: x\n2/2/2013, 9:00 - A: y\n" * (size // 8 + 1)),  # noqa: E501  bytes of a file
    "whatsapp-lines": lambda size, draw: ("txt", b"1/2/2013, 9:00 - A: x\n" * 2 + b"more\n" * size),
    "whatsapp-marks": lambda size, draw: ("txt", b"1/2/2013, 9:00 - A: x\n" * 2 + "\u200f[".encode() * size),
    "png-claims": lambda size, draw: ("png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", size, size) + b"\x08\0\0\0\0" + _noise(99, draw)),  # noqa: E501  bytes of a file
    "jpeg-noise": lambda size, draw: ("jpg", b"\xff\xd8\xff\xe0" + _noise(size, draw)),
    "tiff-pages": lambda size, draw: ("tif", b"II*\0\x08\0\0\0" + b"\0\0\x08\0\0\0" * size),
    "mbox-begins": lambda size, draw: ("mbox", b"From a@b Sun Mar  4 09:00:00 2012\nA: b\n\n" * min(size, 400)),  # noqa: E501  bytes of a file
    "mbox-quoted": lambda size, draw: ("mbox", b"From a@b Sun Mar  4 09:00:00 2012\nA: b\n\n" + b">" * size + b"From \n"),  # noqa: E501  bytes of a file
    "mhtml-parts": lambda size, draw: ("mht", b"From: <Saved by x>\nContent-Type: multipart/related; boundary=b\n\n" + b"--b\nContent-Type: text/html\n\nx\n" * (size // 4 + 1)),  # noqa: E501  bytes of a file
    "factiva-ends": lambda size, draw: ("txt", b"512 words\n" + b"Document NAHR000020130803e983000b1\n512 words\n" * size),  # noqa: E501  bytes of a file
    "factiva-codes": lambda size, draw: ("txt", b"HD x\n" * size + b"TD y\nDocument NAHR000020130803e983000b1\n"),  # noqa: E501  bytes of a file
    "nexis-ends": lambda size, draw: ("txt", b"1 of 9 DOCUMENTS\nAugust 3, 2013\nLENGTH: 1 words\n\nx\n" * min(size, 400)),  # noqa: E501  bytes of a file
    "nexis-days": lambda size, draw: ("txt", b"1 of 9 DOCUMENTS\n" + b"August 3, 2013\n" * size + b"LENGTH: 1\n"),  # noqa: E501  bytes of a file
    "table-columns": lambda size, draw: ("xls", b"<table><tr><td colspan=99999>title<td>body" + b"<td>x" * size),  # noqa: E501  bytes of a file
    "table-rows": lambda size, draw: ("xls", b"<html><table><tr><td>title" + b"<tr><td>x" * min(size, 4_000)),
    "table-nested": lambda size, draw: ("xls", b"<html>" + b"<table><tr><td>" * size + b"title"),
    "table-above": lambda size, draw: ("csv", b"x,y\n" * size + b"title,body\na,b\n"),
    "table-separator": lambda size, draw: ("csv", b"sep=;\n" * size),
}  # fmt: skip


#: Kinds with an article for every few bytes: what they cost a whole import is the number of good articles.
MANY_ARTICLES = {"tweets-open", "whatsapp-days", "zip-tiny"}


def draw_files(count: int, seed: int) -> dict[str, bytes]:
    """Return `count` files, each with a good neighbour's record where its format holds several."""
    draw = random.Random(seed)  # noqa: S311  not a secret
    pairs = [(kind, size) for size in SIZES for kind in KINDS]
    draw.shuffle(pairs)
    found: dict[str, bytes] = {}
    for number in range(count):
        kind, size = pairs[number % len(pairs)]
        if kind in MANY_ARTICLES:
            size = min(size, 800)
        extension, data = KINDS[kind](max(1, size + draw.randrange(max(1, size // 10))), draw)
        found[f"{number:03}-{kind}-{size}.{extension}"] = data
    return found


def good_file() -> tuple[str, bytes]:
    """Return a file of an article that must come in, whatever comes with it."""
    return "good.jsonl", jsonl_line(id="good", title="خبر سليم", body=TEXT).encode()
