"""What the body of cadres is made of: age, qualification, sex, people, time, posts and their fit.

    counts = structure_of(cadres, on=date(2026, 12, 31), rules=rules.structure)
    counts["persons"], counts["age:dưới 40"]      -> 140, 61
    counts["fte:chuyen_trach"]                    -> 1100 (hundredths of a person)

Source: the founding article, third measure (cơ cấu hợp lý về độ tuổi, trình độ, nghiệp vụ).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from review.cadres import Cadre, Sex
from review.evidence import years_old
from review.plan_rules import Requirement, StructureRules

UNKNOWN = "chưa rõ"


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
class Skill:
    """What a unit says of one cadre's certificates and of whether they fit the post; `fits` is the
    form's key, "" where the unit says nothing."""

    unit: str
    cadre: str
    administration: str = ""
    informatics: str = ""
    language: str = ""
    certificates: str = ""
    wanted: str = ""
    fits: str = ""
    cell: str = ""
    period: str = ""


@dataclass(frozen=True, slots=True)
class Demand:
    """What a unit needs of one kind of post in the next term, and how many are ready for it."""

    unit: str
    post: str
    present: int
    retiring: int
    leaving: int
    needed: int
    ready: int
    plan: str = ""
    cell: str = ""
    period: str = ""

    @property
    def short(self) -> int:
        """How many posts nobody is in sight for: those who stay and those who are ready count."""
        staying = max(0, self.present - self.retiring - self.leaving)
        return max(0, self.needed - staying - self.ready)


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A holder who lacks what the post asks for, by the roster or by the unit's own word; unknown
    is not lacking."""

    cadre: Cadre
    lacks: tuple[str, ...]
    told: Skill | None = None


def structure_of(cadres: Iterable[Cadre], on: date, rules: StructureRules) -> Counter[str]:
    """Counts by name: persons, women, young, minority, and of each age band, level and so on."""
    found: Counter[str] = Counter()
    for cadre in cadres:
        age = years_old(cadre.birth, on) if cadre.birth else None
        found["persons"] += 1
        found["women"] += cadre.sex is Sex.FEMALE
        found["minority"] += bool(cadre.ethnicity) and cadre.ethnicity != rules.majority
        found["young"] += age is not None and age < rules.young_below
        found[f"age:{band_of(age, rules.age_bands)}"] += 1
        found[f"level:{level_of(cadre.education, rules.levels) or UNKNOWN}"] += 1
        found[f"politics:{level_of(cadre.politics, rules.politics) or UNKNOWN}"] += 1
        found[f"people:{cadre.ethnicity or UNKNOWN}"] += 1
        found[f"engaged:{cadre.engagement.value}"] += 1
        found[f"fte:{cadre.engagement.value}"] += cadre.share
    return found


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


def mismatches(
    cadres: Iterable[Cadre], rules: StructureRules, skills: Iterable[Skill] = ()
) -> tuple[Mismatch, ...]:
    """Whoever holds a post without what it asks for (bố trí chưa đúng năng lực, W11)."""
    asked = {one.role: one for one in rules.requirements}
    told = {skill.cadre: skill for skill in skills if skill.fits == "khong"}
    found = []
    for cadre in cadres:
        wants, said = asked.get(cadre.role), told.get(cadre.code)
        lacks = lacking(cadre, wants, rules) if wants else ()
        if said is not None:
            lacks = (*lacks, f"đơn vị thấy chưa đáp ứng: {said.wanted or 'yêu cầu của vị trí'}")
        if lacks:
            found.append(Mismatch(cadre, lacks, said))
    return tuple(found)


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
