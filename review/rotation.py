"""Who has held a post too short a time, and who too long.

    tenure(cadre, on=date(2026, 12, 31))                  -> 18 (months)
    too_early(left, rules), too_late(holders, on, rules, table)

Both ends count: the founding article complains of rotating too often (W12), Decree 59/2019 asks for
a change after two to five years. Who retires soon is left in place.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from review.cadres import Cadre
from review.evidence import Evidence, Measure, months_after, months_between, percent
from review.forecast import retires_on
from review.plan_rules import RotationRules
from review.retirement import RetirementTable


@dataclass(frozen=True, slots=True)
class Tenure:
    cadre: Cadre
    months: int
    says: str


def tenure(cadre: Cadre, on: date) -> int | None:
    """Months in the post up to that day or the last one; None where its start is not known."""
    if cadre.since is None:
        return None
    return months_between(cadre.since, min(on, cadre.until) if cadre.until else on)


def too_early(
    cadres: Iterable[Cadre], rules: RotationRules, table: RetirementTable
) -> tuple[Tenure, ...]:
    """Those who left before the least time, and not because they retired."""
    found = []
    for cadre in cadres:
        months = tenure(cadre, cadre.until) if cadre.until else None
        if months is not None and months < rules.early_months and not _retired(cadre, table):
            says = f"rời vị trí sau {months} tháng, ít hơn {rules.early_months}"
            found.append(Tenure(cadre, months, says))
    return tuple(found)


def too_late(
    cadres: Iterable[Cadre], on: date, rules: RotationRules, table: RetirementTable
) -> tuple[Tenure, ...]:
    """Those who still hold a post beyond the longest time, but for those who retire soon."""
    spared = months_after(on, rules.exempt_before_retirement)
    found = []
    for cadre in cadres:
        months = tenure(cadre, on)
        if cadre.until is not None or months is None or months <= rules.late_months:
            continue
        leaves = retires_on(cadre, table)
        if leaves is None or leaves.pension_from > spared:
            found.append(
                Tenure(cadre, months, f"giữ vị trí {months} tháng, quá {rules.late_months}")
            )
    return tuple(sorted(found, key=lambda one: (-one.months, one.cadre.code)))


def measures_of(
    cadres: Sequence[Cadre], since: date, on: date, rules: RotationRules, table: RetirementTable
) -> tuple[Measure, ...]:
    """`cadres` with those who left between the two days."""
    there = [cadre for cadre in cadres if cadre.active_in(since, on)]
    left = [cadre for cadre in there if cadre.until and since <= cadre.until < on]
    early, late = too_early(left, rules, table), too_late(there, on, rules, table)
    share = percent(len(left), len(there))
    return (
        Measure(
            "ROI_VI_TRI",
            "Tỷ lệ rời vị trí TĐKT",
            share,
            "%",
            says=f"{len(left)} trên {len(there)} người rời vị trí từ {since:%d/%m/%Y}"
            f" đến hết {on:%d/%m/%Y}.",
            alarm=share is not None and share > rules.most_turnover_percent * 100,
        ),
        _counted("QUA_SOM", "Luân chuyển quá sớm", early),
        _counted("QUA_LAU", "Quá hạn chuyển đổi vị trí", late),
    )


def _counted(code: str, label: str, found: Sequence[Tenure]) -> Measure:
    evidence = tuple(
        Evidence(
            f"{one.cadre.name}: {one.says}", one.cadre.code, on=one.cadre.until or one.cadre.since
        )
        for one in found
    )
    return Measure(
        code, label, len(found), "người", f"{len(found)} người.", evidence, alarm=bool(found)
    )


def _retired(cadre: Cadre, table: RetirementTable) -> bool:
    due = retires_on(cadre, table)
    return due is not None and cadre.until is not None and due.reaches <= cadre.until
