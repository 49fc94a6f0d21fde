"""Issue forms: each unit's blank workbook, filled in with what the office already knows.

issue_forms.fn(occasion, ("03637",), Path("mau"))   -> (Path("mau/03637_2026-10.xlsx"),)
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path

from prefect import task

from channels.blank import FormPress
from channels.errors import ChannelRefused
from channels.plain_writing import KINDS
from review.form import DRAFT_MARK, Form
from tasks.briefs import briefs
from tasks.occasion import Occasion


def must_have_a_form(occasion: Occasion) -> Form:
    """The form of the period's cadence. Raises ChannelRefused where the regulation has none, so
    that no period is opened that nobody could report on."""
    regulation = occasion.regulation
    form = regulation.forms.get(occasion.period.cadence)
    if form is None:
        raise ChannelRefused(f"Quy định {regulation.code} chưa có mẫu cho {occasion.period.label}.")
    return form


def presses(occasion: Occasion, draft: bool = False) -> Callable[[str], tuple[Form, FormPress]]:
    """By unit, the form it owes and what prints it: units measured by quarters have one of their
    own. Each is made once."""
    regulation, cadence = occasion.regulation, occasion.period.cadence
    scoring = occasion.office.settings.scoring

    @cache
    def press(by_quarter: bool) -> tuple[Form, FormPress]:
        form = must_have_a_form(occasion)
        if draft:
            form = regulation.trial_forms[cadence]
        elif by_quarter:
            form = regulation.form_for(cadence, by_quarter=True) or form
        return form, FormPress(form, regulation.works)

    return lambda unit: press(scoring.by_quarter(unit, occasion.period))


@task(name="Phát mẫu báo cáo")
def issue_forms(
    occasion: Occasion,
    units: Collection[str] | None,
    folder: Path,
    draft: bool = False,
    kind: str = "xlsx",
) -> tuple[Path, ...]:
    """Writes a workbook (or its text, by `kind` one of KINDS) for every unit active in the period
    (or those named); with `draft` those of a trial, which counts for nothing. Raises ChannelRefused
    where the regulation has no form of that cadence or a unit named is unknown."""
    press = presses(occasion, draft)
    must_have_a_form(occasion)
    with occasion.office.book() as book, book.reading() as conn:
        known = briefs(conn, occasion, units)
    unknown = set(units or ()) - set(known)
    if unknown:
        raise ChannelRefused(f"Không có đơn vị mang mã {', '.join(sorted(unknown))}.")
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for code, brief in sorted(known.items()):
        if brief.unit.active_in(occasion.period.start, occasion.period.end):
            mark = DRAFT_MARK if draft else ""
            path = folder / f"{code}_{occasion.period_text}{mark}.{kind}"
            form, printer = press(code)
            path.write_bytes(KINDS[kind](printer.blank(brief), form))
            written.append(path)
    return tuple(written)


@task(name="Tìm kỳ đến ngày phát mẫu")
def periods_opening(today: Occasion) -> list[Occasion]:
    """The periods going on whose opening day has come (`opens` days before they end) and that have
    a form, the shortest first. Who was invited is not invited again, so asking daily does no harm.
    """
    settings = today.office.settings
    coming = (replace(today, period=period) for period in settings.periods_on(today.today))
    return [
        about
        for about in coming
        if about.period.end - timedelta(days=settings.due[about.period.cadence].opens_day)
        <= about.today
        and about.period.cadence in about.regulation.forms
    ]
