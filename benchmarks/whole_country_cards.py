"""The same country through what the commands call: reports scored card by card, months rolled up to
the year with their parts, the quota drawn.

path = by_commands(made)
path.seconds        -> {"months scored": 11.2, "rolled up": 0.9, "ranked and capped": 0.2}
path.sums           -> as benchmarks.whole_country.by_hand gives them for the same people

Reading workbooks and the book itself are measured elsewhere (RESULTS.md); here reports are values.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from channels.library import newest_regulation
from review.cadres import Cadre, Engagement, Group, Role, Sex
from review.form import FieldType, Form
from review.period import Period
from review.quota_lists import draw_lists
from review.quota_people import People, Rated
from review.regulation import Regulation
from review.rollup import Basis
from review.rollup_columns import UNKNOWN, State
from review.rollup_layout import Figures
from review.rollup_people import About, roll_up_people
from review.scorecard import CardStatus, Scorecard
from review.scoring import score_unit
from review.submission import Submission, Table

if TYPE_CHECKING:
    from benchmarks.whole_country import Country

YEAR = Period.parse("2026")
EMPTY = {FieldType.TEXT: "", FieldType.CODE: ""}


@dataclass
class Path:
    seconds: dict[str, float] = field(default_factory=dict)
    sums: tuple[int, int, int] = (0, 0, 0)

    @property
    def whole(self) -> float:
        return sum(self.seconds.values())

    def add(self, stage: str, began: float) -> None:
        taken = time.process_time() - began
        self.seconds[stage] = self.seconds.get(stage, 0.0) + taken


def by_commands(made: Country) -> Path:
    law, path = newest_regulation(), Path()
    people = _cadres(made)
    rows = list[tuple[Any, ...]]()
    points = 0
    for unit, cadres in people.items():
        for period, said in _reports(made, unit, cadres, law.forms["month"], law):
            began = time.process_time()
            cards = score_unit(said, cadres, law, with_reasons=False)
            path.add("months scored", began)
            points += sum(-1 if card.total is None else card.total for card in cards)
            rows += [_figure(card, period) for card in cards]
    everyone = [cadre for cadres in people.values() for cadre in cadres]
    began = time.process_time()
    about = About(YEAR, Basis.FINAL, date(2027, 1, 20))
    rolls = roll_up_people(about, everyone, Figures.from_rows(rows), law.year, law.grades)
    told = list(rolls.rows())
    path.add("rolled up", began)
    cards_of_year = [score.as_card() for score in rolls.scores()]
    began = time.process_time()
    drawn = draw_lists(People.of(Rated(card) for card in cards_of_year), law.cap)
    many = len(drawn.excellent)
    path.add("ranked and capped", began)
    year = sum(-1 if one.score is None else one.score for one in told)
    path.sums = points, year, many
    return path


def _cadres(made: Country) -> dict[int, list[Cadre]]:
    found: dict[int, list[Cadre]] = {}
    leads = made.people.leads.reshape(-1, 12)[:, 0].tolist()
    for at, (unit, head) in enumerate(zip(made.units.tolist(), leads, strict=True)):
        role = Role.HEAD if head else Role.STAFF
        found.setdefault(unit, []).append(
            Cadre(f"{at:06}", f"{unit:05}", f"Lò Văn {at}", date(1985, 5, 20), Sex.MALE,
                  Group.CIVIL_SERVANT, Engagement.FULL, 100, role)
        )  # fmt: skip
    return found


def _reports(
    made: Country, unit: int, cadres: list[Cadre], form: Form, law: Regulation
) -> Iterator[tuple[str, Submission]]:
    """The unit's twelve months as its workbooks say them, once read."""
    first, last = int(cadres[0].code), int(cadres[-1].code) + 1
    lines = len(made.work.owner) // len(made.people.general)
    shape = (last - first, 12, lines)
    span = slice(first * 12 * lines, last * 12 * lines)
    names = ("coef", "assigned", "done", "fault_loss", "late_loss")
    work = np.stack([getattr(made.work, n)[span].reshape(shape) for n in names], axis=-1).tolist()
    months = slice(first * 12, last * 12)
    general = made.people.general[months].reshape(-1, 12).tolist()
    dde = made.people.dde[months].reshape(-1, 12).tolist()
    for month in range(12):
        said: dict[str, list[dict[str, Any]]] = {"work": [], "general": [], "leaders": []}
        for n, cadre in enumerate(cadres):
            said["work"] += [_line(cadre.code, *line) for line in work[n][month]]
            said["general"].append(_marks(cadre.code, general[n][month], law))
            if cadre.leads:
                said["leaders"].append(_terms(cadre.code, dde[n][month]))
        tables = {key: _table(form, key, rows) for key, rows in said.items()}
        tables["cover"] = _table(form, "cover", [{"nil": "khong"}])
        period = f"2026-{month + 1:02}"
        yield period, Submission(f"{unit:05}", period, form.code, form.version, tables)


def _line(code: str, coef: int, assigned: int, done: int, fault: int, late: int) -> dict[str, Any]:
    """A loss of 25 percent of so many products, as a report says it."""
    told: dict[str, Any] = {"cadre": code, "work": "TD01", "coef": coef, "assigned": assigned}
    told["done"] = done
    if fault:
        told |= {"faulty": fault // 25, "fault_times": 1}
    if late:
        told |= {"late": late // 25, "late_times": 1}
    return told


def _marks(code: str, total: int, law: Regulation) -> dict[str, Any]:
    row: dict[str, Any] = {"cadre": code, "rater": "tham_quyen"}
    for criterion in law.general.criteria:
        row[criterion.field] = min(total, criterion.most)
        total -= row[criterion.field]
    return row


def _terms(code: str, dde: int) -> dict[str, Any]:
    halves = (300 - dde) // 50
    values = ["50" if n < halves else "100" for n in range(3)]
    return {"cadre": code, **dict(zip(("d", "dd", "e"), values, strict=True))}


def _table(form: Form, key: str, rows: list[dict[str, Any]]) -> Table:
    sheet = form.sheet(key)
    blank = [EMPTY.get(one.type) for one in sheet.fields]
    names = sheet.columns
    filled = [
        (6 + at, *(row.get(n, b) for n, b in zip(names, blank, strict=True)))
        for at, row in enumerate(rows)
    ]
    return Table(key, names, tuple(filled))


def _figure(card: Scorecard, period: str) -> tuple[Any, ...]:
    """A card as the book gives it to a longer period; without work nothing was due."""
    known = card.status is CardStatus.OK
    state = State.COUNTED if known else State.LEAVE
    total = UNKNOWN if card.total is None else card.total
    task = UNKNOWN if card.task_score is None else card.task_score
    return (period, card.cadre, card.unit, int(state), total, task, -1, -1, 0, 0, "")
