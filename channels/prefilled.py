"""What stands in a unit's workbook before anybody writes in it.

    lines(form.sheet("general"), form, brief)
        -> ({"cadre": "03637-01", "name": "Lò Văn Inh", "rater": "Cá nhân tự chấm"}, …)

A line is what its cells show, by field name: a choice stands there as its label.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from channels.cell_patch import Value
from review.brief import ProgrammeTask, UnitBrief
from review.cadres import Cadre
from review.form import FIRST_ROW, LAST, Field, FieldType, Form, Sheet
from review.period import Period

Line = Mapping[str, Value]
Facts = Mapping[str, object]
_CADRE_FACTS = Cadre._fields


def lines(sheet: Sheet, form: Form, brief: UnitBrief) -> tuple[Line, ...]:
    """The prefilled lines of a sheet in order; a card has exactly one, its own values."""
    facts = _card_facts(sheet, form, brief) if sheet.kind == "card" else _facts(sheet, brief)
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


def _line(sheet: Sheet, facts: Facts) -> Line:
    known = {field.name: _known(field, key, facts) for field, key in _asked(sheet)}
    return {name: value for name, value in known.items() if value not in (None, "")}


def _asked(sheet: Sheet) -> Iterator[tuple[Field, str]]:
    """The fields that come prefilled, and the fact that each shows."""
    for field in sheet.fields:
        if field.type is FieldType.ORDINAL or field.total_of:
            continue
        if field.prefill:
            yield field, field.prefill
        elif sheet.prefill == "fixed":
            yield field, f"line.{field.name}"
        elif sheet.prefill == "last" and field.name not in sheet.fresh:
            yield field, f"{LAST}{field.name}"


def _known(field: Field, key: str, facts: Facts) -> Value:
    value = facts.get(key)
    if value is None and field.choices and key in field.choices:
        value = key  # the form itself says which choice stands there at first
    if field.type is FieldType.NUMBER:
        value = _number(value)
    return shown(field, value)  # type: ignore[return-value]


def _number(value: object) -> object:
    """Hundredths, as clean values have them, or the form's own text ("2.5"), as a number."""
    if isinstance(value, int):
        return Decimal(value) / 100
    return Decimal(value) if isinstance(value, str) and value else value


def _card_facts(sheet: Sheet, form: Form, brief: UnitBrief) -> Iterator[Facts]:
    closes = Period.parse(brief.period).end
    last = next(iter(_last_lines(sheet, brief)), {})
    yield {
        **last,
        "unit.code": brief.unit.code,
        "unit.name": brief.unit.name,
        "period": brief.period,
        "version": form.version,
        "slip.rater": brief.slip[0],
        "slip.role": brief.slip[1],
        "roster.opening": brief.opening,
        "roster.closing": sum(c.until is None or c.until > closes for c in brief.cadres),
    }


def _facts(sheet: Sheet, brief: UnitBrief) -> Iterator[Facts]:
    match sheet.prefill:
        case "open_tasks":
            yield from map(_of_task, brief.tasks)
        case "last":
            yield from _last_lines(sheet, brief)
        case "fixed":
            yield from ({f"line.{k}": v for k, v in line.items()} for line in sheet.lines)
        case "cadres" | "roster" | "leaders" | "raters":
            yield from _cadre_facts(sheet, brief)


def _cadre_facts(sheet: Sheet, brief: UnitBrief) -> Iterator[Facts]:
    last = {line.get(f"{LAST}cadre"): line for line in _last_lines(sheet, brief)}
    for cadre in brief.cadres:
        known = {**last.get(cadre.code, {}), **_of_cadre(cadre)}
        if sheet.prefill == "raters":
            yield from ({**known, "rater": rater} for rater in _raters(sheet))
        elif sheet.prefill != "leaders" or cadre.leads:
            yield known


def _last_lines(sheet: Sheet, brief: UnitBrief) -> Iterator[Facts]:
    """The lines of the unit's last report on this sheet that are still to be told."""
    before = brief.before.get(sheet.key)
    for row in before.rows if before else ():
        line = dict(zip(("", *before.columns), row, strict=True)) if before else {}
        if all(_carried(line.get(name), wanted) for name, wanted in (sheet.carry or {}).items()):
            yield {f"{LAST}{name}": value for name, value in line.items()}


def _carried(value: object, wanted: tuple[str, ...]) -> bool:
    """Whether a value is among those wanted: "" is a blank, "*" anything else."""
    if value in (None, ""):
        return "" in wanted
    return "*" in wanted or value in wanted


def _raters(sheet: Sheet) -> tuple[str, ...]:
    field = next(field for field in sheet.fields if field.prefill == "rater")
    return tuple(field.choices or ())


def _of_cadre(cadre: Cadre) -> Facts:
    return {f"cadre.{name}": getattr(cadre, name) for name in _CADRE_FACTS}


def _of_task(task: ProgrammeTask) -> Facts:
    return {
        "task.code": task.code,
        "task.when": "thang_nay",
        "task.content": task.content,
        "task.product": task.product,
        "task.owner": task.owner,
        "task.due": task.due,
        "task.parent": task.parent,
    }
