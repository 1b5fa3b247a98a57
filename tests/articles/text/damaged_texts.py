"""Texts damaged in the ways that files of archives are, good texts that look odd, and files of both."""

from __future__ import annotations

import csv
import html
import io
import json
import random
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

from tests.articles.readers import document_dumps, dump_files
from tests.articles.readers.sample_files import (
    docx_paragraphs,
    make_docx,
    make_eml,
    make_rss,
    make_warc,
    make_xlsx,
    make_zip,
)
from tests.articles.readers.stories import Story

_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
SAMPLES = Path(__file__).resolve().parents[3] / "articles" / "samples"
Damage = Callable[[str], str]


def _read_as(right: str, wrong: str) -> Damage:
    return lambda text: text.encode(right, "replace").decode(wrong, "replace")


def _without_every(step: int) -> Damage:
    return lambda text: "".join(char for at, char in enumerate(text) if at % step)


def _shuffled(text: str) -> str:
    mixed = random.Random(5)  # noqa: S311  no secret
    return " ".join("".join(mixed.sample(word, len(word))) for word in text.split(" "))


#: (the encoding of the bytes, the one they were read in)
MOJIBAKE = (
    ("utf-8", "cp1256"), ("utf-8", "latin-1"), ("utf-8", "cp1252"), ("utf-8", "mac_roman"),
    ("utf-8", "cp720"),
    ("utf-8", "cp864"), ("utf-8", "iso8859_6"), ("utf-8", "cp437"), ("utf-8", "cp850"), ("utf-8", "cp1251"),
    ("utf-8", "koi8_r"), ("utf-8", "gb18030"), ("utf-8", "mac_arabic"), ("cp1256", "latin-1"),
    ("cp1256", "cp1252"), ("cp1256", "iso8859_6"), ("cp1256", "mac_arabic"), ("cp1256", "koi8_r"),
    ("cp1256", "cp1251"), ("cp1256", "mac_roman"), ("cp1256", "cp720"), ("cp1256", "utf-8"),
    ("cp1256", "cp1253"), ("cp1256", "cp1255"), ("iso8859_6", "cp1256"), ("iso8859_6", "latin-1"),
    ("cp720", "cp1256"), ("mac_arabic", "cp1256"), ("mac_arabic", "mac_roman"), ("utf-16-le", "utf-16-be"),
    ("utf-16-le", "cp1256"),
)  # fmt: skip
DAMAGES: dict[str, Damage] = {f"{right} as {wrong}": _read_as(right, wrong) for right, wrong in MOJIBAKE} | {
    "doubly encoded": lambda text: _read_as("utf-8", "latin-1")(_read_as("utf-8", "latin-1")(text)),
    "doubly escaped": lambda text: "".join(f"&amp;#{ord(char)};" if char > "\x7f" else char for char in text),
    "question marks": lambda text: text.encode("ascii", "replace").decode(),
    "private letters": lambda text: "".join(
        chr(ord(char) - 0x600 + 0xE000) if "\u0621" <= char <= "\u064a" else char for char in text
    ),
    "keys of a legacy font": lambda text: text.translate(
        {code: "qwertyuiop[]asdfghjkl;'zxcvbnm,./QWERTYUIOPAS"[code - 0x621] for code in range(0x621, 0x64B)}
    ),
    "visual order": lambda text: "\n".join(line[::-1] for line in text.split("\n")),
    "words turned": lambda text: " ".join(word[::-1] for word in text.split(" ")),
    "letters shuffled": _shuffled,
    "every third letter lost": _without_every(3),
    "every fifth letter lost": _without_every(5),
    "alef lost": lambda text: text.replace("ا", "").replace("أ", ""),
    "lam-alef become lam": lambda text: re.sub("ل[اأإآ]", "ل", text),
    "lam-alef lost": lambda text: re.sub("ل[اأإآ]", "", text),
    "lam lost": lambda text: text.replace("ل", ""),
    "ends of words cut": lambda text: " ".join(
        word[: max(1, len(word) * 3 // 5)] for word in text.split(" ")
    ),
    "beginnings of words cut": lambda text: " ".join(word[len(word) * 2 // 5 :] for word in text.split(" ")),
    "run together": lambda text: text.replace(" ", ""),
    "letters apart": lambda text: " ".join(text.replace(" ", "")),
    "another script": lambda text: text.translate(
        {code: 0x4E00 + 37 * code % 5000 for code in range(0x621, 0x64B)}
    ),
}

PERSIAN = (
    "دولت اعلام کرد که مذاکرات از هفته آینده در این شهر آغاز خواهد شد و نمایندگان شش کشور در آن شرکت",
    "زلزله‌ای به بزرگی پنج ریشتر شهر را لرزاند. هنوز گزارشی از تلفات منتشر نشده است اما چند خانه آسیب",
    "کارگران کارخانه دست از کار کشیدند و خواستار پرداخت حقوق خود شدند.",
)
SORANI = (
    "حکوومەتی هەرێم ڕایگەیاند کە مووچەی فەرمانبەران لە کۆتایی ئەم مانگەدا دابەش دەکرێت و هیچ دواکەوتنێک",
    "لە شاری هەولێر باران باری و شەقامەکان پڕ بوون لە ئاو، بەڵام هیچ کەسێک بریندار نەبوو.",
    "خوێندکارانی زانکۆ داوای چاککردنی بەشە ناوخۆییەکان دەکەن و دەڵێن ئاو و کارەبا نییە",
)
KURMANJI = (
    "Hikûmeta herêmê ragihand ku mûçeyên karmendan di dawiya vê mehê de tên dayîn û tu derengî çênabe.",
    "Li bajarê Qamişlo baran bariya û kolan bi avê tije bûn, lê kes birîndar nebû.",
    "Îro civînek di navbera partiyan de hat lidarxistin",
)
TURKISH = (
    "Bakanlık sözcüsü, görüşmelerin gelecek hafta başlayacağını söyledi. Toplantıya altı ülke katılacak.",
    "Sınır kapısı yeniden açıldı",
)
ENGLISH = (
    "The ministry said on Sunday that the talks would resume next week and that all sides had agreed to",
    "Three dead in Aleppo blast, state TV says", "UNHCR Syria Situation Report", "Bridge closed for repairs",
)  # fmt: skip
FRENCH = (
    "Le ministère a annoncé dimanche que les négociations reprendraient la semaine prochaine à Genève.",
    "Élections législatives à Tunis",
)
DIALECT = (
    "شو هالحكي هاد؟ قلتلك مية مرة ما تروح لهنيك وانت ما بتسمع الكلمة، هلق شو بدنا نعمل؟ ابوك زعلان كتير.",
    "ازيك عامل ايه؟ انا مش هقدر اجي النهارده عشان عندي شغل كتير اوي، ابقى كلمني بكره بالليل.",
    "شلونك عيني شكو ماكو؟ هسه راح اروح للسوك اجيب خبز وتمن ولحم، تريد شي وياي؟ لا تنسه تكول لخالتك",
    "واش راك خويا لاباس؟ راني رايح للخدمة دروك ومن بعد نتلاقاو في القهوة كيما ديما، جيب معاك الدراهم ديالي",
    "بغيت نمشي للسوق نشري الخضرة ولكن ماكاينش الطوبيس، كنتسنى هادي ساعة وماجا حد",
    "يا زلمة والله ما عرفت شو بدي احكيلك، الوضع عنا بالضيعة صار كتير صعب، لا مي ولا كهربا ولا خبز",
)
POEMS = (
    "قفا نبك من ذكرى حبيب ومنزل\nبسقط اللوى بين الدخول فحومل\nفتوضح فالمقراة لم يعف رسمها\nلما نسجتها من",
    "على قدر أهل العزم تأتي العزائم\nوتأتي على قدر الكرام المكارم\nوتعظم في عين الصغير صغارها",
    "أَراكَ عَصِيَّ الدَّمعِ شيمَتُكَ الصَبرُ\nأَما لِلهَوى نَهيٌ عَلَيكَ وَلا أَمرُ",
    "مكر مفر مقبل مدبر معا\nكجلمود صخر حطه السيل من عل",
)
VOWELLED = (
    "وَصَلَتْ سَيَّارَةُ الإِسْعَافِ إِلَى الشَّارِعِ فِي السَّاعَةِ الثَّامِنَةِ صَبَاحًا، وَنُقِلَ",
    "كَتَبَ الطَّالِبُ الدَّرْسَ ثُمَّ ذَهَبَ إِلَى المَكْتَبَةِ لِيَقْرَأَ كِتَابًا جَدِيدًا",
)
TABLES = (
    "المحافظة | عدد المدارس | الطلاب\nحلب | 512 | 210,400\nحمص | 388 | 150,120\nدرعا | 201 | 98,750",
    "السعر اليوم\nبندورة 45\nخيار 60\nبطاطا 38\nزيت 1200\nسكر 95",
    "الفريق لعب فاز تعادل خسر نقاط\nالوحدة 10 7 2 1 23\nالكرامة 10 6 3 1 21",
)
SHORT = (
    "حمص", "خبر عاجل", "انفجار في دمشق", "زكريا تامر", "مباراة الجيش والوحدة 2-1", "عاجل | زلزال", "شكراً!!!",
    "أحمد بن عبد الله الخالدي", "انقطاع الكهرباء؟؟؟", "كورونا: 12 إصابة", "#حلب_تحترق", "لماذا؟",
    "يوتيوب YouTube يحذف قنوات", "سعر الصرف: 1$ = 15,000 ل.س", "why????", "12.5% زيادة", "ص 4",
    'أُغلق جسر المدينة... "جسر" قديم جدا & <b>مهم</b> <script>alert(1)</script>',
    "قال: &quot;لا نعرف&quot; &amp; مضى",
)  # fmt: skip
ODD = (
    *PERSIAN, *SORANI, *KURMANJI, *TURKISH, *ENGLISH, *FRENCH, *DIALECT, *POEMS, *VOWELLED, *TABLES, *SHORT,
)  # fmt: skip


def files_of(title: str, body: str) -> dict[str, bytes]:
    """Return a file of each format that holds the article, by its name."""
    fields = {"title": title, "text": body}
    paragraphs = "".join(f"<p>{html.escape(line)}</p>" for line in body.split("\n"))
    page = f"<html><body><h1>{html.escape(title)}</h1>{paragraphs}</body></html>".encode()
    table = io.StringIO()
    csv.writer(table).writerows((("title", "text"), (title, body)))
    cells = (_CONTROLS.sub("", title), _CONTROLS.sub("", body))
    story = Story(1, " ".join(cells[0].split()), cells[1].replace("]]>", "]]"), date(2012, 3, 4))
    item = f"<item><title>{escape(cells[0])}</title><description>{escape(cells[1])}</description></item>"
    text = f"{title}\n\n{body}".encode()
    return {
        "a.txt": text,
        "a.jsonl": json.dumps(fields, ensure_ascii=False).encode(),
        "a.json": json.dumps([fields], ensure_ascii=False).encode(),
        "a.csv": table.getvalue().encode(),
        "a.xlsx": make_xlsx(("title", "text"), cells),
        "a.html": page,
        "a.docx": make_docx(docx_paragraphs(*cells[1].split("\n"), title=cells[0])),
        "a.eml": make_eml(body, " ".join(cells[0].split())),
        "a.rss": make_rss(item),
        "a.warc.gz": make_warc(("https://paper.example/1", "text/html; charset=utf-8", page)),
        "a.zip": make_zip({"a.txt": text}),
        "a.rtf": document_dumps.rtf_of([story.title, *cells[1].split("\n")], unicode=True),
        "a.odt": document_dumps.odt([story]),
        "a.wxr": dump_files.wordpress([story]),
        "news.xml": document_dumps.newsml([story]),
        "a.mbox": dump_files.mbox([story]),
    }


def sample_articles() -> list[tuple[str, str]]:
    """Return (title, text) of the sample articles."""
    texts = (path.read_text(encoding="utf-8-sig") for path in sorted(SAMPLES.rglob("*.jsonl")))
    lines = (line for text in texts for line in text.split("\n"))
    found = (json.loads(line) for line in lines if line.strip())
    return [(str(each.get("title") or ""), str(each.get("text") or each.get("body") or "")) for each in found]


def good_texts() -> Iterator[tuple[str, str]]:
    """Yield (title, text): the sample articles, their parts, and the odd texts alone and together."""
    articles = sample_articles()
    for title, body in filter(all, articles):
        yield title, body
        yield title, ""
        sentences = [part.strip() for part in body.replace("\n", " ").split(". ") if part.strip()]
        for at, sentence in enumerate(sentences):
            yield "", sentence
            yield title, ". ".join(sentences[at : at + 3])
    for text in ODD:
        yield "", text
        yield text.split("\n")[0][:80], text
        for other in (articles[0], articles[5], articles[9]):
            yield other[0], text
            yield "", f"{other[1][:400]}\n{text}"
