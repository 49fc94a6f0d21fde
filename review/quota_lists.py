"""The quota on excellent grades, list by list: who is in, who is displaced and why.

    drawn = draw_lists(people, regulation.cap, QuotaSettings(outstanding=("A",)))
    drawn.lists[0].seats                -> 5
    drawn.final["A-07"]                 -> Grade.GOOD, with drawn.why["A-07"]

Each group of similar duties within an agency is cut first, then the agency as a whole on those the
groups leave: so neither limit is ever exceeded. A tie across a cut is left to a person, whose
choice is given back as `choices`. Nothing here is applied before someone approves it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from review.points import brief, shown
from review.quota import (
    SMALL_GROUP,
    Candidate,
    CapReading,
    CapRules,
    Suggestion,
    most_excellent,
    suggest,
)
from review.scorecard import CardStatus, Grade, Scorecard

WAITING = "CON_NGUOI_CHUA_CO_KET_QUA"
WHOLE_ROLL = "TOAN_TINH"
BETTER = (Grade.EXCELLENT, Grade.GOOD)


class Scope(StrEnum):
    """Article 20.5: within each group of similar duties, and within the agency."""

    DUTIES = "nhom"
    AGENCY = "co_quan"

    @property
    def label(self) -> str:
        return {"nhom": "Nhóm nhiệm vụ tương đồng", "co_quan": "Cơ quan, đơn vị"}[self]


@dataclass(frozen=True, slots=True)
class Rated:
    """A person and their result; `duties` the group of similar duties, "" if none is named."""

    card: Scorecard
    duties: str = ""

    @property
    def code(self) -> str:
        return self.card.cadre

    @property
    def excellent(self) -> bool:
        return self.card.status is CardStatus.OK and self.card.grade is Grade.EXCELLENT

    @property
    def candidate(self) -> Candidate:
        return Candidate(self.code, self.card.total or 0, self.card.task_score or 0)


@dataclass(frozen=True, slots=True)
class QuotaSettings:
    """`outstanding` units may go to the higher percent; `merged` joins the small groups of all
    units, and all units, into one list each (an office of two cannot have a fifth of itself)."""

    outstanding: Collection[str] = ()
    merged: bool = False


@dataclass(frozen=True, slots=True)
class QuotaList:
    """One group or agency. `rated` and `good` (good or better) are heads; `percent` hundredths;
    `chosen`, `tied`, `displaced` are codes; `unsettled` those of `chosen` whom someone still
    without a result may yet overtake; `merged_seats` what the list would have if merged."""

    scope: Scope
    name: str
    reading: CapReading
    percent: int
    rated: int
    good: int
    candidates: int
    seats: int
    chosen: tuple[str, ...] = ()
    tied: tuple[str, ...] = ()
    displaced: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    unsettled: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    seats_by_reading: Mapping[str, int] = field(default_factory=dict)

    @property
    def open_seats(self) -> int:
        return self.seats - len(self.chosen)


@dataclass(frozen=True)
class Drawn:
    """All lists under one reading; `excellent` keep their grade, `why` says it of every candidate.
    `ties` are open until a person chooses."""

    reading: CapReading
    lists: tuple[QuotaList, ...]
    excellent: tuple[str, ...]
    ties: tuple[str, ...]
    displaced: tuple[str, ...]
    why: Mapping[str, str]

    @property
    def needs_decision(self) -> bool:
        return bool(self.ties)

    def final(self, card: Scorecard) -> Grade | None:
        """The grade after the quota: whoever is displaced becomes good; the points stay."""
        return Grade.GOOD if card.cadre in self.displaced else card.grade


def draw_lists(
    people: Sequence[Rated],
    rules: CapRules,
    settings: QuotaSettings = QuotaSettings(),
    choices: Collection[str] = (),
) -> Drawn:
    """Both cuts, in order. `choices` are those whom a person preferred in a tie."""
    lists: list[QuotaList] = []
    why: dict[str, str] = {}
    left, tied = {one.code for one in people if one.excellent}, set[str]()
    for scope in Scope:
        for name, members in _groups(scope, people, settings):
            standing = [one for one in members if one.code in left and one.code not in tied]
            drawn = _draw(scope, name, members, standing, rules, settings, choices)
            lists.append(drawn)
            why |= dict(_why(drawn, members, choices))
            left -= set(drawn.displaced)
            tied |= set(drawn.tied)
    out = {one.code for one in people if one.excellent} - left
    names = [tuple(sorted(codes)) for codes in (left - tied, tied, out)]
    return Drawn(rules.reading, tuple(lists), names[0], names[1], names[2], why)


def other_readings(
    people: Sequence[Rated],
    rules: CapRules,
    settings: QuotaSettings = QuotaSettings(),
    choices: Collection[str] = (),
) -> Mapping[CapReading, Drawn]:
    """What the readings not in force would do, to be shown beside."""
    return {
        reading: draw_lists(people, replace(rules, reading=reading), settings, choices)
        for reading in CapReading
        if reading is not rules.reading
    }


def _groups(
    scope: Scope, people: Sequence[Rated], settings: QuotaSettings
) -> Iterator[tuple[str, list[Rated]]]:
    groups: dict[str, list[Rated]] = defaultdict(list)
    for one in people:
        unit = WHOLE_ROLL if settings.merged else one.card.unit
        if scope is Scope.AGENCY:
            groups[unit].append(one)
        elif one.duties:
            groups[f"{unit} · {one.duties}"].append(one)
    yield from sorted(groups.items())


def _draw(
    scope: Scope,
    name: str,
    members: Sequence[Rated],
    standing: Sequence[Rated],
    rules: CapRules,
    settings: QuotaSettings,
    choices: Collection[str],
) -> QuotaList:
    rated = [one for one in members if one.card.status is CardStatus.OK]
    good = [one for one in rated if one.card.grade in BETTER]
    waiting = [one for one in members if one.card.status is CardStatus.INSUFFICIENT]
    outstanding = all(one.card.unit in settings.outstanding for one in members)
    percent = rules.outstanding if outstanding else rules.percent
    seats = {r: most_excellent(r, percent, len(good), len(rated)) for r in CapReading}
    cut = suggest([one.candidate for one in standing], seats[rules.reading])
    cut = chosen_in_tie(cut, seats[rules.reading], choices)
    likely = max((one.card.bounds[1] for one in waiting), default=-1)
    totals = {one.code: one.card.total or 0 for one in standing}
    small = bool(good) and not seats[rules.reading]
    return QuotaList(
        scope=scope,
        name=name,
        reading=rules.reading,
        percent=percent,
        rated=len(rated),
        good=len(good),
        candidates=len(standing),
        seats=seats[rules.reading],
        chosen=cut.chosen,
        tied=cut.tied,
        displaced=cut.displaced,
        waiting=tuple(one.code for one in waiting),
        unsettled=tuple(code for code in cut.chosen if totals[code] <= likely),
        flags=((SMALL_GROUP,) if small else ()) + ((WAITING,) if waiting else ()),
        seats_by_reading={reading.value: most for reading, most in seats.items()},
    )


def chosen_in_tie(cut: Suggestion, seats: int, choices: Collection[str]) -> Suggestion:
    """The tie as a person broke it; still open while they named more than fit, or fewer."""
    named = tuple(code for code in cut.tied if code in choices)
    if not named or len(named) != seats - len(cut.chosen):
        return cut
    others = tuple(code for code in cut.tied if code not in choices)
    return Suggestion((*cut.chosen, *named), (), (*others, *cut.displaced))


def _why(
    drawn: QuotaList, members: Sequence[Rated], choices: Collection[str]
) -> Iterator[tuple[str, str]]:
    totals = {one.code: one.card.total or 0 for one in members}
    limit = f"chỉ tiêu {drawn.seats} ({_basis(drawn)}) của {drawn.name}"
    for place, code in enumerate(drawn.chosen, 1):
        by = "; chọn theo quyết định khi bằng điểm" if code in choices else ""
        yield code, f"{shown(totals[code])} điểm, thứ {place} trong {limit}{by}."
    for code in drawn.tied:
        others = ", ".join(other for other in drawn.tied if other != code)
        yield (
            code,
            f"{shown(totals[code])} điểm, bằng {others} ở vạch cắt; còn {drawn.open_seats} chỗ "
            f"trong {limit}: người có thẩm quyền quyết định.",
        )
    for code in drawn.displaced:
        yield code, f"{shown(totals[code])} điểm, ngoài {limit}: xếp “hoàn thành tốt nhiệm vụ”."


def _basis(drawn: QuotaList) -> str:
    base = {
        CapReading.GOOD_ONLY: f"số xếp “tốt” trong {drawn.good} người từ tốt trở lên",
        CapReading.GOOD_OR_BETTER: f"{drawn.good} người từ tốt trở lên",
        CapReading.ALL_RATED: f"{drawn.rated} người được xếp loại",
    }[drawn.reading]
    return f"{brief(drawn.percent)}% {base}"
