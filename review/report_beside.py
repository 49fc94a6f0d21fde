"""What stands beside the figures of a period in its papers: plans, ranking, clusters' own tables,
forecast, the raters.

    fan(measures, now=140)["points"][1]        -> {"months": 12, "low": 131, "middle": 134, …}
    ranking(everyone, units, seats)            -> one row a person, places within the agency

JSON-ready, as review/report.py; nothing here is part of a total.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from review.cadres import Cadre
from review.calibration import Rater
from review.dossier import Dossier
from review.evidence import Measure
from review.letter_rows import iso, plain
from review.plans import PlanKind, ProposedChange
from review.points import half_up
from review.regulation import Regulation
from review.report_people import Everyone, Person
from review.scorecard import CardStatus
from review.unit_rubric import MeasureScore, UnitRubric, UnitScore
from review.units import Unit

MOST_CHANGES = 2_000
MOST_RATERS = 24
VACANT = "TRONG_"  # the code of a forecast of vacant posts: its months follow


def change_rows(
    changes: Sequence[ProposedChange], units: Mapping[str, Unit], cadres: Mapping[str, Cadre]
) -> list[dict[str, Any]]:
    """Line by line; past MOST_CHANGES the rest is only counted (review/report_plans.py)."""
    return [
        {
            "plan": change.line.kind.label,
            "period": change.line.period,
            "unit": change.line.unit,
            "unit_name": _unit_name(units, change.line.unit),
            "action": change.action.label,
            "content": plain(change.line.content, 200),
            "subject": _name(cadres, change.line.subject),
            "due": iso(change.line.due),
            "says": plain(change.says, 300),
            "state": change.state.label,
            "reason": plain(change.reason, 200),
        }
        for change in changes[:MOST_CHANGES]
    ]


def measure_rows(
    figures: Mapping[PlanKind, Sequence[Measure]], before: Mapping[PlanKind, Sequence[Measure]]
) -> list[dict[str, Any]]:
    """The figures that plans rest on; those that ask a person first within each plan."""
    was = {one.code: one.shown for some in before.values() for one in some}
    return [
        {
            "plan": kind.label,
            "label": one.label,
            "shown": one.shown,
            "before": was.get(one.code, ""),
            "says": plain(one.says),
            "alarm": one.alarm,
        }
        for kind in PlanKind
        for one in sorted(figures.get(kind, ()), key=lambda one: not one.alarm)
    ]


def fan(figures: Mapping[PlanKind, Sequence[Measure]], now: int) -> list[dict[str, Any]]:
    """How many of those who serve now will still serve, as a range that widens: [] without a
    forecast of the period."""
    found = [
        one
        for one in figures.get(PlanKind.STRUCTURE, ())
        if one.code.startswith(VACANT) and one.value is not None
    ]
    points = [
        {
            "months": int(one.code.removeprefix(VACANT)),
            # Few leave: many stay. So the highest number that leaves is the lowest that stays.
            "low": max(0, now - (one.high if one.high is not None else one.value or 0)),
            "middle": max(0, now - (one.value or 0)),
            "high": max(0, now - (one.low if one.low is not None else one.value or 0)),
        }
        for one in found
    ]
    if not points:
        return []
    start = {"months": 0, "low": now, "middle": now, "high": now}
    return [start, *sorted(points, key=lambda point: point["months"])]


def rater_rows(raters: Sequence[Rater], units: Mapping[str, Unit]) -> list[dict[str, Any]]:
    """Those that can be compared, the farthest from the rest first, in hundredths of a point."""
    known = [one for one in raters if one.lean is not None]
    far = sorted(known, key=lambda one: (-abs(one.lean or 0), one.rater))[:MOST_RATERS]
    return [
        {
            "unit": one.rater,
            "unit_name": _unit_name(units, one.rater),
            "people": one.people,
            "lean": _hundredths(one.lean),
            "low": _hundredths(one.low),
            "high": _hundredths(one.high),
            "same": one.same,
            "flagged": one.flagged,
        }
        for one in sorted(far, key=lambda one: (-(one.lean or 0), one.rater))
    ]


def ranking(
    everyone: Everyone, units: Mapping[str, Unit], seats: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    """Everyone who has points, by agency and place; equals share a place. `seats` is what the quota
    says of those graded excellent."""
    told = everyone.of(everyone.units)
    for unit, people in groupby(told, key=lambda person: person.card.unit):
        scored = [(_points(one), one) for one in people if _points(one) is not None]
        scored.sort(key=lambda pair: (-(pair[0] or 0), pair[1].card.cadre))
        place, last = 0, None
        for at, (points, person) in enumerate(scored, start=1):
            place, last = (place if points == last else at), points
            card = person.card
            yield {
                "unit": unit,
                "unit_name": _unit_name(units, unit),
                "place": place,
                "code": card.cadre,
                "name": plain(person.cadre.name, 80) if person.cadre else "",
                "months": [*person.months],
                "total": card.total,
                "grade": card.grade.label if card.grade else "",
                "seat": seats.get(card.cadre, ""),
            }


def seat_words(
    excellent: Collection[str], ties: Collection[str], displaced: Collection[str]
) -> dict[str, str]:
    """What the ranking says of those whose points reach excellent."""
    return {
        **dict.fromkeys(excellent, "Trong chỉ tiêu"),
        **dict.fromkeys(displaced, "Ngoài chỉ tiêu"),
        **dict.fromkeys(ties, "Bằng điểm, chờ quyết định"),
    }


def work_rows(
    unit: str,
    told: Mapping[str, Dossier],
    units: Mapping[str, Unit],
    cadres: Mapping[str, Cadre],
    regulation: Regulation,
) -> list[dict[str, Any]]:
    """The products of a unit's cadres as they were counted, converted by their coefficients
    (Decree 335/2025, Article 14): what was assigned, done, good and in time."""
    return [
        {
            "unit": unit,
            "unit_name": _unit_name(units, unit),
            "code": code,
            "name": _name(cadres, code),
            "work": plain(work.name, 200),
            "coef": work.coef,
            "assigned": work.assigned,
            "done": work.done,
            "faulty": work.fault.units,
            "fault_times": work.fault.times,
            "late": work.late.units,
            "late_times": work.late.times,
            "weight": work.coef * work.assigned,
            "a": work.coef * work.done,
            "b": half_up(work.coef * (100 * work.done - work.fault.loss), 100),
            "c": half_up(work.coef * (100 * work.done - work.late.loss), 100),
        }
        for code, dossier in sorted(told.items())
        for work in dossier.works(regulation)
    ]


def cluster_table(
    rubric: UnitRubric, standings: Mapping[str, Sequence[tuple[Unit, UnitScore, int | None]]]
) -> dict[str, Any]:
    """The table by which units are scored in their clusters, measure by measure: what the unit gave
    itself, what a reviewer gave and what was computed; {} where nothing was told of any unit."""
    rows: list[dict[str, Any]] = [
        {
            "cluster": cluster,
            "place": place,
            "unit": unit.code,
            "unit_name": plain(unit.name, 100),
            "own": score.own,
            "reviewed": score.reviewed,
            "computed": score.computed,
            "low": score.bounds[0],
            "high": score.bounds[1],
            "parts": [_part(part) for part in score.parts],
        }
        for cluster, those in standings.items()
        for unit, score, place in those
    ]
    told = any(part["own"] is not None or part["source"] for row in rows for part in row["parts"])
    if not told:
        return {}
    heads = [{"code": m.code, "name": plain(m.name, 160), "most": m.most} for m in rubric.measures]
    return {"title": rubric.title, "most": rubric.most, "measures": heads, "rows": rows}


def _part(part: MeasureScore) -> dict[str, Any]:
    return {
        "own": part.own,
        "reviewed": part.reviewed,
        "computed": part.computed,
        "says": plain(part.says, 200),
        "source": plain(part.source, 80),
    }


def _points(person: Person) -> int | None:
    return person.card.total if person.card.status is CardStatus.OK else None


def _hundredths(value: float | None) -> int | None:
    return None if value is None else round(value * 100)


def _name(cadres: Mapping[str, Cadre], code: str) -> str:
    return plain(cadres[code].name, 80) if code in cadres else ""


def _unit_name(units: Mapping[str, Unit], code: str) -> str:
    return plain(units[code].name, 100) if code in units else ""
