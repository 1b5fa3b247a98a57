"""Markdown: fields of the head, the heading as title, and a text without marks."""

from __future__ import annotations

import pytest

from tests.articles.readers.sample_files import MORE, TEXT, TITLE, parse_only


def test_the_head_has_the_fields_and_marks_are_taken_out() -> None:
    lines = (
        "---", f'title: "{TITLE}"', "date: 2013-08-03T09:00:00+03:00", "author: ليلى ناصر", "tags: [محليات]",
        "---", "", "## أولا", f"**{TEXT}** من [هنا](https://example.org/a_(b)) و`هناك`", "",
        f"> {MORE}", "", "---", "- snake_case_x",
    )  # fmt: skip
    record = parse_only("a.md", "\r\n".join(lines).encode())
    assert (record.title, record.date, record.byline) == (TITLE, "2013-08-03T09:00:00+03:00", "ليلى ناصر")
    assert record.body == f"أولا\n{TEXT} من هنا وهناك\n\n{MORE}\n\n\nsnake_case_x"


def test_without_a_head_the_heading_is_the_title() -> None:
    record = parse_only("a.markdown", f"# *{TITLE}*\n\n{TEXT} 3*4*5\n".encode("cp1256"))
    assert (record.title, record.body) == (TITLE, f"{TEXT} 3*4*5")
    assert parse_only("a.md", f"{TEXT}\n---\n{MORE}".encode()).body == f"{TEXT}\n\n{MORE}"


def test_a_text_between_two_rules_is_no_head() -> None:
    assert parse_only("a.md", f"---\n{TEXT}\n\n---\n{MORE}\n".encode()).body == f"{TEXT}\n\n\n{MORE}"


FURTHER_LINES = [
    (">-\n  صيانة\n  الجسر\n\n  القديم", "صيانة الجسر القديم"),
    ("|\n    صيانة\n    الجسر # 2", "صيانة الجسر # 2"),
    (">2- # مسودة\n  صيانة: الجسر", "صيانة: الجسر"),
    ("صيانة\n  الجسر\n  القديم", "صيانة الجسر القديم"),
    ("\n  صيانة\n  الجسر", "صيانة الجسر"),
    ('"صيانة\n  الجسر" # مسودة', "صيانة الجسر"),
    ("\n  - صيانة\n  - 'جسر'", "صيانة، جسر"),
    ("# اثنان\n- صيانة # أول\n# ثان\n- جسر\n  قديم", "صيانة، جسر قديم"),
    ("[صيانة,\n  جسر]", "صيانة، جسر"),
    ("\n  - name: صيانة\n    url: https://example.org\n  - name: جسر", "صيانة، جسر"),
    ("\n  name: صيانة\n  email: a@example.org", "صيانة"),
]


@pytest.mark.parametrize(("written", "title"), FURTHER_LINES)
def test_a_value_on_further_lines_is_read_whole(written: str, title: str) -> None:
    record = parse_only("a.md", f"---\ntitle: {written}\nauthor: ليلى\n---\n{TEXT}".encode())
    assert (record.title, record.byline, record.body) == (title, "ليلى", TEXT)


VALUES = [
    ("[عاجل] صيانة الجسر", "[عاجل] صيانة الجسر"),
    ('"[عاجل] صيانة الجسر"', "[عاجل] صيانة الجسر"),
    ("صيانة الجسر [تحديث]", "صيانة الجسر [تحديث]"),
    (r'"قال: \"صيانة\" الجسر"', 'قال: "صيانة" الجسر'),
    (r'"\u0635\u064A\u0627\u0646\u0629"', "صيانة"),
    (r'"\UFFFFFFFF"', r"\UFFFFFFFF"),
    ("'صيانة ''الجسر'''", "صيانة 'الجسر'"),
    ("صيانة الجسر # مسودة", "صيانة الجسر"),
    ('"صيانة #1" # مسودة', "صيانة #1"),
    ("صيانة#1", "صيانة#1"),
    ('"صيانة" و"جسر"', '"صيانة" و"جسر"'),
    ('"صيانة الجسر', '"صيانة الجسر'),
    ("['صيانة', \"جسر\"] # اثنان", "صيانة، جسر"),
]


@pytest.mark.parametrize(("written", "title"), VALUES)
def test_a_value_is_read_without_its_quotes_escapes_and_comment(written: str, title: str) -> None:
    assert parse_only("a.md", f"---\ntitle: {written}\n---\n{TEXT}".encode()).title == title


def test_a_list_of_authors_is_their_names() -> None:
    record = parse_only("a.md", f"---\ntitle: {TITLE}\nauthor: [ليلى ناصر, 'هدى']\n---\n{TEXT}".encode())
    assert record.byline == "ليلى ناصر، هدى"


def test_a_head_in_toml_has_the_fields_above_its_tables() -> None:
    lines = (
        "+++", f'title = "{TITLE}" # مسودة', "date = 2013-08-03T09:00:00+03:00", "author = 'ليلى ناصر'",
        "tags = [", '  "محليات",', "]", "[params]", "source = 'قالب'", "+++", TEXT,
    )  # fmt: skip
    record = parse_only("a.md", "\n".join(lines).encode())
    assert (record.title, record.date, record.byline) == (TITLE, "2013-08-03T09:00:00+03:00", "ليلى ناصر")
    assert (record.source, record.body) == ("", TEXT)


def test_values_on_further_lines_of_toml_are_read_and_a_damaged_head_as_far_as_it_goes() -> None:
    lines = (
        "+++", f'title = """\n{TITLE} \\\n  جديد"""', "author = [", "  'ليلى', # أولى", '  "هدى",', "]",
        "date = 2013-08-03", "draft = false", "+++", TEXT,
    )  # fmt: skip
    record = parse_only("a.md", "\n".join(lines).encode())
    assert (record.title, record.byline, record.date) == (f"{TITLE} جديد", "ليلى، هدى", "2013-08-03")
    record = parse_only("a.md", f"+++\ntitle = '{TITLE}'\ndraft = no\n+++\n{TEXT}".encode())
    assert (record.title, record.body) == (TITLE, TEXT)
