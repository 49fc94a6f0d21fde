"""Everybody's reports of one or several periods laid side by side, ready to be scored at once.

    laid = lay_out([OfUnit("2026-10", cadres, said), OfUnit("2026-10", others, None)], regulation)
    laid.codes[0], laid.owner[:4]       -> "03637-01", [0, 0, 0, 1]

A person in a period is a row, in the order given; a line of work knows whose it is. Rows of people
who are not on the roll are left aside. What needs the regulation's words (which group it scores,
which events disqualify, which are leave) is settled here; no point is counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from review.cadres import Cadre, Role
from review.period import Period
from review.quota_cut import Truth, Whole
from review.regulation import Regulation
from review.said_columns import BLANK, Figures, Numbers, SaidColumns

ROLES = (Role.STAFF, Role.DEPUTY, Role.HEAD)
STAFF, DEPUTY, HEAD = range(3)


class OfUnit(NamedTuple):
    """A unit in a period: who is on its roll, and what its report says, None where none stands."""

    period: str
    cadres: Sequence[Cadre]
    said: SaidColumns | None


class Told(NamedTuple):
    """The lines (`rows`) of which something was faulty, or late: units, times, bits of excuses."""

    rows: Whole
    units: Whole
    times: Whole
    bits: Whole


@dataclass(frozen=True)
class MonthLaid:
    """People a row: `unit` numbers a unit in a period, `field` the staff and deputies of one field
    there (-1: none); `role` a number of ROLES. Lines a row: `owner` the row of whose it is, in
    order; BLANK what was left blank. `marks`: a criterion a row."""

    codes: Sequence[str]
    unit: Whole
    role: Whole
    field: Whole
    scored: Truth
    reported: Truth
    nil: Truth
    leave: Truth
    forced: Truth
    marks: Whole
    terms: Whole
    owner: Whole
    work: Whole
    coef: Whole
    assigned: Whole
    done: Whole
    faults: Told
    delays: Told
    works: Sequence[str]


def lay_out(units: Sequence[OfUnit], regulation: Regulation) -> MonthLaid:
    """Raises LookupError where a report was not marked by this regulation's criteria."""
    people = [cadre for one in units for cadre in one.cadres]
    counts = [len(one.cadres) for one in units]
    firsts = np.concatenate(([0], np.cumsum(counts))).tolist()
    numbers: dict[tuple[int, str], int] = {}
    fields = [
        numbers.setdefault((n, cadre.field), len(numbers))
        if cadre.field and cadre.role is not Role.HEAD
        else -1
        for n, one in enumerate(units)
        for cadre in one.cadres
    ]
    role = {one: n for n, one in enumerate(ROLES)}
    leads = np.array([cadre.leads for cadre in people], dtype=np.bool_)
    told = [(one, first) for one, first in zip(units, firsts, strict=False) if one.said]
    rows = [_rows_of(one, first) for one, first in told]
    works = Numbers()
    lines, owner, work = _lines(told, rows, works)
    order = np.argsort(owner, kind="stable") if (np.diff(owner) < 0).any() else slice(None)
    lines, owner, work = lines[order], owner[order], work[order]
    leave, forced = _events(told, rows, leads, regulation)
    criteria = len(regulation.general.fields)
    marks = _placed(len(people), [_marks_of(one, regulation) for one, _ in told], rows, criteria)
    columns = [np.ascontiguousarray(column, dtype=np.int64) for column in lines.T]
    _, _, coef, assigned, done, faulty, fault_times, late, late_times, bits = columns
    return MonthLaid(
        [cadre.code for cadre in people],
        np.repeat(np.arange(len(units)), counts),
        np.array([role[cadre.role] for cadre in people], dtype=np.int64),
        np.array(fields, dtype=np.int64),
        np.array([regulation.scores(cadre.group) for cadre in people], dtype=np.bool_),
        np.repeat([one.said is not None for one in units], counts),
        np.repeat([one.said is not None and one.said.nil for one in units], counts),
        leave,
        forced,
        np.ascontiguousarray(marks.T),
        _placed(len(people), [one.said.terms for one, _ in told if one.said], rows, 3),
        owner,
        work,
        coef,
        assigned,
        done,
        _told(faulty, fault_times, bits),
        _told(late, late_times, bits),
        tuple(works),
    )  # fmt: skip


