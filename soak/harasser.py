"""Who kills: somebody at random, `gap` seconds at most after the last.

harasser = Harasser(rng, kills=17, gap=8.0)
harasser.strike({"flow": review.kill, "relay": relay.kill}, at_work=True)
harasser.done                                                   Counter of those who were killed
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

SHORTEST = 0.3  # seconds between two kills at least
IDLE = 0.05  # how fast its clock goes while the month only waits to be begun again
WEIGHTS = {
    "flow": 5, "poster": 2, "relay": 1, "postgres": 2, "server": 2, "worker": 2, "up": 1,
    "dask": 4, "scheduler": 1,
}  # fmt: skip

Victims = Mapping[str, Callable[[], bool]]


@dataclass
class Harasser:
    """Its clock goes slowly while nobody is at work on the month: else a server that needs half a
    minute to start would be killed at its start for ever, and never in the middle of a month."""

    rng: random.Random
    kills: int
    gap: float
    done: Counter[str] = field(default_factory=Counter)
    _left: float | None = None
    _looked: float = 0.0

    def strike(self, victims: Victims, *, at_work: bool) -> None:
        now = time.monotonic()
        if self._left is None:
            self._draw(now)
        self._left = (self._left or 0.0) - (now - self._looked) * (1.0 if at_work else IDLE)
        self._looked = now
        if self._left > 0 or self.done.total() >= self.kills or not victims:
            return
        names = sorted(victims)
        (name,) = self.rng.choices(names, [WEIGHTS[one] for one in names])
        if victims[name]():
            self.done[name] += 1
            self._draw(now)

    def _draw(self, now: float) -> None:
        self._left, self._looked = self.rng.uniform(SHORTEST, max(SHORTEST, self.gap)), now
