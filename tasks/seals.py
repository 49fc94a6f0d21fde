"""Raters' marks under seal: who is in, when the seal is broken, what a score may rest on.

standing_of(conn, occasion)                 who is in and who is not, never what they marked
open_slips(conn, occasion, units)           from the step that scores; each opening is in the audit
as_scored(conn, occasion, reports)          the reports with the opened marks laid beside

Nobody's marks are shown, in a letter, a report or a command, before everyone's that are needed are
in, or a named person decides not to wait.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from channels.errors import ChannelRefused
from channels.originals import Originals
from channels.sealing import drop_plain, opened, sealing_key
from review.rater_rules import raters_of
from review.ratings import Rating, marked_in_report, ready, with_ratings
from review.submission import Submission
from tasks.briefs import cadres_by_unit
from tasks.occasion import Occasion
from tdkt_models.audit import AuditEntry, keep_audit, recall_audit
from tdkt_models.files import FileState, recall_files
from tdkt_models.ratings import open_rating, recall_ratings, recall_seals
from tdkt_models.submissions import recall_submissions

OPENED = "ratings.opened"


@dataclass(frozen=True, slots=True)
class Waited:
    """One person's marks: by role, who is due and who is in; `opened` whether they may be seen."""

    cadre: str
    unit: str
    due: Mapping[str, Sequence[str]]
    there: Mapping[str, Collection[str]]
    opened: bool


def standing_of(
    conn: Connection, occasion: Occasion, units: Collection[str] | None = None
) -> list[Waited]:
    """Of everyone of whom a slip has come, by unit and cadre."""
    ratings = recall_ratings(conn, occasion.period_text, units)
    if not ratings:
        return []
    those = sorted({one.unit for one in ratings})
    cadres = cadres_by_unit(conn, occasion, those)
    people = {c.code: c for unit in those for c in cadres[unit]}
    rubric = occasion.regulation.general
    said = recall_submissions(conn, occasion.period_text, those, sheets=[rubric.sheet])
    reported = {k: v for one in said for k, v in marked_in_report(one, rubric).items()}
    found = []
    for code in sorted({one.cadre for one in ratings if one.cadre in people}):
        mine = [one for one in ratings if one.cadre == code]
        there: defaultdict[str, set[str]] = defaultdict(set)
        for one in mine:
            there[one.role].add(one.rater)
        for role in reported.get(code, ()):
            there[role].add("")
        due = raters_of(people[code], cadres[people[code].unit], occasion.regulation.raters)
        shown = all(one.opened_at for one in mine)
        found.append(Waited(code, people[code].unit, due, there, shown))
    return found


def open_slips(conn: Connection, occasion: Occasion, units: Collection[str]) -> list[str]:
    """Opens the marks of those of whom all that are needed are in; tells whose."""
    rules = occasion.regulation.raters
    whose = [
        one.cadre
        for one in standing_of(conn, occasion, units)
        if not one.opened and ready(one.due, one.there, rules)
    ]
    _open(conn, occasion, units, whose, "tdkt", "đã đủ các bên")
    return whose


def open_now(occasion: Occasion, cadre: str, who: str, why: str) -> None:
    """A named person decides not to wait for whoever is missing; said again, it stands as it was.
    Raises ChannelRefused."""
    if not who.strip() or not why.strip():
        raise ChannelRefused("Mở niêm phong phải ghi người quyết định (--by) và lý do (--why).")
    with occasion.office.book() as book, book.writing() as conn:
        known = {one.cadre: one for one in standing_of(conn, occasion)}
        detail = {"period": occasion.period_text, "why": why.strip()}
        if any(
            (one.who, one.detail) == (who.strip(), detail)
            for one in recall_audit(conn, subject=cadre, what=OPENED)
        ):
            return
        if cadre not in known or known[cadre].opened:
            raise ChannelRefused(
                f"{cadre} không có phiếu nào còn niêm phong trong {occasion.period.label}."
            )
        _open(conn, occasion, [known[cadre].unit], [cadre], who.strip(), why.strip())


def _open(
    conn: Connection, occasion: Occasion, units: Collection[str], whose: Collection[str],
    who: str, why: str,
) -> None:  # fmt: skip
    if not whose:
        return
    key = sealing_key(occasion.office.folder)
    seals = recall_seals(conn, occasion.period_text, units)
    for one in recall_ratings(conn, occasion.period_text, units):
        if one.cadre in whose and one.opened_at is None:
            open_rating(conn, one, opened(seals[one.about], key, one.about), occasion.stamp)
    detail = {"period": occasion.period_text, "why": why}
    keep_audit(
        conn, [AuditEntry(who, OPENED, code, detail) for code in sorted(whose)],
        occasion.stamp,
    )  # fmt: skip


def opened_by_unit(
    conn: Connection, occasion: Occasion, units: Collection[str]
) -> dict[str, list[Rating]]:
    """The marks that are open, by unit: what a score may rest on."""
    found: defaultdict[str, list[Rating]] = defaultdict(list)
    for one in recall_ratings(conn, occasion.period_text, units):
        if one.opened_at is not None:
            found[one.unit].append(one)
    return found


def as_scored(conn: Connection, occasion: Occasion, said: Sequence[Submission]) -> list[Submission]:
    """Reports as they are scored: with the opened slips of their units laid beside."""
    slips = opened_by_unit(conn, occasion, [one.unit for one in said])
    rubric = occasion.regulation.general
    return [with_ratings(one, slips.get(one.unit, ()), rubric) for one in said]


def put_away_slips(conn: Connection, occasion: Occasion) -> None:
    """Drops the plain file of every slip that the book has under seal: after it was kept, and again
    where the run stopped in between or the same file came once more."""
    originals = Originals(occasion.office.folder / "received")
    for file in recall_files(conn, period=occasion.period_text, state=FileState.SLIP):
        drop_plain(originals.path(file.stored_path))


def slips_digest(slips: Sequence[Rating]) -> str:
    """Of what is open, for the basis of a unit's cards; "" where nothing is."""
    return "".join(one.digest for one in slips)
