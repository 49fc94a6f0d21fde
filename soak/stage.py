"""The office of a soak: furnished once, copied for each cycle, and what it comes to undisturbed.

stage = Stage(folder, postgres=None)       the sample province, its files in the inbox
stage = Stage(folder, postgres, units=14)  so many of its units, in batches of BATCH
with stage.copy("c7") as play:             an office, a book and a relay of its own
    play.command("review")                 how its month is held
stage.undisturbed(served=False)            -> Ending, computed once a day
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from cli.review import occasion_for
from review.post import LetterKind, LetterState
from soak.processes import Process, python
from soak.servers import Postgres, Relay
from tasks.occasion import Occasion
from tasks.office import Office
from tasks.take_stock import take_stock
from tdkt_models.digest import book_digest
from tdkt_models.files import recall_files
from tdkt_models.letter_ledger import ledger
from tests.province import furnished, surroundings

PERIOD = "2026-10"
ALARM = LetterKind.DESK_ALARM  # what a killed run is told by: an undisturbed month has none
BATCH = 4  # units: so that few of them still make several batches, and many moments to be killed in
HELD_AT = "2026-11-12T06:00:00+07:00"  # as of then; a served flow has the clock's time instead


@dataclass(frozen=True)
class Ending:
    """What a month came to: the book's digest, the standing, files by content, letters by state."""

    digest: str
    standing: str
    files: tuple[str, ...]
    letters: tuple[str, ...]
    states: tuple[tuple[str, int], ...]


def ending_of(occasion: Occasion) -> Ending:
    standing = take_stock.fn(occasion).as_json()
    standing.pop("letters")
    with occasion.office.book() as book, book.reading() as conn:
        letters = [one for one in ledger(conn, PERIOD) if one.letter.kind is not ALARM]
        return Ending(
            book_digest(conn, PERIOD),
            str(standing),
            tuple(sorted(file.sha256 for file in recall_files(conn))),
            tuple(sorted(one.message_id for one in letters)),
            tuple(sorted(Counter(one.state.value for one in letters).items())),
        )


@dataclass
class Play:
    """One cycle's office, book and relay."""

    office: Office
    url: str
    relay: Relay
    folder: Path

    @property
    def env(self) -> dict[str, str]:
        return {
            **os.environ,
            "TDKT_DATABASE_URL": self.url,
            "TDKT_SMTP_URL": self.relay.url,
            "TDKT_HOME": self.office.home,
            "DO_NOT_TRACK": "1",
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        }

    def review(self, as_of: str | None = HELD_AT) -> Process:
        words = ["-m", "cli.main", "review", PERIOD, "--send", "--home", self.office.home]
        when = ["--as-of", as_of] if as_of else []
        log = self.folder / "flow.log"
        return Process("flow", python(*words, *when), self.env, log, until=(0, 1))

    def poster(self, n: int) -> Process:
        words = python("-m", "soak.poster", self.office.home)
        return Process("poster", words, self.env, self.folder / f"poster{n}.log")

    def occasion(self) -> Occasion:
        return occasion_for(self.office.home, PERIOD, HELD_AT)

    def ending(self) -> Ending:
        with surroundings(TDKT_DATABASE_URL=self.url, TDKT_SMTP_URL=self.relay.url):
            return ending_of(self.occasion())

    def doubtful(self) -> list[int]:
        with surroundings(TDKT_DATABASE_URL=self.url):
            occasion = self.occasion()
            with occasion.office.book() as book, book.reading() as conn:
                found = ledger(conn, PERIOD, state=LetterState.IN_DOUBT)
        return [one.id for one in found]


@dataclass
class Stage:
    folder: Path
    postgres: Postgres | None = None
    units: int = 0  # of the sample province, 0 for all of it
    calm: Ending | None = None  # of the plain month, where it is known already
    seconds: float = 0.0  # that an undisturbed month took on this machine as busy as it is
    _known: dict[tuple[bool, date], Ending] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        home = self.folder / "template" / "office"
        url = self.postgres.database("template_book") if self.postgres else _beside(home)
        with surroundings(TDKT_DATABASE_URL=url):
            furnished(home, PERIOD, self.units)
        if self.units:
            toml = home / "office.toml"
            text = toml.read_text("utf-8")
            toml.write_text(text.replace("batch = 100", f"batch = {BATCH}"), "utf-8")

    @contextmanager
    def copy(self, name: str) -> Iterator[Play]:
        folder = self.folder / name
        shutil.copytree(self.folder / "template", folder)  # with the times of the files
        home = folder / "office"
        url = self.postgres.database("book", "template_book") if self.postgres else _beside(home)
        with Relay(folder / "relay") as relay:
            yield Play(Office(str(home)), url, relay, folder)
        shutil.rmtree(folder)

    def undisturbed(self, *, served: bool = False) -> Ending:
        """A flow that is served has no "as of": its letters may say today's date."""
        if self.calm and not served:
            return self.calm
        key = served, date.today()
        if key not in self._known:
            with self.copy("calm") as play:
                review = play.review(None if served else HELD_AT)
                began = time.monotonic()
                review.tend()
                while review.running:
                    time.sleep(0.2)
                self.seconds = time.monotonic() - began
                if not review.ended_well:
                    print(review.log.read_text()[-3000:], file=sys.stderr)
                    raise RuntimeError("the undisturbed month did not end well")
                self._known[key] = play.ending()
        return self._known[key]


def _beside(home: Path) -> str:
    return f"sqlite:///{home / 'office.db'}"
