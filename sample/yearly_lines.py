"""What a unit says of its people and of itself once a year or once a term, line by line.

list(succession(brief, period, rng, who))    who is planned for which post, reviewed once a year
rating(cadre, rng)["proposed"]               -> "HTTNV"
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any

from review.brief import UnitBrief
from review.cadres import Cadre, Role
from review.period import Period
from review.units import Unit
from sample.characters import Character
from sample.entries import Row
from sample.words import FOLLOWERS, LACKING, SIGNS

GRADES = ("HTXSNV", "HTTNV", "HTTNV", "HTTNV", "HTNV")
LEVELS = ("tot", "kha", "trung_binh")
READY = ("chua", "mot_hai_nam", "mot_hai_nam", "san_sang")


def setup(brief: UnitBrief, rng: Random, who: Character) -> Row:
    row: Row = {
        "council": "co",
        "council_document": f"{rng.randint(100, 900)}/QĐ-UBND",
        "council_chair": "Chủ tịch Ủy ban nhân dân",
        "council_members": rng.choice((9, 11, 13)),
        "standing": "Phòng Văn hóa – Xã hội",
        "rules": f"Quyết định {rng.randint(10, 90)}/QĐ-UBND",
        "chart": "Một lãnh đạo phụ trách, một công chức tham mưu",
    }
    if who.lets_slip(rng, 0.06):
        row = {"council": "khong", "standing": "Phòng Văn hóa – Xã hội"}
    if brief.cadres and not who.lets_slip(rng, 0.05):
        row |= {"officer": brief.cadres[-1].code, "officer_document": f"{rng.randint(5, 99)}/TB"}
    return row


def skills(brief: UnitBrief, rng: Random) -> Iterator[Row]:
    """What changed in the year; the rest stands in the blank."""
    for cadre in brief.cadres:
        row: Row = {"cadre": cadre.code}
        if rng.random() < 0.5:
            row |= {"administration": "Ngạch chuyên viên", "informatics": "Cơ bản"}
        if rng.random() < 0.03:
            row |= {"fits": "khong", "wanted": "Bồi dưỡng nghiệp vụ TĐKT"}
        if len(row) > 1:
            yield row


def rating(cadre: Cadre, rng: Random) -> Row:
    grade = rng.choice(GRADES)
    ready = rng.choice(READY)
    row: Row = {
        "cadre": cadre.code,
        "self": grade,
        "proposed": grade,
        "strengths": "Chủ động, nắm chắc nghiệp vụ",
        "weaknesses": "Tham mưu nhân rộng điển hình còn chậm",
        "ready": ready,
    }
    if not cadre.leads and ready != "chua":
        row["next_post"] = "Phó Trưởng phòng"
        row |= {"lacking": rng.choice(LACKING)} if rng.random() < 0.3 else {}
    return row


def succession(brief: UnitBrief, period: Period, rng: Random, who: Character) -> Iterator[Row]:
    """The first time who stands behind each key post; then who was looked at again, who left, and
    now and then somebody new."""
    told = brief.before.get("succession")
    if told is not None:
        yield from _looked_at_again([r for r in told if r.change != "dua_ra"], period, rng, who)
        return
    staff = [cadre for cadre in brief.cadres if cadre.role is Role.STAFF]
    deputies = [cadre for cadre in brief.cadres if cadre.role is Role.DEPUTY]
    for role, title, behind in (
        (Role.HEAD, "Trưởng phòng", [*deputies, *staff]),
        (Role.DEPUTY, "Phó Trưởng phòng", staff),
    ):
        if any(cadre.role is role for cadre in brief.cadres) and not who.lets_slip(rng, 0.12):
            for cadre in behind[: rng.choice((1, 1, 2))]:
                yield _planned(cadre, role, title, period, rng)


def _planned(cadre: Cadre, role: Role, title: str, period: Period, rng: Random) -> Row:
    added = period.start + timedelta(days=rng.randint(40, 120))
    return {
        "post": title,
        "role": role.value,
        "cadre": cadre.code,
        "name": cadre.name,
        "origin": "tai_cho",
        "term": f"{period.start:%Y}–{period.start.year + 5}",
        "added": added,
        "grade": rng.choices(("HTXSNV", "HTTNV", "HTNV"), (20, 65, 15))[0],
        "ready": rng.choice(READY),
        "plan": "Bồi dưỡng trung cấp lý luận chính trị",
        "reviewed": added + timedelta(days=60),
    }


def _looked_at_again(told: list[Any], period: Period, rng: Random, who: Character) -> Iterator[Row]:
    for row in told:
        known: Row = {"post": row.post, "name": row.name, "cadre": row.cadre}
        if rng.random() < 0.06:
            basis = f"{rng.randint(10, 90)}/KL-HN, chuyển công tác"
            yield known | {"change": "dua_ra", "basis": basis}
        elif who.does(rng, 0.85):
            day = period.start + timedelta(days=rng.randint(150, 330))
            grade = rng.choices(("HTXSNV", "HTTNV", "HTNV"), (20, 65, 15))[0]
            yield known | {"reviewed": day, "grade": grade}


def sources(brief: UnitBrief, period: Period, rng: Random) -> Iterator[Row]:
    if "sources" in brief.before:
        for row in brief.before["sources"]:
            if row.appointed is None and rng.random() < 0.25:
                day = period.start + timedelta(days=rng.randint(20, 300))
                yield {"name": row.name, "post": row.post, "appointed": day}
        return
    for name, place, origin in rng.sample(FOLLOWERS, rng.choice((0, 1, 1, 2))):
        fresh: Row = {"name": name, "unit": place, "origin": origin, "post": "Công chức TĐKT"}
        yield fresh | {"ready": rng.choice(READY), "plan": "Tập huấn nghiệp vụ, giao việc thử"}


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
    yield from _of_the_unit(brief.unit)


def _of_the_unit(unit: Unit) -> Iterator[Row]:
    """Every fourth unit proposes itself; of these every third for more than the usual title."""
    turn = sum(map(ord, unit.code)) % 12
    if turn % 4 == 0:
        usual = turn != 8
        yield {
            "name": unit.name,
            "kind": "tap_the",
            "title": "tt_ldtt" if usual else "tt_ldxs",
            "grade": "HTTNV" if usual else "HTXSNV",
            "basis": "thuong_xuyen",
            "achievement": "Hoàn thành các chỉ tiêu thi đua đã đăng ký trong năm",
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
    level = rng.choices(("khong_con", "con_it", "con_nhieu"), (45, 45, 10))[0]
    row: Row = {"code": code, "level": level}
    if level != "khong_con":
        row["evidence"] = rng.choice(SIGNS)
    if level == "con_nhieu":
        row |= {"remedy": "Đưa vào chương trình năm sau", "due": period.end + timedelta(days=180)}
    return row


def needs(brief: UnitBrief, rng: Random) -> Iterator[Row]:
    leaders = sum(cadre.leads for cadre in brief.cadres)
    for post, present in (("Lãnh đạo phụ trách", leaders), ("Công chức TĐKT", len(brief.cadres))):
        leaving = int(rng.random() < 0.2)
        row: Row = {"post": post, "present": present, "retiring": leaving, "leaving": 0}
        row |= {"needed": max(1, present), "ready": rng.choice((0, 1))}
        yield row | {"plan": "Bố trí từ nguồn tại chỗ"}
