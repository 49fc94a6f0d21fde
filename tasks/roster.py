"""The roster in and out of the book.

import_roster.fn(office, Path("danh-ba.xlsx"), run, now, dry_run=True).changes
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from prefect import task
from sqlalchemy import Connection

from channels.roster_file import read_roster, write_roster
from review.findings import Finding
from review.roster import Roster, differences, merged
from tasks.office import Office
from tdkt_models.base import Stamp
from tdkt_models.cadres import keep_cadres, recall_cadres
from tdkt_models.units import keep_units, recall_units


@dataclass(frozen=True, slots=True)
class RosterReport:
    """`refused`: something must be fixed first, so nothing was kept. `changes` is Vietnamese text,
    empty where nothing differs."""

    changes: str
    findings: tuple[Finding, ...]
    refused: bool


@task(name="Nhập danh bạ")
def import_roster(
    office: Office, path: Path, run: str, now: datetime, dry_run: bool = False
) -> RosterReport:
    """Units and cadres that the file leaves out are ended on that day, never deleted. Raises
    ChannelRefused where the file cannot be read as a roster."""
    with office.book() as book:
        with book.reading() as conn:
            known = roster_in(conn)
        read = read_roster(path, known)
        changes = differences(known, read.roster)
        if read.faults or dry_run:
            return RosterReport(changes.report(), tuple(read.findings), bool(read.faults))
        today = now.astimezone(office.settings.zone).date()
        with book.writing() as conn:
            keep_roster(conn, merged(known, read.roster, today), Stamp(at=now, run=run))
    return RosterReport(changes.report(), tuple(read.findings), False)


@task(name="Xuất danh bạ")
def export_roster(office: Office, path: Path) -> int:
    with office.book() as book, book.reading() as conn:
        roster = roster_in(conn)
    write_roster(roster, path)
    return len(roster.units)


def roster_in(conn: Connection) -> Roster:
    return Roster(tuple(recall_units(conn).values()), tuple(recall_cadres(conn)))


def keep_roster(conn: Connection, roster: Roster, stamp: Stamp) -> None:
    keep_units(conn, roster.units, stamp)
    keep_cadres(conn, roster.cadres, stamp)
