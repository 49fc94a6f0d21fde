"""The rules that a formula can hold, as formulas: what the office would say, said offline.

    rules_of(form, lasts)[7]
        -> SelfRule("VUOT_GIAO", Severity.MUST_EXPLAIN, "work", "Hoàn thành không quá …", rows="…")

Rules of every sheet come from the form's own description, as they do in review/sheet_reading.py and
review/checks_form.py; tests/test_self_check.py holds each against the office's verdict.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from channels.sheet_formulas import (
    PERIOD_END,
    Area,
    across,
    age,
    both,
    deaf,
    either,
    filled,
    is_formula,
    is_no_day,
    is_no_number,
    joined,
    known_numbers,
    not_in,
    number,
    outside,
)
from review.faults import ONE_LINE_A_CADRE
from review.findings import Severity
from review.form import Field, FieldType, Form
from review.sheet_reading import UNLISTED

Areas = Mapping[str, Area]
NUMBERS = (FieldType.NUMBER, FieldType.WHOLE)
CHOOSE = "Ô có danh sách: chọn trong danh sách"
CHOICE_SAYS = {"DDE_SAI_MUC": "d, đ, e chỉ nhận 100 hoặc 50"}
ONCE = ("TRUNG_MA_CB", "Mỗi cán bộ chỉ ghi một lần")
CODE_LISTS = {"cadres": "DS_CAN_BO", "leaders": "DS_LANH_DAO"}


@dataclass(frozen=True)
class SelfRule:
    """`words` are arrays of which cells are wrong, row by row of the sheet; `count` a number, for
    what cannot be told by row. (1*word: Excel adds up no truth values.)"""

    check: str
    severity: Severity
    sheet: str
    says: str
    words: tuple[str, ...] = ()
    count: str = ""

    @property
    def of_form_01(self) -> bool:
        """Whether it asks that everybody be marked on the sheet of the general criteria."""
        return self.check == "THIEU_CHAM" and self.sheet == "general"

    @property
    def formula(self) -> str:
        """How many places are wrong."""
        return self.count or "+".join(f"SUM(1*{word})" for word in self.words)

    def first(self, rows: str) -> str:
        """The first row in which something is wrong; `rows` numbers them."""
        return f"MIN({','.join(f'IF(1*{word}>0,{rows})' for word in self.words)})"


must_fix = partial(SelfRule, severity=Severity.MUST_FIX)
must_explain = partial(SelfRule, severity=Severity.MUST_EXPLAIN)


def of_sheet(area: Area, areas: Areas) -> Iterator[SelfRule]:
    """The rules that the description of one sheet lays down."""
    sheet = area.sheet
    choice_check = UNLISTED.get(sheet.key, "NGOAI_DANH_SACH")
    for check, says, words in (
        ("THIEU_O", "Ô bắt buộc không để trống", _missing(area)),
        ("THIEU_MINH_CHUNG", "Có minh chứng ở nơi cần", _needed(area, "THIEU_MINH_CHUNG")),
        ("KHONG_PHAI_SO", "Ô số chỉ ghi số, không âm", _no_numbers(area)),
        ("VUOT_TOI_DA", "Không vượt mức tối đa", _over(area)),
        ("NGAY_SAI", "Ngày có thật, đúng thứ tự trước sau", _days(area)),
        ("NGAY_SINH", "Tuổi hợp lý so với ngày sinh", _ages(area)),
        ("TONG_LECH", "Tổng bằng cộng các ô thành phần", _totals(area)),
        ("CB_NGOAI_DS", "Mã cán bộ có trong danh sách", _strangers(area, areas)),
        ("MA_KHONG_CO", "Mã có ở trang được dẫn tới", _unknown_codes(area, areas)),
        (choice_check, CHOICE_SAYS.get(choice_check, CHOOSE), _unlisted(area)),
    ):
        if words:
            yield must_fix(check=check, sheet=sheet.key, says=says, words=tuple(words))
    if hours := _hours(area):
        says = f"Số tiết không quá {area.rules.day_hours} một ngày"
        yield must_explain(check="SO_TIET", sheet=sheet.key, says=says, words=tuple(hours))
    if sheet.row_key:
        once = sheet.row_key in ONE_LINE_A_CADRE
        check, says = ONCE if once else ("TRUNG_DONG", "Không có dòng trùng nhau")
        yield must_fix(check=check, sheet=sheet.key, says=says, count=twice(area, sheet.row_key))


def _of(area: Area, types: tuple[FieldType, ...]) -> list[Field]:
    return [field for field in area.sheet.fields if field.type in types]


def _missing(area: Area) -> list[str]:
    sheet = area.sheet
    wanted = [f for f in sheet.fields if f.required and not (sheet.kind == "card" and f.locked)]
    blanks = [f"(1-{filled(place)})" for place in area.blocks(wanted)]
    if sheet.kind == "table":
        used = area.used(*(("note",) if sheet.prefill else ()))
        blanks = [both(used, blank) for blank in blanks]
    return [*blanks, *_needed(area, "THIEU_O")]


def _needed(area: Area, check: str) -> list[str]:
    """Cells that another cell of the line calls for."""
    found = []
    for field in area.sheet.fields:
        if field.needed_if and field.needed_check == check:
            called = either(*(_calls(area, *one) for one in field.needed_if.items()))
            found.append(both(called, area.blank(field.name)))
    return found


def _calls(area: Area, name: str, values: tuple[str, ...]) -> str:
    if values:
        return area.is_(name, *values)
    if area.sheet.field(name).type in NUMBERS:
        return f"({number(area(name))}>0)"
    return area.filled(name)


def _no_numbers(area: Area) -> list[str]:
    fields = _of(area, NUMBERS)
    kinds = dict.fromkeys((field.type, field.low) for field in fields)
    return [
        _no_number(place, kind, low)
        for kind, low in kinds
        for place in area.blocks(f for f in fields if (f.type, f.low) == (kind, low))
    ]


def _no_number(place: str, kind: FieldType, low: str) -> str:
    value, wrong = number(place), [is_no_number(place)]
    if low:
        wrong.append(f"({value}<{low})")
    scaled = value if kind is FieldType.WHOLE else f"100*{value}"
    wrong.append(f"(ABS({scaled}-ROUND({scaled},0))>0.000001)")
    return both(filled(place), either(*wrong))


def _over(area: Area) -> list[str]:
    fields = _of(area, NUMBERS)
    found = [
        f"({number(place)}>{high})"
        for high in dict.fromkeys(field.high for field in fields if field.high)
        for place in area.blocks(f for f in fields if f.high == high)
    ]
    for field in fields:
        if field.not_over:
            part, whole = area(field.name), area(field.not_over)
            more = f"({number(part)}>{number(whole)})"
            found.append(both(filled(part), filled(whole), more))
    return found


def _days(area: Area) -> list[str]:
    found = list(map(is_no_day, area.blocks(_of(area, (FieldType.DATE,)))))
    for field in area.sheet.fields:
        if field.not_before:
            day, earlier = area(field.name), area(field.not_before)
            found.append(both(known_numbers(day, earlier), f"({day}<{earlier})"))
    return found


def _ages(area: Area) -> list[str]:
    found = []
    for field in area.sheet.fields:
        if field.ages:
            born = f"IF(ISNUMBER({area(field.name)}),{area(field.name)},1)"
            wrong = outside(age(born, PERIOD_END), *field.ages)
            found.append(both(known_numbers(area(field.name)), wrong))
    return found


def _hours(area: Area) -> list[str]:
    found = []
    for field in area.sheet.fields:
        if field.within:
            hours, first, last = area(field.name), *map(area, field.within)
            room = f"{area.rules.day_hours}*({last}-{first}+1)"
            over = both(f"({last}>={first})", f"({number(hours)}>{room})")
            found.append(both(known_numbers(hours, first, last), over))
    return found


def _totals(area: Area) -> list[str]:
    found = []
    for field in area.sheet.fields:
        if field.total_of:
            parts = [area(name) for name in field.total_of]
            added = "+".join(map(number, parts))
            total = area(field.name)
            differs = f"(ABS({number(total)}-({added}))>0.0101)"
            # Typed, and less than what is there: wrong whatever a missing part may be.
            less = f"({number(total)}<({added})-0.0101)*(1-{is_formula(total)})"
            wrong = either(both(*map(filled, parts), differs), less)
            found.append(both(known_numbers(total), wrong, f"(1-{deaf(total, parts)})"))
    return found


def _strangers(area: Area, areas: Areas) -> list[str]:
    named = [f for f in area.sheet.fields if f.source in CODE_LISTS]
    found = [not_in(area(field.name), "DS_CAN_BO") for field in named]
    if "changes" in areas and found:
        came = areas["changes"]("cadre")
        found = [
            both(word, f"ISNA(MATCH(TRIM({area(field.name)}),{came},0))")
            for word, field in zip(found, named, strict=True)
        ]
    return found


def _unknown_codes(area: Area, areas: Areas) -> list[str]:
    found = []
    for field in area.sheet.fields:
        key, _, name = field.source.partition(".")
        if name and key in areas:
            found.append(not_in(area(field.name), areas[key](name)))
    return found


def _unlisted(area: Area) -> list[str]:
    choices = [field for field in area.sheet.fields if field.choices]
    lists = dict.fromkeys(tuple((field.choices or {}).values()) for field in choices)
    return [
        _not_of_list(place, labels)
        for labels in lists
        for place in area.blocks(f for f in choices if tuple((f.choices or {}).values()) == labels)
    ]


def _not_of_list(place: str, labels: tuple[str, ...]) -> str:
    if all(label.isdigit() for label in labels):
        allowed = [f"({number(place)}={n})" for n in _shares(labels)]
    else:
        allowed = [f'(TRIM({place})="{label}")' for label in labels]
    return both(filled(place), f"(1-{either(*allowed)})")


def _shares(labels: tuple[str, ...]) -> list[str]:
    return [*labels, *(f"{int(label) / 100:g}" for label in labels)]


def twice(area: Area, names: tuple[str, ...]) -> str:
    """How many pairs of used lines agree in these fields, all of them filled."""
    key = joined(area(name) for name in names)
    told = both(area.used(), *(area.filled(name) for name in names))
    pairs = both(f"(({key})={across(key)})", f"({area.rows}<{across(area.rows)})")
    return f"SUM({both(pairs, told, across(told))})"


def areas_of(form: Form, lasts: Mapping[str, int]) -> dict[str, Area]:
    """The areas of a form; they share one dictionary of names."""
    names: dict[str, str] = {}
    return {
        sheet.key: Area(sheet, lasts.get(sheet.key, 0), names, form.rules) for sheet in form.sheets
    }
