"""The gate: no letter is queued before its finished message was read and its figures agree.

    gate = open_gate(conn, occasion)
    judged = judge(conn, occasion, gate, letters, finisher)     some hundred letters at a time
    judged.cleared     -> ids that may be queued
    judged.held        -> {12: "Thư có nội dung ngoài phạm vi người nhận: …"}
    judged.faults      -> ("Thư tổng hợp: số đơn vị chưa nộp ghi 5, sổ có 4.",): then nothing goes

The scope comes from who the reader is, the figures from the book as it is now; neither from the
letter (features L16, L20).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from jinja2 import UndefinedError
from sqlalchemy import Connection

from channels.composing import compose
from channels.errors import ChannelRefused
from channels.message_words import words_of
from channels.rendering import LetterTooLong
from review.brief import ProgrammeTask
from review.cadres import Cadre
from review.findings import Finding
from review.post import LetterKind, reader_of
from review.reconcile import BookFigures, PeopleTally, disagreements
from review.roll import RollTally, tally
from review.scope import Reader, Scope, crossings, naming, own_of, scopes_of
from review.scorecard import Scorecard
from review.watched import Watch, with_totals
from tasks.defence import cards_in_force, cards_with_reasons
from tasks.enclosures import own_words
from tasks.finishing import Finisher, headers_of
from tasks.judged import answered_findings, judged_findings, newest_findings
from tasks.occasion import Occasion
from tasks.slips import marked_by
from tasks.take_stock import standing_in
from tasks.watching import directory_for, watch_of
from tdkt_models.cadres import recall_lines, recall_people
from tdkt_models.letters import LedgerLetter
from tdkt_models.programme import recall_tasks
from tdkt_models.roll import recall_roll
from tdkt_models.units import recall_units

MOST_SAID = 5
UNITS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Judged:
    cleared: tuple[int, ...] = ()
    held: Mapping[int, str] = field(default_factory=dict)
    faults: tuple[str, ...] = ()

    @classmethod
    def together(cls, parts: Sequence[Judged]) -> Judged:
        return cls(
            tuple(number for one in parts for number in one.cleared),
            {number: why for one in parts for number, why in one.held.items()},
            tuple(dict.fromkeys(fault for one in parts for fault in one.faults)),
        )


@dataclass(frozen=True, slots=True)
class Gate:
    """What every letter of a period is held against, made once: of a whole country no more than
    codes, names, distinct totals and counts."""

    watch: Watch
    tally: RollTally
    people: PeopleTally
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sight:
    """What some letters are held against: all that is their readers' own."""

    scopes: Mapping[str, Scope | None]
    figures: BookFigures
    cards: Mapping[str, Sequence[Scorecard]]
    findings: Mapping[str, Sequence[Finding]]
    tasks: Mapping[str, Sequence[ProgrammeTask]]
    marked: Mapping[str, Sequence[Cadre]]


def open_gate(conn: Connection, occasion: Occasion) -> Gate:
    totals: set[int] = set()

    def cards() -> Iterator[Scorecard]:
        units = sorted(recall_units(conn))
        for at in range(0, len(units), UNITS_AT_ONCE):
            for card in cards_in_force(conn, occasion, units[at : at + UNITS_AT_ONCE]):
                totals.update([card.total] if card.total is not None else [])
                yield card

    people = PeopleTally.of(cards())
    return Gate(
        with_totals(watch_of(conn, occasion), totals),
        tally(recall_roll(conn, occasion.period_text)),
        people,
        standing_in(conn, occasion).faults,
    )


def judge(
    conn: Connection,
    occasion: Occasion,
    gate: Gate,
    letters: Sequence[LedgerLetter],
    finisher: Finisher,
) -> Judged:
    """Reads each letter as it would leave, and holds every figure against the book."""
    sight = _sight(conn, occasion, gate, letters)
    faults = [*gate.faults]
    held: dict[int, str] = {}
    for one in letters:
        faults += disagreements(one.letter, sight.figures)
        reason = _refusal(occasion, one, sight, gate.watch, finisher)
        if reason:
            held[one.id] = reason
    cleared = tuple(one.id for one in letters if one.id not in held)
    return Judged(cleared, held, tuple(dict.fromkeys(faults)))


