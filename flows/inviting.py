"""Inviting: each unit on the roll gets its form by letter, once."""

from __future__ import annotations

from flows.agenda import step
from tasks.call_roll import call_roll
from tasks.email_summaries import rehearse
from tasks.invite import invite, post_invitations
from tasks.issue_forms import must_have_a_form
from tasks.occasion import Occasion


def invite_units(
    occasion: Occasion,
    *,
    units: tuple[str, ...] | None = None,
    draft: bool = False,
    send: bool = True,
) -> int:
    """For these units only, or as a trial round, if wanted. Returns how many are new."""
    must_have_a_form(occasion)
    step(call_roll, occasion)
    invited: int = step(invite, occasion, units, draft)
    step(post_invitations if send else rehearse, occasion)
    return invited
