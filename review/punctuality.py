"""How complete and how punctual units are: each, its cluster and the province, over some periods.

    rates = punctuality(units, entries)
    rates.province.completeness         -> 9333: 93,33% of the reports due came and counted
    rates.clusters[0].timeliness        -> 8750
    rates.units[0].name                 -> the least punctual first

Shares are hundredths of a percent, None of nothing: those of the digest and of the papers
(review/roll.py), here over several periods and down to the unit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from review.digest import NO_CLUSTER
from review.roll import RollEntry, RollTally, tally
from review.units import Unit


@dataclass(frozen=True, slots=True)
class Rate:
    """Of the reports that were owed: how many count, and how many were sent in time."""

    code: str
    name: str
    tally: RollTally

    @property
    def due(self) -> int:
        return self.tally.roll

    @property
    def in_time(self) -> int:
        return self.tally.in_time

    @property
    def completeness(self) -> int | None:
        return self.tally.completeness

    @property
    def timeliness(self) -> int | None:
        return self.tally.timeliness

    def as_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "name": self.name,
            "due": self.due,
            "complete": self.tally.complete,
            "in_time": self.in_time,
            "completeness": self.completeness,
            "timeliness": self.timeliness,
        }


@dataclass(frozen=True, slots=True)
class Punctuality:
    province: Rate
    clusters: tuple[Rate, ...]
    units: tuple[Rate, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "province": self.province.as_json(),
            "clusters": [rate.as_json() for rate in self.clusters],
            "units": [rate.as_json() for rate in self.units],
        }


def punctuality(
    units: Mapping[str, Unit], entries: Iterable[RollEntry], province: str = ""
) -> Punctuality:
    """Over the entries of one period or several; units and clusters, the least punctual first."""
    every = list(entries)
    by_unit: defaultdict[str, list[RollEntry]] = defaultdict(list)
    by_cluster: defaultdict[str, list[RollEntry]] = defaultdict(list)
    for entry in every:
        by_unit[entry.unit].append(entry)
        by_cluster[units[entry.unit].cluster or NO_CLUSTER].append(entry)
    return Punctuality(
        Rate("", province or "Toàn tỉnh", tally(every)),
        _sorted(Rate("", name, tally(those)) for name, those in by_cluster.items()),
        _sorted(Rate(code, units[code].name, tally(those)) for code, those in by_unit.items()),
    )


def _sorted(rates: Iterable[Rate]) -> tuple[Rate, ...]:
    return tuple(
        sorted(rates, key=lambda rate: (rate.timeliness, rate.completeness, rate.name, rate.code))
    )
