"""The people of a report as the book gives them: a month's some units at a time.

    everyone = people_of(conn, occasion)
    everyone.units, everyone.of(["03637"])      see review/report_people.py

Of a month a country's people are never in memory at once. The results of a longer period are held
whole: who was rolled up in one unit and scored in another is one person, told apart by looking at
all; of their months only the points are held.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection

from review.cadres import Cadre
from review.calibration import Rating
from review.defence_general import general_by, general_of
from review.dossier import dossiers
from review.period import Cadence, Period
from review.points import half_up
from review.report_people import UNMARKED, AtHand, Everyone, Marks, Person
from review.scorecard import Scorecard
from tasks.call_roll import in_batches
from tasks.defence import cards_in_force
from tasks.occasion import Occasion
from tasks.paper_head import months_of
from tasks.roll_up import rolls_now
from tasks.seals import as_scored
from tdkt_models.cadres import recall_cadres, recall_people
from tdkt_models.period_scores import units_with_results
from tdkt_models.scores import recall_totals
from tdkt_models.submissions import recall_submissions
from tdkt_models.units import recall_units


def people_of(conn: Connection, occasion: Occasion) -> Everyone:
    if occasion.period.cadence is Cadence.MONTH:
        return OfAMonth(conn, occasion, units_with_results(conn, occasion.period_text))
    months = [recall_totals(conn, str(month)) for month in months_of(occasion.period)]
    return AtHand(
        {card.cadre: card for card in results_of(conn, occasion)},
        {cadre.code: cadre for cadre in recall_cadres(conn)},
        {card.cadre: card.total for card in results_of(conn, before(occasion))},
        _marks_of_all(conn, occasion),
        [totals for totals in months if totals],
    )


def before(occasion: Occasion) -> Occasion:
    return replace(occasion, period=occasion.period.previous())


def results_of(conn: Connection, occasion: Occasion) -> Iterator[Scorecard]:
    """The period's own results, as approved once they are; of a longer one that has not been rolled
    up yet, what its parts come to now."""
    if occasion.period.cadence is Cadence.MONTH:
        units = units_with_results(conn, occasion.period_text)
        for some in in_batches(units, occasion.office.settings.work.batch):
            yield from cards_in_force(conn, occasion, some)
        return
    cards = cards_in_force(conn, occasion)
    if not cards:
        rolls = rolls_now(conn, occasion, list(recall_units(conn)))
        cards = [score.as_card() for score in rolls.scores() if score.due]
    yield from cards


@dataclass(frozen=True, slots=True)
class OfAMonth:
    """Everyone with a result of a month, recalled a batch of units at a time."""

    conn: Connection = field(repr=False)
    occasion: Occasion
    units: Sequence[str]

    def of(self, units: Sequence[str], *, marked: bool = False) -> Iterator[Person]:
        for some in in_batches(units, self.occasion.office.settings.work.batch):
            yield from self._batch(some, marked)

    def _batch(self, units: Sequence[str], marked: bool) -> Iterator[Person]:
        conn, occasion = self.conn, self.occasion
        place = {unit: at for at, unit in enumerate(units)}
        cards = cards_in_force(conn, occasion, units)
        codes = [card.cadre for card in cards]
        cadres = {cadre.code: cadre for cadre in recall_people(conn, codes)}
        old = recall_totals(conn, str(occasion.period.previous()), codes)
        marks = marks_in(conn, occasion, occasion.period, units) if marked else {}
        for card in sorted(cards, key=lambda card: (place[card.unit], card.cadre)):
            code = card.cadre
            told = marks.get(code, UNMARKED)
            yield Person(card, cadres.get(code), old.get(code), told, (card.total,))


def marks_in(
    conn: Connection, occasion: Occasion, month: Period, units: Sequence[str]
) -> dict[str, Marks]:
    """By cadre, the general criteria by self and by authority as a month's reports tell them."""
    found: dict[str, Marks] = {}
    regulation = occasion.regulation
    said = recall_submissions(conn, str(month), units, sheets=["general"])
    for one in as_scored(conn, replace(occasion, period=month), said):
        for code, told in dossiers(one, regulation).items():
            given = general_by(told, regulation)
            mean = half_up(given.sum, given.raters) if given else None
            found[code] = general_of(told.own, regulation), mean
    return found


def ratings_of(conn: Connection, occasion: Occasion, everyone: Everyone) -> Iterator[Rating]:
    """What each authority gave each person of their unit."""
    if isinstance(everyone, AtHand):
        yield from _ratings(everyone.marks, everyone.cadres.values())
        return
    batch = occasion.office.settings.work.batch
    for some in in_batches(sorted(recall_units(conn)), batch):
        marks = marks_in(conn, occasion, occasion.period, some)
        yield from _ratings(marks, recall_people(conn, list(marks)))


def _ratings(marks: Mapping[str, Marks], people: Iterable[Cadre]) -> Iterator[Rating]:
    for cadre in people:
        own, given = marks.get(cadre.code, UNMARKED)
        if given is not None:
            yield Rating(cadre.unit, cadre.code, given, own)


def _marks_of_all(conn: Connection, occasion: Occasion) -> dict[str, Marks]:
    """Of the latest month that tells them; the reports are read a batch of units at a time."""
    found: dict[str, Marks] = {}
    units = in_batches(sorted(recall_units(conn)), occasion.office.settings.work.batch)
    for month in months_of(occasion.period)[-3:]:
        for some in units:
            found |= marks_in(conn, occasion, month, some)
    return found
