"""More time for one unit, or for all that still owe, with who granted it and why.

extend_due.fn(occasion, "03637", 3, "Lũ quét", "Lò Văn Inh")   -> the new due time
extend_owing.fn(occasion, 3, "Lũ quét", "Lò Văn Inh")          -> ("03549", "03637")
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from prefect import task

from channels.errors import ChannelRefused
from tasks.occasion import Occasion
from tasks.standing import update_roll
from tdkt_models.roll import Extension, keep_roll, recall_roll
from tdkt_models.roll import extend as keep_extension
from tdkt_models.units import recall_units


@task(name="Gia hạn cho đơn vị")
def extend_due(occasion: Occasion, unit: str, days: int, reason: str, who: str) -> datetime:
    """Days are calendar days after the common due date, moved past days off; the last word holds.
    Raises ChannelRefused for a unit that is not on the period's roll."""
    due = occasion.office.deadlines(occasion.period, days).due
    with occasion.office.book() as book, book.writing() as conn:
        entries = recall_roll(conn, occasion.period_text, [unit])
        if not entries:
            raise ChannelRefused(
                f"Đơn vị {unit} không có trong danh sách của {occasion.period.label}. "
                f"Nếu kỳ chưa mở, hãy chạy: tdkt collect {occasion.period_text}"
            )
        given = Extension(unit, occasion.period_text, days, reason, who)
        keep_extension(conn, given, occasion.stamp)
        keep_roll(conn, [replace(entries[0], due=due)], occasion.stamp)
        update_roll(conn, occasion, [unit])  # how late it was, from its first file
    return due


@task(name="Gia hạn cho các đơn vị còn nợ")
def extend_owing(occasion: Occasion, days: int, reason: str, who: str) -> tuple[str, ...]:
    """The same for every unit of which nothing counts yet; the codes of these units."""
    due = occasion.office.deadlines(occasion.period, days).due
    with occasion.office.book() as book, book.writing() as conn:
        entries = recall_roll(conn, occasion.period_text)
        owing = [entry for entry in entries if entry.counted is None]
        for entry in owing:
            given = Extension(entry.unit, occasion.period_text, days, reason, who)
            keep_extension(conn, given, occasion.stamp)
        keep_roll(conn, [replace(entry, due=due) for entry in owing], occasion.stamp)
        update_roll(conn, occasion, [entry.unit for entry in owing])
    return tuple(entry.unit for entry in owing)


def who_owes(occasion: Occasion) -> list[tuple[str, str]]:
    """(code, name) of the units on the roll of which nothing counts yet."""
    with occasion.office.book() as book, book.reading() as conn:
        units = recall_units(conn)
        entries = recall_roll(conn, occasion.period_text)
    return [(one.unit, units[one.unit].name) for one in entries if one.counted is None]
