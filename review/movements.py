"""Emulation movements: launched, reviewed, closed; targets that can be measured; who takes part;
whether a self-grade fits its figures; models found, fostered, spread.

    owed(movements, conferences, on, rules)     -> (movement, "so_ket"), …
    boasting(movement, rules)     -> True where “Tốt” stands beside 61% of the target

Source: the founding article (W1–W5, W8); domain.md 1.1, rows 23, 24, 27, 28.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from review.evidence import months_after, percent
from review.plan_rules import MovementRules

INTERIM, FINAL, LAUNCH = "so_ket", "tong_ket", "phat_dong"
CLAIMED = {"tot": 9000, "kha": 7500, "trung_binh": 5000, "yeu": 0}  # what a self-grade claims
LABELS = {INTERIM: "sơ kết", FINAL: "tổng kết", LAUNCH: "phát động"}


@dataclass(frozen=True, slots=True)
class Movement:
    """`planned` and `reached` in hundredths of the target's own unit."""

    unit: str
    code: str
    name: str
    goal: str = ""
    target: str = ""
    planned: int | None = None
    reached: int | None = None
    method: str = ""
    launched: date | None = None
    ended: bool = False
    registered: int | None = None
    joined: int | None = None
    self_grade: str = ""
    proof: str = ""
    cell: str = ""
    period: str = ""

    @property
    def measurable(self) -> bool:
        return bool(self.target.strip()) and self.planned is not None

    @property
    def participation(self) -> int | None:
        """Hundredths of a percent of those registered; None where either is not told."""
        if not self.registered or self.joined is None:
            return None
        return percent(min(self.joined, self.registered), self.registered)

    @property
    def achieved(self) -> int | None:
        """Hundredths of a percent of its target."""
        if self.planned is None or self.reached is None:
            return None
        return percent(self.reached, self.planned)


@dataclass(frozen=True, slots=True)
class Conference:
    """A launch, an interim or a final review of a movement: due on a day, held on one or not."""

    unit: str
    movement: str
    kind: str
    due: date | None
    held: date | None
    report: str = ""
    figures: str = ""
    cell: str = ""
    period: str = ""

    def missed(self, on: date) -> bool:
        return self.due is not None and self.due <= on and (self.held is None or self.held > on)


@dataclass(frozen=True, slots=True)
class Model:
    """A person or collective worth following (điển hình tiên tiến)."""

    unit: str
    name: str
    field: str
    found: date
    nurtured: date | None = None
    spread: date | None = None
    movement: str = ""
    cell: str = ""
    period: str = ""


def boasting(movement: Movement, rules: MovementRules) -> bool:
    """A self-grade far above the figures: đánh giá chưa đúng thực chất (W3)."""
    claimed, achieved = CLAIMED.get(movement.self_grade), movement.achieved
    if claimed is None or achieved is None:
        return False
    return claimed - achieved > rules.gap_percent * 100


def owed(
    movements: Iterable[Movement], conferences: Sequence[Conference], on: date, rules: MovementRules
) -> tuple[tuple[Movement, str], ...]:
    """The reviews that movements owe: an interim one after so many months, a final one once ended,
    besides those whose own due date has passed."""
    known = {(c.unit, c.movement, c.kind): c for c in conferences if c.held and c.held <= on}
    late = {(c.unit, c.movement, c.kind) for c in conferences if c.missed(on)}
    grace, found = timedelta(days=rules.final_days), []
    for one in movements:
        key = one.unit, one.code
        old = one.launched is not None and months_after(one.launched, rules.interim_months) <= on
        interim = (*key, INTERIM)
        if interim in late or (old and not one.ended and interim not in known):
            found.append((one, INTERIM))
        final = (*key, FINAL)
        running_out = one.ended and one.launched is not None and one.launched + grace <= on
        if final in late or (running_out and final not in known):
            found.append((one, FINAL))
    return tuple(found)


def poorly_joined(movements: Iterable[Movement], rules: MovementRules) -> tuple[Movement, ...]:
    """Movements that fewer of the registered take part in than the rules ask (W1)."""
    return tuple(
        one
        for one in movements
        if (share := one.participation) is not None and share < rules.least_participation * 100
    )


def not_fostered(models: Iterable[Model], on: date, rules: MovementRules) -> tuple[Model, ...]:
    return tuple(
        m
        for m in models
        if m.nurtured is None
        and m.spread is None
        and months_after(m.found, rules.foster_months) <= on
    )


def not_spread(models: Iterable[Model], on: date, rules: MovementRules) -> tuple[Model, ...]:
    """Models that were fostered and stay where they were found (bồi dưỡng → nhân rộng)."""
    return tuple(
        m
        for m in models
        if m.nurtured is not None
        and m.spread is None
        and months_after(m.nurtured, rules.spread_months) <= on
    )
