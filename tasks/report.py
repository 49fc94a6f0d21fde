"""Write the letters of a cycle into the ledger; nothing is posted here.

report.fn(occasion, ("03637",))       the letters of these units and of their cadres
report_to_office.fn(occasion)         the office's digest
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from prefect import task
from sqlalchemy import Connection

from channels.papers import make_paper
from review.acts import Act, last_acts
from review.brief import ProgrammeTask
from review.cadres import Cadre
from review.findings import Finding, Verdict
from review.letters import (
    cadre_result,
    copies,
    office_digest,
    unit_reminder,
    unit_result,
    unit_returned,
    unit_trial,
)
from review.letters_plans import plans_block
from review.plans import ChangeState
from review.post import Letter, LetterKind
from review.reminding import stage_of
from review.roll import RollEntry, RollState
from review.scope import Scope, Watch, directory_of, scopes_of, veiled_finding, watch_over
from review.scorecard import Scorecard
from review.threads import in_thread
from review.units import Unit
from review.verdicts import mend_by
from tasks.briefs import cadres_by_unit
from tasks.defence import cards_with_reasons
from tasks.judged import judged_files, newest_files
from tasks.occasion import Occasion
from tasks.papers import OFFICE, keep_manifest, report_payload, sheet_payloads
from tasks.threads import threads_of
from tdkt_models.acts import recall_acts
from tdkt_models.answers import answered_already
from tdkt_models.base import Book
from tdkt_models.cadres import recall_cadres
from tdkt_models.files import FileState, ReceivedFile, recall_files
from tdkt_models.findings import recall_findings
from tdkt_models.letter_rows import payload_sha
from tdkt_models.letters import cancel_others, write_letters
from tdkt_models.plan_measures import recall_measures
from tdkt_models.plans import recall_changes
from tdkt_models.programme import recall_tasks
from tdkt_models.roll import recall_roll
from tdkt_models.scores import recall_cards
from tdkt_models.units import recall_units

KEPT = (LetterKind.OWING_DIGEST,)  # true whatever comes after


@dataclass(frozen=True, slots=True)
class Desk:
    """All that the letters of a batch of units are written from, recalled once."""

    occasion: Occasion
    units: Mapping[str, Unit]
    entries: Sequence[RollEntry]
    cadres: Mapping[str, Sequence[Cadre]]
    cards: Mapping[str, Scorecard]
    files: Mapping[str, ReceivedFile]
    findings: Mapping[int, tuple[Finding, ...]]
    watch: Watch
    scopes: Mapping[str, Scope | None]
    latest: Mapping[str, ReceivedFile]
    acts: Mapping[int, Act]
    annexes: Mapping[str, Mapping[str, object]]
    trials: Mapping[str, ReceivedFile]
    closed: Sequence[ProgrammeTask]
    following: Sequence[ProgrammeTask]
    threads: Mapping[str, Sequence[str]]
    answered: Collection[int]

    def has_been_answered(self, unit: str) -> bool:
        """Whether the findings of the unit's file went back when it came (tasks/answer.py)."""
        file = self.latest.get(unit) or self.files.get(unit)
        return file is not None and file.id in self.answered and file.id not in self.acts

    def worse_than_what_stands(self, entry: RollEntry) -> bool:
        """Whether the unit's newest file does not count although an older one does."""
        file = self.latest.get(entry.unit)
        if file is None or entry.counted is None:
            return False
        counts = file.verdict is not None and file.verdict.counts
        return file.id in self.acts or not (counts and file.state is FileState.CHECKED)

    def findings_of(self, unit: str) -> tuple[Finding, ...]:
        """What was found in the unit's file that its place on the roll shows."""
        return self.findings_in(unit, self.files.get(unit))

    def findings_in(self, unit: str, file: ReceivedFile | None) -> tuple[Finding, ...]:
        """What was found in a unit's file, with the codes and names of others covered."""
        scope = self.scopes.get(unit)
        found = self.findings.get(file.id or 0, ()) if file else ()
        return tuple(veiled_finding(f, scope, self.watch) for f in found) if scope else found


@task(name="Viết thư cho đơn vị và cán bộ")
def report(occasion: Occasion, units: Collection[str]) -> int:
    """Returns how many letters are new or newly revised."""
    with occasion.office.book() as book:
        with book.reading() as conn:
            desk = _desk(conn, occasion, units)
        with book.writing() as conn:
            letters = list(_letters(desk))
            new = keep_letters(conn, occasion, letters)
            said = {(letter.kind.value, letter.person) for letter in letters}
            said |= {(kind.value, person) for kind in KEPT for person in _readers(desk)}
            said |= {(LetterKind.UNIT_TRIAL.value, unit) for unit in desk.trials}
            cancel_others(conn, occasion.period_text, _readers(desk), said, occasion.stamp)
            return new


