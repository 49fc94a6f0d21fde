"""The watch: nothing that goes wrong stays silent. Also the daily examination of the office.

Runs every few minutes, and at once when the server says that a run failed or crashed (the trigger
in prefect.yaml). That the watch itself is at work is seen from outside: `tdkt heartbeat`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from prefect import flow
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.states import Scheduled

from channels.words import words
from flows.agenda import step
from flows.opening import occasion_of
from flows.ordering import hand_out_again
from flows.run_list import runs_in, tags_of
from flows.showing import show_board
from flows.waiting import still_waiting
from review.alarms import Alarm, AlarmKind, run_ended, run_late, run_stuck, unwell
from review.board import Board, Items, Table
from review.period import Cadence
from tasks.examine_office import Complaint, examine_office
from tasks.house_letters import post_house_letters, tell_office
from tasks.occasion import Occasion
from tasks.office import Office
from tasks.watch import forget_what_is_over, last_outage, look_for_waiting_files, was_told_of

LOOKS_BACK = timedelta(days=2)
RESUMED = "canh-chay-tiep"  # a flow with this tag is started again by itself when it has crashed
MOST_STARTS = 3
A_DAY = timedelta(days=1)


@flow(
    name="watch",
    description="Canh chừng: lượt chạy lỗi, dừng đột ngột, trễ, treo; tệp chờ lâu.",
    flow_run_name="Canh chừng",
)
def watch() -> dict[str, int]:
    """Tells the office what needs somebody; returns how many alarms were new."""
    occasion = occasion_of(Office.at(), "", Cadence.MONTH)
    with get_client(sync_client=True) as client:
        hand_out_again(client)
        alarms = [*ended_badly(occasion, client), *late_or_stuck(occasion, client)]
        owed = list(still_waiting(occasion, client))
    told = tell_office(occasion, alarms)
    told += tell_office(occasion, owed, again=occasion.office.settings.desk.remind_every)
    waiting = step(look_for_waiting_files, occasion)
    told += tell_office(occasion, [waiting] if waiting else [], again=A_DAY)
    return {"alarms": told, "sent": post_house_letters(occasion)}


@flow(
    name="doctor",
    description="Khám văn phòng hằng ngày: danh bạ, mẫu, hộp thư, máy chủ thư, sổ, đĩa, giờ.",
    flow_run_name="Khám văn phòng",
)
def doctor() -> dict[str, int]:
    """Examines the office; what is amiss is shown and told, once a day while it lasts."""
    occasion = occasion_of(Office.at(), "", Cadence.MONTH)
    found: tuple[Complaint, ...] = step(examine_office, occasion)
    lines = tuple((one.what, one.says, one.fix) for one in found)
    heads = ("Về", "Tình trạng", "Cách làm")
    table = Table(heads, lines) if lines else Items((), "Mọi thứ sẵn sàng.")
    told = words(occasion.office.settings.lang)
    show_board(Board("kham", "Khám văn phòng", (table,)), "hang-ngay", told)
    if lines:
        tell_office(occasion, [unwell(lines)], again=A_DAY)
    else:
        forget_what_is_over(occasion, AlarmKind.UNWELL)
    return {"complaints": len(lines)}


def ended_badly(occasion: Occasion, client: SyncPrefectClient) -> Iterator[Alarm]:
    """Runs that failed or crashed of late; a crashed one is started again where it may be."""
    kinds = {StateType.FAILED: AlarmKind.FAILED, StateType.CRASHED: AlarmKind.CRASHED}
    for run in runs_in(client, *kinds, since=datetime.now(UTC) - LOOKS_BACK):
        state = run.state
        if state is None:
            continue
        kind, key = kinds[state.type], f"{run.id}/{run.run_count}"
        if was_told_of(occasion, kind, key):
            continue
        resumed = kind is AlarmKind.CRASHED and _resumed(client, run)
        why = (state.message or "").strip()
        yield run_ended(kind, key, run.name, why, resumed=resumed, link=link_to(occasion, run))


def _resumed(client: SyncPrefectClient, run: FlowRun) -> bool:
    """Starts a crashed run again: it finds its place in our own book."""
    if RESUMED not in tags_of(client, run) or run.run_count >= MOST_STARTS:
        return False
    again: State[object] = Scheduled(message="Tự chạy tiếp sau khi dừng đột ngột.")
    client.set_flow_run_state(run.id, again, force=True)
    return True


def late_or_stuck(occasion: Occasion, client: SyncPrefectClient) -> Iterator[Alarm]:
    """Runs that should have begun, and such as go on for longer than the office allows."""
    desk, zone, now = (
        occasion.office.settings.desk,
        occasion.office.settings.zone,
        datetime.now(UTC),
    )
    outage = last_outage(occasion)
    for run in runs_in(client, StateType.SCHEDULED, due_before=now):
        asked = run.state.state_details.scheduled_time if run.state else None
        due = asked or run.expected_start_time  # one that goes on after a crash is due anew
        waited_since = max(due, outage.until) if due and outage else due
        if waited_since and now - waited_since > timedelta(minutes=desk.late_minutes):
            said = f"{due.astimezone(zone):%H:%M ngày %d/%m/%Y}" if due else ""
            yield run_late(str(run.id), run.name, said, link=link_to(occasion, run))
    for run in runs_in(client, StateType.RUNNING):
        since = run.start_time
        if since and now - since > timedelta(hours=desk.stuck_hours):
            said = f"{since.astimezone(zone):%H:%M ngày %d/%m/%Y}"
            link = link_to(occasion, run)
            yield run_stuck(str(run.id), run.name, said, desk.stuck_hours, link=link)


def link_to(occasion: Occasion, run: FlowRun) -> str:
    return f"{occasion.office.screen}/v2/runs/flow-run/{run.id}"
