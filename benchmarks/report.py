"""RESULTS.md: the figures of a run, the four targets of the issue, met or not.

targets(figures)[0]     -> Target("Prefect on top of plain calls", 1.06, 1.04, "≤ 1.10", True)
written([figures_150, figures_1000], "Intel …, 2 cores")     -> the whole page
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.measuring import PROCESSES, Figure, Figures

HEAD = """\
# How fast a month is

Written by `python -m benchmarks` (`make bench`); do not edit. {machine}

The same generated workbooks of our month form go through a hand-written script with no framework
(the yardstick: shared/floor's technique, by hand for our form) and through the product. Repeats run
turn about, each in a process of its own; a figure is of the quickest of them (a neighbour on the
host only ever makes a run slower), and so is a ratio: of wall clock unless it says CPU. What the
medians say stands beside it.
The product does more than the yardstick on the way: it keeps every original for ever, opens files
in processes that can be killed, keeps each point's reason and cells, and judges against the roll
and history.
"""

RUN_HEADS = (
    "Run", "Wall s", "CPU s", "ms a workbook", "Median s", "Peak MiB of a process",
    "Slowest/quickest",
)  # fmt: skip
OF_SIZE = 1_000  # units that the targets are of
FOOT = """
## How to read this
- *Bare reading*: calamine gives every cell of the form's sheets as Python values, nothing else.
- *Read and check*: what a desk of the reading room does with a file (guard, parse, examine), in
  one process.
- *Collect to store*: the product's `collect`, `validate` and `score`, called plainly, on a fresh
  SQLite book; the yardstick's read, guard, parse, validate, score, store. Setting up either is not
  timed.
- *Prefect*: roll, collect, validate, score, programme and plans, letters written, as task runs of
  one flow against the same steps called plainly, 2 processes; an ephemeral server was running, its
  start is not counted. A run is over when the server holds it as completed; the call comes back up
  to a second later, whatever the run did: Prefect waits for its heartbeat thread, which sleeps by
  the second.
- Every workbook is read once before a run begins, so that none of them pays for the disk.
- *Where*: books, and the originals that the product keeps of every file, lie in memory (/dev/shm)
  where there is room, else in the folder for temporary files; `--scratch` names another place.
- *CPU* of the product is that of the whole run, roll included. *Peak* is of the largest process;
  the product's starts at some 115 MiB, with Prefect and SQLAlchemy loaded.
- *Gain from two*: what a second core brings the product (one desk, all of it kept to one core,
  over two desks on two) over what it brings the yardstick (one process over two). Whatever is kept
  to one core is kept to another each turn: one of them runs the machine's errands. Counted in desks
  it would say nothing: with one desk the product already has two processes side by side, the desk
  reading one batch while the office judges and stores another.
- *Bare reading* and the yardstick let calamine go through each sheet twice, as it does; the product
  spares it the second time (docs/decisions/0030), some 0.6 ms a workbook.
- *2 processes* against the yardstick's two: 1.50 on one core and nine tenths of its gain from the
  second come to 1.50 / 0.9 = 1.67 on two.
- *Cells in the file* count every cell that a parser meets, styled or filled; our form has more
  that are only styled than shared/floor's.
"""


@dataclass(frozen=True, slots=True)
class Target:
    """One promise of the issue: the ratio found, the same of medians, what was wanted, whether it
    is kept."""

    name: str
    found: float
    middle: float
    wanted: str
    met: bool

    @property
    def line(self) -> str:
        return f"{self.figures} {'met' if self.met else '**not met**'} |"

    @property
    def figures(self) -> str:
        return f"| {self.name} | {self.found:.2f} | {self.middle:.2f} | {self.wanted} |"


Ratio = tuple[float, float]  # of the quickest runs, of the medians


def over(one: Figure, other: Figure) -> Ratio:
    return one.wall / other.wall, one.middle / other.middle


def at_most(name: str, found: Ratio, most: float) -> Target:
    return Target(name, *found, f"≤ {most:.2f}", found[0] <= most)


def at_least(name: str, found: Ratio, least: float) -> Target:
    return Target(name, *found, f"≥ {least:.2f}", found[0] >= least)


MOST_OVER, LEAST_GAIN = 1.50, 0.90  # of the yardstick's: one core against one; a second core


def targets(figures: Figures) -> list[Target]:
    one, two = (over(figures.product[n], figures.floor[n]) for n in PROCESSES)
    alone = over(figures.one_core, figures.floor[1])
    reading = over(figures.checked, figures.bare)
    gain = alone[0] / two[0], alone[1] / two[1]
    return [
        at_most("Prefect on top of plain calls", over(figures.flow, figures.plain), 1.10),
        at_most("Read and check over bare reading", reading, 2.50),
        at_most("Collect to store over the yardstick, 1 process", one, MOST_OVER),
        at_most("Collect to store over the yardstick, one core each", alone, MOST_OVER),
        at_least("Gain from two (cores) over the yardstick's", gain, LEAST_GAIN),
        at_most(
            "Collect to store over the yardstick, 2 processes",
            two,
            MOST_OVER / LEAST_GAIN,
        ),
    ]


def written(sizes: Sequence[Figures], machine: str) -> str:
    parts = [HEAD.format(machine=machine), *map(_size, sizes), FOOT]
    return "".join(parts)


def _size(figures: Figures) -> str:
    found = targets(figures)
    rows = [
        f"\n## {figures.units:,} units\n",
        f"{figures.repeats} repeats; a workbook has {figures.cells.written:,.0f} cells in the "
        f"file, {figures.cells.filled:,.0f} with a value.\n",
        _small(figures.units),
        _table(
            ("Target", "Found", "By medians", "Wanted", ""),
            (target.line if figures.units == OF_SIZE else target.figures for target in found),
        ),
        _table(RUN_HEADS, _runs(figures)),
        _table(("Stage", "Seconds", "Share"), _stages("Whole month, plain", figures.month)),
        _table(
            ("Stage", "Seconds", "Share"),
            _stages("Collect to store, 1 process", figures.product[1].stages),
        ),
        _table(("Stage", "Seconds", "Share"), _stages("Yardstick", figures.floor[1].stages)),
        _yardstick(figures),
    ]
    return "\n".join(row for row in rows if row)


def _small(units: int) -> str:
    if units == OF_SIZE:
        return ""
    return (
        f"The bounds are for {OF_SIZE:,} units and stand here for comparison: a month of {units:,} "
        "is over in a second or two, and what is paid once weighs more.\n"
    )


def _table(heads: Sequence[str], lines: Iterable[str]) -> str:
    rule = "|".join(" --- " if n == 0 else " ---: " for n in range(len(heads)))
    return "\n".join((f"| {' | '.join(heads)} |", f"|{rule}|", *lines, ""))


def _runs(figures: Figures) -> Iterable[str]:
    runs = {
        "Bare reading (calamine)": figures.bare,
        "Read and check": figures.checked,
        **{f"Yardstick, {n} process(es)": figures.floor[n] for n in figures.floor},
        **{
            f"Product, collect to store, {n} process(es)": figures.product[n]
            for n in figures.product
        },
        "Product, collect to store, one desk, all on one core": figures.one_core,
        "Product, roll to letters, plain calls": figures.plain,
        "Product, roll to letters, Prefect flow": figures.flow,
        "… until the call comes back": figures.back,
        "… without the flow's own beginning and end": figures.tasks,
        **{
            f"shared/floor on its own form, {n} process(es)": f
            for n, f in (figures.shared or {}).items()
        },
    }
    for name, figure in runs.items():
        yield _run(name, figure, figures.units)


def _run(name: str, figure: Figure, units: int) -> str:
    cpu = f"{figure.cpu:.2f}" if figure.cpu else ""
    peak = f"{figure.peak:.0f}" if figure.peak else ""
    each = 1000 * figure.wall / units
    return (
        f"| {name} | {figure.wall:.2f} | {cpu} | {each:.2f} | {figure.middle:.2f} | {peak} "
        f"| {figure.spread:.2f} |"
    )


def _stages(whose: str, stages: Mapping[str, float]) -> Iterable[str]:
    whole = sum(stages.values())
    for stage, seconds in stages.items():
        yield f"| {whose}: {stage} | {seconds:.2f} | {100 * seconds / whole:.0f}% |"


def _yardstick(figures: Figures) -> str:
    if figures.shared is None or figures.shared_cells is None:
        return "shared/floor is not on this machine: the yardstick was not held against it.\n"
    ours, theirs = _spent(figures.floor[1]), _spent(figures.shared[1])
    lines = []
    for kind in ("written", "filled"):
        mine = 1e6 * ours / figures.units / getattr(figures.cells, kind)
        its = 1e6 * theirs / figures.units / getattr(figures.shared_cells, kind)
        named = "in the file" if kind == "written" else "with a value"
        lines.append(f"| µs a cell {named} | {mine:.2f} | {its:.2f} | {mine / its:.2f} |")
    return _table(("One process, all stages", "Yardstick", "shared/floor", "Ratio"), lines)


def _spent(figure: Figure) -> float:
    """Of read, guard, parse, validate, score, store: what both scripts do."""
    return sum(s for stage, s in figure.stages.items() if stage not in ("mark", "rollup"))
