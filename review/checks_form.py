"""The rules that a form's own description lays down for the cells of a line.

    for rule in BY_FORM:
        findings += rule(case)

A field of regulations/<month>/forms/*.toml says `not_before`, `not_over`, `needed_if`, `ages`, or
takes its codes from another sheet; a new sheet is checked without a line of code.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from review.case import Case, Rule, points
from review.cells import nearest
from review.checks_sheets import years_between
from review.findings import Finding
from review.form import Field, FieldType, Form, Sheet
from review.period import Period, PeriodError


def days_stand_in_their_order(case: Case) -> Iterator[Finding]:
    for sheet, field, row in _cells(case, "not_before"):
        day, earlier = getattr(row, field.name), getattr(row, field.not_before)
        if day is not None and earlier is not None and day < earlier:
            other = sheet.field(field.not_before).label
            says = f"“{field.label}” {day:%d/%m/%Y} trước “{other}” {earlier:%d/%m/%Y}."
            at = (sheet.key, field.name, row.line)
            yield case.must_fix("NGAY_SAI", at, day, says, "Sửa một trong hai ngày.")


def a_part_is_not_over_its_whole(case: Case) -> Iterator[Finding]:
    for sheet, field, row in _cells(case, "not_over"):
        value, most = getattr(row, field.name), getattr(row, field.not_over)
        if value is not None and most is not None and value > most:
            found, limit = _shown(field, value), _shown(sheet.field(field.not_over), most)
            other = sheet.field(field.not_over).label
            says = f"“{field.label}” ghi {found}, nhiều hơn “{other}” là {limit}."
            at = (sheet.key, field.name, row.line)
            yield case.must_fix("VUOT_TOI_DA", at, found, says, f"Ghi không quá {limit}.")


def what_another_cell_calls_for_is_there(case: Case) -> Iterator[Finding]:
    for sheet, field, row in _cells(case, "needed_if"):
        if getattr(row, field.name) not in (None, ""):
            continue
        for name, values in (field.needed_if or {}).items():
            value = getattr(row, name)
            if calls_for(value, values):
                said = (sheet.field(name).choices or {}).get(str(value), "")
                why = f"“{sheet.field(name).label}” " + (f"là “{said}”" if said else "đã ghi")
                says = f"{why} nhưng “{field.label}” còn để trống."
                fix = f"Điền “{field.label}”. {field.help}".rstrip()
                at = (sheet.key, field.name, row.line)
                yield case.must_fix(field.needed_check, at, "", says, fix)
                break


def calls_for(value: object, values: tuple[str, ...]) -> bool:
    """Whether a cell's clean value is one that calls for another: any at all (a number must be
    more than 0) where no values are named."""
    return value in values if values else bool(value)


def births_are_believable(case: Case) -> Iterator[Finding]:
    try:
        day = Period.parse(case.submission.period).end
    except PeriodError:
        return
    for sheet, field, row in _cells(case, "ages"):
        born = getattr(row, field.name)
        youngest, oldest = field.ages
        age = years_between(born, day) if born is not None else youngest
        if not youngest <= age <= oldest:
            name = getattr(row, "name", "") or "người này"
            says = f"Ngày sinh {born:%d/%m/%Y} của {name} không hợp lý ({age} tuổi)."
            fix = f"Ghi lại ngày sinh; người đang công tác từ {youngest} đến {oldest} tuổi."
            yield case.must_fix("NGAY_SINH", (sheet.key, field.name, row.line), born, says, fix)


def hours_fit_into_their_days(case: Case) -> Iterator[Finding]:
    """A day of a class holds so many teaching hours and no more (`day_hours` of [checks])."""
    for sheet, field, row in _cells(case, "within"):
        hours = getattr(row, field.name)
        first, last = (getattr(row, name) for name in field.within)
        if hours is None or first is None or last is None or last < first:
            continue
        days, most = (last - first).days + 1, case.rules.day_hours
        if hours > days * most:
            says = (
                f"“{field.label}” ghi {hours} cho {days} ngày ({first:%d/%m/%Y} – "
                f"{last:%d/%m/%Y}), nhiều hơn {most} tiết một ngày."
            )
            fix = f"Sửa số tiết hoặc ngày; học nhiều hơn {most} tiết một ngày thì giải trình."
            at = (sheet.key, field.name, row.line)
            yield case.must_explain("SO_TIET", at, hours, says, fix)


def codes_name_a_line_of_their_sheet(case: Case) -> Iterator[Finding]:
    for sheet, fields in _under(case.form, "source"):
        for field in fields:
            key, _, name = field.source.partition(".")
            if name and key in case.sheets:
                known = [getattr(line, name) for line in case.rows(key)]
                yield from _of_other_codes(case, sheet, field, known)


def _of_other_codes(
    case: Case, sheet: Sheet, field: Field, known: Sequence[Any]
) -> Iterator[Finding]:
    there = case.sheets[field.source.partition(".")[0]].name
    for row in case.rows(sheet.key):
        code = getattr(row, field.name)
        if code and code not in known:
            near = nearest(code, [one for one in known if one], 0.7)
            hint = f" Có phải là “{near}”?" if near else ""
            says = f"“{field.label}” ghi {code}, không có ở trang “{there}”.{hint}"
            fix = f"Sửa mã, hoặc thêm dòng có mã này ở trang “{there}”."
            yield case.must_fix("MA_KHONG_CO", (sheet.key, field.name, row.line), code, says, fix)


def discipline_bars_a_grade(case: Case) -> Iterator[Finding]:
    """Decree 335/2025, Art. 20.4c: disciplined in the year means not completed."""
    for row in case.rows("rating"):
        if row.discipline and row.proposed not in (None, "KHTNV"):
            grade = (case.sheets["rating"].field("proposed").choices or {}).get(row.proposed, "")
            says = (
                f"{row.name or row.cadre} có quyết định kỷ luật số {row.discipline} trong năm; "
                f"không được đề nghị xếp loại “{grade}”."
            )
            fix = "Đề nghị “Không hoàn thành nhiệm vụ”, hoặc xóa số quyết định nếu ghi nhầm."
            at = ("rating", "proposed", row.line)
            yield case.must_fix("KY_LUAT", at, grade, says, fix)


def _cells(case: Case, rule: str) -> Iterator[tuple[Sheet, Field, Any]]:
    """Every line of each field for which the form lays down that rule."""
    for sheet, fields in _under(case.form, rule):
        for row in case.rows(sheet.key):
            for field in fields:
                yield sheet, field, row


_known: dict[tuple[int, str], tuple[Form, list[tuple[Sheet, list[Field]]]]] = {}


def _under(form: Form, rule: str) -> list[tuple[Sheet, list[Field]]]:
    """The sheets that have such fields, with them: asked for each file, so looked up once."""
    found = _known.get((id(form), rule))
    if found is None:
        if len(_known) > 256:
            _known.clear()
        mine = ((sheet, [f for f in sheet.fields if getattr(f, rule)]) for sheet in form.sheets)
        found = _known[id(form), rule] = (form, [one for one in mine if one[1]])
    return found[1]


def _shown(field: Field, value: int) -> str:
    return points(value) if field.type is FieldType.NUMBER else str(value)


BY_FORM: tuple[Rule, ...] = (
    days_stand_in_their_order,
    a_part_is_not_over_its_whole,
    what_another_cell_calls_for_is_there,
    births_are_believable,
    hours_fit_into_their_days,
    codes_name_a_line_of_their_sheet,
    discipline_bars_a_grade,
)
