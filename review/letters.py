"""The letters of a cycle, before they are worded: values in, a `Letter` with its payload out.

    letter = unit_returned(office, unit, "2026-10", findings, deadline=deadline)
    letter.about, letter.key   -> ("03637", "03637-01"), "2026-10:unit_returned:03637"

A payload holds what its template walks and nothing that its reader may not see: a unit's letter
carries that unit and its cadres, a cadre's letter that cadre alone; `about` lists the codes. Points
are hundredths, dates ISO text, instants ISO text in the office's own zone. `to` is "" where the
reader has no address: the ledger holds such a letter and the office is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from review.acts import Act
from review.brief import ProgrammeTask
from review.cadres import Cadre
from review.digest import MOST_OWING, digest_block
from review.findings import Finding, Verdict
from review.letter_rows import (
    MOST_CARDS,
    card_row,
    findings_block,
    plain,
    programme_block,
    unit_block,
)
from review.letterhead import LEADER, OFFICE, letterhead, local
from review.period import Period
from review.post import Letter, LetterKind
from review.report_plans import for_a_letter
from review.roll import RollEntry
from review.scorecard import Scorecard
from review.settings import Settings
from review.units import Unit


def unit_returned(
    office: Settings,
    unit: Unit,
    period: str,
    findings: Sequence[Finding],
    *,
    deadline: datetime,
    verdict: Verdict = Verdict.RETURNED,
    received_at: datetime | None = None,
    file_name: str = "",
    cadres: Sequence[Cadre] = (),
    stands: datetime | None = None,
    act: Act | None = None,
) -> Letter:
    """E2: the report does not count yet; what must be mended, and by when it is to come again.

    `findings` are all of them, notes included; the letter shows the gravest 40 and counts the rest.
    `stands` is when an older version came that still counts; `act` what a person did to the file.
    `verdict` is RETURNED or UNREADABLE. `cadres` are the unit's own, whose codes findings may name.
    """
    payload = {
        **letterhead(office, period),
        "unit": unit_block(unit),
        "deadline": local(office, deadline),
        "received_at": local(office, received_at),
        "file_name": plain(file_name, 100),
        "unreadable": verdict is Verdict.UNREADABLE,
        "stands": local(office, stands),
        "act": {"kind": act.kind.value, "reason": plain(act.reason)} if act else None,
        "findings": findings_block(findings),
    }
    return _to_unit(LetterKind.UNIT_RETURNED, unit, period, cadres, payload)


def unit_trial(
    office: Settings,
    unit: Unit,
    period: str,
    findings: Sequence[Finding],
    *,
    verdict: Verdict,
    received_at: datetime,
    file_name: str = "",
    cadres: Sequence[Cadre] = (),
) -> Letter:
    """What the office would have said of a workbook filled in on a form that is on trial."""
    payload = {
        **letterhead(office, period),
        "unit": unit_block(unit),
        "received_at": local(office, received_at),
        "file_name": plain(file_name, 100),
        "verdict_label": verdict.label,
        "findings": findings_block(findings),
    }
    return _to_unit(LetterKind.UNIT_TRIAL, unit, period, cadres, payload)


def unit_result(
    office: Settings,
    unit: Unit,
    entry: RollEntry,
    findings: Sequence[Finding],
    cards: Sequence[Scorecard],
    cadres: Sequence[Cadre],
    *,
    closed: Sequence[ProgrammeTask] = (),
    following: Sequence[ProgrammeTask] = (),
    today: date,
    next_due: datetime,
) -> Letter:
    """Received, and what came of it: verdict, remarks, provisional grades, programme, next month.

    `entry` is the unit's line on the roll; `closed` the tasks of this period as they ended,
    `following` those of the next; `today` decides what is overdue; `next_due` when the next report
    is due. Cards and tasks of any other unit are left out.
    """
    people = {cadre.code: cadre for cadre in cadres if cadre.unit == unit.code}
    own = [card for card in cards if card.unit == unit.code and card.cadre in people]
    level = office.content_of(LetterKind.UNIT_RESULT)
    payload = {
        "level": level,
        **letterhead(office, entry.period),
        "unit": unit_block(unit),
        "state": entry.state.value,
        "verdict": entry.verdict.value if entry.verdict else None,
        "verdict_label": entry.verdict.label if entry.verdict else entry.state.label,
        "received_at": local(office, entry.received_at),
        "due": local(office, entry.due),
        "late_days": entry.late_days,
        "findings": findings_block(findings),
        "cards": [card_row(card, people[card.cadre]) for card in own[:MOST_CARDS]]
        if level == "scores"
        else [],
        "cards_total": len(own),
        **(
            {"annex": _unit_annex(office, unit, entry.period, own, people)}
            if level == "encrypted"
            else {}
        ),
        "programme": programme_block(
            _of_unit(closed, unit), _of_unit(following, unit), people, today
        ),
        "next_label": Period.parse(entry.period).next().label,
        "next_due": local(office, next_due),
    }
    return _to_unit(LetterKind.UNIT_RESULT, unit, entry.period, tuple(people.values()), payload)


def unit_reminder(
    office: Settings,
    unit: Unit,
    entry: RollEntry,
    *,
    now: datetime,
    last_day: datetime,
    stage: str = "",
) -> Letter:
    """E7: the unit still owes its report. `last_day` is when the period is locked to reports;
    `now` decides whether the due time has passed; a new `stage` is a new letter."""
    payload = {
        **letterhead(office, entry.period),
        "unit": unit_block(unit),
        "due": local(office, entry.due),
        "late": now > entry.due,
        "late_days": entry.late_days,
        "returned": entry.received,  # a file came but none counts yet
        "last_day": local(office, last_day),
        "stage": stage,
    }
    return _to_unit(LetterKind.UNIT_REMINDER, unit, entry.period, (), payload)


def owing_digest(
    office: Settings,
    period: str,
    rows: Sequence[tuple[Unit, RollEntry]],
    *,
    role: str,
    stage: str,
    last_day: datetime,
    person: str,
    to: str,
) -> Letter:
    """The units that owe, in one letter to one person: `role` is "contact", "superior" or
    "office"."""
    owing = [
        {**unit_block(unit), "due": local(office, entry.due), "returned": entry.received}
        for unit, entry in rows[:MOST_OWING]
    ]
    payload = {
        **letterhead(office, period),
        "role": role,
        "stage": stage,
        "units": owing,
        "total": len(rows),
        "rest": len(rows) - len(owing),
        "last_day": local(office, last_day),
    }
    about = tuple(unit.code for unit, _ in rows)
    return Letter(period, LetterKind.OWING_DIGEST, person, to, about, payload)


def office_digest(
    office: Settings,
    period: str,
    *,
    units: Sequence[Unit],
    entries: Sequence[RollEntry],
    cards: Iterable[Scorecard],
    findings: Iterable[tuple[str, Finding]],
    closed: Iterable[ProgrammeTask] = (),
    following: Iterable[ProgrammeTask] = (),
    letters: Sequence[tuple[str, int]] = (),
    today: date,
    approve_by: datetime | None = None,
    enclosed: Sequence[Mapping[str, str]] = (),
    plans: Sequence[Mapping[str, object]] = (),
    noted: Sequence[str] = (),
) -> Letter:
    """E1: the period in one page, for the office, which sees all units but, here, no person.

    `findings` are pairs (unit code, finding) of the latest file of each unit; `letters` pairs
    (kind of letter, how many); `approve_by` when the results are to be approved; `enclosed`
    papers by their kind, the sha of their payload, file name and title; `plans` what
    review.letters_plans says of them; `noted` sentences about what else the office is to know.
    """
    payload = {
        **letterhead(office, period),
        "approve_by": local(office, approve_by),
        "letters": [[state, count] for state, count in letters],
        "papers": [dict(paper) for paper in enclosed],
        "plans": [dict(plan) for plan in plans],
        **({"noted": list(noted)} if noted else {}),  # a digest without any stays as it was
        **digest_block(units, entries, cards, findings, closed, following, today),
    }
    to = office.digest_to[0] if office.digest_to else office.email
    about = tuple(unit.code for unit in units)
    return Letter(period, LetterKind.OFFICE_DIGEST, OFFICE, to, about, payload)


def leader_report(
    office: Settings,
    period: str,
    report: Mapping[str, Any],
    *,
    enclosed: Sequence[Mapping[str, str]] = (),
    by: datetime | None = None,
) -> Letter:
    """E3, E4, E6: a period in figures, for those who lead; no person is named. `report` is that
    of review/report.py, `by` when their word is asked for."""
    figures = ("roll", "before", "clusters", "persons", "grades", "programme", "provisional")
    plans = report.get("plans") or {}
    payload = {
        **letterhead(office, period),
        **{key: report[key] for key in figures},
        "cadence": Period.parse(period).cadence.value,
        "plans": for_a_letter(plans, Period.parse(period).cadence) if plans else {},
        "course": report.get("course", []),
        "titles": report.get("titles", []),
        "turns": "lượt đơn vị" if report["months"] > 1 else "đơn vị",
        "reader": "Đồng chí lãnh đạo cơ quan",
        "papers": [dict(paper) for paper in enclosed],
        "by": local(office, by),
    }
    to = office.leaders_to[0] if office.leaders_to else ""
    about = tuple(sorted({*report["people_of"], *(row["code"] for row in report["owing"])}))
    return Letter(period, LetterKind.LEADER_REPORT, LEADER, to, about, payload)


def _unit_annex(
    office: Settings,
    unit: Unit,
    period: str,
    cards: Sequence[Scorecard],
    people: Mapping[str, Cadre],
) -> dict[str, Any]:
    """What the locked sheet of a unit is made of: everyone's points and grade."""
    return {
        **letterhead(office, period),
        "paper": "unit_sheet_pdf",
        "unit": unit_block(unit),
        "cards": [card_row(card, people[card.cadre]) for card in cards],
    }


def _of_unit(tasks: Sequence[ProgrammeTask], unit: Unit) -> list[ProgrammeTask]:
    return [task for task in tasks if task.unit == unit.code]


def _to_unit(
    kind: LetterKind, unit: Unit, period: str, cadres: Sequence[Cadre], payload: dict[str, Any]
) -> Letter:
    about = (unit.code, *(cadre.code for cadre in cadres if cadre.unit == unit.code))
    return Letter(period, kind, unit.code, unit.letter_to, about, payload)
