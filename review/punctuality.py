"""How complete and how punctual units are: each, its cluster and the province, over some periods.

    rates = punctuality(units, entries)
    rates.province.completeness         -> 9333: 93,33% of the reports due came and counted
    rates.clusters[0].timeliness        -> 8750
    rates.units[0].name                 -> the least punctual first

Shares are hundredths of a percent, None of nothing. A report that never counted is neither.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from review.digest import NO_CLUSTER, share
from review.roll import RollEntry, RollState
from review.units import Unit

COMPLETE = (RollState.ACCEPTED, RollState.NIL)


@dataclass(frozen=True, slots=True)
class Rate:
    """`due` reports were owed; of them `complete` count, `in_time` count and came in time."""

    code: str
    name: str
    due: int
    complete: int
    in_time: int

    @property
    def completeness(self) -> int | None:
        return share(self.complete, self.due)

    @property
    def timeliness(self) -> int | None:
        return share(self.in_time, self.due)

    def as_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "name": self.name,
            "due": self.due,
            "complete": self.complete,
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
        _rate("", province or "Toàn tỉnh", every),
        _sorted(_rate("", name, those) for name, those in by_cluster.items()),
        _sorted(_rate(code, units[code].name, those) for code, those in by_unit.items()),
    )


def _rate(code: str, name: str, entries: Sequence[RollEntry]) -> Rate:
    complete = [entry for entry in entries if entry.state in COMPLETE]
    in_time = sum(not entry.late_days for entry in complete)
    return Rate(code, name, len(entries), len(complete), in_time)


def _sorted(rates: Iterable[Rate]) -> tuple[Rate, ...]:
    return tuple(
        sorted(rates, key=lambda rate: (rate.timeliness, rate.completeness, rate.name, rate.code))
    )
