"""What a report tells of the plans and of the way to its results, gathered from the book.

plans_in(conn, occasion)      -> the section of review.report_plans, {} where nothing was weighed
course_of(conn, occasion)     -> the periods within, each with its mean: how the result came about
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import Connection

from review.period import Cadence
from review.report_plans import plans_section
from tasks.occasion import Occasion
from tasks.titles import propose
from tdkt_models.means import mean_of
from tdkt_models.plan_counts import count_followed, count_proposed
from tdkt_models.plan_measures import recall_measures

WITHIN = {
    Cadence.QUARTER: Cadence.MONTH,
    Cadence.HALF: Cadence.QUARTER,
    Cadence.YEAR: Cadence.QUARTER,
    Cadence.TERM: Cadence.YEAR,
}


def plans_in(conn: Connection, occasion: Occasion) -> dict[str, Any]:
    period = occasion.period
    return plans_section(
        recall_measures(conn, str(period)),
        recall_measures(conn, str(period.previous())),
        count_proposed(conn, str(period)),
        count_followed(conn, str(period)),
        period.next().label,
    )


def course_of(conn: Connection, occasion: Occasion) -> list[list[Any]]:
    """Label, persons with a result, their mean; only of periods that have any."""
    shorter = WITHIN.get(occasion.period.cadence)
    if shorter is None:
        return []
    means = [(part.label, mean_of(conn, str(part))) for part in occasion.period.split(shorter)]
    return [[label, mean.persons, mean.points] for label, mean in means if mean.persons]


def titles_in(conn: Connection, occasion: Occasion) -> list[list[Any]]:
    """Of a year: each title with how many were proposed and how many of them meet its conditions,
    as far as the book knows."""
    if occasion.period.cadence is not Cadence.YEAR:
        return []
    cases = propose(conn, occasion)
    names = occasion.regulation.title_names
    proposed = Counter(case.nominee.title for case in cases)
    able = Counter(case.nominee.title for case in cases if case.eligible)
    return [[names[key], proposed[key], able[key]] for key in names if proposed[key]]
