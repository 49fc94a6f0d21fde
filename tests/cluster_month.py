"""The sample's October as a Prefect flow whose batches run on a Dask cluster of two processes.

    python -m tests.cluster_month HOME      prints the digest of the book and who did the batches

Prefect's server and the book are those of the environment (PREFECT_API_URL, TDKT_DATABASE_URL).
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from distributed import LocalCluster
from prefect import flow


def main(home: Path) -> None:
    with LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
    ) as cluster:
        os.environ["TDKT_CLUSTER"] = cluster.scheduler_address
        print(json.dumps(held(home)))


def held(home: Path) -> dict[str, object]:
    from flows.agenda import on_a_cluster
    from flows.cycle import review_cycle
    from flows.runners import runner
    from tdkt_models.digest import book_digest
    from tests.province import furnished
    from tests.test_everywhere import in_small_batches

    occasion, _ = furnished(home)
    in_small_batches(home)

    @flow(name="cluster-month", task_runner=runner())
    def month() -> bool:
        review_cycle(occasion, send=True)
        return on_a_cluster()

    clustered = month()
    with occasion.office.book() as book, book.reading() as conn:
        return {"clustered": clustered, "digest": book_digest(conn, occasion.period_text)}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
