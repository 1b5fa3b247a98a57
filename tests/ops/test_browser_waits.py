"""Browser tests wait for what an action brings about, instead of reading a page that may still change."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
MODULES = [path for path in TESTS.rglob("*.py") if "from playwright" in path.read_text(encoding="utf-8")]
#: After these the page may be about to change.
ACTIONS = {"click", "tap", "press", "type", "check", "uncheck", "select_option", "go_back"}
#: These return when a change has arrived: a document, or what an assertion of Playwright's waits for.
WAITS = {"expect", "follow", "goto", "reload", "log_in", "upload_for_preview", "expect_download"}
#: These read what is there at this moment, on the page or in the database.
READS = {
    "all", "all_inner_texts", "all_text_contents", "bounding_box", "count", "evaluate", "evaluate_all",
    "get_attribute", "inner_text", "input_value", "is_checked", "is_hidden", "is_visible", "objects",
    "refresh_from_db", "screenshot", "text_content", "url",
}  # fmt: skip


def steps(node: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield the line and the name of every call and attribute, in the order in which they are evaluated."""
    if isinstance(node, ast.FunctionDef | ast.Lambda):
        return  # runs when it is called
    if isinstance(node, ast.With):  # what it waits for has come at its end
        parts: Iterable[ast.AST] = [*node.body, *node.items]
    else:
        parts = ast.iter_child_nodes(node)
    for part in parts:
        yield from steps(part)
    if isinstance(node, ast.Attribute):
        yield node.lineno, node.attr
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        yield node.lineno, node.func.id


def early_reads(found: Iterable[tuple[int, str]], reads: set[str], *, is_settled: bool = True) -> list[int]:
    """Return the lines that read between an action and the wait for its effect."""
    early = []
    for line, step in found:
        if step in WAITS or step.startswith(("wait_for", "expect_nav")):
            is_settled = True
        elif step in ACTIONS:
            is_settled = False
        elif step in reads and not is_settled:
            early.append(line)
    return early


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_nothing_is_read_while_the_page_may_change(path: Path) -> None:
    code = path.read_text(encoding="utf-8")
    functions = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.FunctionDef)]
    done = {each.name: [step for part in each.body for step in steps(part)] for each in functions}
    reads = READS | {name for name, found in done.items() if early_reads(found, READS, is_settled=False)}
    early = {line for found in done.values() for line in early_reads(found, reads - WAITS)}
    lines = code.splitlines()
    assert [line for line in sorted(early) if "# settled:" not in lines[line - 1]] == []
