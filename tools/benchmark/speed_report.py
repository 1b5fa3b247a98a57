"""The figures of `benchmark` as JSON and as the generated section of docs/performance.md."""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

#: The lines of the report that enclose the generated section.
BEGIN, END = "<!-- figures: make benchmark -->", "<!-- end of figures -->"
REPORT, FIGURES = "performance.md", "benchmark.json"
#: What is compared with the reference, by engine: the highest ratios of p50 and p95, for up to
#: LARGE_ARCHIVE articles and for more.
TARGETS = {"embedded": ((1.5, 2.0), (2.0, 2.5)), "elasticsearch": ((2.5, 3.0), (3.0, 4.0))}
LARGE_ARCHIVE = 50_000
#: Index bytes per byte of text after a rebuild; bytes of the folder per live byte after the import; import
#: rate compared with another checkout's.
MAX_INDEX_RATIO, MAX_FOLDER_RATIO, MIN_RATE_RATIO = 2.5, 1.2, 0.9
#: Seconds until an article that was saved can be found, p95.
MAX_SAVE_SECONDS = 2.0
#: Above this load something else was running, and the figures are not to be trusted.
MAX_LOAD = 1.0
TAKES = {
    "page": "the page as drawn",
    "json": "every facet, as JSON",
    "close": "all close hits as JSON",
}
REFERENCE = "reference"


def summary(times: Mapping[str, Mapping[str, Sequence[Sequence[float]]]]) -> dict[str, Any]:
    """Return {set: {system: {p50, p95, drawing_p50, p50_ratio, p95_ratio}}}, with a set `all` of all queries.

    Times are in ms; the ratios are to the reference and None without one.
    """
    groups = list(dict.fromkeys(group for of_system in times.values() for group in of_system))
    found: dict[str, Any] = {}
    for group in [*groups, "all"]:
        found[group] = {
            system: _percentiles(
                [each for name, some in of_system.items() if group in (name, "all") for each in some]
            )
            for system, of_system in times.items()
        }
        reference = found[group].get(REFERENCE)
        for figures in found[group].values():
            for name in ("p50", "p95"):
                figures[f"{name}_ratio"] = (
                    round(figures[name] / reference[name], 3) if reference and reference[name] else None
                )
    return found


def _percentiles(asked: Sequence[Sequence[float]]) -> dict[str, float]:
    return {
        "p50": percentile([search for search, _ in asked], 50),
        "p95": percentile([search for search, _ in asked], 95),
        "drawing_p50": round(statistics.median(rest for _, rest in asked), 2) if asked else 0.0,
    }


