"""The yardstick's plans: the month's work programme closed and carried, needs of training proposed,
what a unit adds to the figures. By hand, for a first month: no line of a plan stands yet.

    closed, following = programme(rows)
    needs_of(unit, people, rows)          -> rows of plan_change, the unit's tally
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.floor_letters import CRITERIA, WORKS, Person, short
from benchmarks.floor_rules import GENERAL, LETTERS, WORK
from channels.plan_shelf import plan_rules_in_force

Row = Sequence[Any]
RULES = plan_rules_in_force("2026-10").training
COURSES = [
    (c.code, c.name, c.hours, RULES.forms[c.form], c.hours * RULES.cost[c.form],
     [int(name[1:]) - 1 for name in c.criteria], frozenset(c.works))
    for c in RULES.courses
]  # fmt: skip
END = "2026-10-31"


def programme(rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """This month's lines, and what the next one has: what is unfinished, and what is new."""
    closed = [row for row in rows if row[2] == "thang_nay"]
    following = [(*row[:10], 1) for row in closed if row[7] != "xong"]
    following += [(*row[:7], "chua_lam", *row[8:10], 0) for row in rows if row[2] != "thang_nay"]
    return closed, following


def needs_of(
    people: Mapping[str, Person], rows: Mapping[str, Sequence[Row]]
) -> tuple[list[Row], str]:
    """A line for each person and course that faults or low marks ask for; the unit's own counts."""
    faults: dict[str, list[Row]] = {}
    for row in rows["work"]:
        if row[9] and not (row[11] == "co" and row[15]):
            faults.setdefault(row[1], []).append(row)
    marks = {row[1]: row for row in rows["general"] if row[3] == "tham_quyen"}
    changes: list[Row] = []
    by_course: Counter[str] = Counter()
    shown, persons = [], set()
    for code, person in people.items():
        mine, given = faults.get(code, ()), marks.get(code)
        for course, name, hours, form, cost, criteria, works in COURSES:
            why = _from_faults(code, mine, works)
            if given is not None:
                why += _from_marks(code, given, criteria)
            if why:
                why.sort(key=lambda one: (one["cell"], one["says"]))
                line = {
                    "content": name, "subject": code, "product": "Chứng nhận, kết quả kiểm tra",
                    "owner": "", "due": "2026-11-30", "form": form, "quantity": hours,
                    "cost": cost, "carried": 0,
                }  # fmt: skip
                says = f"{person.name}: {len(why)} căn cứ; {why[0]['says']}."
                told = json.dumps(why, ensure_ascii=False), json.dumps(line, ensure_ascii=False)
                changes.append((f"NHU_CAU:{code}:{course}", says, *told))
                by_course[f"course:{course}"] += 1
                persons.add(code)
                shown.append(why[0])
    counted = {**by_course, "n": len(changes), "persons": len(persons)}
    return changes, json.dumps([counted, shown[:40], len(shown)], ensure_ascii=False)


def _from_faults(code: str, faults: Sequence[Row], works: frozenset[str]) -> list[dict[str, Any]]:
    mine = [row for row in faults if row[3] in works]
    times = [(row[9] or 0) * (row[10] or 0) for row in mine]
    if sum(times) < RULES.faults_make_need:
        return []
    return [
        {
            "says": f"“{row[4] or WORKS[row[3]]}”: {row[9]} sản phẩm chưa đạt, {n} lần",
            "subject": code, "period": "2026-10", "cell": f"{WORK}!J{row[0]}", "on": END,
        }
        for row, n in zip(mine, times, strict=True)
        if n
    ]  # fmt: skip


def _from_marks(code: str, row: Row, criteria: Sequence[int]) -> list[dict[str, Any]]:
    found = []
    for at in criteria:
        number, name, most, _ = CRITERIA[at]
        mark = row[4 + at]
        if mark * 100 < most * RULES.low_criterion_percent:
            says = f"{number} {name}: {short(mark)}/{short(most)} điểm"
            cell = f"{GENERAL}!{LETTERS[4 + at]}{row[0]}"
            found.append(
                {"says": says, "subject": code, "period": "2026-10", "cell": cell, "score": mark,
                 "on": END}
            )  # fmt: skip
    return found
