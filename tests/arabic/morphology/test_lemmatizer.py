"""Dictionary lemmas: broken plurals, pronouns, clitics, verb forms; names and root letters stay."""

from __future__ import annotations

import pytest
from hypothesis import given

from arabic.analyzer import lemma_terms_in_context
from arabic.morphology.lemmatizer import (
    MAX_LEMMAS,
    is_word,
    lemmas,
    morph_analyses,
    oov_stem_terms,
    related_lemmas,
)
from arabic.morphology.protected_words import NAME_MARKER
from arabic.text.normalization import normalize
from arabic.text.tokenizer import normalized_terms
from tests.arabic.analysis import lemma_field_terms
from tests.arabic.strategies import ARABIC_WORDS

#: singular: forms of it that news writes
SAME_LEMMA = {
    "مدرسة": "مدارس المدارس مدارسهم مدرستان مدرستنا وبالمدارس",
    "شارع": "شوارع الشوارع شوارعها",
    "مسجد": "مساجد والمساجد مساجدها",
    "مقاتل": "المقاتلين مقاتلون مقاتلوهم المقاتلات",
    "شهيد": "شهداء الشهداء شهدائنا",
    "قتيل": "قتلى القتلى",
    "أسير": "أسرى الأسرى",
    "حي": "أحياء الأحياء أحيائها",
    "قرية": "قرى القرى قراهم قريتان",
    "بلد": "بلدان البلدان بلدانهم",
    "طريق": "طرق الطرق طرقات",
    "جسر": "جسور الجسور",
    "مستشفى": "مستشفيات المستشفيات مستشفاهم",
    "طائرة": "طائرات الطائرات طائراتهم",
    "سلاح": "أسلحة الأسلحة أسلحتهم",
    "حاجز": "حواجز الحواجز",
    "منظمة": "منظمات المنظمات",
    "جمعية": "جمعيات الجمعيات",
    "قاض": "قضاة القضاة القاضي",
    "محام": "محامون المحامين",
    "محكمة": "محاكم المحاكم محكمته",
    "قانون": "قوانين القوانين",
    "قرار": "قرارات قراراته",
    "اتفاق": "اتفاقات اتفاقهم",
    "هدنة": "هدن هدنتهم",
    "لاجئ": "لاجئين لاجئون اللاجئات",
    "نازح": "نازحين النازحون",
    "مخيم": "مخيمات المخيم مخيماتهم",
    "ضابط": "ضباط الضباط",
    "قائد": "قادة القادة قادتها",
    "زعيم": "زعماء الزعماء",
    "سفير": "سفراء السفراء",
    "ملك": "ملوك الملوك",
    "حاكم": "حكام الحكام",
    "نائب": "نواب النواب",
    "عضو": "أعضاء الأعضاء أعضائه",
    "حزب": "أحزاب الأحزاب",
    "وفد": "وفود الوفود",
    "خبير": "خبراء الخبراء",
    "طبيب": "أطباء الأطباء",
    "جريمة": "جرائم الجرائم",
    "ضحية": "ضحايا الضحايا",
    "منزل": "منازل منازلهم",
    "بيت": "بيوت بيوتهم",
    "مقبرة": "مقابر المقابر",
    "دقيقة": "دقائق دقيقتين",
    "مدفع": "مدافع المدافع",
    "مضيق": "مضائق",
    "صحافي": "صحافيان صحافيو",
    "قرأ": "قرأوا قرؤوا قرأوها",
    "بدأ": "يبدأون يبدؤون",
    "سيارة": "سيارات سيارته",
    "مصدر": "مصادر المصادر",
    "خبر": "أخبار الأخبار",
    "صحيفة": "صحف الصحف",
    "صحفي": "صحفيون الصحفيين",
    "صورة": "صور صورتها",
    "تقرير": "تقارير التقارير",
    "حرب": "حروب الحروب",
    "معركة": "معارك المعارك",
    "هجوم": "هجمات هجومهم الهجوم",
    "انفجار": "انفجارات الانفجار",
    "عملية": "عمليات عملياتها",
    "دولة": "دول الدول دولتهم",
    "حكومة": "حكومات حكومتهم",
    "سياسة": "سياسات سياسته",
    "رجل": "رجال الرجال",
    "امرأة": "نساء النساء",
    "ولد": "أولاد أولادهم",
    "عائلة": "عائلات عائلته",
    "أسرة": "أسر الأسر",
    "يوم": "أيام الأيام",
    "شهر": "أشهر شهور",
    "سنة": "سنوات سنين",
    "ساعة": "ساعات",
    "مركز": "مراكز مركزها",
    "مكتب": "مكاتب المكاتب",
    "شركة": "شركات شركته",
    "مصنع": "مصانع المصانع",
    "سوق": "أسواق الأسواق",
    "سعر": "أسعار الأسعار",
    "جندي": "جنود الجنود جنودهم",
    "صاروخ": "صواريخ صواريخها",
    "قنبلة": "قنابل القنابل",
    "لغم": "ألغام الألغام",
    "برميل": "براميل البراميل",
    "بنك": "بنوك البنوك",
    "ميليشيا": "ميليشيات الميليشيات",
    "عسكري": "عسكريون العسكريين",
    "مدني": "مدنيين المدنيون مدنيا",
    "إرهابي": "إرهابيين الإرهابيون",
    "فلسطيني": "الفلسطينيون فلسطينيين",
    "قال": "يقول تقول قالت قالوا سيقول",
    "أعلن": "يعلن تعلن أعلنت أعلنوا وسيعلن",
    "قصف": "يقصف قصفت يقصفون قصفوا",
    "وصل": "يصل تصل وصلت وصلوا سيصلون",
    "دعا": "يدعو دعت تدعو",
    "استهدف": "يستهدف استهدفت تستهدف",
    "سيطر": "يسيطر سيطرت سيطروا",
}  # fmt: skip
PAIRS = [(normalize(lemma), normalize(form)) for lemma, forms in SAME_LEMMA.items() for form in forms.split()]


