"""Numbers and dates as a Vietnamese official writes them; the filters of every template.

points(9047)                          -> "90,47"
percent(8333)                         -> "83,33%"
day("2026-11-05")                     -> "05/11/2026"
moment("2026-11-05T17:00+07:00")      -> "17 giờ 00 ngày 05/11/2026"
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from review.evidence import whole_number

NOTHING = "–"


def points(hundredths: int | None) -> str:
    """Hundredths of a point with two decimals and a comma."""
    if hundredths is None:
        return NOTHING
    whole, rest = divmod(abs(hundredths), 100)
    return f"{'-' if hundredths < 0 else ''}{count(whole)},{rest:02}"


def percent(hundredths: int | None) -> str:
    """Hundredths of a percent, without idle zeros: “100%”, “87,5%”."""
    if hundredths is None:
        return NOTHING
    return points(hundredths).rstrip("0").rstrip(",") + "%"


def count(number: int) -> str:
    """A whole number, thousands parted by a point."""
    return whole_number(number)


def day(text: str | None) -> str:
    """A date of ISO text."""
    return date.fromisoformat(text[:10]).strftime("%d/%m/%Y") if text else NOTHING


def moment(text: str | None) -> str:
    """An instant of ISO text, in the zone that it is written in."""
    if not text:
        return NOTHING
    at = datetime.fromisoformat(text)
    return f"{at.hour} giờ {at:%M} ngày {at:%d/%m/%Y}"


def whole_percent(hundredths: int | None) -> int:
    """0–100 for the length of a bar."""
    return max(0, min(100, round((hundredths or 0) / 100)))


FILTERS: dict[str, Callable[..., Any]] = {
    filter_.__name__: filter_ for filter_ in (points, percent, count, day, moment, whole_percent)
}
