"""What the book knows of the units that were proposed for a title.

units_known(conn, occasion, nominees, persons, history)     -> their cases, in the nominees' order

The grade is the agency's own table's, the place its cluster's; head-counts are those the office
keeps of the whole unit, else those of the roll, which are told and decide nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection

from channels.library import unit_rubrics
from review.period import Period
from review.rollup import FORCED
from review.scorecard import Grade
from review.title_cases import History, Nominee, TitleCase
from review.unit_titles import Heads, UnitHistory, unit_conditions
from tasks.clusters import AGENCY, CLUSTER, Standing, standings
from tasks.occasion import Occasion
from tdkt_models.period_scores import recall_standing
from tdkt_models.unit_marks import recall_unit_figures

WHOLE_UNITS = "tap_the"  # where the head-counts of whole units are kept, among figures of units
HEADS = ("members", "completed", "ldtt", "cstdcs", "warned")
ADVANCED = ("ldtt", "cstdcs", "cstd_tinh", "cstd_tq")  # a fighter is an advanced worker as well


def units_known(
    conn: Connection,
    occasion: Occasion,
    nominees: Sequence[Nominee],
    persons: Sequence[TitleCase],
    history: Mapping[str, History],
) -> list[TitleCase]:
    rules = {rule.key: rule for rule in occasion.regulation.unit_titles}
    asked = [one for one in nominees if one.title in rules]
    if not asked:
        return []
    year = occasion.period.start.year
    back = max(rules[one.title].graded_years for one in asked)
    grades = {
        past: _placed(conn, occasion, AGENCY, past) for past in range(year - back + 1, year + 1)
    }
    clusters = _placed(conn, occasion, CLUSTER, year)
    heads = _heads(conn, occasion, persons)
    cases = []
    for one in asked:
        theirs = {
            past: (found[one.unit].grade, f"bảng điểm cơ quan năm {past}")
            for past, found in grades.items()
            if one.unit in found
        }
        known = {past: (grade, why) for past, (grade, why) in theirs.items() if grade is not None}
        place = clusters.get(one.unit)
        about = UnitHistory(
            History(known, history[one.unit].titles if one.unit in history else {}),
            heads.get(one.unit),
            (place.unit.cluster or "chưa xếp khối, cụm") if place else "",
            place.place if place else None,
        )
        rule = rules[one.title]
        cases.append(TitleCase(one, tuple(unit_conditions(about, year, rule))))
    return cases


def _placed(conn: Connection, occasion: Occasion, key: str, year: int) -> dict[str, Standing]:
    """By unit, how it stood in that table in that year; nothing where none was in force."""
    then = replace(occasion, period=Period.parse(str(year)))
    if key not in unit_rubrics(then.regulation.code):
        return {}
    found = standings(conn, then, key)
    return {one.unit.code: one for those in found.values() for one in those}


def _heads(conn: Connection, occasion: Occasion, persons: Sequence[TitleCase]) -> dict[str, Heads]:
    found = _of_the_roll(conn, occasion, persons)
    for unit, figures in recall_unit_figures(conn, occasion.period_text, WHOLE_UNITS).items():
        by_name = {one.measure: (one.actual or 0) // 100 for one in figures}
        source = next((one.source for one in figures), "")
        members, completed, ldtt, cstdcs, warned = (by_name.get(name, 0) for name in HEADS)
        found[unit] = Heads(members, completed, ldtt, cstdcs, warned, source)
    return found


def _of_the_roll(
    conn: Connection, occasion: Occasion, persons: Sequence[TitleCase]
) -> dict[str, Heads]:
    people: defaultdict[str, list[bool]] = defaultdict(list)
    forced: defaultdict[str, int] = defaultdict(int)
    for card in recall_standing(conn, occasion.period_text):
        if card.grade is not None:
            people[card.unit].append(card.grade is not Grade.NOT_DONE)
            forced[card.unit] += FORCED in card.flags
    advanced: defaultdict[str, set[str]] = defaultdict(set)
    fighters: defaultdict[str, set[str]] = defaultdict(set)
    for case in persons:
        if case.eligible is not False:
            one = case.nominee
            if one.title in ADVANCED:
                advanced[one.unit].add(one.cadre)
            if one.title in ADVANCED[1:]:
                fighters[one.unit].add(one.cadre)
    return {
        unit: Heads(
            len(done), sum(done), len(advanced[unit]), len(fighters[unit]), forced[unit],
            f"{len(done)} người có kết quả trong sổ, chưa phải cả tập thể", whole=False,
        )
        for unit, done in people.items()
    }  # fmt: skip
