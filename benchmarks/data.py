"""Workbooks of a month for any number of units: our own blanks, filled, kept in benchmarks/data/.

    month = month_of(1_000)
    month.inbox                 -> benchmarks/data/1000/inbox, 90000_2026-10.xlsx …
    month.planted["90017"]      -> Planted(unit, check="VUOT_TOI_DA", sheet=…, cell="G12")

10 to 40 cadres a unit, 25 on average. As in shared/floor, every seventh cadre has the marks typed
as text with a decimal comma (one with a no-break space), and 5% of the units one planted fault.
Made once by two processes; made anew when the form or what fills it has changed.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from decimal import Decimal
from itertools import repeat
from operator import itemgetter
from pathlib import Path
from random import Random
from typing import Any

from channels.blank import FormPress
from channels.filling import answers, fill
from channels.library import regulation_in_force
from review.brief import UnitBrief
from review.form import FIRST_ROW
from review.period import Period
from review.roster import Roster
from sample.entries import CRITERIA, good_entries
from sample.generated import generated_roster

HERE = Path(__file__).resolve().parent
DATA = HERE / "data"
PERIOD = "2026-10"
CADRES = range(10, 41)
FAULTY = 0.05
RECEIVED = datetime(2026, 11, 3, 2, 30, tzinfo=UTC).timestamp()  # in time: due on the 5th
TYPED_AS_TEXT = 7  # every so many cadres
PROCESSES = 2
MADE_FROM = (
    "benchmarks/data.py",
    "channels/blank*.py",
    "channels/filling.py",
    "regulations/2026-01/**/*.toml",
    "sample/*.py",
)

Cells = dict[tuple[str, str], Any]


@dataclass(frozen=True, slots=True)
class Planted:
    """One fault on purpose: the check of ours that it breaks, and where."""

    unit: str
    check: str
    sheet: str
    cell: str


@dataclass(frozen=True, slots=True)
class Month:
    """The files of one month; `planted` by unit code."""

    units: int
    folder: Path
    planted: dict[str, Planted]

    @property
    def inbox(self) -> Path:
        return self.folder / "inbox"

    @property
    def files(self) -> list[Path]:
        return sorted(self.inbox.glob("*.xlsx"))

    @property
    def roster(self) -> Roster:
        return roster_of(self.units)


def roster_of(units: int) -> Roster:
    return generated_roster(units, CADRES)


def month_of(units: int, data: Path = DATA, faulty: float = FAULTY) -> Month:
    """The month of so many units, made now if it is not kept; `faulty` is the share of units with
    a planted fault."""
    folder = data / str(units)
    made_from, truth = f"{_made_from()} {faulty}", folder / "truth.json"
    if not truth.is_file() or json.loads(truth.read_text("utf-8"))["made_from"] != made_from:
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "inbox").mkdir(parents=True)
        planted = [asdict(one) for one in _make_all(units, folder / "inbox", faulty)]
        kept = json.dumps({"made_from": made_from, "planted": planted}, ensure_ascii=False)
        truth.write_text(kept, "utf-8")
    told = json.loads(truth.read_text("utf-8"))["planted"]
    return Month(units, folder, {one["unit"]: Planted(**one) for one in told})


def _made_from() -> str:
    sources = sorted(path for pattern in MADE_FROM for path in HERE.parent.glob(pattern))
    return hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()


def _make_all(units: int, inbox: Path, faulty: float) -> Iterator[Planted]:
    roster, period = roster_of(units), Period.parse(PERIOD)
    works = regulation_in_force(PERIOD).works
    briefs = [
        UnitBrief(unit, PERIOD, roster.cadres_of(unit.code, period), works) for unit in roster.units
    ]
    # Units with as many cadres share a stencil, so one worker gets all of a size.
    briefs.sort(key=lambda brief: len(brief.cadres))
    size = max(1, -(-len(briefs) // (PROCESSES * 4)))
    shares = [briefs[at : at + size] for at in range(0, len(briefs), size)]
    with ProcessPoolExecutor(PROCESSES) as pool:
        for planted in pool.map(_make, shares, repeat(inbox), repeat(faulty)):
            yield from planted


def _make(briefs: Sequence[UnitBrief], inbox: Path, faulty: float) -> list[Planted]:
    regulation = regulation_in_force(PERIOD)
    form = regulation.forms["month"]
    press = FormPress(form, regulation.works)
    planted = []
    for brief in briefs:
        dice = Random(f"bench:{brief.unit.code}")
        entries = good_entries(brief, dice)
        entries["work"] = _that_fit(entries["work"], len(brief.cadres) + form.sheet("work").spare)
        cells: Cells = dict(answers(form, brief, entries))
        _type_as_text(cells, brief)
        fate = Random(f"fault:{brief.unit.code}")
        if fate.random() < faulty:
            planted.append(_spoil(cells, brief, fate.choice(FAULTS)))
        path = inbox / f"{brief.unit.code}_{PERIOD}.xlsx"
        path.write_bytes(fill(press.blank(brief), cells))
        os.utime(path, (RECEIVED, RECEIVED))
    return planted


def _that_fit(rows: Sequence[Mapping[str, Any]], lines: int) -> list[Mapping[str, Any]]:
    """At most the lines of the blank, the first line of each cadre among them: a cell below the
    printed lines would have no date format, which no spreadsheet program would write."""
    firsts = {row["cadre"]: row for row in reversed(rows)}
    more = [row for row in rows if row is not firsts[row["cadre"]]]
    return sorted([*firsts.values(), *more][:lines], key=itemgetter("cadre"))


def _type_as_text(cells: Cells, brief: UnitBrief) -> None:
    sheet = regulation_in_force(PERIOD).forms["month"].sheet("general")
    for person in range(3, len(brief.cadres), TYPED_AS_TEXT):
        for row in (FIRST_ROW + 2 * person, FIRST_ROW + 2 * person + 1):
            for name in CRITERIA:
                mark = cells[sheet.name, sheet.cell(name, row)]
                tail = "\u00a0" if name == "c3" else ""
                cells[sheet.name, sheet.cell(name, row)] = f"{mark:.2f}".replace(".", ",") + tail


# A fault: the check that finds it, the sheet, the field, what is typed there.
FAULTS: tuple[tuple[str, str, str, Any], ...] = (
    ("VUOT_TOI_DA", "general", "c4", Decimal("4.75")),
    ("KHONG_PHAI_SO", "work", "done", "hai"),
    ("NGAY_SAI", "work", "due", "31/02/2026"),
    ("TONG_LECH", "general", "total", Decimal("31") / 2),
    ("NGOAI_DANH_SACH", "general", "rater", "Tổ trưởng tổ dân phố"),
)


def _spoil(cells: Cells, brief: UnitBrief, fault: tuple[str, str, str, Any]) -> Planted:
    check, key, field, typed = fault
    sheet = regulation_in_force(PERIOD).forms["month"].sheet(key)
    cell = sheet.cell(field, FIRST_ROW)
    cells[sheet.name, cell] = typed
    return Planted(brief.unit.code, check, sheet.name, cell)
