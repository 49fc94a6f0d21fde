"""The figures that the checks are held to, as the regulation gives them.

check_rules(data.get("checks", {})).youngest     -> 18

No law fixes them: each is a setting of `decision.toml`, block [checks], with how sure it is. They
travel with the form (`Form.rules`), so that the desk that opens a file, the blank's own self-check
and the office hold a report to the same figures.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class CheckRules:
    """Ages in years between which a person works here (both included); `early_move` the months in
    a post before which a move is noted; `day_hours` the teaching hours (tiết) that one day of a
    class can hold; `self_gap` (hundredths of a point, [points] of the decision) from where a
    cadre's own score and the authority's must be explained."""

    youngest: int = 18
    oldest: int = 65
    early_move: int = 24
    day_hours: int = 8
    self_gap: int = 500


USUAL = CheckRules()


def check_rules(block: Mapping[str, object], self_gap: int = USUAL.self_gap) -> CheckRules:
    """Raises ValueError for a name that is not a setting or a value that is no whole number."""
    known = {f.name for f in fields(CheckRules)} - {"self_gap"}
    for name, value in block.items():
        if name not in known or not isinstance(value, int):
            raise ValueError(f"[checks] {name} = {value!r}; các mục là {', '.join(sorted(known))}")
    return CheckRules(**block, self_gap=self_gap)  # type: ignore[arg-type]
