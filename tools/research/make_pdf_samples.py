"""Make PDF files with real programs, each beside the text that it must give.

usage: python tools/research/make_pdf_samples.py FOLDER

Uses what is installed: chromium, soffice, pango-view, pdftocairo and gs (Debian), weasyprint, reportlab with
arabic-reshaper and python-bidi, fpdf2 with uharfbuzz (PyPI, none of them needed by the archive); fonts
fonts-hosny-amiri, fonts-noto-core, fonts-dejavu-core. The texts are invented.
"""

from __future__ import annotations

import importlib
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

FONTS = {
    "amiri": ("Amiri", "/usr/share/fonts/opentype/fonts-hosny-amiri/Amiri-Regular.ttf"),
    "naskh": ("Noto Naskh Arabic", "/usr/share/fonts/truetype/noto/NotoNaskhArabic-Regular.ttf"),
    "kufi": ("Noto Kufi Arabic", "/usr/share/fonts/truetype/noto/NotoKufiArabic-Regular.ttf"),
    "dejavu": ("DejaVu Sans", "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"),
}
TITLE = "صيانة الجسر القديم تبدأ في آب"
PLAIN = (
    "أعلنت بلدية المدينة أمس بدء أعمال صيانة الجسر القديم على النهر، وقال رئيس البلدية إن الأعمال "
    "تستمر ثلاثة أشهر وتشمل إنارة الطريق.",
    "وقال التقرير إن 12.5% من المباني (نحو 300 مبنى) تضررت عام 2012، ونقلت BBC عن «المركز» أن الكلفة 1,250 "
    "دولارا.",
    "وأضاف أن السكان سيستخدمون طريقا بديلا يمر بالسوق الغربي خلال مدة الإغلاق، "
    "ولا لأحد أن يقول إن الأمر انتهى.",
    "Red Crescent قالت إن الآلات الأولى وصلت إلى ثلاثة ملايين من الأهالي.",
)
MARKED = (
    "وَصَلَتْ سَيَّارَةُ الإِسْعَافِ إِلَى الشَّارِعِ الرَّئِيسِيِّ قَبْلَ الفَجْرِ.",
    "قَالَ المُدِيرُ إِنَّ العَمَلَ بَدَأَ، وَإِنَّ الأَهَالِيَ طَلَبُوا المَاءَ وَالدَّوَاءَ.",
    "ثُمَّ عَادَ المُعَلِّمُ إِلَى المَدْرَسَةِ وَكَتَبَ الدَّرْسَ.",
)
TABLE = (
    ("الصنف", "السعر", "المصدر"),
    ("بندورة بلدية", "45 ليرة", "ريف حلب"),
    ("خيار", "30 ليرة", "الساحل السوري"),
    ("زيت الزيتون", "900 ليرة", "إدلب"),
)
COLUMN_TEXT = (
    "يطالب أصحاب المحال في السوق بتعويض عن تراجع المبيعات خلال مدة الإغلاق، ويقولون إن "
    "الموسم السياحي يبدأ بعد أسبوعين، وإن أحدا من المسؤولين لم يزر السوق حتى الآن.",
    "ورد رئيس البلدية بأن الطريق البديل يكفي حاجة الناس، وأن الحافلات ستنقل الزوار من الساحة إلى "
    "السوق كل عشر دقائق، وأن المحال ستعفى من الرسوم ثلاثة أشهر كاملة.",
)
KINDS: dict[str, tuple[str, ...]] = {
    "plain": (TITLE, *PLAIN),
    "marks": (TITLE, *MARKED),
    "table": (TITLE, *(" ".join(row) for row in TABLE), PLAIN[0]),
    "columns": (TITLE, *COLUMN_TEXT),
}


def html_of(kind: str, family: str) -> str:
    """Return a page of the kind of text in the font."""
    if kind == "table":
        rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in TABLE)
        body = f"<table width='100%'>{rows}</table><p>{PLAIN[0]}</p>"
    else:
        body = "".join(f"<p>{text}</p>" for text in KINDS[kind][1:])
    columns = "column-count:2;column-gap:24px;" if kind == "columns" else ""
    return (
        f"<!doctype html><html lang=ar dir=rtl><meta charset=utf-8><style>@page{{margin:2cm}}"
        f"body{{font:13pt/1.7 '{family}'}}div{{{columns}}}</style><h1>{TITLE}</h1><div>{body}</div></html>"
    )


def chromium(kind: str, font: str, target: Path) -> None:
    """Print a page with Chromium (Skia)."""
    page = target.with_suffix(".html")
    page.write_text(html_of(kind, FONTS[font][0]), encoding="utf-8")
    _run("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
         f"--print-to-pdf={target}", page.as_uri())  # fmt: skip


def weasyprint(kind: str, font: str, target: Path) -> None:
    """Print a page with WeasyPrint."""
    importlib.import_module("weasyprint").HTML(string=html_of(kind, FONTS[font][0])).write_pdf(target)


def libreoffice(kind: str, font: str, target: Path) -> None:
    """Print a docx with LibreOffice, as most office documents are."""
    page, docx = target.with_suffix(".html"), target.with_suffix(".docx")
    page.write_text(html_of(kind, FONTS[font][0]), encoding="utf-8")
    _run("soffice", "--headless", "--infilter=HTML (StarWriter)", "--convert-to",
         "docx:MS Word 2007 XML", "--outdir", str(target.parent), str(page))  # fmt: skip
    _run("soffice", "--headless", "--convert-to", "pdf", "--outdir", str(target.parent), str(docx))