def _rows_of(one: OfUnit, first: int) -> Whole:
    """For each cadre that the report names, their row; -1 for one who is not on the roll."""
    assert one.said is not None
    at = {cadre.code: first + n for n, cadre in enumerate(one.cadres)}
    return np.array([at.get(code, -1) for code in one.said.cadres], dtype=np.int64)


def _lines(
    told: Sequence[tuple[OfUnit, int]], rows: Sequence[Whole], works: Numbers
) -> tuple[Figures, Whole, Whole]:
    """All lines of people on the roll, whose they are, and their works as numbered here."""
    saids = [one.said for one, _ in told if one.said]
    if not saids:
        nobody = np.zeros(0, dtype=np.int64)
        return np.zeros((0, 10), dtype=np.int32), nobody, nobody
    lines = np.concatenate([said.lines for said in saids])
    named = [np.array([works[word] for word in said.works], dtype=np.int64) for said in saids]
    many = [len(said.lines) for said in saids]
    owner = _through(lines[:, 0], rows, many)
    work = _through(lines[:, 1], named, many)
    here = owner >= 0
    return (lines, owner, work) if here.all() else (lines[here], owner[here], work[here])


def _through(column: Figures, tables: Sequence[Whole], many: Sequence[int]) -> Whole:
    """Each number of a report looked up in the table of that report."""
    starts = np.concatenate(([0], np.cumsum([len(table) for table in tables])))[:-1]
    found: Whole = np.concatenate(tables)[column + np.repeat(starts, many)]
    return found


def _marks_of(one: OfUnit, regulation: Regulation) -> Figures:
    """The marks in the order of the criteria in force, behind the cadre's number."""
    said, fields = one.said, regulation.general.fields
    assert said is not None
    if said.fields == fields or not len(said.marks):
        return said.marks[:, : 1 + len(fields)]
    at = [1 + said.fields.index(name) if name in said.fields else -1 for name in fields]
    if -1 in at:
        raise LookupError(f"{one.period}: báo cáo không có đủ tiêu chí của quy định")
    return said.marks[:, [0, *at]]


def _placed(people: int, tables: Sequence[Figures], rows: Sequence[Whole], width: int) -> Whole:
    """What tables say of each person, BLANK where nothing was said."""
    found = np.full((people, width), BLANK, dtype=np.int64)
    filled = [(table, of) for table, of in zip(tables, rows, strict=True) if len(table)]
    if filled:
        together = np.concatenate([table for table, _ in filled])
        many = [len(table) for table, _ in filled]
        owner = _through(together[:, 0], [of for _, of in filled], many)
        here = owner >= 0
        found[owner[here]] = together[here, 1:]
    return found


def _events(
    told: Sequence[tuple[OfUnit, int]],
    rows: Sequence[Whole],
    leads: Truth,
    regulation: Regulation,
) -> tuple[Truth, Truth]:
    """Who was on leave the whole period (no end means not yet back), and whom something told in the
    report gives the lowest grade whatever the points (Article 20.4)."""
    leave, forced = np.zeros(len(leads), dtype=np.bool_), np.zeros(len(leads), dtype=np.bool_)
    for (one, _), at in zip(told, rows, strict=True):
        if one.said is None or not one.said.changes:
            continue
        period = Period.parse(one.period)
        first, last = period.start.toordinal(), period.end.toordinal()
        for number, event, on, until in one.said.changes:
            row = at[number]
            if row < 0:
                continue
            if event in regulation.leave and 0 < on <= first and (not until or until >= last):
                leave[row] = True
            rule = regulation.disqualifying_events.get(event)
            if rule is not None and (leads[row] or not rule.leaders_only):
                forced[row] = True
    return leave, forced


def _told(units: Whole, times: Whole, bits: Whole) -> Told:
    rows = np.flatnonzero(units > 0)
    return Told(rows, units[rows], times[rows], bits[rows])
