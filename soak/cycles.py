"""One cycle: a month held while its processes are killed at random, until it is done.

    cycle = plain_cycle(stage, "c7", 8, rng, gap)      a review and two posters beside it, no server
    through(cycle, stage, play, …)                     the part that every way of holding shares

Whoever is killed is started again at once, as systemd does; a flow run that came to nothing is
started anew. By deployment: served.py; on a Dask cluster: clustered.py.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from soak.harasser import Harasser, Victims
from soak.stage import Ending, Play, Stage
from soak.verdict import verdict

PATIENCE = 1800.0  # seconds for one cycle, on a machine that others use
LOOK = 0.05
OFTEN = 0.6  # of an undisturbed month: the longest time between two kills, if none is given


@dataclass
class Cycle:
    """What was done to it and what came of it; `faults` must be empty."""

    name: str
    kills: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    in_doubt: int = 0
    faults: list[str] = field(default_factory=list)


class Tended(Protocol):
    """What is started again when it is found dead."""

    def tend(self) -> None: ...


@dataclass(frozen=True)
class Way:
    """How a month is held: who is tended, who may be killed, when it is over, and what it said."""

    tended: Sequence[Tended]
    victims: Callable[[], Victims]
    held: Callable[[], bool]
    at_work: Callable[[], bool]
    end: Callable[[], None]
    last_words: Callable[[], str]


def plain_cycle(stage: Stage, name: str, kills: int, rng: random.Random, gap: float) -> Cycle:
    def way(play: Play) -> Way:
        review, posters = play.review(), [play.poster(1), play.poster(2)]

        def end() -> None:
            for one in (review, *posters):
                one.end()

        victims: Mapping[str, Callable[[], bool]] = {
            "flow": review.kill,
            "poster": lambda: rng.choice(posters).kill(),
        }
        return Way(
            (review, *posters), lambda: victims, lambda: review.ended_well, lambda: True, end,
            lambda: review.log.read_text()[-1500:],
        )  # fmt: skip

    return through(stage, name, Harasser(rng, kills, gap), way, served=False)


def through(
    stage: Stage, name: str, harasser: Harasser, way_of: Callable[[Play], Way], *, served: bool
) -> Cycle:
    """One month in this way with somebody killed now and then; then the book is looked at."""
    cycle, began = Cycle(name), time.monotonic()
    calm = stage.undisturbed(served=served)
    harasser.gap = harasser.gap or stage.seconds * OFTEN
    with stage.copy(name) as play:
        way = way_of(play)
        servers = [play.relay, *([stage.postgres] if stage.postgres else [])]
        shared = {one.name: one.kill for one in servers}
        try:
            while not way.held() and time.monotonic() - began < PATIENCE:
                for one in (*servers, *way.tended):
                    one.tend()
                harasser.strike({**way.victims(), **shared}, at_work=way.at_work())
                time.sleep(LOOK)
        finally:
            way.end()
        if not way.held():
            cycle.faults.append(f"the month did not end: {way.last_words()}")
        for server in servers:
            server.wait()
        cycle.kills = harasser.done
        _judge(cycle, play, calm)
    cycle.seconds = time.monotonic() - began
    return cycle


def _judge(cycle: Cycle, play: Play, calm: Ending) -> None:
    cycle.in_doubt, faults = verdict(play, calm)
    cycle.faults += faults
    for log in sorted(play.folder.glob("*.log")):
        said = log.read_text(errors="replace")
        if "Traceback" in said:
            cycle.faults.append(f"{log.name}: {said[said.rindex('Traceback') :][:1500]}")
