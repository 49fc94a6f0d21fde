"""Invite: each unit's letter with its own pre-filled form, written into the ledger.

invite.fn(occasion, None)            -> 60 letters
post_invitations.fn(occasion)        posts them; whoever answers with the workbook is taken in
"""

from __future__ import annotations

from collections.abc import Collection

from prefect import task

from channels.errors import ChannelRefused
from review.form import DRAFT_MARK
from review.letters_mail import unit_invitation
from review.post import LetterKind, reader_of
from tasks.briefs import briefs
from tasks.call_roll import in_batches
from tasks.email_summaries import Posted, post_kinds
from tasks.enclosures import enclose
from tasks.issue_forms import must_have_a_form, presses
from tasks.occasion import Occasion
from tasks.report import keep_letters
from tdkt_models.letter_ledger import ledger
from tdkt_models.roll import recall_roll


@task(name="Viết thư mời gửi báo cáo")
def invite(occasion: Occasion, units: Collection[str] | None = None, draft: bool = False) -> int:
    """Writes an invitation to every unit on the roll (or those named) that has none yet; the roll
    must have been called. Returns how many. Raises ChannelRefused for a unit that is not on it."""
    must_have_a_form(occasion)
    mark = DRAFT_MARK if draft else ""
    office, period = occasion.office, occasion.period_text
    with office.book() as book:
        with book.reading() as conn:
            entries = {entry.unit: entry for entry in recall_roll(conn, period, units)}
            written = ledger(conn, period, kind=LetterKind.UNIT_INVITATION)
        if unknown := set(units or ()) - set(entries):
            raise ChannelRefused(f"Không có đơn vị mang mã {', '.join(sorted(unknown))} trong kỳ.")
        # Who was asked to try the form has not been invited yet; who was invited need not try it.
        invited = {
            reader_of(one.letter.person)
            for one in written
            if draft or not one.letter.payload.get("draft")
        }
        press, new = presses(occasion, draft), 0
        owing = [unit for unit in sorted(entries) if unit not in invited]
        for some in in_batches(owing, office.settings.work.batch):
            with book.reading() as conn:
                known = briefs(conn, occasion, some)
            letters = [
                unit_invitation(
                    office.settings,
                    known[unit].unit,
                    period,
                    due=entries[unit].due,
                    last_day=occasion.deadlines.locks,
                    enclosed=enclose(
                        office, f"{unit}_{period}{mark}.xlsx", press(unit)[1].blank(known[unit])
                    ),
                    draft=draft,
                )
                for unit in some
            ]
            with book.writing() as conn:
                new += keep_letters(conn, occasion, letters)
    return new


@task(name="Gửi thư mời")
def post_invitations(occasion: Occasion) -> Posted:
    return post_kinds(occasion, (LetterKind.UNIT_INVITATION,))


@task(name="Gửi phiếu chấm")
def post_slips(occasion: Occasion) -> Posted:
    return post_kinds(occasion, (LetterKind.SLIP_INVITATION,))
