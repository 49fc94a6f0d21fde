"""A month as a conscientious unit would fill it in: by field name, ready for channels.filling.

    entries = good_entries(brief, random.Random(7))
    fill(blank, answers(form, brief, entries))

Each cadre gets a temper (excellent … weak) that decides how much gets done, how often it is late or
faulty and what marks are given, so that a province shows all the grades.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice
from random import Random
from typing import Any

from review.brief import UnitBrief, WorkType
from review.cadres import Cadre, Role
from review.period import Cadence, Period
from sample.words import (
    DELAY_NOTES,
    EVIDENCE,
    MOVEMENTS,
    PROOFS,
    REMARKS,
    SUGGESTIONS,
    TASKS,
    contents_of,
)

Row = dict[str, Any]
Rows = list[Row]
Entries = dict[str, Any]

CRITERIA = tuple(f"c{n}" for n in range(1, 11))
HIGHEST = (Decimal(5),) * 2 + (Decimal("2.5"),) * 8
QUARTER = Decimal("0.25")
LONGER = {Cadence.MONTH: Cadence.QUARTER, Cadence.QUARTER: Cadence.YEAR}
FIRST_LINES = ("01", "01", "02")  # of the longer period's programme, that most lines serve
COUNTED_IN_DOZENS = frozenset({"KT01", "KT10", "TD11", "KT06"})  # small products, many a month


@dataclass(frozen=True, slots=True)
class Temper:
    """`short`, `late`, `faulty` are chances per line; `marks` the quarters of a point lost."""

    share: float
    short: float
    late: float
    faulty: float
    marks: range


EXCELLENT = Temper(0.22, 0.0, 0.05, 0.04, range(3, 9))
GOOD = Temper(0.48, 0.45, 0.30, 0.25, range(10, 22))
FAIR = Temper(0.22, 0.95, 0.75, 0.70, range(22, 34))
POOR = Temper(0.08, 1.0, 0.95, 0.95, range(38, 46))
WEAK = Temper(0.0, 1.0, 0.0, 0.0, range(52, 60))  # under 50 points; only where it is asked for
_USUAL = (EXCELLENT, GOOD, FAIR, POOR)


def good_entries(brief: UnitBrief, rng: Random) -> Entries:
    """Everything one unit writes, without a fault that would have it returned: a mapping for the
    cover and rows for each table."""
    period = Period.parse(brief.period)
    tempers = {c.code: rng.choices(_USUAL, [t.share for t in _USUAL])[0] for c in brief.cadres}
    programme = list(programme_rows(brief, period, rng))
    entries: Entries = {
        "cover": _cover(brief, period, rng),
        "work": [],
        "general": [],
        "leaders": [leader_row(cadre, rng) for cadre in brief.cadres if cadre.leads],
        "changes": list(_changes(brief, period, rng)),
        "programme": programme,
    }
    for cadre in brief.cadres:
        entries["work"] += work_rows(cadre, tempers[cadre.code], brief, programme, rng)
        entries["general"] += general_rows(cadre, tempers[cadre.code], rng)
    return entries


def work_rows(cadre: Cadre, temper: Temper, brief: UnitBrief, programme: Rows, rng: Random) -> Rows:
    """The products of one cadre: the more of the time goes to this work, the more lines."""
    more = (cadre.share >= 50) + (cadre.share >= 100) + (rng.random() < 0.4)
    count = min(len(brief.works), 2 + more)
    period = Period.parse(brief.period)
    rows = [_work_row(work, temper, period, rng) for work in rng.sample(brief.works, count)]
    for row in rows:
        row["cadre"] = cadre.code
    own = [task["code"] for task in programme if task["owner"] == cadre.code and "status" in task]
    for row, code in zip(rows, own, strict=False):
        row["programme"] = code
    return rows


def _work_row(work: WorkType, temper: Temper, period: Period, rng: Random) -> Row:
    assigned = rng.randint(5, 14) if work.code in COUNTED_IN_DOZENS else rng.randint(2, 4)
    done = assigned
    if rng.random() < temper.short:
        done = assigned // 4 if temper is WEAK else assigned - assigned // 3
    row: Row = {
        "work": work.code,
        "content": rng.choice(contents_of(work)).format(m=rng.choice(MOVEMENTS)),
        "due": period.start + timedelta(days=rng.randint(7, (period.end - period.start).days)),
        "assigned": assigned,
        "done": done,
    }
    if rng.random() < 0.3:
        row["coef"] = Decimal(work.coef) / 100  # most leave it to the catalogue
    if done and rng.random() < temper.faulty:
        row |= {"faulty": _few(done, rng), "fault_times": _times(rng)}
        row |= _excuse("fault_excused", row["due"], rng)
    if done and rng.random() < temper.late:
        row |= {"late": _few(done, rng), "late_times": _times(rng), "note": rng.choice(DELAY_NOTES)}
        row |= {} if "proof" in row else _excuse("late_excused", row["due"], rng)
    return row


def _few(done: int, rng: Random) -> int:
    return rng.randint(1, max(1, done // 3))


def _times(rng: Random) -> int:
    return rng.choices((1, 2, 3), (80, 15, 5))[0]


def _excuse(field: str, due: date, rng: Random) -> Row:
    """One in four has an objective cause, confirmed in writing (Decree 335/2025, Article 14.2)."""
    if rng.random() > 0.25:
        return {field: "khong"}
    proof = rng.choice(PROOFS).format(n=rng.randint(120, 2400), d=f"{due:%d/%m/%Y}")
    return {field: "co", "proof": proof}


def general_rows(cadre: Cadre, temper: Temper, rng: Random) -> Rows:
    """The two lines of form 01, in quarters of a point: own marks, the authority's near them."""
    lost = rng.choice(temper.marks)
    own = _marks(lost, rng)
    given = _marks(max(0, lost + rng.choice((-1, 0, 0, 1, 2, 3))), rng)
    return [
        {"cadre": cadre.code, "rater": "tu_cham", **own},
        {"cadre": cadre.code, "rater": "tham_quyen", **given, "note": rng.choice(REMARKS)},
    ]


