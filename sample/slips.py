"""What goes wrong in real reports: each a change to good entries, or to the cells of the workbook.

over_maximum(entries, brief)        in place: one mark of 6 where 5 is the most
text_numbers(cells, form)           in place: every figure typed as text
"""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from channels.cell_patch import Value
from review.brief import UnitBrief
from review.form import META_SHEET, FieldType, Form, Sheet
from sample.entries import CRITERIA, Entries, Row
from sample.words import NIL_REASONS

CellValues = dict[tuple[str, str], Value]

NBSP = "\N{NO-BREAK SPACE}"
UNKNOWN_UNIT = "99999"
OLD_VERSION = "TDKT-T-2025.3"
PASSWORD_PROTECTED = (
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0")
    + "Root Entry".encode("utf-16-le").ljust(128, b"\0")
    + "EncryptionInfo".encode("utf-16-le").ljust(128, b"\0")
    + "EncryptedPackage".encode("utf-16-le").ljust(256, b"\0")
).ljust(6144, b"\x5a")  # what Excel writes when a password to open is set: not a zip any more


def total_does_not_add(entries: Entries, brief: UnitBrief) -> None:
    """The authority's total of the first cadre, typed by hand and 2 points too high."""
    row = _authority_row(entries)
    row["total"] = sum(row[c] for c in CRITERIA) + 2


def over_maximum(entries: Entries, brief: UnitBrief) -> None:
    _authority_row(entries)["c1"] = Decimal(6)


def same_cadre_twice(entries: Entries, brief: UnitBrief) -> None:
    """The authority's line of the first cadre a second time, with another mark."""
    row = _authority_row(entries)
    entries["general"].append({**row, "c1": row["c1"] - Decimal("0.5")})


def coefficient_of_ones_own(entries: Entries, brief: UnitBrief) -> None:
    row = entries["work"][0]
    work = next(work for work in brief.works if work.code == row["work"])
    row["coef"] = Decimal(work.coef) / 100 + Decimal("1.5")


def excuse_without_proof(entries: Entries, brief: UnitBrief) -> None:
    row = next(row for row in entries["work"] if row["done"])
    row.pop("proof", None)
    row |= {"late": 1, "late_times": 1, "late_excused": "co"}


def nil_entries(entries: Entries, rng: Random) -> Entries:
    """The same unit with nothing to report: only the cover is filled in."""
    return {"cover": {**entries["cover"], "nil": "co", "nil_reason": rng.choice(NIL_REASONS)}}


def text_numbers(cells: CellValues, form: Form) -> None:
    """Every whole number of the sheet of work typed as text: "3"."""
    sheet = form.sheet("work")
    for at, value in _numbers(cells, sheet):
        if isinstance(value, int):
            cells[at] = f"{value} "


def comma_text_with_blanks(cells: CellValues, form: Form) -> None:
    """Marks pasted from a text document: decimal commas, no-break spaces, the total typed too."""
    sheet = form.sheet("general")
    totals: dict[str, Decimal] = {}
    for at, value in _numbers(cells, sheet):
        row = at[1].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        totals[row] = totals.get(row, Decimal(0)) + Decimal(str(value))
        cells[at] = _comma(value)
    for row, total in totals.items():
        cells[sheet.name, sheet.cell("total", int(row))] = _comma(total)


def decomposed_text(cells: CellValues, form: Form) -> None:
    """Text as a Mac writes it: every accent a character of its own (NFD)."""
    names = {form.sheet(key).name for key in ("cover", "work", "programme")}
    for at, value in cells.items():
        if at[0] in names and isinstance(value, str):
            cells[at] = unicodedata.normalize("NFD", value)


def dates_as_text(cells: CellValues, form: Form) -> None:
    for at, value in cells.items():
        if isinstance(value, date):
            cells[at] = f"{value:%d/%m/%Y}"


def old_version(cells: CellValues, form: Form) -> None:
    cover = form.sheet("cover")
    cells[cover.name, cover.cell("version")] = OLD_VERSION
    cells[META_SHEET, "B4"] = OLD_VERSION


def far_cell(cells: CellValues, form: Form) -> None:
    """One value in the very last cell of a sheet: a reader that believes it asks for 549 GB."""
    cells[form.sheet("work").name, "XFD1048576"] = "."


def of_other_period(brief: UnitBrief, period: str) -> UnitBrief:
    return replace(brief, period=period, tasks=(), due=None)


def _authority_row(entries: Entries) -> Row:
    row: Row = next(row for row in entries["general"] if row["rater"] == "tham_quyen")
    return row


def _numbers(cells: CellValues, sheet: Sheet) -> list[tuple[tuple[str, str], Any]]:
    text = (FieldType.TEXT, FieldType.CODE)
    columns = {sheet.cell(f.name).rstrip("0") for f in sheet.fields if f.type not in text}
    return [
        (at, value)
        for at, value in cells.items()
        if at[0] == sheet.name
        and at[1].rstrip("0123456789") in columns
        and isinstance(value, int | Decimal)
    ]


def _comma(value: Decimal | int) -> str:
    return f"{NBSP}{Decimal(value):.2f}{NBSP}".replace(".", ",")
