"""A Dask cluster as a flow's task runner; what goes wrong with it is said in words for a person.

    ClusterRunner(address="tcp://10.0.0.5:8786")        raises ChannelBusy where nobody is there
    with lost_said_plainly():                        … or where it goes away meanwhile

Imported only where a cluster is set: Dask is an extra (pip install 'tdkt[cluster]').
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager

from distributed import KilledWorker
from prefect_dask.client import PrefectDaskClient
from prefect_dask.task_runners import DaskTaskRunner

from channels.errors import ChannelBusy

ABSENT = (
    "Không nối được tới cụm máy {address}: bộ điều phối (dask scheduler) chưa chạy hoặc sai địa "
    "chỉ. Hãy khởi động cụm, hoặc bỏ [work] cluster trong office.toml để làm trên máy này, rồi "
    "chạy lại lượt này."
)
LOST = (
    "Cụm máy đang làm thì mất: bộ điều phối hoặc các máy của cụm đã dừng. Những phần đã xong vẫn "
    "còn; hãy khởi động lại cụm rồi chạy lại lượt này, phần còn lại được làm tiếp."
)


class ClusterRunner(DaskTaskRunner):
    @property
    def client(self) -> PrefectDaskClient:
        """Asked for by the first batch: what fails there makes the flow run Failed. (What fails
        where a runner begins would leave it Running for ever.)"""
        try:
            return super().client
        except (OSError, ValueError) as wrong:  # nobody there; no address at all
            raise ChannelBusy(ABSENT.format(address=self.address)) from wrong


@contextmanager
def lost_said_plainly() -> Iterator[None]:
    try:
        yield
    except (CancelledError, KilledWorker) as wrong:
        raise ChannelBusy(LOST) from wrong
