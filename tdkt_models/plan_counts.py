"""The plans of a period in numbers, counted by the book itself: no line is read for them.

count_proposed(conn, "2026")     -> proposals that the review of 2026 wrote, by plan, cause, state
count_followed(conn, "2026")     -> what came of the lines that stood in the plans of 2026
"""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from review.plans import ChangeState, Outcome, PlanKind
from review.report_plans import Followed, Proposed
from tdkt_models.base import table_of
from tdkt_models.plan_outcomes import OutcomeRow
from tdkt_models.plans import PlanChangeRow


def count_proposed(conn: Connection, source: str) -> list[Proposed]:
    c = table_of(PlanChangeRow).c
    paid = func.sum(func.coalesce(c.line["cost"].as_integer(), 0))
    query = select(c.kind, c.measure, c.state, func.count(), paid).where(c.source == source)
    rows = conn.execute(query.group_by(c.kind, c.measure, c.state)).tuples()
    found = [Proposed(PlanKind(k), m, ChangeState(s), n, int(cost)) for k, m, s, n, cost in rows]
    return sorted(found, key=lambda one: (one.kind, one.measure, one.state))


def count_followed(conn: Connection, period: str) -> list[Followed]:
    """As the period's own review saw them."""
    c = table_of(OutcomeRow).c
    query = select(c.kind, c.outcome, func.count())
    query = query.where(c.period == period, c.review == period).group_by(c.kind, c.outcome)
    rows = conn.execute(query).tuples()
    found = [Followed(PlanKind(kind), Outcome(outcome), n) for kind, outcome, n in rows]
    return sorted(found, key=lambda one: (one.kind, one.outcome))
