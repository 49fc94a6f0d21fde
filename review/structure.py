"""What the body of cadres is made of: age, qualification, sex, people, time, posts and their fit.

    tally = structure_of(cadres, on=date(2026, 12, 31), rules=rules.structure)
    tally.ages                     -> {"dưới 40": 61, "40–50": 55, "trên 50": 24}
    tally.fte[Engagement.FULL]     -> 1100 (hundredths of a person)
    (tally_a + tally_b).persons    -> tallies of batches add up

Source: the founding article, third measure (cơ cấu hợp lý về độ tuổi, trình độ, nghiệp vụ).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from review.cadres import Cadre, Engagement, Sex
from review.evidence import Evidence, Measure, decimal, percent, years_old
from review.plan_rules import Requirement, StructureRules

UNKNOWN = "chưa rõ"


@dataclass(frozen=True, slots=True)
class Structure:
    """Counts that add up over batches; `fte` in hundredths of a person."""

    persons: int = 0
    ages: Counter[str] = field(default_factory=Counter)
    levels: Counter[str] = field(default_factory=Counter)
    politics: Counter[str] = field(default_factory=Counter)
    women: int = 0
    young: int = 0
    minority: int = 0
    peoples: Counter[str] = field(default_factory=Counter)
    engagements: Counter[str] = field(default_factory=Counter)
    fte: Counter[str] = field(default_factory=Counter)

    def __add__(self, other: Structure) -> Structure:
        return Structure(
            self.persons + other.persons,
            self.ages + other.ages,
            self.levels + other.levels,
            self.politics + other.politics,
            self.women + other.women,
            self.young + other.young,
            self.minority + other.minority,
            self.peoples + other.peoples,
            self.engagements + other.engagements,
            self.fte + other.fte,
        )

    @property
    def fte_total(self) -> int:
        return sum(self.fte.values())


@dataclass(frozen=True, slots=True)
class Establishment:
    """The posts a unit was given and those that are filled (biên chế giao, có mặt)."""

    unit: str
    given: int
    filled: int
    cell: str = ""
    period: str = ""

    @property
    def vacant(self) -> int:
        return max(0, self.given - self.filled)


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A holder who lacks what the post asks for; unknown is not lacking."""

    cadre: Cadre
    lacks: tuple[str, ...]


def structure_of(cadres: Iterable[Cadre], on: date, rules: StructureRules) -> Structure:
    found = Structure()
    persons = women = young = minority = 0
    for cadre in cadres:
        persons += 1
        women += cadre.sex is Sex.FEMALE
        minority += bool(cadre.ethnicity) and cadre.ethnicity != rules.majority
        age = years_old(cadre.birth, on) if cadre.birth else None
        young += age is not None and age < rules.young_below
        found.ages[band_of(age, rules.age_bands)] += 1
        found.levels[level_of(cadre.education, rules.levels) or UNKNOWN] += 1
        found.politics[level_of(cadre.politics, rules.politics) or UNKNOWN] += 1
        found.peoples[cadre.ethnicity or UNKNOWN] += 1
        found.engagements[cadre.engagement.value] += 1
        found.fte[cadre.engagement.value] += cadre.share
    counted = Structure(persons, women=women, young=young, minority=minority)
    return counted + found


def band_of(age: int | None, bands: tuple[int, ...]) -> str:
    """The band of an age: of (40, 50), up to 39 is below, 40 to 50 between, 51 and more above."""
    if age is None:
        return UNKNOWN
    first, last = bands[0], bands[-1]
    if age < first:
        return f"dưới {first}"
    if age > last:
        return f"trên {last}"
    for low, high in pairwise(bands):
        if age <= high:
            return f"{low}–{high}"
    return f"{first}"


def level_of(text: str, levels: tuple[str, ...]) -> str:
    """The level that a qualification begins with ("Đại học Luật" -> "Đại học"), else ""."""
    said = text.strip().casefold()
    return next((level for level in reversed(levels) if said.startswith(level.casefold())), "")


