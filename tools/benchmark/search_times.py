"""Times searches of the archive in ARCHIVE_DATA_DIR on its engines and on the reference, in turn.

tools/benchmark/run.py runs it in a process of its own for each take: `page`, a page of results as readers get
it, `json`, the same with every facet, as the API answers, or `close`, with all close hits besides. All
systems are asked one query after the other, each query once, after other queries have warmed them up. The
system that is asked first changes with every query.
"""

from __future__ import annotations

import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

from django.conf import settings
from django.test import RequestFactory
from django.urls import reverse
from django.utils import translation

from newsarchive.management.commands.setup_archive import collect_static
from search.engines import get_engine
from search.engines.contract import EngineError
from search.evaluation.metrics import EvaluationFileError
from search.query.request import Close, SearchRequest
from search.retrieval.service import run_search
from search.web import views
from search.web.viewmodels.json_results import page_as_json
from tools.benchmark.plain_search import PlainSearch
from tools.benchmark.workload import Workload, measured_queries, warm_up_queries


class Asked(NamedTuple):
    """Seconds until the page of results is finished, seconds for drawing or writing it, and the total."""

    search: float
    rest: float
    total: int


Ask = Callable[[str], Asked]


def main() -> int:
    """Measure as a JSON object on the command line says; print {times, failed, queries} as JSON.

    `times` maps system → set → [[search ms, drawing ms], …]. Exit code 1 with a message if something cannot
    be used.
    """
    asked = json.loads(sys.argv[1])
    if asked["take"] == "page":
        collect_static()  # pages name static files by the hash of their content
    try:
        answer = measure(
            asked["take"],
            asked["engines"],
            PlainSearch(settings.SEARCH_ENGINES["elasticsearch"], asked["reference"])
            if asked["reference"]
            else None,
            sets=Path(asked["sets"]) if asked["sets"] else None,
            per_set=asked["queries"],
            warm=asked["warm"],
            seed=asked["seed"],
        )
    except (EngineError, EvaluationFileError) as error:
        print(error, file=sys.stderr)
        return 1
    json.dump(answer, sys.stdout)
    return 0


def measure(
    take: str,
    engines: Sequence[str],
    reference: PlainSearch | None,
    *,
    sets: Path | None,
    per_set: int,
    warm: int,
    seed: int,
) -> dict[str, Any]:
    """Warm up and measure; see `main`."""
    measured = measured_queries(sets, per_set, seed)
    systems: dict[str, Ask] = {}
    if reference:
        reference.fill()
        systems[reference.name] = lambda text: _asked_plain(reference, text)
    systems |= {name: _asker(take, name) for name in engines}
    with translation.override(settings.LANGUAGE_CODE):
        for _ in _in_turn(systems, {"": warm_up_queries(warm, seed, measured)}):
            pass
        times: dict[str, dict[str, list[list[float]]]] = {name: defaultdict(list) for name in systems}
        failed = dict.fromkeys(systems, 0)
        for name, group, found in _in_turn(systems, measured):
            if found is None:
                failed[name] += 1
            else:
                times[name][group].append([found.search * 1000, found.rest * 1000])
    return {
        "times": times,
        "failed": failed,
        "queries": {group: len(texts) for group, texts in measured.items()},
        "reference_segments": reference.segments() if reference else None,
    }


def _in_turn(systems: Mapping[str, Ask], queries: Workload) -> Iterator[tuple[str, str, Asked | None]]:
    """Ask every system each query; yield system, set and times, or None if the engine failed."""
    names = list(systems)
    for group, texts in queries.items():
        for number, text in enumerate(texts):
            first = number % len(names)
            for name in (*names[first:], *names[:first]):
                try:
                    yield name, group, systems[name](text)
                except EngineError:  # a search of many seconds ends with the timeout of the client
                    yield name, group, None


def _asked_plain(reference: PlainSearch, text: str) -> Asked:
    started = time.perf_counter()
    answer = reference.search(text)
    return Asked(time.perf_counter() - started, 0.0, answer["hits"]["total"]["value"])


def _asker(take: str, engine: str) -> Ask:
    if take == "page":
        return lambda text: _asked_page(engine, text)
    close: Close = "all" if take == "close" else ""
    return lambda text: _asked_json(engine, SearchRequest(q=text, close=close))


def _asked_json(engine: str, request: SearchRequest) -> Asked:
    """Search as the API does."""
    serving = get_engine(engine)
    started = time.perf_counter()
    page = run_search(request, engine=serving)
    found = time.perf_counter()
    json.dumps(page_as_json(page), ensure_ascii=False)
    return Asked(found - started, time.perf_counter() - found, page.total)


def _asked_page(engine: str, text: str) -> Asked:
    """Call the view of the results page; what is not the search is drawing."""
    # The page writes absolute addresses: the request must come to a host that the archive answers for.
    request = RequestFactory(SERVER_NAME="localhost").get(reverse("search:results"), {"q": text})
    with serving_engine(engine), _search_of_view() as spent:
        started = time.perf_counter()
        response = views.results(request)
        took = time.perf_counter() - started
    if response.status_code != 200:
        raise EngineError(f"the page answers {response.status_code}")
    return Asked(spent["seconds"], took - spent["seconds"], spent["total"])


@contextmanager
def serving_engine(name: str) -> Iterator[None]:
    """Make this engine the one in use."""
    with patch.object(settings, "SEARCH_ENGINE", name):
        yield


@contextmanager
def _search_of_view() -> Iterator[dict[str, Any]]:
    """Add up the seconds that the view spends on its search, examples for an empty result left out."""
    spent: dict[str, Any] = {"seconds": 0.0, "total": None}
    prepare, run = views.prepare_search, views.run_search

    def timed(work: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            if spent["total"] is not None:
                return work(*arguments, **options)
            started = time.perf_counter()
            answer = work(*arguments, **options)
            spent["seconds"] += time.perf_counter() - started
            spent["total"] = getattr(answer, "total", None)
            return answer

        return call

    with patch.object(views, "prepare_search", timed(prepare)), patch.object(views, "run_search", timed(run)):
        yield spent
