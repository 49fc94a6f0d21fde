"""What became of a unit, read from the book.

lineage_of(conn, "03637", today).as_json()["on_todays_map"]
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from review.brief import ProgrammeTask
from review.evidence import decimal
from review.lineage import NOBODY, UnitFigure, by_unit, passage_of, regrouped, todays
from review.plans import PlanLine
from review.scorecard import Scorecard
from review.units import Unit
from tdkt_models.cadres import recall_cadres
from tdkt_models.cycles import recall_cycles
from tdkt_models.period_scores import recall_period_scores
from tdkt_models.plan_lines import recall_struck
from tdkt_models.programme import recall_dropped
from tdkt_models.scores import recall_cards
from tdkt_models.units import recall_units


@dataclass(frozen=True, slots=True)
class Lineage:
    """`before` are the units that passed on into this one, `after` those it lives on in; `closed`
    the duties and `struck` the plan lines that ended with it, since nobody took it over."""

    unit: Unit
    says: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    as_it_was: tuple[UnitFigure, ...]
    on_todays_map: tuple[UnitFigure, ...]
    closed: tuple[ProgrammeTask, ...] = ()
    struck: tuple[PlanLine, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "unit": self.unit.code,
            "name": self.unit.name,
            "says": self.says,
            "before": list(self.before),
            "after": list(self.after),
            "as_it_was": [_json(figure) for figure in self.as_it_was],
            "on_todays_map": [_json(figure) for figure in self.on_todays_map],
            "closed_with_it": [
                {"period": one.period, "code": one.code, "content": one.content, "why": one.note}
                for one in self.closed
            ],
            "struck_with_it": [
                {"plan": one.kind.label, "period": one.period, "content": one.content}
                for one in self.struck
            ],
        }


def lineage_of(conn: Connection, code: str, today: date) -> Lineage | None:
    """None where the book knows no such unit. Cards of the unit and of all it came from."""
    units = recall_units(conn)
    unit = units.get(code)
    if unit is None:
        return None
    before = tuple(c for c in units if c != code and code in todays(c, units, today))
    after = todays(code, units, today)
    family = {code, *before, *after}
    cards = _cards(conn, family)
    serving = {cadre.code: cadre.unit for cadre in recall_cadres(conn)}
    now = regrouped(cards, units, serving, today)
    mine = [card for card in cards if card.unit == code]
    today_mine = [card for card in now if card.unit in after or card.unit == code]
    says = _in_words(unit, units, before, after)
    return Lineage(
        unit,
        says,
        before,
        after,
        tuple(by_unit(mine)),
        tuple(by_unit(today_mine)),
        tuple(recall_dropped(conn, "", NOBODY, unit=code)),
        tuple(recall_struck(conn, code, NOBODY)),
    )


def _cards(conn: Connection, family: set[str]) -> list[Scorecard]:
    found: list[Scorecard] = []
    for cycle in recall_cycles(conn):
        found += recall_cards(conn, cycle.period, family) or [
            score.as_card() for score in recall_period_scores(conn, cycle.period, family)
        ]
    return found


def _in_words(
    unit: Unit, units: dict[str, Unit], before: tuple[str, ...], after: tuple[str, ...]
) -> str:
    passage = passage_of(unit, units)
    if passage is None:
        came = f" Tiếp nối {', '.join(units[c].name for c in before)}." if before else ""
        return f"từ {unit.since:%d/%m/%Y} đến nay.{came}"
    into = ", ".join(units[c].name for c in after) or "không còn đơn vị kế thừa"
    return f"{passage.label} sau ngày {unit.until:%d/%m/%Y}: {into}."


def _json(figure: UnitFigure) -> dict[str, Any]:
    mean = decimal(figure.mean) if figure.mean is not None else None
    return {
        "period": figure.period,
        "unit": figure.unit,
        "persons": figure.persons,
        "mean": mean,
    }
