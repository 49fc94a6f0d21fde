"""The thresholds of plans that apply in a period: `regulations/<month>/plans/*.toml`.

plan_rules_in_force("2026-10").rotation.early_months     -> 24
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path

from channels.errors import LibraryError
from channels.library import SHELF, codes, last_changed
from review.period import Period
from review.plan_rules import PlanRules, PlanRulesError, plan_rules_from


def plan_rules_in_force(period_text: str, folder: Path | None = None) -> PlanRules:
    """The newest thresholds whose month of effect is not after the period's first day; a decision
    that brings none leaves those before it in force. Read once for each folder and kept, as the
    decisions are. Raises LibraryError."""
    shelf = folder or SHELF
    return _in_force(period_text, shelf, last_changed(shelf))


@lru_cache(maxsize=256)
def _in_force(period_text: str, shelf: Path, _changed: int) -> PlanRules:
    start = Period.parse(period_text).start
    month = f"{start.year:04}-{start.month:02}"
    having = [name for name in codes(shelf) if (shelf / name / "plans").is_dir()]
    in_force = [name for name in having if name <= month] or having[:1]
    if not in_force:
        raise LibraryError(f"Chưa có ngưỡng kế hoạch nào trong {shelf} (thư mục plans/).")
    return _read(shelf / in_force[-1] / "plans")


@lru_cache(maxsize=16)
def _read(folder: Path) -> PlanRules:
    try:
        return plan_rules_from(
            {p.stem: tomllib.loads(p.read_text(encoding="utf-8")) for p in folder.glob("*.toml")}
        )
    except (OSError, ValueError, PlanRulesError) as wrong:
        raise LibraryError(f"Ngưỡng kế hoạch trong {folder} có lỗi: {wrong}.") from wrong
