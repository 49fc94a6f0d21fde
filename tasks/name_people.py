"""What people are called, by code: only for a screen that may show names.

names_of(occasion, ["03637-01"])      -> {"03637-01": "Lò Văn Inh"}
"""

from __future__ import annotations

from collections.abc import Collection

from tasks.occasion import Occasion
from tdkt_models.cadres import recall_cadres


def names_of(occasion: Occasion, codes: Collection[str]) -> dict[str, str]:
    with occasion.office.book() as book, book.reading() as conn:
        names = {cadre.code: cadre.name for cadre in recall_cadres(conn)}
    return {code: names.get(code, code) for code in codes}
