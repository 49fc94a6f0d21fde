"""Titles of units over the years: each condition met, not met, or not known, with its source.

for met in unit_conditions(history, 2026, rule): print(met.says, met.source)
-> Lao động tiên tiến: 7/10 người (70%), cần từ 70% — CV 5/SYT

The people of a unit whom this system scores are rarely all of it: unless the office keeps the
head-counts of the whole (`tdkt titles KỲ --heads`), a share is told and left open.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from review.points import brief
from review.scorecard import Grade
from review.title_cases import History, Met, name_before, title_before
from review.titles import TitleRules

COMPLETED = "Hoàn thành nhiệm vụ trở lên"
ADVANCED = "Lao động tiên tiến"
FROM_TITLES = ("done_percent", "ldtt_percent", "cstdcs", "warned", "article")


@dataclass(frozen=True, slots=True)
class UnitTitle:
    """What a unit's title asks: a grade of the year, and of the `graded_years` - 1 before it;
    shares of its people in hundredths of a percent (None: not asked); at least so many fighters, at
    most so many `warned`; a place in its cluster up to `place` (0: any); another title before."""

    key: str
    name: str
    grades: tuple[Grade, ...] = ()
    graded_years: int = 1
    done_percent: int | None = None
    ldtt_percent: int | None = None
    cstdcs: int = 0
    warned: int | None = None
    place: int = 0
    before: str = ""
    years: int = 0
    article: str = ""
    before_name: str = ""


@dataclass(frozen=True, slots=True)
class Heads:
    """How many people: all, who completed, lao động tiên tiến, chiến sĩ thi đua cơ sở, disciplined
    from a warning up. `whole` when they are the whole unit's and not those of the roll alone."""

    members: int
    completed: int
    ldtt: int
    cstdcs: int
    warned: int
    source: str
    whole: bool = True


@dataclass(frozen=True, slots=True)
class UnitHistory:
    """`known` has the grades and titles by year; `place` in the cluster this year, None while it is
    open."""

    known: History = field(default_factory=History)
    heads: Heads | None = None
    cluster: str = ""
    place: int | None = None


def unit_conditions(history: UnitHistory, year: int, rule: UnitTitle) -> Iterator[Met]:
    for back in range(rule.graded_years if rule.grades else 0):
        yield _grade(history.known, year - back, rule)
    if rule.place:
        yield _place(history, rule)
    yield from _of_people(history.heads, rule)
    for back in range(1, rule.years + 1):
        yield title_before(history.known, year - back, rule.before, rule.before_name)


def _grade(known: History, year: int, rule: UnitTitle) -> Met:
    asks = "Xếp loại của tập thể năm"
    if year not in known.grades:
        return Met("XEP_LOAI", None, f"{asks} {year}: chưa đủ số liệu", "bảng điểm cơ quan")
    grade, source = known.grades[year]
    return Met("XEP_LOAI", grade in rule.grades, f"{asks} {year}: {grade.label.lower()}", source)


def _place(history: UnitHistory, rule: UnitTitle) -> Met:
    source = f"bảng điểm khối, {history.cluster}"
    if history.place is None:
        return Met("HANG_KHOI", None, "Thứ hạng trong khối, cụm: chưa xếp được", source)
    says = f"Thứ {history.place} trong khối, cụm, cần đến thứ {rule.place}"
    return Met("HANG_KHOI", history.place <= rule.place, says, source)


def _of_people(heads: Heads | None, rule: UnitTitle) -> Iterator[Met]:
    asked = (rule.done_percent, rule.ldtt_percent, rule.cstdcs or None, rule.warned)
    if heads is None or not heads.members:
        if any(one is not None for one in asked):
            says = "Số người của tập thể: sổ chưa có ai có kết quả năm"
            yield Met("SO_NGUOI", None, says)
        return
    if rule.done_percent is not None:
        yield _share("HOAN_THANH", COMPLETED, heads.completed, heads, rule.done_percent)
    if rule.ldtt_percent is not None:
        yield _share("LDTT", ADVANCED, heads.ldtt, heads, rule.ldtt_percent)
    if rule.cstdcs:
        enough = heads.cstdcs >= rule.cstdcs
        says = f"Chiến sĩ thi đua cơ sở: {heads.cstdcs} người, cần từ {rule.cstdcs}"
        yield Met("CSTDCS", enough or (False if heads.whole else None), says, heads.source)
    if rule.warned is not None:
        within = heads.warned <= rule.warned
        says = f"Bị kỷ luật từ cảnh cáo trở lên: {heads.warned} người, nhiều nhất {rule.warned}"
        yield Met("KY_LUAT", _of_all(within, heads), says, heads.source)


def _share(name: str, says: str, part: int, heads: Heads, wanted: int) -> Met:
    reached = part * 100_00 >= wanted * heads.members  # exact: 69,996% is no 70%
    found = brief(part * 100_00 // heads.members)
    says = f"{says}: {part}/{heads.members} người ({found}%), cần từ {brief(wanted)}%"
    if wanted == 100_00 and not reached:  # one who fails it fails it for the whole unit
        return Met(name, False, says, heads.source)
    return Met(name, _of_all(reached, heads), says, heads.source)


def _of_all(met: bool, heads: Heads) -> bool | None:
    """What the roll alone shows does not decide for the whole unit."""
    return met if heads.whole else None


def unit_titles_from(
    blocks: Sequence[Mapping[str, Any]], usual: TitleRules
) -> tuple[UnitTitle, ...]:
    """The [[unit_title]] blocks of a decision; `as_titles` takes the figures of [titles]. Raises
    TypeError or ValueError for one that makes no sense."""
    names = name_before(blocks)
    return tuple(
        _unit_title({**block, "before_name": names[block["key"]]}, usual) for block in blocks
    )


def _unit_title(block: dict[str, Any], usual: TitleRules) -> UnitTitle:
    if block.pop("as_titles", False):
        better = tuple(Grade)[: tuple(Grade).index(usual.unit_grade) + 1]
        asks = {name: getattr(usual, name) for name in FROM_TITLES}
        return UnitTitle(**{**block, **asks, "grades": better})
    block["grades"] = tuple(map(Grade, block.get("grades", ())))
    for name in ("done_percent", "ldtt_percent"):
        if name in block:
            block[name] = int(block[name]) * 100
    return UnitTitle(**block)
