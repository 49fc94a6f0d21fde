"""Send the letters that are due, of any period; two runs at once send nothing twice."""

from __future__ import annotations

from prefect import flow

from flows.agenda import step
from flows.opening import occasion_of
from review.period import Cadence
from tasks.email_summaries import email_summaries
from tasks.office import Office


@flow(name="post-letters", description="Gửi các thư đến hạn trong sổ thư.")
def post_letters() -> dict[str, int]:
    """Drains the ledger of what was queued; returns how many letters ended how."""
    occasion = occasion_of(Office.at(), "", Cadence.MONTH)
    posted = step(email_summaries, occasion, True)
    ends = {"sent": posted.sent, "failed": posted.failed, "in_doubt": posted.in_doubt}
    return {**ends, "later": posted.later}
