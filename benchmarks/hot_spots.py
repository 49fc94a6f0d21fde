"""Where the product's time goes, by function: a desk's work, then the office's.

python -m benchmarks.hot_spots --units 150 --lines 25
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.data import Month, month_of


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=150)
    parser.add_argument("--lines", type=int, default=25)
    parser.add_argument("--sort", default="tottime", help="or cumulative")
    given = parser.parse_args()
    month = month_of(given.units)
    for name, work in (("Read and check", desk), ("The office, step by step", office)):
        print(f"\n== {name} ==")
        show(work, month, given.sort, given.lines)


def show(work: Callable[[Month, cProfile.Profile], None], month: Month, by: str, most: int) -> None:
    profile = cProfile.Profile()
    work(month, profile)
    pstats.Stats(profile).strip_dirs().sort_stats(by).print_stats(most)


def desk(month: Month, profile: cProfile.Profile) -> None:
    from benchmarks.reading import checked

    profile.runcall(checked, month.files)


def office(month: Month, profile: cProfile.Profile) -> None:
    """One process: cProfile sees the thread it was started in only, so no batch runs beside."""
    from benchmarks.product import furnished, inbox_at, occasion_in
    from tasks.call_roll import call_roll
    from tasks.collect import collect, waiting
    from tasks.score import score
    from tasks.update_plans import update_plans
    from tasks.validate import validate

    with tempfile.TemporaryDirectory() as scratch, inbox_at(month.inbox):
        occasion = occasion_in(furnished(month, Path(scratch) / "office", 1))
        units = profile.runcall(call_roll.fn, occasion).units
        profile.runcall(collect.fn, occasion)
        for batch in profile.runcall(waiting.fn, occasion):
            profile.runcall(validate.fn, occasion, batch)
        profile.runcall(score.fn, occasion, units)
        profile.runcall(update_plans.fn, occasion, units)


if __name__ == "__main__":
    main()
