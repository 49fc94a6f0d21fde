"""How many will leave, and which key posts must be filled: known retirements, announced moves, and
attrition with its uncertainty.

    found = forecast(cadres, on=date(2026, 12, 31), rules=rules, table=table, exits=exits)
    found[1].months, found[1].retiring          -> 24, the persons who retire, with their dates
    found[1].leaving                            -> Range(low=9, middle=13, high=17)

Retirements are known (Decree 135/2020). Announced moves come about with a set chance. Attrition is
not known: what was seen over so many person-months tells its rate only within bounds, so the rate
is drawn too (a gamma of what was seen), and the sum has no simple formula: it is simulated, always
from the same seed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import exp, log1p, sqrt
from random import Random

from review.cadres import Cadre
from review.evidence import Evidence, Measure, months_after, months_between
from review.period import Period
from review.plan_rules import ForecastRules
from review.retirement import Retirement, RetirementTable, retirement

NORMAL_FROM = 50.0  # a Poisson of this mean and more is drawn as a normal


@dataclass(frozen=True, slots=True)
class Exits:
    """What was seen: so many left (retirements and announced moves not counted) in so many months
    that persons served."""

    left: int
    person_months: int

    def __add__(self, other: Exits) -> Exits:
        return Exits(self.left + other.left, self.person_months + other.person_months)


@dataclass(frozen=True, slots=True)
class Move:
    """An announced move of one cadre: điều động, luân chuyển, nghỉ việc."""

    cadre: str
    on: date
    says: str
    cell: str = ""


@dataclass(frozen=True, slots=True)
class Retiring:
    """`leaves` is the first day no longer worked: the day the pension starts."""

    cadre: Cadre
    leaves: date
    verify: bool = False


@dataclass(frozen=True, slots=True)
class Range:
    low: int
    middle: int
    high: int

    @property
    def shown(self) -> str:
        return f"{self.low}" if self.low == self.high else f"{self.low}–{self.high}"


@dataclass(frozen=True, slots=True)
class Horizon:
    """What the next `months` bring. `others` are those left on whom attrition works; `key` counts
    among `leaving` the holders of key posts."""

    months: int
    until: date
    retiring: tuple[Retiring, ...]
    moving: tuple[Move, ...]
    others: int
    leaving: Range
    key: Range
    key_retiring: int


def retires_on(cadre: Cadre, table: RetirementTable) -> Retirement | None:
    """None where the birthday is not known."""
    return retirement(cadre.sex, cadre.birth, table) if cadre.birth else None


def retiring_within(
    cadres: Iterable[Cadre], on: date, months: int, table: RetirementTable
) -> tuple[Retiring, ...]:
    """Those who retire after `on` and within so many months of it, the soonest first. One who is
    past the age and still serves is counted too: the post must be filled all the same."""
    until, found = months_after(on, months), []
    for cadre in cadres:
        due = retires_on(cadre, table)
        if due is not None and due.pension_from <= until:
            found.append(Retiring(cadre, due.pension_from, due.verify))
    return tuple(sorted(found, key=lambda one: (one.leaves, one.cadre.code)))


def exits_seen(cadres: Iterable[Cadre], since: date, until: date, table: RetirementTable) -> Exits:
    """Those who left between two days and not for their age, and the months all of them served."""
    left = months = 0
    for cadre in cadres:
        start = max(cadre.since or since, since)
        end = min(cadre.until or until, until)
        if end < start:
            continue
        months += months_between(start, end) + 1
        if cadre.until is not None and cadre.until < until and not _for_age(cadre, table):
            left += 1
    return Exits(left, months)


def forecast(
    cadres: Sequence[Cadre],
    on: date,
    rules: ForecastRules,
    table: RetirementTable,
    exits: Exits,
    moves: Sequence[Move] = (),
) -> tuple[Horizon, ...]:
    """A horizon for each number of months of the rules. `cadres` are those serving on that day."""
    return tuple(
        _horizon(cadres, on, months, rules, table, exits, moves) for months in rules.horizons
    )


def measures_of(horizons: Iterable[Horizon]) -> tuple[Measure, ...]:
    """Two figures a horizon: who leaves in all, and how many key posts must be filled."""
    return tuple(one for horizon in horizons for one in (_retiring(horizon), _vacant(horizon)))


def demand_by_term(
    cadres: Sequence[Cadre], table: RetirementTable, rules: ForecastRules, terms: Sequence[Period]
) -> tuple[Measure, ...]:
    """How many holders of key posts reach retirement in each term (nhu cầu từng thời kỳ)."""
    key = [cadre for cadre in cadres if cadre.role in rules.key_roles]
    found = [(cadre, due.pension_from) for cadre in key if (due := retires_on(cadre, table))]
    return tuple(
        Measure(
            f"NHU_CAU_{term}",
            f"Chức danh chủ chốt cần người thay trong {term.label}",
            len(leaving),
            "người",
            says=f"{len(leaving)} trên {len(key)} người giữ chức danh chủ chốt đến tuổi nghỉ hưu "
            f"trong {term.label}.",
            evidence=tuple(_retires(cadre, day) for cadre, day in leaving),
        )
        for term in terms
        if (leaving := [(c, day) for c, day in found if term.start <= day <= term.end]) is not None
    )


def _horizon(
    cadres: Sequence[Cadre],
    on: date,
    months: int,
    rules: ForecastRules,
    table: RetirementTable,
    exits: Exits,
    moves: Sequence[Move],
) -> Horizon:
    retiring = retiring_within(cadres, on, months, table)
    until = months_after(on, months)
    gone = {one.cadre.code for one in retiring}
    moving = tuple(m for m in moves if on < m.on <= until and m.cadre not in gone)
    known = gone | {move.cadre for move in moving}
    others = [cadre for cadre in cadres if cadre.code not in known]
    roles = {cadre.code: cadre.role for cadre in cadres}
    key_now = sum(cadre.role in rules.key_roles for cadre in others)
    key_retiring = sum(one.cadre.role in rules.key_roles for one in retiring)
    key_moves = sum(roles.get(move.cadre) in rules.key_roles for move in moving)
    dice = Random(f"{rules.seed}:{on.isoformat()}:{months}")
    leaving = _simulated(dice, len(retiring), len(moving), len(others), months, rules, exits)
    key = _simulated(dice, key_retiring, key_moves, key_now, months, rules, exits)
    return Horizon(months, until, retiring, moving, len(others), leaving, key, key_retiring)


def _simulated(
    dice: Random,
    certain: int,
    moves: int,
    others: int,
    months: int,
    rules: ForecastRules,
    seen: Exits,
) -> Range:
    """The range of certain + announced + lost by attrition, over the draws of the rules."""
    shape = rules.prior_exits + seen.left
    served = rules.prior_months + seen.person_months
    sums = []
    for _ in range(rules.draws):
        rate = dice.gammavariate(shape, 1 / served)  # exits a person and month
        chance = 1 - exp(-rate * months)
        lost = _some_of(dice, others, chance)
        sums.append(certain + _some_of(dice, moves, rules.moves_happen / 100) + lost)
    sums.sort()
    tail = len(sums) * (100 - rules.interval) // 200
    return Range(sums[tail], sums[len(sums) // 2], sums[-1 - tail])


def _some_of(dice: Random, count: int, chance: float) -> int:
    """A binomial draw: exact where few are expected, by the normal where many are."""
    spread = count * chance * (1 - chance)
    if spread > NORMAL_FROM:
        return min(count, max(0, round(dice.gauss(count * chance, sqrt(spread)))))
    if chance <= 0 or not count:
        return 0
    drawn, ordinary = 0, min(chance, 0.999999)
    skipped = -1
    while True:  # jumps from one hit to the next, so that rare things cost little
        skipped += int(dice.expovariate(1.0) / -log1p(-ordinary)) + 1
        if skipped >= count:
            return drawn
        drawn += 1


def _for_age(cadre: Cadre, table: RetirementTable) -> bool:
    due = retires_on(cadre, table)
    return due is not None and cadre.until is not None and due.reaches <= cadre.until


def _retiring(horizon: Horizon) -> Measure:
    count = len(horizon.retiring)
    doubtful = sum(one.verify for one in horizon.retiring)
    ask = f" {doubtful} người cần kiểm lại tuổi nghỉ hưu." if doubtful else ""
    return Measure(
        f"HUU_{horizon.months}",
        f"Nghỉ hưu trong {horizon.months} tháng tới",
        count,
        "người",
        says=f"{count} người đến tuổi nghỉ hưu trước ngày {horizon.until:%d/%m/%Y}.{ask}",
        evidence=tuple(_retires(one.cadre, one.leaves) for one in horizon.retiring),
    )


def _vacant(horizon: Horizon) -> Measure:
    count, key = len(horizon.retiring), horizon.key
    return Measure(
        f"TRONG_{horizon.months}",
        f"Vị trí sẽ trống trong {horizon.months} tháng tới",
        horizon.leaving.middle,
        "vị trí",
        says=f"{count} nghỉ hưu, {len(horizon.moving)} dự kiến chuyển, còn lại là biến động khác "
        f"của {horizon.others} người: {horizon.leaving.shown} vị trí, trong đó chức danh chủ chốt "
        f"{key.shown}.",
        evidence=tuple(Evidence(m.says, m.cadre, cell=m.cell, on=m.on) for m in horizon.moving),
        low=horizon.leaving.low,
        high=horizon.leaving.high,
    )


def _retires(cadre: Cadre, leaves: date) -> Evidence:
    return Evidence(
        f"{cadre.name} ({cadre.post or cadre.role.label}) nghỉ hưu từ {leaves:%d/%m/%Y}",
        subject=cadre.code,
        on=leaves,
    )


def attrition(seen: Exits) -> Measure:
    """How often persons leave in a year, as seen, in hundredths of a percent."""
    rate = None
    if seen.person_months:
        rate = (seen.left * 12 * 10000 * 2 + seen.person_months) // (2 * seen.person_months)
    return Measure(
        "BIEN_DONG",
        "Tỷ lệ rời vị trí trong một năm (không kể nghỉ hưu)",
        rate,
        "%",
        says=f"{seen.left} lượt rời đi trong {seen.person_months} tháng – người đã theo dõi.",
    )


def by_month(retiring: Iterable[Retiring]) -> dict[str, int]:
    """How many leave in which month, "2027-05": for a chart."""
    return dict(Counter(f"{one.leaves:%Y-%m}" for one in retiring))
