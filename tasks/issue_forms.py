"""Issue forms: each unit's blank workbook, filled in with what the office already knows.

issue_forms.fn(occasion, ("03637",), Path("mau"))   -> (Path("mau/03637_2026-10.xlsx"),)
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from prefect import task

from channels.blank import FormPress
from channels.errors import ChannelRefused
from review.form import Form
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


@task(name="Phát mẫu báo cáo")
def issue_forms(
    occasion: Occasion, units: Collection[str] | None, folder: Path
) -> tuple[Path, ...]:
    """Writes a workbook for every unit active in the period (or those named). Raises ChannelRefused
    where the regulation has no form of that cadence or a unit named is unknown."""
    regulation = occasion.regulation
    form = must_have_a_form(occasion)
    with occasion.office.book() as book, book.reading() as conn:
        known = briefs(conn, occasion, units)
    unknown = set(units or ()) - set(known)
    if unknown:
        raise ChannelRefused(f"Không có đơn vị mang mã {', '.join(sorted(unknown))}.")
    folder.mkdir(parents=True, exist_ok=True)
    press = FormPress(form, regulation.works)
    written = []
    for code, brief in sorted(known.items()):
        if brief.unit.active_in(occasion.period.start, occasion.period.end):
            path = folder / f"{code}_{occasion.period_text}.xlsx"
            path.write_bytes(press.blank(brief))
            written.append(path)
    return tuple(written)
