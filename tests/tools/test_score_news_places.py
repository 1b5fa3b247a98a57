"""The score of the place tagger on places in news that were judged one by one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.research import score_news_places

HEAD = "verdict\tplace\tcountry\ttext\n"


def run(path: Path, monkeypatch: pytest.MonkeyPatch, *options: str) -> int:
    monkeypatch.setattr("sys.argv", ["score_news_places", str(path), *options])
    return score_news_places.main()


def test_right_places_are_to_be_kept_and_others_dropped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "judged.tsv"
    file.write_text(
        f"{HEAD}R\tحمص\tSY\tوصل الوفد إلى [[حمص]] أمس\n"
        "W\tالباب\tSY\tطرق [[الباب]] ودخل\n"
        "C\tبرشلونة\tES\tفاز نادي [[برشلونة]] بالدوري\n",
        encoding="utf-8",
    )
    assert run(file, monkeypatch, "--json") == 0
    assert capsys.readouterr().out == '{"R": [1, 1], "W": [1, 1], "C": [1, 1]}\n'


def test_a_namesake_in_another_country_is_not_the_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "judged.tsv"
    file.write_text(f"{HEAD}R\tطرابلس\tLB\tمعارك في [[طرابلس]] عاصمة ليبيا\n", encoding="utf-8")
    assert run(file, monkeypatch, "--errors") == 1
    assert "طرابلس\tLB" in capsys.readouterr().err


@pytest.mark.parametrize("row", ["R\tحمص\tSY\tبلا قوسين", "X\tحمص\tSY\tفي [[حمص]]"])
def test_a_row_that_cannot_be_scored_is_named(
    row: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "judged.tsv"
    file.write_text(f"{HEAD}{row}\n", encoding="utf-8")
    assert run(file, monkeypatch) == 2
    assert "line 2" in capsys.readouterr().err
