"""How many will leave: known retirements, announced moves, and attrition with its uncertainty.

    outlook = outlook_of(cadres, since=today, until=in_two_years, table=table, moves=moves)
    outlook.retiring, outlook.moving, outlook.others     -> (3 persons with their days), (…), 131
    simulated("TRONG_24", outlook.counts, 24, rules, seen)    -> Range(low=9, middle=13, high=17)

Retirements are known (Decree 135/2020). Announced moves come about with a set chance. Attrition is
not known: what was seen over so many person-months tells its rate only within bounds, so the rate
is drawn too (a gamma of what was seen), and the sum has no simple formula: it is simulated, always
from the same seed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import exp, log1p, sqrt
from random import Random

from review.cadres import Cadre
from review.evidence import Evidence, months_after, months_between, whole_number
from review.plan_rules import ForecastRules
from review.retirement import Retirement, RetirementTable, retirement

NORMAL_FROM = 50.0  # a binomial of this variance and more is drawn as a normal


@dataclass(frozen=True, slots=True)
class Exits:
    """What was seen: so many left (retirements and announced moves not counted) in so many months
    that persons served."""

    left: int
    person_months: int


@dataclass(frozen=True, slots=True)
class Move:
    """An announced move of one cadre: điều động, luân chuyển, nghỉ việc, nghỉ hưu sớm."""

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
        return (
            whole_number(self.low)
            if self.low == self.high
            else f"{whole_number(self.low)}–{whole_number(self.high)}"
        )


@dataclass(frozen=True, slots=True)
class Leaving:
    """How many leave for certain, how many are announced, and on how many attrition works."""

    retiring: int
    moving: int
    others: int


@dataclass(frozen=True, slots=True)
class Outlook:
    """Who of some cadres leaves between two days; `others` are the rest of them."""

    retiring: tuple[Retiring, ...]
    moving: tuple[Move, ...]
    others: int

    @property
    def counts(self) -> Leaving:
        return Leaving(len(self.retiring), len(self.moving), self.others)


def retires_on(cadre: Cadre, table: RetirementTable) -> Retirement | None:
    """None where the birthday is not known."""
    return retirement(cadre.sex, cadre.birth, table) if cadre.birth else None


def retiring_between(
    cadres: Iterable[Cadre], since: date, until: date, table: RetirementTable
) -> tuple[Retiring, ...]:
    """Those whose pension starts after `since` and by `until`, the soonest first."""
    found = []
    for cadre in cadres:
        due = retires_on(cadre, table)
        if due is not None and since < due.pension_from <= until:
            found.append(Retiring(cadre, due.pension_from, due.verify))
    return tuple(sorted(found, key=lambda one: (one.leaves, one.cadre.code)))


def retiring_within(
    cadres: Iterable[Cadre], on: date, months: int, table: RetirementTable
) -> tuple[Retiring, ...]:
    """Those who retire within so many months of a day. One who is past the age and still serves is
    counted too: the post must be filled all the same."""
    return retiring_between(cadres, date.min, months_after(on, months), table)


def outlook_of(
    cadres: Sequence[Cadre],
    since: date,
    until: date,
    table: RetirementTable,
    moves: Iterable[Move] = (),
) -> Outlook:
    """`cadres` serve on the day before `since` is over; who retires earlier is in nobody's count.
    An announced move of one who retires anyway counts once."""
    gone = {one.cadre.code for one in retiring_between(cadres, date.min, since, table)}
    here = [cadre for cadre in cadres if cadre.code not in gone]
    retiring = retiring_between(here, since, until, table)
    known = {one.cadre.code for one in retiring}
    codes = {cadre.code for cadre in here} - known
    moving = tuple(m for m in moves if since < m.on <= until and m.cadre in codes)
    known |= {move.cadre for move in moving}
    return Outlook(retiring, moving, sum(cadre.code not in known for cadre in here))


def exits_seen(
    cadres: Iterable[Cadre],
    since: date,
    until: date,
    table: RetirementTable,
    elsewhere: Collection[str] = (),
) -> Exits:
    """Those who left between two days and not for their age, and the months all of them served.
    Whoever serves on `elsewhere` is not lost to the work."""
    left = months = 0
    for cadre in cadres:
        start = max(cadre.since or since, since)
        end = min(cadre.until or until, until)
        if end < start:
            continue
        months += months_between(start, end) + 1
        gone = cadre.until is not None and cadre.until < until
        if gone and cadre.code not in elsewhere and not for_age(cadre, table):
            left += 1
    return Exits(left, months)


def for_age(cadre: Cadre, table: RetirementTable) -> bool:
    """Whether somebody who left had reached the age."""
    due = retires_on(cadre, table)
    return due is not None and cadre.until is not None and due.reaches <= cadre.until


def simulated(
    about: str, leaving: Leaving, months: int, rules: ForecastRules, seen: Exits
) -> Range:
    """The range of retired + announced + lost by attrition over so many months, from the draws of
    the rules; `about` makes the seed, so that the same question has the same answer."""
    dice = Random(f"{rules.seed}:{about}")
    shape = rules.prior_exits + seen.left
    served = rules.prior_months + seen.person_months
    sums = []
    for _ in range(rules.draws):
        rate = dice.gammavariate(shape, 1 / served)  # exits a person and month
        lost = some_of(dice, leaving.others, 1 - exp(-rate * months))
        moved = some_of(dice, leaving.moving, rules.moves_happen / 100)
        sums.append(leaving.retiring + moved + lost)
    sums.sort()
    tail = len(sums) * (100 - rules.interval) // 200
    return Range(sums[tail], sums[len(sums) // 2], sums[-1 - tail])


def some_of(dice: Random, count: int, chance: float) -> int:
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


def leaves_on(one: Retiring) -> Evidence:
    """A retirement as evidence: who, from which day."""
    cadre, day = one.cadre, one.leaves
    says = f"{cadre.name} ({cadre.post or cadre.role.label}) nghỉ hưu từ {day:%d/%m/%Y}"
    return Evidence(says, subject=cadre.code, on=day)


def rate_a_year(seen: Exits) -> int | None:
    """How often persons leave in a year, as seen, in hundredths of a percent."""
    if not seen.person_months:
        return None
    return (seen.left * 12 * 10000 * 2 + seen.person_months) // (2 * seen.person_months)