def _readers(desk: Desk) -> set[str]:
    """Everyone a letter about these units could go to."""
    cadres = {cadre.code for those in desk.cadres.values() for cadre in those}
    return {entry.unit for entry in desk.entries} | cadres


@task(name="Viết thư tổng hợp cho cơ quan")
def report_to_office(occasion: Occasion) -> int:
    settings = occasion.office.settings
    with occasion.office.book() as book:
        with book.reading() as conn:
            desk = _desk(conn, occasion, None)
        letter = office_digest(
            settings,
            occasion.period_text,
            units=list(desk.units.values()),
            entries=desk.entries,
            cards=list(desk.cards.values()),
            findings=[(unit, f) for unit in desk.files for f in desk.findings_of(unit)],
            closed=desk.closed,
            following=desk.following,
            today=occasion.today,
            approve_by=occasion.deadlines.locks,
            enclosed=_enclosed(book, occasion),
            plans=_plans(book, occasion),
        )
        with book.writing() as conn:
            return keep_letters(conn, occasion, copies(letter, settings.digest_to))


def _plans(book: Book, occasion: Occasion) -> list[dict[str, Any]]:
    """The figures of the period, and how many proposals wait for a person, by plan."""
    with book.reading() as conn:
        proposed = recall_changes(conn, source=occasion.period_text)
        waiting = Counter(c.line.kind for c in proposed if c.state is ChangeState.PROPOSED)
        return plans_block(recall_measures(conn, occasion.period_text), waiting)


def _enclosed(book: Book, occasion: Occasion) -> list[dict[str, str]]:
    """The workbook that goes with the digest, its manifest kept."""
    if not occasion.office.settings.mail.digest_workbook:
        return []
    with book.reading() as conn:
        payload = report_payload(conn, occasion)
    made = make_paper("workbook", payload)
    with book.writing() as conn:
        keep_manifest(conn, occasion, "workbook", OFFICE, payload, made)
    name = f"Bang-tong-hop-{occasion.period_text.replace('..', '-')}.xlsx"
    title = f"Bảng tổng hợp {occasion.period.label}"
    return [{"kind": "workbook", "sha": payload_sha(payload), "name": name, "title": title}]


def _desk(conn: Connection, occasion: Occasion, units: Collection[str] | None) -> Desk:
    period = occasion.period_text
    entries = recall_roll(conn, period, units)
    received = recall_files(conn, period=period, units=units)
    files = judged_files(received, entries)
    tried = recall_files(conn, period=period, units=units, state=FileState.TRIAL)
    latest = newest_files(received)
    trials = {file.unit: file for file in tried if file.unit and file.verdict}
    every = (*files.values(), *latest.values(), *trials.values())
    shown = {file.id for file in every if file.id}
    codes = {entry.unit for entry in entries}
    directory = directory_of(
        recall_units(conn).values(), recall_cadres(conn), occasion.office.settings
    )
    return Desk(
        occasion=occasion,
        units={code: unit for code, unit in directory.units.items() if code in codes},
        entries=entries,
        cadres=cadres_by_unit(conn, occasion, units),
        cards={card.cadre: card for card in _cards(conn, occasion, units)},
        files=files,
        findings=recall_findings(conn, sorted(shown)),
        watch=watch_over(directory),
        scopes=scopes_of(codes, directory),
        latest=latest,
        acts=last_acts(recall_acts(conn, period, units)),
        annexes=_annexes(conn, occasion, units),
        trials=trials,
        closed=recall_tasks(conn, period, units),
        following=recall_tasks(conn, str(occasion.period.next()), units),
        threads=threads_of(conn, period, files),
        answered=answered_already(conn, period, sorted(shown)),
    )


def _annexes(
    conn: Connection, occasion: Occasion, units: Collection[str] | None
) -> Mapping[str, Mapping[str, object]]:
    """What the locked result sheets are made of, where the office sends such."""
    if units is None or occasion.office.settings.content_of("cadre_result") != "encrypted":
        return {}
    return sheet_payloads(conn, occasion, units)


def _cards(
    conn: Connection, occasion: Occasion, units: Collection[str] | None
) -> Sequence[Scorecard]:
    """With reasons for a batch of units; the digest of all of them shows figures only."""
    if units is None:
        return recall_cards(conn, occasion.period_text)
    return cards_with_reasons(conn, occasion, units)


