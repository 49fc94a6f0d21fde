"""Which form a workbook is filled in on, and which of its sheets are the form's.

form_of(meta, names, forms)          -> the form that the hidden sheet names, else the likeliest
sheets_of(form, names)               -> {"S3 - Cong viec": "S3 Công việc – sản phẩm", …}
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from review.cells import folded
from review.form import Form
from review.sheet_names import paired


def form_of(
    meta: Mapping[str, str], names: Sequence[str], forms: Mapping[str, Form]
) -> Form | None:
    """By the hidden sheet, else the form most of whose sheets are there; None where none is."""
    by_code = {form.code: form for form in forms.values()}
    if meta.get("form") in by_code:
        return by_code[meta["form"]]
    there = set(map(folded, names))
    shared = {code: sum(folded(s.name) in there for s in f.sheets) for code, f in by_code.items()}
    best = max(shared, key=shared.__getitem__, default="")
    if shared.get(best):
        return by_code[best]
    like = {code: len(sheets_of(form, names)) for code, form in by_code.items()}
    best = max(like, key=like.__getitem__, default="")
    return by_code[best] if best and 2 * like[best] >= len(by_code[best].sheets) else None


def sheets_of(form: Form, names: Sequence[str]) -> dict[str, str]:
    """The form's name of each sheet that is one of its own, renamed ones included."""
    return paired(names, [sheet.name for sheet in form.sheets])
