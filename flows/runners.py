"""Where the batches of a flow are carried out: on this machine, or on a Dask cluster of several.

    @flow(task_runner=runner())

office.toml says which ([work] cluster, or TDKT_CLUSTER in the environment): empty for this machine,
else the address of a Dask scheduler, as tcp://10.0.0.5:8786. The flows do not change. The workers
of a cluster see the office's folder at the same path and the same environment (docs/scale.md).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from prefect.context import FlowRunContext
from prefect.task_runners import ThreadPoolTaskRunner

from review.settings import SettingsError, WorkSettings
from tasks.office import Office, OfficeMissing

CLUSTER = "TDKT_CLUSTER"


def runner() -> Any:
    """A Prefect task runner. Raises RuntimeError where a cluster is set and Dask is not there."""
    work = _work()
    if address := os.environ.get(CLUSTER) or work.cluster:
        try:
            from flows.clusters import ClusterRunner
        except ImportError as wrong:
            raise RuntimeError(
                f"Đã đặt cụm máy {address} nhưng chưa cài prefect-dask: pip install 'tdkt[cluster]'"
            ) from wrong
        return ClusterRunner(address=address)
    # A thread waits for each clerk or desk; one more judges what many desks read.
    return ThreadPoolTaskRunner(max_workers=work.processes + 1)


def on_a_cluster() -> bool:
    """Whether the flow now running hands its batches to other machines."""
    context = FlowRunContext.get()
    return context is not None and type(context.task_runner).__name__ == "ClusterRunner"


@contextmanager
def cluster_said_plainly() -> Iterator[None]:
    """What a cluster says of its own end becomes a ChannelBusy; elsewhere nothing is changed."""
    if not on_a_cluster():
        yield
        return
    from flows.clusters import lost_said_plainly

    with lost_said_plainly():
        yield


def _work() -> WorkSettings:
    try:
        return Office.at().settings.work
    except (OfficeMissing, SettingsError):  # said when the flow runs, not when it is loaded
        return WorkSettings()
