"""The arithmetic of a month under Decree 335/2025, in whole numbers from end to end.

    line = Line(coef=50, assigned=20, done=18, fault_loss=50, late_loss=75)
    sums = sums_of([line])                        -> Sums(full=100000, a=90000, b=87500, c=86250)
    staff_marks(sums, general=2750, most=7000)    -> Marks(a=9000, …, total=8904)

A share is never a fraction here: it is a numerator over `Sums.full`, so nothing is rounded before
the end and a month of a whole country takes no longer than the same sums on an array.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from review.points import half_up


class Line(NamedTuple):
    """One product of one person. `coef` in any one unit; `fault_loss` and `late_loss` in percent
    of a product: two products at 25% are 50."""

    coef: int
    assigned: int
    done: int
    fault_loss: int = 0
    late_loss: int = 0


class Sums(NamedTuple):
    """Converted products × 100: `full` was assigned; a, b, c are what counts for quantity, quality
    and progress, at most `full` each. `over` tells that some line did more than was assigned."""

    full: int
    a: int
    b: int
    c: int
    over: bool = False


class Marks(NamedTuple):
    """Hundredths: of a percent for a, b, c and `mean`, of a point for `task` and `total`."""

    a: int
    b: int
    c: int
    mean: int
    task: int
    total: int


def sums_of(lines: Iterable[Line], per_line: bool = False) -> Sums:
    """Article 14.2: what was done, done well, and done in time, over what was assigned.

    Capped at what was assigned: on the whole, or line by line when `per_line`.
    """
    full = a = b = c = 0
    over = False
    for coef, assigned, done, fault_loss, late_loss in lines:
        goal, had = 100 * assigned, 100 * done
        well, timely = had - fault_loss, had - late_loss
        if done > assigned:
            over = True
            if per_line:
                had, well, timely = goal, min(goal, well), min(goal, timely)
        full += coef * goal
        a += coef * had
        b += coef * well
        c += coef * timely
    return Sums(full, min(a, full), min(b, full), min(c, full), over)


def staff_marks(sums: Sums, general: int, most: int, unit: int = 1) -> Marks:
    """general + most × (a + b + c) / 3. `general` in units of which `unit` make a hundredth of a
    point, `most` (70 points) in hundredths. `sums.full` must not be 0."""
    return _marks(sums, sums.a + sums.b + sums.c, 3 * sums.full, general, most, unit)


def leader_marks(sums: Sums, dde: int, general: int, most: int, unit: int = 1) -> Marks:
    """general + most × (a + b + c + d + đ + e) / 6, for heads and deputies; `dde` is the sum of
    the three terms in whole percent."""
    share = 100 * (sums.a + sums.b + sums.c) + dde * sums.full
    return _marks(sums, share, 600 * sums.full, general, most, unit)


def _marks(sums: Sums, share: int, whole: int, general: int, most: int, unit: int) -> Marks:
    full = sums.full
    return Marks(
        half_up(10_000 * sums.a, full),
        half_up(10_000 * sums.b, full),
        half_up(10_000 * sums.c, full),
        half_up(10_000 * share, whole),
        half_up(most * share, whole),
        half_up(general * whole + most * share * unit, whole * unit),
    )
