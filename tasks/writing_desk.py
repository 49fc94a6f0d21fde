"""All that the letters of a batch of units are written from, recalled once.

desk_for(conn, occasion, ("03637",)).findings_of("03637")     -> what the letter may say of its file
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from review.acts import Act, last_acts
from review.brief import ProgrammeTask
from review.cadres import Cadre
from review.findings import Finding
from review.regulation import Regulation
from review.roll import RollEntry
from review.scope import Scope, scopes_of, veiled_finding
from review.scorecard import Scorecard
from review.settings import Settings
from review.units import Unit
from review.watched import UNWATCHED, Watch
from tasks.appeal_term import ask_until
from tasks.briefs import cadres_by_unit
from tasks.defence import cards_with_reasons
from tasks.judged import judged_files, newest_files
from tasks.occasion import Occasion
from tasks.result_sheets import sheet_payloads
from tasks.threads import threads_of
from tasks.watching import directory_for, watch_of
from tdkt_models.acts import recall_acts
from tdkt_models.answers import answered_already
from tdkt_models.files import FileState, ReceivedFile, recall_files
from tdkt_models.findings import recall_findings, units_with_findings
from tdkt_models.programme import recall_tasks
from tdkt_models.roll import recall_roll
from tdkt_models.row_scope import narrow
from tdkt_models.scores import Source, recall_sources
from tdkt_models.units import recall_units


@dataclass(frozen=True, slots=True)
class Desk:
    """The desk of one batch; `settings` are the office's as the batch began. `scopes` are of the
    units in whose files anything was found: only words about what was found are looked through for
    others' names."""

    occasion: Occasion
    settings: Settings
    regulation: Regulation
    today: date
    next_due: datetime
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
    closed: Mapping[str, Sequence[ProgrammeTask]]
    following: Mapping[str, Sequence[ProgrammeTask]]
    threads: Mapping[str, Sequence[str]]
    answered: Collection[int]
    ask_until: datetime
    sources: Mapping[str, Source]

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
        if file is None or unit not in self.scopes:
            return ()
        scope, found = self.scopes[unit], self.findings.get(file.id or 0, ())
        return tuple(veiled_finding(f, scope, self.watch) for f in found) if scope else found


def desk_for(conn: Connection, occasion: Occasion, units: Collection[str]) -> Desk:
    period = occasion.period_text
    about = units_with_findings(conn, period, units)
    scopes = scopes_of(about, directory_for(conn, occasion, about)) if about else {}
    watch = watch_of(conn, occasion) if about else UNWATCHED
    # From here on nothing of anybody else is there.
    narrow(conn, units, on=occasion.office.settings.security.rows_by_unit)
    entries = recall_roll(conn, period, units)
    received = recall_files(conn, period=period, units=units, repairs=False)
    files = judged_files(received, entries)
    tried = recall_files(conn, period=period, units=units, state=FileState.TRIAL, repairs=False)
    latest = newest_files(received)
    trials = {file.unit: file for file in tried if file.unit and file.verdict}
    every = (*files.values(), *latest.values(), *trials.values())
    shown = {file.id for file in every if file.id}
    cadres = cadres_by_unit(conn, occasion, units)
    return Desk(
        occasion=occasion,
        settings=occasion.office.settings,
        regulation=occasion.regulation,
        today=occasion.today,
        next_due=occasion.office.deadlines(occasion.period.next()).due,
        units=recall_units(conn, {entry.unit for entry in entries}),
        entries=entries,
        cadres=cadres,
        cards={card.cadre: card for card in cards_with_reasons(conn, occasion, units, cadres)},
        files=files,
        findings=recall_findings(conn, sorted(shown)),
        watch=watch,
        scopes=scopes,
        latest=latest,
        acts=last_acts(recall_acts(conn, period, units)),
        annexes=_annexes(conn, occasion, units),
        trials=trials,
        closed=_by_unit(recall_tasks(conn, period, units)),
        following=_by_unit(recall_tasks(conn, str(occasion.period.next()), units)),
        threads=threads_of(conn, period, units, files),
        answered=answered_already(conn, period, sorted(shown)),
        ask_until=ask_until(conn, occasion),
        sources=recall_sources(conn, period, units),
    )


def _by_unit(tasks: Iterable[ProgrammeTask]) -> Mapping[str, Sequence[ProgrammeTask]]:
    found: defaultdict[str, list[ProgrammeTask]] = defaultdict(list)
    for task in tasks:
        found[task.unit].append(task)
    return found


def _annexes(
    conn: Connection, occasion: Occasion, units: Collection[str]
) -> Mapping[str, Mapping[str, object]]:
    """What the locked result sheets are made of, where the office sends such."""
    if occasion.office.settings.content_of("cadre_result") != "encrypted":
        return {}
    return sheet_payloads(conn, occasion, units)
