"""Inviting: each unit on the roll gets its form by letter, once; each rater their slips."""

from __future__ import annotations

from flows.agenda import step
from tasks.call_roll import call_roll
from tasks.email_summaries import rehearse
from tasks.invite import invite, post_invitations, post_slips
from tasks.issue_forms import must_have_a_form
from tasks.occasion import Occasion
from tasks.slips import mail_slips, units_with_slips


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


def invite_raters(occasion: Occasion, units: tuple[str, ...] = (), *, send: bool = True) -> int:
    """The raters of these units, or of all that mark on slips. Returns how many letters are new."""
    written: int = step(mail_slips, occasion, units_with_slips(occasion, units))
    step(post_slips if send else rehearse, occasion)
    return written
