"""Cases computed without an office: what `tdkt calc` prints.

    answer({"id": "V25", "group": "agency_year", "input": {"general": "28", "results": "60"}}, law)
        -> {"id": "V25", "expected": {"total": "88.00", "grade": "HTTNV"}}
    answer({"id": "?", "group": "agency_year", "input": {}}, law)
        -> {"id": "?", "error": "thiếu “general”"}

The dictionaries are JSON at the edge (contract.md): they are read once and never travel further.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from review.calc_persons import leader_dde, person_period, person_year, unit_factor
from review.calc_units import agency, cap, cluster, report_window, retires, title
from review.given import CaseError, Given
from review.period import PeriodError
from review.regulation import Regulation

GROUPS: Mapping[str, Callable[[Given, Regulation], dict[str, Any]]] = {
    "person_period": person_period,
    "person_year": person_year,
    "cap": cap,
    "cluster": cluster,
    "unit_factor": unit_factor,
    "agency_year": agency,
    "leader_dde": leader_dde,
    "retirement": retires,
    "report_window": report_window,
    "title": title,
}


def answer(case: Any, regulation: Regulation) -> dict[str, Any]:
    """One case's answer under a regulation; a case that makes no sense is answered with the error
    that says why, in Vietnamese. Never raises for any JSON value."""
    name = case.get("id") if isinstance(case, Mapping) else None
    name = None if isinstance(name, (list, Mapping)) else name
    try:
        return {"id": name, "expected": _computed(Given(case, "case"), regulation)}
    except (CaseError, PeriodError) as wrong:
        return {"id": name, "error": str(wrong)}


def _computed(case: Given, regulation: Regulation) -> dict[str, Any]:
    group = case.text("group")
    if group not in GROUPS:
        raise CaseError(f"không có nhóm “{group}”; các nhóm: {', '.join(GROUPS)}")
    return GROUPS[group](Given(case.raw("input")), regulation)
