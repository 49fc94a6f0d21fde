"""The papers of a period: gathered from the book, made, and kept by their manifest.

    papers = make_papers.fn(occasion, folder)      -> paths of report and workbook
    again(occasion, 12)                            -> the bytes of a past paper, as they were

A figure that does not add up makes no paper: `PapersRefused` names it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from prefect import task
from sqlalchemy import Connection

from channels.errors import ChannelRefused
from channels.papers import MAKERS, Made, made_with, make_paper
from review.cadres import Cadre
from review.letter_rows import card_block, plain
from review.period import Cadence, Period
from review.report import STATUS, Stretch, report_of
from review.report_balance import imbalances
from review.scorecard import Scorecard
from review.submission import Submission
from review.units import Unit
from tasks.defence import cards_in_force, cards_with_reasons, is_rolled
from tasks.judged import judged_findings
from tasks.occasion import Occasion
from tasks.roll_up import rolls_now
from tasks.trace_rows import trace_rows
from tdkt_models.cadres import recall_cadres
from tdkt_models.cycles import CycleState, recall_cycle
from tdkt_models.papers import Paper, keep_paper, recall_paper
from tdkt_models.programme import recall_tasks
from tdkt_models.roll import recall_roll
from tdkt_models.scores import recall_cards
from tdkt_models.submissions import recall_submissions
from tdkt_models.units import recall_units

TITLES = {
    Cadence.MONTH: "tháng",
    Cadence.QUARTER: "quý",
    Cadence.HALF: "6 tháng",
    Cadence.YEAR: "năm",
    Cadence.TERM: "nhiệm kỳ",
}
SUBJECT = "công tác thi đua, khen thưởng và kết quả đánh giá cán bộ"
OFFICE, PERSON = "office", "person"


class PapersRefused(ChannelRefused):
    """A paper cannot be made, or not as it was; the message says why."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A paper on disk and the number of its manifest."""

    path: Path
    number: int


@task(name="Lập báo cáo")
def make_papers(occasion: Occasion, folder: Path, sheets: bool = False) -> list[Kept]:
    """The report as PDF and document and the workbook, and the personal sheets if asked for, into
    a folder. Raises PapersRefused."""
    folder.mkdir(parents=True, exist_ok=True)
    with occasion.office.book() as book:
        with book.reading() as conn:
            report = report_payload(conn, occasion, traced=True)
            own = sheet_payloads(conn, occasion) if sheets else {}
        wrong = imbalances(report)
        if wrong:
            raise PapersRefused(" ".join(("Số liệu không khớp, chưa lập báo cáo.", *wrong)))
        period = occasion.period_text.replace("..", "-")
        wanted: list[tuple[str, str, str, Mapping[str, Any]]] = [
            (f"bao-cao-{period}", "report_pdf", OFFICE, report),
            (f"bao-cao-{period}", "report_docx", OFFICE, report),
            (f"bang-tong-hop-{period}", "workbook", OFFICE, report),
            *((f"phieu-{code}-{period}", "sheet_pdf", code, page) for code, page in own.items()),
        ]
        kept = []
        for name, kind, scope, payload in wanted:
            made = make_paper(kind, payload)
            path = folder / f"{name}.{MAKERS[kind].ending}"
            path.write_bytes(made.content)
            with book.writing() as conn:
                kept.append(Kept(path, keep_manifest(conn, occasion, kind, scope, payload, made)))
    return kept


def keep_manifest(
    conn: Connection,
    occasion: Occasion,
    kind: str,
    scope: str,
    payload: Mapping[str, Any],
    made: Made,
) -> int:
    paper = Paper(
        occasion.period_text, kind, scope, payload, made.made_with, made.sha, len(made.content)
    )
    return keep_paper(conn, paper, occasion.stamp)


def again(occasion: Occasion, number: int) -> tuple[Paper, bytes]:
    """A past paper made again from its manifest. Raises PapersRefused where the bytes would not be
    those that were sent: then libraries or templates have changed since, and which is said."""
    with occasion.office.book() as book, book.reading() as conn:
        paper = recall_paper(conn, number)
    if paper is None:
        raise PapersRefused(f"Không có giấy tờ số {number} trong sổ.")
    made = make_paper(paper.kind, paper.payload)
    if made.sha != paper.sha:
        raise PapersRefused(
            f"Giấy tờ số {number} không lập lại đúng từng byte được: hồi đó dùng "
            f"{paper.made_with}; bây giờ là {made_with(paper.kind)}."
        )
    return paper, made.content


def report_payload(conn: Connection, occasion: Occasion, *, traced: bool = False) -> dict[str, Any]:
    """The figures of a period as the book has them now; with the reasons of every point, if
    `traced`."""
    period = occasion.period
    parts = [_stretch(conn, occasion, one) for one in _months(period)]
    earlier = [_stretch(conn, occasion, one) for one in _months(period.previous())]
    payload = report_of(
        paper_head(conn, occasion),
        [part for part in parts if part.entries],
        [part for part in earlier if part.entries],
        units=recall_units(conn),
        cadres={cadre.code: cadre for cadre in recall_cadres(conn)},
        today=occasion.today,
        own=_of_the_period(conn, occasion),
        own_before=_of_the_period(conn, replace(occasion, period=period.previous())),
        traces=trace_rows(conn, occasion) if traced else (),
    )
    return payload if payload["roll"]["roll"] else _nothing(occasion)


