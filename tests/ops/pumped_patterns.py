"""Regular expressions of the project, and texts that show whether one takes more than linear time.

A text is built from a pattern's own tree: what precedes a repetition once, what it repeats many times, and an
end that does not match. This finds nested repetitions (exponential), neighbours that share characters, and
searches that begin anew at each character of a long run (both quadratic).
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import random
import re
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any, TypeAlias

PROJECT = Path(__file__).resolve().parents[2]
PACKAGES = ("arabic", "articles", "search", "newsarchive")
Pattern: TypeAlias = "re.Pattern[Any]"
#: Functions of `re` and methods of a pattern that try each position of a text.
SEARCHES = {"search", "sub", "subn", "split", "findall", "finditer"}
MATCHES = {"match", "fullmatch"}
#: Patterns that are called by another name, in a loop, and by which method.
CALLED_IN_LOOPS = {
    "_REASON_PATTERNS": {"fullmatch"}, "_REPORTER": {"fullmatch"}, "_LABELLED": {"fullmatch", "sub"},
    "_NAME_AND_OFFICE": {"fullmatch"}, "_BY": {"fullmatch"},
}  # fmt: skip
#: Units of a text that a linear pattern passes in microseconds, and how much longer the second text is.
UNITS, FACTOR = 3_000, 4
#: Processor seconds below which a text is too cheap to judge, and seconds, on a core shared with much other
#: work, after which a pattern has no end.
CHEAP_SECONDS, HANG_SECONDS = 0.006, 20.0
#: FACTOR if the time is linear, FACTOR² if it is quadratic.
WORST_RATIO = 9.0
#: Characters tried in place of a class or a dot, those that patterns of this project have in common first.
SAMPLES = " \n\t\r,aاx1٣-–./:;&<>()[]«»\"'|_=#\x80ـ\u064b\u200f\N{NO-BREAK SPACE}"


def import_project() -> list[ModuleType]:
    """Import all modules of the project and return them."""
    found = []
    for package in PACKAGES:
        root = importlib.import_module(package)
        found.append(root)
        names = [info.name for info in pkgutil.walk_packages(root.__path__, f"{package}.")]
        # wsgi sets the process up as a server; pdf_worker is a program.
        found += [
            importlib.import_module(name)
            for name in names
            if "migrations" not in name and not name.endswith((".wsgi", ".pdf_worker"))
        ]
    return found


def project_patterns() -> dict[str, tuple[Pattern, set[str]]]:
    """Return {place: (pattern, methods)} of all patterns; no methods: it is handed on, to whatever method."""
    methods = _methods_by_name()
    found: dict[str, tuple[Pattern, set[str]]] = {}
    for module in import_project():
        for name, pattern in _patterns_in(vars(module)):
            if (home := f"{module.__name__}.{name}") and not any(
                pattern is known for known, _methods in found.values()
            ):
                plain = name.partition("[")[0].rpartition(".")[2].removesuffix("()")
                found[home] = (pattern, methods.get(plain, set()) | CALLED_IN_LOOPS.get(plain, set()))
    for path, call in _calls_of_re():
        with suppress(ValueError):  # put together when it runs; then its parts are constants elsewhere
            text = ast.literal_eval(call.args[0])
            assert isinstance(call.func, ast.Attribute)
            if isinstance(text, str | bytes):
                flags = sum(getattr(re, flag) for flag in re.findall(r"\bre\.([A-Z]+)\b", ast.unparse(call)))
                method = call.func.attr
                place = f"{path.relative_to(PROJECT)}:{call.lineno}"
                if method != "compile":
                    found[place] = (re.compile(text, flags), {method})
    return found


def _patterns_in(names: dict[str, object], depth: int = 0) -> Iterator[tuple[str, Pattern]]:
    """Yield patterns among values, in containers, and returned by cached functions without arguments."""
    for name, value in list(names.items()):
        yield from _patterns_of(name, value, depth)


def _patterns_of(name: str, value: object, depth: int) -> Iterator[tuple[str, Pattern]]:
    if isinstance(value, re.Pattern):
        yield name, value
    elif depth > 3:
        return
    elif isinstance(value, dict) and len(value) < 500:
        for key, each in value.items():
            yield from _patterns_of(f"{name}[{key!r:.20}]", key, depth + 1)
            yield from _patterns_of(f"{name}[{key!r:.20}]", each, depth + 1)
    elif isinstance(value, list | tuple) and len(value) < 500:
        for number, each in enumerate(value):
            yield from _patterns_of(f"{name}[{number}]", each, depth + 1)
    elif isinstance(value, type) and value.__module__.startswith(PACKAGES) and depth == 0:
        yield from _patterns_in({f"{name}.{key}": each for key, each in vars(value).items()}, depth + 1)
    elif hasattr(value, "cache_info") and _returns_pattern(value):
        with suppress(TypeError):  # it has arguments
            yield f"{name}()", value()  # type: ignore[operator]  # a cached function


def _returns_pattern(value: object) -> bool:
    return "Pattern" in str(getattr(value, "__annotations__", {}).get("return", ""))


def _project_files() -> Iterator[tuple[Path, ast.Module]]:
    for package in PACKAGES:
        for path in sorted((PROJECT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path, ast.parse(path.read_text(encoding="utf-8"))


def _calls_of_re() -> Iterator[tuple[Path, ast.Call]]:
    """Yield the calls of `re.…(pattern, …)`."""
    for path, tree in _project_files():
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call) and node.args and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name) and node.func.value.id == "re"
            ):  # fmt: skip
                yield path, node


def _methods_by_name() -> dict[str, set[str]]:
    """Return the methods that are called on each name anywhere in the project."""
    found: dict[str, set[str]] = {}
    for _path, tree in _project_files():
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in SEARCHES | MATCHES:
                owner = node.value
                while isinstance(owner, ast.Subscript | ast.Call):
                    owner = owner.value if isinstance(owner, ast.Subscript) else owner.func
                name = getattr(owner, "id", getattr(owner, "attr", ""))
                found.setdefault(name, set()).add(node.attr)
    return found


Tree: TypeAlias = "list[tuple[Any, Any]]"
parser: Any = re._parser  # type: ignore[attr-defined]  # the only parser of this syntax
constants: Any = re._constants  # type: ignore[attr-defined]  # its opcodes
REPEATS = {constants.MAX_REPEAT, constants.MIN_REPEAT, constants.POSSESSIVE_REPEAT}


class _Sampler:
    """Texts that parts of a pattern's tree match, as far as they can be told without trying."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311  not a secret

    def text(self, tree: Iterable[tuple[Any, Any]]) -> str:
        return "".join(self.item(op, argument) for op, argument in tree)

    def item(self, op: Any, argument: Any) -> str:  # noqa: PLR0911  a case per opcode
        if op is constants.LITERAL:
            return chr(argument)
        if op in (constants.NOT_LITERAL, constants.ANY, constants.IN):
            return self._character(op, argument)
        if op is constants.BRANCH:
            return self.text(self.random.choice(argument[1]))
        if op is constants.SUBPATTERN:
            return self.text(argument[-1])
        if op is constants.ATOMIC_GROUP:
            return self.text(argument)
        if op in REPEATS:
            least, most, body = argument
            count = self.random.randint(least, min(int(most), max(1, least)))
            return "".join(self.text(body) for _ in range(count))
        return ""  # anchors, look-arounds, back references

    def _character(self, op: Any, argument: Any) -> str:
        if op is constants.ANY:
            return self.random.choice(SAMPLES)
        if op is constants.NOT_LITERAL:
            return self.random.choice([each for each in SAMPLES if each != chr(argument)])
        fits = [each for each in SAMPLES if _in_class(argument, each)]
        if fits:
            return self.random.choice(fits)
        kind, value = next((each for each in argument if each[0] is not constants.NEGATE), (None, 0))
        return chr(value[0] if kind is constants.RANGE else value if kind is constants.LITERAL else 97)


