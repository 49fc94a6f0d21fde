"""Tell a decision to whom it concerns: letters of their own, written when it is taken.

    tell_outcome(occasion, case)                        the person whose result was appealed
    tell_plans(conn, office, changes, decision, run)    the units whose plans were decided on

They go out with the next post, through the gate like any other (`flows/post.py`).
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from review.appeals import Appeal
from review.letters_decisions import appeal_outcome, plan_decisions
from review.period import Period
from review.plans import Decision, ProposedChange
from review.post import LetterKind
from tasks.occasion import Occasion
from tasks.office import Office
from tasks.report import keep_letters
from tasks.result_sheets import sheet_payloads
from tdkt_models.cadres import recall_cadre, recall_cadres
from tdkt_models.units import recall_units


def tell_outcome(occasion: Occasion, case: Appeal) -> int:
    """Returns how many letters are new: none for a person who is no longer in the roster or has no
    address to write to."""
    settings = occasion.office.settings
    locked = settings.content_of(LetterKind.APPEAL_OUTCOME) == "encrypted"
    with occasion.office.book() as book:
        with book.reading() as conn:
            cadre, units = recall_cadre(conn, case.cadre), recall_units(conn)
            own = sheet_payloads(conn, occasion, (case.unit,)) if locked else {}
        if cadre is None or not cadre.email or case.unit not in units:
            return 0
        annex = own.get(case.cadre)
        letter = appeal_outcome(settings, units[case.unit], cadre, case, annex=annex)
        with book.writing() as conn:
            return keep_letters(conn, occasion, [letter])


def tell_plans(
    conn: Connection,
    office: Office,
    changes: Sequence[ProposedChange],
    decision: Decision,
    run: str,
) -> int:
    """Returns how many letters are new."""
    whose = {change.line.unit for change in changes}
    units = recall_units(conn, whose)
    cadres = {cadre.code: cadre for cadre in recall_cadres(conn, whose)}
    new = 0
    for letter in plan_decisions(office.settings, units, cadres, changes, decision):
        occasion = Occasion(office, Period.parse(letter.period), run, decision.at)
        new += keep_letters(conn, occasion, [letter])
    return new
