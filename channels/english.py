"""Numbers, dates and plurals as English has them, and what the program says in English;
the filters of the English templates.

    points(9047)                          -> "90.47"
    counted(1, "place"), counted(3, "place")      -> "1 place", "3 places"
    moment("2026-11-05T17:00+07:00")      -> "17:00 on 5 November 2026"
    said("Tệp rỗng (0 byte).")            -> "The file is empty (0 bytes)."
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from channels.phrasebook import is_vietnamese, known, translated
from channels.vietnamese import NOTHING, whole_percent

_A_DAY = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})/(\d{4})(?![\d/])")
_AN_HOUR = re.compile(r"(\d{1,2})(?: giờ |:)(\d\d) ngày (?=\d)")
_A_MONTH = re.compile(r"\b[Tt]háng (\d{1,2})/(\d{4})")
_A_QUARTER = re.compile(r"\b[Qq]uý (I{1,3}|IV)/(\d{4})")
_A_HALF = re.compile(r"\b6 tháng (đầu|cuối) năm (\d{4})")
_A_YEAR = re.compile(r"\b[Nn]ăm (\d{4})\b")
_A_TERM = re.compile(r"\b[Nn]hiệm kỳ (\d{4}) – (\d{4})")
_DECIMALS = re.compile(r"(?<![\d.,])(\d{1,3}(?:\.\d{3})*|\d+),(\d{1,2})(?![\d,])")
_OF_A_DAY = re.compile(r"(?<=\S )ngày (?=\d{1,2}/\d{1,2}/\d{4}(?!\d))")
_AND = re.compile(r"(?<=[”\d%]) (và|hoặc) (?=[“\d])")
_THOUSANDS = re.compile(r"(?<![\d.,/])\d{1,3}(?:\.\d{3})+(?![\d.,/])")


def points(hundredths: int | None) -> str:
    if hundredths is None:
        return NOTHING
    whole, rest = divmod(abs(hundredths), 100)
    return f"{'-' if hundredths < 0 else ''}{count(whole)}.{rest:02}"


def counted_points(hundredths: int | None) -> str:
    return f"{points(hundredths)} {'point' if hundredths == 100 else 'points'}"


def percent(hundredths: int | None) -> str:
    """Without idle zeros: “100%”, “87.5%”."""
    if hundredths is None:
        return NOTHING
    return points(hundredths).rstrip("0").rstrip(".") + "%"


def count(number: int) -> str:
    return f"{number:,}"


def counted(number: int, noun: str, plural: str = "") -> str:
    return f"{count(number)} {noun if number == 1 else plural or noun + 's'}"


def day(text: str | None) -> str:
    return _day(date.fromisoformat(text[:10])) if text else NOTHING


def moment(text: str | None) -> str:
    """An instant of ISO text, in the zone that it is written in."""
    if not text:
        return NOTHING
    at = datetime.fromisoformat(text)
    return f"{at:%H:%M} on {_day(at.date())}"


def _day(at: date) -> str:
    return f"{at.day} {calendar.month_name[at.month]} {at.year}"


def said(text: str | None) -> str:
    """A sentence of the program; one that is not in the phrase book is quoted."""
    return translated(text or "", figures)


def named(text: str | None) -> str:
    """A name or a person's own words: in English where the program knows it, else as it is."""
    english = known(text or "", figures)
    return figures(text or "") if english is None or is_vietnamese(english) else english


def figures(text: str) -> str:
    """Dates, periods and numbers inside a text as English writes them."""
    text = _AN_HOUR.sub(r"\1:\2 on ", text)
    text = _OF_A_DAY.sub("of ", text)
    text = _A_DAY.sub(_day_in_words, text)
    text = _A_MONTH.sub(lambda m: f"{calendar.month_name[int(m[1])]} {m[2]}", text)
    text = _A_QUARTER.sub(lambda m: f"Q{('I', 'II', 'III', 'IV').index(m[1]) + 1} {m[2]}", text)
    text = _A_HALF.sub(lambda m: f"the {_HALVES[m[1]]} half of {m[2]}", text)
    text = _A_TERM.sub(r"the term \1–\2", text)
    text = _A_YEAR.sub(r"\1", text)
    text = _AND.sub(lambda m: " and " if m[1] == "và" else " or ", text)
    text = _DECIMALS.sub(lambda m: f"{m[1].replace('.', ',')}.{m[2]}", text)
    return _THOUSANDS.sub(lambda m: m[0].replace(".", ","), text)


_HALVES = {"đầu": "first", "cuối": "second"}


def _day_in_words(found: re.Match[str]) -> str:
    try:
        return _day(date(int(found[3]), int(found[2]), int(found[1])))
    except ValueError:
        return found[0]


def lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


FILTERS: dict[str, Callable[..., Any]] = {
    filter_.__name__: filter_
    for filter_ in (
        points,
        counted_points,
        percent,
        count,
        counted,
        day,
        moment,
        whole_percent,
        said,
        named,
        lower_first,
    )
}
