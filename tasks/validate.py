"""Check: open what came in the reading room, judge it against the roll, keep what was found.

    validate.fn(occasion, (1, 2, 3))   -> Checked(files=3, accepted=2)

A batch is some files in any mixture of units; one bad file never stops the others.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from prefect import task
from sqlalchemy import Connection

from channels.originals import Originals
from review.brief import UnitBrief
from review.checks import findings_of
from review.examine import Examined
from review.explanations import Explanation
from review.findings import Finding, Verdict, verdict_of
from review.form import is_draft
from review.partial import Settled, settle
from review.past import NOTHING, Past
from review.period import Period, PeriodError
from review.scorecard import Scorecard
from review.scoring import score_unit
from review.slip_form import is_slip
from review.submission import Submission
from review.verdicts import is_hostile
from tasks.basis import basis_of
from tasks.briefs import briefs
from tasks.corrections import completed
from tasks.explained import Heard
from tasks.mail_senders import of_another_hand, turned_away
from tasks.occasion import Occasion
from tasks.pasts import pasts
from tasks.ratings import Slip, findings_in_slip, keep_slips, raters_named, seal_file
from tasks.reading import room_of
from tasks.score import keep_scored
from tasks.seals import put_away_slips
from tasks.standing import update_roll
from tdkt_models.cadres import recall_editions
from tdkt_models.explanations import keep_explanations
from tdkt_models.files import (
    FileHead,
    FileState,
    ReceivedFile,
    keep_files,
    number_versions,
    recall_file_heads,
    recall_files,
)
from tdkt_models.findings import keep_findings
from tdkt_models.quieted import Quieted, keep_quieted
from tdkt_models.roll import recall_roll
from tdkt_models.submissions import KeptSubmission, keep_submissions, recall_heads

SET_ASIDE = "Để riêng: {says}"
HELD = "Một số dòng được giữ lại chờ sửa; các dòng khác đã nhận."
UNKNOWN_SENDER = "Không rõ tệp của đơn vị nào trong danh sách; cần người xem."


@dataclass(frozen=True, slots=True)
class Checked:
    files: int
    accepted: int


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


@task(name="Kiểm tra báo cáo")
def validate(occasion: Occasion, batch: Collection[int]) -> Checked:
    """Files already checked are passed over, so a second run finds nothing to do."""
    office = occasion.office
    with office.book() as book:
        with book.reading() as conn:
            files = [f for f in recall_files(conn, ids=batch) if f.state is FileState.WAITING]
            on_roll = {entry.unit for entry in recall_roll(conn, occasion.period_text)}
        originals = Originals(office.folder / "received")
        paths = [originals.path(file.stored_path) for file in files]
        room = room_of(office)
        forms, period = occasion.regulation.every_form, occasion.period_text
        examined = room.examine(paths, forms, period)
        examined = completed(room, originals, paths, examined, forms, period)
        pairs = zip(files, examined, strict=True)
        due_now = [(f, e) for f, e in pairs if not _is_for_later(e, occasion)]
        files, examined = [f for f, _ in due_now], [e for _, e in due_now]
        sent_by = [_sender(file, one, on_roll) for file, one in zip(files, examined, strict=True)]
        with book.reading() as conn:
            aside = turned_away(conn, office.settings, files, sent_by)
            aside |= of_another_hand(conn, office.settings, files, raters_named(files, examined))
            sent_by = ["" if f.id in aside else u for f, u in zip(files, sent_by, strict=True)]
            known = _known(conn, occasion, _reports(sent_by, examined))
        judged = [
            _judge(occasion, *those, known) for those in zip(files, sent_by, examined, strict=True)
        ]
        judged = [replace(one, turned_away=aside.get(one.file.id or 0, "")) for one in judged]
        with book.writing() as conn:
            _keep(conn, occasion, judged, known)
        with book.reading() as conn:
            put_away_slips(conn, occasion)
    return Checked(len(judged), sum(one.verdict.counts for one in judged))


def _is_for_later(examined: Examined, occasion: Occasion) -> bool:
    """A report of a coming period, handed in early, waits until that period is collected."""
    try:
        return Period.parse(examined.period) > occasion.period
    except PeriodError:
        return False


def _sender(file: ReceivedFile, examined: Examined, on_roll: Collection[str]) -> str:
    """Whose file it is: by what it says of itself, else by the code that its name begins with."""
    if examined.unit:
        return examined.unit if examined.unit in on_roll else ""
    named = file.name.split("_", 1)[0].split(".", 1)[0]
    return named if named in on_roll else ""


def _reports(sent_by: Sequence[str], examined: Sequence[Examined]) -> dict[str, list[Submission]]:
    """By unit of the batch, what its files say; nothing for one that could not be read."""
    reports: dict[str, list[Submission]] = {unit: [] for unit in sent_by if unit}
    for unit, one in zip(sent_by, examined, strict=True):
        if unit and one.submission is not None:
            reports[unit].append(one.submission)
    return reports


def _known(
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


def _judge(
    occasion: Occasion, file: ReceivedFile, unit: str, examined: Examined, known: Known
) -> Judged:
    """All that is wrong with a file. What it says is held against the roll only if it is about the
    period being collected: of another month everything would differ."""
    regulation, zone = occasion.regulation, occasion.office.settings.zone
    brief = known.briefs.get(unit)
    about_now = examined.period == occasion.period_text or brief is None
    if is_slip(examined.form):
        found = findings_in_slip(occasion, examined, brief)
        return Judged(file, unit, replace(examined, repairs=()), found, verdict_of(found))
    cards = _cards(occasion, examined, brief)
    trial = is_draft(examined.form)
    expected = (regulation.trial_forms if trial else regulation.forms)[occasion.period.cadence]
    said = (form for form in regulation.every_form.values() if form.code == examined.form)
    form = next((form for form in said if form.cadence == expected.cadence), expected)
    findings = findings_of(
        examined if about_now else replace(examined, submission=None),
        form,
        brief,
        received_at=file.received_at.astimezone(zone),
        due=None if trial else known.due.get(unit),
        severities=regulation.severities,
        totals={card.cadre: card.total for card in cards if card.total is not None},
        days=occasion.office.days,
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
        examined = replace(examined, submission=settled.submission)
        cards = _cards(occasion, examined, brief)
    return Judged(
        file, unit, examined, heard.findings, settled.verdict, cards, heard.said, heard.quieted
    )


def _cards(
    occasion: Occasion, examined: Examined, brief: UnitBrief | None
) -> tuple[Scorecard, ...]:
    """What the unit's people come to: the heads' indicator d is held against it."""
    if examined.submission is None or brief is None:
        return ()
    return score_unit(examined.submission, brief.cadres, occasion.regulation, with_reasons=False)


def _keep(conn: Connection, occasion: Occasion, judged: Sequence[Judged], known: Known) -> None:
    stamp = occasion.stamp
    keep_files(conn, [_judged_file(occasion, one) for one in judged], stamp)
    keep_findings(conn, {one.file.id or 0: one.findings for one in judged}, stamp)
    if said := [given for one in judged for given in one.said]:
        keep_explanations(conn, said, stamp)
    if quiet := {one.file.id or 0: one.quieted for one in judged if one.quieted}:
        keep_quieted(conn, quiet, stamp)
    slips = [
        Slip(one.file, one.unit, one.examined.submission, one.findings, one.verdict.counts)
        for one in judged
        if one.slip
    ]
    if slips:
        keep_slips(conn, occasion, slips)
    units = sorted({one.unit for one in judged if one.unit and not (one.trial or one.slip)})
    number_versions(conn, occasion.period_text, units, stamp)
    heads = recall_file_heads(conn, occasion.period_text, units)
    kept = _keep_submissions(conn, occasion, judged, heads)
    _keep_cards(conn, occasion, judged, kept, known)
    update_roll(conn, occasion, units, heads)


def _judged_file(occasion: Occasion, one: Judged) -> ReceivedFile:
    file = seal_file(occasion, one.file) if one.slip and one.verdict.counts else one.file
    return replace(
        file,
        period=occasion.period_text,
        unit=one.unit or None,
        state=_state_of(one),
        verdict=one.verdict,
        findings=len(one.findings),
        repairs=one.examined.repairs,
        reason=_reason(one),
    )


def _state_of(one: Judged) -> FileState:
    if one.trial:
        return FileState.TRIAL
    if one.slip:
        return FileState.SLIP
    return FileState.SET_ASIDE if one.set_aside else FileState.CHECKED


def _reason(one: Judged) -> str:
    if not one.unit:
        return one.turned_away or UNKNOWN_SENDER
    if one.set_aside:
        return SET_ASIDE.format(says=one.findings[0].says)
    if one.verdict is Verdict.PARTIAL:
        return HELD
    return one.findings[0].says if one.findings and not one.verdict.counts else ""


def _keep_submissions(
    conn: Connection, occasion: Occasion, judged: Sequence[Judged], heads: Sequence[FileHead]
) -> list[KeptSubmission]:
    """Each readable report once; the newest valid one of a unit stands."""
    theirs = [one for one in judged if one.can_stand and one.file.id is not None]
    theirs = [one for one in theirs if one.examined.period == occasion.period_text]
    standing = _newest_valid(conn, occasion, theirs, heads)
    batch = [
        KeptSubmission(
            one.examined.submission,  # type: ignore[arg-type]  # can_stand says it is there
            one.file.id or 0,
            standing=standing.get(one.unit) == one.file.id,
        )
        for one in theirs
    ]
    return keep_submissions(conn, batch, occasion.stamp)


def _newest_valid(
    conn: Connection, occasion: Occasion, judged: Sequence[Judged], heads: Sequence[FileHead]
) -> dict[str, int]:
    """By unit, the file that stands after this batch."""
    said = recall_heads(conn, occasion.period_text, {one.unit for one in judged})
    valid = {head.file for head in said if head.standing}
    valid |= {one.file.id or 0 for one in judged if one.verdict.counts}
    return {head.unit: head.id for head in heads if head.id in valid}  # the last to come stays


def _keep_cards(
    conn: Connection,
    occasion: Occasion,
    judged: Sequence[Judged],
    kept: Sequence[KeptSubmission],
    known: Known,
) -> None:
    """The cards of every report that stands now: `score` need not make them again."""
    stands = {one.file: one for one in kept if one.standing}
    those = [(one, stands[one.file.id]) for one in judged if one.file.id in stands]
    keep_scored(
        conn,
        occasion,
        [card for one, _ in those for card in one.cards],
        {one.unit: submission.id for one, submission in those if submission.id},
        {
            one.unit: basis_of(occasion, known.editions[one.unit], submission.digest)
            for one, submission in those
        },
    )
