"""The slip on which one rater marks form 01 alone, so that nobody sees the others' marks before.

slip = slip_of(regulation.forms["month"], "general")
is_slip(examined.form)          -> whether a file is one
"""

from __future__ import annotations

from dataclasses import replace

from review.form import Form
from review.rubric import AUTHORITY, MANAGER, SELF

SLIP, SLIP_CODE = "slip", "phieu-cham"  # among forms by cadence; what its files say they are
ROLES = {
    SELF: "Cá nhân tự chấm",
    MANAGER: "Người quản lý trực tiếp chấm",
    AUTHORITY: "Cấp có thẩm quyền chấm",
}
ROLE_NAMES = {
    SELF: "cá nhân tự chấm",
    MANAGER: "người quản lý trực tiếp",
    AUTHORITY: "cấp có thẩm quyền",
}
TITLE = "PHIẾU CHẤM TIÊU CHÍ CHUNG (NIÊM PHONG)"
HELP = "Chấm ở trang S4 rồi gửi riêng về tỉnh. Phiếu chỉ được mở khi các bên đã nộp đủ."


def slip_of(month: Form, criteria: str) -> Form:
    """The month's own sheet of the criteria, and a cover that names the rater."""
    cover, marks = month.sheet("cover"), month.sheet(criteria)
    own = [f for f in cover.fields if f.name in ("unit", "unit_name", "period", "version")]
    day = replace(cover.field("prepared_on"), label="Ngày chấm")
    rater = replace(
        cover.field("unit"),
        name="rater",
        label="Mã người chấm",
        prefill="slip.rater",
        help="Mã cán bộ của người chấm, không sửa.",
    )
    role = replace(
        marks.field("rater"),
        name="role",
        label="Chấm với tư cách",
        prefill="slip.role",
        help="Đã có sẵn, không sửa.",
        locked=True,
        choices=ROLES,
    )
    cover = replace(cover, title=TITLE, help=HELP, fields=(*own, rater, role, day))
    marks = replace(
        marks,
        fields=tuple(field for field in marks.fields if field.name != "rater"),
        row_key=("cadre",),
        prefill="cadres",
        spare=0,
        help="Mỗi người một dòng. Điểm lẻ dùng dấu phẩy, ví dụ 2,25.",
    )
    return Form(SLIP_CODE, f"{month.version}-PHIEU", month.cadence, TITLE, (cover, marks))


def is_slip(form: str) -> bool:
    return form == SLIP_CODE
