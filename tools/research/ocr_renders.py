"""Draw invented articles as scanned pages, read them by OCR, and measure how they are found.

usage: python -m tools.research.ocr_renders [RENDERS] [DPI]

The pages are grey, at 200 dpi, with noise, blur and JPEG artefacts, a little askew, in three faces and two
sizes. They stand among articles that came as text. Needs Pillow with Raqm, tesseract-ocr-ara, poppler-utils
and the fonts of `page_faces`.
"""

from __future__ import annotations

import io
import os
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from tools.research.page_faces import FACES

ARTICLES, DPI, RANK = 300, 200, 10
SIZES = (11, 14)
NOISE, TURN, BLUR, QUALITY = 12, 1.5, 1, 60
#: Width of a page and of its margin in inches; height of a line in sizes of its letters.
_WIDTH, _MARGIN, _LEADING = 8.27, 0.8, 1.8


def _list(text: str) -> list[str]:
    return text.split("|")


WHO = _list(
    "وزير الزراعة|محافظ المدينة|مدير المستشفى|رئيس البلدية|نقيب المهندسين|مدير الآثار|قائد الشرطة|"
    "عميد كلية الطب|مسؤول الإغاثة|ناطق باسم المطار|مدير شركة الكهرباء|"
    "رئيس غرفة التجارة|مدرب المنتخب|أمين المكتبة الوطنية"
)
DID = _list("أعلن|أكد|نفى|أوضح|كشف|ذكر|أضاف|صرح")
WHAT = _list(
    "ترميم السوق القديم|افتتاح جسر جديد|توزيع القمح على المخابز|إغلاق المعبر الحدودي|وصول قافلة مساعدات|"
    "انقطاع المياه عن الأحياء|ارتفاع أسعار الوقود|تأجيل امتحانات الثانوية|اكتشاف لوحة فسيفساء|غرق قارب صيد|"
    "حريق في مستودع أدوية|إضراب سائقي الحافلات|معرض للكتاب العربي|حملة تلقيح للأطفال|زراعة أشجار الزيتون|"
    "تدريب المعلمين الجدد|إصلاح شبكة الهاتف|بناء مدرسة للبنات"
)
WHERE = _list(
    "حمص|حلب|دمشق|حماة|درعا|إدلب|الرقة|اللاذقية|طرطوس|القامشلي|بيروت|عمان|بغداد|الموصل|البصرة|القاهرة|الإسكندرية"
)
WHY = _list(
    "بعد خلاف طويل بين التجار|بسبب نقص التمويل|رغم معارضة السكان|بدعم من منظمة دولية|"
    "قبل بداية الموسم السياحي|عقب عاصفة شديدة|استجابة لطلب الأهالي|"
    "ضمن خطة تستمر ثلاث سنوات|بالتعاون مع الجامعة|خلال مؤتمر صحفي قصير"
)
AND_THEN = _list(
    "وستبدأ الأعمال في مطلع الشهر المقبل|وينتظر الموظفون رواتبهم منذ شهرين|وتجمع مئات المواطنين أمام المبنى|"
    "وطالب الصيادون بتعويض عن خسائرهم|وشكلت لجنة للتحقيق في الحادث|وحضر الحفل عدد من السفراء والفنانين|"
    "وتوقفت حركة السير ساعات عدة|ونقل المصابون إلى العناية المركزة|"
    "وتبرع مغترب بثمن الأجهزة|وعاد التلاميذ إلى صفوفهم"
)


@dataclass(frozen=True, slots=True)
class KnownItem:
    """An invented article, and the query of someone who remembers it."""

    number: int
    body: str
    query: str


def known_items(count: int) -> list[KnownItem]:
    """Return different articles, the same in every run."""
    chance = random.Random(11)  # noqa: S311  texts, no secret
    items: dict[tuple[str, ...], KnownItem] = {}
    while len(items) < count:
        who, what, where, why = (chance.choice(each) for each in (WHO, WHAT, WHERE, WHY))
        then, other = chance.sample(AND_THEN, 2)
        key = (who, what, where, then)
        if key in items:
            continue
        body = (
            f"{chance.choice(DID)} {who} في {where} أمس {what} {why}. {then}.\n"
            f"{chance.choice(DID)} المصدر نفسه أن {chance.choice(WHAT)} لن يتأخر، {other}."
        )
        words = (*who.split()[:2], *what.split()[:2], where, chance.choice(then.split()[1:]))
        items[key] = KnownItem(len(items) + 1, body, " ".join(words))
    return list(items.values())


