"""Search quality does not fall below the figures of quality_floor.json.

The figures are measured on a small part of the sets beside the project, and only where these exist. A change
that lowers a figure on purpose updates the floor in the same commit and says why; one that raises it updates
the floor too, or the next loss goes unnoticed: `make quality-floor`.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from search.engines.contract import SearchEngine
from search.evaluation.match_cases import check_cases, read_cases
from search.evaluation.metrics import evaluate_queries, read_documents, read_queries, temporary_index

SETS = Path(__file__).resolve().parents[4] / "shared" / "eval"
FLOOR = Path(__file__).with_name("quality_floor.json")
#: Number of articles, and of queries per set that they answer, each from the beginning.
ARTICLES, QUERIES = 2_000, 120
#: A figure may fall by one point, a hundredth of its scale.
POINT = 0.01

#: Measure -> figure, 0 to 1.
Figures = dict[str, float]


def figures(engine: SearchEngine) -> Figures:
    """Measure an engine."""
    records = read_documents(SETS / "news" / "docs.jsonl.gz")[:ARTICLES]
    here = {record.external_id for record in records}
    found: Figures = {}
    with temporary_index(engine, records) as (index, store):
        for name in ("queries", "short", "noisy"):
            asked = [each for each in read_queries(SETS / "news" / f"{name}.jsonl") if each.relevant <= here]
            measured = evaluate_queries(name, asked[:QUERIES], index, store)
            for figure in ("mrr10", "hit10", "ndcg10"):
                found[f"{name} {figure}"] = round(getattr(measured, figure), 4)
    answer = check_cases(read_cases(SETS / "cases.tsv"), engine)
    for part in ("plain", "extraction"):
        for kind, tally in answer[part].items():
            found[f"{part} {kind}"] = round(tally["passed"] / tally["total"], 4)
    return found


def fallen(floor: Figures, now: Figures) -> dict[str, tuple[float, float]]:
    """Return {measure: (floor, now)} of the figures that fell by more than a point."""
    return {name: (least, now[name]) for name, least in floor.items() if now[name] < least - POINT - 1e-9}


@pytest.mark.skipif(not SETS.exists(), reason="the development sets are not beside the project")
def test_no_figure_falls_by_more_than_one_point(
    engine: SearchEngine, kind: str, pytestconfig: pytest.Config
) -> None:
    now = figures(engine)
    floors: dict[str, Figures] = json.loads(FLOOR.read_text(encoding="utf-8"))
    if pytestconfig.getoption("--renew-floor"):
        FLOOR.write_text(json.dumps(floors | {kind: now}, indent=2) + "\n", encoding="utf-8")
        return
    assert now.keys() == floors[kind].keys()
    assert fallen(floors[kind], now) == {}


def test_a_fall_is_reported_with_both_figures_and_one_point_is_tolerated() -> None:
    floor = {"short mrr10": 0.5, "plain core": 0.95}
    assert fallen(floor, {"short mrr10": 0.49, "plain core": 0.95}) == {}
    assert fallen(floor, {"short mrr10": 0.7, "plain core": 0.93}) == {"plain core": (0.95, 0.93)}
