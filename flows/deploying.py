"""What `tdkt up` tells the server: the place of work, and every deployment of prefect.yaml.

    asked = deployments("vi")                 read, with the run form of each flow; no server yet
    with get_client(sync_client=True) as client:
        register(client, asked)               -> ("monthly-review", …): what was new or changed

The version of a deployment ends in a mark of all that is asked of it ("2026.11+4be0a2c9"), so that
what has not changed is left as it stands: also a schedule that was switched off on the screen, and
the runs that are due already. What has changed keeps its switches, and the schedules that were
added on the screen.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]
from prefect import Flow
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.actions import DeploymentScheduleCreate, WorkPoolCreate
from prefect.client.schemas.objects import ConcurrencyOptions, DeploymentSchedule
from prefect.client.schemas.responses import DeploymentResponse
from prefect.events.schemas.deployment_triggers import DeploymentEventTrigger
from prefect.exceptions import ObjectNotFound

from channels.words import words

ROOT = Path(__file__).resolve().parent.parent
PLAN = ROOT / "prefect.yaml"
POOL = "office"
PAGE = 200


@dataclass(frozen=True, slots=True)
class Deployment:
    """A flow with its calendar, as prefect.yaml has it: `asked` in the words of Prefect's API."""

    flow: str
    asked: Mapping[str, Any]
    schedules: tuple[DeploymentScheduleCreate, ...]
    triggers: tuple[DeploymentEventTrigger, ...]

    @property
    def version(self) -> str:
        everything = (
            self.asked,
            [one.model_dump(mode="json") for one in self.schedules],
            [sorted(one.expect) for one in self.triggers],
        )
        text = json.dumps(everything, sort_keys=True)
        return f"{self.asked['version']}+{sha256(text.encode()).hexdigest()[:8]}"


def deployments(lang: str, plan: Path = PLAN) -> tuple[Deployment, ...]:
    """With the descriptions in the office's language. The run forms speak that of TDKT_LANG."""
    told = words(lang)
    read = yaml.safe_load(plan.read_text(encoding="utf-8"))["deployments"]
    return tuple(_deployment(one, told) for one in read)


def _deployment(read: Mapping[str, Any], told: Callable[[str], str]) -> Deployment:
    flow, limit = _flow(read["entrypoint"]), read.get("concurrency_limit")
    asked = {
        "name": read["name"],
        "version": read["version"],
        "description": told(read["description"]),
        "tags": read["tags"],
        "entrypoint": read["entrypoint"],
        "work_pool_name": read["work_pool"]["name"],
        "job_variables": read["work_pool"]["job_variables"],
        "enforce_parameter_schema": read["enforce_parameter_schema"],
        "parameter_openapi_schema": flow.parameters.model_dump(exclude_unset=True),
        "pull_steps": [
            {"prefect.deployments.steps.set_working_directory": {"directory": str(ROOT)}}
        ],
        "concurrency_limit": limit and limit["limit"],
        "concurrency_options": limit and {"collision_strategy": limit["collision_strategy"]},
    }
    schedules = (_schedule(**one) for one in read["schedules"])
    triggers = map(DeploymentEventTrigger.model_validate, read.get("triggers", ()))
    return Deployment(flow.name, asked, tuple(schedules), tuple(triggers))


def _flow(entrypoint: str) -> Flow[Any, Any]:
    path, _, name = entrypoint.partition(":")
    module = importlib.import_module(path.removesuffix(".py").replace("/", "."))
    found = getattr(module, name)
    assert isinstance(found, Flow)
    return found


def _schedule(slug: str, **when: str) -> DeploymentScheduleCreate:
    return DeploymentScheduleCreate.model_validate({"slug": slug, "schedule": when})


def register(client: SyncPrefectClient, asked: Sequence[Deployment]) -> tuple[str, ...]:
    """Makes the pool and what is new, puts what has changed in its place; the names of those flows.

    Raises PrefectHTTPStatusError where the server refuses one."""
    _make_pool(client)
    standing = {(one.name, one.flow_id): one for one in _standing(client)}
    made = []
    for one in asked:
        flow = client.create_flow_from_name(one.flow)
        before = standing.get((one.asked["name"], flow))
        if before is None or before.version != one.version:
            _put(client, flow, one, before)
            made.append(one.flow)
    return tuple(made)


def _make_pool(client: SyncPrefectClient) -> None:
    try:
        client.read_work_pool(POOL)
    except ObjectNotFound:
        from prefect.workers.process import ProcessWorker  # a second of imports, once

        template = ProcessWorker.get_default_base_job_template()
        client.create_work_pool(
            WorkPoolCreate(name=POOL, type=ProcessWorker.type, base_job_template=template)
        )


def _standing(client: SyncPrefectClient) -> Iterator[DeploymentResponse]:
    start = 0
    while page := client.read_deployments(limit=PAGE, offset=start):
        yield from page
        start += len(page)


def _put(
    client: SyncPrefectClient, flow: Any, one: Deployment, before: DeploymentResponse | None
) -> None:
    """The server puts all schedules of a deployment away when it is made anew."""
    limit = one.asked["concurrency_options"]
    given = {
        **one.asked,
        "version": one.version,
        "concurrency_options": ConcurrencyOptions.model_validate(limit) if limit else None,
        "schedules": list(_switched(one.schedules, before.schedules if before else [])),
    }
    made = client.create_deployment(flow_id=flow, **given)
    client.delete_resource_owned_automations(f"prefect.deployment.{made}")
    for trigger in one.triggers:
        trigger.set_deployment_id(made)
        client.create_automation(trigger.as_automation())


def _switched(
    asked: Sequence[DeploymentScheduleCreate], before: Sequence[DeploymentSchedule]
) -> Iterator[DeploymentScheduleCreate]:
    """Those of prefect.yaml, on or off as they stood, and those that were added on the screen."""
    active = {one.slug: one.active for one in before if one.slug}
    for one in asked:
        yield one.model_copy(update={"active": active.get(one.slug or "", one.active)})
    for added in before:
        if not added.slug:
            kept = added.model_dump(include={"schedule", "active", "parameters"})
            yield DeploymentScheduleCreate.model_validate(kept)
