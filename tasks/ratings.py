"""Raters' slips as they come in, kept under seal (tasks/slips.py sends them, tasks/seals.py opens).

keep_slips(conn, occasion, [slip])          from the step that checks files; a receipt to the rater
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from channels.originals import Originals
from channels.sealing import put_under_seal, sealed, sealing_key
from review.brief import UnitBrief
from review.examine import Examined
from review.findings import Finding
from review.letters_slips import slip_receipt
from review.ratings import Rating, ratings_of, slip_findings, too_late
from review.slip_form import ROLES, is_slip
from review.submission import Submission
from tasks.briefs import cadres_by_unit
from tasks.occasion import Occasion
from tasks.report import keep_letters
from tdkt_models.audit import AuditEntry, keep_audit
from tdkt_models.files import ReceivedFile
from tdkt_models.ratings import keep_ratings, recall_ratings
from tdkt_models.units import recall_units


@dataclass(frozen=True, slots=True)
class Slip:
    """A slip that was read: `submission` None where it could not be."""

    file: ReceivedFile
    unit: str
    submission: Submission | None
    findings: tuple[Finding, ...]
    counts: bool


def raters_named(files: Sequence[ReceivedFile], examined: Sequence[Examined]) -> dict[int, str]:
    """By file, who marked: of the slips among them."""
    return {
        file.id or 0: one.submission.cover.rater
        for file, one in zip(files, examined, strict=True)
        if is_slip(one.form) and one.submission is not None
    }


def findings_in_slip(
    occasion: Occasion, examined: Examined, brief: UnitBrief | None
) -> tuple[Finding, ...]:
    """What is wrong with it; what was typed is told to nobody."""
    regulation, said = occasion.regulation, examined.submission
    found = list(examined.findings)
    if said is not None and regulation.slip is not None and brief is not None:
        found += slip_findings(said, regulation.slip, brief.cadres, regulation.raters)
    return tuple(replace(one, value="") for one in found)


def keep_slips(conn: Connection, occasion: Occasion, slips: Sequence[Slip]) -> None:
    """Puts the marks, and the file they came in, under seal; the rater has a receipt that tells the
    digest and no figure."""
    key = sealing_key(occasion.office.folder)
    rubric, kept = occasion.regulation.general, list[tuple[Rating, str]]()
    cadres = cadres_by_unit(conn, occasion, sorted({slip.unit for slip in slips}))
    shown = {one.about for one in recall_ratings(conn, occasion.period_text) if one.opened_at}
    units, letters = recall_units(conn), []
    for slip in slips:
        said = slip.submission
        mine = ratings_of(said, slip.file.sha256, rubric, key) if said and slip.counts else []
        late = [one.cadre for one in mine if one.about in shown]
        mine = [replace(one, at=slip.file.received_at) for one in mine if one.about not in shown]
        findings = (*slip.findings, too_late(late)) if late else slip.findings
        kept += [(one, sealed(dict(one.marks), key, one.about)) for one in mine]
        rater = next((c for c in cadres[slip.unit] if said and c.code == said.cover.rater), None)
        if rater is not None and said is not None:
            letters.append(
                slip_receipt(
                    occasion.office.settings, units[slip.unit], rater, occasion.period_text,
                    role=ROLES.get(said.cover.role, ""), people=len(mine),
                    received_at=slip.file.received_at, sha=slip.file.sha256,
                    findings=findings, number=slip.file.id or 0, late=bool(late),
                )
            )  # fmt: skip
        entry = AuditEntry(
            "tdkt", "ratings.sealed" if mine else "ratings.returned", slip.unit,
            {"period": occasion.period_text, "file": slip.file.sha256,
             "digests": [one.digest for one in mine]},
        )  # fmt: skip
        keep_audit(conn, [entry], occasion.stamp)
    keep_ratings(conn, kept, occasion.stamp)
    keep_letters(conn, occasion, letters)


def seal_file(occasion: Occasion, file: ReceivedFile) -> ReceivedFile:
    """The file of a slip with its bytes under seal too; the plain ones go once the book knows."""
    key = sealing_key(occasion.office.folder)
    path = Originals(occasion.office.folder / "received").path(file.stored_path)
    return file._replace(stored_path=f"{file.stored_path}{put_under_seal(path, key)}")
