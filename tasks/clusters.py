"""Score the units: each by its table, ranked within its cluster, ties shared, gaps as ranges.

standings(conn, occasion, "khoi")["Khối 1"][0].place     -> 1
take_figures(occasion, "khoi", rows)                     keeps what a table of figures says
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from channels.errors import ChannelRefused
from channels.library import unit_rubrics
from review.period import Cadence
from review.points import hundredths
from review.ranking import places
from review.scorecard import Grade
from review.unit_rubric import UnitFigure, UnitRubric, UnitScore, score_unit_table
from review.units import Unit
from tasks.occasion import Occasion
from tdkt_models.roll import recall_roll
from tdkt_models.submissions import recall_submissions
from tdkt_models.unit_marks import keep_unit_figures, recall_unit_figures
from tdkt_models.units import recall_units

AGENCY, CLUSTER = "co_quan", "khoi"
NUMBERS = ("actual", "target", "own", "reviewed")


@dataclass(frozen=True, slots=True)
class Standing:
    """A unit in its cluster; `place` None while someone's range overlaps; `grade` of an agency."""

    unit: Unit
    score: UnitScore
    place: int | None
    grade: Grade | None = None


def rubric_of(occasion: Occasion, key: str) -> UnitRubric:
    """Raises ChannelRefused for a table the regulation does not have."""
    known = unit_rubrics(occasion.regulation.code)
    if key not in known:
        raise ChannelRefused(
            f"Quy định {occasion.regulation.code} không có bảng “{key}”; có: "
            f"{', '.join(known) or 'không bảng nào'}."
        )
    return known[key]


def take_figures(occasion: Occasion, key: str, rows: Sequence[Mapping[str, str]]) -> int:
    """Keeps the figures of a table: columns unit, measure, actual, target, own, reviewed, proof,
    source. Raises ChannelRefused naming every wrong row; then nothing is kept."""
    rubric = rubric_of(occasion, key)
    known, faults = {measure.code for measure in rubric.measures}, list[str]()
    found: defaultdict[str, list[UnitFigure]] = defaultdict(list)
    with occasion.office.book() as book, book.writing() as conn:
        units = recall_units(conn)
        for at, row in enumerate(rows, 2):
            unit, measure = row.get("unit", "").strip(), row.get("measure", "").strip()
            if unit not in units:
                faults.append(f"dòng {at}: không có đơn vị “{unit}”")
            elif measure not in known:
                faults.append(f"dòng {at}: bảng không có tiêu chí “{measure}”")
            else:
                try:
                    found[unit].append(_figure(measure, row))
                except ValueError as wrong:
                    faults.append(f"dòng {at}: {wrong}")
        if faults:
            raise ChannelRefused(f"Chưa nhận số liệu nào: {'; '.join(faults[:20])}.")
        keep_unit_figures(conn, occasion.period_text, key, found, occasion.stamp)
    return sum(map(len, found.values()))


def _figure(measure: str, row: Mapping[str, str]) -> UnitFigure:
    actual, target, own, reviewed = (_number(row.get(name, "")) for name in NUMBERS)
    proof, source = row.get("proof", "").strip(), row.get("source", "").strip()
    return UnitFigure(measure, actual, target, own, reviewed, proof, source)


def _number(text: str) -> int | None:
    value = text.strip().replace(",", ".")
    if value.startswith("-"):
        raise ValueError(f"“{text}” phải là số không âm")
    return hundredths(value) if value else None


def standings(conn: Connection, occasion: Occasion, key: str) -> dict[str, list[Standing]]:
    """By cluster, in order of place; units not yet placed come last."""
    rubric = rubric_of(occasion, key)
    figures = recall_unit_figures(conn, occasion.period_text, key)
    late, own = late_days(conn, occasion), _own_points(conn, occasion) if key == CLUSTER else {}
    scores: defaultdict[str, list[tuple[Unit, UnitScore]]] = defaultdict(list)
    for unit in recall_units(conn).values():
        if unit.active_in(occasion.period.start, occasion.period.end):
            told = _with_own(figures.get(unit.code, []), own.get(unit.code, {}))
            score = score_unit_table(rubric, unit.code, told, late.get(unit.code, 0))
            scores[unit.cluster or "(chưa xếp khối, cụm)"].append((unit, score))
    return {cluster: _placed(those, occasion, key) for cluster, those in sorted(scores.items())}


def _own_points(conn: Connection, occasion: Occasion) -> dict[str, dict[str, int]]:
    """What each unit gave itself, by measure: the sheet of the cluster in its yearly report."""
    return {
        said.unit: {row.code: row.score for row in said.rows("cluster") if row.score is not None}
        for said in recall_submissions(conn, occasion.period_text, sheets=["cluster"])
    }


def _with_own(figures: Sequence[UnitFigure], own: Mapping[str, int]) -> list[UnitFigure]:
    """The figures, each with the unit's own points where the table of figures has none."""
    told = {one.measure: one for one in figures}
    for measure, points in own.items():
        one = told.get(measure) or UnitFigure(measure)
        told[measure] = one if one.own is not None else replace(one, own=points)
    return list(told.values())


def _placed(
    those: Sequence[tuple[Unit, UnitScore]], occasion: Occasion, key: str
) -> list[Standing]:
    place = places({unit.code: score.bounds for unit, score in those})
    grades = occasion.regulation.agency_grades
    found = [
        Standing(
            unit,
            score,
            place[unit.code],
            grades.grade_of(score.total) if key == AGENCY and score.total is not None else None,
        )
        for unit, score in those
    ]
    return sorted(found, key=lambda s: (s.place or len(found) + 1, s.unit.code))


def late_days(conn: Connection, occasion: Occasion) -> dict[str, int]:
    """Working days late in all the periods within this one, from the intake's own record."""
    found: defaultdict[str, int] = defaultdict(int)
    months = occasion.period.split(Cadence.MONTH)
    for period in {occasion.period, *months}:
        for entry in recall_roll(conn, str(period)):
            found[entry.unit] += entry.late_days
    return found
