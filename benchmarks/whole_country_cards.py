"""The same country by cards: reports scored card by card, months rolled up to the year with their
parts, the quota drawn. A month's own review does this, for every card may be asked for its reasons.

path = by_cards(made)
path.seconds        -> {"months scored": 11.2, "rolled up": 0.9, "ranked and capped": 0.2}
path.columns        -> what it takes to make whole numbers of the same reports, for the other way
path.sums           -> as benchmarks.whole_country.by_hand gives them for the same people

Reading workbooks and the book itself are measured elsewhere (RESULTS.md); here reports are values.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from benchmarks.country import MONTHS, PERIODS, Country, people_of
from benchmarks.whole_country_columns import ABOUT
from channels.library import newest_regulation
from review.cadres import Cadre
from review.form import FieldType, Form
from review.quota_lists import draw_lists
from review.quota_people import People, Rated
from review.regulation import Regulation
from review.rollup_columns import UNKNOWN, State
from review.rollup_layout import Figures
from review.rollup_people import roll_up_people
from review.said_columns import said_columns
from review.scorecard import CardStatus, Scorecard
from review.scoring import score_unit
from review.submission import Submission, Table

EMPTY = {FieldType.TEXT: "", FieldType.CODE: ""}


@dataclass
class Path:
    seconds: dict[str, float] = field(default_factory=dict)
    columns: float = 0.0
    sums: tuple[int, int, int] = (0, 0, 0)

    @property
    def whole(self) -> float:
        return sum(self.seconds.values())

    def add(self, stage: str, began: float) -> None:
        taken = time.process_time() - began
        self.seconds[stage] = self.seconds.get(stage, 0.0) + taken


def by_cards(made: Country) -> Path:
    law, path = newest_regulation(), Path()
    people = people_of(made)
    rows = list[tuple[Any, ...]]()
    points = 0
    for unit, cadres in enumerate(people):
        for period, said in _reports(made, unit, cadres, law.forms["month"], law):
            began = time.process_time()
            cards = score_unit(said, cadres, law, with_reasons=False)
            path.add("months scored", began)
            began = time.process_time()
            said_columns(said)
            path.columns += time.process_time() - began
            points += sum(-1 if card.total is None else card.total for card in cards)
            rows += [_figure(card, period) for card in cards]
    everyone = [cadre for cadres in people for cadre in cadres]
    began = time.process_time()
    rolls = roll_up_people(ABOUT, everyone, Figures.from_rows(rows), law.year, law.grades)
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


def _reports(
    made: Country, unit: int, cadres: list[Cadre], form: Form, law: Regulation
) -> Iterator[tuple[str, Submission]]:
    """The unit's twelve months as its workbooks say them, once read."""
    first = int(made.starts[unit])
    here = slice(first, first + len(cadres))
    work = [
        c[:, here].tolist() for c in (made.coef, made.assigned, made.done, made.faulty, made.late)
    ]
    marks, dd, e = (column[:, here].tolist() for column in (made.marks, made.dd, made.e))
    for month in range(MONTHS):
        said: dict[str, list[dict[str, Any]]] = {"work": [], "general": [], "leaders": []}
        for n, cadre in enumerate(cadres):
            figures = zip(*(column[month][n] for column in work), strict=True)
            said["work"] += [_line(cadre.code, *line) for line in figures]
            given = dict(zip(law.general.fields, marks[month][n], strict=True))
            said["general"].append({"cadre": cadre.code, "rater": "tham_quyen"} | given)
            if cadre.leads:
                told = {"d": "100", "dd": str(dd[month][n]), "e": str(e[month][n])}
                said["leaders"].append({"cadre": cadre.code} | told)
        tables = {key: _table(form, key, rows) for key, rows in said.items()}
        tables["cover"] = _table(form, "cover", [{"nil": "khong"}])
        yield (
            PERIODS[month],
            Submission(f"{unit:05}", PERIODS[month], form.code, form.version, tables),
        )


def _line(code: str, coef: int, assigned: int, done: int, faulty: int, late: int) -> dict[str, Any]:
    told: dict[str, Any] = {"cadre": code, "work": "TD01", "coef": coef, "assigned": assigned}
    told["done"] = done
    if faulty:
        told |= {"faulty": faulty, "fault_times": 1}
    if late:
        told |= {"late": late, "late_times": 1}
    return told


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
