"""A filled or blank workbook as text, for units whose own programs fill in the report.

    as_csv(read_workbook(blank), form)      every sheet below its name, `;` between fields, with BOM
    as_json(read_workbook(blank), form)     the same as channels/plain_forms.py reads it

Both come back as the workbook does: lines and columns are those of the form.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from channels.csv_cells import guarded
from channels.plain_forms import META_KEYS
from channels.workbook import read_workbook
from review.cells import as_text
from review.form import FIRST_ROW, META_SHEET, FieldType, Form, Sheet
from review.headings import card_place, table_place
from review.raw import RawWorkbook, Rows


def as_csv(workbook: bytes, form: Form) -> bytes:
    raw = _raw(workbook, form)
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([f"[{META_SHEET}]"])
    writer.writerows((key, raw.meta[key]) for key in META_KEYS if key in raw.meta)
    for sheet in form.sheets:
        writer.writerow([f"[{sheet.name}]"])
        rows = [_trimmed([_text(cell) for cell in row]) for row in raw.sheets[sheet.name]]
        while rows and not rows[-1]:
            rows.pop()
        writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def as_json(workbook: bytes, form: Form) -> bytes:
    raw = _raw(workbook, form)
    told: dict[str, Any] = {key: raw.meta[key] for key in META_KEYS if key in raw.meta}
    told["sheets"] = {s.name: _page(s, raw.sheets[s.name]) for s in form.sheets}
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def _text(cell: Any) -> str:
    return guarded(cell) if isinstance(cell, str) else as_text(cell)  # a figure may be negative


def _raw(workbook: bytes, form: Form) -> RawWorkbook:
    return read_workbook(workbook, [sheet.name for sheet in form.sheets])


def _trimmed(row: Sequence[str]) -> list[str]:
    """Without the empty cells at the end."""
    kept = list(row)
    while kept and not kept[-1]:
        kept.pop()
    return kept


def _page(sheet: Sheet, rows: Rows) -> Any:
    if sheet.kind == "card":
        cells = card_place(sheet, rows).cells
        values = [_value(rows[at[0]][at[1]]) if at else None for at in cells]
        return {field.label: v for field, v in zip(sheet.fields, values, strict=True)}
    columns = table_place(sheet, rows).columns
    lines = []
    for row in rows[FIRST_ROW - 1 :]:
        line = {
            field.label: _value(row[at])
            for field, at in zip(sheet.fields, columns, strict=True)
            if at is not None and row[at] != "" and field.type is not FieldType.ORDINAL
        }
        if line:
            lines.append(line)
    return lines


def _value(cell: Any) -> Any:
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    return None if cell == "" else cell


KINDS: Mapping[str, Callable[[bytes, Form], bytes]] = {
    "xlsx": lambda workbook, _: workbook,
    "csv": as_csv,
    "json": as_json,
}
