"""An office with a few units of the sample, for stories about what one of them sends.

corner = small_office(tmp_path)
corner.sends("SYT", corner.report("SYT"), day=2)     into the inbox, as of 2 November 9:00
corner.takes_in()                                    taken in and checked
corner.entry("SYT").state                            -> RollState.ACCEPTED
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from pathlib import Path

from flows.cycle import take_in
from review.brief import UnitBrief
from review.findings import Finding
from review.period import Period
from review.roll import RollEntry
from review.roster import Roster
from sample import sample_roster
from sample.entries import Entries
from tasks.briefs import briefs
from tasks.occasion import Occasion
from tasks.office import Office, make_office
from tasks.roster import keep_roster
from tdkt_models.files import ReceivedFile, recall_files
from tdkt_models.findings import recall_findings
from tdkt_models.roll import recall_roll
from tests.drawer import Desk
from tests.fresh_book import lay_open

Change = Callable[[Entries], None]


@dataclass
class Corner:
    occasion: Occasion
    briefs: dict[str, UnitBrief] = field(default_factory=dict)

    def report(self, unit: str, change: Change | None = None, seed: int = 1) -> bytes:
        return _desk(unit, str(self.occasion.period), seed).good(change)

    def sends(
        self, unit: str, data: bytes, day: int, note: str = "", month: int = 11, year: int = 2026
    ) -> Path:
        path = Path(self.occasion.office.inboxes[0]) / f"{unit}_{self.occasion.period}{note}.xlsx"
        path.write_bytes(data)
        zone = self.occasion.office.settings.zone
        seconds = datetime(year, month, day, 9, tzinfo=zone).timestamp()
        os.utime(path, (seconds, seconds))
        return path

    def takes_in(self) -> None:
        take_in(self.occasion)

    def entry(self, unit: str) -> RollEntry:
        with self._reading() as conn:
            return recall_roll(conn, self.occasion.period_text, [unit])[0]

    def files(self, unit: str) -> list[ReceivedFile]:
        with self._reading() as conn:
            return list(recall_files(conn, period=self.occasion.period_text, units=[unit]))

    def findings(self, unit: str) -> Sequence[Finding]:
        """Of the unit's newest file."""
        newest = self.files(unit)[-1].id or 0
        with self._reading() as conn:
            return recall_findings(conn, [newest])[newest]

    def checks(self, unit: str) -> set[str]:
        return {finding.check for finding in self.findings(unit)}

    def at(self, day: int, hour: int = 9, month: int = 11, year: int = 2026) -> None:
        """Moves the clock of the office."""
        zone = self.occasion.office.settings.zone
        now = datetime(year, month, day, hour, tzinfo=zone)
        self.occasion = replace(self.occasion, now=now)

    def in_period(self, text: str) -> None:
        self.occasion = replace(self.occasion, period=Period.parse(text))

    @contextmanager
    def _reading(self) -> Iterator:
        with self.occasion.office.book() as book, book.reading() as conn:
            yield conn

    def brief(self, unit: str) -> UnitBrief:
        with self._reading() as conn:
            return briefs(conn, self.occasion, [unit])[unit]


@cache
def _desk(unit: str, period: str, seed: int) -> Desk:
    return Desk(unit, period, seed)


def small_office(
    folder: Path, units: Sequence[str] = ("SYT", "SNV", "STC"), period: str = "2026-10"
) -> Corner:
    """An office of its own, its book on SQLite in its folder."""
    office = Office.at(folder / "office")
    make_office(office, name="Sở Nội vụ tỉnh Lai Châu", email="tdkt@laichau.example", demo=True)
    lay_open(office)
    now = datetime(2026, 11, 6, 9, tzinfo=office.settings.zone)
    corner = Corner(Occasion(office, Period.parse(period), run="test", now=now))
    with office.book() as book, book.writing() as conn:
        keep_roster(conn, roster_of(tuple(units)), corner.occasion.stamp)
    return corner


@cache
def roster_of(units: tuple[str, ...]) -> Roster:
    """These units of the sample, with their people."""
    whole = sample_roster()
    return Roster(
        tuple(unit for unit in whole.units if unit.code in units),
        tuple(cadre for cadre in whole.cadres if cadre.unit in units),
    )
