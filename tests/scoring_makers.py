"""Small reports for the scoring tests: the columns come from the form itself, blanks are None."""

from __future__ import annotations

from datetime import date
from typing import Any

from channels.library import regulation_in_force
from review.cadres import Cadre, Engagement, Group, Role, Sex
from review.form import FieldType
from review.submission import Submission, Table

LAW = regulation_in_force("2026-10")
FORM = LAW.forms["month"]
FULL_GENERAL = {criterion.field: criterion.most for criterion in LAW.general.criteria}
EMPTY = {FieldType.TEXT: "", FieldType.CODE: ""}


def cadre(code: str = "A", role: Role = Role.STAFF, group: Group = Group.CIVIL_SERVANT) -> Cadre:
    birth = date(1985, 5, 20)
    return Cadre(
        code, "03637", f"Lò Văn {code}", birth, Sex.MALE, group, Engagement.FULL, 100, role
    )


def table(key: str, rows: list[dict[str, Any]], first: int = 6) -> Table:
    sheet = FORM.sheet(key)
    blank = {field.name: EMPTY.get(field.type) for field in sheet.fields}
    filled = [
        (first + at, *(row.get(name, blank[name]) for name in sheet.columns))
        for at, row in enumerate(rows)
    ]
    return Table(key, sheet.columns, tuple(filled))


def report(
    work: list[dict[str, Any]] | None = None,
    general: list[dict[str, Any]] | None = None,
    leaders: list[dict[str, Any]] | None = None,
    changes: list[dict[str, Any]] | None = None,
    nil: str = "khong",
) -> Submission:
    tables = {
        "cover": table("cover", [{"nil": nil}]),
        "work": table("work", work or []),
        "general": table("general", general or []),
        "leaders": table("leaders", leaders or []),
        "changes": table("changes", changes or []),
    }
    return Submission("03637", "2026-10", FORM.code, FORM.version, tables)


def job(code: str = "A", **values: Any) -> dict[str, Any]:
    usual = {"cadre": code, "work": "TD01", "content": "Báo cáo tháng", "assigned": 1, "done": 1}
    return usual | values


def rating(code: str = "A", rater: str = "tham_quyen", **marks: int | None) -> dict[str, Any]:
    return {"cadre": code, "rater": rater} | FULL_GENERAL | marks


def terms(code: str = "A", d: str = "100", dd: str = "100", e: str = "100") -> dict[str, Any]:
    return {"cadre": code, "d": d, "dd": dd, "e": e}


def change(event: str, code: str = "A", **values: Any) -> dict[str, Any]:
    usual = {"event": event, "cadre": code, "on": date(2026, 10, 5), "document": "12/QĐ-UBND"}
    return usual | values


# The worked example of domain.md 2.8: 90,47 as staff, 88,15 as a deputy head. General 27,5.
EXAMPLE = [
    job(work="TD01", content="Báo cáo tháng", assigned=4, done=4),
    job(
        work="KT01", content="Thẩm định hồ sơ", assigned=20, done=18,
        faulty=2, fault_times=1, late=3, late_times=1,
    ),
    job(
        work="TD04", content="Kế hoạch phong trào", assigned=1, done=1, faulty=1, fault_times=1,
        fault_excused="co", proof="CV 35/SNV", late=1, late_times=2,
    ),
]  # fmt: skip
EXAMPLE_RATING = rating(c1=400, c2=400, c3=200)
