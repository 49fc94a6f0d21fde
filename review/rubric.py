"""The general criteria as a decision gives them: groups, criteria, the most each may bring.

    rubric = rubric_from(tomllib.loads(text))
    rubric.criterion("c1").most         -> 500      (5 points)

A rubric whose parts do not add up is refused, with the figure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import Any

from review.points import hundredths, shown

# Who marked a row of form 01, as the form keys it; a direct manager's marks only stand beside.
SELF, MANAGER, AUTHORITY = "tu_cham", "quan_ly", "tham_quyen"
FROM_SLIPS = "slips"  # the table in which raters' opened slips are laid beside a report's own rows


class RubricError(ValueError):
    """The rubric contradicts itself; the message is Vietnamese and gives the figure."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One line of form 01. `field` is its column in the form; `most` hundredths of a point."""

    code: str
    field: str
    name: str
    most: int
    article: str = ""


@dataclass(frozen=True)
class Rubric:
    """`sheet` is the key of the form's sheet in which its criteria are scored. What was
    worded of its criteria is looked up by it for every person: its hash is of its key alone."""

    key: str
    title: str
    sheet: str
    most: int
    criteria: tuple[Criterion, ...]

    def __hash__(self) -> int:
        return hash(self.key)

    @cached_property
    def fields(self) -> tuple[str, ...]:
        return tuple(criterion.field for criterion in self.criteria)

    @cached_property
    def bounds(self) -> tuple[int, ...]:
        return tuple(criterion.most for criterion in self.criteria)

    @cached_property
    def marks_of(self) -> Callable[[object], tuple[int | None, ...]]:
        """Takes the marks of a row, in the order of the criteria."""
        if len(self.fields) == 1:
            return lambda row: (getattr(row, self.fields[0]),)
        return attrgetter(*self.fields)

    def criterion(self, field: str) -> Criterion:
        return self.criteria[self.fields.index(field)]


def rubric_from(data: Mapping[str, Any]) -> Rubric:
    """The rubric of a parsed TOML. Raises RubricError (parts that do not add up, a field twice)."""
    title, most = data["title"], hundredths(data["max"])
    groups = data["group"]
    criteria = tuple(criterion for group in groups for criterion in _criteria_of(group))
    _must_add_up(title, sum(hundredths(group["max"]) for group in groups), most)
    rubric = Rubric(data["rubric"], title, data["sheet"], most, criteria)
    if len(set(rubric.fields)) != len(rubric.fields):
        raise RubricError(f"“{title}”: có hai tiêu chí dùng chung một cột")
    return rubric


def _criteria_of(group: Mapping[str, Any]) -> tuple[Criterion, ...]:
    article = group.get("article", "")
    criteria = tuple(
        Criterion(line["code"], line["field"], line["name"], hundredths(line["max"]), article)
        for line in group["criterion"]
    )
    total = sum(criterion.most for criterion in criteria)
    _must_add_up(f"nhóm {group['code']}", total, hundredths(group["max"]))
    return criteria


def _must_add_up(name: str, found: int, wanted: int) -> None:
    if found != wanted:
        raise RubricError(
            f"“{name}”: các phần cộng lại {shown(found)} điểm, tổng ghi là {shown(wanted)}"
        )
