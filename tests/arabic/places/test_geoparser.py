"""The geoparser: which names are places, which place each means, and the evidence."""

from itertools import pairwise

import pytest
from hypothesis import given

from arabic.places import toponym_matcher
from arabic.places.geoparser import NON_CITY_KINDS, find_places, surroundings_of
from arabic.text.normalization import normalize
from tests.arabic.strategies import SCRAPED_TEXTS
from tests.growth import LARGEST_RATIO, time_ratio


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
        ("أهالي الحي وسكان المدينة", []),
        ("زار مدينة الحي في العراق", ["الحي", "العراق"]),
        ("مجلس قيادة الثورة بريف دمشق", ["ريف دمشق"]),
        ("معارك في القصير وريفها", ["القصير"]),
        ("دخلت القوات تدمر وسط سوريا", ["تدمر", "سوريا"]),
        ("حكم عليه بعقوبة السجن", []),
        ("انفجار في بعقوبة شمال بغداد", ["بعقوبة", "بغداد"]),
        ("تجاوز الفريق العقبة الأولى", []),
        ("وصلت السفينة إلى العقبة", ["العقبة"]),
        ("مظاهرة سلمية بريف دمشق", ["ريف دمشق"]),
    ],
)
def test_a_name_that_is_a_word_needs_its_context(text: str, places: list[str]) -> None:
    assert slugs(text) == places


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("جاءت الطائرات لتدمر المنازل", []),
        ("قصفت المدفعية حمص وتدمر المنازل فوق أصحابها", ["حمص"]),
        ("حمص وحماة وتدمر تحت الحصار", ["حمص", "حماة", "تدمر"]),
        ("خرجت حافلات من حمص وتدمر المحاصرة", ["حمص", "تدمر"]),
    ],
)
def test_a_name_that_governs_an_object_is_a_verb(text: str, places: list[str]) -> None:
    assert slugs(text) == places


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("ورث الأرض عن جده", []),
        ("سافر عبر جدة إلى مدينة جده القديمة", ["جدة"]),
        ("قال في حديثه عن الصلح", []),
        ("عاد من جبلة", ["جبلة"]),
    ],
)
def test_his_grandfather_is_not_jeddah(text: str, places: list[str]) -> None:
    assert slugs(text) == places


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("بتل أبيض ولتل رفعت", ["تل أبيض", "تل رفعت"]),
        ("قال المدرب لوك فولي بعد المباراة", []),
        ("هدية لنا ولأسرنا", []),
        ("هدم كنيس قديم وكنيس آخر", []),
        ("وبنوا بيوتا من حجر", []),
    ],
)
def test_clitics_and_joined_names_are_split_only_where_that_is_right(text: str, places: list[str]) -> None:
    assert slugs(text) == places


def test_a_name_in_quotes_is_a_title_unless_it_is_called_a_town() -> None:
    assert slugs("قرأنا «حمص» أمس") == []
    assert slugs("دخلوا مدينة «حمص» أمس") == ["حمص"]


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
        "مقاتلو أحرار الشام وفيلق الشام",
        "تسلم الفائز درعا تذكارية",
        "فضل الرباط في سبيل الله",
        "الناقة ومن لبنها يشربون",
        "تعلم حلب الأبقار",
        "كتب في القدس العربي",
        "قاعة في سينما ميامي",
        "جاءت فاطمة",
    ],
)
def test_streets_newspapers_and_phrases_are_not_places(text: str) -> None:
    assert slugs(text) == []


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("اشتباكات في طرابلس اللبنانية", "LB"),
        ("أعلن الجيش اللبناني في بيروت دخول طرابلس", "LB"),
        ("هجوم في طرابلس عاصمة ليبيا", "LY"),
        ("قصف أريحا في ريف إدلب", "SY"),
        ("مستوطنون قرب أريحا في فلسطين", "PS"),
        ("أحرقوا منزلا في قرية دوما قرب نابلس", "PS"),
        ("قصف على دوما بريف دمشق", "SY"),
        ("معارك في الخالدية غرب الرمادي", "IQ"),
        ("قصف على الخالدية وبابا عمرو", "SY"),
    ],
)
def test_of_places_with_one_name_the_text_decides_which_is_meant(text: str, country: str) -> None:
    tags = [
        tag
        for tag in find_places(text)
        if tag.entry.name in {"طرابلس", "أريحا", "دوما", "الخالدية", "حي الخالدية"}
    ]
    assert [tag.entry.country for tag in tags] == [country]


