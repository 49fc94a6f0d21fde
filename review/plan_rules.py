"""The thresholds by which results become plans: data of a regulation, each with how sure it is.

    rules = plan_rules_from({"rotation": {"early_months": 24, …}, …})
    rules.rotation.late_months      -> 60

Every number stands in `regulations/<month>/plans/<noun>.toml`; none stands in code.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from review.period import Cadence


class PlanRulesError(ValueError):
    """A file of thresholds lacks a key, has one too many, or holds a figure that makes no sense."""


@dataclass(frozen=True, slots=True)
class ForecastRules:
    """`interval` is the whole percent that a range covers; `prior_exits` and `prior_months` what is
    believed of attrition before anything was seen; `moves_happen` the percent of announced moves
    that come about."""

    horizons: tuple[int, ...]
    interval: int
    draws: int
    seed: int
    prior_exits: float
    prior_months: int
    moves_happen: int
    key_roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a post asks of its holder; `level` and `politics` are names of the lists."""

    role: str
    level: str
    politics: str
    certificate: str = ""


@dataclass(frozen=True, slots=True)
class StructureRules:
    """`age_bands` are the first ages of the second, third … band; `levels` and `politics` go from
    low to high, each known by how its text begins; least shares in whole percent, 0: no limit."""

    age_bands: tuple[int, ...]
    young_below: int
    levels: tuple[str, ...]
    politics: tuple[str, ...]
    majority: str
    least_women: int
    least_young: int
    least_minority: int
    least_fte: int
    requirements: tuple[Requirement, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """A line of the catalogue of classes. `criteria` and `works` say which low criterion and which
    faulty product it answers; `readiness` that it prepares for the next post; `kinds` which kind of
    the report's sheet it stands for where the unit names no course."""

    code: str
    name: str
    hours: int
    form: str
    criteria: tuple[str, ...] = ()
    works: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    law: bool = False
    readiness: bool = False
    hours_only: bool = False


@dataclass(frozen=True, slots=True)
class TrainingRules:
    """Hours are lessons (tiết); costs đồng a lesson and person, by form of training."""

    min_hours_year: int
    min_hours_status: str
    most_hours_day: int
    one_form_percent: int
    low_criterion_percent: int
    faults_make_need: int
    overdue_months: int
    law_days: int
    law_least_percent: int
    forms: Mapping[str, str]
    cost: Mapping[str, int]
    courses: tuple[Course, ...]

    def course(self, code: str, kind: str = "") -> Course | None:
        """By its code, else the one that stands for a kind of the report's sheet."""
        by_code = (course for course in self.courses if course.code == code)
        by_kind = (course for course in self.courses if kind and kind in course.kinds)
        return next(by_code, None) or (None if code else next(by_kind, None))


@dataclass(frozen=True, slots=True)
class SuccessionRules:
    max_candidates: int
    max_posts: int
    least_candidates: int
    gap_months: int
    review_months: int
    least_women: int
    least_young: int
    young_below: int
    least_minority: int
    source_months: int
    least_source_percent: int
    keep_grades: tuple[str, ...]
    ready: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RotationRules:
    early_months: int
    late_months: int
    exempt_before_retirement: int
    most_turnover_percent: int


@dataclass(frozen=True, slots=True)
class MovementRules:
    interim_months: int
    final_days: int
    gap_percent: int
    least_participation: int
    most_spread: int
    least_measurable: int
    foster_months: int
    spread_months: int


@dataclass(frozen=True, slots=True)
class AwardRules:
    pay_days: int
    most_unpaid_percent: int
    least_direct_percent: int
    least_traced_percent: int


@dataclass(frozen=True, slots=True)
class OversightRules:
    """Inspections, cases, self-criticism, and corrections; all limits in days."""

    case_days: int
    remedy_days: int
    correction_days: int
    repeats: int
    least_plan_percent: int
    least_reviewed_percent: int
    self_study_percent: int
    least_conduct_percent: int


@dataclass(frozen=True, slots=True)
class AttentionRules:
    zero_quarters: int
    late_months: int
    nil_months: int


@dataclass(frozen=True, slots=True)
class ProgrammeRules:
    least_traced_percent: int
    least_concrete_percent: int
    most_carried: int
    most_carry_percent: int
    most_returned_percent: int


@dataclass(frozen=True, slots=True)
class LegalText:
    """A text on emulation that cadres must know, from the day it applies."""

    code: str
    name: str
    since: date


@dataclass(frozen=True, slots=True)
class PlanRules:
    """`kinds` says which plans a review of each cadence proposes changes to."""

    kinds: Mapping[Cadence, tuple[str, ...]]
    forecast: ForecastRules
    structure: StructureRules
    training: TrainingRules
    succession: SuccessionRules
    rotation: RotationRules
    movements: MovementRules
    awards: AwardRules
    oversight: OversightRules
    attention: AttentionRules
    programme: ProgrammeRules
    texts: tuple[LegalText, ...] = ()


def plan_rules_from(data: Mapping[str, Mapping[str, Any]]) -> PlanRules:
    """The rules of parsed files, by file name. Raises PlanRulesError."""
    try:
        return PlanRules(
            kinds={Cadence(name): tuple(some) for name, some in data["kinds"].items()},
            texts=_listed(LegalText, data["texts"].get("text", ()), "texts"),
            **{name: _file(shape, data[name], name) for name, shape in FILES.items()},
        )
    except KeyError as wrong:
        raise PlanRulesError(f"thiếu mục {wrong}") from wrong


FILES: Mapping[str, type] = {
    "forecast": ForecastRules,
    "structure": StructureRules,
    "training": TrainingRules,
    "succession": SuccessionRules,
    "rotation": RotationRules,
    "movements": MovementRules,
    "awards": AwardRules,
    "oversight": OversightRules,
    "attention": AttentionRules,
    "programme": ProgrammeRules,
}
LISTS: Mapping[str, tuple[str, type]] = {
    "requirement": ("requirements", Requirement),
    "course": ("courses", Course),
}


def _file(shape: type, block: Mapping[str, Any], file: str) -> Any:
    """One file; its [[lists]] become tuples of their own shape."""
    values = dict(block)
    for name, (field, of) in LISTS.items():
        if name in values:
            values[field] = _listed(of, values.pop(name), file)
    return _shaped(shape, values, file)


def _listed(shape: type, blocks: Iterable[Mapping[str, Any]], file: str) -> tuple[Any, ...]:
    return tuple(_shaped(shape, block, file) for block in blocks)


def _shaped(shape: type, block: Mapping[str, Any], file: str) -> Any:
    known = {field.name for field in fields(shape)}
    if extra := set(block) - known:
        raise PlanRulesError(f"plans/{file}.toml không có mục “{min(extra)}”")
    values = {name: tuple(v) if isinstance(v, list) else v for name, v in block.items()}
    if wrong := [n for n, v in values.items() if isinstance(v, int | float) and v < 0]:
        raise PlanRulesError(f"plans/{file}.toml: {wrong[0]} không được âm")
    try:
        return shape(**values)
    except TypeError as missing:
        raise PlanRulesError(f"plans/{file}.toml thiếu mục: {missing}") from missing
