"""The gate: no letter is queued before its finished message was read and its figures agree.

    judged = judge(conn, occasion, letters)
    judged.cleared     -> ids that may be queued
    judged.held        -> {12: "Thư có nội dung ngoài phạm vi người nhận: …"}
    judged.faults      -> ("Thư tổng hợp: số đơn vị chưa nộp ghi 5, sổ có 4.",): then nothing goes

The scope comes from who the reader is, the figures from the book as it is now; neither from the
letter (features L16, L20).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from jinja2 import UndefinedError
from sqlalchemy import Connection

from channels.composing import compose
from channels.errors import ChannelRefused
from channels.message_words import words_of
from channels.rendering import LetterTooLong
from review.brief import ProgrammeTask
from review.findings import Finding
from review.post import LetterKind, reader_of
from review.reconcile import BookFigures, disagreements
from review.roll import tally
from review.scope import (
    Directory,
    Scope,
    Watch,
    crossings,
    directory_of,
    naming,
    own_of,
    scopes_of,
    watch_over,
)
from review.scorecard import Scorecard
from tasks.defence import cards_with_reasons
from tasks.enclosures import own_words
from tasks.finishing import Finisher, headers_of
from tasks.judged import answered_findings, judged_findings, newest_findings
from tasks.occasion import Occasion
from tasks.slips import marked_by
from tasks.take_stock import standing_in
from tdkt_models.cadres import recall_cadres
from tdkt_models.letters import LedgerLetter
from tdkt_models.programme import recall_tasks
from tdkt_models.roll import recall_roll
from tdkt_models.units import recall_units

MOST_SAID = 5


@dataclass(frozen=True, slots=True)
class Judged:
    cleared: tuple[int, ...] = ()
    held: Mapping[int, str] = field(default_factory=dict)
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sight:
    """All that letters are held against, recalled once."""

    directory: Directory
    watch: Watch
    scopes: Mapping[str, Scope | None]
    figures: BookFigures
    cards: Mapping[str, Sequence[Scorecard]]
    findings: Mapping[str, Sequence[Finding]]
    tasks: Mapping[str, Sequence[ProgrammeTask]]
    marked: Mapping[str, Sequence[str]]


def judge(
    conn: Connection, occasion: Occasion, letters: Sequence[LedgerLetter], finisher: Finisher
) -> Judged:
    """Reads each letter as it would leave, and holds every figure against the book."""
    sight = _sight(conn, occasion, letters)
    faults = [*standing_in(conn, occasion).faults]
    held: dict[int, str] = {}
    for one in letters:
        faults += disagreements(one.letter, sight.figures)
        reason = _refusal(occasion, one, sight, finisher)
        if reason:
            held[one.id] = reason
    cleared = tuple(one.id for one in letters if one.id not in held)
    return Judged(cleared, held, tuple(dict.fromkeys(faults)))


def _refusal(occasion: Occasion, one: LedgerLetter, sight: Sight, finisher: Finisher) -> str:
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
    found = crossings(words, scope, sight.watch, own)
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


def _sight(conn: Connection, occasion: Occasion, letters: Sequence[LedgerLetter]) -> Sight:
    period, persons = occasion.period_text, {one.letter.person for one in letters}
    directory = directory_of(
        recall_units(conn).values(), recall_cadres(conn), occasion.office.settings
    )
    cards = cards_with_reasons(conn, occasion)
    findings = {**judged_findings(conn, occasion), **answered_findings(conn, persons)}
    newest = newest_findings(conn, occasion)
    tasks: defaultdict[str, list[ProgrammeTask]] = defaultdict(list)
    for text in (period, str(occasion.period.next())):
        for task in recall_tasks(conn, text):
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
        directory,
        watch_over(directory, cards),
        scopes_of(map(reader_of, persons), directory),
        BookFigures(
            tally(recall_roll(conn, period)),
            {card.cadre: card for card in cards},
            {unit: len(found) for unit, found in findings.items()},
            {unit: len(found) for unit, found in newest.items()},
            {person: len(people) for person, people in marked.items()},
        ),
        by_unit,
        findings | {unit: (*findings.get(unit, ()), *found) for unit, found in newest.items()},
        tasks,
        marked,
    )