def percentile(values: Iterable[float], percent: int) -> float:
    """Return the smallest value that `percent` of the values do not exceed, rounded; 0 without values."""
    ordered = sorted(values)
    return round(ordered[max(0, -(-len(ordered) * percent // 100) - 1)], 2) if ordered else 0.0


def write(folder: Path, run: Mapping[str, Any]) -> None:
    """Put a run into `benchmark.json` and the section of `performance.md`.

    It replaces the run of as many articles. Without a report in the folder only the JSON is written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    runs = [each for each in read_runs(folder / FIGURES) if each["articles"] != run["articles"]]
    runs = sorted([*runs, dict(run)], key=lambda each: int(each["articles"]))
    (folder / FIGURES).write_text(
        json.dumps({"runs": runs}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    report = folder / REPORT
    if report.is_file() and BEGIN in (text := report.read_text(encoding="utf-8")):
        before, rest = text.split(BEGIN, 1)
        section = "\n\n".join(map(render, runs))
        report.write_text(f"{before}{BEGIN}\n\n{section}\n\n{END}{rest.split(END, 1)[1]}", encoding="utf-8")


def read_runs(file: Path) -> list[dict[str, Any]]:
    """Return the runs that a file holds; none if there is no such file or it is not one of ours."""
    try:
        return list(json.loads(file.read_text(encoding="utf-8"))["runs"])
    except (OSError, ValueError, KeyError, TypeError):
        return []


def render(run: Mapping[str, Any]) -> str:
    """Render a run as Markdown."""
    server = run["server"]
    said = [
        f"Measured on {run['day']}, commit {run['commit']}, {run['cores']} cores, load {run['load']} before.",
        f"Articles were {run['corpus']}."
        + (f" Elasticsearch {server['version']}, {server['heap_mb']:,} MB heap." if server else ""),
    ]
    if run["load"] > MAX_LOAD:
        said.append("**Something else was running: do not trust these figures.**")
    if failures := [
        f"{name} {n}" for take in run["searches"].values() for name, n in take["failed"].items() if n
    ]:
        said.append(f"Searches that failed: {', '.join(failures)}.")
    parts = [f"### {run['articles']:,} articles", "\n".join(said)]
    if run["searches"]:
        parts.append(_searches(run))
    if run.get("saves"):  # not in a run of an earlier version
        parts.append(_saves(run))
    if run["index"]:
        parts.append(_index(run))
    if run["imports"]:
        parts.append(_imports(run))
    return "\n\n".join(parts)


def _searches(run: Mapping[str, Any]) -> str:
    engines = run["engines"]
    rows = [["search, p50 and p95 in ms", "queries", REFERENCE, *engines]]
    for take, title in TAKES.items():
        if take not in run["searches"]:  # a run of an earlier version
            continue
        measured = run["searches"][take]
        for group, systems in measured["sets"].items():
            count = sum(measured["queries"].values()) if group == "all" else measured["queries"][group]
            name = f"**{title}**" if group == "all" else f"{title}: `{group}`"
            rows.append(
                [
                    name,
                    f"{count:,}",
                    _times(systems[REFERENCE]) if REFERENCE in systems else "–",
                    *(_compared(systems[engine]) for engine in engines),
                ]
            )
        drawing = [f"{measured['sets']['all'][engine]['drawing_p50']:.1f}" for engine in engines]
        rows.append([f"{'drawing' if take == 'page' else 'writing'} it afterwards, p50", "", "", *drawing])
    targets = [targets_of(engine, run["articles"]) for engine in engines]
    rows.append(
        ["to reach, every facet as JSON", "", "", *(f"≤ × {p50:.1f}, ≤ × {p95:.1f}" for p50, p95 in targets)]
    )
    reached = [run["searches"]["json"]["sets"]["all"][engine] for engine in engines]
    rows.append(
        [
            "reached",
            "",
            "",
            *(
                ", ".join(
                    f"× {value:.2f} {'✓' if value <= most else '✗'}"
                    if (value := figures[f"{name}_ratio"]) is not None
                    else "–"
                    for name, most in zip(("p50", "p95"), target, strict=True)
                )
                for figures, target in zip(reached, targets, strict=True)
            ),
        ]
    )
    return _table(rows)


def targets_of(engine: str, articles: int) -> tuple[float, float]:
    """Return the highest ratios of p50 and p95 to the reference that this engine should reach."""
    return TARGETS[engine][articles > LARGE_ARCHIVE]


def _times(figures: Mapping[str, Any]) -> str:
    return f"{figures['p50']:.1f}, {figures['p95']:.1f}"


def _compared(figures: Mapping[str, Any]) -> str:
    if figures["p50_ratio"] is None:
        return _times(figures)
    return f"{_times(figures)} (× {figures['p50_ratio']:.2f}, × {figures['p95_ratio']:.2f})"


def _saves(run: Mapping[str, Any]) -> str:
    saves = run["saves"].values()
    return _table(
        [
            ["a save until it is found, s", "to reach", *run["saves"]],
            ["number of saves", "", *(str(each["saves"]) for each in saves)],
            ["p50", "", *(f"{each['p50']:.2f}" for each in saves)],
            [
                "p95",
                f"≤ {MAX_SAVE_SECONDS:.0f}",
                *(_at_most(each["p95"], MAX_SAVE_SECONDS) for each in saves),
            ],
        ]
    )


def _index(run: Mapping[str, Any]) -> str:
    rows = [["index", "to reach", *run["index"]]]
    sizes = list(run["index"].values())
    rows.append(
        ["live bytes after a rebuild ÷ UTF-8 of titles and texts", f"≤ {MAX_INDEX_RATIO}"]
        + [_at_most(each["live_bytes"] / max(1, run["text_bytes"]), MAX_INDEX_RATIO) for each in sizes]
    )
    rows.append(
        ["bytes of the folder ÷ live bytes, after the import", f"≤ {MAX_FOLDER_RATIO}"]
        + [
            _at_most(each["folder_ratio"], MAX_FOLDER_RATIO) if each.get("folder_ratio") else "–"
            for each in sizes
        ]
    )
    rows.append(["rebuild, s", "", *(f"{each['rebuild_seconds']:.1f}" for each in sizes)])
    return _table(rows)


def _at_most(value: float, limit: float) -> str:
    return f"{value:.2f} {'✓' if value <= limit else '✗'}"


def _imports(run: Mapping[str, Any]) -> str:
    sides = list(run["imports"].values())
    rows = [["import with all stages, warm cache", "to reach", *run["imports"]]]
    names = {"ours": "this code", "other": f"commit {run['against']}"}
    both = all(each["other"] for each in sides)
    for side in names if both else ("ours",):
        rates = (f"{_rate(each[side]):.0f}" for each in sides)
        costs = (f"{_milliseconds(each[side]):.2f}" for each in sides)
        rows += [
            [f"{names[side]}, articles/s", "", *rates],
            [f"{names[side]}, processor time per article, ms", "", *costs],
        ]
    if both:
        by_rate = [_rate(each["ours"]) / _rate(each["other"]) for each in sides]
        # On a machine that does other work the rates tell nothing.
        by_cost = [_milliseconds(each["other"]) / _milliseconds(each["ours"]) for each in sides]
        rows.append(["ratio of the rates", f"≥ {MIN_RATE_RATIO}", *map(_at_least, by_rate)])
        rows.append(["the same by processor time", f"≥ {MIN_RATE_RATIO}", *map(_at_least, by_cost)])
    return _table(rows)


def _at_least(ratio: float) -> str:
    return f"{ratio:.2f} {'✓' if ratio >= MIN_RATE_RATIO else '✗'}"


def _rate(imports: Sequence[Mapping[str, Any]]) -> float:
    return statistics.median(float(each["articles_per_second"]) for each in imports)


def _milliseconds(imports: Sequence[Mapping[str, Any]]) -> float:
    """Return the least processor time per article: other work on the machine only adds to it."""
    return min(float(1000 * each["processor_seconds"] / each["articles"]) for each in imports)


def _table(rows: Sequence[Sequence[str]]) -> str:
    heads, *rest = rows
    return "\n".join(f"| {' | '.join(row)} |" for row in (heads, ["---"] * len(heads), *rest))