def _of_the_period(conn: Connection, occasion: Occasion) -> dict[str, Scorecard]:
    """The period's own results by cadre, as approved once they are; of a longer one that has not
    been rolled up yet, what its parts come to now."""
    cards = cards_in_force(conn, occasion)
    if not cards and occasion.period.cadence is not Cadence.MONTH:
        rolls = rolls_now(conn, occasion, list(recall_units(conn)))
        cards = [score.as_card() for score in rolls.scores() if score.due]
    return {card.cadre: card for card in cards}


def _nothing(occasion: Occasion) -> dict[str, Any]:
    raise PapersRefused(
        f"Sổ chưa có số liệu của {occasion.period.label}; hãy chạy “tdkt collect” trước."
    )


def _months(period: Period) -> tuple[Period, ...]:
    return (period,) if period.cadence is Cadence.MONTH else period.split("month")


def _stretch(conn: Connection, occasion: Occasion, period: Period) -> Stretch:
    text = str(period)
    entries = recall_roll(conn, text)
    if not entries:
        return Stretch(period.label)
    there = Occasion(occasion.office, period, occasion.run, occasion.now)
    findings = judged_findings(conn, there)
    return Stretch(
        f"T{period.first % 12 + 1}/{period.first // 12}",
        entries,
        recall_cards(conn, text),
        [(unit, finding) for unit, found in findings.items() for finding in found],
        recall_tasks(conn, text),
        recall_tasks(conn, str(period.next())),
    )


def paper_head(conn: Connection, occasion: Occasion) -> dict[str, Any]:
    """What stands around a paper: whose it is, of when, and whether it was approved."""
    settings, period = occasion.office.settings, occasion.period
    cycle = recall_cycle(conn, occasion.period_text)
    approved = cycle is not None and cycle.state in (CycleState.APPROVED, CycleState.CLOSED)
    today = occasion.today
    return {
        "office": plain(settings.name, 120),
        "parent": "",
        "province": plain(settings.province, 60),
        "signer": plain(settings.signer, 80),
        "signer_title": "Thủ trưởng cơ quan",
        "number": "…/BC-TĐKT",
        "day": f"{today.day:02}",
        "month": f"{today.month:02}" if today.month < 3 else str(today.month),
        "year": str(today.year),
        "period": occasion.period_text,
        "period_label": period.label,
        "previous_label": period.previous().label,
        "months": len(_months(period)),
        "provisional": not approved,
        "title": "BÁO CÁO",
        "about": f"{SUBJECT[0].upper()}{SUBJECT[1:]} {period.label}",
    }


def sheet_payloads(
    conn: Connection, occasion: Occasion, only: Collection[str] | None = None
) -> dict[str, dict[str, Any]]:
    """Form 01 of every cadre (of these units) who has a card, by code."""
    cadres = {cadre.code: cadre for cadre in recall_cadres(conn, only)}
    units, head = recall_units(conn), paper_head(conn, occasion)
    said = {one.unit: one for one in recall_submissions(conn, occasion.period_text, only)}
    # Form 01 is of a period that was scored itself, not of one made of others.
    return {
        card.cadre: sheet_payload(
            head, occasion, cadres[card.cadre], units[card.unit], card, said.get(card.unit)
        )
        for card in cards_with_reasons(conn, occasion, only)
        if card.cadre in cadres and card.unit in units and not is_rolled(card)
    }


def sheet_payload(
    head: Mapping[str, Any],
    occasion: Occasion,
    cadre: Cadre,
    unit: Unit,
    card: Scorecard,
    said: Submission | None,
) -> dict[str, Any]:
    """One person's result in the layout of form 01 of Decree 335/2025."""
    rubric = occasion.regulation.general
    marks = {row.rater: row for row in _rows_of(said, cadre.code)}
    own, given = marks.get("tu_cham"), marks.get("tham_quyen")
    criteria: list[dict[str, Any]] = [
        {
            "code": one.code,
            "name": plain(one.name, 160),
            "most": one.most,
            "own": getattr(own, one.field, None),
            "given": getattr(given, one.field, None),
        }
        for one in rubric.criteria
    ]
    return {
        **head,
        "form": "01",
        "title": "PHIẾU THEO DÕI, ĐÁNH GIÁ CÔNG CHỨC",
        "code": cadre.code,
        "name": plain(cadre.name, 80),
        "post": plain(cadre.post, 120),
        "unit_name": plain(unit.name, 120),
        "criteria": criteria,
        "most": rubric.most,
        "own_sum": _sum([row["own"] for row in criteria]),
        "given_sum": _sum([row["given"] for row in criteria]),
        "status_words": STATUS[card.status],
        "card": card_block(card),
    }


def _rows_of(said: Submission | None, cadre: str) -> list[Any]:
    return [row for row in said.rows("general") if row.cadre == cadre] if said else []


def _sum(marks: Sequence[int | None]) -> int | None:
    known = [mark for mark in marks if mark is not None]
    return sum(known) if known else None
