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
from plan_samples import course, plans

from review.letter_rows import card_block, card_row
from review.period import Cadence, Period
from review.report import Stretch, report_of
from review.report_balance import imbalances
from review.result_form import roll_rows
from review.roll import RollState
from review.rollup import Basis, Part, PartState, PeriodScore, Rolled
from review.scorecard import CardStatus, Grade
from review.year import YearRule

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
    "recipients": ["Lãnh đạo cơ quan (để báo cáo)", "Các đơn vị, cụm, khối thi đua"],
    "archive": "VT, TĐKT",
}
BESIDE: dict[str, Any] = {
    "plans": plans(Period.parse(MONTH)),
    "changes": [{"plan": "Kế hoạch đào tạo, bồi dưỡng", "period": "2026-11", "unit": "03637",
                 "unit_name": "Xã Mường Tè", "action": "Thêm", "content": "Bồi dưỡng nghiệp vụ",
                 "subject": "Lò Văn Inh", "due": "2026-11-20", "says": "2 sản phẩm chưa đạt.",
                 "state": "Đề xuất", "reason": ""}],
    "measures": [{"plan": "Kế hoạch tổ chức bộ máy, cơ cấu", "label": "Tỷ lệ biên chế còn trống",
                  "shown": "12,5%", "before": "10%", "says": "2 trên 16 biên chế.", "alarm": True}],
    "fan": [{"months": months, "low": 140 - 2 * months // 12 * 2, "middle": 140 - months // 6,
             "high": 140 - months // 12} for months in (0, 12, 24, 60)],
    "raters": [{"unit": "03637", "unit_name": "Xã Mường Tè", "people": 6, "lean": 180, "low": 90,
                "high": 270, "same": 33, "flagged": True},
               {"unit": "SYT", "unit_name": "Sở Y tế", "people": 5, "lean": -40, "low": -160,
                "high": 80, "same": 40, "flagged": False}],
    "month_labels": ["T10/2026"],
    "ranking": [{"unit": "03637", "unit_name": "Xã Mường Tè", "place": 1, "code": "03637-02",
                 "name": "Sùng Thị Mỷ", "months": [9317], "total": 9317,
                 "grade": "Hoàn thành xuất sắc nhiệm vụ", "seat": "Trong chỉ tiêu"}],
    "khoi": {"title": "Bảng điểm khối thi đua", "most": 10000,
             "measures": [{"code": "1", "name": "Tổ chức phong trào", "most": 10000}],
             "rows": [{"cluster": "Cụm thi đua số 1", "place": 1, "unit": "03637",
                       "unit_name": "Xã Mường Tè", "own": 9600, "reviewed": 9500, "computed": 9450,
                       "low": 9500, "high": 9500,
                       "parts": [{"own": 9600, "reviewed": 9500, "computed": 9450,
                                  "says": "19 trên 20 phong trào.", "source": "BC 12"}]}]},
    "works": [{"unit": "03637", "unit_name": "Xã Mường Tè", "code": "03637-01",
               "name": "Lò Văn Inh", "work": "Thẩm định hồ sơ khen thưởng", "coef": 50,
               "assigned": 20, "done": 18, "faulty": 2, "fault_times": 1, "late": 3,
               "late_times": 1, "weight": 1000, "a": 900, "b": 875, "c": 863}],
}  # fmt: skip
STRETCH = Stretch("T10/2026", ENTRIES, CARDS, [("03637", f) for f in FINDINGS], CLOSED, FOLLOWING)
EARLIER = Stretch("T9/2026", ENTRIES, [CARD._replace(period="2026-09", total=8000)])


def report(**changes: Any) -> dict[str, Any]:
    made = report_of(
        {**HEAD, **BESIDE, **changes},
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
        **BESIDE,
        "works": [],
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
    made |= {"plans": plans(period), "course": course(period)}
    if period.cadence is Cadence.YEAR:
        made["titles"] = [["Lao động tiên tiến", 40, 38], ["Chiến sĩ thi đua cơ sở", 8, 5]]
    assert imbalances(made) == ()
    return made


def _month(month: int, at: int) -> Stretch:
    """Another month in which other units owe, and other points were reached."""
    states = (RollState.ACCEPTED, RollState.NIL, RollState.RETURNED, RollState.MISSING)
    entries = [
        replace(
            entry,
            state=states[(at + n * (at % 3)) % 4],
            received=(at + n) % 4 < 3,
            late_days=entry.late_days if (at + n) % 4 < 3 else 0,  # what never came is not late
        )
        for n, entry in enumerate(ENTRIES)
    ]
    cards = [card._replace(total=card.total and card.total - 130 * at) for card in CARDS]
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


def sheet_02() -> dict[str, Any]:
    """A year of which one month has no result yet and one was spent on leave."""
    parts = [
        Part(f"2026-{n:02}", 1, PartState.COUNTED, "03637", 8800 + 10 * n) for n in range(1, 13)
    ]
    parts[3] = replace(parts[3], state=PartState.LEAVE, score=None)
    parts[11] = replace(parts[11], state=PartState.MISSING, score=None)
    whose = Rolled(INH.code, INH.unit, "2026", Basis.PROVISIONAL)
    rolled = PeriodScore(
        whose, CardStatus.INSUFFICIENT, YearRule.MEAN_OF_MONTHS, None, 8860, 8055, 8964, 10, 11,
        parts=tuple(parts),
    )  # fmt: skip
    return {
        **HEAD,
        "form": "02",
        "title": "PHIẾU XẾP LOẠI CHẤT LƯỢNG CÔNG CHỨC",
        "period_label": "năm 2026",
        "code": INH.code,
        "name": INH.name,
        "post": INH.post,
        "unit_name": MUONG_TE.name,
        "rows": roll_rows(rolled),
        "score": None,
        "so_far": 8860,
        "counted": 10,
        "due": 11,
        "basis_label": "tạm tính",
        "status_words": "Chưa đủ dữ liệu",
        "grades": [{"label": grade.label, "chosen": grade is Grade.GOOD} for grade in Grade],
    }


def unit_sheet() -> dict[str, Any]:
    rows = [card_row(card, person) for card, person in zip(CARDS, CADRES, strict=True)]
    unit = {"code": MUONG_TE.code, "name": MUONG_TE.name}
    return {**HEAD, "paper": "unit_sheet_pdf", "unit": unit, "cards": rows}


PAYLOADS = {
    "report_pdf": report,
    "report_docx": report,
    "workbook": report,
    "sheet_pdf": sheet,
    "sheet02_pdf": sheet_02,
    "unit_sheet_pdf": unit_sheet,
}
