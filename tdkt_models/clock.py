"""When the book was last written, whoever wrote: to notice a clock that was set back.

last_written(conn)      -> datetime in UTC, None for an empty book
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, select

from tdkt_models.audit import AuditRow
from tdkt_models.base import table_of
from tdkt_models.cadres import CadreRow
from tdkt_models.files import ReceivedFileRow
from tdkt_models.roll import RollRow

WITNESSES = tuple(map(table_of, (CadreRow, ReceivedFileRow, RollRow, AuditRow)))


def last_written(conn: Connection) -> datetime | None:
    """The latest stamp of the tables that every run writes to."""
    latest = [conn.execute(select(func.max(table.c.at))).scalar() for table in WITNESSES]
    return max((at for at in latest if at is not None), default=None)
