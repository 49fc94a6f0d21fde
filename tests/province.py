"""An office with the sample province in a temporary folder, for the stories that tests tell.

occasion = furnished(tmp_path, url)      60 units, their workbooks in the inbox
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from cli.demo import furnish, month, opened
from sample.month import SampleFile
from tasks.occasion import Occasion
from tasks.office import Office


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


def furnished(folder: Path, period: str = "2026-10") -> tuple[Occasion, Sequence[SampleFile]]:
    """A demo office in `folder`, on the book that TDKT_DATABASE_URL names."""
    occasion = opened(Office.at(folder), month(period))
    return occasion, furnish(occasion)


@cache
def expected_verdicts() -> dict[str, str]:
    """By file name, what the sample says each file deserves."""
    from channels.library import regulation_in_force
    from sample import sample_roster
    from sample.month import sample_month

    files = sample_month(sample_roster(), regulation_in_force("2026-10"), "2026-10")
    return {file.name: file.expect.value for file in files if file.expect}
