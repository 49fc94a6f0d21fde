"""A period's report gathered from the book: figures, rows, and what stands beside them.

report_payload(conn, occasion)["roll"]["missing"]       -> 4
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from channels.library import unit_rubrics
from review.cadres import Cadre
from review.calibration import Rating, calibrate
from review.defence_general import general_by, general_of
from review.dossier import dossiers
from review.period import Cadence, Period
from review.points import half_up
from review.report import Stretch, report_of
from review.report_beside import (
    MOST_CHANGES,
    change_rows,
    cluster_table,
    fan,
    measure_rows,
    ranking,
    rater_rows,
    seat_words,
    work_rows,
)
from review.scorecard import Scorecard
from review.units import Unit
from tasks.clusters import CLUSTER, standings
from tasks.clusters import rubric_of as cluster_rubric
from tasks.defence import cards_in_force
from tasks.judged import judged_findings
from tasks.occasion import Occasion
from tasks.paper_head import PapersRefused, months_of, paper_head
from tasks.plan_report import course_of, plans_in, titles_in
from tasks.quota import drawn_now
from tasks.roll_up import rolls_now
from tasks.seals import as_scored
from tasks.trace_rows import trace_rows
from tdkt_models.cadres import recall_cadres
from tdkt_models.plan_measures import recall_measures
from tdkt_models.plans import recall_changes
from tdkt_models.programme import recall_tasks
from tdkt_models.roll import recall_roll
from tdkt_models.scores import recall_cards
from tdkt_models.submissions import recall_submissions
from tdkt_models.units import recall_units

MOST_WORKS = 20_000
Marks = Mapping[str, tuple[int | None, int | None]]


def report_payload(
    conn: Connection, occasion: Occasion, number: str = "", *, traced: bool = False
) -> dict[str, Any]:
    """The figures of a period as the book has them now; if `traced`, also every product that was
    counted in a month and the reasons of every point. Raises PapersRefused where there are none."""
    period = occasion.period
    parts = _stretches(conn, occasion, period)
    earlier = _stretches(conn, occasion, period.previous())
    if not any(part.entries for part in parts):
        raise PapersRefused(
            f"Sổ chưa có số liệu của {period.label}; hãy chạy “tdkt collect” trước."
        )
    units = recall_units(conn)
    cadres = {cadre.code: cadre for cadre in recall_cadres(conn)}
    marks = _marks(conn, occasion)
    own = _of_the_period(conn, occasion)
    payload = report_of(
        paper_head(conn, occasion, number),
        [part for part in parts if part.entries],
        [part for part in earlier if part.entries],
        units=units,
        cadres=cadres,
        today=occasion.today,
        own=own,
        own_before=_of_the_period(conn, replace(occasion, period=period.previous())),
        marks=marks,
        traces=trace_rows(conn, occasion) if traced else (),
    )
    works = _works(conn, occasion, units, cadres) if traced else []
    return payload | _beside(conn, occasion, parts, own, units, cadres, marks) | {"works": works}


def _beside(
    conn: Connection,
    occasion: Occasion,
    parts: Sequence[Stretch],
    own: Mapping[str, Scorecard],
    units: Mapping[str, Unit],
    cadres: Mapping[str, Cadre],
    marks: Marks,
) -> dict[str, Any]:
    period = occasion.period
    changes = recall_changes(conn, source=occasion.period_text, most=MOST_CHANGES)
    figures = recall_measures(conn, occasion.period_text)
    serving = [cadre for cadre in cadres.values() if cadre.active_in(period.end, period.end)]
    monthly = [{card.cadre: card for card in part.cards} for part in parts if part.entries]
    drawn = drawn_now(conn, occasion)
    seats = seat_words(drawn.excellent, drawn.ties, drawn.displaced)
    return {
        "plans": plans_in(conn, occasion),
        "course": course_of(conn, occasion),
        "titles": titles_in(conn, occasion),
        "changes": change_rows(changes, units, cadres),
        "measures": measure_rows(figures, recall_measures(conn, str(period.previous()))),
        "fan": fan(figures, len(serving)),
        "raters": rater_rows(_raters(occasion, cadres, marks), units),
        "month_labels": [part.label for part in parts if part.entries],
        "ranking": ranking(units, cadres, own, monthly, seats),
        "khoi": _cluster_table(conn, occasion),
    }


def _works(
    conn: Connection, occasion: Occasion, units: Mapping[str, Unit], cadres: Mapping[str, Cadre]
) -> list[dict[str, Any]]:
    if occasion.period.cadence is not Cadence.MONTH:
        return []
    found: list[dict[str, Any]] = []
    for said in recall_submissions(conn, occasion.period_text, sheets=["work"]):
        if len(found) > MOST_WORKS:
            return []  # a workbook of a country's products is none that anybody reads
        found += work_rows(said.unit, dossiers(said, occasion.regulation), units, cadres)
    return found


def _raters(occasion: Occasion, cadres: Mapping[str, Cadre], marks: Marks) -> list[Any]:
    ratings = [
        Rating(cadres[code].unit, code, given, own)
        for code, (own, given) in marks.items()
        if given is not None and code in cadres
    ]
    return calibrate(ratings, occasion.regulation.insight.same_score_from)


def _marks(conn: Connection, occasion: Occasion) -> dict[str, tuple[int | None, int | None]]:
    """The general criteria by self and by authority, of the latest month that tells them."""
    found: dict[str, tuple[int | None, int | None]] = {}
    regulation = occasion.regulation
    for month in months_of(occasion.period)[-3:]:
        said = recall_submissions(conn, str(month), sheets=["general"])
        for one in as_scored(conn, replace(occasion, period=month), said):
            for code, told in dossiers(one, regulation).items():
                given = general_by(told, regulation)
                mean = half_up(given.sum, given.raters) if given else None
                found[code] = general_of(told.own, regulation), mean
    return found


def _cluster_table(conn: Connection, occasion: Occasion) -> dict[str, Any]:
    """A cluster scores its units by the year; a shorter period has no table, nor have older
    rules."""
    is_year = occasion.period.cadence is Cadence.YEAR
    if not is_year or CLUSTER not in unit_rubrics(occasion.regulation.code):
        return {}
    placed = {
        cluster: [(one.unit, one.score, one.place) for one in those]
        for cluster, those in standings(conn, occasion, CLUSTER).items()
    }
    return cluster_table(cluster_rubric(occasion, CLUSTER), placed)


def _of_the_period(conn: Connection, occasion: Occasion) -> dict[str, Scorecard]:
    """The period's own results by cadre, as approved once they are; of a longer one that has not
    been rolled up yet, what its parts come to now."""
    cards = cards_in_force(conn, occasion)
    if not cards and occasion.period.cadence is not Cadence.MONTH:
        rolls = rolls_now(conn, occasion, list(recall_units(conn)))
        cards = [score.as_card() for score in rolls.scores() if score.due]
    return {card.cadre: card for card in cards}


def _stretches(conn: Connection, occasion: Occasion, period: Period) -> list[Stretch]:
    """The months within, and of units measured by quarters their quarters."""
    found = [_stretch(conn, occasion, one) for one in months_of(period)]
    scoring = occasion.office.settings.scoring
    if scoring.some_by_quarter and period.cadence is not Cadence.MONTH:
        for quarter in period.split(Cadence.QUARTER):
            whole = _stretch(conn, occasion, quarter)
            theirs = [e for e in whole.entries if scoring.by_quarter(e.unit, quarter)]
            units = {entry.unit for entry in theirs}
            findings = [pair for pair in whole.findings if pair[0] in units]
            found.append(replace(whole, entries=theirs, findings=findings))
    return found


def _stretch(conn: Connection, occasion: Occasion, period: Period) -> Stretch:
    text = str(period)
    entries = recall_roll(conn, text)
    if not entries:
        return Stretch(period.label)
    there = Occasion(occasion.office, period, occasion.run, occasion.now)
    findings = judged_findings(conn, there)
    return Stretch(
        f"T{period.first % 12 + 1}/{period.first // 12}"
        if period.cadence is Cadence.MONTH
        else period.label,
        entries,
        recall_cards(conn, text),
        [(unit, finding) for unit, found in findings.items() for finding in found],
        recall_tasks(conn, text),
        recall_tasks(conn, str(period.next())),
    )
