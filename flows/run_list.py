"""The server's list of runs, as far as we ask for it.

runs_in(client, StateType.FAILED, since=…)      every run in that state, page by page
tags_of(client, run)                            -> the tags of the deployment it is a run of
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterDeploymentId,
    FlowRunFilterEndTime,
    FlowRunFilterExpectedStartTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.exceptions import ObjectNotFound

PAGE = 200


def runs_in(
    client: SyncPrefectClient,
    *states: StateType,
    since: datetime | None = None,
    due_before: datetime | None = None,
    deployment: UUID | None = None,
) -> Iterator[FlowRun]:
    """In the order in which they were due; `since` when they ended, `due_before` when they were to
    begin, of one deployment if named."""
    wanted = FlowRunFilter(
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=list(states))),
        end_time=FlowRunFilterEndTime.model_validate({"after_": since}) if since else None,
        expected_start_time=FlowRunFilterExpectedStartTime.model_validate({"before_": due_before})
        if due_before
        else None,
        deployment_id=FlowRunFilterDeploymentId(any_=[deployment]) if deployment else None,
    )
    start = 0
    while page := client.read_flow_runs(
        flow_run_filter=wanted,
        sort=FlowRunSort.EXPECTED_START_TIME_ASC,
        limit=PAGE,
        offset=start,
    ):
        yield from page
        start += len(page)


def tags_of(client: SyncPrefectClient, run: FlowRun) -> frozenset[str]:
    return _tags(client, run.deployment_id) if run.deployment_id else frozenset()


@lru_cache(maxsize=64)
def _tags(client: SyncPrefectClient, deployment: UUID) -> frozenset[str]:
    try:
        return frozenset(client.read_deployment(deployment).tags)
    except ObjectNotFound:
        return frozenset()
