"""The sample province's quarter, year or term: a workbook in good order from each of its units.

files = sample_reports(sample_roster(), regulation_in_force("2026-Q4"), "2026-Q4")
files[0].name, files[0].data        -> "03388_2026-Q4.xlsx", the bytes of its workbook
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from random import Random

from channels.blank import FormPress
from channels.filling import answers, fill
from review.period import Period
from review.regulation import Regulation
from review.roster import Roster
from sample.longer import report_of
from sample.month import SEED, USUAL_DUE_DAYS, ZONE, BriefOf, SampleFile, known_from


def sample_reports(
    roster: Roster,
    regulation: Regulation,
    period: Period | str,
    seed: int = SEED,
    brief_of: BriefOf | None = None,
) -> list[SampleFile]:
    """One file a unit, all acceptable, oldest first; the same seed gives the same bytes. For the
    ways in which a province goes wrong see sample.month."""
    when = Period.parse(period) if isinstance(period, str) else period
    brief_of = brief_of or known_from(roster, regulation, when)
    files = _files(roster, regulation, when, seed, brief_of)
    return sorted(files, key=lambda file: (file.received, file.name))


def _files(
    roster: Roster, regulation: Regulation, period: Period, seed: int, brief_of: BriefOf
) -> Iterator[SampleFile]:
    form = regulation.forms[period.cadence]
    press = FormPress(form, regulation.works)
    for unit in roster.active(period):
        dice, brief = Random(f"{seed}:{period}:{unit.code}"), brief_of(unit)
        data = fill(press.blank(brief), answers(form, brief, report_of(brief, dice)))
        day = period.end + timedelta(days=dice.randint(1, USUAL_DUE_DAYS - 1))
        received = datetime.combine(day, time(dice.randint(7, 16), dice.randint(0, 59)), ZONE)
        yield SampleFile(f"{unit.code}_{period}.xlsx", data, received, unit.code, "đủ, đúng hạn")
