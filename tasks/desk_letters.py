"""The letters of the units that a desk is about, and of their cadres.

for letter in letters_of(desk): letter.key     -> "2026-10:unit_result:03637", …
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

from review.acts import Act
from review.findings import Verdict
from review.letter_rows import trace_of
from review.letters import unit_reminder, unit_result, unit_returned, unit_trial
from review.letters_cadre import CadreResults
from review.post import Letter
from review.regulation import Regulation
from review.reminding import stage_of
from review.roll import RollEntry, RollState
from review.scorecard import CardStatus
from review.threads import in_thread
from review.units import Unit
from review.verdicts import mend_by
from tasks.occasion import Occasion
from tasks.writing_desk import Desk
from tdkt_models.files import ReceivedFile
from tdkt_models.scores import Source


def letters_of(desk: Desk) -> Iterator[Letter]:
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
    cadres = desk.cadres.get(unit.code, ())
    return unit_result(
        desk.settings,
        unit,
        entry,
        desk.findings_of(unit.code),
        [desk.cards[cadre.code] for cadre in cadres if cadre.code in desk.cards],
        cadres,
        closed=desk.closed.get(unit.code, ()),
        following=desk.following.get(unit.code, ()),
        today=desk.today,
        next_due=desk.next_due,
    )


def _trial(desk: Desk, unit: Unit, file: ReceivedFile) -> Letter:
    return unit_trial(
        desk.settings,
        unit,
        desk.occasion.period_text,
        desk.findings_in(unit.code, file),
        verdict=file.verdict or Verdict.UNREADABLE,
        received_at=file.received_at,
        file_name=file.name,
        cadres=desk.cadres.get(unit.code, ()),
    )


def _to_cadres(desk: Desk, unit: Unit) -> Iterator[Letter]:
    whose, period = desk.cadres.get(unit.code, ()), desk.occasion.period_text
    results = CadreResults(desk.settings, unit, period, ask_until=desk.ask_until)
    traces = _traces(desk.regulation, {desk.sources.get(cadre.code) for cadre in whose})
    for cadre in whose:
        card = desk.cards.get(cadre.code)
        if card is not None and cadre.email:
            scored = card.status is CardStatus.OK
            trace = traces[desk.sources.get(cadre.code)] if scored else None
            yield results.letter(cadre, card, desk.annexes.get(cadre.code), trace)


def _traces(
    regulation: Regulation, sources: Collection[Source | None]
) -> dict[Source | None, dict[str, str]]:
    """A longer period was not scored from a file of its own: its parts were."""
    return {
        source: trace_of(regulation, *((source.name, source.sha256) if source else ()))
        for source in sources
    }


def _reminder(desk: Desk, unit: Unit, entry: RollEntry) -> Iterator[Letter]:
    occasion = desk.occasion
    if occasion.now > entry.due:
        yield unit_reminder(
            desk.settings,
            unit,
            entry,
            now=occasion.now,
            last_day=occasion.deadlines.locks,
            stage=stage_of(occasion.now, entry.due, occasion.office.days, desk.settings.answers),
        )


def _returned(desk: Desk, unit: Unit, entry: RollEntry) -> Letter:
    """About the newest file; an older one that stands is said to stand."""
    file = desk.latest.get(unit.code)
    act = desk.acts.get(file.id or 0) if file else None
    verdict = file.verdict if file else entry.verdict
    return unit_returned(
        desk.settings,
        unit,
        desk.occasion.period_text,
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
