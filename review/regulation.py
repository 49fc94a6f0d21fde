"""What the decision in force says: points, grades, quota, catalogue, forms. Data, not code.

    regulation = regulation_from(tomllib.loads(text), forms, rubrics)
    regulation.grades.grade_of(9047)            -> Grade.EXCELLENT
    regulation.works_by_code["KT01"].coef       -> 50       (0,5)
    regulation.route(Group.PUBLIC_EMPLOYEE)     -> "Nghị định 233/2026/NĐ-CP": not scored here

Every fact that the sources leave open is a setting of `decision.toml`, with how sure it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

from review.approval import Stage
from review.brief import WorkType
from review.cadres import Group
from review.check_rules import USUAL, CheckRules, check_rules
from review.clusters import LateRule
from review.findings import Severity
from review.form import Form
from review.forms_in_force import FormsInForce
from review.insight_rules import InsightRules, rules_from
from review.leading import DRule
from review.period import Cadence
from review.points import hundredths
from review.quota import CapReading, CapRules
from review.rater_rules import RaterRules, raters_from
from review.retirement import RetirementTable, table_from
from review.rubric import Rubric, RubricError
from review.scorecard import Grade
from review.thresholds import Thresholds
from review.title_cases import PersonTitle, titles_from
from review.titles import TitleRules
from review.unit_titles import UnitTitle, unit_titles_from
from review.year import LongLeave, YearRule, YearRules


class RegulationError(ValueError):
    """The decision's data lacks something or contradicts itself; Vietnamese, with the figure."""


@dataclass(frozen=True, slots=True)
class PointRules:
    """How a month is scored (Decree 335/2025, Articles 12–16).

    `general_max`, `results_max`, `self_gap` in hundredths of a point; `fault_step`, `fault_floor`,
    and `leader_values` in whole percent. `cap_per_line` caps each line at what was assigned
    instead of the sum. `require_proof`: an excuse counts only with a confirmation. `leader_d`:
    whether a leader's d follows from the results of the people managed or is as reported.
    """

    general_max: int
    results_max: int
    fault_step: int
    fault_floor: int
    cap_per_line: bool
    leader_values: tuple[int, ...]
    self_gap: int
    require_proof: bool
    leader_d: DRule = DRule.REPORTED

    def factor(self, times: int) -> int:
        """The percent of a product that is left after so many faults (or delays)."""
        return max(self.fault_floor, 100 - self.fault_step * times)


@dataclass(frozen=True, slots=True)
class Disqualifier:
    """What makes the grade KHTNV whatever the points (Article 20.4). `event` is the form's key,
    `codes` the names used in `tdkt calc`, the first being its own."""

    event: str
    codes: tuple[str, ...]
    says: str
    article: str
    leaders_only: bool = False


