"""Awards: whether they come from a movement, reach those who do the work, and are paid in time.

    measures_of(awards, on, rules)[0].value     -> 7500: 75% trace back to a movement

Source: the founding article (W6, W7); domain.md 1.1, rows 25 and 26.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from review.evidence import Evidence, Measure, percent
from review.plan_rules import AwardRules

FROM_MOVEMENT = "phong_trao"
DIRECT, LEADER = "truc_tiep", "lanh_dao"


@dataclass(frozen=True, slots=True)
class Award:
    """`amount` in hundredths of a thousand đồng, as reported; None: no money goes with it."""

    unit: str
    name: str
    kind: str
    award: str
    basis: str
    decision: str
    decided: date
    movement: str = ""
    evidence: str = ""
    amount: int | None = None
    paid: date | None = None
    cell: str = ""
    period: str = ""

    def unpaid(self, on: date) -> bool:
        return bool(self.amount) and (self.paid is None or self.paid > on)


def paid_late(awards: Iterable[Award], on: date, rules: AwardRules) -> tuple[Award, ...]:
    """Money not paid within the days of the rules: still owed, or paid after them."""
    limit = timedelta(days=rules.pay_days)
    return tuple(a for a in awards if a.amount and (min(a.paid or on, on) - a.decided) > limit)


def untraced(awards: Iterable[Award], movements: Collection[tuple[str, str]]) -> tuple[Award, ...]:
    """Awards that claim to come from a movement that nobody reported (unit, code)."""
    return tuple(
        a for a in awards if a.basis == FROM_MOVEMENT and (a.unit, a.movement) not in movements
    )


def measures_of(
    awards: Sequence[Award],
    on: date,
    rules: AwardRules,
    movements: Collection[tuple[str, str]],
) -> tuple[Measure, ...]:
    lost = untraced(awards, movements)
    traced = [a for a in awards if a.basis == FROM_MOVEMENT and a not in lost]
    direct = [a for a in awards if a.kind == DIRECT]
    persons = [a for a in awards if a.kind in (DIRECT, LEADER)]
    with_money = [a for a in awards if a.amount]
    late = paid_late(awards, on, rules)
    return (
        _share(
            "GAN_PHONG_TRAO",
            "Khen thưởng gắn với phong trào thi đua",
            (len(traced), len(awards)),
            rules.least_traced_percent,
            tuple(_of(a, f"phong trào “{a.movement}” không có trong báo cáo") for a in lost),
        ),
        _share(
            "TRUC_TIEP",
            "Cá nhân được khen là người trực tiếp công tác",
            (len(direct), len(persons)),
            rules.least_direct_percent,
            (),
        ),
        _paid(late, with_money, rules),
    )


def _paid(late: Sequence[Award], with_money: Sequence[Award], rules: AwardRules) -> Measure:
    share = percent(len(late), len(with_money))
    return Measure(
        "CHI_CHAM",
        f"Chi thưởng chậm quá {rules.pay_days} ngày",
        share,
        "%",
        says=f"{len(late)} trên {len(with_money)} khoản.",
        evidence=tuple(_of(a, "chưa chi" if a.paid is None else "chi chậm") for a in late),
        alarm=share is not None and share > rules.most_unpaid_percent * 100,
    )


def _share(
    code: str, label: str, counts: tuple[int, int], least: int, evidence: tuple[Evidence, ...]
) -> Measure:
    part, whole = counts
    value = percent(part, whole)
    low = value is not None and value < least * 100
    says = f"{part} trên {whole} trường hợp; mong muốn từ {least}%."
    return Measure(code, label, value, "%", says, evidence, alarm=low)


def _of(award: Award, says: str) -> Evidence:
    told = f"{award.name}, {award.award} ({award.decision}): {says}"
    return Evidence(told, award.unit, award.period, award.cell, on=award.decided)
