"""What a unit says of its people and of itself once a year or once a term, line by line.

list(succession(brief, period))      -> who is planned for which post, empty where it stands
rating(cadre, rng)["proposed"]       -> "HTTNV"
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from random import Random

from review.brief import UnitBrief
from review.cadres import Cadre
from review.period import Period
from sample.entries import Row

GRADES = ("HTXSNV", "HTTNV", "HTTNV", "HTNV")
LEVELS = ("tot", "kha", "trung_binh")


def setup(brief: UnitBrief, rng: Random) -> Row:
    setup: Row = {
        "council": "co",
        "council_document": f"{rng.randint(100, 900)}/QĐ-UBND",
        "council_chair": "Chủ tịch Ủy ban nhân dân",
        "council_members": rng.choice((9, 11, 13)),
        "standing": "Phòng Văn hóa – Xã hội",
        "rules": f"Quyết định {rng.randint(10, 90)}/QĐ-UBND",
        "chart": "Một lãnh đạo phụ trách, một công chức tham mưu",
    }
    if brief.cadres:
        setup |= {"officer": brief.cadres[-1].code, "officer_document": f"{rng.randint(5, 99)}/TB"}
    return setup


def rating(cadre: Cadre, rng: Random) -> Row:
    grade = rng.choice(GRADES)
    return {
        "cadre": cadre.code,
        "self": grade,
        "proposed": grade,
        "strengths": "Chủ động, nắm chắc nghiệp vụ",
        "weaknesses": "Tham mưu nhân rộng điển hình còn chậm",
        "ready": rng.choice(("chua", "mot_hai_nam", "san_sang")),
        "lacking": "Kỹ năng phân tích số liệu",
    }


def succession(brief: UnitBrief, period: Period) -> Iterator[Row]:
    if "succession" in brief.before:
        return
    for cadre in [c for c in brief.cadres if not c.leads][:2]:
        yield {
            "post": "Trưởng phòng",
            "cadre": cadre.code,
            "name": cadre.name,
            "origin": "tai_cho",
            "term": "2026–2031",
            "added": period.start + timedelta(days=60),
            "grade": "HTTNV",
            "ready": "mot_hai_nam",
            "plan": "Bồi dưỡng trung cấp lý luận chính trị",
        }


def sources(brief: UnitBrief) -> Iterator[Row]:
    if "sources" not in brief.before:
        row: Row = {"name": "Lò Thị Mai", "unit": "Trường THCS xã", "origin": "noi_khac"}
        yield row | {"post": "Công chức TĐKT", "ready": "chua", "plan": "Tập huấn nghiệp vụ"}


def titles(brief: UnitBrief) -> Iterator[Row]:
    for cadre in brief.cadres[:2]:
        yield {
            "name": cadre.name,
            "cadre": cadre.code,
            "kind": "lanh_dao" if cadre.leads else "truc_tiep",
            "title": "ldtt",
            "grade": "HTTNV",
            "basis": "thuong_xuyen",
            "achievement": "Hoàn thành tốt nhiệm vụ được giao",
        }


def cluster(rng: Random) -> Iterator[Row]:
    for n, most in enumerate((10, 10, 20, 10, 10, 10, 20, 10), start=1):
        row: Row = {"code": f"TC{n:02}", "score": most - rng.choice((0, 0, 1, 2))}
        yield row | ({"bonus": 1, "proof": "Bằng khen năm 2026"} if n == 7 else {})


def measure(code: str, rng: Random) -> Row:
    row: Row = {"code": code, "work": "Ban hành kế hoạch, tổ chức thực hiện hằng năm"}
    level = rng.choice(LEVELS)
    return row | {"level": level, "figures": "Báo cáo tổng kết các năm", "following": "Tiếp tục"}


def weakness(code: str, period: Period, rng: Random) -> Row:
    level = rng.choice(("khong_con", "con_it", "con_nhieu"))
    row: Row = {"code": code, "level": level}
    if level != "khong_con":
        row["evidence"] = "Qua kiểm tra, tự kiểm tra hằng năm"
    if level == "con_nhieu":
        row |= {"remedy": "Đưa vào chương trình năm sau", "due": period.end + timedelta(days=180)}
    return row


def needs(brief: UnitBrief) -> Iterator[Row]:
    leaders = sum(cadre.leads for cadre in brief.cadres)
    for post, present in (("Lãnh đạo phụ trách", leaders), ("Công chức TĐKT", len(brief.cadres))):
        row: Row = {"post": post, "present": present, "retiring": 0, "needed": max(1, present)}
        yield row | {"ready": 1, "plan": "Bố trí từ nguồn tại chỗ"}
