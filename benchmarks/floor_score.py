"""The yardstick's points: Decree 335/2025, Articles 12-16 and 20, in whole numbers.

score(people, work, general, leaders, changes)[0]
    -> ("90000-01", "ok", 2750, 9000, 8750, 8625, 10000, 10000, 5000, 8562, 5993, 8743, "HTTNV")
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

DISQUALIFYING = ("suy_thoai", "ky_luat")
RESULTS = 7000  # 70 points
FROM = (("HTXSNV", 9000), ("HTTNV", 7000), ("HTNV", 5000))


def half_up(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)


def grade_of(points: int) -> str:
    for grade, least in FROM:
        if points >= least:
            return grade
    return "KHTNV"


def score(
    people: Mapping[str, str],
    work: Iterable[Sequence[Any]],
    general: Iterable[Sequence[Any]],
    leaders: Iterable[Sequence[Any]],
    changes: Iterable[Sequence[Any]],
    coefs: Mapping[str, int],
) -> Iterator[tuple[Any, ...]]:
    """A card for each cadre on the roll: code, status and, in hundredths, general, a, b, c, d, đ,
    e, mean, task, total; then the grade."""
    sums: dict[str, list[int]] = {}
    for row in work:
        add(sums.setdefault(row[1], [0, 0, 0, 0]), row, coefs)
    given = {row[1]: row[14] for row in general if row[3] == "tham_quyen"}
    terms: dict[str, Sequence[int]] = {row[1]: row[3:6] for row in leaders}
    struck = {row[2] for row in changes if row[1] in DISQUALIFYING}
    for code, role in people.items():
        full, a, b, c = sums.get(code, (0, 0, 0, 0))
        leads = role != "nhan_vien"
        points, dde = given.get(code), terms.get(code, ())
        if not full or points is None or (leads and not dde):
            yield (code, "insufficient", *(None,) * 11)
            continue
        a, b, c = min(a, full), min(b, full), min(c, full)
        if leads:
            share, below = 100 * (a + b + c) + sum(dde) * full, 600 * full
            d, dd, e = (100 * term for term in dde)
        else:
            share, below, d, dd, e = a + b + c, 3 * full, None, None, None
        total = half_up(points * below + RESULTS * share, below)
        yield (
            code,
            "ok",
            points,
            half_up(10_000 * a, full),
            half_up(10_000 * b, full),
            half_up(10_000 * c, full),
            d,
            dd,
            e,
            half_up(10_000 * share, below),
            half_up(RESULTS * share, below),
            total,
            "KHTNV" if code in struck else grade_of(total),
        )


def add(sums: list[int], row: Sequence[Any], coefs: Mapping[str, int]) -> None:
    """Adds a line of work to what was assigned, done, done well, done in time (Article 14.2)."""
    coef = coefs[row[3]] if row[5] is None else row[5]
    assigned, done, proof = row[7], row[8], row[15]
    sums[0] += coef * assigned * 100
    sums[1] += coef * done * 100
    for at, units, times, excuse in ((2, row[9], row[10], row[11]), (3, row[12], row[13], row[14])):
        lost = 0
        if units and not (excuse == "co" and proof):
            lost = min(units, done) * min(100, 25 * (1 if times is None else times))
        sums[at] += coef * (done * 100 - lost)