@pytest.mark.parametrize(("word", "form"), PAIRS)
def test_a_word_is_met_in_all_its_forms(word: str, form: str) -> None:
    assert set(lemmas(word)) & set(lemmas(form)), (lemmas(word), lemmas(form))


@pytest.mark.parametrize(
    "stack",
    [
        *("والنظام", "وبالنظام", "فبالنظام", "كالنظام", "أفالنظام", "للنظام", "وللنظام"),
        *("بنظام", "وبنظام", "ولنظام", "كنظام", "ونظامهم"),
    ],
)
def test_clitics_may_be_stacked(stack: str) -> None:
    assert normalize("نظام") in lemmas(normalize(stack))


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("حماة", "حماية"),
        ("الرقة", "ورقة"),
        ("الرقة", "رقيق"),
        ("حلب", "حلبات"),
        ("حلب", "حليب"),
        ("لبنان", "لبن"),
        ("سورية", "سورة"),
        ("وزير", "زار"),
        ("وكيل", "كيل"),
        ("ورقة", "رقة"),
        ("كتاب", "تاب"),
        ("بيان", "يان"),
        ("لجنة", "جنة"),
        ("فرقة", "رقة"),
        ("وفد", "فدية"),
        ("قتل", "قاتل"),
        ("سعر", "عرّى"),
    ],
)
def test_different_words_share_no_lemma(word: str, other: str) -> None:
    assert not set(lemmas(normalize(word))) & set(lemmas(normalize(other)))


@pytest.mark.parametrize(
    "name", ["حمص", "حماة", "الرقة", "لبنان", "سوريا", "سورية", "وحمص", "بدمشق", "لجنيف"]
)
def test_a_protected_name_is_only_itself(name: str) -> None:
    assert lemmas(normalize(name)) == ()
    assert all(form.startswith(NAME_MARKER) for form in lemma_field_terms(normalized_terms(name)))


@pytest.mark.parametrize("word", ["والي", "وسام", "كرم", "باب", "فارس"])
def test_a_word_that_is_a_name_behind_a_clitic_too_stays_a_word(word: str) -> None:
    assert is_word(normalize(word))


def test_a_name_that_is_a_word_too_is_both() -> None:
    forms = lemma_terms_in_context(normalized_terms("تدمر"))[0]
    assert any(form.startswith(NAME_MARKER) for form in forms)
    assert normalize("دمر") in forms


@pytest.mark.parametrize(
    ("verb", "noun"),
    [
        *(("اعتقل", "اعتقال"), ("انشق", "انشقاق"), ("أعلن", "إعلان"), ("استقال", "استقالة")),
        *(("تفاوض", "تفاوض"), ("دمر", "تدمير"), ("حذر", "تحذير"), ("هدد", "تهديد")),
    ],
)
def test_a_verb_knows_its_noun_of_action(verb: str, noun: str) -> None:
    family = {normalize(verb), *related_lemmas(normalize(verb))}
    assert normalize(noun) in family
    assert normalize(verb) in {normalize(noun), *related_lemmas(normalize(noun))}


def test_what_no_dictionary_knows_is_seen_without_clitics() -> None:
    plain = set(oov_stem_terms(normalize("يونايتد")))
    assert plain
    assert plain <= set(oov_stem_terms(normalize("ليونايتد")))
    assert not lemmas(normalize("يونايتد"))


@given(ARABIC_WORDS)
def test_any_word_has_few_lemmas_and_readings_that_spell_it(word: str) -> None:
    exact = normalize(word)
    found = lemmas(exact)
    assert len(found) == len(set(found)) <= MAX_LEMMAS
    for reading in morph_analyses(exact):
        assert exact.startswith(reading.proclitic)
        assert exact.endswith(reading.enclitic)
        assert 0 < reading.weight <= 1
    assert set(found) <= {reading.lemma for reading in morph_analyses(exact)}
