"""Near-duplicate detection on the texts of the sample archive."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from itertools import combinations

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from arabic.text.normalization import normalize
from articles.text import minhash
from articles.text.fingerprints import text_hash
from articles.text.minhash import BANDS, Fingerprint, _hash, _shingles, containment, fingerprint, sketch
from tests.arabic.strategies import SCRAPED_TEXTS

SAMPLES = [
    json.loads(line).get("body") or ""
    for path in sorted((settings.BASE_DIR / "articles" / "samples").rglob("*.jsonl"))
    for line in path.read_text(encoding="utf-8-sig").splitlines()
    if line.strip()
]
LONG = [body for body in SAMPLES if len(body.split()) >= 60]
SPELT = str.maketrans("أإآةى٠١٢٣٤٥٦٧٨٩", "اااهي0123456789")


def of(body: str) -> Fingerprint:
    found = fingerprint(body)
    assert found is not None
    return found


def shortened(body: str, dice: random.Random) -> str:
    words = body.split()
    return " ".join(words[: len(words) * 6 // 10])


def other_lead(body: str, dice: random.Random) -> str:
    """Replace the first words after the dateline, whose date counts as a number of the report."""
    dateline, dash, rest = body.partition(" - ") if " - " in body[:60] else ("", "", body)
    lead = "وقال مراسلنا في المدينة إن ما جرى أمس كان منتظرا منذ أسابيع عدة. "
    return dateline + dash + lead + " ".join(rest.split()[12:])


def spelt_otherwise(body: str, dice: random.Random) -> str:
    return body.translate(SPELT)


def with_a_headline(body: str, dice: random.Random) -> str:
    return f"عنوان وضعته الصحيفة فوق الخبر\nوكالات\n{body}\nاقرأ أيضا\nشارك"


def reordered(body: str, dice: random.Random) -> str:
    words = body.split()
    parts = [words[at : at + 30] for at in range(0, len(words), 30)]
    dice.shuffle(parts)
    return "\n".join(" ".join(part) for part in parts)


def words_changed(body: str, dice: random.Random) -> str:
    words = body.split()
    for at in dice.sample(range(len(words)), len(words) // 25):
        words[at] = "كذا" + words[at]
    return " ".join(words)


EDITS: list[Callable[[str, random.Random], str]] = [
    shortened, other_lead, spelt_otherwise, with_a_headline, reordered, words_changed,
]  # fmt: skip


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.__name__)
def test_edited_reports_share_a_band_and_are_near_duplicates(
    edit: Callable[[str, random.Random], str],
) -> None:
    dice = random.Random(1)  # noqa: S311  no secret
    assert len(LONG) >= 30
    pairs = [(body, edit(body, dice)) for body in LONG]
    found = [
        set(sketch(one, "0").bands) & set(sketch(other, "0").bands)
        and containment(of(one), of(other)) is not None
        for one, other in pairs
    ]
    assert sum(map(bool, found)) / len(found) >= 0.75


def test_no_two_different_reports_of_the_samples_are_near_duplicates() -> None:
    texts = {body: of(body) for body in LONG}
    wrong = [
        pair
        for pair in combinations(texts, 2)
        if containment(texts[pair[0]], texts[pair[1]]) is not None and not known_versions(*pair)
    ]
    assert wrong == []


def known_versions(one: str, other: str) -> bool:
    """Return True if two reports of the samples have a sentence of ten words in common."""
    return bool(_sentences(one) & _sentences(other))


def _sentences(body: str) -> set[str]:
    """Return the long sentences of a text, without marks and variants of letters."""
    parts = re.split(r"[.\n]", body)
    return {words for part in parts if len((words := normalize(part).strip()).split()) >= 10}


GREETING = (
    "بعث رئيس الجمهورية برقية تهنئة إلى رئيس {0} بمناسبة ذكرى اليوم الوطني لبلاده، وعبر باسمه وباسم الشعب"
    " عن أطيب التهاني وأصدق التمنيات بالصحة والسعادة له ولشعب {0} الصديق دوام التقدم والازدهار، منوها"
    " بالعلاقات المتميزة التي تربط البلدين الشقيقين والتي يحرص الجميع على تنميتها مع {0} في المجالات كافة."
)
MARKET = (
    "أغلق مؤشر السوق اليوم عند مستوى {0} نقطة بعد تداولات بلغت قيمتها {1} مليون ليرة على أسهم المصارف"
    " والتأمين والصناعة، وبلغ عدد الصفقات المنفذة {2} صفقة توزعت على معظم قطاعات السوق كما جاء في النشرة."
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (GREETING.format("فنلندا"), GREETING.format("البرتغال")),
        (MARKET.format(1210, 340, 2177), MARKET.format(1342, 287, 1960)),
    ],
)
def test_reports_on_one_template_with_other_names_or_figures_are_different(one: str, other: str) -> None:
    assert containment(of(one), of(other)) is None
    assert containment(of(one), of(one)) == 1.0


def test_a_digest_that_contains_a_report_is_not_a_version_of_it() -> None:
    short, *others = LONG[:12]
    assert containment(of(short), of("\n".join([short, *others, *others]))) is None


def test_a_text_of_a_few_words_has_no_fingerprint() -> None:
    assert fingerprint("كلمة " * 24) is None
    assert fingerprint("كلمة " * 25) is not None


@given(st.lists(SCRAPED_TEXTS, min_size=8, max_size=12).map(" نص ".join))
def test_a_sketch_follows_from_the_text_alone_and_fits_the_column(body: str) -> None:
    found, made = fingerprint(body), sketch(body, text_hash("عنوان", body))
    assert made == sketch(body, text_hash("عنوان", body))
    assert -(2**63) <= made.text_value < 0
    if found is None:
        assert made.bands == ()
        assert made.text_value != sketch(body, text_hash("عنوان آخر", body)).text_value
        return
    assert len(made.bands) == BANDS
    assert all(0 <= value < 2**62 for value in made.bands)
    assert made == sketch(body, "0")
    assert containment(found, found) == 1.0


def test_sketches_are_equal_to_those_of_earlier_versions() -> None:
    """New sketches are compared with those that an earlier version stored."""
    made = sketch(" ".join(f"كلمة{number}" for number in range(60)), "0")
    assert made.text_value == WHOLE
    assert made.bands[:3] == FIRST_BANDS
    assert sketch("نص", "0123456789abcdef" * 4).text_value == WHOLE_OF_SHORT


WHOLE = -3563940727941357601
FIRST_BANDS = (2681706581594636629, 329507625608893355, 2281165627574496309)
WHOLE_OF_SHORT = -20496382304121724


@given(st.lists(st.text(max_size=8), max_size=20))
def test_a_shingle_is_the_mixed_sum_that_archives_have_stored(words: list[str]) -> None:
    def stored(one: int, two: int, three: int, four: int) -> int:
        mixed = one * 0x9E3779B185EBCA87 + two * 0xC2B2AE3D27D4EB4F + three * 0x165667B19E3779F9 + four
        return (mixed * 0xFF51AFD7ED558CCD >> 40) & (2**62 - 1)

    codes = list(map(_hash, words))
    assert _shingles(words) == {stored(*codes[at : at + 4]) for at in range(len(codes) - 3)}


@pytest.mark.parametrize("count", [0, 1, 3, 4, 5, 60, minhash.MAX_WORDS])
def test_shingles_are_those_of_one_sum_after_the_other(count: int) -> None:
    """What is stored stays comparable: the sums of all shingles are made at once, in one whole number."""
    words = [f"كلمة{at * at % 97}" for at in range(count)]
    codes = [minhash._hash(word) for word in words]
    expected = {
        ((a * minhash._FIRST + b * minhash._SECOND + c * minhash._THIRD + d) * minhash._MIX >> 40)
        & minhash._MASK
        for a, b, c, d in zip(codes, codes[1:], codes[2:], codes[3:], strict=False)
    }
    assert minhash._shingles(words) == expected