def _letters(desk: Desk) -> Iterator[Letter]:
    for entry in desk.entries:
        unit = desk.units[entry.unit]
        tried = desk.trials.get(entry.unit)
        if tried is not None and tried.id not in desk.answered:
            yield _trial(desk, unit, tried)
        if entry.state in (RollState.ACCEPTED, RollState.NIL):
            yield in_thread(_result(desk, unit, entry), desk.threads.get(unit.code, ()))
            if desk.worse_than_what_stands(entry) and not desk.has_been_answered(unit.code):
                yield in_thread(_returned(desk, unit, entry), desk.threads.get(unit.code, ()))
            yield from _to_cadres(desk, unit)
        elif entry.state is RollState.MISSING:
            thread = desk.threads.get(unit.code, ())
            yield from (in_thread(letter, thread) for letter in _reminder(desk, unit, entry))
        elif not desk.has_been_answered(unit.code):
            yield in_thread(_returned(desk, unit, entry), desk.threads.get(unit.code, ()))


def _result(desk: Desk, unit: Unit, entry: RollEntry) -> Letter:
    occasion = desk.occasion
    cadres = desk.cadres.get(unit.code, ())
    return unit_result(
        occasion.office.settings,
        unit,
        entry,
        desk.findings_of(unit.code),
        [desk.cards[cadre.code] for cadre in cadres if cadre.code in desk.cards],
        cadres,
        closed=[task for task in desk.closed if task.unit == unit.code],
        following=[task for task in desk.following if task.unit == unit.code],
        today=occasion.today,
        next_due=occasion.office.deadlines(occasion.period.next()).due,
    )


def _trial(desk: Desk, unit: Unit, file: ReceivedFile) -> Letter:
    return unit_trial(
        desk.occasion.office.settings,
        unit,
        desk.occasion.period_text,
        desk.findings_in(unit.code, file),
        verdict=file.verdict or Verdict.UNREADABLE,
        received_at=file.received_at,
        file_name=file.name,
        cadres=desk.cadres.get(unit.code, ()),
    )


def _to_cadres(desk: Desk, unit: Unit) -> Iterator[Letter]:
    ask_until = desk.occasion.deadlines.locks
    for cadre in desk.cadres.get(unit.code, ()):
        if cadre.code in desk.cards and cadre.email:
            yield cadre_result(
                desk.occasion.office.settings,
                unit,
                cadre,
                desk.cards[cadre.code],
                ask_until=ask_until,
                annex=desk.annexes.get(cadre.code),
            )


def _reminder(desk: Desk, unit: Unit, entry: RollEntry) -> Iterator[Letter]:
    occasion, settings = desk.occasion, desk.occasion.office.settings
    if occasion.now > entry.due:
        yield unit_reminder(
            occasion.office.settings,
            unit,
            entry,
            now=occasion.now,
            last_day=occasion.deadlines.locks,
            stage=stage_of(occasion.now, entry.due, occasion.office.days, settings.answers),
        )


def _returned(desk: Desk, unit: Unit, entry: RollEntry) -> Letter:
    """About the newest file; an older one that stands is said to stand."""
    occasion, file = desk.occasion, desk.latest.get(unit.code)
    act = desk.acts.get(file.id or 0) if file else None
    verdict = file.verdict if file else entry.verdict
    return unit_returned(
        occasion.office.settings,
        unit,
        occasion.period_text,
        () if act else desk.findings_in(unit.code, file),
        deadline=_mend_by(desk, entry, file, act),
        verdict=verdict or Verdict.RETURNED,
        received_at=file.received_at if file else entry.received_at,
        file_name=file.name if file else "",
        cadres=desk.cadres.get(unit.code, ()),
        stands=entry.received_at if entry.counted is not None else None,
        act=act,
    )


def _mend_by(desk: Desk, entry: RollEntry, file: ReceivedFile | None, act: Act | None) -> datetime:
    if act is not None and act.until is not None:
        return act.until
    since = act.at if act is not None and act.at else (file.received_at if file else None)
    return to_mend_by(desk.occasion, since or entry.due)


def to_mend_by(occasion: Occasion, since: datetime) -> datetime:
    """Until when what came at a moment, and was returned, is wanted again."""
    office = occasion.office
    days = office.settings.answers.mend_days
    return mend_by(since, occasion.deadlines.locks, days, office.days)


def keep_letters(conn: Connection, occasion: Occasion, letters: Sequence[Letter]) -> int:
    settings = occasion.office.settings
    domain = settings.email.rpartition("@")[2] or "tdkt.localhost"
    written = write_letters(
        conn,
        letters,
        occasion.stamp,
        domain=domain,
        expires_at=datetime.now(UTC) + timedelta(hours=settings.mail.expires_hours),
    )
    return written.new
