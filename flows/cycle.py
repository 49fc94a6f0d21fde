"""The review cycle: the same agenda for a month as for a term.

    review_cycle(occasion, send=True)   -> Standing, what the period came to

Every step works on a batch of units, finds its place in the book, and may be run again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from prefect import Task

from flows.agenda import (
    Progress,
    all_hands,
    call_hands,
    each_batch,
    keeps_pace,
    silent,
    step,
)
from flows.lots import Lots, lots_of
from review.period import Cadence
from review.standing import Standing
from tasks.anchor import anchor
from tasks.answer import answer, note_answered, post_answers
from tasks.appeals import open_corrections
from tasks.call_roll import RollCall, call_roll, must_have_units
from tasks.collect import collect, waiting
from tasks.email_summaries import email_summaries, ready_to_send, rehearse
from tasks.find_copies import find_copies
from tasks.find_resent import find_resent
from tasks.footings import keep_underfoot, underfoot
from tasks.issue_forms import must_have_a_form
from tasks.leaders import tell_leaders
from tasks.mailbox import collect_mail
from tasks.occasion import Occasion
from tasks.reading import reading_here
from tasks.report import report, report_to_office
from tasks.roll_up import roll_up
from tasks.score import score
from tasks.take_stock import take_stock
from tasks.update_plans import update_plans
from tasks.validate import validate
from tasks.weigh_plans import weigh_plans

BY_ITSELF = "Chu trình đánh giá"  # who opens a case when no person does
SCORING: Mapping[Cadence, tuple[Task[..., Any], ...]] = {
    Cadence.MONTH: (score,),
    Cadence.QUARTER: (score, roll_up),  # of units measured by quarters, and of all others
}  # longer periods are made of these

BESIDES: Mapping[Cadence, tuple[Task[..., Any], ...]] = {  # what a longer period ends with
    cadence: (tell_leaders,) for cadence in Cadence if cadence is not Cadence.MONTH
}


def review_cycle(
    occasion: Occasion, *, send: bool = False, progress: Progress = silent
) -> Standing:
    """Raises what a step could not do; what was kept before it stays kept."""
    if send:
        ready_to_send(occasion)
    with all_hands(occasion.office):
        take_in(occasion, progress)
        lots = settle(occasion, progress)
        each_batch(report, occasion, batches=lots, progress=progress)
    step(report_to_office, occasion)
    for duty in BESIDES.get(occasion.period.cadence, ()):
        step(duty, occasion)
    step(note_answered, occasion)
    posted = step(email_summaries if send else rehearse, occasion)
    step(anchor, occasion)
    standing: Standing = step(take_stock, occasion)
    return standing.with_faults(posted.faults) if send else standing


def take_in_and_answer(
    occasion: Occasion, *, send: bool = True, progress: Progress = silent
) -> None:
    """Between cycles: what came is taken in, checked and answered within the run."""
    take_in(occasion, progress)
    step(answer, occasion)
    step(post_answers if send else rehearse, occasion)


def settle(occasion: Occasion, progress: Progress = silent) -> Lots:
    """What the reports that stand come to: scores, plans, figures. Returns the units as letters to
    them will be written, lot by lot."""
    work, footing = occasion.office.settings.work, underfoot(occasion)
    roll = must_have_units(step(call_roll, occasion), occasion)
    for duty in (*SCORING.get(occasion.period.cadence, (roll_up,)), update_plans):
        each_batch(duty, occasion, batches=lots_of(duty, roll, work), progress=progress)
    step(weigh_plans, occasion)
    keep_underfoot(occasion, footing)
    step(open_corrections, occasion, BY_ITSELF)
    return lots_of(report, roll, work)


def take_in(occasion: Occasion, progress: Progress = silent) -> None:
    """The part of the cycle that also runs between cycles: the roll, what came, its checks."""
    must_have_a_form(occasion)
    roll: RollCall = step(call_roll, occasion)
    work = occasion.office.settings.work
    call_hands(then := len(roll.batches(work.batch)))
    desks = work.processes
    with reading_here(keeps_pace(desks)):
        step(collect, occasion)
        step(collect_mail, occasion)
        batches = step(waiting, occasion)
    each_batch(validate, occasion, batches=batches, desks=desks, then=then, progress=progress)
    step(find_resent, occasion)
    step(find_copies, occasion)
