"""What a unit says once a quarter of its leaders, products, classes, moves, meetings, inspections
and of what its people study, line by line.

list(training(brief, period, rng, who))      what was waiting is held or not, new needs are named
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from review.brief import UnitBrief
from review.cadres import Cadre
from review.period import Period
from sample.characters import Character
from sample.entries import Row
from sample.words import (
    CASES,
    CONCLUSIONS,
    COURSES,
    FAULTS,
    MOVEMENTS,
    REMEDIES,
    TOPICS,
    contents_of,
)

WAYS = ("tap_trung", "tap_trung", "truc_tuyen", "tai_cho", "hoi_thao", "thuc_te")
NEW_TEXTS = (  # what cadres read in the quarter in which it must be known
    (date(2025, 7, 1), "Nghị định 171/2025/NĐ-CP về đào tạo, bồi dưỡng công chức"),
    (date(2026, 1, 1), "Nghị định 335/2025/NĐ-CP về đánh giá, xếp loại công chức"),
)


def day_in(period: Period, rng: Random, first: int = 5, last: int = 80) -> date:
    return period.start + timedelta(days=rng.randint(first, last))


def waiting(brief: UnitBrief, sheet: str, name: str) -> list[Any]:
    """The lines of the last report in which this cell was left blank."""
    return [row for row in brief.before.get(sheet) or () if getattr(row, name) in (None, "")]


def attention(cadre: Cadre, period: Period, rng: Random, quiet: bool) -> Row:
    """What one leader did for this work; where it is quiet, nothing but a plan."""
    planned, day = rng.randint(2, 4), day_in(period, rng)
    if quiet:
        return {"cadre": cadre.code, "planned": planned, "meetings": 0, "documents": 0}
    documents = rng.randint(1, 3)
    return {
        "cadre": cadre.code,
        "planned": planned,
        "meetings": planned - (rng.random() < 0.3),
        "met_on": day_in(period, rng, 60, 85),
        "documents": documents,
        "document": "; ".join(f"{rng.randint(20, 900)}/CV-UBND" for _ in range(documents)),
        "documented_on": day,
        "content": f"Chỉ đạo tổ chức phong trào “{rng.choice(MOVEMENTS)}”",
    }


def outcomes(brief: UnitBrief, rng: Random) -> Iterator[Row]:
    for work in rng.sample(brief.works, min(3, len(brief.works))):
        submitted = rng.randint(3, 20)
        returned = rng.randint(0, submitted // rng.choice((3, 6, 6, 8)))
        yield {
            "work": work.code,
            "content": rng.choice(contents_of(work)).format(m=rng.choice(MOVEMENTS)),
            "submitted": submitted,
            "approved": submitted - returned,
            "returned": returned,
            "satisfied": rng.randint(80, 99),
            "copied": rng.choice(("co", "khong")),
            "evidence": "Sổ theo dõi hồ sơ của đơn vị",
        }


def training(brief: UnitBrief, period: Period, rng: Random, who: Character) -> Iterator[Row]:
    told = [row for row in brief.before.get("training") or () if row.state != "xong"]
    for row in told:
        if brief.cadre(row.cadre) and who.does(rng, 0.7):
            known: Row = {"cadre": row.cadre, "kind": row.kind, "subject": row.subject}
            yield known | _held(period, rng)
    busy = {row.cadre for row in told}
    for cadre in brief.cadres:
        for since, subject in NEW_TEXTS:
            if since in period and who.does(rng, 0.85):
                late = who.lets_slip(rng, 0.12)
                start = since + timedelta(days=rng.randint(32, 50) if late else rng.randint(4, 28))
                told_on: Row = {"cadre": cadre.code, "kind": "phap_luat", "subject": subject}
                yield told_on | {
                    **{"course": "BD-PL", "state": "xong", "way": "truc_tuyen", "hours": 4},
                    **{"start": start, "finish": start, "certificate": "Đạt kiểm tra"},
                }
        if cadre.code in busy and not who.does(rng, 0.3):
            continue
        kind, course, subject = rng.choice(COURSES)
        row = {"cadre": cadre.code, "kind": kind, "course": course, "subject": subject}
        row |= {"asked": day_in(period, rng, 1, 30)}
        yield row | (_held(period, rng) if who.does(rng, 0.65) else {"state": "nhu_cau"})


def _held(period: Period, rng: Random) -> Row:
    start = day_in(period, rng, 31, 80)
    hours = rng.choice((8, 8, 16, 24))
    return {
        "state": "xong",
        "way": rng.choice(WAYS),
        "hours": hours,
        "start": start,
        "finish": start + timedelta(days=hours // 8),
        "cost": Decimal(rng.randint(1, 8)) / 10,
        "certificate": "Giấy chứng nhận" if rng.random() < 0.8 else "",
    }


def moves(brief: UnitBrief, period: Period, rng: Random) -> Iterator[Row]:
    staff = [cadre for cadre in brief.cadres if not cadre.leads]
    if staff and rng.random() < 0.12:
        cadre = rng.choice(staff)
        yield {
            "kind": "phu_trach",
            "cadre": cadre.code,
            "name": cadre.name,
            "on": day_in(period, rng, 5, 30),
            "until": day_in(period, rng, 40, 80),
            "post": "Phụ trách thay Trưởng phòng",
            "document": f"{rng.randint(10, 90)}/TB-UBND",
            "result": "Hoàn thành nhiệm vụ được giao",
        }
    if brief.cadres and not brief.before.get("moves") and rng.random() < 0.012:
        cadre = rng.choice(brief.cadres)
        yield {
            "kind": "du_kien_di",
            "cadre": cadre.code,
            "name": cadre.name,
            "on": period.end + timedelta(days=rng.randint(60, 400)),
            "post": cadre.post or cadre.role.label,
            "replacement": "Nguồn tại chỗ",
        }


def meetings(brief: UnitBrief, period: Period, rng: Random, who: Character) -> Iterator[Row]:
    for row in waiting(brief, "meetings", "finished"):
        if row.remedy and who.does(rng, 0.75):
            finished = max(day_in(period, rng, 3, 40), row.held)
            yield {"held": row.held, "minutes": row.minutes, "finished": finished}
    held, all_there = day_in(period, rng, 40, 75), len(brief.cadres)
    row = {
        "held": held,
        "minutes": f"{rng.randint(10, 600)}/BB",
        "subject": "don_vi",
        "persons": max(1, all_there - who.lets_slip(rng, 0.15)),
        "conclusion": rng.choice(CONCLUSIONS),
    }
    if rng.random() < 0.6:
        row |= {"remedy": rng.choice(REMEDIES), "due": held + timedelta(days=30)}
    yield row


def inspections(brief: UnitBrief, period: Period, rng: Random, who: Character) -> Iterator[Row]:
    for told in waiting(brief, "inspections", "closed"):
        if who.does(rng, 0.75):
            opened = told.opened or day_in(period, rng, 5, 40)
            closed = max(day_in(period, rng, 8, 60), opened)
            yield {
                **{"kind": told.kind, "content": told.content, "opened": opened},
                **{"closed": closed, "outcome": "Đã xử lý, rút kinh nghiệm"},
            }
    planned = day_in(period, rng, 10, 40)
    place = rng.choice(("thôn, bản", "các phòng", "trường học", "hợp tác xã"))
    row: Row = {"kind": "kiem_tra", "content": f"Kiểm tra việc bình xét khen thưởng ở {place}"}
    row |= {"planned": planned}
    if who.does(rng, 0.85):
        row |= {"opened": planned, "closed": planned + timedelta(days=2)}
        row |= {"outcome": "Đúng quy trình, còn chậm thời gian"}
        row |= {"document": f"{rng.randint(5, 50)}/BC"}
    yield row
    for kind, contents, chance in (("sai_sot", FAULTS, 0.35), ("vu_viec", CASES, 0.06)):
        if who.lets_slip(rng, chance):
            yield _matter(kind, rng.choice(contents), period, rng, who)


def _matter(kind: str, content: str, period: Period, rng: Random, who: Character) -> Row:
    opened = day_in(period, rng, 5, 60)
    again = "co" if kind == "sai_sot" and who.lets_slip(rng, 0.1) else "khong"
    row: Row = {"kind": kind, "content": content, "opened": opened, "again": again}
    if who.does(rng, 0.7):
        days = rng.randint(2, 14) if kind == "sai_sot" else rng.randint(8, 26)
        row |= {"closed": opened + timedelta(days=days), "outcome": "Đã rút kinh nghiệm"}
    return row


def self_study(brief: UnitBrief, rng: Random, who: Character) -> Iterator[Row]:
    for cadre in brief.cadres:
        planned = rng.choice((8, 12, 16))
        short = 0 if who.does(rng, 0.7) else rng.choice((2, 4, 6))
        yield {
            "cadre": cadre.code,
            "topic": rng.choice(TOPICS),
            "planned": planned,
            "done": planned - short,
            "result": "chua_dat" if short > 4 else "dat",
            "product": "Bài thu hoạch",
        }
