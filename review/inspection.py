"""Inspections planned and held, cases and how soon they were dealt with, faults and their mending.

    timely(case, on, rules)      -> True, False, or None while its time has not run out

Source: the founding article, second and fourth measures; domain.md 1.1, rows 6 and 20.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from review.evidence import Evidence, Measure, middle, percent
from review.plan_rules import OversightRules


class MatterKind(StrEnum):
    """The keys of the form's choice."""

    PLANNED = "kiem_tra"
    SURPRISE = "dot_xuat"
    CASE = "vu_viec"
    FAULT = "sai_sot"


@dataclass(frozen=True, slots=True)
class Matter:
    """An inspection, a case, or a fault to be put right."""

    unit: str
    kind: MatterKind
    content: str
    cadre: str = ""
    planned: date | None = None
    opened: date | None = None
    closed: date | None = None
    outcome: str = ""
    again: bool = False
    cell: str = ""
    period: str = ""

    def days(self, on: date) -> int | None:
        """How long it took, or has been open on that day."""
        return None if self.opened is None else (min(self.closed or on, on) - self.opened).days

    def is_open(self, on: date) -> bool:
        return self.opened is not None and (self.closed is None or self.closed > on)


def limit_of(matter: Matter, rules: OversightRules) -> int | None:
    if matter.kind is MatterKind.CASE:
        return rules.case_days
    return rules.correction_days if matter.kind is MatterKind.FAULT else None


def timely(matter: Matter, on: date, rules: OversightRules) -> bool | None:
    limit, days = limit_of(matter, rules), matter.days(on)
    if limit is None or days is None:
        return None
    if days > limit:
        return False
    return None if matter.is_open(on) else True


def not_held(matters: Iterable[Matter], on: date) -> tuple[Matter, ...]:
    """Inspections whose planned day has passed."""
    return tuple(
        m
        for m in matters
        if m.kind is MatterKind.PLANNED and m.opened is None and m.planned and m.planned <= on
    )


def late_ones(matters: Iterable[Matter], on: date, rules: OversightRules) -> tuple[Matter, ...]:
    """Cases and faults still open beyond their days, the longest first."""
    late = [m for m in matters if m.is_open(on) and timely(m, on, rules) is False]
    return tuple(sorted(late, key=lambda m: (m.opened or on, m.unit, m.content)))


def repeated(matters: Iterable[Matter], rules: OversightRules) -> tuple[tuple[Matter, ...], ...]:
    """Faults of one unit that came so often, or that the unit itself calls repeated."""
    by_fault: dict[tuple[str, str], list[Matter]] = {}
    for matter in matters:
        if matter.kind is MatterKind.FAULT:
            key = matter.unit, " ".join(matter.content.casefold().split())
            by_fault.setdefault(key, []).append(matter)
    return tuple(
        tuple(some)
        for _, some in sorted(by_fault.items())
        if len(some) >= rules.repeats or any(one.again for one in some)
    )


def measures_of(matters: Sequence[Matter], on: date, rules: OversightRules) -> tuple[Measure, ...]:
    planned = [m for m in matters if m.kind is MatterKind.PLANNED and m.planned and m.planned <= on]
    missed = not_held(matters, on)
    held = percent(len(planned) - len(missed), len(planned))
    late, again = late_ones(matters, on, rules), repeated(matters, rules)
    judged = [timely(m, on, rules) for m in matters if m.kind is MatterKind.CASE]
    counted = Counter(judged)
    mended = [m.days(on) or 0 for m in matters if m.kind is MatterKind.FAULT and m.closed]
    return (
        Measure(
            "KIEM_TRA",
            "Hoàn thành kế hoạch kiểm tra, giám sát",
            held,
            "%",
            says=f"{len(planned) - len(missed)} trên {len(planned)} cuộc đến hạn.",
            evidence=tuple(_seen(m, "chưa tiến hành", m.planned) for m in missed),
            alarm=held is not None and held < rules.least_plan_percent * 100,
        ),
        Measure(
            "VU_VIEC",
            "Vụ việc xử lý kịp thời",
            percent(counted[True], counted[True] + counted[False]),
            "%",
            says=f"{counted[True]} kịp thời, {counted[False]} quá {rules.case_days} ngày, "
            f"{counted[None]} còn trong hạn.",
            evidence=_long(late, MatterKind.CASE, on),
            alarm=any(m.kind is MatterKind.CASE for m in late),
        ),
        Measure(
            "UON_NAN",
            "Số ngày uốn nắn một sai sót (giữa)",
            None if not mended else ((middle(mended) or 0) + 50) // 100,
            "ngày",
            says=f"{len(mended)} sai sót đã khắc phục; nêu những sai sót còn mở quá "
            f"{rules.correction_days} ngày.",
            evidence=_long(late, MatterKind.FAULT, on),
            alarm=any(m.kind is MatterKind.FAULT for m in late),
        ),
        Measure(
            "LAP_LAI",
            "Sai sót lặp lại",
            len(again),
            "sai sót",
            says=f"{len(again)} sai sót lặp lại từ {rules.repeats} lần.",
            evidence=tuple(_seen(m, f"{len(some)} lần", m.opened) for some in again for m in some),
            alarm=bool(again),
        ),
    )


def _long(late: Iterable[Matter], kind: MatterKind, on: date) -> tuple[Evidence, ...]:
    return tuple(_seen(m, f"đã {m.days(on)} ngày", m.opened) for m in late if m.kind is kind)


def _seen(matter: Matter, says: str, on: date | None) -> Evidence:
    subject = matter.cadre or matter.unit
    return Evidence(f"{matter.content}: {says}", subject, matter.period, matter.cell, on=on)