@dataclass(frozen=True)
class Regulation(FormsInForce):
    """One decision, in force for periods from `since` on. `forms` by cadence, `rubrics` by name;
    `scored` and `routed` tell by whose rules each group is scored; `severities` overrides
    the checks' own; `digest` is another for every change of a word of it; `drafts`
    are forms not in force yet, by cadence."""

    code: str
    since: date
    title: str
    points: PointRules
    grades: Thresholds
    agency_grades: Thresholds
    cap: CapRules
    year: YearRules
    head_not_above_unit: bool
    scored: Mapping[Group, str]
    routed: Mapping[Group, str]
    disqualifiers: tuple[Disqualifier, ...]
    leave: Mapping[str, str]
    articles: Mapping[str, str]
    works: tuple[WorkType, ...]
    severities: Mapping[str, Severity]
    late_report: LateRule
    titles: TitleRules
    retirement: RetirementTable
    approval: Mapping[str, tuple[Stage, ...]] = field(default_factory=dict)
    insight: InsightRules = field(default_factory=InsightRules)
    person_titles: tuple[PersonTitle, ...] = ()
    unit_titles: tuple[UnitTitle, ...] = ()
    raters: RaterRules = field(default_factory=RaterRules)
    checks: CheckRules = USUAL
    forms: Mapping[str, Form] = field(default_factory=dict)
    rubrics: Mapping[str, Rubric] = field(default_factory=dict)
    digest: str = ""
    drafts: Mapping[str, Form] = field(default_factory=dict)

    @cached_property
    def works_by_code(self) -> Mapping[str, WorkType]:
        return {work.code: work for work in self.works}

    @cached_property
    def disqualifying_events(self) -> Mapping[str, Disqualifier]:
        return {rule.event: rule for rule in self.disqualifiers}

    def approval_of(self, cadence: str) -> tuple[Stage, ...]:
        """Whose approval a result of that cadence needs, in order."""
        return self.approval.get(cadence, (Stage.OFFICE,))

    @property
    def title_names(self) -> dict[str, str]:
        """What titles of persons and units are called, by key."""
        names = {one.key: one.name for one in self.person_titles}
        return names | {one.key: one.name for one in self.unit_titles}

    def scores(self, group: Group) -> bool:
        return group in self.scored

    def route(self, group: Group) -> str:
        """The regulation by which a group is scored; ours or another's."""
        return self.scored.get(group) or self.routed[group]

    def severity(self, check: str, usual: Severity) -> Severity:
        """A check's severity: what the regulation says, else the usual one."""
        return self.severities.get(check, usual)

    def disqualifier(self, code: str) -> Disqualifier | None:
        """By any of its codes or the form's key."""
        wanted = code.strip().upper()
        return next(
            (r for r in self.disqualifiers if wanted in r.codes or wanted == r.event.upper()), None
        )


def regulation_from(
    data: Mapping[str, Any],
    forms: Mapping[str, Form],
    rubrics: Mapping[str, Rubric],
    digest: str = "",
) -> Regulation:
    """The regulation of a parsed decision.toml with its forms (by cadence) and rubrics (by name);
    `digest` of the texts they were read from.

    Raises RegulationError when a block or key is missing, a value makes no sense, or parts do not
    add up to what is stated.
    """
    try:
        regulation = replace(_built(data, forms, rubrics), digest=digest)
        _refuse_contradictions(regulation)
    except KeyError as wrong:
        raise RegulationError(f"decision.toml thiếu mục {wrong}") from wrong
    except RegulationError:
        raise
    except (ValueError, TypeError, AttributeError) as wrong:
        raise RegulationError(f"decision.toml: {wrong}") from wrong
    return regulation


def _built(
    data: Mapping[str, Any], forms: Mapping[str, Form], rubrics: Mapping[str, Rubric]
) -> Regulation:
    points = _points(data["points"])
    checks = check_rules(data.get("checks", {}), points.self_gap)
    return Regulation(
        code=data["code"],
        since=data["since"],
        title=data["title"],
        points=points,
        grades=_thresholds(data["grades"]),
        agency_grades=_thresholds(data["agency_grades"]),
        cap=_cap(data["cap"]),
        year=_year(data["year"]),
        head_not_above_unit=data["year"]["head_not_above_unit"],
        scored={Group(group): name for group, name in data["scored"].items()},
        routed={Group(group): name for group, name in data["routed"].items()},
        disqualifiers=tuple(_disqualifier(block) for block in data["disqualifier"]),
        leave=dict(data["leave"]),
        articles=dict(data["articles"]),
        works=tuple(_work(block) for block in data["work"]),
        severities={check: Severity(level) for check, level in data.get("severity", {}).items()},
        late_report=_late(data["cluster"]),
        titles=_titles(data["titles"]),
        retirement=table_from(data["retirement"]),
        insight=rules_from(data.get("insight", {})),
        raters=raters_from(data.get("raters", {})),
        person_titles=titles_from(data.get("person_title", [])),
        unit_titles=unit_titles_from(data.get("unit_title", []), _titles(data["titles"])),
        approval={
            Cadence(cadence): tuple(map(Stage, stages))
            for cadence, stages in data.get("approval", {}).items()
        },
        checks=checks,
        forms={cadence: replace(form, rules=checks) for cadence, form in forms.items()},
        rubrics=dict(rubrics),
    )


