"""Approve: a named person puts their name to a period's results, or sends them back.

approve.fn(occasion, Signature("Lò Văn A", "Thống nhất"))      -> Approved(stage=…, final=True)

From the first approval on, the results are locked: a later run scores nothing anew. At the last
stage they are frozen as approved, after the quota where it applies. A year is approved twice: its
provisional results before 15 December, and in January the final ones, which say who changed; until
that second approval the first one stands (Decree 335/2025, Article 21).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from prefect import task
from sqlalchemy import Connection

from channels.errors import ChannelRefused
from review.approval import (
    Decision,
    Ruling,
    Stage,
    approval_of,
    in_round,
    latest_approval,
    next_stage,
    objections,
    standing,
)
from review.cadres import Role
from review.period import Cadence
from review.quota_lists import Drawn
from review.results import Result, confirmed, frozen, heads_not_above, results_digest
from review.rollup import Basis
from review.scorecard import CardStatus, Scorecard
from tasks.anchor import anchor
from tasks.call_roll import open_cycle
from tasks.clusters import AGENCY, standings
from tasks.occasion import Occasion
from tasks.quota import drawn_now, results_now
from tdkt_models.audit import AuditEntry, keep_audit
from tdkt_models.cadres import recall_cadres
from tdkt_models.cycles import CycleState, keep_cycle
from tdkt_models.decisions import keep_decision, recall_decisions
from tdkt_models.period_scores import recall_basis
from tdkt_models.quotas import keep_lists
from tdkt_models.results import keep_results, recall_results
from tdkt_models.submissions import recall_submissions


@dataclass(frozen=True, slots=True)
class Signature:
    """Who decides, their words, for which unit (at the unit's stage), and whether they refuse."""

    who: str
    note: str
    unit: str = ""
    refuse: bool = False


@dataclass(frozen=True, slots=True)
class Approved:
    """What the decision came to; `following` is the stage whose turn is next; `changed` whose
    approved grade a final approval makes another than the provisional one."""

    decision: Decision
    persons: int
    following: Stage | None
    changed: tuple[str, ...] = ()

    @property
    def final(self) -> bool:
        return self.decision.ruling is Ruling.APPROVED and self.following is None


@task(name="Phê duyệt kết quả")
def approve(occasion: Occasion, signature: Signature) -> Approved:
    """Raises ChannelRefused, having changed nothing, when something stands in the way."""
    with occasion.office.book() as book, book.writing() as conn:
        cards = results_now(conn, occasion)
        basis = recall_basis(conn, occasion.period_text)
        decisions = in_round(recall_decisions(conn, occasion.period_text), basis)
        stage = _stage(occasion, signature, decisions)
        drawn = _quota(conn, occasion, stage, signature)
        if faults := list(_faults(occasion, signature, cards, decisions, drawn, basis)):
            raise ChannelRefused(" ".join(faults))
        one = _decision(occasion, signature, stage, cards, basis)
        before = recall_results(conn, occasion.period_text)
        keep_decision(conn, one, occasion.stamp)
        keep_audit(conn, [_noted(one)], occasion.stamp)
        following = _settle(conn, occasion, [*decisions, one], cards, drawn, before)
        changed = regraded(before, recall_results(conn, occasion.period_text))
    anchor.fn(occasion, one.who)
    return Approved(one, len(cards), following, changed)


def regraded(before: Sequence[Result], after: Sequence[Result]) -> tuple[str, ...]:
    """Whose approved grade is another now than it was."""
    known = {one.cadre: one.grade for one in before}
    return tuple(r.cadre for r in after if r.cadre in known and known[r.cadre] is not r.grade)


def stage_waiting(occasion: Occasion) -> Stage | None:
    """The stage whose turn it is now, None once all have approved."""
    with occasion.office.book() as book, book.reading() as conn:
        basis = recall_basis(conn, occasion.period_text)
        decisions = in_round(recall_decisions(conn, occasion.period_text), basis)
    return next_stage(_stages(occasion), decisions)


def _stages(occasion: Occasion) -> tuple[Stage, ...]:
    return occasion.regulation.approval_of(occasion.period.cadence)


def _stage(occasion: Occasion, signature: Signature, decisions: Sequence[Decision]) -> Stage:
    if signature.unit:
        return Stage.UNIT
    held = standing(decisions)
    if signature.refuse and held:
        return held[-1].stage if held[-1].stage is not Stage.UNIT else Stage.OFFICE
    waiting = next_stage(_stages(occasion), decisions)
    return waiting or _stages(occasion)[-1]


def _decision(
    occasion: Occasion, signature: Signature, stage: Stage, cards: Sequence[Scorecard], basis: str
) -> Decision:
    ruling = Ruling.REFUSED if signature.refuse else Ruling.APPROVED
    about = [c for c in cards if c.unit == signature.unit] if signature.unit else cards
    who, note = signature.who.strip(), signature.note.strip()
    digest = results_digest(about)
    return Decision(occasion.period_text, stage, ruling, who, note, signature.unit, digest, basis)


def _quota(
    conn: Connection, occasion: Occasion, stage: Stage, signature: Signature
) -> Drawn | None:
    applies = occasion.period.cadence in occasion.regulation.cap.applies
    if not applies or stage is Stage.UNIT or signature.refuse:
        return None
    return drawn_now(conn, occasion)


def _faults(
    occasion: Occasion,
    signature: Signature,
    cards: Sequence[Scorecard],
    decisions: Sequence[Decision],
    drawn: Drawn | None,
    basis: str,
) -> Iterator[str]:
    period = occasion.period_text
    if basis == Basis.PROVISIONAL and occasion.today > occasion.period.end:
        yield (
            f"{occasion.period.label} đã kết thúc mà kết quả trong sổ mới là tạm tính. "
            f"Hãy chạy trước: tdkt review {period}"
        )
    if not any(card.status is CardStatus.OK for card in cards):
        yield (
            f"{occasion.period.label} chưa có kết quả nào để phê duyệt. "
            f"Hãy chạy trước: tdkt review {period}"
        )
    if not signature.note.strip():
        yield "Chưa ghi ý kiến (--note)."
    if signature.unit and signature.unit not in {card.unit for card in cards}:
        yield f"Đơn vị {signature.unit} không có kết quả nào trong {occasion.period.label}."
    if signature.refuse:
        if not signature.who.strip():
            yield "Chưa ghi họ tên người không phê duyệt."
        if signature.unit and approval_of(_stages(occasion), decisions):
            yield "Kỳ đã phê duyệt; chỉ mở lại được cả kỳ, hoặc mở kiến nghị cho từng người."
        return
    held = [one for one in standing(decisions) if one.stage is not Stage.UNIT]
    if held and held[-1].digest != results_digest(cards):
        yield (
            f"Kết quả đã khác bản mà {held[-1].who} phê duyệt: hãy trả lại (--refuse), rồi phê "
            "duyệt lại từ đầu."
        )
    two = occasion.office.settings.scoring.two_persons
    yield from objections(_stages(occasion), decisions, signature.who, two_persons=two)
    if drawn and drawn.ties:
        yield (
            f"Còn {len(drawn.ties)} người bằng điểm ở vạch cắt của tỷ lệ xuất sắc "
            f"({', '.join(drawn.ties[:10])}): hãy quyết định bằng “tdkt quota {period} --choose”."
        )
    if drawn and drawn.unsettled:
        yield (
            f"Còn {len(drawn.unsettled)} người chưa xếp được vào tỷ lệ xuất sắc "
            f"({', '.join(drawn.unsettled[:10])}) vì người khác chưa có kết quả: chờ đủ số liệu, "
            f"hoặc quyết định không chờ bằng “tdkt quota {period} --not-waiting”."
        )


def unsigned_units(
    conn: Connection, occasion: Occasion, decisions: Sequence[Decision], cards: Sequence[Scorecard]
) -> list[str]:
    """Units with results whose head has not approved them as they are now: neither by a decision
    nor by name on the cover of the report that stands."""
    if Stage.UNIT not in _stages(occasion):
        return []
    signed = {
        one.unit
        for one in standing(decisions)
        if one.stage is Stage.UNIT
        and one.digest == results_digest([card for card in cards if card.unit == one.unit])
    }
    reports = recall_submissions(conn, occasion.period_text, sheets=())
    signed |= {one.unit for one in reports if getattr(one.cover, "approved_by", "")}
    scored = {card.unit for card in cards if card.status is CardStatus.OK}
    return sorted(scored - signed)


def _settle(
    conn: Connection,
    occasion: Occasion,
    decisions: Sequence[Decision],
    cards: Sequence[Scorecard],
    drawn: Drawn | None,
    before: Sequence[Result],
) -> Stage | None:
    """What the decision does: the last approval freezes the results, a refusal opens them again;
    what an earlier round approved stays approved."""
    one, cycle = decisions[-1], open_cycle(conn, occasion)
    unsigned = unsigned_units(conn, occasion, decisions, cards)
    if one.stage is not Stage.UNIT and one.ruling is Ruling.APPROVED and unsigned:
        raise ChannelRefused(
            f"{len(unsigned)} đơn vị chưa có thủ trưởng phê duyệt: {', '.join(unsigned[:20])}. "
            f"Mỗi đơn vị: tdkt approve {occasion.period_text} --unit MÃ --by TÊN --note Ý-KIẾN"
        )
    final = approval_of(_stages(occasion), decisions) is not None
    if one.ruling is Ruling.REFUSED:
        every = recall_decisions(conn, occasion.period_text)
        if not latest_approval(_stages(occasion), every):
            keep_cycle(conn, replace(cycle, state=CycleState.REVIEWED), occasion.stamp)
    elif final and not unsigned:
        if drawn:
            keep_lists(conn, occasion.period_text, drawn.lists, occasion.stamp)
        results = limited(conn, occasion, frozen(cards, drawn))
        if one.basis == Basis.FINAL:
            results = confirmed(before, results)
        keep_results(conn, results, occasion.stamp)
        if cycle.state is not CycleState.CLOSED:
            keep_cycle(conn, replace(cycle, state=CycleState.APPROVED), occasion.stamp)
    return next_stage(_stages(occasion), decisions, units_signed=not unsigned)


def limited(conn: Connection, occasion: Occasion, results: Sequence[Result]) -> Sequence[Result]:
    """A year's heads held to their agency's grade, where the regulation has that rule."""
    if not occasion.regulation.head_not_above_unit or occasion.period.cadence is not Cadence.YEAR:
        return results
    units = {
        one.unit.code: one.grade
        for those in standings(conn, occasion, AGENCY).values()
        for one in those
        if one.grade
    }
    heads = {cadre.code for cadre in recall_cadres(conn) if cadre.role is Role.HEAD}
    return heads_not_above(results, heads, units)


def _noted(one: Decision) -> AuditEntry:
    detail = {"stage": one.stage.value, "note": one.note, "digest": one.digest}
    subject = one.unit or one.period
    return AuditEntry(one.who, f"results.{one.ruling.value}", subject, {**detail, "of": one.period})
