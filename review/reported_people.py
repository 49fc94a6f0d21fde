"""What reports say of persons: faults, marks, classes, moves, self-study, succession, sources."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from review.forecast import Move
from review.marked_low import Asked, Marked
from review.page import YES, Page
from review.rotation import Acting
from review.scorecard import Grade
from review.self_training import Study
from review.structure import Skill
from review.succession import Candidate, Prospect, Revision, Source, post_code
from review.training import Fault, Gap, Lesson, Reading, Wish

AWAY = {"du_kien_di": "dự kiến chuyển đi", "du_kien_huu": "dự kiến nghỉ hưu"}


def _faults(page: Page) -> Iterator[Fault]:
    end = page.period.end
    for row in page.said.rows("work"):
        times = (row.faulty or 0) * (row.fault_times or 0)
        excused = row.fault_excused == YES and row.proof
        if times and row.cadre and not excused:
            says = f"“{row.content or row.work}”: {row.faulty} sản phẩm chưa đạt, {times} lần"
            cell = page.cell("work", row, "faulty")
            yield Fault(row.cadre, row.work or "", times, says, cell, page.said.period, end)


def _marks(page: Page) -> Iterator[Marked]:
    """What does not change from line to line is said once."""
    period, end, rows = page.said.period, page.period.end, [*page.said.rows("general")]
    asked = tuple(
        Asked(one.field, one.most, f"{one.code} {one.name}", page.column("general", one.field))
        for one in page.rubric.criteria
        if rows and hasattr(rows[0], one.field)
    )
    whole = page.rubric.marks_of if len(asked) == len(page.rubric.criteria) else None
    for row in rows:
        cadre = row.cadre
        if row.rater == "tham_quyen" and cadre:
            marks = whole(row) if whole else tuple([getattr(row, one.criterion) for one in asked])
            yield Marked(cadre, marks, asked, row.line, period, end)


def _lessons(page: Page) -> Iterator[Lesson]:
    for row in page.said.rows("training"):
        if row.state == "xong" and row.cadre:
            yield Lesson(
                row.cadre,
                row.subject,
                row.way or "",
                (row.hours or 0) * 100,
                row.start,
                row.finish,
                getattr(row, "course", None) or "",
                row.kind or "",
                cost=row.cost or 0,
                certificate=row.certificate or "",
                **page.known("training", row, "hours"),
            )


def _readings(page: Page) -> Iterator[Reading]:
    for row in page.said.rows("training"):
        if row.state == "xong" and row.kind == "phap_luat" and row.cadre:
            for text in page.texts:
                if text.code.casefold() in row.subject.casefold():
                    known = page.known("training", row, "subject")
                    yield Reading(row.cadre, text.code, row.finish or row.start, **known)


def _wishes(page: Page) -> Iterator[Wish]:
    for row in page.said.rows("training"):
        if row.state in ("nhu_cau", "ke_hoach") and row.cadre:
            course, since = getattr(row, "course", None), getattr(row, "asked", None)
            yield Wish(
                row.cadre,
                course or "",
                row.kind or "",
                row.subject,
                row.state == "ke_hoach",
                since or row.start or page.period.end,
                **page.known("training", row, "subject"),
            )


def _gaps(page: Page) -> Iterator[Gap]:
    for row in page.said.rows("rating"):
        if row.lacking and row.next_post:
            cell = page.cell("rating", row, "lacking")
            place = cell, page.said.period, page.period.end
            yield Gap(row.cadre, row.next_post, row.lacking, *place)


def _moves(page: Page) -> Iterator[Move]:
    for row in page.said.rows("moves"):
        if row.kind in AWAY and row.on and row.cadre:
            says = f"{row.name}: {AWAY[row.kind]} từ {row.on:%d/%m/%Y} ({row.post})"
            yield Move(row.cadre, row.on, says, page.cell("moves", row, "on"))


def _actings(page: Page) -> Iterator[Acting]:
    for row in page.said.rows("moves"):
        if row.kind == "phu_trach" and row.on and row.cadre:
            until, result = row.until, row.result or ""
            known = page.known("moves", row, "result")
            yield Acting(page.said.unit, row.cadre, row.post, row.on, until, result, **known)


def _studies(page: Page) -> Iterator[Study]:
    for row in page.said.rows("selfstudy"):
        if row.cadre and row.planned is not None:
            values = row.topic, row.planned, row.done or 0, row.product or "", row.result or ""
            place = page.place("selfstudy", row, "done")
            yield Study(row.cadre, page.said.unit, *values, *place)


def _candidates(page: Page) -> Iterator[Candidate]:
    for row in page.said.rows("succession"):
        if row.post and row.change != "dua_ra":
            role = getattr(row, "role", None) or ""
            yield Candidate(
                page.said.unit,
                post_code(role, row.post, page.of_the_unit),
                page.cadres.get(row.cadre or ""),
                row.added,
                row.reviewed,
                row.ready or "",
                Grade(row.grade) if row.grade else None,
                row.post,
                row.name,
                **page.known("succession", row, "post"),
            )


def _revisions(page: Page) -> Iterator[Revision]:
    for row in page.said.rows("succession"):
        if row.post and row.change:
            enters = row.change != "dua_ra"
            told = row.name, row.post, enters, row.basis or "", row.added if enters else None
            known = page.known("succession", row, "change")
            yield Revision(page.said.unit, *told, **known)


def _prospects(page: Page) -> Iterator[Prospect]:
    for row in page.said.rows("rating"):
        if row.cadre and row.ready:
            known = page.known("rating", row, "ready")
            told = row.next_post or "", row.ready, row.lacking or ""
            yield Prospect(page.said.unit, row.cadre, *told, **known)


def _skills(page: Page) -> Iterator[Skill]:
    for row in page.said.rows("skills"):
        if row.cadre:
            yield Skill(
                page.said.unit,
                row.cadre,
                row.administration or "",
                row.informatics or "",
                row.language or "",
                row.certificates or "",
                row.wanted or "",
                row.fits or "",
                **page.known("skills", row, "fits"),
            )


def _sources(page: Page) -> Iterator[Source]:
    for row in page.said.rows("sources"):
        origin = "nơi khác" if row.origin == "noi_khac" else "tại chỗ"
        taken = row.appointed is not None
        known = page.known("sources", row, "name")
        values = row.name, row.post or "", origin, row.ready or "", taken
        yield Source(page.said.unit, *values, **known)


READERS: tuple[tuple[str, str, Callable[[Page], Iterator[Any]]], ...] = (
    ("faults", "work", _faults),
    ("marks", "general", _marks),
    ("lessons", "training", _lessons),
    ("readings", "training", _readings),
    ("wishes", "training", _wishes),
    ("gaps", "rating", _gaps),
    ("moves", "moves", _moves),
    ("actings", "moves", _actings),
    ("studies", "selfstudy", _studies),
    ("candidates", "succession", _candidates),
    ("revisions", "succession", _revisions),
    ("prospects", "rating", _prospects),
    ("skills", "skills", _skills),
    ("sources", "sources", _sources),
)
