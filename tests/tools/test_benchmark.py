"""`benchmark`: what it measures, the articles that it varies, and the report that it writes."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from tools.benchmark import measured_archive, run, speed_report
from tools.benchmark.measured_archive import index_bytes
from tools.benchmark.speed_report import percentile, read_runs, render, summary, write
from tools.benchmark.varied import TEXT_FIELDS, varied_articles
from tools.servers.elasticsearch_distribution import ElasticsearchMissingError

SAMPLES = measured_archive.SAMPLES
#: One folder of the samples, and a workload of a few queries.
TINY = {"corpus": SAMPLES / "baydar", "queries": 3, "warm": 2, "saves": 2}


def words(articles: Any) -> Counter[str]:
    return Counter(word for each in articles for name in TEXT_FIELDS for word in each[name].split())


texts = st.lists(st.sampled_from(["قصف", "حلب،", "مدينة", "كتاب", "2012", "(حمص)", "و"]), min_size=1).map(
    " ".join
)
corpora = st.lists(st.fixed_dictionaries({"id": st.just("a"), "title": texts, "body": texts}), min_size=1)


@given(corpora, st.integers(0, 3), st.integers(0, 9))
def test_varied_articles_keep_the_words_of_the_corpus_and_the_length_of_each_text(
    corpus: list[dict[str, str]], rounds: int, seed: int
) -> None:
    made = list(varied_articles(corpus, rounds * len(corpus), seed))
    assert made == list(varied_articles(corpus, rounds * len(corpus), seed))
    assert len(made) == rounds * len(corpus)
    for number in range(rounds):
        one = made[number * len(corpus) : (number + 1) * len(corpus)]
        letters = [Counter("".join(each["title"] + each["body"] for each in some)) for some in (one, corpus)]
        assert letters[0] == letters[1]
        for new, old in zip(one, corpus, strict=True):
            assert [len(new[name].split()) for name in TEXT_FIELDS] == [
                len(old[name].split()) for name in TEXT_FIELDS
            ]


def test_a_word_changes_places_with_words_about_as_frequent_only() -> None:
    corpus = [{"id": str(n), "title": "نادر" if n == 0 else "", "body": "كثير " * 20} for n in range(9)]
    for each in varied_articles(corpus, 30):
        assert set(each["body"].split()) == {"كثير"}


def test_variants_differ_from_each_other_and_the_count_is_exact() -> None:
    corpus = [
        {
            "id": str(n),
            "title": f"عنوان{'ا' * n}",
            "body": " ".join(f"كلمة{'ا' * (n + at)}" for at in range(40)),
        }
        for n in range(10)
    ]
    made = list(varied_articles(corpus, 25))
    assert len(made) == len({each["id"] for each in made}) == len({each["body"] for each in made}) == 25
    assert made != list(varied_articles(corpus, 25, seed=2))


def test_percentiles_are_measured_values() -> None:
    assert [percentile([3, 1, 2, 4], share) for share in (25, 50, 95)] == [1, 2, 4]
    assert percentile([], 50) == 0


def test_a_summary_compares_each_system_with_the_reference() -> None:
    times = {
        "reference": {"short": [[10, 0], [20, 0]], "noisy": [[40, 0]]},
        "embedded": {"short": [[5, 1], [10, 2]], "noisy": [[80, 3]]},
    }
    found = summary(times)
    assert list(found) == ["short", "noisy", "all"]
    assert found["short"]["embedded"]["p50_ratio"] == 0.5
    assert found["noisy"]["embedded"]["p95_ratio"] == 2.0
    assert found["all"]["embedded"] == {
        "p50": 10, "p95": 80, "drawing_p50": 2, "p50_ratio": 0.5, "p95_ratio": 2.0
    }  # fmt: skip
    alone = summary({"embedded": times["embedded"]})
    assert alone["all"]["embedded"]["p50_ratio"] is None


def an_import(rate: float, processor_seconds: float) -> dict[str, float]:
    return {"articles": 1000, "articles_per_second": rate, "processor_seconds": processor_seconds}


def a_run(articles: int, ratio: float, load: float = 0.1) -> dict[str, Any]:
    sets = summary({"reference": {"short": [[10, 0]]}, "embedded": {"short": [[10 * ratio, 2]]}})
    take = {"queries": {"short": 1}, "failed": {"embedded": 0}, "sets": sets}
    return {
        "day": "2026-11-30", "commit": "abc", "cores": 2, "load": load, "articles": articles,
        "text_bytes": 100, "corpus": "those of a file", "engines": ["embedded"],
        "server": {"version": "9.4.3", "heap_mb": 1024},
        "searches": dict.fromkeys(speed_report.TAKES, take),
        "saves": {"embedded": {"saves": 9, "p50": 0.3, "p95": 2.1}},
        "index": {"embedded": {"live_bytes": 260, "rebuild_seconds": 1.0, "folder_ratio": 1.1}},
        "against": "def",
        "imports": {
            "embedded": {
                "ours": [an_import(80, 20.0), an_import(70, 19.0)],
                "other": [an_import(100, 18.0), an_import(90, 25.0)],
            }
        },
    }  # fmt: skip


def test_the_report_says_what_is_reached_and_what_is_not() -> None:
    text = render(a_run(12_000, 1.9))
    assert "| reached |  |  | × 1.90 ✗, × 1.90 ✓ |" in text
    assert "| live bytes after a rebuild ÷ UTF-8 of titles and texts | ≤ 2.5 | 2.60 ✗ |" in text
    assert "| bytes of the folder ÷ live bytes, after the import | ≤ 1.2 | 1.10 ✓ |" in text
    assert "| ratio of the rates | ≥ 0.9 | 0.79 ✗ |" in text
    assert "| this code, processor time per article, ms |  | 19.00 |" in text
    assert "| p95 | ≤ 2 | 2.10 ✗ |" in text
    assert "| the same by processor time | ≥ 0.9 | 0.95 ✓ |" in text
    assert "| reached |  |  | × 1.90 ✓, × 1.90 ✓ |" in render(a_run(100_000, 1.9))
    assert "| all close hits as JSON: `short` | 1 | 10.0, 10.0 | 19.0, 19.0 (× 1.90, × 1.90) |" in text
    assert "do not trust" not in text
    assert "do not trust" in render(a_run(12_000, 1.9, load=3.2))


def test_a_run_replaces_the_one_of_as_many_articles_and_leaves_the_prose(tmp_path: Path) -> None:
    report = tmp_path / speed_report.REPORT
    report.write_text(
        f"before\n{speed_report.BEGIN}\nearlier figures\n{speed_report.END}\nafter\n", encoding="utf-8"
    )
    for each in (a_run(100_000, 2.0), a_run(12_000, 1.9), a_run(12_000, 1.2)):
        write(tmp_path, each)
    assert [each["articles"] for each in read_runs(tmp_path / speed_report.FIGURES)] == [12_000, 100_000]
    text = report.read_text(encoding="utf-8")
    assert text.startswith("before\n")
    assert text.endswith("\nafter\n")
    assert "earlier figures" not in text
    assert text.count("### ") == 2
    assert "× 1.20" in text
    assert "× 1.90" not in text


def test_the_bytes_of_an_index_are_those_of_the_segments_in_use(tmp_path: Path) -> None:
    home = tmp_path / "index" / "one"
    home.mkdir(parents=True)
    meta = json.dumps({"segments": [{"segment_id": "0a-1b"}]})
    (home / "meta.json").write_text(meta)
    for name, size in (("0a1b.store", 100), ("0a1b.12.del", 10), ("dead.store", 1_000), (".lock", 0)):
        (home / name).write_bytes(b"x" * size)
    assert index_bytes(tmp_path / "index") == (110 + len(meta), 1_110 + len(meta))


def test_a_machine_without_elasticsearch_is_told_how_to_get_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> None:
        raise ElasticsearchMissingError("Maven (mvn) is missing: it fetches Elasticsearch")

    for name in ("TEST_ELASTICSEARCH_URL", "ELASTICSEARCH_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(run, "ElasticsearchServer", missing)
    with pytest.raises(CommandError, match=r"(?s)mvn.*ELASTICSEARCH_URL=.*apt install") as told:
        call_command("benchmark", engine="embedded", output=tmp_path, **TINY)
    assert told.value.returncode == 2
    monkeypatch.setenv("ELASTICSEARCH_URL", "http://127.0.0.1:9")
    with pytest.raises(CommandError, match=r"127\.0\.0\.1:9 does not answer") as told:
        call_command("benchmark", output=tmp_path, **TINY)
    assert told.value.returncode == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"corpus": Path("absent.jsonl")},
        {"queries": -1},
        {"saves": -1},
        {"articles": -1},
        {"no_reference": True},
        {"build_only": True},
    ],
)
def test_wrong_arguments_are_refused_before_anything_is_measured(wrong: dict[str, Any]) -> None:
    with pytest.raises(CommandError) as told:
        call_command("benchmark", **wrong)
    assert told.value.returncode == 2


@pytest.mark.slow
def test_the_embedded_engine_is_measured_without_a_server(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command(
        "benchmark", engine="embedded", no_reference=True, json=True, output=tmp_path, articles=30, **TINY
    )
    told = capsys.readouterr()
    assert "load average before: " in told.err
    found = json.loads(told.out)
    assert found["articles"] == 30
    assert found["index"]["embedded"]["live_bytes"] > 0
    for take in found["searches"].values():
        assert take["failed"] == {"embedded": 0}
        assert take["queries"]["frequent"] == 40
        assert set(take["queries"]) == {"queries", "short", "noisy", "frequent"}
        assert 0 < take["sets"]["all"]["embedded"]["p50"] <= take["sets"]["all"]["embedded"]["p95"]
    assert found["saves"]["embedded"]["saves"] == 2
    assert 0 < found["saves"]["embedded"]["p50"] <= found["saves"]["embedded"]["p95"]
    assert read_runs(tmp_path / speed_report.FIGURES) == [found]


@pytest.mark.slow
def test_a_kept_archive_is_measured_again_without_an_import(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = {"engine": "embedded", "no_reference": True, "keep": tmp_path / "kept", "output": tmp_path}
    call_command("benchmark", build_only=True, **asked, **TINY)
    assert "rebuild: embedded" in capsys.readouterr().err
    assert not (tmp_path / speed_report.FIGURES).exists()
    index = set((tmp_path / "kept" / "archive" / "index").rglob("*.store"))
    call_command("benchmark", json=True, **asked, **{**TINY, "queries": 0})
    told = capsys.readouterr()
    assert "import" not in told.err
    assert "rebuild" not in told.err
    found = json.loads(told.out)
    assert found["searches"] == {}
    assert found["saves"]["embedded"]["saves"] == 2
    assert index <= set((tmp_path / "kept" / "archive" / "index").rglob("*.store"))
    with pytest.raises(CommandError, match="holds other articles"):
        call_command("benchmark", **asked, **{**TINY, "articles": 9})


@pytest.mark.elasticsearch
def test_both_engines_are_measured_beside_the_reference(
    elasticsearch_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("ELASTICSEARCH_URL", elasticsearch_url)
    call_command("benchmark", json=True, output=tmp_path, **TINY)
    found = json.loads(capsys.readouterr().out)
    assert found["server"]["version"].startswith("9.")
    for take in found["searches"].values():
        assert take["failed"] == {"reference": 0, "embedded": 0, "elasticsearch": 0}
        assert take["reference_segments"] == 1
        assert all(figures["p50_ratio"] > 0 for figures in take["sets"]["all"].values())
