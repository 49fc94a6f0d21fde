"""Send the letters that are due, of any period; two runs at once send nothing twice."""

from __future__ import annotations

from prefect import flow

from flows.agenda import step
from flows.fields import AnyPeriodText, Mode, ModeChoice
from flows.naming import named
from flows.opening import occasion_of
from review.period import Cadence
from tasks.email_summaries import email_summaries, rehearse
from tasks.office import Office


@flow(
    name="post-letters",
    description="Gửi các thư đến hạn trong sổ thư.",
    flow_run_name=named("Gửi thư"),
    validate_parameters=True,
)
def post_letters(period: AnyPeriodText = "", mode: ModeChoice = Mode.SEND) -> dict[str, int]:
    """Drains the ledger: what was queued of any period, and letters that tell a decision; with a
    period, all that is written of it. Returns how many letters ended how.
    """
    occasion = occasion_of(Office.at(), period, Cadence.MONTH)
    if mode is Mode.REHEARSE:
        return {"rehearsed": step(rehearse, occasion)}
    posted = step(email_summaries, occasion, not period.strip())
    ends = {"sent": posted.sent, "failed": posted.failed, "in_doubt": posted.in_doubt}
    return {**ends, "later": posted.later, "held": posted.held}
