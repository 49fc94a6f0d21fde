"""An office with the sample province in a temporary folder, for the stories that tests tell.

occasion = furnished(tmp_path, url)      60 units, their workbooks in the inbox
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection

from channels.library import regulation_in_force
from cli.demo import month, opened
from flows.cycle import review_cycle
from review.roster import Roster
from review.standing import Standing
from sample import sample_roster
from sample.month import SampleFile, sample_month
from tasks.issue_forms import issue_forms
from tasks.occasion import Occasion
from tasks.office import Office
from tasks.roster import keep_roster
from tasks.take_stock import take_stock
from tdkt_models.base import Book
from tdkt_models.digest import book_digest


@contextmanager
def surroundings(**values: str) -> Iterator[None]:
    """The environment with these variables, as it was afterwards."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def furnished(
    folder: Path, period: str = "2026-10", units: int = 0
) -> tuple[Occasion, Sequence[SampleFile]]:
    """A demo office in `folder`, on the book that TDKT_DATABASE_URL names: as `tdkt demo` furnishes
    it, but what is the same each time is made once. `units`: only so many of the province's."""
    occasion = opened(Office.at(folder), month(period))
    with occasion.office.book() as book, book.writing() as conn:
        keep_roster(conn, _roster(units), occasion.stamp)
    blanks, files = _papers(occasion, units)
    (occasion.office.folder / "mau").mkdir()
    for name, data in blanks.items():
        (occasion.office.folder / "mau" / name).write_bytes(data)
    for file in files:
        path = Path(occasion.office.inboxes[0]) / file.name
        path.write_bytes(file.data)
        os.utime(path, (file.received.timestamp(), file.received.timestamp()))
    return occasion, files


@cache
def _roster(units: int = 0) -> Roster:
    whole = sample_roster()
    if not units:
        return whole
    some = whole.units[:units]
    codes = {unit.code for unit in some}
    return Roster(some, tuple(cadre for cadre in whole.cadres if cadre.unit in codes))


def _papers(occasion: Occasion, units: int = 0) -> tuple[Mapping[str, bytes], Sequence[SampleFile]]:
    """The blank forms and the filled ones of a period, by the book that has just its roster."""
    period = occasion.period_text
    if (period, units) not in _MADE:
        with TemporaryDirectory() as folder:
            paths = issue_forms.fn(occasion, None, Path(folder))
            blanks = {path.name: path.read_bytes() for path in paths}
        _MADE[period, units] = (
            blanks,
            sample_month(_roster(units), occasion.regulation, occasion.period),
        )
    return _MADE[period, units]


_MADE: dict[tuple[str, int], tuple[Mapping[str, bytes], Sequence[SampleFile]]] = {}


@dataclass(frozen=True)
class HeldMonth:
    """A month that was held: where it stood before and after, and what its book came to."""

    occasion: Occasion
    before: Standing
    standing: Standing
    digest: str

    @classmethod
    def hold(cls, home: Path) -> HeldMonth:
        with surroundings(TDKT_DATABASE_URL=f"sqlite:///{home / 'office.db'}"):
            occasion, _ = furnished(home)
            before = take_stock.fn(occasion)
            standing = review_cycle(occasion, send=True)
            with occasion.office.book() as book, book.reading() as conn:
                return cls(occasion, before, standing, book_digest(conn, occasion.period_text))

    @property
    def url(self) -> str:
        return f"sqlite:///{self.occasion.office.folder / 'office.db'}"

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        book = Book.open(self.url)
        try:
            with book.reading() as conn:
                yield conn
        finally:
            book.close()


@cache
def expected_verdicts() -> dict[str, str]:
    """By file name, what the sample says each file deserves."""
    files = sample_month(_roster(), regulation_in_force("2026-10"), "2026-10")
    return {file.name: file.expect.value for file in files if file.expect}
