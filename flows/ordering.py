"""What the server is put in order by before a worker starts: after a power cut, after days off.

    with get_client(sync_client=True) as client:
        drop_overtaken(client)              -> 96: of a flow's overdue runs only the latest is kept
        end_orphans(office, client)         -> the runs whose process is no more, now Crashed
        hand_out_again(client, older)       -> 1: runs given to a worker that never began them
        watch_for_silence(client)           a run that gives no sign of life is called Crashed

A run that is late makes up for those before it (flows/catching_up.py): the latest is enough.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.events.actions import ChangeFlowRunState
from prefect.events.schemas.automations import Automation, AutomationCore, EventTrigger, Posture
from prefect.exceptions import ObjectNotFound
from prefect.states import Cancelled, Crashed, Scheduled

from flows.run_list import runs_in
from tasks.office import Office
from tasks.whereabouts import here, is_gone, is_running, machine_of
from tdkt_models.period_locks import holders

OVERTAKEN = "Quá giờ vì máy tắt hoặc bận; lượt sau cùng của luồng này làm thay."
AT_WORK = (StateType.RUNNING, StateType.PENDING, StateType.CANCELLING)
LEAST_LATE, LONG_PENDING = timedelta(minutes=1), timedelta(minutes=5)
SILENCE = timedelta(seconds=100)  # three signs of life of a run, thirty seconds apart
ALIVE = "prefect.flow-run.heartbeat"
ENDED = ("Completed", "Failed", "Crashed", "Cancelled", "Cancelling", "Suspended", "Paused")
SILENT_RUNS = "Lượt chạy mất liên lạc"


def drop_overtaken(client: SyncPrefectClient, now: datetime | None = None) -> int:
    """Cancels the scheduled runs that a later one of the same flow makes needless; how many."""
    overdue: dict[UUID | None, list[FlowRun]] = defaultdict(list)
    before = (now or datetime.now(UTC)) - LEAST_LATE
    for run in runs_in(client, StateType.SCHEDULED, due_before=before):
        if run.auto_scheduled:
            overdue[run.deployment_id].append(run)
    needless = [run for runs in overdue.values() for run in runs[:-1]]
    for run in needless:
        client.set_flow_run_state(run.id, Cancelled(message=OVERTAKEN), force=True)
    return len(needless)


def end_orphans(office: Office, client: SyncPrefectClient, *, alone: bool = False) -> list[FlowRun]:
    """The runs that hold a period in our book and whose process is dead, called Crashed: nobody
    else would say so within minutes, or ever after a power cut. `alone`: also those that hold
    nothing, by the number of their process on this machine; such a run would go on "running", and
    the next of its flow would wait for its place."""
    with office.book() as book, book.reading() as conn:
        held = [one.worker for one in holders(conn)]
    lost = {one.run: machine_of(one.place) for one in held if is_gone(one.place)}
    alive = {one.run for one in held} - lost.keys()
    found = [(_run(client, name), machine) for name, machine in lost.items()]
    if alone:
        running = runs_in(client, StateType.RUNNING, StateType.CANCELLING)
        found += [
            (run, machine_of(here()))
            for run in list(running)
            if str(run.id) not in alive | lost.keys() and _has_no_process(run)
        ]
    ended = []
    for run, machine in found:
        if run is not None and run.state is not None and run.state.type in AT_WORK:
            says = f"Tiến trình của lượt này trên máy {machine} đã dừng đột ngột."
            client.set_flow_run_state(run.id, Crashed(message=says), force=True)
            ended.append(run)
    return ended


def _has_no_process(run: FlowRun) -> bool:
    """Of the number that the worker told when it started the run's process."""
    number = str(run.infrastructure_pid or "").rpartition(":")[2]
    return number.isdigit() and not is_running(int(number))


def hand_out_again(client: SyncPrefectClient, older: timedelta = LONG_PENDING) -> int:
    """Runs that a worker had taken and, being killed, never began: they would wait for ever, and
    hold the place of the runs after them. Returns how many are to be taken anew."""
    before, count = datetime.now(UTC) - older, 0
    for run in list(runs_in(client, StateType.PENDING)):
        if run.state is not None and run.state.timestamp < before:
            again: State[object] = Scheduled(message="Giao lại: lần trước chưa kịp bắt đầu.")
            client.set_flow_run_state(run.id, again, force=True)
            count += 1
    return count


def _run(client: SyncPrefectClient, name: str) -> FlowRun | None:
    try:
        return client.read_flow_run(UUID(name))
    except (ValueError, ObjectNotFound):
        return None  # held by a command, or the server's own book is a new one


def watch_for_silence(client: SyncPrefectClient) -> None:
    """An automation of the server's: a run that stops giving signs of life is Crashed."""
    wanted = AutomationCore(
        name=SILENT_RUNS,
        description="Lượt chạy không còn báo tín hiệu thì coi là đã dừng đột ngột.",
        trigger=EventTrigger(
            posture=Posture.Proactive,
            match={"prefect.resource.id": "prefect.flow-run.*"},
            for_each={"prefect.resource.id"},
            # Also one that was killed before its first sign of life.
            after={ALIVE, "prefect.flow-run.Running"},
            expect={ALIVE, *(f"prefect.flow-run.{name}" for name in ENDED)},
            threshold=1,
            within=SILENCE,
        ),
        actions=[
            ChangeFlowRunState(
                name="Crashed",
                state=StateType.CRASHED,
                message="Không còn tín hiệu từ tiến trình của lượt này.",
                force=False,
            )
        ],
    )
    known: list[Automation] = client.read_automations_by_name(SILENT_RUNS)
    if known:
        client.update_automation(known[0].id, wanted)
        for extra in known[1:]:
            client.delete_automation(extra.id)
    else:
        client.create_automation(wanted)


def put_in_order(
    office: Office, client: SyncPrefectClient, *, alone: bool = False
) -> tuple[int, list[Any]]:
    """All of it; how many runs were overtaken, and which had lost their process. `alone` where no
    other worker can have taken a run."""
    watch_for_silence(client)
    overtaken, orphans = drop_overtaken(client), end_orphans(office, client, alone=alone)
    hand_out_again(client, timedelta(0) if alone else LONG_PENDING)
    return overtaken, orphans
