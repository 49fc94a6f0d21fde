"""The quarter, the year and the term as a unit would report them, in an order that is accepted.

    entries = report_of(brief, random.Random(7))      by the cadence of brief.period
    fill(blank, answers(form, brief, entries))

What the blank brings from the last report is left as it stands, or closed where the unit has done
it: a careful one mostly has, a careless one mostly not (sample.characters).
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from review.brief import UnitBrief
from review.period import Cadence, Period
from sample.characters import character_of
from sample.entries import Entries, good_entries, programme_rows, signatures
from sample.movement_lines import awards, models, movements, reviews
from sample.quarterly_lines import (
    attention,
    inspections,
    meetings,
    moves,
    outcomes,
    self_study,
    training,
)
from sample.yearly_lines import (
    cluster,
    measure,
    needs,
    rating,
    setup,
    skills,
    sources,
    succession,
    titles,
    weakness,
)

NEVER_THINKS_OF_IT = 0.08  # units so careless have leaders who say nothing, most quarters


def report_of(brief: UnitBrief, rng: Random) -> Entries:
    """Everything one unit writes for the period of its brief, in good order."""
    period = Period.parse(brief.period)
    return FILLERS[period.cadence](brief, rng)


def quarter_entries(brief: UnitBrief, rng: Random) -> Entries:
    period, who = Period.parse(brief.period), character_of(brief.unit)
    moving = list(movements(brief, period, rng, who))
    officer = brief.cadres[-1].code if brief.cadres else ""
    quiet = who.care < NEVER_THINKS_OF_IT and rng.random() < 0.75
    return {
        "cover": signatures(brief, period, rng) | {"nil": "khong", "officer": officer},
        "attention": [attention(c, period, rng, quiet) for c in brief.cadres if c.leads],
        "outcomes": list(outcomes(brief, rng)),
        "programme": list(programme_rows(brief, period, rng)),
        "training": list(training(brief, period, rng, who)),
        "moves": list(moves(brief, period, rng)),
        "movements": moving,
        "reviews": list(reviews(brief, moving, period, rng, who)),
        "models": list(models(brief, moving, period, rng, who)),
        "awards": list(awards(brief, moving, period, rng, who)),
        "meetings": list(meetings(brief, period, rng, who)),
        "inspections": list(inspections(brief, period, rng, who)),
        "selfstudy": list(self_study(brief, rng, who)),
    }


def year_entries(brief: UnitBrief, rng: Random) -> Entries:
    period, who = Period.parse(brief.period), character_of(brief.unit)
    told = "movements" in brief.before  # by the quarters: the blank brings it
    moving = [] if told else list(movements(brief, period, rng, who))
    vacant = who.lets_slip(rng, 0.08)
    return {
        "cover": signatures(brief, period, rng) | {"posts": max(1, len(brief.cadres)) + vacant},
        "setup": setup(brief, rng, who),
        "roster": [],  # as the office has it
        "skills": list(skills(brief, rng)),
        "programme": list(programme_rows(brief, period, rng)),
        "rating": [rating(cadre, rng) for cadre in brief.cadres],
        "succession": list(succession(brief, period, rng, who)),
        "sources": list(sources(brief, period, rng)),
        "movements": moving,
        "models": [] if told else list(models(brief, moving, period, rng, who)),
        "titles": list(titles(brief)),
        "cluster": list(cluster(rng)),
    }


def term_entries(brief: UnitBrief, rng: Random) -> Entries:
    period, who = Period.parse(brief.period), character_of(brief.unit)
    codes = ("M1", "M2", "M3.1", "M3.2", "M3.3", "M3.4", "M3.5", "M4")
    return {
        "cover": signatures(brief, period, rng) | {"posts": max(1, len(brief.cadres))},
        "measures": [measure(code, rng) for code in codes],
        "weaknesses": [weakness(f"W{n}", period, rng) for n in range(1, 16)],
        "programme": list(programme_rows(brief, period, rng)),
        "succession": list(succession(brief, period, rng, who)),
        "sources": list(sources(brief, period, rng)),
        "needs": list(needs(brief, rng)),
        "models": [] if "models" in brief.before else list(models(brief, [], period, rng, who)),
    }


FILLERS: dict[Cadence, Callable[[UnitBrief, Random], Entries]] = {
    Cadence.MONTH: good_entries,
    Cadence.QUARTER: quarter_entries,
    Cadence.YEAR: year_entries,
    Cadence.TERM: term_entries,
}
