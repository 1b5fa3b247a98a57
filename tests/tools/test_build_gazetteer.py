"""The builder chooses Arabic names among GeoNames' alternates, and the shipped tables equal its output."""

from pathlib import Path

import pytest

from arabic.tables.gazetteer import DATA
from tools.gazetteer.build_gazetteer import build_tables
from tools.gazetteer.gazetteer_names import arabic_names, minor_needs, skeleton


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
def test_the_name_that_an_arab_newspaper_prints_is_chosen(
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
def test_ambiguous_names_of_villages_need_a_context(name: str, needs: str) -> None:
    assert minor_needs(name) == needs


@pytest.mark.slow
def test_the_tables_match_the_output_of_the_builder(tmp_path: Path) -> None:
    build_tables(tmp_path)
    built = sorted(path.name for path in tmp_path.iterdir())
    assert built == ["countries.tsv", "governorates.tsv", "places.tsv"]
    # Compared before the assertion, which would write out how megabytes differ, for minutes.
    others = [name for name in built if (tmp_path / name).read_bytes() != (DATA / name).read_bytes()]
    assert others == []
