"""Raters' slips: printed one a rater, kept under seal when they come (tasks/seals.py opens them).

write_slips(occasion, folder)               one workbook a rater
keep_slips(conn, occasion, [slip])          from the step that checks files; a receipt to the rater
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Connection

from channels.blank import FormPress
from channels.errors import ChannelRefused
from channels.originals import Originals
from channels.sealing import put_under_seal, sealed, sealing_key
from review.brief import UnitBrief
from review.cadres import Cadre
from review.examine import Examined
from review.findings import Finding
from review.letters_slips import slip_receipt
from review.rater_rules import raters_of
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


def write_slips(occasion: Occasion, folder: Path, units: Collection[str] | None = None) -> int:
    """A workbook for each rater and role: oneself, the staff of a deputy, those whom the head, or
    the whole leadership, marks. Returns how many."""
    regulation = occasion.regulation
    form = regulation.slip
    if form is None:
        raise ChannelRefused(f"Quy định {regulation.code} chưa có mẫu tiêu chí chung.")
    with occasion.office.book() as book, book.reading() as conn:
        known = recall_units(conn, units)
        cadres = cadres_by_unit(conn, occasion, list(known))
    folder.mkdir(parents=True, exist_ok=True)
    press, written = FormPress(form, regulation.works), 0
    for code, unit in sorted(known.items()):
        for n, (rater, role, people) in enumerate(_slips(occasion, cadres[code]), 1):
            brief = UnitBrief(unit, occasion.period_text, tuple(people), regulation.works,
                              slip=(rater, role))  # fmt: skip
            name = f"{code}_{occasion.period_text}_phieu-{role}-{n:02}.xlsx"
            (folder / name).write_bytes(press.blank(brief))
            written += 1
    return written


def _slips(occasion: Occasion, cadres: Sequence[Cadre]) -> Iterator[tuple[str, str, list[Cadre]]]:
    theirs: defaultdict[tuple[str, str], list[Cadre]] = defaultdict(list)
    for person in cadres:
        if occasion.regulation.scores(person.group):
            for role, raters in raters_of(person, cadres, occasion.regulation.raters).items():
                for rater in raters:
                    theirs[rater, role].append(person)
    for (rater, role), people in sorted(theirs.items()):
        yield rater, role, people


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
    return replace(file, stored_path=f"{file.stored_path}{put_under_seal(path, key)}")
