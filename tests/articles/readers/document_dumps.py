"""Documents and XML of libraries and agencies, as their programs write them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.sax.saxutils import escape

from tests.articles.readers.sample_files import make_zip
from tests.articles.readers.stories import Story


def rtf_of(lines: Sequence[str], *, unicode: bool = False) -> bytes:
    """Return an RTF in windows-1256, or in Unicode as newer programs write it."""

    def escaped(text: str) -> str:
        text = re.sub(r"([\\{}])", r"\\\1", text)
        if unicode:
            return "".join(char if char.isascii() else f"\\u{ord(char)}?" for char in text)
        return "".join(chr(byte) if byte < 128 else f"\\'{byte:02x}" for byte in text.encode("cp1256"))

    body = "".join(f"\\pard\\rtlpar\\f0 {escaped(line)}\\par\r\n" for line in lines)
    fonts = "{\\fonttbl{\\f0\\fswiss\\fcharset178 Arial;}{\\f1\\fcharset0 Times;}}"
    head = f"{{\\info{{\\title x}}}}{{\\header {escaped('رأس')}}}"
    return f"{{\\rtf1\\ansi\\ansicpg1252\\deff0{fonts}{head}{body}}}".encode()


def rtf(stories: Sequence[Story]) -> bytes:
    return rtf_of([stories[0].body, "فقرة ثانية"])


def odt(stories: Sequence[Story]) -> bytes:
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content'
        ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
        ' xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
        ' xmlns:xlink="http://www.w3.org/1999/xlink"><office:automatic-styles>'
        '<style:style style:name="P1" style:parent-style-name="Title"/></office:automatic-styles>'
        "<office:body><office:text>"
        "<text:tracked-changes><text:p>محذوف</text:p></text:tracked-changes>"
        f'<text:p text:style-name="P1">{escape(stories[0].title)}</text:p><text:p>{escape(stories[0].body)}'
        "<office:annotation><text:p>تعليق</text:p></office:annotation>"
        '<text:s text:c="2"/>وبعد<text:line-break/>سطر'
        "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>حاشية</text:p>"
        "</text:note-body></text:note>"
        "</text:p></office:text></office:body></office:document-content>"
    )
    return make_zip({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": content.encode()})


def ods(*sheets: str, kind: str = "spreadsheet", top: str = "") -> bytes:
    """Return a workbook of OpenDocument; a sheet is the XML of its rows, hidden if it begins with a dash."""
    tables = "".join(
        f'<table:table table:name="{number}" table:style-name="ta{int(rows[0] == "-")}">'
        f"{rows.lstrip('-')}</table:table>"
        for number, rows in enumerate(sheets, start=1)
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>{top}<office:document-content'
        ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
        ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
        ' xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
        ' xmlns:xlink="http://www.w3.org/1999/xlink"><office:automatic-styles>'
        '<style:style style:name="ta1" style:family="table"><style:table-properties table:display="false"/>'
        f"</style:style></office:automatic-styles><office:body><office:spreadsheet>{tables}"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    mimetype = f"application/vnd.oasis.opendocument.{kind}".encode()
    return make_zip({"mimetype": mimetype, "content.xml": content.encode()})


def ods_row(*cells: str, times: int = 1) -> str:
    """Return a row of `ods`; a cell is its text, or its XML."""
    made = (
        cell
        if cell.startswith("<")
        else f"<table:table-cell><text:p>{escape(cell)}</text:p></table:table-cell>"
        for cell in cells
    )
    return f'<table:table-row table:number-rows-repeated="{times}">{"".join(made)}</table:table-row>'


def epub(stories: Sequence[Story]) -> bytes:
    chapters = {f"OEBPS/c{each.number}.xhtml": chapter(each) for each in stories}
    items = "".join(f'<item id="c{each.number}" href="c{each.number}.xhtml"/>' for each in stories)
    spine = "".join(f'<itemref idref="c{each.number}"/>' for each in stories)
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>'
        f"<dc:title>كتاب</dc:title><dc:creator>{stories[0].author}</dc:creator><dc:publisher>{stories[0].source}"
        f"</dc:publisher><dc:date>{stories[0].day}T00:00:00Z</dc:date></metadata><manifest>"
        f'<item id="cover" href="cover.xhtml"/>'
        f'<item id="nav" href="nav.xhtml" properties="nav"/>{items}</manifest>'
        f'<spine><itemref idref="cover"/><itemref idref="nav"/>{spine}</spine></package>'
    )
    container = '<container><rootfiles><rootfile full-path="OEBPS/content.opf"/></rootfiles></container>'
    return make_zip(
        {
            "mimetype": b"application/epub+zip",
            "META-INF/container.xml": container.encode(),
            "OEBPS/content.opf": package.encode(),
            "OEBPS/cover.xhtml": b"<html><body><img/></body></html>",
            "OEBPS/nav.xhtml": "<html><body><nav>الفهرس</nav></body></html>".encode(),
            **chapters,
        }
    )


def chapter(story: Story) -> bytes:
    return (
        '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml">'
        "<head><title>x</title></head>"
        f"<body><h1>{story.title}</h1><p>{story.body}</p>"
        f"<p>{'وأضاف المصدر أن العمل يستمر حتى آخر الشهر. ' * 3}</p></body></html>"
    ).encode()


def newsml(stories: Sequence[Story]) -> bytes:
    items = "".join(
        f'<newsItem guid="urn:nahr:{each.number}" version="1" standard="NewsML-G2" standardversion="2.29">'
        f'<itemMeta><provider literal="NAHR"><name>{each.source}</name></provider>'
        "<versionCreated>2019-01-01T00:00:00Z</versionCreated>"
        f"<firstCreated>{each.day}T23:30:00+03:00</firstCreated><pubStatus qcode='stat:{status}'/></itemMeta>"
        f"<contentMeta><headline>{escape(each.title)}</headline><by>{each.author}</by></contentMeta><contentSet>"
        '<inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml"><body>'
        f"<p>{escape(each.body)}</p><p>فقرة ثانية.</p></body></html></inlineXML></contentSet></newsItem>"
        for each in stories
        for status in ("usable", "canceled")
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/">'
        f"<itemSet>{items}</itemSet></newsMessage>"
    ).encode()


def alto(stories: Sequence[Story]) -> bytes:
    def words(text: str) -> str:
        return "<SP/>".join(f'<String CONTENT="{escape(word)}" WC="0.9"/>' for word in text.split())

    pages = "".join(
        f"<Page ID='p{each.number}'><PrintSpace><TextBlock><TextLine>{words(each.body)}</TextLine><TextLine>"
        '<String CONTENT="استمر-" SUBS_TYPE="HypPart1" SUBS_CONTENT="استمرار"/><HYP/></TextLine><TextLine>'
        '<String CONTENT="ار" SUBS_TYPE="HypPart2" SUBS_CONTENT="استمرار"/></TextLine></TextBlock>'
        "</PrintSpace></Page>"
        for each in stories
    )
    return f'<?xml version="1.0"?><alto xmlns="http://www.loc.gov/standards/alto/ns-v3#"><Layout>{pages}</Layout></alto>'.encode()