def _points(block: Mapping[str, Any]) -> PointRules:
    return PointRules(
        general_max=hundredths(block["general_max"]),
        results_max=hundredths(block["results_max"]),
        fault_step=block["fault_step"],
        fault_floor=block["fault_floor"],
        cap_per_line=block["cap_per_line"],
        leader_values=tuple(block["leader_values"]),
        self_gap=hundredths(block["self_gap"]),
        require_proof=block["require_proof"],
        leader_d=DRule(block.get("leader_d", DRule.REPORTED)),
    )


def _thresholds(block: Mapping[str, Any]) -> Thresholds:
    return Thresholds(*(hundredths(block[g]) for g in (Grade.EXCELLENT, Grade.GOOD, Grade.DONE)))


def _cap(block: Mapping[str, Any]) -> CapRules:
    return CapRules(
        CapReading(block["denominator"]),
        hundredths(block["percent"]),
        hundredths(block["outstanding_percent"]),
        tuple(map(Cadence, block.get("applies", ["year"]))),
    )


def _year(block: Mapping[str, Any]) -> YearRules:
    return YearRules(
        YearRule(block["rule"]),
        tuple(block["maternity_blank_months"]),
        block["old_rule_leave_months"],
        block["old_rule_least_months"],
        LongLeave(block.get("long_leave", LongLeave.ACTUAL_TIME)),
    )


def _disqualifier(block: Mapping[str, Any]) -> Disqualifier:
    return Disqualifier(**{**block, "codes": tuple(block["codes"])})


def _work(block: Mapping[str, Any]) -> WorkType:
    return WorkType(block["code"], block["name"], hundredths(block["coef"]))


def _late(block: Mapping[str, Any]) -> LateRule:
    return LateRule(hundredths(block["late_per_day"]), hundredths(block["late_max"]))


def _titles(block: Mapping[str, Any]) -> TitleRules:
    return TitleRules(
        unit_grade=Grade(block["collective_unit_grade"]),
        done_percent=hundredths(block["collective_done_percent"]),
        ldtt_percent=hundredths(block["collective_ldtt_percent"]),
        cstdcs=block["collective_cstdcs"],
        warned=block["collective_warned"],
        cstdcs_percent=hundredths(block["cstdcs_percent"]),
        article=block["article"],
    )


def _refuse_contradictions(regulation: Regulation) -> None:
    if not isinstance(regulation.since, date):
        raise RegulationError(f"since = “{regulation.since}” phải là ngày, ví dụ 2026-01-01")
    points, grades = regulation.points, regulation.grades
    whole = points.general_max + points.results_max
    if whole != 100_00:
        raise RegulationError(f"tiêu chí chung và kết quả cộng lại {whole / 100:g}, không phải 100")
    if not grades.excellent > grades.good > grades.done > 0:
        raise RegulationError("ngưỡng xếp loại phải giảm dần: HTXSNV > HTTNV > HTNV > 0")
    for group in Group:
        if (group in regulation.scored) == (group in regulation.routed):
            raise RegulationError(f"nhóm “{group.label}” phải ở đúng một trong [scored], [routed]")
    codes = [work.code for work in regulation.works]
    if twice := {code for code in codes if codes.count(code) > 1}:
        raise RegulationError(f"danh mục sản phẩm trùng mã: {', '.join(sorted(twice))}")
    _refuse_unlike_rubrics(regulation)


def _refuse_unlike_rubrics(regulation: Regulation) -> None:
    if "month" not in regulation.rubrics:
        raise RegulationError("thiếu rubrics/month.toml (tiêu chí chung của mẫu số 01)")
    rubric, form = regulation.general, regulation.forms.get("month")
    if rubric.most != regulation.points.general_max:
        raise RegulationError(
            f"rubrics/month.toml cộng thành {rubric.most / 100:g} điểm, decision.toml ghi "
            f"general_max = {regulation.points.general_max / 100:g}"
        )
    columns = form.sheet(rubric.sheet).columns if form else rubric.fields
    if missing := [name for name in rubric.fields if name not in columns]:
        raise RegulationError(f"mẫu tháng thiếu cột của tiêu chí: {', '.join(missing)}")


__all__ = [
    "Disqualifier",
    "PointRules",
    "Regulation",
    "RegulationError",
    "RubricError",
    "regulation_from",
]
