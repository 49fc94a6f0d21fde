"""What the results of a period change in the plans: proposals kept, last plans followed up.

propose(conn, occasion, ("03637",))        inside the transaction that closes the programme
weigh_plans.fn(occasion)                   the figures of the whole province, once a cycle
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from prefect import task
from sqlalchemy import Connection

from channels.plan_shelf import plan_rules_in_force
from review.brief import ProgrammeTask
from review.cadres import Cadre
from review.ground import Ground
from review.period import Cadence, Period
from review.plan_figures import figures
from review.plans import Action, Outcome, PlanKind, PlanLine, ProposedChange, reconciled
from review.proposals import proposals
from review.reported import reported
from review.scorecard import Scorecard
from review.submission import Submission
from tasks.occasion import Occasion
from tdkt_models.cadres import recall_cadres
from tdkt_models.period_scores import recall_period_scores
from tdkt_models.plan_measures import keep_measures
from tdkt_models.plans import keep_changes, note_outcomes, recall_changes, recall_lines
from tdkt_models.programme import recall_tasks
from tdkt_models.roll import recall_roll
from tdkt_models.scores import recall_cards
from tdkt_models.submissions import recall_submissions

MONTHS_SHEETS = ("work", "general")  # of a month's report, what plans are made from
DONE = "Căn cứ đưa việc này vào kế hoạch không còn."
NOT_DONE = "Căn cứ vẫn còn: {says}"


def propose(conn: Connection, occasion: Occasion, units: Collection[str]) -> int:
    """Returns how many proposals stand. Running it twice leaves the same book."""
    kinds = plan_rules_in_force(occasion.period_text).kinds.get(occasion.period.cadence, ())
    if not kinds or not units:
        return 0
    planned = _planned(conn, occasion, kinds, units)
    ground = ground_of(conn, occasion, units, planned)
    fresh = proposals(ground, kinds)
    known = recall_changes(conn, source=occasion.period_text, units=units)
    changes = reconciled(known, _beside_the_plan(conn, fresh, known))
    keep_changes(conn, changes, occasion.stamp, source=occasion.period_text, units=units)
    note_outcomes(conn, _followed(planned.values(), fresh))
    return len(changes)


def ground_of(
    conn: Connection,
    occasion: Occasion,
    units: Collection[str] | None,
    planned: Mapping[tuple[str, str, str], PlanLine] | None = None,
) -> Ground:
    """What the book says of these units (of all, if None) for the period and its parts."""
    period, regulation = occasion.period, occasion.regulation
    rules = plan_rules_in_force(occasion.period_text)
    cadres = [c for c in recall_cadres(conn, units) if c.active_in(period.start, period.end)]
    return Ground(
        period=period,
        rules=rules,
        retirement=regulation.retirement,
        cadres=cadres,
        told=reported(
            _submissions(conn, occasion, units),
            regulation.places,
            {cadre.code: cadre for cadre in cadres},
            rules.texts,
            regulation.general,
        ),
        cards={card.cadre: card for card in _cards(conn, occasion.period_text, units)},
        tasks=_tasks(conn, [p for p in parts(period) if p.cadence is Cadence.MONTH], units),
        higher=_tasks(conn, [p for p in parts(period) if p.cadence is not Cadence.MONTH], units),
        entries=[
            entry
            for month in parts(period)
            if month.cadence is Cadence.MONTH
            for entry in recall_roll(conn, str(month), units)
        ],
        planned=planned,
    )


def _cards(conn: Connection, period: str, units: Collection[str] | None) -> list[Scorecard]:
    """A month's cards, or the results that a longer period was rolled up to."""
    return recall_cards(conn, period, units) or [
        score.as_card() for score in recall_period_scores(conn, period, units)
    ]


def parts(period: Period) -> tuple[Period, ...]:
    """The period and every shorter one within it that reports are made for."""
    shorter = [c for c in Cadence if c.months < period.cadence.months]
    within = [part for cadence in shorter for part in period.split(cadence)]
    return (*within, period)


def _submissions(
    conn: Connection, occasion: Occasion, units: Collection[str] | None
) -> list[Submission]:
    """The standing reports of the period and its parts; of months only what plans need."""
    found: list[Submission] = []
    for part in parts(occasion.period):
        sheets = MONTHS_SHEETS if part.cadence is Cadence.MONTH else None
        found += recall_submissions(conn, str(part), units, sheets=sheets)
    return found


def _tasks(
    conn: Connection, periods: Sequence[Period], units: Collection[str] | None
) -> list[ProgrammeTask]:
    return [task for period in periods for task in recall_tasks(conn, str(period), units)]


def _planned(
    conn: Connection, occasion: Occasion, kinds: Sequence[str], units: Collection[str]
) -> dict[tuple[str, str, str], PlanLine]:
    """The lines that these units had in the plans of the period and of its parts."""
    return {
        (kind, line.unit, line.key): line
        for part in parts(occasion.period)
        for kind in kinds
        for line in recall_lines(conn, PlanKind(kind), str(part))
        if line.unit in units
    }


def _followed(planned: Collection[PlanLine], fresh: Sequence[ProposedChange]) -> list[PlanLine]:
    """A line whose cause is found again was not done; one whose cause has gone was."""
    again = {(c.line.kind, *c.line.place): c.says for c in fresh}
    return [
        replace(line, outcome=Outcome.NOT_DONE, outcome_says=NOT_DONE.format(says=says))
        if (says := again.get((line.kind, *line.place)))
        else replace(line, outcome=Outcome.DONE, outcome_says=DONE)
        for line in planned
    ]


def _beside_the_plan(
    conn: Connection, fresh: Sequence[ProposedChange], known: Sequence[ProposedChange]
) -> list[ProposedChange]:
    """A place that another review has filled already is a change of that line; the same line is
    no proposal at all."""
    mine = {change.natural for change in known}
    plans = {(change.line.kind, change.line.period) for change in fresh}
    there = {
        (kind, period, *line.place): line
        for kind, period in plans
        for line in recall_lines(conn, kind, period)
    }
    result = []
    for change in fresh:
        line = there.get((change.line.kind, change.line.period, *change.line.place))
        if change.natural in mine or line is None:
            result.append(change)
        elif line != change.line:
            result.append(replace(change, action=Action.CHANGE))
    return result


@task(name="Cân đối kế hoạch toàn tỉnh")
def weigh_plans(occasion: Occasion) -> int:
    """Returns how many figures were kept."""
    kinds = plan_rules_in_force(occasion.period_text).kinds.get(occasion.period.cadence, ())
    with occasion.office.book() as book:
        with book.reading() as conn:
            ground = ground_of(conn, occasion, None)
            past = _exits_of(conn, occasion)
        found = figures(ground, [PlanKind(kind) for kind in kinds], past, terms(occasion))
        with book.writing() as conn:
            keep_measures(conn, occasion.period_text, found, occasion.stamp)
    return sum(len(some) for some in found.values())


def terms(occasion: Occasion) -> tuple[Period, ...]:
    """This term and the next."""
    first = occasion.office.settings.term_first_year
    this = Period.containing(occasion.period.end, Cadence.TERM, first)
    return this, this.next()


def _exits_of(conn: Connection, occasion: Occasion) -> list[Cadre]:
    """Everyone who ever served up to the period's end: who left tells the attrition."""
    return [c for c in recall_cadres(conn) if c.since is None or c.since <= occasion.period.end]