def render(item: KnownItem, dpi: int = DPI) -> bytes:
    """Return the article as a scanned page (JPEG)."""
    chance = random.Random(item.number)  # noqa: S311  the angle of a page, no secret
    face, points = FACES[item.number % len(FACES)], SIZES[item.number % len(SIZES)]
    font = ImageFont.truetype(str(face), round(points * dpi / 72), layout_engine=ImageFont.Layout.RAQM)
    width, margin, step = round(_WIDTH * dpi), round(_MARGIN * dpi), round(points * dpi / 72 * _LEADING)
    lines = list(_lines(item.body, font, width - 2 * margin))
    page = Image.new("L", (width, 2 * margin + step * len(lines)), 255)
    pen = ImageDraw.Draw(page)
    for at, line in enumerate(lines):
        place = (width - margin, margin + at * step)
        pen.text(place, line, font=font, fill=0, direction="rtl", language="ar", anchor="ra")
    page = page.rotate(chance.uniform(-TURN, TURN), Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    page = page.filter(ImageFilter.GaussianBlur(BLUR))
    page = ImageChops.add(page, Image.effect_noise(page.size, NOISE), 1, -128)
    written = io.BytesIO()
    page.save(written, "JPEG", quality=QUALITY, dpi=(dpi, dpi))
    return written.getvalue()


def _lines(body: str, font: ImageFont.FreeTypeFont, width: int) -> Iterator[str]:
    for paragraph in body.split("\n"):
        line = ""
        for word in paragraph.split():
            longer = f"{line} {word}".strip()
            if line and font.getlength(longer, direction="rtl", language="ar") > width:
                yield line
                line = word
            else:
                line = longer
        yield line


def measure(renders: int, dpi: int = DPI, *, thorough: bool = False) -> dict[str, float]:
    """Return hit@10 of the queries on the clean texts and on those that OCR read, words and confidence.

    And the share of texts that are held for review; if `thorough`, hit@10 without likely words, too, and the
    numbers of uncertain words and of likely ones.
    """
    from articles.ingest.transform import clean_and_judge  # noqa: PLC0415  Django is set up by then
    from articles.readers.scans import page_image  # noqa: PLC0415  as above
    from articles.text.boilerplate_filter import NO_RULES  # noqa: PLC0415  as above
    from articles.text.records import RawRecord  # noqa: PLC0415  as above

    items = known_items(ARTICLES)
    pages = [RawRecord("page.jpg", data=render(item, dpi), format="image") for item in items[:renders]]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        read = list(pool.map(page_image.parse, pages))
    clean = [(item.body, "") for item in items]
    ocr = [(each.body, " ".join(sorted(each.low_confidence_words))) for each in read]
    words = [
        len(set(item.body.split()) & set(each.body.split())) / len(set(item.body.split()))
        for item, each in zip(items, read, strict=False)
    ]
    held = [bool(clean_and_judge(each, NO_RULES)[0].held) for each in read]
    found = {
        "clean": _hit_rate(items, clean, renders),
        "ocr": _hit_rate(items, ocr + clean[renders:], renders),
        "words": sum(words) / renders,
        "confidence": sum(each.ocr_confidence or 0 for each in read) / renders,
        "held": sum(held) / renders,
    }
    if thorough:
        plain = [(body, "") for body, _ in ocr]
        found["without likely words"] = _hit_rate(items, plain + clean[renders:], renders)
        found |= _count_uncertain_words(items, [each.low_confidence_words for each in read])
    return found


def _count_uncertain_words(items: Sequence[KnownItem], uncertain: Sequence[frozenset[str]]) -> Counter[str]:
    """Return how many words were uncertain and got a likely word, and how many of each stand in the texts."""
    from arabic.analyzer import analyze_terms  # noqa: PLC0415  as in `measure`
    from arabic.spelling.misread_words import likely_word  # noqa: PLC0415  as above
    from arabic.text.tokenizer import normalized_terms  # noqa: PLC0415  as above
    from search.engines.analyzed_text import is_known_as_read  # noqa: PLC0415  as above

    counts: Counter[str] = Counter()
    for item, words in zip(items, uncertain, strict=False):
        text = set(normalized_terms(item.body))
        for word in words:
            kind = "in a dictionary" if is_known_as_read(analyze_terms((word,)).types[0]) else "in none"
            counts[f"uncertain words {kind}"] += 1
            counts[f"uncertain words {kind}, right"] += word in text
            if kind == "in none" and (likely := likely_word(word)):
                counts["likely words"] += 1
                counts["likely words, right"] += likely in text
    return counts


def _hit_rate(items: Sequence[KnownItem], texts: Sequence[tuple[str, str]], asked: int) -> float:
    from search.engines import get_engine  # noqa: PLC0415  Django is set up by then
    from search.engines.contract import IndexDocument, Put  # noqa: PLC0415  as above
    from search.query.request import SearchRequest  # noqa: PLC0415  as above
    from search.results import Record  # noqa: PLC0415  as above
    from search.retrieval.service import run_search  # noqa: PLC0415  as above
    from search.store.memory import MemoryStore  # noqa: PLC0415  as above
    from search.vocabulary.vocabulary_store import build_vocabulary  # noqa: PLC0415  as above

    records = [
        Record(item.number, "", body, low_confidence_words=words)
        for item, (body, words) in zip(items, texts, strict=True)
    ]
    store = MemoryStore(records, build_vocabulary(("", body) for body, _ in texts))
    found = 0
    with get_engine().temporary_index() as index:
        index.apply(
            [
                Put(
                    IndexDocument(
                        item.number,
                        "",
                        body,
                        low_confidence_words=low_confidence_words,
                        splitter=store.splitter(),
                    )
                )
                for item, (body, low_confidence_words) in zip(items, texts, strict=True)
            ],
            version=1,
            interactive=True,
        )
        for item in items[:asked]:
            request = SearchRequest(q=item.query, size=RANK, close="all")
            page = run_search(request, engine=index, store=store)
            found += item.number in [hit.record.id for hit in page.hits]
    return found / asked


def main() -> None:
    """Measure and print."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsarchive.settings")
    import django  # noqa: PLC0415  the settings have to be named first

    django.setup()
    given = [int(each) for each in sys.argv[1:]]
    renders, dpi = (given + [ARTICLES, DPI][len(given) :])[:2]
    for name, value in measure(renders, dpi, thorough=True).items():
        print(f"{name}: {value:.3f}")


if __name__ == "__main__":
    main()
