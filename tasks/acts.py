"""What a person does to a unit's file or to a period, with a reason and a name, and what follows.

act_on_file.fn(occasion, ActKind.RECALLED, "03637", "Gửi nhầm bản nháp", "Lò Văn Inh")
lock_period.fn(occasion, "Đã phê duyệt kết quả", "Lò Văn Inh")
reopen.fn(occasion, "03637", "Công văn 12/UBND xin điều chỉnh", "Lò Văn Inh")
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from prefect import task
from sqlalchemy import Connection

from channels.errors import ChannelRefused
from review.acts import Act, ActKind, last_acts
from review.approval import latest_approval
from review.verdicts import mend_by
from tasks.occasion import Occasion
from tasks.standing import settle
from tdkt_models.acts import keep_acts, recall_acts
from tdkt_models.cycles import Cycle, CycleState, keep_cycle, recall_cycle
from tdkt_models.decisions import recall_decisions
from tdkt_models.files import FileHead, recall_file_heads


@task(name="Xử lý tệp của đơn vị")
def act_on_file(
    occasion: Occasion, kind: ActKind, unit: str, reason: str, who: str, file: int | None = None
) -> Act:
    """Acts on a file of the unit: the one named, else the newest that the act can apply to. What
    counts and what the roll says follow at once. Raises ChannelRefused where there is none."""
    _must_be_said(reason, who)
    with occasion.office.book() as book, book.writing() as conn:
        chosen = _chosen(conn, occasion, kind, unit, file)
        until = _until(occasion) if kind is ActKind.RETURNED else None
        act = Act(kind, occasion.period_text, unit, reason, who, chosen.id, until)
        keep_acts(conn, [act], occasion.stamp)
        settle(conn, occasion, [unit])
    return act


@task(name="Khóa kỳ")
def lock_period(occasion: Occasion, reason: str, who: str) -> datetime:
    """From now on the period takes no change; late files are answered so. Locking again changes
    nothing. Raises ChannelRefused for a period that was never opened."""
    _must_be_said(reason, who)
    with occasion.office.book() as book, book.writing() as conn:
        cycle = _cycle(conn, occasion)
        if cycle.state is CycleState.CLOSED and cycle.closed_at:
            return cycle.closed_at
        closed = replace(cycle, state=CycleState.CLOSED, closed_at=occasion.now)
        keep_cycle(conn, closed, occasion.stamp)
        act = Act(ActKind.LOCKED, occasion.period_text, "", reason, who)
        keep_acts(conn, [act], occasion.stamp)
    return occasion.now


@task(name="Mở lại kỳ")
def reopen(occasion: Occasion, unit: str, reason: str, who: str) -> None:
    """Lets a locked period take changes again: of one unit, or ("") of all."""
    _must_be_said(reason, who)
    with occasion.office.book() as book, book.writing() as conn:
        cycle = _cycle(conn, occasion)
        if cycle.state is not CycleState.CLOSED:
            raise ChannelRefused(f"{occasion.period.title} chưa khóa.")
        if not unit:
            opened = replace(cycle, state=_state_before(conn, occasion), closed_at=None)
            keep_cycle(conn, opened, occasion.stamp)
        act = Act(ActKind.REOPENED, occasion.period_text, unit, reason, who)
        keep_acts(conn, [act], occasion.stamp)


def _state_before(conn: Connection, occasion: Occasion) -> CycleState:
    """What a period that is no longer locked is: approved, if it was."""
    stages = occasion.regulation.approval_of(occasion.period.cadence)
    decided = recall_decisions(conn, occasion.period_text)
    return CycleState.APPROVED if latest_approval(stages, decided) else CycleState.REVIEWED


def _must_be_said(reason: str, who: str) -> None:
    if not reason.strip() or not who.strip():
        raise ChannelRefused("Phải ghi lý do (--note) và người quyết định (--by).")


def _cycle(conn: Connection, occasion: Occasion) -> Cycle:
    cycle = recall_cycle(conn, occasion.period_text)
    if cycle is None:
        raise ChannelRefused(
            f"{occasion.period.title} chưa mở. Hãy chạy: tdkt collect {occasion.period_text}"
        )
    return cycle


def _chosen(
    conn: Connection, occasion: Occasion, kind: ActKind, unit: str, file: int | None
) -> FileHead:
    heads = recall_file_heads(conn, occasion.period_text, [unit])
    acted = last_acts(recall_acts(conn, occasion.period_text, [unit]))
    wanted = [
        head
        for head in heads
        if head.verdict is not None
        and (file is None or head.id == file)
        and (head.id in acted) is (kind is ActKind.RESTORED)
    ]
    if not wanted:
        which = f"tệp số {file}" if file else "tệp nào"
        raise ChannelRefused(
            f"Đơn vị {unit} không có {which} của {occasion.period.label} để “{kind.label}”."
        )
    return wanted[-1]


def _until(occasion: Occasion) -> datetime:
    office = occasion.office
    locks = occasion.deadlines.locks
    return mend_by(occasion.now, locks, office.settings.answers.mend_days, office.days)