def mismatches(cadres: Iterable[Cadre], rules: StructureRules) -> tuple[Mismatch, ...]:
    """Whoever holds a post without what it asks for (bố trí chưa đúng năng lực, W11)."""
    asked = {one.role: one for one in rules.requirements}
    found = ((cadre, asked.get(cadre.role)) for cadre in cadres)
    judged = (Mismatch(cadre, lacking(cadre, wants, rules)) for cadre, wants in found if wants)
    return tuple(one for one in judged if one.lacks)


def lacking(cadre: Cadre, wants: Requirement, rules: StructureRules) -> tuple[str, ...]:
    lacks = []
    for what, has, least, ladder in (
        ("trình độ chuyên môn", cadre.education, wants.level, rules.levels),
        ("lý luận chính trị", cadre.politics, wants.politics, rules.politics),
    ):
        level = level_of(has, ladder)
        if least and level and ladder.index(level) < ladder.index(least):
            lacks.append(f"{what} {level}, vị trí cần {least}")
    if wants.certificate and wants.certificate.casefold() not in cadre.certificates.casefold():
        lacks.append(f"chưa có {wants.certificate}")
    return tuple(lacks)


def measures_of(tally: Structure, rules: StructureRules) -> tuple[Measure, ...]:
    """The figures of the structure; each says of how many, and against which least share."""
    return (
        Measure("SO_NGUOI", "Cán bộ làm công tác TĐKT", tally.persons, "người",
                f"{tally.persons} người: {_mix(tally.engagements)}."),
        Measure("FTE", "Thời gian làm TĐKT quy ra người", tally.fte_total, "FTE",
                "Cộng tỷ lệ thời gian: " + "; ".join(
                    f"{Engagement(key).label.lower()} {decimal(value)}"
                    for key, value in sorted(tally.fte.items())) + "."),
        _share("NU", "Tỷ lệ nữ", tally.women, tally.persons, rules.least_women),
        _share("TRE", f"Tỷ lệ dưới {rules.young_below} tuổi", tally.young, tally.persons,
               rules.least_young),
        _share("DTTS", "Tỷ lệ người dân tộc thiểu số", tally.minority, tally.persons,
               rules.least_minority),
        Measure("DO_TUOI", "Cơ cấu độ tuổi", tally.ages[f"trên {rules.age_bands[-1]}"], "người",
                "Theo độ tuổi: " + _counted(tally.ages) + "."),
        Measure("TRINH_DO", "Tháp trình độ",
                tally.persons - tally.levels.get(UNKNOWN, 0), "người",
                "Theo trình độ: " + _counted(tally.levels, rules.levels) + ". Lý luận chính trị: "
                + _counted(tally.politics, rules.politics) + "."),
    )  # fmt: skip


def vacancies(establishments: Iterable[Establishment]) -> Measure:
    """The share of posts given that nobody fills."""
    known = list(establishments)
    given = sum(one.given for one in known)
    vacant = sum(one.vacant for one in known)
    return Measure(
        "TRONG",
        "Tỷ lệ biên chế còn trống",
        percent(vacant, given),
        "%",
        says=f"{vacant} trên {given} biên chế được giao còn trống, ở {len(known)} đơn vị.",
        evidence=tuple(
            Evidence(f"được giao {one.given}, có mặt {one.filled}", one.unit, one.period, one.cell)
            for one in known
            if one.vacant
        ),
        alarm=vacant > 0,
    )


def _share(code: str, label: str, part: int, whole: int, least: int) -> Measure:
    value = percent(part, whole)
    low = bool(least) and value is not None and value < least * 100
    wanted = f"; cần ít nhất {least}%" if least else ""
    return Measure(code, label, value, "%", f"{part} trên {whole} người{wanted}.", alarm=low)


def _mix(engagements: Mapping[str, int]) -> str:
    return ", ".join(
        f"{count} {Engagement(key).label.lower()}" for key, count in sorted(engagements.items())
    )


def _counted(counts: Mapping[str, int], order: tuple[str, ...] = ()) -> str:
    rank = {name: at for at, name in enumerate(order)}
    named = sorted(
        counts.items(), key=lambda pair: (pair[0] == UNKNOWN, rank.get(pair[0], 0), pair[0])
    )
    return "; ".join(f"{name} {count}" for name, count in named)
