"""Each proposal of a title, with every condition met, not met, or not known, and its source.

for met in conditions_of(nominee, history, 2026, rules): print(met.says, met.source)
-> Xếp loại năm 2026: hoàn thành tốt nhiệm vụ — kết quả đã phê duyệt

Proposals, never decisions: what the book does not know is said to be unknown, not guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from review.scorecard import Grade
from review.titles import most_cstdcs


@dataclass(frozen=True, slots=True)
class PersonTitle:
    """What a person's title asks: a grade of the year among `grades`, an initiative, and another
    title in each of the `years` before (0: none)."""

    key: str
    name: str
    grades: tuple[Grade, ...]
    initiative: bool = False
    before: str = ""
    years: int = 0
    article: str = ""
    before_name: str = ""


@dataclass(frozen=True, slots=True)
class Nominee:
    unit: str
    cadre: str
    name: str
    title: str
    initiative: str = ""
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class History:
    """By year: the grade with where it is known from, and the titles with the document that says
    so ("" where it was only proposed)."""

    grades: Mapping[int, tuple[Grade, str]] = field(default_factory=dict)
    titles: Mapping[int, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Met:
    """`met` None: the book cannot say."""

    name: str
    met: bool | None
    says: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class TitleCase:
    nominee: Nominee
    conditions: tuple[Met, ...]

    @property
    def eligible(self) -> bool | None:
        """True when all are met, False when one is not, None while something is not known."""
        found = [condition.met for condition in self.conditions]
        if False in found:
            return False
        return None if None in found else True


def conditions_of(
    nominee: Nominee, history: History, year: int, rule: PersonTitle
) -> Iterator[Met]:
    yield _grade_of_year(history, year, rule)
    if rule.initiative:
        given = nominee.initiative.strip()
        says = f"Sáng kiến được công nhận: {given or 'chưa ghi số quyết định'}"
        yield Met("SANG_KIEN", bool(given), says, ", ".join(nominee.cells))
    for back in range(1, rule.years + 1):
        yield title_before(history, year - back, rule.before, rule.before_name)


def _grade_of_year(history: History, year: int, rule: PersonTitle) -> Met:
    if year not in history.grades:
        return Met("XEP_LOAI", None, f"Xếp loại năm {year}: chưa có kết quả", "sổ")
    grade, source = history.grades[year]
    return Met(
        "XEP_LOAI", grade in rule.grades, f"Xếp loại năm {year}: {grade.label.lower()}", source
    )


def title_before(history: History, year: int, before: str, name: str) -> Met:
    """Whether a title was held in a year: known by its decision, else only proposed, or not at
    all."""
    held = history.titles.get(year, {})
    says = f"{name} năm {year}"
    if before not in held:
        return Met("DANH_HIEU_TRUOC", None, f"{says}: sổ chưa có, cần quyết định kèm theo")
    document = held[before]
    if not document:
        return Met("DANH_HIEU_TRUOC", None, f"{says}: mới có đề nghị, chưa rõ đã được tặng")
    return Met("DANH_HIEU_TRUOC", True, says, document)


def over_quota(cases: Sequence[TitleCase], percent: int) -> dict[str, tuple[int, int]]:
    """By unit with too many: how many are proposed for chiến sĩ thi đua cơ sở, and how many of its
    lao động tiên tiến allow (percent in hundredths)."""
    found = {}
    for unit in sorted({case.nominee.unit for case in cases}):
        mine = [
            c.nominee.title for c in cases if c.nominee.unit == unit and c.eligible is not False
        ]
        advanced, fighters = mine.count("ldtt"), mine.count("cstdcs")
        seats = most_cstdcs(advanced, percent)
        if fighters > seats:
            found[unit] = (fighters, seats)
    return found


def titles_from(blocks: Sequence[Mapping[str, Any]]) -> tuple[PersonTitle, ...]:
    """The [[person_title]] blocks of a decision. Raises ValueError for one that makes no sense."""
    names = name_before(blocks)
    return tuple(
        PersonTitle(
            **{
                **block,
                "grades": tuple(map(Grade, block["grades"])),
                "before_name": names[block["key"]],
            }
        )
        for block in blocks
    )


def name_before(blocks: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """By key of a title, what the title it asks before is called. Raises ValueError for one that no
    block has."""
    names = {"": "", **{block["key"]: block["name"] for block in blocks}}
    asked = {block["key"]: block.get("before", "") for block in blocks}
    if strange := sorted(set(asked.values()) - set(names)):
        raise ValueError(f"before: không có danh hiệu {', '.join(strange)}")
    return {key: names[before] for key, before in asked.items()}
