"""What waits for a person after a review: the runs that ask for it, and where to answer.

    ask_for(occasion, figures)      -> ((“Kết quả … chờ phê duyệt”, link), …)

A decision is asked of a period once: while a run waits for it, no second one is begun. Where nobody
holds a card for it, the board says so instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.exceptions import ObjectNotFound
from prefect.states import Cancelled

from flows import approving, arming, choosing, releasing
from flows.asking import Question, Settled
from flows.run_list import runs_in
from review.alarms import Alarm, undecided
from review.desk_figures import Figures
from review.period import Cadence, Period, PeriodError, period_due_on
from review.plans import ChangeState
from tasks.cards import give_back_codes, who_may
from tasks.occasion import Occasion

OPEN = (StateType.SCHEDULED, StateType.PENDING, StateType.RUNNING, StateType.PAUSED)
ASKED = {
    "choose-ties/office": choosing.question_of,
    "approve-results/office": approving.question_of,
    "release-letters/office": releasing.question_of,
    "arm-mail/office": arming.question_of,
}
PLANS = "decide-plan/office"


@dataclass(frozen=True, slots=True)
class Wait:
    """One decision that is owed: in words, and where it is given ("" where nobody may)."""

    words: str
    link: str


def ask_for(occasion: Occasion, figures: Figures, *, sending: bool) -> tuple[tuple[str, str], ...]:
    """Begins what is to be asked and is not asked yet. Arming is asked for only by a run that was
    to send."""
    found = []
    with get_client(sync_client=True) as client:
        for deployment, question_of in ASKED.items():
            if deployment.startswith("arm-mail") and not _wants_arming(figures, sending):
                continue
            if deployment.startswith("choose-ties") and not figures.ties:
                continue
            asked = question_of(occasion)
            if isinstance(asked, Question):
                found.append(_asked(occasion, client, deployment, asked))
        found += list(_of_plans(occasion, client, figures))
    return tuple((one.words, one.link) for one in found)


def _wants_arming(figures: Figures, sending: bool) -> bool:
    return sending and figures.standing.letters["written"] > 0


def _asked(occasion: Occasion, client: SyncPrefectClient, deployment: str, asked: Question) -> Wait:
    people = who_may(occasion.office, asked.power)
    if not people:
        return Wait(f"{asked.matter} (chưa ai được cấp thẻ cho việc này)", deployment)
    form = client.read_deployment_by_name(deployment).id
    run = _open_run(occasion, client, form) or client.create_flow_run_from_deployment(
        form, parameters={"period": occasion.period_text}
    )
    names = ", ".join(one.name for one in people)
    return Wait(f"{asked.matter} – {names}", f"{occasion.office.screen}/v2/runs/flow-run/{run.id}")


def _open_run(occasion: Occasion, client: SyncPrefectClient, form: UUID) -> FlowRun | None:
    """The run that waits for this decision on this period already."""
    about = occasion.period_text
    for run in runs_in(client, *OPEN, deployment=form):
        if str(run.parameters.get("period", "")).strip().upper() == about.upper():
            return run
    return None


def _of_plans(occasion: Occasion, client: SyncPrefectClient, figures: Figures) -> Iterator[Wait]:
    """Plans are decided kind by kind, when somebody wants to: only the form is pointed to."""
    waiting = sum(n for (_, s), n in figures.changes.items() if s is ChangeState.PROPOSED)
    if not waiting:
        return
    try:
        form = client.read_deployment_by_name(PLANS).id
    except ObjectNotFound:
        return
    link = f"{occasion.office.screen}/v2/deployments/deployment/{form}/run"
    yield Wait(f"{waiting} thay đổi kế hoạch chờ quyết định", link)


def still_waiting(occasion: Occasion, client: SyncPrefectClient) -> Iterator[Alarm]:
    """The decisions that have waited for too long. One that was given meanwhile by the command line
    is waited for no more: its run ends."""
    days, zone = occasion.office.settings.desk.remind_days, occasion.office.settings.zone
    before = datetime.now(UTC) - timedelta(days=days)
    for deployment, question_of in ASKED.items():
        with suppress(ObjectNotFound):
            form = client.read_deployment_by_name(deployment).id
            for run in runs_in(client, StateType.PAUSED, deployment=form):
                about = _about(occasion, run)
                if about is None or run.state is None:
                    continue
                asked = question_of(about)
                if isinstance(asked, Settled):
                    client.set_flow_run_state(run.id, Cancelled(message=asked.says), force=True)
                    give_back_codes(occasion.office, str(run.id))
                elif run.state.timestamp < before:
                    since = f"{run.state.timestamp.astimezone(zone):%d/%m/%Y}"
                    link = f"{occasion.office.screen}/v2/runs/flow-run/{run.id}"
                    yield undecided(str(run.id), asked.matter, since, link)


def _about(occasion: Occasion, run: FlowRun) -> Occasion | None:
    """What a waiting run is about: the period it was given, else the one of the day it was due."""
    given = str(run.parameters.get("period", "")).strip()
    if run.parameters.get("unit") or run.parameters.get("reopen"):
        return None  # asked for by somebody, of something else than the period's next stage
    try:
        if given:
            return replace(occasion, period=Period.parse(given))
    except PeriodError:
        return None
    settings, due = occasion.office.settings, run.expected_start_time
    if due is None:
        return None
    return replace(occasion, period=period_due_on(due, Cadence.MONTH, settings.time_zone))
