"""Short ways to make the values that plans are computed from, and what comes of them.

figures(ground(meetings=[…]), kind=PlanKind.INSPECTION)["KHAC_PHUC_MO"].value
lines(ground(awards=[…]), PlanKind.AWARDS)      -> the lines proposed, by key
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from channels.library import newest_regulation
from channels.plan_shelf import plan_rules_in_force
from review.cadres import Cadre, Engagement, Group, Role, Sex
from review.evidence import Measure
from review.figures import added, counts_of, told
from review.ground import Ground
from review.period import Period
from review.plans import PlanKind, ProposedChange
from review.proposals import FollowedUp, looked_over
from review.reported import Reported
from review.tally import Tally
from review.weighing import Weighing

RULES = plan_rules_in_force("2026-10")
TABLE = newest_regulation().retirement
YEAR_END = date(2026, 12, 31)
TERMS = (Period.parse("2026..2030"), Period.parse("2031..2035"))
SHEETS = (
    *("training", "attention", "outcomes", "programme", "moves", "movements", "reviews", "models"),
    *("awards", "meetings", "inspections", "selfstudy", "setup", "cover", "rating", "succession"),
    *("sources", "skills", "needs", "weaknesses"),
)


def cadre(code: str = "03637-01", **other: Any) -> Cadre:
    usual: dict[str, Any] = {
        "unit": code.partition("-")[0],
        "name": f"Người {code}",
        "birth": date(1985, 4, 1),
        "sex": Sex.MALE,
        "group": Group.CIVIL_SERVANT,
        "engagement": Engagement.CONCURRENT,
        "share": 30,
        "role": Role.STAFF,
        "education": "Đại học Luật",
        "politics": "Trung cấp",
        "ethnicity": "Thái",
        "since": date(2025, 7, 1),
    }
    return Cadre(code=code, **{**usual, **other})


def ground(
    unit: str = "A", period: str = "2026", sheets: Sequence[str] = SHEETS, **values: Any
) -> Ground:
    """A unit's ground: lists of what was reported by their names, the ground's own by theirs."""
    names = {field.name for field in fields(Reported)}
    said = Reported(**{name: list(values.pop(name)) for name in names & set(values)})
    said.sheets = {(unit, sheet) for sheet in sheets}
    cadres = values.pop("cadres", ())
    usual = {"rules": RULES, "retirement": TABLE, "terms": TERMS, "ever": cadres}
    return Ground(unit, Period.parse(period), told=said, cadres=cadres, **{**usual, **values})


def tallies(*grounds: Ground, kind: PlanKind) -> dict[str, Tally]:
    whole: dict[str, Tally] = {}
    for one in grounds:
        added(whole, counts_of(one, [kind]))
    return whole


def figures(
    *grounds: Ground, kind: PlanKind, names: Mapping[str, str] | None = None
) -> dict[str, Measure]:
    """The figures that the sum of these units comes to, by code."""
    own = {one.unit: counts_of(one, [kind]) for one in grounds}
    weighing = Weighing(
        grounds[0].period,
        grounds[0].rules,
        grounds[0].terms,
        names or {},
        lambda unit, code: own.get(unit, {}).get(code),
    )
    found = told(tallies(*grounds, kind=kind), [kind], weighing)
    return {one.code: one for one in found[kind]}


def lines(one: Ground, kind: PlanKind) -> dict[str, ProposedChange]:
    return {change.line.key: change for change in looked_over(one, [kind]).changes}


def outcomes(one: Ground, kind: PlanKind) -> dict[str, FollowedUp]:
    return {seen.line.key: seen for seen in looked_over(one, [kind]).outcomes}
