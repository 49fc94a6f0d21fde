"""What a unit is like: some never miss a date, some often do. It stays so over the years.

who = character_of(brief.unit)
who.does(dice, usually=0.8)     -> True, more often where the unit is careful
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from review.units import Unit

SWAY = 0.5  # how far a character moves a chance, from the most careless to the most careful


@dataclass(frozen=True, slots=True)
class Character:
    """`care` from 0 to 1."""

    care: float

    def does(self, dice: Random, usually: float) -> bool:
        return dice.random() < usually + (self.care - 0.5) * SWAY

    def lets_slip(self, dice: Random, seldom: float) -> bool:
        return dice.random() < seldom * 2 * (1 - self.care)


def character_of(unit: Unit) -> Character:
    return Character(Random(f"character:{unit.code}").random())
