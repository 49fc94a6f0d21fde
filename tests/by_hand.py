"""A person with a pencil: works a score out again from what `tdkt explain` prints, and from nothing
else. It knows neither the program's code nor its rules, only how to read the lines.

    by_hand(lines).total        -> Fraction(9047, 100)
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

NUMBER = r"\d+(?:,\d+)?"
GRADES = (
    "Hoàn thành xuất sắc nhiệm vụ",
    "Hoàn thành tốt nhiệm vụ",
    "Hoàn thành nhiệm vụ",
    "Không hoàn thành nhiệm vụ",
)


@dataclass(frozen=True)
class Worked:
    """`total` to two places, as the paper says to round; `lost` the sum of all that was lost."""

    total: Fraction
    grade: str
    lost: Fraction


def number(text: str) -> Fraction:
    return Fraction(text.replace(",", "."))


def value(sum_: str) -> Fraction:
    """What a written sum comes to: “0,5×(18 − 2×25%) + 3×1”, “min(12; 10)”."""
    python = re.sub(NUMBER, lambda n: f"F('{n[0].replace(',', '.')}')", sum_)
    for sign, meant in (("%", "*F(1,100)"), ("×", "*"), ("−", "-"), (";", ",")):
        python = python.replace(sign, meant)
    if re.sub(r"F\('[\d.]+'\)|F\(1,100\)|min|[-+*/(), ]", "", python):
        raise ValueError(f"no sum: {sum_}")
    return Fraction(eval(python, {"F": Fraction, "min": min}))


def rounded(exact: Fraction) -> Fraction:
    """Half up, to two places, once."""
    return Fraction((200 * exact.numerator + exact.denominator) // (2 * exact.denominator), 100)


def by_hand(lines: Sequence[str]) -> Worked:
    text = "\n".join(lines)
    mean = re.search(r"= (\(.*\) / \d+) = ", text.replace("[(", "(("))
    if "Điểm = " in text and mean:  # a longer period: the mean of its parts
        total = rounded(value(_written(text)))
        return Worked(total, _grade(text, total), 100 - total)
    several = re.search(r"Tiêu chí chung: (\(.*?\) / \d+) = ", text)
    written = re.search(rf"Tiêu chí chung: ({NUMBER})/", text)
    assert several or written
    general = value(several[1]) if several else number(written[1])  # type: ignore[index]
    ratios = re.findall(r": ([abc]) = \((.*)\) / \((.*?)\) = \S+?( lấy không quá 100%| =)", text)
    shares = [min(Fraction(1), value(above) / value(below)) for _, above, below, _ in ratios]
    terms = re.findall(r"^- (?:d|đ|e) – [^:]*: (\d+)%", text, re.M)
    shares += [Fraction(int(term), 100) for term in terms]
    most = number(re.findall(rf"Kết quả = ({NUMBER}) ×", text)[0])
    total = rounded(general + most * sum(shares) / len(shares))
    lost = sum(map(number, re.findall(rf"Mất ({NUMBER}) điểm", text)), Fraction(0))
    return Worked(total, _grade(text, total), lost)


def _written(text: str) -> str:
    found = re.search(r"Điểm = (.*) = \S+ \(làm tròn", text)
    assert found
    return found[1].replace("[", "(").replace("]", ")")


def _grade(text: str, total: Fraction) -> str:
    """By the bound that the paper names for its grade, and by what it says decides anyway."""
    if "bất kể điểm" in text and "không hạ mức" not in text:
        return GRADES[-1]
    bound = re.search(rf"\((từ|dưới) ({NUMBER}) điểm\): ([^,]*)", text)
    if bound is None:
        return ""
    side, least, named = bound.groups()
    held = total >= number(least) if side == "từ" else total < number(least)
    return named.capitalize() if held else "?"
