"""Appeals and corrections after approval: opened on a frozen snapshot, decided by a named person.

number = open_case(occasion, "03637-01", who="Lò Văn Inh", grounds="…")
decide_case(occasion, number, who="Vàng A Páo", note="…", uphold=True).outcome["says"]

Only the one result is made again. What follows from it for longer periods and for the quota is
proposed (tasks/restate.py) wherever somebody has approved it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from prefect import task
from sqlalchemy import Connection

from channels.errors import ChannelRefused
from review.appeals import Appeal, CaseKind, CaseState, outcome_of, snapshot_of
from review.approval import latest_approval
from review.quota_moves import full_lists
from review.rehearsal import compare
from review.results import Result
from review.rollup import Basis
from review.scorecard import Grade, Scorecard
from tasks.appeal_term import appeal_until
from tasks.approve import limited
from tasks.occasion import Occasion
from tasks.one_result import InForce, in_force, keep_one, made_again, scored_again
from tasks.quota import drawn_now
from tasks.report import report
from tasks.restate import (
    Restated,
    capped,
    expected_now,
    open_proposal,
    propose_moves,
    restate,
    tell_office,
)
from tasks.roll_up import roll_up
from tasks.tell_decisions import tell_outcome
from tdkt_models.appeals import keep_appeal, recall_appeal, recall_appeals, settle_appeal
from tdkt_models.audit import AuditEntry, keep_audit
from tdkt_models.decisions import recall_decisions
from tdkt_models.letter_ledger import has_letters
from tdkt_models.period_scores import recall_basis
from tdkt_models.results import keep_results, recall_results
from tdkt_models.scores import recall_cards, reported_since

AFTER_APPROVAL = "Báo cáo hợp lệ nhận sau khi phê duyệt"
WAITS_FOR_A_SEAT = "Điểm đạt mức xuất sắc sau khi chấm lại; chờ xét lại tỷ lệ xuất sắc."


def open_case(occasion: Occasion, cadre: str, who: str, grounds: str) -> int:
    """The number of the appeal. Raises ChannelRefused: not approved yet, no such person, too late,
    or one is open already."""
    with occasion.office.book() as book, book.writing() as conn:
        known = in_force(conn, occasion, cadre)
        closes_on = appeal_until(conn, occasion)
        if faults := list(_against_opening(conn, occasion, cadre, who, grounds, closes_on)):
            raise ChannelRefused(" ".join(faults))
        case = Appeal(
            occasion.period_text, cadre, known.result.unit, CaseKind.APPEAL, who.strip(),
            grounds.strip(), snapshot_of(known.result, known.card, known.parts), closes_on,
        )  # fmt: skip
        number = keep_appeal(conn, case, occasion.stamp)
        _note(conn, occasion, replace(case, id=number), who, "appeal.opened")
    return number


@task(name="Mở điều chỉnh cho báo cáo đến sau phê duyệt")
def open_corrections(occasion: Occasion, who: str) -> list[int]:
    """A case for everyone whose result would be another by the reports that came after approval;
    the office is told. Nothing to do while the period is not approved."""
    opened: list[int] = []
    with occasion.office.book() as book, book.writing() as conn:
        if not recall_results(conn, occasion.period_text):
            return []
        units = reported_since(conn, occasion.period_text)
        cards = recall_cards(conn, occasion.period_text, units)
        again = [card for unit in units for card in scored_again(conn, occasion, unit)]
        told = []
        for change in compare(cards, again):
            known = in_force(conn, occasion, change.cadre)
            words = f"{AFTER_APPROVAL}: {change.words}"
            number = open_proposal(conn, occasion, known, CaseKind.CORRECTION, words, who)
            if number is not None:
                opened.append(number)
                told.append(f"Số {number}, {change.cadre}: {change.words}")
        tell_office(conn, occasion, told)
    return opened


def decide_case(occasion: Occasion, number: int, who: str, note: str, *, uphold: bool) -> Appeal:
    """Decides a case. Upheld, the one person's result is made again, a new version of it is kept,
    longer periods are made anew or proposed, the quota is drawn anew and who would move is
    proposed, and the letters that tell it are written. Raises ChannelRefused."""
    if not who.strip() or not note.strip():
        raise ChannelRefused("Giải quyết kiến nghị phải ghi người quyết định (--by) và ý kiến.")
    with occasion.office.book() as book, book.writing() as conn:
        case = _open_case(conn, occasion, number, who)
        known = in_force(conn, occasion, case.cadre)
        before, after, restated = known.result, known.result, Restated(known.result.unit)
        if uphold:
            after = _upheld(conn, occasion, case, known)
            why = f"{case.kind.label} số {number}: {note.strip()}"
            after = replace(after, why=" ".join(filter(None, (why + ".", after.why))))
            keep_results(conn, [after], occasion.stamp)
            restated = restate(conn, occasion, case.cadre, who.strip())
        case = replace(
            case,
            state=CaseState.UPHELD if uphold else CaseState.DISMISSED,
            decided_by=who.strip(),
            note=note.strip(),
            outcome=outcome_of(
                before, after, list(map(str, restated.again)), list(map(str, restated.proposed))
            ),
        )
        settle_appeal(conn, case)
        _note(conn, occasion, case, who, f"appeal.{case.state.value}")
        moved = propose_moves(conn, occasion, who.strip()) if uphold and capped(occasion) else []
        tell_office(conn, occasion, [
            *(f"{p.label}: kết quả của {case.cadre} cần tính lại" for p in restated.proposed),
            *(f"{move.cadre}: {move.says}" for move in moved),
        ])  # fmt: skip
    _write_letters(occasion, case, restated)
    tell_outcome(occasion, case)
    return case


def _upheld(conn: Connection, occasion: Occasion, case: Appeal, known: InForce) -> Result:
    """The result as it is to be, its card kept: nothing is approved beyond this one person."""
    if case.kind is CaseKind.QUOTA:
        return _moved(conn, occasion, case, known.result)
    again = made_again(conn, occasion, known)
    keep_one(conn, occasion, again, direct=known.direct)
    grade, why = again.grade, ""
    if again.grade is Grade.EXCELLENT and capped(occasion):
        grade, why = _with_a_seat(conn, occasion, again)
    before = known.result
    made = Result(
        before.period, before.cadre, again.unit, again.status, again.total, again.grade, grade, why
    )
    return limited(conn, occasion, [made])[0]


def _with_a_seat(conn: Connection, occasion: Occasion, card: Scorecard) -> tuple[Grade, str]:
    """Excellent only where the drawing gives a seat, and none of those approved has it: who would
    have to give theirs up is proposed, never done."""
    drawn = drawn_now(conn, occasion)
    approved = recall_results(conn, occasion.period_text)
    taken = [one.cadre for one in approved if one.grade is Grade.EXCELLENT]
    if card.cadre in drawn.excellent and not full_lists(card.cadre, drawn, taken):
        return Grade.EXCELLENT, drawn.why[card.cadre]
    return Grade.GOOD, WAITS_FOR_A_SEAT


def _moved(conn: Connection, occasion: Occasion, case: Appeal, before: Result) -> Result:
    """The move that the drawing proposes, if it still does and there is a seat."""
    expected, drawn = expected_now(conn, occasion)
    to, now = Grade(case.snapshot["to"]), expected.get(case.cadre)
    if now is None or now.grade is not to:
        raise ChannelRefused(f"Đề xuất số {case.id} không còn đúng với số liệu hiện nay.")
    if to is Grade.EXCELLENT:
        approved = recall_results(conn, occasion.period_text)
        taken = [one.cadre for one in approved if one.grade is Grade.EXCELLENT]
        if full := full_lists(case.cadre, drawn, taken):
            raise ChannelRefused(
                f"Chưa nâng {case.cadre} được: {', '.join(full)} đã đủ chỉ tiêu với những người "
                "được phê duyệt. Hãy quyết định trước đề xuất đưa người khác ra khỏi chỉ tiêu "
                f"(tdkt appeal list {occasion.period_text})."
            )
    return replace(before, grade=to, why=now.why)


def _write_letters(occasion: Occasion, case: Appeal, restated: Restated) -> None:
    """Anew: the period's own, and those of longer periods that were written already."""
    units = tuple(sorted({case.unit, restated.unit}))
    for period in restated.again:
        roll_up.fn(replace(occasion, period=period), (restated.unit,))
    with occasion.office.book() as book, book.reading() as conn:
        written = [period for period in restated.again if has_letters(conn, str(period))]
    for about in (occasion.period, *written):
        report.fn(replace(occasion, period=about), units)


