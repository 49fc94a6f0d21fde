"""The input of a `tdkt calc` case, read strictly: what makes no sense is refused by name.

    given = Given({"general_score": "27.5", "times": [1, 3]})
    given.number("general_score")       -> 2750000000000000000000   (exact: 27,5 × ONE)
    given.wholes("times")               -> [1, 3]
    given.number("coef")                -> CaseError: thiếu “coef”

Numbers may come as JSON integers, floats or strings; they are read from their decimal text, never
through binary floating point, and kept as whole multiples of 1/ONE.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from review.points import half_up, written

DECIMALS = 20
ONE: int = 10**DECIMALS
HUNDREDTH = ONE // 100
LARGEST = 10**12
MOST_DIGITS = 400
NUMERAL = re.compile(r"([+-]?)([0-9]+)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]{1,3}))?")

Choice = TypeVar("Choice", bound=StrEnum)


class CaseError(ValueError):
    """The case makes no sense; the message is Vietnamese and names the key, what was found and
    what was wanted."""


class Given:
    """A JSON object and where it stands ("tasks[2]"), for messages."""

    def __init__(self, value: Any, where: str = "input") -> None:
        if not isinstance(value, Mapping):
            raise CaseError(f"“{where}” phải là một đối tượng JSON, không phải {_named(value)}")
        self._value, self._where = value, where

    def has(self, key: str) -> bool:
        return key in self._value

    def known(self, key: str) -> bool:
        """Whether the key is there and not null."""
        return self._value.get(key) is not None

    def raw(self, key: str) -> Any:
        if key not in self._value:
            raise CaseError(f"thiếu “{self._path(key)}”")
        return self._value[key]

    def number(self, key: str, high: int | None = None) -> int:
        """A number from 0 to `high` (whole units), in 1/ONE."""
        return number(self.raw(key), self._path(key), high)

    def number_or_none(self, key: str, high: int | None = None) -> int | None:
        """As `number`; None where the key is there and says null: known to be missing."""
        return None if self.raw(key) is None else self.number(key, high)

    def whole(self, key: str, default: int | None = None) -> int:
        if default is not None and not self.has(key):
            return default
        return whole(self.raw(key), self._path(key))

    def wholes(self, key: str) -> list[int]:
        return [whole(item, f"{self._path(key)}[{i}]") for i, item in enumerate(self.items(key))]

    def items(self, key: str) -> Sequence[Any]:
        value = self.raw(key)
        if not isinstance(value, list):
            raise CaseError(f"“{self._path(key)}” phải là danh sách, không phải {_named(value)}")
        return value

    def parts(self, key: str) -> list[Given]:
        """A list of objects; an absent key is an empty list."""
        items = self.items(key) if self.known(key) else []
        return [Given(item, f"{self._path(key)}[{at}]") for at, item in enumerate(items)]

    def part(self, key: str) -> Given:
        return Given(self.raw(key), self._path(key))

    def flag(self, key: str, default: bool) -> bool:
        value = self._value.get(key, default)
        if not isinstance(value, bool):
            raise CaseError(f"“{self._path(key)}” phải là true hoặc false, không phải {value!r}")
        return value

    def text(self, key: str) -> str:
        value = self.raw(key)
        if not isinstance(value, str):
            raise CaseError(f"“{self._path(key)}” phải là chữ, không phải {_named(value)}")
        return value

    def choice(self, key: str, kind: type[Choice], default: Choice | None = None) -> Choice:
        """One word of an enumeration; an absent key without a default is refused."""
        if default is not None and not self.has(key):
            return default
        found = self.text(key)
        try:
            return kind(found)
        except ValueError as wrong:
            allowed = ", ".join(kind)
            raise CaseError(
                f"“{self._path(key)}” = “{found}” không dùng được; chọn một trong: {allowed}"
            ) from wrong

    def day(self, key: str) -> date:
        """A date as YYYY-MM-DD. Where the day, or day and month, are unknown the first counts
        (Decree 135/2020, Article 3)."""
        text = self.text(key)
        found = re.fullmatch(r"([0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?", text)
        try:
            if found and 1900 <= int(found[1]) <= 2100:
                return date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
        except ValueError:
            pass  # 30 February and the like: the same answer as any other text that is no date
        raise CaseError(f"“{self._path(key)}” = “{text}” không phải ngày; ví dụ đúng: 1969-05-20")

    def _path(self, key: str) -> str:
        return key if self._where == "input" else f"{self._where}.{key}"


def number(value: Any, name: str, high: int | None = None) -> int:
    """A number in 1/ONE. Raises CaseError for a bool, text that is no numeral, NaN, infinity, a
    negative, too many decimals, or more than `high`."""
    found = None if isinstance(value, bool) else NUMERAL.fullmatch(_numeral(value))
    if not found:
        raise CaseError(f"“{name}” = {_short(value)} không phải là số; ví dụ đúng: “27.5”")
    sign, before, after, power = found[1], found[2], found[3] or "", int(found[4] or 0)
    if len(before) + len(after) > MOST_DIGITS:
        raise CaseError(f"“{name}” dài quá {MOST_DIGITS} chữ số")
    digits, shift = int(before + after), DECIMALS - len(after) + power
    if sign == "-" and digits:
        raise CaseError(f"“{name}” = {_short(value)} là số âm")
    lower: int = 10 ** max(0, -shift)
    upper: int = 10 ** max(0, shift)
    if digits % lower:
        raise CaseError(f"“{name}” = {_short(value)} có quá {DECIMALS} chữ số thập phân")
    exact = digits * upper // lower
    most = (LARGEST if high is None else high) * ONE
    if exact > most:
        raise CaseError(f"“{name}” = {_short(value)} vượt mức tối đa {most // ONE}")
    return exact


def whole(value: Any, name: str) -> int:
    """A whole number; 4, 4.0 and "4" are one."""
    exact = number(value, name)
    if exact % ONE:
        raise CaseError(f"“{name}” = {_short(value)} phải là số nguyên")
    return exact // ONE


def points(exact: int) -> str:
    """A number in 1/ONE as a decimal string, rounded half up to two places."""
    return written(half_up(exact, HUNDREDTH))


def _numeral(value: Any) -> str:
    if isinstance(value, str):
        return value.strip()
    # repr of an int beyond Python's limit would raise; such a number is refused as too large.
    if isinstance(value, int) and value.bit_length() > 400:
        return "9" * 100
    return str(value) if isinstance(value, (int, float, Decimal)) else ""


def _short(value: Any) -> str:
    if isinstance(value, int) and value.bit_length() > 400:
        return "một số quá lớn"
    text = "null" if value is None else f"“{value}”" if isinstance(value, str) else str(value)
    return text if len(text) <= 40 else f"{text[:37]}…"


def _named(value: Any) -> str:
    kinds = {list: "danh sách", dict: "đối tượng", str: "chữ", bool: "đúng/sai"}
    return "null" if value is None else kinds.get(type(value), "số")