def _in_class(items: Any, char: str) -> bool:
    """Return True if a character is in a class of the tree."""
    negated = any(op is constants.NEGATE for op, _value in items)
    inside = any(_matches_item(op, value, char) for op, value in items if op is not constants.NEGATE)
    return inside != negated


def _matches_item(op: Any, value: Any, char: str) -> bool:
    if op is constants.LITERAL:
        return ord(char) == value
    if op is constants.RANGE:
        return bool(value[0] <= ord(char) <= value[1])
    kinds = {"DIGIT": r"\d", "SPACE": r"\s", "WORD": r"\w"}
    name = str(value).rpartition("CATEGORY_")[2]
    found = re.match(kinds[name.removeprefix("NOT_")], char) is not None
    return found != name.startswith("NOT_")


def _repeats(tree: Iterable[tuple[Any, Any]], before: Tree) -> Iterator[tuple[Tree, Tree]]:
    """Yield (what precedes it, what it repeats) of every repetition without a small bound."""
    items = list(tree)
    for at, (op, argument) in enumerate(items):
        preceding = [*before, *items[:at]]
        if op in REPEATS:
            if argument[1] is constants.MAXREPEAT or argument[1] > 100:
                yield preceding, list(argument[2])
            yield from _repeats(argument[2], preceding)
        elif op is constants.BRANCH:
            for branch in argument[1]:
                yield from _repeats(branch, preceding)
        elif op is constants.SUBPATTERN:
            yield from _repeats(argument[-1], preceding)
        elif op is constants.ATOMIC_GROUP:
            yield from _repeats(argument, preceding)
        elif op in (constants.ASSERT, constants.ASSERT_NOT):
            yield from _repeats(argument[1], preceding)


