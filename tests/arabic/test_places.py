"""The place tagger: what is a place, which one, and the evidence."""

from itertools import pairwise

import pytest
from hypothesis import given

from arabic.letters import fold
from arabic.places import NOT_CITIES, find_places
from tests.arabic.strategies import SCRAPED_TEXTS


def slugs(text: str) -> list[str]:
    return [tag.entry.slug for tag in find_places(text)]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("خرجت مظاهرة بحمص وأخرى في حلب", ["حمص", "حلب"]),
        ("قافلة وصلت لدرعا وبدوما", ["درعا", "دوما"]),
        ("نزحوا من ريف ديرالزور إلى الرقه", ["دير الزور", "الرقة"]),
        ("وبدير الزور استمر القصف", ["دير الزور"]),
        ("معارك في بابا عمرو وباب السباع", ["بابا عمرو", "باب السباع"]),
        ("اجتماع في جنيف برعاية الأمم المتحدة", ["جنيف"]),
        ("وصل إلى مكة المكرمة قادما من جدة", ["مكة المكرمة", "جدة"]),
        ("عقد في العاصمة السورية", ["دمشق"]),
        ("في مستشفى بريف دمشق", ["ريف دمشق"]),
    ],
)
def test_places_are_found_through_clitics_and_spellings(text: str, places: list[str]) -> None:
    assert slugs(text) == places


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("فتح الباب ودخل", []),
        ("قصف على بلدة الباب", ["الباب"]),
        ("في الفستان القصير", []),
        ("دخلوا القصير في ريف حمص", ["القصير", "حمص"]),
        ("الطائرات تدمر الأحياء", []),
        ("سياح في تدمر", ["تدمر"]),
        ("الرستن والقصير تحت النار", ["الرستن", "القصير"]),
        ("في الرستن، القصير وتلبيسة", ["الرستن", "القصير", "تلبيسة"]),
        ("ثورة الكرامة", []),
        ("كان دوماً معنا", []),
        ("أهالي الشام الكرام", ["دمشق"]),
    ],
)
def test_a_name_that_is_a_word_needs_its_context(text: str, places: list[str]) -> None:
    assert slugs(text) == places


@pytest.mark.parametrize(
    "text",
    [
        "مكتبة في شارع بغداد",
        "وقالت صحيفة الرياض أمس",
        "وأوضح لـ«الرياض» أن المشروع",
        "عاد إلى مسقط رأسه",
        "نشيد حماة الديار",
        "بغاية الرقة",
        "مباراة ريال مدريد",
        "جاءت فاطمة",
    ],
)
def test_streets_papers_and_phrases_are_no_places(text: str) -> None:
    assert slugs(text) == []


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("اشتباكات في طرابلس اللبنانية", "LB"),
        ("أعلن الجيش اللبناني في بيروت دخول طرابلس", "LB"),
        ("هجوم في طرابلس عاصمة ليبيا", "LY"),
        ("قصف أريحا في ريف إدلب", "SY"),
        ("مستوطنون قرب أريحا في فلسطين", "PS"),
    ],
)
def test_of_several_places_the_one_that_the_text_speaks_of_is_meant(text: str, country: str) -> None:
    tags = [tag for tag in find_places(text) if tag.entry.name in {"طرابلس", "أريحا"}]
    assert [tag.entry.country for tag in tags] == [country]


def test_a_country_is_no_city() -> None:
    (tag,) = find_places("سافر الوفد إلى تونس")
    assert tag.entry.kind == "country"
    assert tag.entry.kind in NOT_CITIES


def test_the_evidence_is_the_sentence() -> None:
    text = "بدأ اليوم. قال شهود إن حِمصَ هادئة! ثم عاد."
    (tag,) = find_places(text)
    assert text[tag.start : tag.end] == "حِمصَ"
    assert tag.evidence == "قال شهود إن حِمصَ هادئة!"
    assert text[tag.evidence_start :].startswith(tag.evidence)


def test_the_clitic_is_not_part_of_the_span() -> None:
    text = "وصلوا للرقة وبحمص"
    raqqa, homs = find_places(text)
    assert text[raqqa.start : raqqa.end] in {"لرقة", "الرقة"}
    assert text[homs.start : homs.end] == "حمص"


@given(SCRAPED_TEXTS)
def test_tags_lie_in_order_within_the_text(text: str) -> None:
    padded = f"{text} في حمص {text}"
    tags = find_places(padded)
    assert all(a.end <= b.start for a, b in pairwise(tags))
    for tag in tags:
        assert 0 <= tag.start < tag.end <= len(padded)
        assert padded[tag.evidence_start : tag.evidence_start + len(tag.evidence)] == tag.evidence
        assert fold(padded[tag.start : tag.end])