def test_a_country_is_not_a_city() -> None:
    (tag,) = find_places("سافر الوفد إلى تونس")
    assert tag.entry.kind == "country"
    assert tag.entry.kind in NON_CITY_KINDS


def test_the_evidence_is_the_sentence() -> None:
    text = "بدأ اليوم. قال شهود إن حِمصَ هادئة! ثم عاد."
    (tag,) = find_places(text)
    assert text[tag.start : tag.end] == "حِمصَ"
    assert tag.evidence == "قال شهود إن حِمصَ هادئة!"
    assert text[tag.evidence_start :].startswith(tag.evidence)


def test_a_single_letter_and_a_stop_do_not_end_a_sentence() -> None:
    text = "كلام سابق. قال د. سامي من حمص: عدنا. ثم صمت."
    (tag,) = find_places(text)
    assert tag.evidence == "قال د. سامي من حمص: عدنا."


def test_direction_marks_after_a_name_are_not_part_of_it() -> None:
    text = "نزحوا من \u202bحِمْص\u202c إلى حلب\u200f."
    assert [text[tag.start : tag.end] for tag in find_places(text)] == ["حِمْص", "حلب"]


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
        assert normalize(padded[tag.start : tag.end])


def test_clearing_the_word_cache_does_not_change_the_result(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "وصلت القافلة فيحمص إلى ريف حلب ومدينة المعرة قادمة من دمشق فيحمص"
    before = find_places(text)
    assert len(before) >= 4
    monkeypatch.setattr(toponym_matcher, "_MAX_CACHED_WORDS", 3)
    find_places("كلمات زخطفق شمنبق لم تلق من قبل")
    assert find_places(text) == before


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("احتفلت جامعة دمشق بالخريجين", [("دمشق", True)]),
        ("هبطت الطائرة في مطار بغداد الدولي", [("بغداد", True)]),
        ("أصدرت محكمة جنايات القاهرة حكمها", [("القاهرة", True)]),
        ("نقل الجريح إلى مستشفى حمص الكبير ثم إلى دمشق", [("حمص", True), ("دمشق", False)]),
        ("أساتذة من جامعتي دمشق وحلب", [("دمشق", True), ("حلب", True)]),
        ("رئيس جامعة في دمشق", [("دمشق", False)]),
    ],
)
def test_an_institution_is_at_the_place_that_it_is_called_after(
    text: str, expected: list[tuple[str, bool]]
) -> None:
    assert [(tag.entry.slug, tag.institution) for tag in find_places(text)] == expected


def test_the_body_says_what_the_names_of_its_title_mean() -> None:
    title = "برشلونة يودع البطولة"
    sport = "خسر الفريق المباراة بركلات الترجيح وخرج من الدوري أمام جماهيره"
    assert [tag.entry.slug for tag in find_places(title)] == ["برشلونة"]
    assert find_places(title, surroundings_of(sport, find_places(sport))) == []
    yemen = "سقط قتلى في محافظة البيضاء وسط اليمن"
    around = surroundings_of(yemen, find_places(yemen))
    assert [tag.entry.country for tag in find_places("معارك في البيضاء", around)] == ["YE"]


@pytest.mark.parametrize(
    "part",
    [
        "فاز برشلونة على روما وليفربول في الدوري، ",
        "قرية الحسينية بمحافظة الحديدة، ",
        "جامعتي دمشق وحلب وحمص، ",
        "سانتياغو خيرالديس ",
    ],
)
def test_time_grows_with_the_number_of_names(part: str) -> None:
    def run(times: int) -> None:
        find_places(part * times)

    assert time_ratio(run, 100, 400) < LARGEST_RATIO
