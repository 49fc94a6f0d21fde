"""From what a desk read of a file to all that is to be kept of it: judged against the roll and what
came before.

    known = known_of(conn, occasion, reports_of(sent_by, examined))
    judged_by(occasion, known, files, sent_by, examined)    -> [Judged(file, "03637", …), …]
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

from sqlalchemy import Connection

from review.brief import UnitBrief
from review.calendar import WorkingDays
from review.checks import findings_of
from review.examine import Examined
from review.explanations import Explanation
from review.findings import Finding, Verdict, verdict_of
from review.form import Form, is_draft
from review.partial import Settled, settle
from review.past import NOTHING, Past
from review.period import Cadence
from review.regulation import Regulation
from review.scorecard import Scorecard
from review.scoring import score_unit
from review.slip_form import is_slip
from review.submission import Submission
from review.verdicts import is_hostile
from tasks.briefs import briefs
from tasks.explained import Heard
from tasks.occasion import Occasion
from tasks.pasts import pasts
from tasks.ratings import findings_in_slip
from tdkt_models.cadres import recall_editions
from tdkt_models.files import ReceivedFile
from tdkt_models.quieted import Quieted
from tdkt_models.roll import recall_roll


@dataclass(frozen=True, slots=True)
class Judged:
    """A file with all that is to be kept of it. `unit` is "" where nobody on the roll sent it."""

    file: ReceivedFile
    unit: str
    examined: Examined
    findings: tuple[Finding, ...]
    verdict: Verdict
    cards: tuple[Scorecard, ...] = ()
    said: tuple[Explanation, ...] = ()
    quieted: tuple[Quieted, ...] = ()
    turned_away: str = ""

    @property
    def trial(self) -> bool:
        """On a form that is on trial: answered, and no more."""
        said = self.examined
        return is_draft(said.form, said.version) or (not said.form and is_draft(self.file.name))

    @property
    def slip(self) -> bool:
        """A rater's own marks: kept under seal (tasks/ratings.py), no report of the unit's."""
        return is_slip(self.examined.form) and bool(self.unit)

    @property
    def set_aside(self) -> bool:
        return not self.unit or is_hostile(self.findings)

    @property
    def can_stand(self) -> bool:
        said = self.examined.submission is not None
        return said and not (self.set_aside or self.trial or self.slip)


@dataclass(frozen=True, slots=True)
class Known:
    """What the book says of the units of a batch: briefs and which edition of the roster they were
    made from, due times, what came before."""

    briefs: Mapping[str, UnitBrief]
    editions: Mapping[str, str]
    due: Mapping[str, datetime]
    pasts: Mapping[str, Past]
    heard: Heard


def reports_of(sent_by: Sequence[str], examined: Sequence[Examined]) -> dict[str, list[Submission]]:
    """By unit of the batch, what its files say; nothing for one that could not be read."""
    reports: dict[str, list[Submission]] = {unit: [] for unit in sent_by if unit}
    for unit, one in zip(sent_by, examined, strict=True):
        if unit and one.submission is not None:
            reports[unit].append(one.submission)
    return reports


def known_of(
    conn: Connection, occasion: Occasion, reports: Mapping[str, Sequence[Submission]]
) -> Known:
    units = list(reports)
    zone = occasion.office.settings.zone
    entries = recall_roll(conn, occasion.period_text, units)
    due = {entry.unit: entry.due.astimezone(zone) for entry in entries}
    editions = recall_editions(conn, units)
    known = briefs(conn, occasion, units)
    heard = Heard.of(conn, occasion, units)
    return Known(known, editions, due, pasts(conn, occasion, reports), heard)


def judged_by(
    occasion: Occasion,
    known: Known,
    files: Sequence[ReceivedFile],
    sent_by: Sequence[str],
    examined: Sequence[Examined],
) -> list[Judged]:
    """The files of a batch, in order; `sent_by` names the unit of each, "" for nobody on the
    roll."""
    bar = _Bar.of(occasion)
    return [
        _judged(occasion, bar, *those, known)
        for those in zip(files, sent_by, examined, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class _Bar:
    """What every file of a batch is held against, asked of the office once."""

    regulation: Regulation
    period: str
    cadence: Cadence
    zone: tzinfo
    days: WorkingDays

    @classmethod
    def of(cls, occasion: Occasion) -> _Bar:
        office = occasion.office
        zone, days = office.settings.zone, office.days
        cadence = occasion.period.cadence
        return cls(occasion.regulation, occasion.period_text, cadence, zone, days)

    def form_of(self, code: str, trial: bool) -> Form:
        """The form of that code for the period, else the one that is expected."""
        regulation = self.regulation
        expected = (regulation.trial_forms if trial else regulation.forms)[self.cadence]
        said = (form for form in regulation.every_form.values() if form.code == code)
        return next((form for form in said if form.cadence == expected.cadence), expected)


def _judged(
    occasion: Occasion,
    bar: _Bar,
    file: ReceivedFile,
    unit: str,
    examined: Examined,
    known: Known,
) -> Judged:
    """All that is wrong with a file. What it says is held against the roll only if it is about the
    period being collected: of another month everything would differ."""
    regulation, brief = bar.regulation, known.briefs.get(unit)
    about_now = examined.period == bar.period or brief is None
    if is_slip(examined.form):
        found = findings_in_slip(occasion, examined, brief)
        return Judged(file, unit, replace(examined, repairs=()), found, verdict_of(found))
    cards = _cards(regulation, examined, brief)
    trial = is_draft(examined.form)
    form = bar.form_of(examined.form, trial)
    findings = findings_of(
        examined if about_now else replace(examined, submission=None),
        form,
        brief,
        received_at=file.received_at.astimezone(bar.zone),
        due=None if trial else known.due.get(unit),
        severities=regulation.severities,
        totals={card.cadre: card.total for card in cards if card.total is not None},
        days=bar.days,
        past=known.pasts.get(unit, NOTHING),
        retirement=regulation.retirement,
    )
    heard = known.heard.apply(
        unit, file.id or 0, examined.submission, findings, examined.explained, form
    )
    settled = settle(examined.submission, heard.findings, form)
    if not examined.readable:
        settled = Settled(Verdict.UNREADABLE, None)
    if settled.held:  # what is scored is what counts
        examined = replace(examined, submission=settled.submission, written=None)
        cards = _cards(regulation, examined, brief)
    return Judged(
        file, unit, examined, heard.findings, settled.verdict, cards, heard.said, heard.quieted
    )


def _cards(
    regulation: Regulation, examined: Examined, brief: UnitBrief | None
) -> tuple[Scorecard, ...]:
    """What the unit's people come to: the heads' indicator d is held against it."""
    if examined.submission is None or brief is None:
        return ()
    return score_unit(examined.submission, brief.cadres, regulation, with_reasons=False)
