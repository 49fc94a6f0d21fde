"""Call the roll: open the cycle, and write down every unit that owes a report for it.

call_roll.fn(occasion)   -> RollCall(units=("03388", …), new=60)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from prefect import task
from sqlalchemy import Connection

from channels.errors import ChannelRefused
from review.period import Cadence
from review.roll import RollEntry
from review.units import Unit
from tasks.occasion import Occasion
from tasks.pass_on import pass_on
from tasks.seal import seal
from tasks.strike_off import strike_off
from tdkt_models.cycles import Cycle, keep_cycle, recall_cycle
from tdkt_models.roll import keep_roll, recall_extensions, recall_roll
from tdkt_models.units import recall_units

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class RollCall:
    """The codes of the units on the roll, and how many were put on it just now."""

    units: tuple[str, ...]
    new: int

    def batches(self, size: int) -> list[tuple[str, ...]]:
        return in_batches(self.units, size)


def must_have_units(roll: RollCall, occasion: Occasion) -> RollCall:
    """Raises ChannelRefused for an empty roll: a review of nobody would look like a good one."""
    if not roll.units:
        raise ChannelRefused(
            f"Danh bạ không có đơn vị nào hoạt động trong {occasion.period.label}. "
            "Nhập danh bạ trước: tdkt roster import DANH-BA.xlsx"
        )
    return roll


def in_batches(items: Sequence[Item], size: int) -> list[tuple[Item, ...]]:
    return [tuple(items[at : at + size]) for at in range(0, len(items), size)]


@task(name="Gọi danh sách")
def call_roll(occasion: Occasion) -> RollCall:
    """Units there as the period ends owe a report; an entry that stands already keeps its state.
    One that was called and has since been ended leaves the roll again, unless something came from
    it: what was sent is not forgotten."""
    with occasion.office.book() as book, book.writing() as conn:
        open_cycle(conn, occasion)
        seal(conn, occasion)
        pass_on(conn, occasion)
        known = {entry.unit: entry for entry in recall_roll(conn, occasion.period_text)}
        due = occasion.deadlines.due
        expected = {unit.code for unit in _expected(conn, occasion)}
        gone = {code for code, entry in known.items() if not (code in expected or entry.received)}
        strike_off(conn, occasion.period_text, gone, occasion.stamp)
        entries = [
            known.get(code) or RollEntry(code, occasion.period_text, due)
            for code in sorted(expected | set(known) - gone)
        ]
        entries = _with_extensions(conn, occasion, entries)
        keep_roll(conn, entries, occasion.stamp)
    units = tuple(entry.unit for entry in entries)
    return RollCall(units, len([entry for entry in entries if entry.unit not in known]))


def open_cycle(conn: Connection, occasion: Occasion) -> Cycle:
    """The period's cycle, opened now if it was not; its regulation is fixed from then on."""
    cycle = recall_cycle(conn, occasion.period_text)
    if cycle is None:
        cycle = Cycle(
            occasion.period_text,
            occasion.period.cadence,
            occasion.regulation.code,
            opened_at=occasion.now,
        )
        keep_cycle(conn, cycle, occasion.stamp)
    return cycle


def _expected(conn: Connection, occasion: Occasion) -> list[Unit]:
    """Those there in the period's last month: who is gone by then has nobody to write of it; what
    its months told stays with its people. A unit measured by quarters owes no months."""
    last = occasion.period.split(Cadence.MONTH)[-1]
    settings, units = occasion.office.settings, recall_units(conn).values()
    there = [
        unit
        for unit in units
        if unit.active_in(last.start, last.end) and settings.owes(unit, occasion.period)
    ]
    if occasion.period.cadence is not Cadence.MONTH:
        return there
    return [u for u in there if not settings.scoring.by_quarter(u.code, occasion.period)]


def _with_extensions(
    conn: Connection, occasion: Occasion, entries: Sequence[RollEntry]
) -> list[RollEntry]:
    given = recall_extensions(conn, occasion.period_text)
    return [
        replace(entry, due=occasion.office.deadlines(occasion.period, given[entry.unit].days).due)
        if entry.unit in given
        else entry
        for entry in entries
    ]
