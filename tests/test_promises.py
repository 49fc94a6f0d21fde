"""docs/security.md promises nothing that no test holds: each test it names exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "security.md"
TEST = re.compile(r"`(tests/test_\w+\.py)::(test_\w+)`")


def test_every_test_that_is_named_is_there() -> None:
    named = TEST.findall(PAGE.read_text(encoding="utf-8"))
    assert len(named) > 30
    for path, test in named:
        tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
        there = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        assert test in there, f"{path}::{test}"


def test_every_promise_names_a_test() -> None:
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    promises = [row for row in rows if not row.startswith("| Điều được hứa")]
    assert len(promises) > 30
    assert [row for row in promises if not TEST.search(row)] == []


def test_every_threat_says_what_is_not_promised() -> None:
    _, *threats = re.split(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert len(threats) == 6
    assert [one.splitlines()[0] for one in threats if "**Không hứa:**" not in one] == []
