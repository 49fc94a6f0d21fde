"""A period's report gathered from the book: figures, lines, and what stands beside them.

gathered = gather(conn, occasion)          while the reading transaction is open:
gathered.figures["roll"]["missing"]        -> 4, what the report as a paper is made of
gathered.lines["cards"]                    a line a person, made as they are gone through
gathered.whole()                           -> both in one, for an office's own workbook
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from channels.library import unit_rubrics
from review.brief import ProgrammeTask
from review.calibration import calibrate
from review.dossier import dossiers
from review.evidence import Measure
from review.findings import Finding
from review.period import Cadence, Period
from review.plans import PlanKind
from review.report import Stretch, figures_of, lines_of
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
from review.report_people import Everyone
from review.report_rows import Lines
from review.units import Unit
from tasks.call_roll import in_batches
from tasks.clusters import CLUSTER, standings
from tasks.clusters import rubric_of as cluster_rubric
from tasks.judged import findings_of_all
from tasks.occasion import Occasion
from tasks.paper_head import PapersRefused, months_of, paper_head
from tasks.plan_report import course_of, plans_in, titles_in
from tasks.quota import drawn_now
from tasks.report_people import before, people_of, ratings_of, results_of
from tasks.trace_rows import MOST_PEOPLE, trace_rows
from tdkt_models.cadres import recall_cadres, recall_people
from tdkt_models.plan_measures import recall_measures
from tdkt_models.plans import recall_changes
from tdkt_models.programme import recall_tasks
from tdkt_models.roll import recall_roll
from tdkt_models.submissions import recall_submissions
from tdkt_models.units import recall_units

MOST_WORKS = 20_000
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Gathered:
    """`figures` tell of all together, `lines` by table of each person, finding, task: they may come
    from the book only as they are read."""

    figures: dict[str, Any]
    lines: Mapping[str, Iterable[Row]]

    @property
    def people(self) -> int:
        on_roll: int = self.figures["persons"]["on_roll"]
        return on_roll

    def whole(self) -> dict[str, Any]:
        return {**self.figures, **{name: list(rows) for name, rows in self.lines.items()}}


def report_payload(
    conn: Connection, occasion: Occasion, number: str = "", *, traced: bool = False
) -> dict[str, Any]:
    """Figures and lines of a period in one value. Raises PapersRefused where there are none."""
    return gather(conn, occasion, number, traced=traced).whole()


def report_figures(conn: Connection, occasion: Occasion, number: str = "") -> dict[str, Any]:
    """Without a line of anybody. Raises PapersRefused where there are none."""
    return gather(conn, occasion, number).figures


def gather(
    conn: Connection, occasion: Occasion, number: str = "", *, traced: bool = False
) -> Gathered:
    """What the book has of a period now; if `traced`, also every product that was counted in a
    month and the reasons of every point. Raises PapersRefused where there is nothing."""
    period = occasion.period
    parts = _stretches(conn, occasion, period)
    earlier = _stretches(conn, occasion, period.previous())
    if not any(part.entries for part in parts):
        raise PapersRefused(
            f"Sổ chưa có số liệu của {period.label}; hãy chạy “tdkt collect” trước."
        )
    parts = [part for part in parts if part.entries]
    units, everyone = recall_units(conn), people_of(conn, occasion)
    old = results_of(conn, before(occasion))
    head, today = paper_head(conn, occasion, number), occasion.today
    figures = figures_of(
        head,
        parts,
        [part for part in earlier if part.entries],
        everyone,
        old,
        units=units,
        today=today,
    )
    figures |= _beside(conn, occasion, parts, everyone, units)
    drawn = drawn_now(conn, occasion)
    seats = seat_words(drawn.excellent, drawn.ties, drawn.displaced)
    few = traced and figures["persons"]["on_roll"] <= MOST_PEOPLE
    scored = figures["persons"]["scored"]
    lines: dict[str, Iterable[Row]] = {
        **lines_of(parts, everyone, units=units, today=today),
        "ranking": Lines(lambda: ranking(everyone, units, seats)) if scored else (),
        "traces": Lines(lambda: trace_rows(conn, occasion)) if few else (),
        "works": _works(conn, occasion, units) if traced else (),
    }
    return Gathered(figures, lines)


def _beside(
    conn: Connection,
    occasion: Occasion,
    parts: list[Stretch],
    everyone: Everyone,
    units: Mapping[str, Unit],
) -> dict[str, Any]:
    period, same_from = occasion.period, occasion.regulation.insight.same_score_from
    changes = recall_changes(conn, source=occasion.period_text, most=MOST_CHANGES)
    told_of = recall_people(conn, sorted({change.line.subject for change in changes} - {""}))
    figures = recall_measures(conn, occasion.period_text)
    return {
        "plans": plans_in(conn, occasion),
        "course": course_of(conn, occasion),
        "titles": titles_in(conn, occasion),
        "changes": change_rows(changes, units, {cadre.code: cadre for cadre in told_of}),
        "measures": measure_rows(figures, recall_measures(conn, str(period.previous()))),
        "fan": _fan(conn, occasion, figures),
        "raters": rater_rows(calibrate(ratings_of(conn, occasion, everyone), same_from), units),
        "month_labels": [part.label for part in parts],
        "khoi": _cluster_table(conn, occasion),
    }


def _fan(
    conn: Connection, occasion: Occasion, figures: Mapping[PlanKind, list[Measure]]
) -> list[dict[str, Any]]:
    end = occasion.period.end
    serving = sum(
        cadre.active_in(end, end)
        for some in _batches(conn, occasion)
        for cadre in recall_cadres(conn, some)
    )
    return fan(figures, serving)


def _works(conn: Connection, occasion: Occasion, units: Mapping[str, Unit]) -> list[dict[str, Any]]:
    if occasion.period.cadence is not Cadence.MONTH:
        return []
    found: list[dict[str, Any]] = []
    for some in _batches(conn, occasion):
        for said in recall_submissions(conn, occasion.period_text, some, sheets=["work"]):
            told = dossiers(said, occasion.regulation)
            cadres = {cadre.code: cadre for cadre in recall_people(conn, list(told))}
            found += work_rows(said.unit, told, units, cadres, occasion.regulation)
        if len(found) > MOST_WORKS:
            return []  # a workbook of a country's products is none that anybody reads
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


def _stretches(conn: Connection, occasion: Occasion, period: Period) -> list[Stretch]:
    """The months within, and of units measured by quarters their quarters."""
    found = [_stretch(conn, occasion, one) for one in months_of(period)]
    scoring = occasion.office.settings.scoring
    if scoring.some_by_quarter and period.cadence is not Cadence.MONTH:
        for quarter in period.split(Cadence.QUARTER):
            whole = _stretch(conn, occasion, quarter)
            theirs = [e for e in whole.entries if scoring.by_quarter(e.unit, quarter)]
            units = frozenset(entry.unit for entry in theirs)
            findings = _only_of(units, whole.findings)
            found.append(replace(whole, entries=theirs, findings=findings))
    return found


def _only_of(
    units: frozenset[str], findings: Iterable[tuple[str, Finding]]
) -> Lines[tuple[str, Finding]]:
    return Lines(lambda: (pair for pair in findings if pair[0] in units))


def _stretch(conn: Connection, occasion: Occasion, period: Period) -> Stretch:
    """Units a line each; their findings and tasks as they are gone through."""
    entries = recall_roll(conn, str(period))
    if not entries:
        return Stretch(period.label)
    there = Occasion(occasion.office, period, occasion.run, occasion.now)

    def tasks(of: Period) -> Iterator[ProgrammeTask]:
        for some in _batches(conn, occasion):
            yield from recall_tasks(conn, str(of), some)

    return Stretch(
        f"T{period.first % 12 + 1}/{period.first // 12}"
        if period.cadence is Cadence.MONTH
        else period.label,
        entries,
        findings=Lines(lambda: findings_of_all(conn, there)),
        closed=Lines(lambda: tasks(period)),
        following=Lines(lambda: tasks(period.next())),
    )


def _batches(conn: Connection, occasion: Occasion) -> list[tuple[str, ...]]:
    return in_batches(sorted(recall_units(conn)), occasion.office.settings.work.batch)
