"""Check: open what came in the reading room, judge it against the roll, keep what was found.

    validate.fn(occasion, (1, 2, 3))   -> Checked(files=3, accepted=2)

A batch is some files in any mixture of units; one bad file never stops the others.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from prefect import task
from sqlalchemy import Connection

from channels.originals import Originals
from review.examine import Examined
from review.findings import Verdict
from review.period import Period, PeriodError
from tasks.basis import bases_of
from tasks.corrections import completed
from tasks.judging import Judged, Known, judged_by, known_of, reports_of
from tasks.mail_senders import of_another_hand, turned_away
from tasks.occasion import Occasion
from tasks.ratings import Slip, keep_slips, raters_named, seal_file
from tasks.reading import room_of
from tasks.score import keep_scored
from tasks.seals import put_away_slips
from tasks.standing import update_roll
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
from tdkt_models.quieted import keep_quieted
from tdkt_models.roll import units_on_roll
from tdkt_models.submissions import KeptSubmission, keep_submissions, recall_heads

SET_ASIDE = "Để riêng: {says}"
HELD = "Một số dòng được giữ lại chờ sửa; các dòng khác đã nhận."
UNKNOWN_SENDER = "Không rõ tệp của đơn vị nào trong danh sách; cần người xem."


@dataclass(frozen=True, slots=True)
class Checked:
    files: int
    accepted: int


@task(name="Kiểm tra báo cáo")
def validate(occasion: Occasion, batch: Collection[int]) -> Checked:
    """Files already checked are passed over, so a second run finds nothing to do."""
    office = occasion.office
    with office.book() as book:
        with book.reading() as conn:
            files = [f for f in recall_files(conn, ids=batch) if f.state is FileState.WAITING]
        originals = Originals(office.folder / "received")
        paths = [originals.path(file.stored_path) for file in files]
        room = room_of(office)
        forms, period = occasion.regulation.every_form, occasion.period_text
        examined = room.examine(paths, forms, period)
        examined = completed(room, originals, paths, examined, forms, period)
        pairs = zip(files, examined, strict=True)
        due_now = [(f, e) for f, e in pairs if not _is_for_later(e, occasion)]
        files, examined = [f for f, _ in due_now], [e for _, e in due_now]
        named = [_named(file, one) for file, one in zip(files, examined, strict=True)]
        with book.reading() as conn:
            on_roll = units_on_roll(conn, period, set(named))
            sent_by = [unit if unit in on_roll else "" for unit in named]
            aside = turned_away(conn, office.settings, files, sent_by)
            aside |= of_another_hand(conn, office.settings, files, raters_named(files, examined))
            sent_by = ["" if f.id in aside else u for f, u in zip(files, sent_by, strict=True)]
            known = known_of(conn, occasion, reports_of(sent_by, examined))
        judged = judged_by(occasion, known, files, sent_by, examined)
        judged = [
            replace(one, turned_away=aside[one.file.id]) if one.file.id in aside else one
            for one in judged
        ]
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


def _named(file: ReceivedFile, examined: Examined) -> str:
    """Whose file it is: by what it says of itself, else by the code that its name begins with."""
    return examined.unit or file.name.split("_", 1)[0].split(".", 1)[0]


def _keep(conn: Connection, occasion: Occasion, judged: Sequence[Judged], known: Known) -> None:
    stamp, period = occasion.stamp, occasion.period_text
    keep_files(conn, [_judged_file(occasion, period, one) for one in judged], stamp)
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
    heads = recall_file_heads(conn, occasion.period_text, units)
    number_versions(conn, occasion.period_text, units, stamp, heads)
    kept = _keep_submissions(conn, occasion, judged, heads)
    _keep_cards(conn, occasion, judged, kept, known)
    update_roll(conn, occasion, units, heads)


def _judged_file(occasion: Occasion, period: str, one: Judged) -> ReceivedFile:
    file = seal_file(occasion, one.file) if one.slip and one.verdict.counts else one.file
    return file._replace(
        period=period,
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
    period = occasion.period_text
    theirs = [one for one in theirs if one.examined.period == period]
    standing = _newest_valid(conn, occasion, theirs, heads)
    batch = [
        KeptSubmission(
            one.examined.submission,  # type: ignore[arg-type]  # can_stand says it is there
            one.file.id or 0,
            standing=standing.get(one.unit) == one.file.id,
            written=one.examined.written,
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
    made_from = {
        one.unit: (known.editions[one.unit], submission.digest) for one, submission in those
    }
    keep_scored(
        conn,
        occasion,
        [card for one, _ in those for card in one.cards],
        {one.unit: submission.id for one, submission in those if submission.id},
        bases_of(occasion, made_from),
    )
