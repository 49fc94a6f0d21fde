"""The letters that tell a decision: what became of an appeal, and what was decided on a plan.

    appeal_outcome(office, unit, cadre, case)          .person  -> "03637-01/kn-3"
    plan_decisions(office, units, cadres, changes, decision)    one letter a unit and period

Each tells one decision and corrects no other, so each has a key of its own. Who opened or decided
an appeal is not named: the office answers, and the reader may not know of that person.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from review.appeals import Appeal, CaseKind, CaseState
from review.cadres import Cadre
from review.letter_rows import iso, person_block, plain
from review.letterhead import letterhead
from review.period import Period
from review.plans import Decision, PlanLine, ProposedChange
from review.post import ABOUT, Letter, LetterKind
from review.scorecard import Grade
from review.settings import Settings
from review.units import Unit

MOST_LINES = 25


def appeal_outcome(
    office: Settings,
    unit: Unit,
    cadre: Cadre,
    case: Appeal,
    *,
    annex: Mapping[str, Any] | None = None,
) -> Letter:
    """The answer to a decided case, for the person it is about. The grounds of a correction and
    the note tell figures, so they stand only where figures may. Raises ValueError for a case that
    is somebody else's or still open."""
    if case.cadre != cadre.code or case.state is CaseState.OPEN:
        raise ValueError(f"case {case.id} is {case.state} and of {case.cadre}, not {cadre.code}")
    level = office.content_of(LetterKind.APPEAL_OUTCOME)
    told = level == "scores"
    payload = {
        **letterhead(office, case.period),
        "cadre": person_block(cadre, office.honorific),
        "unit": {"code": unit.code, "name": plain(unit.name, 120)},
        "level": level,
        "number": case.id,
        "asked": case.kind is CaseKind.APPEAL,
        "upheld": (case.state is CaseState.UPHELD) if told else None,
        "grounds": plain(case.grounds) if told or case.kind is CaseKind.APPEAL else "",
        "note": plain(case.note) if told else "",
        "opened_at": case.at.astimezone(office.zone).isoformat(timespec="minutes")
        if case.at
        else None,
        "before": _result(case, 0) if told else None,
        "after": _result(case, 1) if told else None,
        "restated": [Period.parse(text).label for text in case.outcome.get("restated", ())],
        **({"annex": dict(annex)} if annex and level == "encrypted" else {}),
    }
    person = f"{cadre.code}{ABOUT}kn-{case.id}"
    kind = LetterKind.APPEAL_OUTCOME
    return Letter(case.period, kind, person, cadre.email, (cadre.code,), payload)


def _result(case: Appeal, at: int) -> dict[str, Any]:
    """What it was (0) or is now (1), as the outcome of the case has it."""
    grade = case.outcome["grade"][at]
    return {"total": case.outcome["total"][at], "grade_label": Grade(grade).label if grade else ""}


def plan_decisions(
    office: Settings,
    units: Mapping[str, Unit],
    cadres: Mapping[str, Cadre],
    changes: Sequence[ProposedChange],
    decision: Decision,
) -> Iterator[Letter]:
    """What was decided on the plans of each unit, one letter a plan and period; the province's own
    lines are the office's own business and are told to nobody."""
    groups: defaultdict[tuple[str, str, str], list[ProposedChange]] = defaultdict(list)
    for change in changes:
        if change.line.unit in units:
            line = change.line
            groups[line.unit, line.period, line.kind.value].append(change)
    for (unit, period, _), those in sorted(groups.items()):
        yield _plan_decision(office, units[unit], period, those, decision, cadres)


def _plan_decision(
    office: Settings,
    unit: Unit,
    period: str,
    changes: Sequence[ProposedChange],
    decision: Decision,
    cadres: Mapping[str, Cadre],
) -> Letter:
    ordered = sorted(changes, key=lambda one: (one.line.due is None, one.line.due, one.line.key))
    kind, dues = changes[0].line.kind, [c.line.due for c in changes if c.line.due]
    payload = {
        **letterhead(office, period),
        "unit": {"code": unit.code, "name": plain(unit.name, 120)},
        "plan_label": kind.label,
        "verdict": decision.verdict.value,
        "note": plain(decision.note),
        "rows": [_row(one, unit, cadres) for one in ordered[:MOST_LINES]],
        "total": len(changes),
        "first_due": iso(min(dues)) if dues else None,
    }
    person = f"{unit.code}{ABOUT}{kind.value}-{_mark(changes, decision)}"
    about = {unit.code, *(code for one in changes if (code := _of_unit(one.line, unit, cadres)))}
    to = unit.letter_to
    return Letter(period, LetterKind.PLAN_DECISION, person, to, tuple(sorted(about)), payload)


def _row(change: ProposedChange, unit: Unit, cadres: Mapping[str, Cadre]) -> dict[str, Any]:
    line = change.line
    subject = cadres.get(_of_unit(line, unit, cadres))
    owner = cadres.get(line.owner)
    return {
        "action_label": change.action.label,
        "content": plain(line.content, 200),
        "product": plain(line.product, 120),
        "subject": plain(subject.name, 80) if subject else "",
        "owner": plain(owner.name, 80) if owner and owner.unit == unit.code else "",
        "due": iso(line.due),
        "says": plain(change.says),
    }


def _of_unit(line: PlanLine, unit: Unit, cadres: Mapping[str, Cadre]) -> str:
    """The cadre of the unit whom a line is about, or ""."""
    known = cadres.get(line.subject)
    return known.code if known and known.unit == unit.code else ""


def _mark(changes: Sequence[ProposedChange], decision: Decision) -> str:
    """Of this decision and no other; the same when it is written again."""
    said = f"{decision.verdict} {decision.at.isoformat()} {sorted(c.id or 0 for c in changes)}"
    return hashlib.sha256(said.encode()).hexdigest()[:10]
