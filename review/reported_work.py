"""What reports say of a unit's work: movements, awards, reviews, inspections, leaders, set-up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from review.attention import Attention, Setup
from review.awards import Award
from review.criticism import Meeting
from review.effect import Effect
from review.inspection import Matter, MatterKind
from review.movements import Conference, Model, Movement
from review.page import YES, Page
from review.self_assessment import Solution, Weakness
from review.structure import Demand, Establishment


def _movements(page: Page) -> Iterator[Movement]:
    for row in page.said.rows("movements"):
        if row.code:
            yield Movement(
                page.said.unit,
                row.code,
                row.name,
                row.goal or "",
                row.target or "",
                row.planned,
                row.reached,
                row.method or "",
                row.launched,
                row.state == "ket_thuc",
                row.registered,
                row.joined,
                row.self_grade or "",
                row.proof or "",
                **page.known("movements", row, "name"),
            )


def _conferences(page: Page) -> Iterator[Conference]:
    for row in page.said.rows("reviews"):
        if row.movement and row.kind:
            yield Conference(
                page.said.unit,
                row.movement,
                row.kind,
                row.due,
                row.held,
                row.report or "",
                row.figures or "",
                **page.known("reviews", row, "held"),
            )


def _models(page: Page) -> Iterator[Model]:
    for row in page.said.rows("models"):
        if row.found:
            values = row.field, row.found, row.nurtured, row.spread, row.movement or ""
            yield Model(page.said.unit, row.name, *values, *page.place("models", row, "name"))


def _awards(page: Page) -> Iterator[Award]:
    for row in page.said.rows("awards"):
        if row.decided:
            yield Award(
                page.said.unit,
                row.name,
                row.kind or "",
                row.award,
                row.basis or "",
                row.decision,
                row.decided,
                row.movement or "",
                row.evidence or "",
                row.amount,
                row.paid,
                **page.known("awards", row, "paid"),
            )


def _meetings(page: Page) -> Iterator[Meeting]:
    for row in page.said.rows("meetings"):
        if row.held:
            yield Meeting(
                page.said.unit,
                row.held,
                row.minutes,
                row.persons or 0,
                row.conclusion,
                row.remedy or "",
                row.due,
                row.finished,
                row.opinions or "",
                **page.known("meetings", row, "remedy"),
            )


def _matters(page: Page) -> Iterator[Matter]:
    for row in page.said.rows("inspections"):
        if row.kind:
            yield Matter(
                page.said.unit,
                MatterKind(row.kind),
                row.content,
                row.cadre or "",
                row.planned,
                row.opened,
                row.closed,
                row.outcome or "",
                row.again == YES,
                **page.known("inspections", row, "opened"),
            )


def _attention(page: Page) -> Iterator[Attention]:
    for row in page.said.rows("attention"):
        if row.cadre:
            yield Attention(
                page.said.unit,
                row.cadre,
                row.name or row.cadre,
                page.said.period,
                row.planned or 0,
                row.meetings or 0,
                row.documents or 0,
                row.met_on or row.documented_on,
                page.cell("attention", row, "meetings"),
            )


def _effects(page: Page) -> Iterator[Effect]:
    for row in page.said.rows("outcomes"):
        if row.submitted is not None:
            counts = row.submitted, row.approved or 0, row.returned or 0, row.satisfied
            place = page.place("outcomes", row, "approved")
            yield Effect(page.said.unit, row.content, *counts, row.copied == YES, *place)


def _setups(page: Page) -> Iterator[Setup]:
    for row in page.said.rows("setup"):
        yield Setup(
            page.said.unit,
            row.council == YES,
            row.standing or "",
            row.officer or "",
            page.said.period,
        )


def _establishments(page: Page) -> Iterator[Establishment]:
    for row in page.said.rows("cover"):
        given, present = getattr(row, "posts", None), getattr(row, "present", None)
        if given is not None and present is not None:
            yield Establishment(page.said.unit, given, present, "", page.said.period)


def _demands(page: Page) -> Iterator[Demand]:
    for row in page.said.rows("needs"):
        if row.needed is not None:
            counts = row.present or 0, row.retiring or 0, row.leaving or 0, row.needed
            known = page.known("needs", row, "needed")
            yield Demand(page.said.unit, row.post, *counts, row.ready or 0, row.plan or "", **known)


def _weaknesses(page: Page) -> Iterator[Weakness]:
    for row in page.said.rows("weaknesses"):
        if row.code and row.level:
            told = row.evidence or "", row.remedy or "", row.due
            known = page.known("weaknesses", row, "level")
            yield Weakness(page.said.unit, row.code, row.content or "", row.level, *told, **known)


def _solutions(page: Page) -> Iterator[Solution]:
    for row in page.said.rows("measures"):
        if row.code and row.level:
            told = row.content or "", row.level, row.following or ""
            known = page.known("measures", row, "level")
            yield Solution(page.said.unit, row.code, *told, **known)


READERS: tuple[tuple[str, str, Callable[[Page], Iterator[Any]]], ...] = (
    ("movements", "movements", _movements),
    ("conferences", "reviews", _conferences),
    ("models", "models", _models),
    ("awards", "awards", _awards),
    ("meetings", "meetings", _meetings),
    ("matters", "inspections", _matters),
    ("attention", "attention", _attention),
    ("effects", "outcomes", _effects),
    ("setups", "setup", _setups),
    ("establishments", "cover", _establishments),
    ("demands", "needs", _demands),
    ("weaknesses", "weaknesses", _weaknesses),
    ("solutions", "measures", _solutions),
)
