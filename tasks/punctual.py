"""How complete and punctual units have been in the year, up to a period.

punctual.fn(occasion).province.completeness    -> 9333
"""

from __future__ import annotations

from prefect import task

from review.punctuality import Punctuality, punctuality
from review.roll import RollEntry
from tasks.occasion import Occasion
from tdkt_models.roll import recall_roll
from tdkt_models.units import recall_units


@task(name="Tính tỷ lệ đầy đủ, đúng hạn")
def punctual(occasion: Occasion) -> Punctuality:
    """Over the periods of the same kind since the year began, this one included."""
    period, entries = occasion.period, list[RollEntry]()
    with occasion.office.book() as book, book.reading() as conn:
        units = recall_units(conn)
        while period.start.year == occasion.period.start.year:
            entries += recall_roll(conn, str(period))
            period = period.previous()
    return punctuality(units, entries, occasion.office.settings.province)