def _refusal(
    occasion: Occasion, one: LedgerLetter, sight: Sight, watch: Watch, finisher: Finisher
) -> str:
    """Why a letter may not go, or ""."""
    scope = sight.scopes[reader_of(one.letter.person)]
    if scope is None:
        return f"Không có người nhận mang mã {one.letter.person} trong danh bạ."
    if one.letter.to and one.letter.to.lower() not in scope.addresses:
        return "Địa chỉ nhận không còn là của người nhận trong danh bạ; chạy lại kỳ để viết lại."
    try:
        words = _words(occasion, one, finisher)
    except (ChannelRefused, LetterTooLong, UndefinedError) as wrong:
        return f"Không viết được thư: {wrong}"
    own = _own(scope, sight, one.letter.person) | own_words(occasion.office, one.letter)
    if one.letter.kind is LetterKind.SLIP_INVITATION:  # of the roll, not of the letter
        scope = naming(scope, sight.marked.get(one.letter.person, ()))
    found = crossings(words, scope, watch, own)
    if not found:
        return ""
    more = f" và {len(found) - MOST_SAID} điều khác" if len(found) > MOST_SAID else ""
    return f"Thư có nội dung ngoài phạm vi người nhận: {'; '.join(found[:MOST_SAID])}{more}."


def _words(occasion: Occasion, one: LedgerLetter, finisher: Finisher) -> str:
    settings = occasion.office.settings
    message = compose(
        finisher.finish(one),
        sender=settings.email,
        sender_name=settings.name,
        to=one.letter.to or settings.email,  # nobody to send it to yet: queued it will be held
        message_id=one.message_id,
        reply_to=settings.reply_to,
        headers=headers_of(occasion.office, one),
    )
    locked = "annex" in one.letter.payload
    return words_of(message, finisher.password(reader_of(one.letter.person)) if locked else "")


def _own(scope: Scope, sight: Sight, person: str) -> frozenset[str]:
    """What the reader itself wrote, and the figures of its own cards."""
    if scope.sees_all:
        return frozenset()
    units = sorted(scope.units)
    cards = [card for unit in units for card in sight.cards.get(unit, ())]
    findings = [f for unit in (*units, person) for f in sight.findings.get(unit, ())]
    tasks = [task for unit in units for task in sight.tasks.get(unit, ())]
    typed = [*(f.value for f in findings), *(t for x in tasks for t in (x.content, x.product))]
    judged = [text for finding in findings for text in (finding.says, finding.fix)]
    return own_of([card for card in cards if card.cadre in scope.cadres], typed, judged)


def _sight(
    conn: Connection, occasion: Occasion, gate: Gate, letters: Sequence[LedgerLetter]
) -> Sight:
    period, persons = occasion.period_text, {one.letter.person for one in letters}
    readers = sorted(set(map(reader_of, persons)))
    scopes = scopes_of(readers, directory_for(conn, occasion, readers))
    units = _units_of(conn, scopes)
    cards = cards_with_reasons(conn, occasion, units)
    findings = {**judged_findings(conn, occasion, units), **answered_findings(conn, persons)}
    newest = newest_findings(conn, occasion, units)
    tasks: defaultdict[str, list[ProgrammeTask]] = defaultdict(list)
    for text in (period, str(occasion.period.next())):
        for task in recall_tasks(conn, text, units):
            tasks[task.unit].append(task)
    marked = {
        one.letter.person: marked_by(conn, occasion, reader_of(one.letter.person))
        for one in letters
        if one.letter.kind is LetterKind.SLIP_INVITATION
    }
    by_unit: defaultdict[str, list[Scorecard]] = defaultdict(list)
    for card in cards:
        by_unit[card.unit].append(card)
    return Sight(
        scopes,
        BookFigures(
            gate.tally,
            gate.people,
            {card.cadre: card for card in cards},
            {unit: len(found) for unit, found in findings.items()},
            {unit: len(found) for unit, found in newest.items()},
            {person: len(people) for person, people in marked.items()},
        ),
        by_unit,
        findings | {unit: (*findings.get(unit, ()), *found) for unit, found in newest.items()},
        tasks,
        {person: recall_people(conn, codes) for person, codes in marked.items()},
    )


def _units_of(conn: Connection, scopes: Mapping[str, Scope | None]) -> list[str]:
    """Whose cards and reports the readers' own words come from: of persons, also where they served
    before. Who reads of all units reads figures, which are nobody's own."""
    units: set[str] = set()
    for scope in scopes.values():
        if scope is not None and scope.reader not in (Reader.OFFICE, Reader.LEADER):
            units |= scope.units
    persons = [code for code, one in scopes.items() if one and one.reader is Reader.PERSON]
    served = recall_lines(conn, codes=persons) if persons else ()
    return sorted(units | {line.unit for line in served})
