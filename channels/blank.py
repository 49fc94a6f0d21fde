"""The workbook that a unit receives: its form, with what the office already knows written in.

    press = FormPress(form, works)
    press.blank(brief)             -> the bytes of an .xlsx, the same for the same brief
    blank_workbook(form, brief)    -> the same, for one unit only

Making a workbook with xlsxwriter took 23 to 46 ms here (idle, busy machine), putting a unit's
values into one that is there already 2 to 3: so the press makes a stencil once for each shape of
unit (so many cadres, so many open tasks) and fills it for every unit of that shape.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from channels.blank_guide import GUIDE_SHEET
from channels.blank_pages import HEADER_MARK, NAME_MARK, PERIOD_MARK, UNIT_MARK, WHOSE_CELL
from channels.blank_sheets import (
    CADRES_SHEET,
    META_FIRST_LIST,
    META_LISTS,
    WORKS_SHEET,
    Shape,
    stencil,
)
from channels.cell_patch import Value
from channels.filling import Cells, Pages
from channels.prefilled import line_cells, lines
from channels.sheet_formulas import SELF_CHECK_SHEET
from review.brief import UnitBrief, WorkType
from review.cadres import Cadre
from review.form import HEADING_ROW, META_SHEET, Form, Sheet, column_letter
from review.period import Period

_LONGEST_HEADER = 90  # Excel allows 255 characters for the whole header of a page


class FormPress:
    """Prints the blanks of one form. Keeps a stencil for each shape it has met."""

    def __init__(self, form: Form, works: Sequence[WorkType]) -> None:
        self._form, self._works = form, tuple(works)
        self._stencils: dict[Shape, Pages] = {}

    def blank(self, brief: UnitBrief) -> bytes:
        """The workbook of one unit for the period of its brief."""
        shape = shape_of(self._form, brief)
        if shape not in self._stencils:
            self._stencils[shape] = Pages(stencil(self._form, self._works, shape))
        return self._stencils[shape].filled(own_cells(self._form, brief), _marks(brief))


def blank_workbook(form: Form, brief: UnitBrief) -> bytes:
    """The workbook of one unit. For many units of a period keep a FormPress."""
    return FormPress(form, brief.works).blank(brief)


def shape_of(form: Form, brief: UnitBrief) -> Shape:
    filled = (
        tuple(frozenset(line) for line in lines(sheet, form, brief))
        if sheet.kind == "table"
        else ()
        for sheet in form.sheets
    )
    leaders = sum(cadre.leads for cadre in brief.cadres)
    return Shape(len(brief.cadres), leaders, tuple(filled), brief.by_slips)


def own_cells(form: Form, brief: UnitBrief) -> Cells:
    """Every cell in which this unit's blank differs from that of another unit."""
    cells: dict[tuple[str, str], Value] = {}
    own = (GUIDE_SHEET, SELF_CHECK_SHEET, WORKS_SHEET, CADRES_SHEET)
    for name in [*(sheet.name for sheet in form.sheets), *own]:
        cells[name, WHOSE_CELL] = _whose(form, brief)
    for sheet in form.sheets:
        cells |= {(sheet.name, at): value for at, value in _prefilled(sheet, form, brief)}
    cells |= {(CADRES_SHEET, at): value for at, value in _register(brief.cadres)}
    cells |= {(META_SHEET, at): value for at, value in _meta(form, brief)}
    return cells


def _prefilled(sheet: Sheet, form: Form, brief: UnitBrief) -> Iterator[tuple[str, Value]]:
    for at, line in enumerate(lines(sheet, form, brief)):
        yield from line_cells(sheet, line, at).items()


def _register(cadres: Sequence[Cadre]) -> Iterator[tuple[str, Value]]:
    for row, cadre in enumerate(cadres, start=HEADING_ROW + 1):
        values = (cadre.code, cadre.name, cadre.role.label, cadre.post)
        yield from ((f"{column_letter(at)}{row}", value) for at, value in enumerate(values))


def _meta(form: Form, brief: UnitBrief) -> Iterator[tuple[str, Value]]:
    for row, value in enumerate((brief.unit.code, brief.period, form.code, form.version), start=1):
        yield f"B{row}", value
    yield "B5", Period.parse(brief.period).end
    yield "B6", brief.opening
    yield "B7", Period.parse(brief.period).start
    coded = {
        "cadres": [cadre.code for cadre in brief.cadres],
        "leaders": [cadre.code for cadre in brief.cadres if cadre.leads],
    }
    for source, codes in coded.items():
        letter = column_letter(META_FIRST_LIST + META_LISTS.index(source))
        yield from ((f"{letter}{row}", code) for row, code in enumerate(codes, start=2))


def _whose(form: Form, brief: UnitBrief) -> str:
    due = f"   ·   Hạn nộp: {brief.due:%d/%m/%Y}" if brief.due else ""
    unit = f"{brief.unit.name} (mã {brief.unit.code})"
    trial = "   ·   BẢN THỬ, KHÔNG TÍNH KẾT QUẢ" if form.draft else ""
    return f"Đơn vị: {unit}   ·   Kỳ báo cáo: {_period(brief)}{due}{trial}"


def _period(brief: UnitBrief) -> str:
    return Period.parse(brief.period).label


def _marks(brief: UnitBrief) -> dict[str, str]:
    name = brief.unit.name
    header = name[:_LONGEST_HEADER].replace("&", "&&")  # a single & is a command in a page header
    marks = {UNIT_MARK: brief.unit.code, NAME_MARK: name, HEADER_MARK: header}
    return {mark: escape(text) for mark, text in (marks | {PERIOD_MARK: _period(brief)}).items()}
