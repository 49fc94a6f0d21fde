"""A person's own result and why, for that person alone (E8).

cadre_result(office, unit, cadre, card, ask_until=deadline).about      -> ("03637-01",)
CadreResults(office, unit, "2026-10", deadline).letter(cadre, card)    one of a whole unit's
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from review.cadres import Cadre
from review.letter_rows import card_block, card_summary, person_block, unit_block
from review.letterhead import letterhead, local
from review.post import Letter, LetterKind
from review.scorecard import Scorecard
from review.settings import Settings
from review.units import Unit


def cadre_result(
    office: Settings,
    unit: Unit,
    cadre: Cadre,
    card: Scorecard,
    *,
    ask_until: datetime | None = None,
    annex: Mapping[str, Any] | None = None,
    trace: Mapping[str, str] | None = None,
) -> Letter:
    """E8: a person's own result and why, for that person alone; `ask_until` ends the time for
    objections, `annex` is what the locked sheet is made of, `trace` that of `trace_of`. How much
    stands in the letter itself is a setting. Raises ValueError if the card is somebody else's."""
    return CadreResults(office, unit, card.period, ask_until).letter(cadre, card, annex, trace)


class CadreResults:
    """The letters of one period to the cadres of a unit: what stands in all of them is made once.

    CadreResults(office, unit, "2026-10", ask_until).letter(cadre, card)
    """

    def __init__(
        self, office: Settings, unit: Unit, period: str, ask_until: datetime | None = None
    ) -> None:
        self._period, self._honorific = period, office.honorific
        self._level = office.content_of(LetterKind.CADRE_RESULT)
        self._in_all = {
            **letterhead(office, period),
            "unit": unit_block(unit),
            "level": self._level,
            "ask_until": local(office, ask_until),
        }

    def letter(
        self,
        cadre: Cadre,
        card: Scorecard,
        annex: Mapping[str, Any] | None = None,
        trace: Mapping[str, str] | None = None,
    ) -> Letter:
        """Raises ValueError if the card is somebody else's or of another period."""
        if (card.cadre, card.period) != (cadre.code, self._period):
            whose = f"{card.cadre} in {card.period}"
            raise ValueError(
                f"the card is of {whose}, the letter would go to {cadre.code} in {self._period}"
            )
        in_full = self._level == "scores"
        payload = {
            **self._in_all,
            "cadre": person_block(cadre, self._honorific),
            "card": card_block(card) if in_full else card_summary(card),
            "trace": dict(trace) if trace and in_full else None,
        }
        if annex and self._level == "encrypted":
            payload["annex"] = dict(annex)
        kind, about = LetterKind.CADRE_RESULT, (cadre.code,)
        return Letter(self._period, kind, cadre.code, cadre.email, about, payload)