def pango(kind: str, font: str, target: Path) -> None:
    """Draw text with Pango and Cairo."""
    source = target.with_suffix(".txt.in")
    source.write_text("\n".join(KINDS[kind]), encoding="utf-8")
    _run("pango-view", "--no-display", "--rtl", "--align=left", "--width=400", f"--font={FONTS[font][0]} 13",
         f"--output={target}", str(source))  # fmt: skip


def cairo_again(kind: str, font: str, target: Path) -> None:
    """Write Chromium's file again with Poppler and Cairo."""
    chromium(kind, font, target)
    _run("pdftocairo", "-pdf", str(target), str(target.with_suffix(".tmp")))
    target.with_suffix(".tmp").rename(target)


def ghostscript(kind: str, font: str, target: Path) -> None:
    """Write Chromium's file again with Ghostscript."""
    chromium(kind, font, target)
    _run("gs", "-q", "-dNOPAUSE", "-dBATCH", "-sDEVICE=pdfwrite", f"-sOutputFile={target}.tmp", str(target))
    Path(f"{target}.tmp").rename(target)


def reportlab_shaped(kind: str, font: str, target: Path) -> None:
    """Draw lines with ReportLab, in joined shapes and visual order, as its users do by hand."""
    reshaper, bidi = importlib.import_module("arabic_reshaper"), importlib.import_module("bidi.algorithm")
    _reportlab(kind, font, target, lambda text: bidi.get_display(reshaper.reshape(text)))


def reportlab_raw(kind: str, font: str, target: Path) -> None:
    """Draw lines with ReportLab as they are: single letters from left to right."""
    _reportlab(kind, font, target, str)


def fpdf_shaped(kind: str, font: str, target: Path) -> None:
    """Draw text with fpdf2 and HarfBuzz."""
    _fpdf(kind, font, target, shaped=True)


def fpdf_plain(kind: str, font: str, target: Path) -> None:
    """Draw text with fpdf2 alone."""
    _fpdf(kind, font, target, shaped=False)


def _reportlab(kind: str, font: str, target: Path, shape: Callable[[str], str]) -> None:
    canvas_module = importlib.import_module("reportlab.pdfgen.canvas")
    fonts = importlib.import_module("reportlab.pdfbase.ttfonts")
    metrics = importlib.import_module("reportlab.pdfbase.pdfmetrics")
    metrics.registerFont(fonts.TTFont(font, FONTS[font][1]))
    canvas = canvas_module.Canvas(str(target))
    canvas.setFont(font, 12)
    height = 780
    for text in KINDS[kind]:
        words = text.split(" ")
        for at in range(0, len(words), 12):
            canvas.drawRightString(550, height, shape(" ".join(words[at : at + 12])))
            height -= 20
    canvas.save()


def _fpdf(kind: str, font: str, target: Path, *, shaped: bool) -> None:
    page = importlib.import_module("fpdf").FPDF()
    page.add_page()
    page.add_font(font, fname=FONTS[font][1])
    page.set_font(font, size=13)
    page.set_text_shaping(shaped, direction="rtl", script="arab") if shaped else page.set_text_shaping(False)
    for text in KINDS[kind]:
        page.multi_cell(0, 9, text, align="R", new_x="LMARGIN", new_y="NEXT")
    page.output(str(target))


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, timeout=180)


def samples() -> Iterator[tuple[str, Callable[[str, str, Path], None], str, str]]:
    """Yield (name of the producer, its function, kind, font) of every file."""
    pages = [("plain", "amiri"), ("plain", "kufi"), ("plain", "dejavu"), ("marks", "naskh"),
             ("marks", "amiri"), ("table", "naskh"), ("columns", "dejavu"), ("columns", "amiri")]  # fmt: skip
    for name, function in (("chromium", chromium), ("weasyprint", weasyprint)):
        yield from ((name, function, kind, font) for kind, font in pages)
    yield ("weasyprint", weasyprint, "table", "dejavu")
    yield from (
        ("libreoffice", libreoffice, *page) for page in pages if page[0] != "columns" and page[1] != "kufi"
    )
    yield from (("cairo", cairo_again, *page) for page in pages if page[0] in ("table", "columns"))
    lines = [("plain", "amiri"), ("plain", "dejavu"), ("marks", "naskh")]
    for name, function in (
        ("pango", pango), ("cairo", cairo_again), ("ghostscript", ghostscript),
        ("reportlab", reportlab_shaped),
        ("reportlab-raw", reportlab_raw), ("fpdf2", fpdf_shaped), ("fpdf2-plain", fpdf_plain),
    ):  # fmt: skip
        fonts = [("plain", "dejavu"), ("marks", "dejavu")] if "reportlab" in name else lines
        yield from ((name, function, kind, font) for kind, font in fonts)


def main() -> None:
    """Make all files; a program that is missing is named."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, function, kind, font in samples():
        target = folder / f"{name}-{kind}-{font}.pdf"
        if target.exists():
            continue
        try:
            function(kind, font, target)
        except (ImportError, FileNotFoundError, subprocess.SubprocessError) as error:
            print(f"{target.name} was not made: {error}", file=sys.stderr)
            continue
        target.with_suffix(".truth").write_text("\n".join(KINDS[kind]), encoding="utf-8")
    for left in (*folder.glob("*.html"), *folder.glob("*.in"), *folder.glob("*.docx")):
        left.unlink()
    print(f"{len(list(folder.glob('*.pdf')))} files in {folder}")
    shutil.rmtree(folder / "tmp", ignore_errors=True)


if __name__ == "__main__":
    main()
