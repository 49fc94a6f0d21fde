"""The fields of the run forms: Vietnamese titles and help, and words of our own when one is wrong.

    period: PeriodText = "", mode: ModeChoice = Mode.REHEARSE

Prefect writes a parameter's name over the title of its field, but leaves `json_schema_extra` as it
is; and what it says of a text that does not match a pattern is the pattern. So a wrong text meets
an `else` that wants one constant, and that constant says how to write it.
"""

from __future__ import annotations

import os
import re
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from channels.words import words

# `tdkt up` hands the office's language to the processes that show forms and carry out runs.
told = words(os.environ.get("TDKT_LANG", "vi"))


class Mode(StrEnum):
    """rehearse: viết thư ra thư mục để xem trước, không gửi. send: gửi thật."""

    REHEARSE = "rehearse"
    SEND = "send"


MONTH, QUARTER, YEAR = r"\d{4}-(0[1-9]|1[0-2])", r"\d{4}-[Qq][1-4]", r"(19|2[0-9])\d{2}"
TERM, HALF = r"\d{4}\.\.\d{4}", r"\d{4}-[Hh][12]"


def titled(title: str, help_text: str = "", **extra: Any) -> Any:
    """A field with its title and help as the form shows them."""
    title, help_text = told(title), told(help_text)
    said = {"title": title, **({"description": help_text} if help_text else {})}
    return Field(title=title, description=help_text or None, json_schema_extra={**said, **extra})


def worded(title: str, help_text: str, shape: str, wanted: str) -> Any:
    """A text of a certain shape, typed by hand; `wanted` is what a person reads who wrote another.

    The shape is a pattern that Python and the browser read alike."""
    pattern = rf"^\s*({shape})\s*$"

    def of_this_shape(text: str) -> str:
        if not re.match(pattern, text):
            raise ValueError(f"“{text}” chưa đúng: {wanted}.")
        return text.strip()

    field = titled(title, help_text, **{"if": {"pattern": pattern}, "else": {"const": wanted}})
    return Annotated[str, AfterValidator(of_this_shape), field]


PlanPeriod = worded(
    "Kỳ của kế hoạch",
    "Kỳ của kế hoạch, hoặc kỳ đánh giá đã đề xuất thay đổi. Viết như 2027-Q1, 2026-10.",
    "|".join((MONTH, QUARTER, HALF, YEAR, TERM)),
    "kỳ viết như 2027-Q1, 2026-10, 2027",
)


def period_text(example: str, empty: str, *shapes: str) -> Any:
    """The field in which a period is typed; `empty` says what is meant when nothing is."""
    return worded(
        "Kỳ đánh giá",
        f"Viết như {example}. Để trống: {empty}.",
        f"({'|'.join(shapes)})?",
        f"kỳ viết như {example}, hoặc để trống",
    )


PeriodText = period_text("2026-10", "tháng vừa kết thúc vào ngày theo lịch chạy", MONTH)
AnyPeriodText = period_text(
    "2026-10, 2026-Q4, 2026", "tháng vừa kết thúc", MONTH, QUARTER, HALF, YEAR, TERM
)
QuarterText = period_text("2026-Q4", "quý vừa kết thúc", QUARTER)
YearText = period_text("2026", "năm đang kết thúc (từ tháng 12) hay năm vừa qua", YEAR)
TermText = period_text("2026..2030", "nhiệm kỳ vừa kết thúc", TERM)
UnitText = Annotated[
    str,
    titled("Mã đơn vị", "Chỉ điền khi thủ trưởng một đơn vị phê duyệt kết quả của đơn vị mình."),
]
ReopenChoice = Annotated[
    bool, titled("Mở lại kết quả đã phê duyệt", "Chỉ chọn khi cần trả lại kết quả đã phê duyệt.")
]
ModeChoice = Annotated[
    Mode,
    titled(
        "Chế độ gửi thư",
        "rehearse: viết thư ra thư mục để xem trước, không gửi. send: gửi thật (khi đã có người "
        "cho phép gửi).",
    ),
]
