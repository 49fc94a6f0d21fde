"""What follows from one changed result: longer periods that rest on it, and the quota drawn anew.

rolled, proposed = restate(conn, occasion, "03637-01", who="Vàng A Páo")
propose_moves(conn, occasion, who="Vàng A Páo")         -> the cases opened for others

A longer period that nobody has approved is simply made anew. One that was approved is never
overwritten: a case is opened that says what the result would be, for a named person to decide. The
same with the quota: who would move is proposed, case by case.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from review.appeals import Appeal, CaseKind, CaseState, snapshot_of
from review.letterhead import OFFICE, copies
from review.letters_office import office_alert
from review.period import Period
from review.quota_lists import Drawn
from review.quota_moves import Move, moves
from review.rehearsal import Change
from review.results import Result, frozen
from tasks.approve import limited
from tasks.occasion import Occasion
from tasks.one_result import InForce, in_force, made_again
from tasks.quota import drawn_now, results_now
from tasks.report import keep_letters
from tdkt_models.appeals import keep_appeal, recall_appeals, settle_appeal
from tdkt_models.audit import AuditEntry, keep_audit
from tdkt_models.cadres import recall_cadre
from tdkt_models.cycles import recall_cycle
from tdkt_models.results import recall_results, standing_result


@dataclass(frozen=True, slots=True)
class Restated:
    """`again` are periods to be rolled up anew; `proposed` those that were approved, and of which
    it is proposed; `unit` where the person is now."""

    unit: str
    again: tuple[Period, ...] = ()
    proposed: tuple[Period, ...] = ()


def capped(occasion: Occasion) -> bool:
    return occasion.period.cadence in occasion.regulation.cap.applies


def restate(conn: Connection, occasion: Occasion, cadre: str, who: str) -> Restated:
    """Opens a case for each approved longer period that comes out otherwise now."""
    person = recall_cadre(conn, cadre)
    unit = person.unit if person else cadre.partition("-")[0]
    again, proposed = [], []
    for period in longer(occasion):
        about = replace(occasion, period=period)
        if recall_cycle(conn, str(period)) is None:
            continue
        if standing_result(conn, str(period), cadre) is None:
            again.append(period)
        elif propose_restating(conn, about, cadre, occasion.period.label, who):
            proposed.append(period)
    return Restated(unit, tuple(again), tuple(proposed))


def longer(occasion: Occasion) -> list[Period]:
    """The longer periods that this one is within, shortest first."""
    around = occasion.office.settings.periods_on(occasion.period.start)
    return [period for period in around if period.cadence.months > occasion.period.cadence.months]


def propose_restating(
    conn: Connection, about: Occasion, cadre: str, cause: str, who: str
) -> Change | None:
    """How the approved result would change, with a case opened for it; None where it would not.
    `cause` names what was made anew: "tháng 7/2026"."""
    known = in_force(conn, about, cadre)
    now = made_again(conn, about, known)
    was = known.result
    if (was.total, was.by_points, was.status) == (now.total, now.grade, now.status):
        return None
    change = Change(cadre, now.unit, str(about.period), was.total, now.total, was.by_points,
                    now.grade)  # fmt: skip
    grounds = f"Kết quả {cause} đã được tính lại: {change.words}"
    open_proposal(conn, about, known, CaseKind.RESTATEMENT, grounds, who)
    return change


def open_proposal(
    conn: Connection,
    about: Occasion,
    known: InForce,
    kind: CaseKind,
    grounds: str,
    who: str,
    to: str = "",
) -> int | None:
    """The number of the case, None where one of its kind is open for the person already (it will be
    made from what the book says when it is decided)."""
    period, cadre = about.period_text, known.result.cadre
    for case in recall_appeals(conn, period):
        if case.cadre == cadre and case.kind is kind and case.state is CaseState.OPEN:
            return None
    snapshot = snapshot_of(known.result, known.card, known.parts) | ({"to": to} if to else {})
    case = Appeal(period, cadre, known.result.unit, kind, who, grounds, snapshot)
    number = keep_appeal(conn, case, about.stamp)
    detail = {"case": number, "period": period, "grounds": grounds}
    keep_audit(conn, [AuditEntry(who, "appeal.proposed", cadre, detail)], about.stamp)
    return number


def expected_now(conn: Connection, occasion: Occasion) -> tuple[dict[str, Result], Drawn]:
    """What an approval today would put down, by cadre, and the drawing it rests on."""
    drawn = drawn_now(conn, occasion)
    results = limited(conn, occasion, frozen(results_now(conn, occasion), drawn))
    return {one.cadre: one for one in results}, drawn


def moves_now(conn: Connection, occasion: Occasion) -> list[Move]:
    """Who would move were the quota of an approved period drawn anew; nobody before approval."""
    approved = recall_results(conn, occasion.period_text)
    if not approved or not capped(occasion):
        return []
    expected, drawn = expected_now(conn, occasion)
    return moves(approved, expected, drawn)


def propose_moves(conn: Connection, occasion: Occasion, who: str) -> list[Move]:
    """Opens a case for each person who would move, and withdraws those of whom it is no longer so.
    One that a person dismissed is not opened again for the same move on the same grounds."""
    wanted = {move.cadre: move for move in moves_now(conn, occasion)}
    known = [c for c in recall_appeals(conn, occasion.period_text) if c.kind is CaseKind.QUOTA]
    for case in known:
        move = wanted.get(case.cadre)
        if case.state is CaseState.OPEN and (move is None or move.after != case.snapshot["to"]):
            settle_appeal(conn, replace(case, state=CaseState.WITHDRAWN, decided_by=who))
    dismissed = {(c.cadre, c.grounds) for c in known if c.state is CaseState.DISMISSED}
    opened = []
    for move in wanted.values():
        if (move.cadre, move.says) in dismissed:
            continue
        one = in_force(conn, occasion, move.cadre)
        if open_proposal(conn, occasion, one, CaseKind.QUOTA, move.says, who, move.after):
            opened.append(move)
    return opened


def tell_office(conn: Connection, occasion: Occasion, proposals: Sequence[str]) -> None:
    """A letter to the office: what waits for a person's decision, and how to decide it."""
    if not proposals:
        return
    settings = occasion.office.settings
    alert = office_alert(
        settings,
        occasion.period_text,
        f"Có đề xuất thay đổi kết quả đã phê duyệt của {occasion.period.label}",
        proposals,
        do="đề nghị xem và quyết định từng đề xuất; chưa quyết định thì kết quả cũ giữ nguyên",
    )
    addressed = replace(alert, person=f"{OFFICE}/de-xuat")
    keep_letters(conn, occasion, copies(addressed, settings.digest_to))
