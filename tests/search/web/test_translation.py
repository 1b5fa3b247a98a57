"""The Arabic catalogue is complete, compiled, and has every plural form."""

from __future__ import annotations

import re
from pathlib import Path

import polib
import pytest
from django.conf import settings

CATALOGUE = Path(settings.BASE_DIR) / "locale" / "ar" / "LC_MESSAGES" / "django.po"
ENTRIES = [entry for entry in polib.pofile(str(CATALOGUE)) if not entry.obsolete]
PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w*\}")
#: A number and what it counts; a limit in the detail of a problem is in round thousands, which take «حرف».
COUNTED = re.compile(
    r"(?:%\((?!detail|file|label|name)\w+\)[sd]|\{\w+\}) "
    r"(?:أ?خبا?ر|كلم(?:ة|ات)|مصا?در|نص|سجل|ملف|صيغ|قطع|مدينة|مدن|حرف|صفح|رمز|رموز)"
)
#: Markup, digits in groups, and references of the guide to other texts, [[in English]].
NOT_PROSE = re.compile(r"<[^>]+>|\d,\d|\[\[[^]]*\]\]")

DUALS = {"رمزا"}


def forms_of(entry: polib.POEntry) -> list[str]:
    return [text for text in (entry.msgstr, *entry.msgstr_plural.values()) if text]


def test_every_text_is_translated_and_none_is_fuzzy() -> None:
    assert [entry.msgid for entry in ENTRIES if not entry.translated() or "fuzzy" in entry.flags] == []


def test_every_count_has_the_six_arabic_forms() -> None:
    counted = [entry for entry in ENTRIES if entry.msgid_plural]
    assert counted
    assert [entry.msgid for entry in counted if sorted(entry.msgstr_plural) != list(range(6))] == []
    assert [entry.msgid for entry in counted if not all(entry.msgstr_plural.values())] == []


def test_the_compiled_catalogue_matches_its_source() -> None:
    compiled = polib.mofile(str(CATALOGUE.with_suffix(".mo")))
    shown = {(entry.msgctxt, entry.msgid): (entry.msgstr, entry.msgstr_plural) for entry in compiled}
    assert shown == {(entry.msgctxt, entry.msgid): (entry.msgstr, entry.msgstr_plural) for entry in ENTRIES}


@pytest.mark.parametrize(
    "entry", [entry for entry in ENTRIES if not entry.msgid_plural], ids=lambda entry: entry.msgid[:30]
)
def test_translations_keep_the_placeholders(entry: polib.POEntry) -> None:
    assert sorted(PLACEHOLDER.findall(entry.msgid)) == sorted(PLACEHOLDER.findall(entry.msgstr))


def test_a_counted_word_stands_behind_a_number_in_plurals_only() -> None:
    """The number decides its form: 3 أخبار، 11 خبرًا، 100 خبر. Elsewhere the word stands before the number."""
    found = [entry.msgid for entry in ENTRIES if not entry.msgid_plural and COUNTED.search(entry.msgstr)]
    assert found == []


def test_a_word_is_written_with_tanween_everywhere_or_nowhere() -> None:
    """A dual before a noun, رمزا استرداد, has the letters of a singular with tanween, رمزًا."""
    texts = " ".join(text for entry in ENTRIES for text in (entry.msgstr, *entry.msgstr_plural.values()))
    words = set(re.findall(r"[\u0621-\u0652]+", texts)) - DUALS
    assert {word for word in words if word.endswith("ًا") and f"{word[:-2]}ا" in words} == set()


def test_versions_of_a_story_are_not_called_as_the_forms_of_a_word() -> None:
    of_story = re.compile(r"[Vv]ersions? (of|com)|first version|story")
    texts = [entry for entry in ENTRIES if of_story.search(entry.msgid)]
    assert texts
    words = " ".join(text for entry in texts for text in (entry.msgstr, *entry.msgstr_plural.values()))
    assert re.findall(r"صيغ\w*", words) == []


@pytest.mark.parametrize("word", ["عبارة البحث", "المقال", "مقال"])
def test_an_article_and_a_query_have_one_name_each(word: str) -> None:
    """An article is خبر, a query استعلام."""
    texts = [text for entry in ENTRIES for text in (entry.msgstr, *entry.msgstr_plural.values())]
    assert [text for text in texts if re.search(rf"(?<!\w){word}", text)] == []


def test_a_date_in_the_text_has_one_name_in_filters_and_views() -> None:
    shown = {entry.msgid: entry.msgstr for entry in ENTRIES}
    assert shown["Date of the event"] == shown["date of the event"]
    assert [name for name in shown if re.search(r"dates? mentioned in the text", name)] == []


def test_a_token_of_the_api_is_told_from_the_codes_of_the_second_factor() -> None:
    """Both are رموز; a token is رمز وصول in each text, and a page or list of them has one name."""
    of_tokens = [entry for entry in ENTRIES if re.search(r"\b[Tt]okens?\b", entry.msgid)]
    assert len(of_tokens) > 5
    texts = [(entry.msgid, text) for entry in of_tokens for text in forms_of(entry)]
    assert [name for name, text in texts if "وصول" not in text] == []
    assert {entry.msgid for entry in of_tokens if entry.msgstr == "رموز الوصول"} == {"API tokens"}


def test_the_tone_is_quiet() -> None:
    texts = [text for entry in ENTRIES for text in (entry.msgstr, *entry.msgstr_plural.values())]
    assert [text for text in texts if "!" in text] == []
    assert [text for text in texts if "," in NOT_PROSE.sub("", text)] == [], "an Arabic comma is ،"