def _against_opening(
    conn: Connection,
    occasion: Occasion,
    cadre: str,
    who: str,
    grounds: str,
    closes_on: date | None,
) -> Iterator[str]:
    if not who.strip() or not grounds.strip():
        yield "Kiến nghị phải ghi người nêu (--by) và căn cứ (--grounds)."
    if closes_on and occasion.today > closes_on:
        yield f"Đã hết hạn kiến nghị kết quả {occasion.period.label} (hạn {closes_on:%d/%m/%Y})."
    if _final_waits(conn, occasion):
        yield (
            f"Kết quả chính thức {occasion.period.label} đã tính xong, đang chờ xác nhận: hãy phê "
            "duyệt trước rồi mới kiến nghị."
        )
    for case in recall_appeals(conn, occasion.period_text):
        if case.cadre == cadre and case.state is CaseState.OPEN and case.kind is CaseKind.APPEAL:
            yield f"Đang có {case.kind.label.lower()} số {case.id} của {cadre} chưa giải quyết."


def _final_waits(conn: Connection, occasion: Occasion) -> bool:
    """Whether final results stand beside provisional ones that alone are approved."""
    basis = recall_basis(conn, occasion.period_text)
    if basis != Basis.FINAL:
        return False
    decided = recall_decisions(conn, occasion.period_text)
    stages = occasion.regulation.approval_of(occasion.period.cadence)
    approval = latest_approval(stages, decided)
    return approval is not None and approval.decisions[-1].basis == Basis.PROVISIONAL


def _open_case(conn: Connection, occasion: Occasion, number: int, who: str) -> Appeal:
    case = recall_appeal(conn, number)
    if case is None or case.period != occasion.period_text:
        raise ChannelRefused(f"Không có kiến nghị số {number} trong {occasion.period.label}.")
    if case.state is CaseState.WITHDRAWN:
        raise ChannelRefused(f"Đề xuất số {number} không còn căn cứ và đã được rút.")
    if case.state is not CaseState.OPEN:
        raise ChannelRefused(f"Kiến nghị số {number} đã được {case.decided_by} giải quyết.")
    if case.opened_by.casefold() == who.strip().casefold() and case.kind is CaseKind.APPEAL:
        raise ChannelRefused("Người nêu kiến nghị không tự giải quyết kiến nghị của mình.")
    return case


def _note(conn: Connection, occasion: Occasion, case: Appeal, who: str, what: str) -> None:
    detail = {
        "case": case.id,
        "period": case.period,
        "grounds": case.grounds,
        "note": case.note,
        "outcome": dict(case.outcome),
    }
    keep_audit(conn, [AuditEntry(who, what, case.cadre, detail)], occasion.stamp)
