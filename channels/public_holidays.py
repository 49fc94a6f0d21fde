"""The days off of Viet Nam, as the `holidays` library keeps them and as the office corrects them.

    working_days(range(2026, 2028), home / "holidays.toml").is_working(date(2027, 2, 8))  -> False

The library knows Tết and the swapped days of years already decreed; the Government decrees each
year's late in the year before. Until the library follows, the office writes `holidays.toml`:

    [[off]]
    day = 2028-01-31
    until = 2028-02-02          # only for several days in a row
    reason = "Nghỉ Tết theo Thông báo số 123/TB-BNV"

    [[working]]
    day = 2028-02-12
    reason = "Làm bù cho ngày 31/01/2028"
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeGuard

import holidays

from channels.errors import ChannelRefused
from review.calendar import WorkingDays

BLOCKS = ("off", "working")
KEYS = {"day", "until", "reason"}


def working_days(years: Iterable[int], corrections_path: Path | None = None) -> WorkingDays:
    """The working days of the years given; other years know their weekends only.

    A corrections file that is not there changes nothing. Raises ChannelRefused for one that
    cannot be read, that gives no reason, or that calls one day both off and working.
    """
    known = holidays.country_holidays("VN", years=list(years))
    off, working = _corrections(corrections_path)
    return WorkingDays(
        holidays=(frozenset(known) | off) - working,
        working=(frozenset(known.weekend_workdays) | working) - off,
    )


def _corrections(path: Path | None) -> tuple[frozenset[date], frozenset[date]]:
    if path is None or not path.is_file():
        return frozenset(), frozenset()
    blocks = _parsed(path)
    off, working = (
        frozenset(day for entry in _entries(blocks, name, path) for day in _days(entry, path))
        for name in BLOCKS
    )
    for day in sorted(off & working):
        raise ChannelRefused(f"{path.name}: ngày {day:%d/%m/%Y} vừa ghi là nghỉ vừa ghi là làm.")
    return off, working


def _parsed(path: Path) -> dict[str, Any]:
    try:
        blocks = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as wrong:
        raise ChannelRefused(f"Không đọc được {path}: {wrong}") from wrong
    for name in blocks.keys() - set(BLOCKS):
        raise ChannelRefused(f"{path.name}: không có mục “{name}”; chỉ có [[off]] và [[working]].")
    return blocks


def _entries(blocks: Mapping[str, Any], name: str, path: Path) -> list[Mapping[str, Any]]:
    entries = blocks.get(name, [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise ChannelRefused(f"{path.name}: hãy viết [[{name}]] với hai dấu ngoặc vuông.")
    return entries


def _days(entry: Mapping[str, Any], path: Path) -> Iterator[date]:
    first, last = entry.get("day"), entry.get("until", entry.get("day"))
    if not _is_day(first) or not _is_day(last) or last < first or (last - first).days > 31:
        raise ChannelRefused(
            f"{path.name}: “{dict(entry)}” cần day = 2027-02-08 (và until không trước day, "
            "không quá một tháng)."
        )
    if entry.keys() - KEYS or not str(entry.get("reason", "")).strip():
        raise ChannelRefused(
            f"{path.name}: ngày {first:%d/%m/%Y} phải có đúng các mục day, until (nếu nhiều ngày) "
            "và reason ghi căn cứ."
        )
    yield from (first + timedelta(days=n) for n in range((last - first).days + 1))


def _is_day(value: Any) -> TypeGuard[date]:
    return isinstance(value, date) and not isinstance(value, datetime)
