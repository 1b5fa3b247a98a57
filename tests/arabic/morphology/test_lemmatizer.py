"""Dictionary lemmas: broken plurals, pronouns, clitics, verb forms; names and root letters stay whole."""

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
    written_analyses,
)
from arabic.morphology.protected_words import NAME_MARKER, month_name
from arabic.morphology.stem_lexicon import lemma_letters
from arabic.text.normalization import normalize
from arabic.text.tokenizer import normalized_terms, written_terms
from tests.arabic.analysis import lemma_field_terms
from tests.arabic.strategies import ARABIC_WORDS

#: Singular or base form → inflected forms of it that occur in news.
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
def test_inflected_forms_share_a_lemma_with_their_word(word: str, form: str) -> None:
    assert set(lemmas(word)) & set(lemmas(form)), (lemmas(word), lemmas(form))


@pytest.mark.parametrize(
    "stack",
    [
        *("والنظام", "وبالنظام", "فبالنظام", "كالنظام", "أفالنظام", "للنظام", "وللنظام"),
        *("بنظام", "وبنظام", "ولنظام", "كنظام", "ونظامهم"),
    ],
)
def test_stacked_clitics_are_recognized(stack: str) -> None:
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
def test_a_protected_name_has_no_lemma(name: str) -> None:
    assert lemmas(normalize(name)) == ()
    assert all(form.startswith(NAME_MARKER) for form in lemma_field_terms(normalized_terms(name)))


@pytest.mark.parametrize("word", ["والي", "وسام", "كرم", "باب", "فارس"])
def test_a_word_that_is_also_a_clitic_and_a_name_stays_a_word(word: str) -> None:
    assert is_word(normalize(word))


def test_a_name_that_is_also_a_word_has_terms_for_both() -> None:
    forms = lemma_terms_in_context(normalized_terms("تدمر"))[0]
    assert any(form.startswith(NAME_MARKER) for form in forms)
    assert normalize("دمر") in forms


@pytest.mark.parametrize(
    ("word", "other"),
    [
        *(("صورة", "يصور"), ("يقدم", "القدم"), ("الذهب", "ذهاب"), ("يطالبون", "الطلاب"), ("العمل", "العملة")),
        *(("تقنية", "تقنين"), ("رئيس", "رئيسي"), ("الإعلان", "الأعلى"), ("حالة", "الحالي")),
    ],
)
def test_lemmas_that_differ_in_vowels_or_part_of_speech_are_different_words(word: str, other: str) -> None:
    (written,), (others,) = written_terms(word), written_terms(other)
    assert lemmas(written)
    assert not set(lemmas(written)) & set(lemmas(others))


def letters(word: str) -> set[str]:
    """Return the letters of the lemmas of a word as written."""
    (written,) = written_terms(word)
    return set(map(lemma_letters, lemmas(written)))


@pytest.mark.parametrize(
    ("written", "meant", "excluded"),
    [
        ("بلدة", "بلدة", "بلد"),  # not "his country"
        ("تسعى", "سعى", "تسعة"),
        ("أعلى", "أعلى", "علي"),
        ("كتابًا", "كتاب", "كتب"),
    ],
)
def test_the_letters_as_written_decide_the_reading(written: str, meant: str, excluded: str) -> None:
    assert normalize(meant) in letters(written)
    assert normalize(excluded) not in letters(written)


@pytest.mark.parametrize(
    ("careless", "careful"),
    [("النووى", "النووي"), ("الدوله", "الدولة"), ("الى", "إلى"), ("اعلنت", "أعلنت"), ("مستشفي", "مستشفى")],
)
def test_letters_that_writers_leave_out_are_no_proof(careless: str, careful: str) -> None:
    assert letters(careless) & letters(careful)


@pytest.mark.parametrize(
    ("word", "other"),
    [("الكشفي", "كشف"), ("العمري", "عمر"), ("المحافظات", "محافظ"), ("لمن", "من"), ("بأن", "أن")],
)
def test_grammar_excludes_readings(word: str, other: str) -> None:
    """Check plurals that only a second noun may follow, and particles with a preposition."""
    (written,), (others,) = written_terms(word), written_terms(other)
    assert not set(lemmas(written)) & set(lemmas(others))


@pytest.mark.parametrize("word", ["قصف", "تفوق", "ضبط"])
def test_the_best_noun_and_the_best_verb_both_stay(word: str) -> None:
    kinds = {each.kind for each in written_analyses(word) if each.lemma in lemmas(word)}
    assert {"N", "V"} <= kinds


@pytest.mark.parametrize("word", ["باوسون", "بلاتيني", "سيلفا"])
def test_a_word_that_no_dictionary_has_is_not_cut(word: str) -> None:
    assert lemmas(word) == ()
    assert f"~{word}" in oov_stem_terms(word)


@pytest.mark.parametrize(
    ("word", "base"), [("ورحيلهما", "رحيل"), ("بشأنهما", "بشأن"), ("وبمشاريعهما", "مشروع"), ("ستقدم", "قدم")]
)
def test_a_rare_inflected_word_keeps_its_reading(word: str, base: str) -> None:
    assert normalize(base) in letters(word)


@pytest.mark.parametrize("month", ["كانون", "وكانون", "لتشرين", "بيوليه", "أيار"])
def test_a_month_is_no_form_of_another_word(month: str) -> None:
    (written,) = written_terms(month)
    assert len(lemmas(written)) == 1
    assert letters(month) <= {"كانون", "تشرين", "يوليه", "ايار"}


def test_an_out_of_vocabulary_word_is_matched_without_clitics() -> None:
    plain = set(oov_stem_terms(normalize("يونايتد")))
    assert plain
    assert plain <= set(oov_stem_terms(normalize("ليونايتد")))
    assert not lemmas(normalize("يونايتد"))


@given(ARABIC_WORDS)
def test_any_word_has_few_lemmas_and_analyses_that_spell_it(word: str) -> None:
    token = normalize(word)
    found = lemmas(token)
    assert len(found) == len(set(found)) <= MAX_LEMMAS
    for analysis in morph_analyses(token):
        assert token.startswith(analysis.proclitic)
        assert token.endswith(analysis.enclitic)
        assert 0 < analysis.weight <= 1
    if not month_name(token):
        assert set(found) <= {analysis.lemma for analysis in morph_analyses(token)}


@pytest.mark.parametrize(("older", "word"), [("ءاثار", "آثار"), ("والءاثار", "والآثار"), ("لءاخر", "لآخر")])
def test_hamza_and_alif_at_the_start_are_read_as_madda(older: str, word: str) -> None:
    assert set(lemmas(older)) & set(lemmas(word))
    assert lemmas("جزءان") != lemmas("جزان"), "not so within a word"
    assert not set(lemmas("فءاد")) & set(lemmas("يءدي")), "فؤاد is a name"
    assert oov_stem_terms("ءازربان") == oov_stem_terms("ازربان")
