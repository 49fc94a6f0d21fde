"""Points and percentages as whole hundredths, and the one rounding they ever undergo.

hundredths("2.5")            -> 250
half_up(1, 8)                -> 0      (0,125 rounds down), half_up(1, 2) -> 1
share(5, 6)                  -> 8333    83,33%, None of nothing
shown(9047)                  -> "90,47"    as an official reads it
written(9047)                -> "90.47"    as JSON carries it
apportion(10, (1, 1, 1))     -> (4, 3, 3)  parts that add up to the whole, always
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from functools import lru_cache


def hundredths(text: str | int) -> int:
    """A decimal numeral in hundredths. Raises ValueError for what is no number or has more than
    two decimals: a regulation that needs a third decimal must say so, not be rounded."""
    try:
        exact = Decimal(text) * 100
    except InvalidOperation as wrong:
        raise ValueError(f"“{text}” không phải là số; ví dụ đúng: 2.5") from wrong
    if not exact.is_finite() or exact != int(exact):
        raise ValueError(f"“{text}” phải là số có nhiều nhất hai chữ số thập phân")
    return int(exact)


def half_up(numerator: int, denominator: int) -> int:
    """numerator / denominator to the nearest whole, halves upwards (both ≥ 0, denominator > 0).

    No source fixes the rounding (domain.md 2.5): half up, once, on the exact total [POLICY]."""
    return (2 * numerator + denominator) // (2 * denominator)


def share(part: int, whole: int) -> int | None:
    """Part of a whole in hundredths of a percent, half up; None of nothing."""
    return half_up(10_000 * part, whole) if whole else None


def written(value: int) -> str:
    """Hundredths as a decimal string with a point: 9047 -> "90.47"."""
    sign = "-" if value < 0 else ""
    return f"{sign}{abs(value) // 100}.{abs(value) % 100:02}"


@lru_cache(maxsize=16_384)
def shown(value: int) -> str:
    """Hundredths with a decimal comma: 9047 -> "90,47"."""
    return written(value).replace(".", ",")


@lru_cache(maxsize=16_384)
def brief(value: int, decimals: int = 2) -> str:
    """An exact value in 1/10**decimals, without idle zeros: 1575 -> "15,75", 400 -> "4"."""
    whole, part = divmod(value, 10**decimals)
    return f"{whole},{part:0{decimals}}".rstrip("0").rstrip(",") if part else str(whole)


def apportion(whole: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Splits a whole number by weights so that the parts add up to it (largest remainder).

    Ties go to the earlier part. Weights that are all zero take nothing.
    """
    if len(weights) == 1:
        return (whole if weights[0] else 0,)
    total = sum(weights)
    if not total or not whole:
        return (0,) * len(weights)
    if whole == total:
        return tuple(weights)
    parts = [whole * weight // total for weight in weights]
    if left := whole - sum(parts):
        by_remainder = sorted(range(len(weights)), key=lambda i: -(whole * weights[i] % total))
        for i in by_remainder[:left]:
            parts[i] += 1
    return tuple(parts)
