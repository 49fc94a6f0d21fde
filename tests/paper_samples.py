"""A report and a result sheet of the made-up province, from which the papers of tests are made."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from letter_samples import (
    CADRES,
    CARD,
    CARDS,
    CLOSED,
    ENTRIES,
    FINDINGS,
    FOLLOWING,
    INH,
    MONTH,
    MUONG_TE,
    OTHER,
    UNITS,
)

from review.letter_rows import card_block
from review.report import Stretch, report_of
from review.report_balance import imbalances
from review.thresholds import Thresholds

THRESHOLDS = Thresholds(9000, 7000, 5000)
HEAD = {
    "office": "Sở Nội vụ tỉnh Lai Châu",
    "parent": "",
    "province": "Lai Châu",
    "signer": "",
    "signer_title": "Thủ trưởng cơ quan",
    "number": "…/BC-TĐKT",
    "day": "06",
    "month": "11",
    "year": "2026",
    "period": MONTH,
    "period_label": "tháng 10/2026",
    "previous_label": "tháng 9/2026",
    "months": 1,
    "provisional": True,
    "title": "BÁO CÁO",
    "about": "Kết quả tháng 10/2026",
}
STRETCH = Stretch("T10/2026", ENTRIES, CARDS, [("03637", f) for f in FINDINGS], CLOSED, FOLLOWING)
EARLIER = Stretch("T9/2026", ENTRIES, [replace(CARD, period="2026-09", total=8000)])


def report(**changes: Any) -> dict[str, Any]:
    made = report_of(
        {**HEAD, **changes},
        [STRETCH],
        [EARLIER],
        units={unit.code: unit for unit in UNITS},
        cadres={cadre.code: cadre for cadre in (*CADRES, OTHER)},
        thresholds=THRESHOLDS,
        today=date(2026, 11, 6),
    )
    assert imbalances(made) == ()
    return made


def sheet() -> dict[str, Any]:
    criteria = [{"code": "I.1", "name": "Đạo đức", "most": 500, "own": 475, "given": None}]
    more = {"criteria": criteria, "most": 500, "own_sum": 475, "given_sum": None}
    return {
        **HEAD,
        **more,
        "form": "01",
        "code": INH.code,
        "name": INH.name,
        "post": INH.post,
        "unit_name": MUONG_TE.name,
        "status_words": "Đã chấm",
        "card": card_block(CARD),
    }


PAYLOADS = {"report_pdf": report, "report_docx": report, "workbook": report, "sheet_pdf": sheet}
