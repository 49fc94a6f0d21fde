"""Raters' slips as they go out: one workbook a rater and role, into a folder or by letter.

write_slips(occasion, folder)               one workbook a rater
mail_slips.fn(occasion, ("03637",))         a letter to each rater with all slips of theirs, and
                                            another when the roll has given them more people
marked_by(conn, occasion, "03637-01")       whom a rater marks, once for each role
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from prefect import task
from sqlalchemy import Connection

from channels.blank import FormPress
from channels.errors import ChannelRefused
from review.brief import UnitBrief
from review.cadres import Cadre
from review.letters_slips import SlipSent, slip_invitation
from review.post import Letter, LetterKind, LetterState, reader_of
from review.rater_rules import raters_of
from review.slip_form import ROLES
from review.units import Unit
from tasks.briefs import cadres_by_unit
from tasks.enclosures import enclose
from tasks.occasion import Occasion
from tasks.report import keep_letters
from tdkt_models.cadres import recall_people
from tdkt_models.letter_ledger import ledger
from tdkt_models.letters import LedgerLetter
from tdkt_models.units import recall_units

Marking = tuple[str, str]  # in which role, and whom
LEFT = (LetterState.SENT, LetterState.CLAIMED, LetterState.SENDING, LetterState.IN_DOUBT)


@dataclass(frozen=True, slots=True)
class Blank:
    """A slip ready to be sent: whose, in which role, of whom, and the workbook."""

    unit: Unit
    rater: str
    role: str
    people: tuple[str, ...]
    name: str
    data: bytes


def write_slips(occasion: Occasion, folder: Path, units: Collection[str] | None = None) -> int:
    """A workbook for each rater and role: oneself, the staff of a deputy, those whom the head, or
    the whole leadership, marks. Returns how many."""
    folder.mkdir(parents=True, exist_ok=True)
    written = 0
    for blank in _blanks(occasion, units):
        (folder / blank.name).write_bytes(blank.data)
        written += 1
    return written


@task(name="Viết thư gửi phiếu chấm")
def mail_slips(occasion: Occasion, units: Collection[str]) -> int:
    """Writes to each rater of these units of whom no letter has told whom they mark: all of them,
    or those who came to the roll since. Returns how many."""
    office, period = occasion.office, occasion.period_text
    with office.book() as book, book.reading() as conn:
        known = cadres_by_unit(conn, occasion, list(units))
        written = ledger(conn, period, kind=LetterKind.SLIP_INVITATION)
    people = {cadre.code: cadre for unit in units for cadre in known[unit]}
    wanted: defaultdict[str, set[Marking]] = defaultdict(set)
    for unit in units:
        for rater, role, those in _slips(occasion, known[unit]):
            wanted[rater] |= {(role, person.code) for person in those}
    left, waiting = _told(written)
    owed = {
        rater: rest
        for rater, all_ in wanted.items()
        if (rest := all_ - left[rater]) and rest != waiting.get(rater)
    }
    theirs: defaultdict[str, list[Blank]] = defaultdict(list)
    for blank in _blanks(occasion, units, owed, more=left.keys()):
        theirs[blank.rater].append(blank)
    letters = [
        _letter(occasion, people[rater], blanks, len(wanted[rater]))
        for rater, blanks in theirs.items()
    ]
    with office.book() as book, book.writing() as conn:
        return keep_letters(conn, occasion, letters)


def _told(
    written: Sequence[LedgerLetter],
) -> tuple[defaultdict[str, set[Marking]], dict[str, set[Marking]]]:
    """Whom each rater has been told to mark by letters that left, or may have; and by the latest
    letter that has not."""
    left: defaultdict[str, set[Marking]] = defaultdict(set)
    waiting: dict[str, set[Marking]] = {}
    for one in sorted(written, key=lambda one: one.revision):
        rater, said = reader_of(one.letter.person), set(_said_in(one.letter))
        if one.state in LEFT:
            left[rater] |= said
            waiting.pop(rater, None)
        else:
            waiting[rater] = said
    return left, waiting


def _said_in(letter: Letter) -> Iterator[Marking]:
    """Letters written before 11/2026 tell the roles and, beside them, the people of all roles."""
    keys = {label: role for role, label in ROLES.items()}
    for slip in letter.payload["slips"]:
        for code in slip.get("codes", letter.about):
            yield keys[slip["role"]], code


def _letter(occasion: Occasion, rater: Cadre, blanks: Sequence[Blank], marks: int) -> Letter:
    office = occasion.office
    slips = [
        SlipSent(ROLES[one.role], one.people, enclose(office, one.name, one.data)) for one in blanks
    ]
    return slip_invitation(
        office.settings, blanks[0].unit, rater, occasion.period_text, slips,
        due=occasion.deadlines.due, last_day=occasion.deadlines.locks,
        before=marks - sum(len(one.people) for one in slips),
    )  # fmt: skip


def units_with_slips(occasion: Occasion, named: Collection[str]) -> list[str]:
    """The units named, else those whose form 01 comes on slips. Raises ChannelRefused for a unit
    that is none, and where there are no such units."""
    with occasion.office.book() as book, book.reading() as conn:
        known = recall_units(conn)
    if unknown := sorted(set(named) - set(known)):
        raise ChannelRefused(f"Không có đơn vị mang mã {', '.join(unknown)}.")
    scoring = occasion.office.settings.scoring
    found = sorted(named) if named else [unit for unit in known if scoring.by_slips(unit)]
    if not found:
        raise ChannelRefused(
            "Chưa có đơn vị nào chấm bằng phiếu: ghi `slip_units` ở [scoring] trong office.toml, "
            "hoặc nêu đơn vị bằng --unit."
        )
    return found


def marked_by(conn: Connection, occasion: Occasion, rater: str) -> list[str]:
    """Whom a rater marks, once for each role, as the roll has it: not as any letter says."""
    unit = next((c.unit for c in recall_people(conn, [rater])), "")
    cadres = cadres_by_unit(conn, occasion, [unit])[unit]
    return [
        person.code
        for whose, _, people in _slips(occasion, cadres)
        if whose == rater
        for person in people
    ]


def _blanks(
    occasion: Occasion,
    units: Collection[str] | None,
    owed: Mapping[str, Collection[Marking]] | None = None,
    more: Collection[str] = (),
) -> Iterator[Blank]:
    """Of everyone to be marked, or of those who are `owed`; to the raters in `more` they come in
    addition to slips that they have."""
    regulation = occasion.regulation
    form = regulation.slip
    if form is None:
        raise ChannelRefused(f"Quy định {regulation.code} chưa có mẫu tiêu chí chung.")
    with occasion.office.book() as book, book.reading() as conn:
        known = recall_units(conn, units)
        cadres = cadres_by_unit(conn, occasion, list(known))
    press, period = FormPress(form, regulation.works), occasion.period_text
    due = occasion.deadlines.due.date()
    for code, unit in sorted(known.items()):
        for n, (rater, role, people) in enumerate(_slips(occasion, cadres[code]), 1):
            if owed is not None:
                people = [one for one in people if (role, one.code) in owed.get(rater, ())]
            if people:
                brief = UnitBrief(
                    unit, period, tuple(people), regulation.works, due=due, slip=(rater, role)
                )
                note = "-bo-sung" if rater in more else ""
                name = f"{code}_{period}_phieu-{role}-{n:02}{note}.xlsx"
                codes = tuple(person.code for person in people)
                yield Blank(unit, rater, role, codes, name, press.blank(brief))


def _slips(occasion: Occasion, cadres: Sequence[Cadre]) -> Iterator[tuple[str, str, list[Cadre]]]:
    theirs: defaultdict[tuple[str, str], list[Cadre]] = defaultdict(list)
    for person in cadres:
        if occasion.regulation.scores(person.group):
            for role, raters in raters_of(person, cadres, occasion.regulation.raters).items():
                for rater in raters:
                    theirs[rater, role].append(person)
    for (rater, role), people in sorted(theirs.items()):
        yield rater, role, people
