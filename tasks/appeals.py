"""Appeals and corrections after approval: opened on a frozen snapshot, decided by a named person.

number = open_case(occasion, "03637-01", who="Lò Văn Inh", grounds="…")
decide_case(occasion, number, who="Vàng A Páo", note="…", uphold=True).outcome["says"]
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from sqlalchemy import Connection

from channels.errors import ChannelRefused
from review.appeals import (
    Appeal,
    CaseKind,
    CaseState,
    after_quota,
    outcome_of,
    snapshot_of,
    told_in_letter,
)
from review.approval import approval_of
from review.period import Cadence, Period
from review.rehearsal import compare
from review.results import Result
from review.scorecard import Scorecard
from review.scoring import score_unit
from tasks.briefs import cadres_by_unit
from tasks.occasion import Occasion
from tasks.report import report
from tasks.roll_up import roll_up
from tdkt_models.appeals import keep_appeal, recall_appeal, recall_appeals, settle_appeal
from tdkt_models.audit import AuditEntry, keep_audit
from tdkt_models.cycles import recall_cycle
from tdkt_models.decisions import open_units, recall_decisions
from tdkt_models.results import keep_results, recall_results
from tdkt_models.scores import keep_cards, recall_cards
from tdkt_models.submissions import recall_kept


def open_case(
    occasion: Occasion, cadre: str, who: str, grounds: str, kind: CaseKind = CaseKind.APPEAL
) -> int:
    """The number of the case. Raises ChannelRefused: not approved yet, no such person, too late, or
    one is open already."""
    with occasion.office.book() as book, book.writing() as conn:
        result, card = _approved(conn, occasion, cadre)
        closes_on = _closes_on(conn, occasion) if kind is CaseKind.APPEAL else None
        if faults := list(_against_opening(conn, occasion, cadre, who, grounds, closes_on)):
            raise ChannelRefused(" ".join(faults))
        case = Appeal(
            occasion.period_text, cadre, result.unit, kind, who.strip(), grounds.strip(),
            snapshot_of(result, card), closes_on,
        )  # fmt: skip
        number = keep_appeal(conn, case, occasion.stamp)
        _note(conn, occasion, replace(case, id=number), who, "appeal.opened")
    return number


def open_corrections(occasion: Occasion, who: str) -> list[int]:
    """A case for everyone whose result would be another by the reports that came after approval."""
    with occasion.office.book() as book, book.reading() as conn:
        known = {
            case.cadre for case in recall_appeals(conn, occasion.period_text) if _is_open(case)
        }
        cards = recall_cards(conn, occasion.period_text)
        locked = {card.unit for card in cards} - set(
            open_units(conn, occasion.period_text, sorted({card.unit for card in cards}))
        )
        again = [card for unit in sorted(locked) for card in _scored_again(conn, occasion, unit)]
        changes = compare([card for card in cards if card.unit in locked], again)
    words = "Báo cáo hợp lệ nhận sau khi phê duyệt"
    return [
        open_case(occasion, change.cadre, who, f"{words}: {change.words}", CaseKind.CORRECTION)
        for change in changes
        if change.cadre not in known
    ]


def decide_case(occasion: Occasion, number: int, who: str, note: str, *, uphold: bool) -> Appeal:
    """Decides a case. Upheld, the one person is scored again from the report that stands, a new
    version of the result is kept, longer periods that rest on it are made anew, and the letters
    that tell it are written. Raises ChannelRefused."""
    if not who.strip() or not note.strip():
        raise ChannelRefused("Giải quyết kiến nghị phải ghi người quyết định (--by) và ý kiến.")
    with occasion.office.book() as book, book.writing() as conn:
        case = _open_case(conn, occasion, number, who)
        before, card = _approved(conn, occasion, case.cadre)
        state = CaseState.UPHELD if uphold else CaseState.DISMISSED
        again = _one_again(conn, occasion, case) if uphold else card
        grade, why = after_quota(before, again, _capped(occasion)) if uphold else (before.grade, "")
        after = Result(
            before.period, before.cadre, again.unit, again.status, again.total, again.grade, grade,
            why or f"{case.kind.label} số {number}: {note.strip()}",
        )  # fmt: skip
        longer = _longer(conn, occasion) if uphold else []
        outcome = outcome_of(before, after, [str(period) for period in longer])
        case = replace(
            case, state=state, decided_by=who.strip(), note=note.strip(), outcome=outcome
        )
        settle_appeal(conn, case)
        if uphold:
            keep_results(conn, [after], occasion.stamp)
        _keep_card(conn, occasion, replace(again, reasons=(*card.reasons, told_in_letter(case))))
        _note(conn, occasion, case, who, f"appeal.{state.value}")
    for period in longer:
        roll_up.fn(replace(occasion, period=period), (case.unit,))
    report.fn(occasion, (case.unit,))
    return case


def _approved(conn: Connection, occasion: Occasion, cadre: str) -> tuple[Result, Scorecard]:
    results = {result.cadre: result for result in recall_results(conn, occasion.period_text)}
    if not results:
        raise ChannelRefused(
            f"Kết quả {occasion.period.label} chưa phê duyệt: chỉ cần gửi lại báo cáo."
        )
    if cadre not in results:
        raise ChannelRefused(f"“{cadre}” không có kết quả trong {occasion.period.label}.")
    unit = results[cadre].unit
    cards = {card.cadre: card for card in recall_cards(conn, occasion.period_text, [unit])}
    if cadre not in cards:
        raise ChannelRefused(
            f"Kết quả {occasion.period.label} được tổng hợp từ các kỳ ngắn hơn: hãy kiến nghị ở kỳ "
            "có điểm cần xem lại, kỳ này sẽ được tính lại."
        )
    return results[cadre], cards[cadre]


def _closes_on(conn: Connection, occasion: Occasion) -> date | None:
    stages = occasion.regulation.approval_of(occasion.period.cadence)
    approval = approval_of(stages, recall_decisions(conn, occasion.period_text))
    at = approval.decisions[-1].at if approval else None
    if at is None:
        return None
    settings = occasion.office.settings
    day = at.astimezone(settings.zone).date()
    return occasion.office.days.add(day, settings.scoring.appeal_days)


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
    for case in recall_appeals(conn, occasion.period_text):
        if case.cadre == cadre and _is_open(case):
            yield f"Đang có {case.kind.label.lower()} số {case.id} của {cadre} chưa giải quyết."


def _open_case(conn: Connection, occasion: Occasion, number: int, who: str) -> Appeal:
    case = recall_appeal(conn, number)
    if case is None or case.period != occasion.period_text:
        raise ChannelRefused(f"Không có kiến nghị số {number} trong {occasion.period.label}.")
    if not _is_open(case):
        raise ChannelRefused(f"Kiến nghị số {number} đã được {case.decided_by} giải quyết.")
    if case.opened_by.casefold() == who.strip().casefold() and case.kind is CaseKind.APPEAL:
        raise ChannelRefused("Người nêu kiến nghị không tự giải quyết kiến nghị của mình.")
    return case


def _is_open(case: Appeal) -> bool:
    return case.state is CaseState.OPEN


def _capped(occasion: Occasion) -> bool:
    return occasion.period.cadence in occasion.regulation.cap.applies


def _one_again(conn: Connection, occasion: Occasion, case: Appeal) -> Scorecard:
    for card in _scored_again(conn, occasion, case.unit):
        if card.cadre == case.cadre:
            return card
    raise ChannelRefused(
        f"Đơn vị {case.unit} không có báo cáo nào được chấp nhận để chấm lại {case.cadre}."
    )


def _scored_again(conn: Connection, occasion: Occasion, unit: str) -> list[Scorecard]:
    people = cadres_by_unit(conn, occasion, [unit])[unit]
    return [
        card
        for kept in recall_kept(conn, occasion.period_text, [unit])
        for card in score_unit(kept.submission, people, occasion.regulation, with_reasons=False)
    ]


def _keep_card(conn: Connection, occasion: Occasion, card: Scorecard) -> None:
    numbers = {kept.submission.unit: kept.id for kept in recall_kept(
        conn, occasion.period_text, [card.unit], sheets=()) if kept.id}  # fmt: skip
    code = occasion.regulation.code
    keep_cards(conn, [card], occasion.stamp, regulation=code, submissions=numbers)


def _longer(conn: Connection, occasion: Occasion) -> list[Period]:
    """The longer periods that rest on this one, were made already, and are not approved."""
    first = occasion.office.settings.term_first_year
    found = []
    for cadence in Cadence:
        if cadence.months > occasion.period.cadence.months:
            period = Period.containing(occasion.period.start, cadence, first)
            text = str(period)
            if recall_cycle(conn, text) and open_units(conn, text, ["*"]):
                found.append(period)
    return found


def _note(conn: Connection, occasion: Occasion, case: Appeal, who: str, what: str) -> None:
    detail = {
        "case": case.id,
        "period": case.period,
        "grounds": case.grounds,
        "note": case.note,
        "outcome": dict(case.outcome),
    }
    keep_audit(conn, [AuditEntry(who, what, case.cadre, detail)], occasion.stamp)
