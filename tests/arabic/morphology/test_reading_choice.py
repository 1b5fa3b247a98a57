"""Which readings of a word make a match: the rules of arabic/morphology/reading_choice.py by their kind."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from arabic.analyzer import lemma_terms
from arabic.morphology.lemmatizer import lemmas
from arabic.text.tokenizer import written_terms

APART = {
    "a tanween is on the accusative of a shorter noun": [("خطاً", "أخطاء")],
    "a function word with a letter before it is no verb": [("بلا", "وبل"), ("وله", "ولي")],
    "a function word is no form of a rarer noun or verb": [("أنه", "إنهاء"), ("نحو", "حوى"), ("هم", "وهمين")],
    "a noun is no form of the demonstrative": [("ذات", "هذه")],
    "an adjective in ي is no noun with a pronoun": [("هاتفي", "هاتف"), ("أسبوعي", "أسبوع"), ("شهري", "شهر")],
    "a feminine noun is not the feminine of its masculine": [
        ("محافظتي", "محافظ"), ("والبيعة", "البيع"), ("الأمانة", "أمان"), ("منظمة", "منظم"),
    ],
    "a name is not another word with an ending": [("ماريا", "مار"), ("سليمان", "سليم"), ("خالدة", "خالد")],
    "a broken plural is that of one of two singulars": [("علماء", "العالم")],
    "a command is rarer than a noun of its letters": [("زر", "يزورون")],
    "a mood that needs a particle is rarer than another verb": [("يستعد", "استعاد"), ("تسد", "ساد")],
    "no pronoun is written ة": [("بعدة", "بعد"), ("غادة", "غد")],
    "a first person is rarer than another word": [("أجهزة", "جهز"), ("نهر", "هر")],
    "a foreign name is no stem between two rare clitics": [("فالفيك", "ألف"), ("كوجالي", "وجل")],
    "a listed name with an unlisted rest is not cut": [("فيدال", "أدال"), ("ليندون", "ندا")],
    "a plural that nobody writes is another word": [("لعبة", "لاعب"), ("أربعة", "ربيع"), ("شرع", "شارع")],
    "a feminine is a word of its own": [("رياضة", "الرياض"), ("والدة", "والد"), ("عمرة", "عمر")],
    "a given name has no other word's forms": [("دينا", "دين"), ("غازي", "غاز"), ("نورة", "نور")],
    "a day of the week is no number": [("الأحد", "أحد"), ("الاثنين", "اثنان")],
    "a function word with a preposition is no verb": [("بلا", "تبلو"), ("وكنت", "نت")],
    "ten times a number is another one": [("خمسين", "خمسة"), ("ستون", "ستة")],
    "a noun of action of the third form is no person": [("لمهاجمة", "المهاجمين")],
    "the passive of a hollow verb is rarer than another verb": [("قيدت", "قاد")],
    "a short foreign name is not yours": [("فارك", "الفأر")],
    "a name that begins with أو is no question": [("أوفيد", "أفاد"), ("أوبريت", "بري")],
    "a frequent noun has not the hamza of a rare one": [("أعمال", "إعمال"), ("أسعار", "إسعار")],
    "I and you of a hollow verb are rarer than another verb": [("أثرت", "أثار")],
    "following is no trace": [("إثر", "آثار"), ("وإثرها", "أثر")],
    "an adverb is a word of its own": [("فعلا", "أفعال"), ("طبقا", "أطباق"), ("أحيانا", "حين")],
    "a noun has the letters of a particle": [("الآن", "أن"), ("النحو", "نحو"), ("العند", "عند")],
    "a surname is nothing of mine": [("بارزاني", "بارز"), ("عسيري", "عسير"), ("ونوري", "نور")],
    "nothing rare is done to me": [("هزاني", "هز")],
    "a plural belongs to another word of its letters": [
        ("عوامل", "العمال"), ("الطرق", "بطريقة"), ("أوقاف", "وقف"), ("الأرصاد", "رصد"), ("أعراض", "عروض"),
    ],
    "no dual of which only one case is heard": [("الرومان", "روم"), ("الربيعان", "ربيع"), ("ثعبان", "ثعب")],
    "a function word is no verb or noun with its id": [("أبين", "بينما"), ("يهنء", "هنا"), ("اءمه", "أمام")],
    "a name is no dual and no accusative": [("ناسا", "الناس"), ("القريتين", "القرى"), ("طالبان", "طالب")],
    "who writes آ means it": [("آثار", "أثارت")],
    "a form among other words than its lemma is another word": [
        ("قاءمة", "القاءمين"), ("أبين", "يبين"), ("طقوس", "الطقس"), ("الآونة", "الأوان"), ("وبلادنا", "لادن"),
    ],
    "a hamza within a word is meant": [("هنأ", "هنا"), ("هيأ", "هيا")],
    "a nisba adjective is no form of its noun": [("برلماني", "برلمان"), ("تلفزيونية", "تلفزيون")],
    "no article has a hamza": [("ألحق", "حق"), ("وألحق", "حق"), ("وألهم", "هموم")],
    "who writes ي at the end means it": [("رأي", "يرى")],
    "safe is no security": [("آمن", "أمن")],
    "no name is mine": [("بنغلاديشي", "بنغلاديش"), ("آشوري", "آشور")],
    "a foreign name is no rare word of its letters": [
        ("شارون", "مشتر"), ("لبوتين", "لبوة"), ("للابيد", "باد"),
    ],
    "a feminine participle is a noun of its own": [
        ("ناحية", "ناح"), ("هاوية", "هاو"), ("الجاري", "الجواري"), ("ضارة", "ضارية"),
    ],
    "a name is no participle without its ي": [("مناف", "منافية"), ("باك", "باكية"), ("العاص", "عاصية")],
    "ي for ى is careless in a long verb": [("أتمني", "تم")],
    "a rare dual that is done to me": [("ثماني", "ثم"), ("أحمدي", "حمد")],
    "people are no preposition with a noun": [("كرد", "رد")],
    "a preposition with a noun is a word of its own": [
        ("بشأن", "شؤون"), ("وبصورة", "صور"), ("بدورها", "أدوار"), ("بالضبط", "ضبط"), ("لصالح", "صالح"),
    ],
    "and before a verb is no passive": [("ووصل", "واصل"), ("ووجه", "واجه")],
    "an adjective in ي is no dual of its noun": [("ناري", "نار"), ("قلبي", "قلوب"), ("رقمي", "أرقام")],
    "who writes إ means it": [("إب", "الآباء")],
    "things are seldom theirs": [("المهن", "ألم")],
    "another plural belongs to another word of its letters": [
        ("ألعاب", "اللعب"), ("عشرات", "عشرة"), ("جراحات", "جروح"), ("يعزي", "عزا"),
    ],
    "a noun of the lexicon has a rarer plural of its letters": [("مقاتل", "مقتل"), ("فارسي", "فارس")],
}  # fmt: skip
TOGETHER = [
    ("مديري", "مدير"), ("المحامي", "محام"),  # no adjectives
    ("بفترة", "فترة"), ("وأمن", "الأمن"), ("لشهر", "شهور"),  # nouns that are adverbs too
    ("مسرحية", "مسرحيات"), ("الوافدة", "الوافدين"), ("المنتجة", "منتج"),  # feminines of adjectives
    ("انفجارات", "انفجار"), ("كنوز", "كنز"), ("عقود", "عقد"), ("جهود", "جهد"),
    ("طلاب", "طالب"), ("مستشفيات", "مستشفى"), ("بن", "ابن"), ("بيعت", "باع"), ("قيل", "قال"),
    ("البلدان", "بلد"), ("الجدران", "جدار"), ("الدولتان", "دولة"), ("ألفي", "ألف"), ("حبوب", "حبة"),
    ("تحر", "تحرى"), ("نقدم", "قدم"), ("أعلن", "يعلن"), ("حياتي", "حياة"), ("لأطفاله", "طفل"),
    ("هنأت", "هنأ"), ("وشارون", "شارون"), ("بتاتشر", "تاتشر"), ("لبوتين", "بوتين"), ("والعشرين", "عشرون"),
    ("أمريكية", "الأمريكية"), ("أوروبية", "أوروبي"), ("إلكترونية", "الإلكتروني"),  # loanwords are no names
    ("تكنولوجيا", "التكنولوجيا"), ("الكونغرس", "للكونغرس"),
    ("المأسي", "مأساة"), ("المنشأت", "منشآت"), ("ألمنطقة", "منطقة"),  # carelessly written
    ("بشأن", "وبشأنهما"), ("ووصل", "وصلت"), ("ناري", "النارية"), ("معلمي", "معلمين"), ("جراحات", "جراحة"),
    ("قواءم", "قاءمة"), ("وأبين", "أبين"), ("وبلادنا", "البلاد"),
]  # fmt: skip


@pytest.mark.parametrize(("word", "other"), [pair for pairs in APART.values() for pair in pairs])
def test_words_share_no_lemma_with(word: str, other: str) -> None:
    assert not set(lemmas(word)) & set(lemmas(other)), (lemmas(word), lemmas(other))


@pytest.mark.parametrize(("word", "other"), TOGETHER)
def test_forms_still_share_a_lemma(word: str, other: str) -> None:
    assert set(lemmas(word)) & set(lemmas(other)), (lemmas(word), lemmas(other))


def test_nouns_share_a_lemma_with_their_plurals() -> None:
    """Check each noun of noun_forms.tsv against its broken and sound plurals, and its feminine."""
    with Path(__file__).with_name("noun_forms.tsv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader((line for line in lines if line[0] != "#"), delimiter="\t"))
    pairs = [(row["noun"], form) for row in rows for form in row["forms"].split("|")]
    assert len(pairs) > 850
    assert [pair for pair in pairs if not _terms(pair[0]) & _terms(pair[1])] == []


@pytest.mark.parametrize(("word", "other"), [("بارزاني", "البارزاني"), ("سنيورة", "بالسنيورة")])
def test_foreign_name_is_found_behind_an_article(word: str, other: str) -> None:
    assert _terms(word) & _terms(other)


def _terms(word: str) -> set[str]:
    """Return the lemma-field terms of a typed word."""
    (written,) = written_terms(word)
    return set(lemma_terms(written))
