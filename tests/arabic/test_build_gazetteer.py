"""How the builder chooses Arabic names among GeoNames' alternates."""

import pytest

from tools.build_gazetteer import arabic_names, minor_needs, skeleton


def city(country: str, *alternates: str) -> dict[str, object]:
    return {"countrycode": country, "alternatenames": ["Town", *alternates]}


@pytest.mark.parametrize(
    ("country", "alternates", "chosen"),
    [
        ("NG", ("لاجوس", "لاغوس"), ["لاغوس", "لاجوس"]),
        ("IN", ("دلهی", "دهلی"), []),
        ("EG", ("قاهره", "القاهرة"), ["القاهرة"]),
        ("SY", ("كسوة", "الكسوة"), ["الكسوة"]),
        ("RU", ("ئورېنبۇرگ", "Оренбург"), []),
    ],
)
def test_the_name_an_arab_paper_would_print_is_chosen(
    country: str, alternates: tuple[str, ...], chosen: list[str]
) -> None:
    assert arabic_names(city(country, *alternates)) == chosen


def test_transcriptions_of_one_name_share_a_skeleton() -> None:
    assert skeleton("شيكاغو") == skeleton("شيكاجو")
    assert skeleton("ميونيخ") == skeleton("ميونخ")
    assert skeleton("بون") != skeleton("برن")


@pytest.mark.parametrize(
    ("name", "needs"),
    [
        ("كفر راعي", ""),
        ("بيت حسن", "context"),
        ("الهجرة", "context"),
        ("المطيرفي", "context"),
        ("عينكاوة", "lead"),
        ("برطعة الشرقية", "lead"),
    ],
)
def test_the_name_of_a_village_waits_for_what_can_tell_it_from_a_word(name: str, needs: str) -> None:
    assert minor_needs(name) == needs
