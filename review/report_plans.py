"""The part of a report that tells of the plans: figures by the article's measures, what came of the
plans that stood, what is proposed for the next period, what leaders are asked.

    section = plans_section(figures, before, proposed, followed, following="năm 2027")
    section["parts"][0]["rows"][0]
        -> ["Họp bàn về TĐKT …", "87,9%", "88,9%" a period ago, "651 trên 741 …", True, "QUAN_TAM"]

No person is named: the evidence, which does name them, stands in the plans themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from review.evidence import Measure
from review.period import Cadence
from review.plan_words import CAUSES, asked_for
from review.plans import ChangeState, Outcome, PlanKind

PARTS: tuple[tuple[str, tuple[str, ...]], ...] = (  # the founding article's measures, in order
    (
        "Nâng cao nhận thức, trách nhiệm; đào tạo, bồi dưỡng",
        ("QUAN_TAM", "NHU_CAU", "DAP_UNG", "TIET", "THIEU_TIET", "HINH_THUC", "CHO_QUA_HAN",
         "CAP_NHAT_"),
    ),
    (
        "Lãnh đạo, chỉ đạo; chương trình công tác; tự phê bình và phê bình",
        ("TRUY_LEN", "CU_THE", "PHU_KIN", "CHUYEN_KY", "HIEU_QUA", "DUNG_HAN", "TU_KIEM_DIEM",
         "KHAC_PHUC_MO", "TUOI_KHAC_PHUC", "UON_NAN", "LAP_LAI", "GIAI_PHAP", "HAN_CHE"),
    ),
    (
        "Tổ chức bộ máy, cơ cấu đội ngũ; dự báo",
        ("SO_NGUOI", "FTE", "DO_TUOI", "TRINH_DO", "NU", "TRE", "DTTS", "BO_TRI", "BO_MAY", "TRONG",
         "BIEN_DONG", "HUU_", *(f"TRONG_{months}" for months in (12, 24, 60)), "NHU_CAU_2",
         "NHU_CAU_SAU_", "NHU_CAU_DV",
         "ROI_VI_TRI", "QUA_SOM", "QUA_LAU", "PHU_TRACH_THAY"),
    ),
    (
        "Quy hoạch, tạo nguồn; chuyển tiếp giữa các thế hệ",
        ("TRONG_QH", "HANG_HUT", "SAN_SANG", "VAO_RA", "CHUA_RA_SOAT", "NHIEU_", "QH_", "NGUON",
         "CHUYEN_DOI_NGUON"),
    ),
    (
        "Tự học tập, rèn luyện; kiểm tra, giám sát, xử lý vụ việc",
        ("PHAM_CHAT", "TU_HOC", "KHONG_KE_HOACH", "KIEM_TRA", "VU_VIEC"),
    ),
    (
        "Phong trào thi đua và khen thưởng",
        ("SO_TONG_KET", "THUC_CHAT", "CHI_TIEU", "THAM_GIA", "CHENH_LECH", "DIEN_HINH",
         "GAN_PHONG_TRAO", "TRUC_TIEP", "CHI_CHAM"),
    ),
)  # fmt: skip
MOST_CAUSES = 3
MOST_ASKS = 10  # in a letter; the paper that goes with it has all
TELLING: Mapping[Cadence, tuple[str, ...]] = {  # what a letter tells whether it alarms or not
    Cadence.QUARTER: (
        *("QUAN_TAM", "NHU_CAU", "DAP_UNG", "HINH_THUC", "CAP_NHAT_", "TRUY_LEN", "PHU_KIN"),
        *("HIEU_QUA", "TU_KIEM_DIEM", "KHAC_PHUC_MO", "UON_NAN", "TU_HOC", "KIEM_TRA", "VU_VIEC"),
        *("ROI_VI_TRI", "QUA_SOM", "QUA_LAU", "SO_TONG_KET", "THAM_GIA", "CHENH_LECH"),
        *("CHI_TIEU", "DIEN_HINH"),
    ),
    Cadence.YEAR: (
        *("DAP_UNG", "TIET", "QUAN_TAM", "TRUY_LEN", "DUNG_HAN", "SO_NGUOI", "FTE", "TRONG"),
        *("BO_TRI", "BO_MAY", "HUU_12", "HUU_24", "TRONG_24", "NHU_CAU_2", "TRONG_QH", "HANG_HUT"),
        *("SAN_SANG", "VAO_RA", "QH_", "NGUON", "CHUYEN_DOI_NGUON", "PHU_TRACH_THAY", "TU_HOC"),
        *("KIEM_TRA", "VU_VIEC", "SO_TONG_KET", "THUC_CHAT", "DIEN_HINH", "GAN_PHONG_TRAO"),
        *("TRUC_TIEP", "CHI_CHAM"),
    ),
    Cadence.TERM: (
        *("GIAI_PHAP", "HAN_CHE", "TRUY_LEN", "CU_THE", "PHU_KIN", "CHUYEN_KY", "SO_NGUOI"),
        *("HUU_60", "TRONG_60", "NHU_CAU_2", "NHU_CAU_DV", "TRONG_QH", "HANG_HUT", "NGUON"),
        *("ROI_VI_TRI", "DIEN_HINH", "SO_TONG_KET"),
    ),
}
Figures = Mapping[PlanKind, Sequence[Measure]]


@dataclass(frozen=True, slots=True)
class Proposed:
    """So many proposals of one cause in one plan, in one state; `cost` whole đồng."""

    kind: PlanKind
    measure: str
    state: ChangeState
    lines: int
    cost: int = 0


@dataclass(frozen=True, slots=True)
class Followed:
    """So many lines of one plan came to one outcome."""

    kind: PlanKind
    outcome: Outcome
    lines: int


def plans_section(
    figures: Figures,
    before: Figures,
    proposed: Sequence[Proposed],
    followed: Sequence[Followed],
    following: str,
) -> dict[str, Any]:
    """JSON-ready; empty where the period's plans were not weighed. `following` says for when the
    changes are proposed ("năm 2027")."""
    if not figures:
        return {}
    every = [one for some in figures.values() for one in some]
    earlier = {one.code: one for some in before.values() for one in some}
    parts = [(title, _rows(codes, every, earlier)) for title, codes in PARTS]
    return {
        "following": following,
        "alarms": sum(one.alarm for one in every),
        "figures": len(every),
        "parts": [{"title": title, "rows": rows} for title, rows in parts if rows],
        "proposed": [_proposed_row(kind, proposed) for kind in _kinds(proposed)],
        "followed": [_followed_row(kind, followed) for kind in _kinds(followed)],
        "asks": asked_for(every),
    }


def _rows(
    codes: Sequence[str], every: Iterable[Measure], earlier: Mapping[str, Measure]
) -> list[list[Any]]:
    """In the order of the codes."""
    known = list(every)
    ordered = [one for code in codes for one in known if _told(one.code, (code,))]
    found = {one.code: one for one in ordered}
    return [_row(one, earlier.get(one.code)) for one in found.values()]


def _row(one: Measure, before: Measure | None) -> list[Any]:
    was = before.shown if before else ""
    return [one.label, one.shown, was, one.says, one.alarm, one.code]


def for_a_letter(section: Mapping[str, Any], cadence: Cadence) -> dict[str, Any]:
    """The same with the rows that a letter tells: what alarms, and what leaders ask for. The whole
    stands in the paper that goes with it."""
    told = TELLING.get(cadence, TELLING[Cadence.QUARTER])
    parts = [
        {**part, "rows": [row for row in part["rows"] if row[4] or _told(row[5], told)]}
        for part in section["parts"]
    ]
    asks, left = section["asks"][:MOST_ASKS], len(section["asks"][MOST_ASKS:])
    rest = [f"{left} việc khác nêu tại mục Đề nghị của báo cáo kèm theo"] if left else []
    parts = [part for part in parts if part["rows"]]
    asked = len(section["asks"])
    return {**section, "parts": parts, "asks": [*asks, *rest], "asked": asked}


def _told(code: str, codes: Sequence[str]) -> bool:
    """Whether a code is named, or of a named family."""
    return any(code == one or (_is_family(one) and code.startswith(one)) for one in codes)


def _is_family(code: str) -> bool:
    return code[-1] == "_" or code == "NHU_CAU_2"


def _kinds(some: Iterable[Proposed | Followed]) -> list[PlanKind]:
    there = {one.kind for one in some}
    return [kind for kind in PlanKind if kind in there]


def _proposed_row(kind: PlanKind, proposed: Iterable[Proposed]) -> list[Any]:
    """Plan, lines, đồng, those that wait, accepted, refused, the commonest causes in words."""
    mine = [p for p in proposed if p.kind is kind and p.state is not ChangeState.TAKEN_BACK]
    by_cause: dict[str, int] = {}
    for one in mine:
        by_cause[one.measure] = by_cause.get(one.measure, 0) + one.lines
    common = sorted(by_cause.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_CAUSES]
    causes = "; ".join(f"{CAUSES.get(code, code)} ({count})" for code, count in common)
    states = {state: sum(p.lines for p in mine if p.state is state) for state in ChangeState}
    return [
        kind.label,
        sum(p.lines for p in mine),
        sum(p.cost for p in mine),
        states[ChangeState.PROPOSED],
        states[ChangeState.ACCEPTED],
        states[ChangeState.REFUSED],
        causes,
    ]


def _followed_row(kind: PlanKind, followed: Iterable[Followed]) -> list[Any]:
    """Plan, lines, done, not done, unknown."""
    counts = dict.fromkeys(Outcome, 0)
    for one in followed:
        if one.kind is kind:
            counts[one.outcome] += one.lines
    return [
        kind.label,
        sum(counts.values()),
        counts[Outcome.DONE],
        counts[Outcome.NOT_DONE],
        counts[Outcome.UNKNOWN],
    ]
