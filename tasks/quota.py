"""The quota: who stays excellent in a period and who does not, drawn from the results in the book.

draw_quota.fn(occasion)                                          -> Drawn, kept but not applied
choose_in_tie(occasion, ["A-07"], who="Lò Văn A", why="…")       -> Drawn, with the tie broken
not_waiting(occasion, ["A-11"], who="Lò Văn A", why="…")         -> Drawn without waiting for A-11
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from prefect import task
from sqlalchemy import Connection

from channels.errors import ChannelRefused
from review.quota import CapReading
from review.quota_lists import Drawn, QuotaSettings, draw_lists, other_readings
from review.quota_people import People
from review.scorecard import Scorecard
from tasks.occasion import Occasion
from tdkt_models.audit import AuditEntry, keep_audit
from tdkt_models.period_scores import recall_standing
from tdkt_models.quotas import About, Choice, keep_choice, keep_lists, named, recall_choices
from tdkt_models.rated_people import recall_people
from tdkt_models.results import recall_results

EVERYONE = "tat-ca"


@task(name="Tính tỷ lệ xuất sắc")
def draw_quota(occasion: Occasion) -> Drawn:
    """Draws the lists anew and keeps them; no grade changes before the results are approved, and
    the lists that were approved stay as they were."""
    with occasion.office.book() as book, book.writing() as conn:
        drawn = drawn_now(conn, occasion)
        if not recall_results(conn, occasion.period_text):
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
        _keep(conn, occasion, sorted(set(cadres)), About.TIE, who, why)
        drawn = drawn_now(conn, occasion)
        if left := [code for code in cadres if code in drawn.ties]:
            raise ChannelRefused(_not_fitting(drawn, left))
        keep_lists(conn, occasion.period_text, drawn.lists, occasion.stamp)
    return drawn


def not_waiting(occasion: Occasion, cadres: Collection[str], who: str, why: str) -> Drawn:
    """A person decides that the lists are drawn without these people's missing results (EVERYONE:
    without all that are missing). Raises ChannelRefused for anyone nobody waits for."""
    if not who.strip() or not why.strip():
        raise ChannelRefused("Quyết định không chờ phải ghi người quyết định (--by) và lý do.")
    with occasion.office.book() as book, book.writing() as conn:
        waiting = _waiting(conn, occasion)
        wanted = waiting if set(cadres) == {EVERYONE} else sorted(set(cadres))
        if strangers := [code for code in wanted if code not in waiting]:
            raise ChannelRefused(
                f"{', '.join(strangers)} không phải là người đang chờ kết quả "
                f"({', '.join(waiting[:20]) or 'không có ai'})."
            )
        _keep(conn, occasion, wanted, About.WAIT, who, why)
        drawn = drawn_now(conn, occasion)
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


def _given(conn: Connection, occasion: Occasion) -> tuple[People, QuotaSettings, frozenset[str]]:
    return recall_people(conn, occasion.period_text), *quota_terms(conn, occasion)


def quota_terms(conn: Connection, occasion: Occasion) -> tuple[QuotaSettings, frozenset[str]]:
    """The office's settings, with whom nobody waits for; and whom persons preferred in ties."""
    scoring, choices = occasion.office.settings.scoring, recall_choices(conn, occasion.period_text)
    settings = QuotaSettings(
        scoring.outstanding_units, scoring.merge_small_groups, named(choices, About.WAIT)
    )
    return settings, named(choices, About.TIE)


def _waiting(conn: Connection, occasion: Occasion) -> list[str]:
    """Those without a result in a list whose order they may still change."""
    return sorted({code for one in drawn_now(conn, occasion).lists for code in one.waiting})


def _keep(
    conn: Connection, occasion: Occasion, cadres: Collection[str], about: About, who: str, why: str
) -> None:
    for code in cadres:
        keep_choice(conn, Choice(occasion.period_text, code, who, why, about), occasion.stamp)
    what = {About.TIE: "quota.chosen", About.WAIT: "quota.not_waiting"}[about]
    detail = {"period": occasion.period_text, "why": why}
    keep_audit(conn, [AuditEntry(who, what, code, detail) for code in cadres], occasion.stamp)


def _not_fitting(drawn: Drawn, left: Collection[str]) -> str:
    wanted = next(one for one in drawn.lists if set(one.tied) & set(left))
    return (
        f"{wanted.name} còn {wanted.open_seats} chỗ cho {len(wanted.tied)} người bằng điểm "
        f"({', '.join(wanted.tied)}): hãy chọn đúng {wanted.open_seats} người trong một lần."
    )