def _marks(lost: int, rng: Random) -> Row:
    marks = dict(zip(CRITERIA, HIGHEST, strict=True))
    while lost > 0:
        criterion = rng.choice(CRITERIA)
        if marks[criterion] > 0:
            marks[criterion] -= QUARTER
            lost -= 1
    return dict(marks)


def leader_row(cadre: Cadre, rng: Random) -> Row:
    """d is 100 since nobody under this leader is below 50 points here; đ and e rarely 50."""
    return {
        "cadre": cadre.code,
        "d": "100",
        "dd": "50" if rng.random() < 0.12 else "100",
        "e": "50" if rng.random() < 0.03 else "100",
        "evidence": rng.choice(EVIDENCE),
    }


def signatures(brief: UnitBrief, period: Period, rng: Random) -> Row:
    """Who wrote the report, when, and who approved it: on every cover."""
    writer = next((c for c in brief.cadres if c.role is Role.STAFF), None) or _first(brief)
    head = brief.cadre(brief.unit.head) or next((c for c in brief.cadres if c.leads), writer)
    return {
        "prepared_by": writer.name if writer else "Người lập báo cáo",
        "phone": f"02133{rng.randint(700000, 999999)}",
        "prepared_on": period.end + timedelta(days=rng.randint(-2, 2) - 4),  # before it is sent
        "approved_by": head.name if head else "Thủ trưởng đơn vị",
    }


def _cover(brief: UnitBrief, period: Period, rng: Random) -> Row:
    came, left = _came(brief, period), _left(brief, period)
    opening = len(brief.cadres) - len(came) if brief.opening is None else brief.opening
    cover: Row = {
        "nil": "khong",
        "head_open": opening,
        "head_close": opening + len(came) - len(left),
        **signatures(brief, period, rng),
    }
    if rng.random() < 0.15:
        cover["note"] = rng.choice(SUGGESTIONS)
    return cover


def _first(brief: UnitBrief) -> Cadre | None:
    return brief.cadres[0] if brief.cadres else None


def _came(brief: UnitBrief, period: Period) -> list[Cadre]:
    return [cadre for cadre in brief.cadres if cadre.since and cadre.since in period]


def _left(brief: UnitBrief, period: Period) -> list[Cadre]:
    return [cadre for cadre in brief.cadres if cadre.until and cadre.until in period]


def _changes(brief: UnitBrief, period: Period, rng: Random) -> Iterator[Row]:
    for event, cadres in (("den", _came(brief, period)), ("di", _left(brief, period))):
        for cadre in cadres:
            yield {
                "event": event,
                "cadre": cadre.code,
                "name": cadre.name,
                "birth": cadre.birth,
                "group": str(cadre.group),
                "engagement": str(cadre.engagement),
                "share": cadre.share,
                "on": cadre.since if event == "den" else cadre.until,
                "document": f"{rng.randint(100, 1800)}/QĐ-SNV",
            }


def programme_rows(brief: UnitBrief, period: Period, rng: Random) -> Iterator[Row]:
    """How this month's tasks ended (two or three new ones where the office knew of none), and what
    is planned for the next month."""
    owners = [cadre.code for cadre in brief.cadres]
    if not owners:
        return
    known = {task.code for task in brief.tasks}
    if brief.tasks:
        this_month: Rows = [
            {"code": t.code, "owner": t.owner or owners[0], "due": t.due or period.end}
            for t in brief.tasks
        ]
    else:
        this_month = list(_planned("thang_nay", period, known, owners, rng, rng.randint(2, 3)))
    for row in this_month:
        yield row | _outcome(period, rng)
    yield from _planned("thang_sau", period.next(), known, owners, rng, rng.randint(1, 3))


def _planned(
    when: str, period: Period, known: set[str], owners: list[str], rng: Random, count: int
) -> Iterator[Row]:
    codes = (f"{period}-{n:02}" for n in range(1, 100) if f"{period}-{n:02}" not in known)
    tasks = rng.sample(TASKS, count)
    for code, (content, product) in zip(islice(codes, count), tasks, strict=False):
        row: Row = {
            "code": code,
            "when": when,
            "content": content.format(m=rng.choice(MOVEMENTS)),
            "product": product,
            "owner": rng.choice(owners),
            "due": period.start + timedelta(days=rng.randint(9, 27)),
        }
        yield row | _served(code, owners[0], period)


def _served(code: str, who: str, period: Period) -> Row:
    """Which line of the longer period's programme it serves; now and then nobody says."""
    above, dice = LONGER.get(period.cadence), Random(f"{code}:{who}")
    if above is None or dice.random() < 0.1:
        return {}
    return {"parent": f"{Period.containing(period.start, above)}-{dice.choice(FIRST_LINES)}"}


def _outcome(period: Period, rng: Random) -> Row:
    status = rng.choices(("xong", "dang_lam", "chua_lam"), (75, 20, 5))[0]
    if status != "xong":
        return {"status": status}
    return {"status": status, "finished": period.start + timedelta(days=rng.randint(9, 27))}
