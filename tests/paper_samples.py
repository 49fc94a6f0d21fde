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
from review.period import Period
from review.report import Stretch, report_of
from review.report_balance import imbalances
from review.roll import RollState
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
        today=date(2026, 11, 6),
    )
    assert imbalances(made) == ()
    return made


def longer(text: str, number: int) -> dict[str, Any]:
    """The report of a longer period, made of its months up to November 2026."""
    period, today = Period.parse(text), date(2026, 12, 6)
    head = {
        **HEAD,
        "period": text,
        "period_label": period.label,
        "previous_label": period.previous().label,
        "months": number,
        "about": f"Kết quả {period.label}",
        "month": "12",
    }
    made = report_of(
        head,
        [_month(10 - number + 1 + at, at) for at in range(number)],
        [_month(10 - number, 3)],
        units={unit.code: unit for unit in UNITS},
        cadres={cadre.code: cadre for cadre in (*CADRES, OTHER)},
        today=today,
        own={card.cadre: card for card in _month(10, number - 1).cards},
        own_before={card.cadre: card for card in _month(10 - number, 3).cards},
    )
    assert imbalances(made) == ()
    return made


def _month(month: int, at: int) -> Stretch:
    """Another month in which other units owe, and other points were reached."""
    states = (RollState.ACCEPTED, RollState.NIL, RollState.RETURNED, RollState.MISSING)
    entries = [
        replace(entry, state=states[(at + n * (at % 3)) % 4], received=(at + n) % 4 < 3)
        for n, entry in enumerate(ENTRIES)
    ]
    cards = [replace(card, total=card.total and card.total - 130 * at) for card in CARDS]
    return replace(STRETCH, label=f"T{month}/2026", entries=entries, cards=cards)


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
