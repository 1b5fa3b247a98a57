"""Which places an article is about, of those that it mentions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arabic.places.geographic_focus import Mention, places_in_focus
from arabic.places.geoparser import find_places, surroundings_of
from tests.growth import LARGEST_RATIO, time_ratio

FILLER = "وتابع المتحدث شرح تفاصيل الخطة التي أعدتها اللجنة خلال الأشهر الماضية وما لقيته من تأييد. " * 3


def focus(title: str, body: str) -> set[str]:
    """Return the names of the places that an article with these texts is about."""
    found = find_places(body)
    titled = find_places(title, surroundings_of(body, found))
    return places_in_focus(
        body,
        [
            *(Mention(tag.entry.name, True, tag.start, tag.end, tag.institution) for tag in titled),
            *(Mention(tag.entry.name, False, tag.start, tag.end, tag.institution) for tag in found),
        ],
    )


@pytest.mark.parametrize(
    ("title", "body", "expected"),
    [
        ("افتتاح سوق جديدة في حمص", FILLER, {"حمص"}),
        ("افتتاح سوق جديدة", f"افتتح المحافظ أمس سوقا للخضار في حمص. {FILLER}", {"حمص"}),
        ("افتتاح سوق جديدة", f"دمشق - سانا: افتتح المحافظ سوقا للخضار في حمص. {FILLER}", {"حمص"}),
        ("ارتفاع الأسعار", f"دمشق - سانا: ارتفعت أسعار الخضار. {FILLER}", set()),
        ("ارتفاع الأسعار", f"دمشق 12 آب 2015: ارتفعت أسعار الخضار. {FILLER}", set()),
        ("تعليمات جديدة", FILLER * 6 + "وقال مسؤول في حلب إن الخبر صحيح.", set()),
        ("أزمة وقود", f"{FILLER * 6} في حلب طوابير. وعادت حلب إلى الظلام. وتنتظر حلب.", {"حلب"}),
        ("الطقس", f"أمطار على دمشق وحمص وحماة وحلب وإدلب. {FILLER}", set()),
        ("دراسة", f"قال باحثون من جامعة حلب إن القمح ينمو أسرع. {FILLER}", set()),
        ("جامعة حلب تحتفل", f"أعلنت جامعة حلب برنامج الحفل. {FILLER}", {"حلب"}),
        ("استقبال", f"بحث ولي عهد أبوظبي مع ضيفه العلاقات. {FILLER * 6}", set()),
        ("دعوة إلى التسجيل", "دعت إدارة التعليم بحمص، 139 معلما إلى تسجيل موعد المقابلة.", {"حمص"}),
        ("غارات", "نفذت الطائرات 41 غارة. " + "ق" * 300 + ". قصفت مواقع قرب حمص ثم قرب حلب.", {"حمص", "حلب"}),
    ],
)
def test_the_article_is_about(title: str, body: str, expected: set[str]) -> None:
    assert focus(title, body) == expected


@given(
    st.text(alphabet="ابت .،\n-12", max_size=200),
    st.lists(
        st.tuples(
            st.integers(0, 5),
            st.booleans(),
            st.integers(0, 250),
            st.integers(0, 12),
            st.booleans(),
        )
    ),
)
def test_only_mentioned_places_are_in_focus(body: str, rows: list[tuple[int, bool, int, int, bool]]) -> None:
    mentions = [
        Mention(place, in_title, start, start + length, institution)
        for place, in_title, start, length, institution in rows
    ]
    found = places_in_focus(body, mentions)
    assert found <= {each.place for each in mentions}
    assert found >= {each.place for each in mentions if each.in_title}


def test_time_grows_with_the_length_of_the_text() -> None:
    part = "دمشق وحمص وحلب، "

    def run(times: int) -> None:
        mentions = [
            Mention(at % 3, False, at // 3 * len(part) + at % 3 * 5, at // 3 * len(part) + at % 3 * 5 + 4)
            for at in range(3 * times)
        ]
        places_in_focus(part * times, mentions)

    assert time_ratio(run, 200, 800) < LARGEST_RATIO
