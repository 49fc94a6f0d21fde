"""The quota: who stays excellent in a period and who does not, drawn from the results in the book.

draw_quota.fn(occasion)                                          -> Drawn, kept but not applied
choose_in_tie(occasion, ["A-07"], who="Lò Văn A", why="…")       -> Drawn, with the tie broken
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from prefect import task
from sqlalchemy import Connection

from channels.errors import ChannelRefused
from review.quota import CapReading
from review.quota_lists import Drawn, QuotaSettings, Rated, draw_lists, other_readings
from review.scorecard import Scorecard
from tasks.occasion import Occasion
from tdkt_models.audit import AuditEntry, keep_audit
from tdkt_models.cadres import recall_cadres
from tdkt_models.period_scores import recall_standing
from tdkt_models.quotas import Choice, keep_choice, keep_lists, preferred, recall_choices


@task(name="Tính tỷ lệ xuất sắc")
def draw_quota(occasion: Occasion) -> Drawn:
    """Draws the lists anew and keeps them; no grade changes before the results are approved."""
    with occasion.office.book() as book, book.writing() as conn:
        drawn = drawn_now(conn, occasion)
        keep_lists(conn, occasion.period_text, drawn.lists, occasion.stamp)
    return drawn


def choose_in_tie(occasion: Occasion, cadres: Collection[str], who: str, why: str) -> Drawn:
    """A person's choice among those level at a cut. Raises ChannelRefused for anyone who is not."""
    if not who.strip() or not why.strip():
        raise ChannelRefused("Chọn người khi bằng điểm phải ghi người quyết định (--by) và lý do.")
    with occasion.office.book() as book, book.writing() as conn:
        ties = drawn_now(conn, occasion).ties
        if strangers := [code for code in cadres if code not in ties]:
            raise ChannelRefused(
                f"{', '.join(strangers)} không nằm trong số người bằng điểm chờ quyết định "
                f"({', '.join(ties) or 'không có ai'}). Xem: tdkt quota {occasion.period_text}"
            )
        for code in sorted(set(cadres)):
            choice = Choice(occasion.period_text, code, who, why)
            keep_choice(conn, choice, occasion.stamp)
            detail = {"period": occasion.period_text, "why": why}
            keep_audit(conn, [AuditEntry(who, "quota.chosen", code, detail)], occasion.stamp)
        drawn = drawn_now(conn, occasion)
        if left := [code for code in cadres if code in drawn.ties]:
            raise ChannelRefused(_not_fitting(drawn, left))
        keep_lists(conn, occasion.period_text, drawn.lists, occasion.stamp)
    return drawn


def drawn_now(conn: Connection, occasion: Occasion) -> Drawn:
    people, settings, choices = _given(conn, occasion)
    return draw_lists(people, occasion.regulation.cap, settings, choices)


def drawn_otherwise(conn: Connection, occasion: Occasion) -> Mapping[CapReading, Drawn]:
    """What the readings that are not in force would do."""
    people, settings, choices = _given(conn, occasion)
    return other_readings(people, occasion.regulation.cap, settings, choices)


def drawn_merged(conn: Connection, occasion: Occasion) -> Drawn:
    """What counting the small groups of all units together would do: an offer, not a rule."""
    people, settings, choices = _given(conn, occasion)
    merged = replace(settings, merged=True)
    return draw_lists(people, occasion.regulation.cap, merged, choices)


def results_now(conn: Connection, occasion: Occasion) -> list[Scorecard]:
    """The period's results as they stand: its cards, or what was made of the periods within."""
    return recall_standing(conn, occasion.period_text)


def _given(
    conn: Connection, occasion: Occasion
) -> tuple[list[Rated], QuotaSettings, frozenset[str]]:
    duties = {cadre.code: cadre.duties for cadre in recall_cadres(conn)}
    scoring = occasion.office.settings.scoring
    people = [Rated(card, duties.get(card.cadre, "")) for card in results_now(conn, occasion)]
    settings = QuotaSettings(scoring.outstanding_units, scoring.merge_small_groups)
    return people, settings, preferred(recall_choices(conn, occasion.period_text))


def _not_fitting(drawn: Drawn, left: Collection[str]) -> str:
    wanted = next(one for one in drawn.lists if set(one.tied) & set(left))
    return (
        f"{wanted.name} còn {wanted.open_seats} chỗ cho {len(wanted.tied)} người bằng điểm "
        f"({', '.join(wanted.tied)}): hãy chọn đúng {wanted.open_seats} người trong một lần."
    )
