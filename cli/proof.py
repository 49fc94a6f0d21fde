"""Who gives a decision at the command line: once the office has issued cards, a code proves it.

    who = proven(office, Power.APPROVE, who)        asks for the code the card owes; the name on it

The code is asked for at the prompt and never taken from the command's words, which other accounts
of the machine and the shell's history could read. An office without any card goes by the account.
"""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import click

from review.powers import Power, Proof, same_person
from tasks.office import Office


def proven(office: Office, power: Power, who: str) -> str:
    """The name as the card has it. Raises ClickException where it is not proved; then nothing was
    changed but the code, which is used up."""
    from review.period import Cadence, period_due_on
    from tasks.cards import any_card, give_back_codes, judge_code, wanted_codes
    from tasks.occasion import Occasion

    if not any_card(office):
        return who.strip()
    if not who.strip():
        raise click.ClickException("Cần ghi người quyết định: --by HỌ-TÊN (như trên thẻ).")
    now = datetime.now(UTC)
    period = period_due_on(now, Cadence.MONTH, office.settings.time_zone)
    occasion = Occasion(office, period, f"tdkt-{uuid4().hex[:12]}", now)
    asking = f"{occasion.run}/1"
    wanted = wanted_codes(occasion, power, asking)
    mine = next((one for one in wanted if same_person(one.approver.name, who)), None)
    try:
        if mine is None:
            raise click.ClickException(
                f"{who.strip()} không có thẻ còn mã để {power.label}. Xem: tdkt token list"
            )
        typed = click.prompt(f"Mã số {mine.n} trên thẻ của {mine.approver.name}", hide_input=True)
        judged = judge_code(occasion, asking, mine.approver.name, typed)
    finally:
        give_back_codes(office, asking)
    if judged.proof is not Proof.RIGHT:
        raise click.ClickException(judged.says)
    return judged.who
