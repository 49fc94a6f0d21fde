"""The map of the founding article: each of its 30 rows has a form, table, figure, plan, letter."""

from __future__ import annotations

import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import tdkt_models
from channels.library import newest_regulation
from review.post import LetterKind
from review.proposals import RULES
from tdkt_models.base import Base

ROOT = Path(__file__).resolve().parent.parent
for module in pkgutil.iter_modules(tdkt_models.__path__, "tdkt_models."):
    importlib.import_module(module.name)  # loads every table
SCORES = {"a", "b", "c", "general"}  # terms of the scorecard
Row = tuple[str, ...]


def rows() -> list[Row]:
    text = (ROOT / "docs" / "map.md").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if re.match(r"\| (\d+|[MWN]) \|", line)]
    return [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines]


def words(cell: str) -> set[str]:
    return {word.strip() for word in cell.split(",")}


@pytest.fixture(scope="module")
def codes() -> set[str]:
    """The figures that review/ can make, by the code in its source."""
    source = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "review").glob("*.py"))
    return set(re.findall(r'"([A-Z][A-Z_]+)"', source)) | set(re.findall(r'f"([A-Z_]+_)\{', source))


def test_the_map_has_the_thirty_rows_in_order() -> None:
    assert [row[0] for row in rows()] == [*map(str, range(1, 31)), "M", "W", "N"]


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0])
def test_a_row_is_found_in_a_form_a_table_a_plan_and_a_letter(row: Row, codes: set[str]) -> None:
    _, _, sheets, tables, figures, plans, letters = row
    forms = newest_regulation().forms.values()
    assert words(sheets) <= {sheet.key for form in forms for sheet in form.sheets}
    assert words(tables) <= set(Base.metadata.tables)
    assert words(plans) <= {rule.kind.value for rule in RULES}
    assert words(letters) <= {kind.value for kind in LetterKind}
    for figure in words(figures) - SCORES:
        made = figure in codes or any(
            figure.startswith(code) for code in codes if code.endswith("_")
        )
        assert made, figure
