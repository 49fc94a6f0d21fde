"""The languages of letters: whose templates, how numbers and dates are written, a few words.

    tongue_of(letter.payload).code       -> "vi"

Another language is a folder of templates below templates/letters, filters under the same names, and
a line here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from channels import english, vietnamese


@dataclass(frozen=True, slots=True)
class Tongue:
    """`folder` below templates/letters, with its slash; `correction` takes a moment, `chart` says
    what the digest's picture shows, `chart_told` takes that and the figures."""

    code: str
    folder: str
    filters: Mapping[str, Callable[..., Any]]
    correction: str
    corrected: str
    chart: str
    chart_told: str


TONGUES = {
    "vi": Tongue(
        "vi",
        "",
        vietnamese.FILTERS,
        "Thư này đính chính và thay cho thư gửi lúc {}.",
        "Đính chính: ",
        "Tỷ lệ đơn vị có báo cáo được chấp nhận",
        "Biểu đồ. {}. {}.",
    ),
    "en": Tongue(
        "en",
        "en/",
        english.FILTERS,
        "This letter corrects and replaces the letter sent at {}.",
        "Correction: ",
        "Share of units with an accepted report",
        "Chart. {}. {}.",
    ),
}


def tongue_of(payload: Mapping[str, Any]) -> Tongue:
    """Letters written before there were languages are Vietnamese."""
    return TONGUES[payload.get("lang", "vi")]
