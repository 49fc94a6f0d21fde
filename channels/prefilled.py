"""What stands in a unit's workbook before anybody writes in it.

    lines(form.sheet("general"), form, brief)
        -> ({"cadre": "03637-01", "name": "Lò Văn Inh", "rater": "Cá nhân tự chấm"}, …)

A line is what its cells show, by field name: a choice stands there as its label.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from channels.cell_patch import Value
from review.brief import ProgrammeTask, UnitBrief
from review.cadres import Cadre
from review.form import FIRST_ROW, Field, FieldType, Form, Sheet
from review.period import Period

Line = Mapping[str, Value]


def lines(sheet: Sheet, form: Form, brief: UnitBrief) -> tuple[Line, ...]:
    """The prefilled lines of a sheet in order; a card has exactly one, its own values."""
    facts = _card_facts(form, brief) if sheet.kind == "card" else _facts(sheet, brief)
    return tuple(_line(sheet, fact) for fact in facts)


def line_cells(sheet: Sheet, line: Line, at: int) -> dict[str, Value]:
    """A line's values by address, `at` being its place from 0."""
    return {sheet.cell(name, FIRST_ROW + at): value for name, value in line.items()}


def shown(field: Field, value: object) -> object:
    """A value as its cell shows it: a choice's key becomes its label, a label of digits the number
    that a spreadsheet program would make of it; everything else stays."""
    label = (field.choices or {}).get(value, value) if isinstance(value, str) else value
    if field.type is FieldType.CHOICE and isinstance(label, str) and label.isascii():
        return int(label) if label.isdigit() else label
    return label


def _line(sheet: Sheet, facts: Line) -> Line:
    known = {field.name: _known(field, facts) for field in sheet.fields if field.prefill}
    return {name: value for name, value in known.items() if value not in (None, "")}


def _known(field: Field, facts: Line) -> Value:
    value = facts.get(field.prefill)
    if value is None and field.choices and field.prefill in field.choices:
        value = field.prefill  # the form itself says which choice stands there at first
    return shown(field, value)  # type: ignore[return-value]


def _card_facts(form: Form, brief: UnitBrief) -> Iterator[Line]:
    closes = Period.parse(brief.period).end
    yield {
        "unit.code": brief.unit.code,
        "unit.name": brief.unit.name,
        "period": brief.period,
        "version": form.version,
        "roster.opening": brief.opening,
        "roster.closing": sum(c.until is None or c.until > closes for c in brief.cadres),
    }


def _facts(sheet: Sheet, brief: UnitBrief) -> Iterator[Line]:
    if sheet.prefill == "open_tasks":
        yield from map(_of_task, brief.tasks)
    for cadre in brief.cadres:
        if sheet.prefill == "cadres" or (sheet.prefill == "leaders" and cadre.leads):
            yield _of_cadre(cadre)
        elif sheet.prefill == "raters":
            yield from ({**_of_cadre(cadre), "rater": rater} for rater in _raters(sheet))


def _raters(sheet: Sheet) -> tuple[str, ...]:
    field = next(field for field in sheet.fields if field.prefill == "rater")
    return tuple(field.choices or ())


def _of_cadre(cadre: Cadre) -> Line:
    return {"cadre.code": cadre.code, "cadre.name": cadre.name}


def _of_task(task: ProgrammeTask) -> Line:
    return {
        "task.code": task.code,
        "task.when": "thang_nay",
        "task.content": task.content,
        "task.product": task.product,
        "task.owner": task.owner,
        "task.due": task.due,
        "task.parent": task.parent,
    }
