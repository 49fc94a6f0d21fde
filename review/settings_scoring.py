"""How an office scores, beside what the regulation says: settings of `[scoring]` in office.toml.

scoring_settings({"quarterly_units": ["*"], "quarterly_from": "2026-Q3"})
    .by_quarter("SYT", Period.parse("2026-10"))         -> True
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from review.period import Cadence, Period, PeriodError

EVERY_UNIT = "*"
FIRST_QUARTER = Period.parse("1900-Q1")


class SettingsError(ValueError):
    """A setting makes no sense; the message names it, what was found and what was wanted."""


@dataclass(frozen=True, slots=True)
class ScoringSettings:
    """Units measured by quarter only ("*": all), and from which quarter on ("": always); those
    whose form 01 comes on raters' slips, so that a report need not have it; whether each stage
    needs another person; units that may go to the higher quota, whether small groups are counted
    together; how many working days an approved result may be appealed."""

    quarterly_units: tuple[str, ...] = ()
    quarterly_from: str = ""
    slip_units: tuple[str, ...] = ()
    two_persons: bool = False
    outstanding_units: tuple[str, ...] = ()
    merge_small_groups: bool = False
    appeal_days: int = 10

    def quarterly_since(self, unit: str) -> Period | None:
        """The quarter from which the unit is measured by quarters, None where it never is."""
        if unit not in self.quarterly_units and EVERY_UNIT not in self.quarterly_units:
            return None
        return Period.parse(self.quarterly_from) if self.quarterly_from else FIRST_QUARTER

    def by_slips(self, unit: str) -> bool:
        return unit in self.slip_units or EVERY_UNIT in self.slip_units

    def by_quarter(self, unit: str, period: Period) -> bool:
        """Whether the unit's people are measured by quarters in that period."""
        since = self.quarterly_since(unit)
        return since is not None and period.first >= since.first

    def measures(self, unit: str, period: Period) -> bool:
        """Whether the period's own report scores the unit's people: a month's, or a quarter's where
        they are measured by quarters. Every other period is made of these."""
        if period.cadence is Cadence.MONTH:
            return not self.by_quarter(unit, period)
        return period.cadence is Cadence.QUARTER and self.by_quarter(unit, period)

    @property
    def some_by_quarter(self) -> bool:
        return bool(self.quarterly_units)


def scoring_settings(block: Mapping[str, Any]) -> ScoringSettings:
    """Raises SettingsError. The keys of `block` are known to be those of ScoringSettings."""
    given = dict(block)
    for name in ("quarterly_units", "slip_units", "outstanding_units"):
        if name in given:
            given[name] = tuple(map(str, given[name]))
    _must_be_a_quarter(given.get("quarterly_from", ""))
    return ScoringSettings(**given)


def _must_be_a_quarter(text: str) -> None:
    if not text:
        return
    try:
        known = Period.parse(text).cadence is Cadence.QUARTER
    except PeriodError:
        known = False
    if not known:
        raise SettingsError(
            f"office.toml: [scoring] quarterly_from = “{text}” phải là một quý, ví dụ 2026-Q3."
        )
