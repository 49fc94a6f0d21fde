"""The columns of the roll, said once: a file's headings, a cell's kind and the words of a report.

UNIT_COLUMNS[0].heading                -> "Mã đơn vị"
shown(date(1980, 3, 5))                -> "05/03/1980"
shown(Group.CIVIL_SERVANT)             -> "Công chức"
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum

from review.cadres import Engagement, Group, Role, Sex
from review.units import UnitKind


class Part(Enum):
    """The two halves of a roll; the value is the name of the sheet."""

    UNITS = "Đơn vị"
    CADRES = "Cán bộ"


class Cell(StrEnum):
    """What stands in the cells of a column."""

    TEXT = "text"
    CODE = "code"
    UNIT_CODE = "unit_code"  # a commune's five digits keep their leading zero
    DATE = "date"
    WHOLE = "whole"
    CHOICE = "choice"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `name` is the field of Unit or Cadre, `choices` the values a choice may take,
    `width` in characters."""

    name: str
    heading: str
    cell: Cell = Cell.TEXT
    width: int = 16
    required: bool = False
    choices: tuple[UnitKind | Group | Engagement | Role | Sex, ...] = ()


UNIT_COLUMNS = (
    Column("code", "Mã đơn vị", Cell.UNIT_CODE, 11, required=True),
    Column("name", "Tên đơn vị", width=44, required=True),
    Column("kind", "Loại đơn vị", Cell.CHOICE, 20, required=True, choices=tuple(UnitKind)),
    Column("cluster", "Cụm, khối thi đua", width=34),
    Column("head", "Mã thủ trưởng", Cell.CODE, 14),
    Column("contacts", "Địa chỉ nhận thư", Cell.LIST, 44),
    Column("since", "Từ ngày", Cell.DATE, 12),
    Column("until", "Đến ngày", Cell.DATE, 12),
    Column("successor", "Mã đơn vị kế thừa", Cell.UNIT_CODE, 17),
)

CADRE_COLUMNS = (
    Column("code", "Mã cán bộ", Cell.CODE, 12, required=True),
    Column("unit", "Mã đơn vị", Cell.UNIT_CODE, 11, required=True),
    Column("name", "Họ và tên", width=24, required=True),
    Column("birth", "Ngày sinh", Cell.DATE, 12),
    Column("sex", "Giới tính", Cell.CHOICE, 9, required=True, choices=tuple(Sex)),
    Column("group", "Nhóm đối tượng", Cell.CHOICE, 20, required=True, choices=tuple(Group)),
    Column(
        "engagement", "Hình thức phụ trách", Cell.CHOICE, 18, required=True,
        choices=tuple(Engagement),
    ),
    Column("share", "% thời gian", Cell.WHOLE, 11, required=True),
    Column("role", "Vai trò", Cell.CHOICE, 22, required=True, choices=tuple(Role)),
    Column("post", "Chức vụ, chức danh", width=34),
    Column("field", "Lĩnh vực phụ trách", width=30),
    Column("duties", "Nhóm nhiệm vụ tương đồng", width=28),
    Column("ethnicity", "Dân tộc", width=10),
    Column("education", "Trình độ chuyên môn", width=30),
    Column("politics", "Lý luận chính trị", width=16),
    Column("certificates", "Chứng chỉ, bồi dưỡng", width=34),
    Column("email", "Thư điện tử", width=36),
    Column("since", "Từ ngày", Cell.DATE, 12),
    Column("until", "Đến ngày", Cell.DATE, 12),
)  # fmt: skip

COLUMNS = {Part.UNITS: UNIT_COLUMNS, Part.CADRES: CADRE_COLUMNS}


def shown(value: object) -> str:
    """A field's value as an official reads it; "" for what is missing."""
    if value is None:
        return ""
    if isinstance(value, date):
        return f"{value.day:02}/{value.month:02}/{value.year:04}"
    if isinstance(value, tuple):
        return "; ".join(map(str, value))
    if isinstance(value, UnitKind | Group | Engagement | Role | Sex):
        return value.label
    return str(value)