def pumps(pattern: Pattern, seed: int = 1, variants: int = 8) -> list[tuple[str, str, str]]:
    """Return triples (beginning, unit, end) for a pattern; a text is beginning + unit × n + end."""
    text = pattern.pattern.decode("latin-1") if isinstance(pattern.pattern, bytes) else pattern.pattern
    tree = parser.parse(text, pattern.flags & ~re.DEBUG)
    found: dict[tuple[str, str, str], None] = {}
    for number in range(variants):
        sampler = _Sampler(seed + number)
        found[("", sampler.text(tree), "")] = None
        for preceding, body in _repeats(tree, []):
            start, unit = sampler.text(preceding), sampler.text(body)
            for beginning, repeated in ((start, unit), ("", start + unit), ("", start), ("", unit)):
                found[(beginning, repeated, "\0")] = None
    for char in " \n-.":
        found[("", char, "\0")] = None
    return [each for each in found if each[1]]


class PatternTimeError(BaseException):
    """A pattern did not end within HANG_SECONDS."""


@contextmanager
def _time_limit() -> Iterator[None]:
    """Raise PatternTimeError after HANG_SECONDS; the engine of `re` looks for signals.

    A timer of processor time would make the clock that is read here as coarse as its ticks.
    """

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise PatternTimeError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, HANG_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def find_slow_text(pattern: Pattern, methods: set[str]) -> str:
    """Return a description of a text on which the pattern takes more than linear time, or ""."""
    call = _search_all(pattern)
    if methods and not methods & SEARCHES:
        call = pattern.fullmatch if methods == {"fullmatch"} else pattern.match
    for beginning, unit, end in pumps(pattern):
        units = max(20, 2 * UNITS // (len(unit) + 1))

        def seconds(count: int, parts: tuple[str, str, str] = (beginning, unit, end)) -> float:
            text: Any = parts[0] + parts[1] * count + parts[2]
            if isinstance(pattern.pattern, bytes):
                text = text.encode("latin-1", "replace")
            started = time.process_time()
            with _time_limit():
                call(text)
            return time.process_time() - started

        try:
            if (long := seconds(FACTOR * units)) < CHEAP_SECONDS:
                continue
            short = max(1e-6, min(seconds(units) for _ in range(3)))
            long = min(long, seconds(FACTOR * units))
        except PatternTimeError:
            return f"no end: {beginning!r} + {unit!r} × {FACTOR * units} + {end!r}"
        if long >= CHEAP_SECONDS and long > WORST_RATIO * short:
            return f"{long / short:.1f} times: {beginning!r} + {unit!r} × {FACTOR * units} + {end!r}"
    return ""


def _search_all(pattern: Pattern) -> Callable[[Any], object]:
    return lambda text: sum(1 for _found in pattern.finditer(text))
