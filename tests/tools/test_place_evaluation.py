"""The evaluation of the place tagger: which tags count as found, as wrong, or as neither."""

import json
from pathlib import Path

import pytest

from tools.research import score_places
from tools.research.place_evaluation import (
    BadLabelsError,
    LabelledText,
    evaluate,
    metrics,
    read_labelled_texts,
    split_halves,
    surface_variants,
    targets_met,
)


def labelled(text: str, cities: tuple[str, ...] = (), locations: tuple[str, ...] = ()) -> LabelledText:
    return LabelledText("1", text, (*locations, *cities), cities)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("بحمص", "حمص"),
        ("مدينة حمص", "حمص"),
        ("#دير_الزور", "ديرالزور"),
        ("وبلدة مضايا", "مضايا"),
        ("إدلب", "ادلب"),
        ("للرقة", "الرقه"),
    ],
)
def test_surface_forms_are_compared_without_clitics_signs_and_the_word_for_town(one: str, other: str) -> None:
    assert surface_variants(one) & surface_variants(other)


def test_other_names_are_other_surface_forms() -> None:
    assert not surface_variants("حمص") & surface_variants("حماة")


def test_labels_covered_by_a_tag_are_found_and_wrong_tags_are_listed() -> None:
    found = evaluate([labelled("نزحوا من حمص إلى حلب ثم إلى زرفوت", ("حمص", "زرفوت"))])
    assert (found.labels, found.labels_known, found.right, found.wrong) == (2, 1, 1, 1)
    assert {(kind, surface) for kind, surface, _ in found.errors} == {("wrong", "حلب"), ("unknown", "زرفوت")}
    assert found.precision == 0.5
    assert found.recall == 0.5
    assert found.recall_known == 1


def test_repeated_names_count_once() -> None:
    found = evaluate([labelled("حمص اليوم: في حمص مطر", ("حمص", "حمص"))])
    assert (found.labels, found.right, found.wrong) == (1, 1, 0)


def test_tags_in_hashtags_or_other_labelled_places_are_not_judged() -> None:
    found = evaluate([labelled("مطار دمشق الدولي مغلق، من حمص #أمطار_حلب", ("حمص",), ("مطار دمشق الدولي",))])
    assert (found.right, found.wrong) == (1, 0)


def test_a_hashtag_that_is_a_labelled_city_counts_like_any_word() -> None:
    found = evaluate([labelled("أمطار غزيرة #حمص", ("حمص",))])
    assert (found.right, found.labels) == (1, 1)


def test_tags_in_texts_without_places_are_counted_per_hundred() -> None:
    texts = [
        labelled("سافرنا إلى حلب #أمطار_حمص"),
        labelled("لا شيء هنا"),
        labelled("في الطريق", (), ("الطريق",)),
    ]
    found = evaluate(texts)
    assert (found.empty_texts, found.empty_tags, found.empty_hashtags) == (2, 1, 1)
    assert found.false_per_hundred == 50
    assert targets_met(found)["false_per_hundred"] is False


def test_the_halves_are_reproducible_and_complete() -> None:
    texts = [labelled(f"نص {number}") for number in range(11)]
    first, second = split_halves(texts)
    assert (first, second) == split_halves(texts)
    assert sorted(text.text for text in first + second) == sorted(text.text for text in texts)


def test_a_file_of_another_format_is_reported_with_the_line(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    path.write_text('{"text": "حمص", "locations": [], "cities": []}\n{"text": "حمص"}\n', encoding="utf-8")
    with pytest.raises(BadLabelsError, match="line 2"):
        read_labelled_texts(path)
    with pytest.raises(BadLabelsError):
        read_labelled_texts(tmp_path / "missing.jsonl")


def test_the_tool_prints_figures_and_errors_and_whether_the_targets_are_reached(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "labels.jsonl"
    row = {"id": "1", "text": "نزحوا من حمص إلى حلب", "locations": ["حمص"], "cities": ["حمص"]}
    path.write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["score_places.py", str(path), "--errors"])
    assert score_places.main() == 1
    printed = capsys.readouterr().out
    assert "precision" in printed
    assert "wrong\tحلب" in printed
    monkeypatch.setattr("sys.argv", ["score_places.py", str(path), "--json"])
    score_places.main()
    assert json.loads(capsys.readouterr().out) == metrics(evaluate(read_labelled_texts(path)))
