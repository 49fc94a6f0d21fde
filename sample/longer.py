"""The quarter, the year and the term as a conscientious unit would report them.

    entries = report_of(brief, random.Random(7))      by the cadence of brief.period
    fill(blank, answers(form, brief, entries))

What the blank brings from the last report is left as it stands, or closed where it is due.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from review.brief import UnitBrief
from review.cadres import Cadre
from review.period import Cadence, Period
from sample.entries import Entries, Row, good_entries, programme_rows, signatures
from sample.words import (
    CONCLUSIONS,
    COURSES,
    EXEMPLARS,
    FAULTS,
    MOVEMENTS,
    TARGETS,
    TOPICS,
    contents_of,
)
from sample.yearly_lines import (
    LEVELS,
    cluster,
    measure,
    needs,
    rating,
    setup,
    sources,
    succession,
    titles,
    weakness,
)


def report_of(brief: UnitBrief, rng: Random) -> Entries:
    """Everything one unit writes for the period of its brief, in good order."""
    period = Period.parse(brief.period)
    return FILLERS[period.cadence](brief, rng)


def quarter_entries(brief: UnitBrief, rng: Random) -> Entries:
    period = Period.parse(brief.period)
    movements = list(_movements(brief, period, rng))
    officer = brief.cadres[-1].code if brief.cadres else ""
    return {
        "cover": signatures(brief, period, rng) | {"nil": "khong", "officer": officer},
        "attention": [_attention(c, period, rng) for c in brief.cadres if c.leads],
        "outcomes": list(_outcomes(brief, rng)),
        "programme": list(programme_rows(brief, period, rng)),
        "training": list(_training(brief, period, rng)),
        "moves": list(_moves(brief, period, rng)),
        "movements": movements,
        "reviews": list(_reviews(movements, period, rng)),
        "models": list(_models(movements, period, rng)),
        "awards": list(_awards(movements, period, rng)),
        "meetings": list(_meetings(brief, period, rng)),
        "inspections": list(_inspections(brief, period, rng)),
        "selfstudy": [_self_study(cadre, rng) for cadre in brief.cadres],
    }


def year_entries(brief: UnitBrief, rng: Random) -> Entries:
    period = Period.parse(brief.period)
    movements = [] if "movements" in brief.before else list(_movements(brief, period, rng))
    return {
        "cover": signatures(brief, period, rng) | {"posts": max(1, len(brief.cadres))},
        "setup": setup(brief, rng),
        "roster": [],  # as the office has it
        "skills": [],
        "programme": list(programme_rows(brief, period, rng)),
        "rating": [rating(cadre, rng) for cadre in brief.cadres],
        "succession": list(succession(brief, period)),
        "sources": list(sources(brief)),
        "movements": movements,
        "models": list(_models(movements, period, rng)),
        "titles": list(titles(brief)),
        "cluster": list(cluster(rng)),
    }


def term_entries(brief: UnitBrief, rng: Random) -> Entries:
    period = Period.parse(brief.period)
    codes = ("M1", "M2", "M3.1", "M3.2", "M3.3", "M3.4", "M3.5", "M4")
    return {
        "cover": signatures(brief, period, rng) | {"posts": max(1, len(brief.cadres))},
        "measures": [measure(code, rng) for code in codes],
        "weaknesses": [weakness(f"W{n}", period, rng) for n in range(1, 16)],
        "programme": list(programme_rows(brief, period, rng)),
        "succession": list(succession(brief, period)),
        "sources": list(sources(brief)),
        "needs": list(needs(brief)),
        "models": list(_models([], period, rng)),
    }


FILLERS: dict[Cadence, Callable[[UnitBrief, Random], Entries]] = {
    Cadence.MONTH: good_entries,
    Cadence.QUARTER: quarter_entries,
    Cadence.YEAR: year_entries,
    Cadence.TERM: term_entries,
}


def _day(period: Period, rng: Random, first: int = 5, last: int = 80) -> date:
    return period.start + timedelta(days=rng.randint(first, last))


def _attention(cadre: Cadre, period: Period, rng: Random) -> Row:
    planned, day = rng.randint(2, 4), _day(period, rng)
    documents = rng.randint(1, 3)
    return {
        "cadre": cadre.code,
        "planned": planned,
        "meetings": planned - (rng.random() < 0.3),
        "met_on": _day(period, rng, 60, 85),
        "documents": documents,
        "document": "; ".join(f"{rng.randint(20, 900)}/CV-UBND" for _ in range(documents)),
        "documented_on": day,
        "content": f"Chỉ đạo tổ chức phong trào “{rng.choice(MOVEMENTS)}”",
    }


def _outcomes(brief: UnitBrief, rng: Random) -> Iterator[Row]:
    for work in rng.sample(brief.works, min(3, len(brief.works))):
        submitted = rng.randint(3, 20)
        returned = rng.randint(0, submitted // 4)
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


def _training(brief: UnitBrief, period: Period, rng: Random) -> Iterator[Row]:
    told = brief.before.get("training")
    waiting = {row.cadre: row for row in told or () if row.state != "xong"}
    for cadre in brief.cadres:
        kind, subject = rng.choice(COURSES)
        open_need = waiting.get(cadre.code)
        if open_need is not None:
            kind, subject = open_need.kind, open_need.subject
        row: Row = {"cadre": cadre.code, "kind": kind, "subject": subject, "state": "nhu_cau"}
        if open_need is not None or rng.random() < 0.6:
            start = _day(period, rng, 5, 70)
            row |= {"state": "xong", "way": rng.choice(("tap_trung", "truc_tuyen", "tai_cho"))}
            row |= {"hours": rng.choice((8, 16, 24)), "start": start}
            row |= {"finish": start + timedelta(days=2), "cost": Decimal(rng.randint(0, 9)) / 2}
            row |= {"certificate": "Giấy chứng nhận"}
        yield row


def _moves(brief: UnitBrief, period: Period, rng: Random) -> Iterator[Row]:
    if brief.cadres and rng.random() < 0.5:
        cadre = brief.cadres[-1]
        yield {
            "kind": "phu_trach",
            "cadre": cadre.code,
            "name": cadre.name,
            "on": _day(period, rng, 5, 30),
            "until": _day(period, rng, 40, 80),
            "post": "Phụ trách thay Trưởng phòng",
            "document": f"{rng.randint(10, 90)}/TB-UBND",
            "result": "Hoàn thành nhiệm vụ được giao",
        }


def _movements(brief: UnitBrief, period: Period, rng: Random) -> Iterator[Row]:
    told = brief.before.get("movements")
    known = [row.code for row in told or () if row.state == "dang_lam"]
    for code in known:
        yield {"code": code, "joined": rng.randint(20, 40), "registered": rng.randint(40, 60)}
    for n in range(1, 4 if not known else 2):
        registered = rng.randint(30, 120)
        yield {
            "code": f"PT{str(period)[2:4]}{period.first % 12 + 1:02}{n}",
            "name": MOVEMENTS[(n + rng.randint(0, 3)) % len(MOVEMENTS)],
            "goal": "Nâng cao đời sống nhân dân",
            "target": rng.choice(TARGETS),
            "planned": rng.randint(10, 30),
            "reached": rng.randint(5, 30),
            "way": rng.choice(("thuong_xuyen", "chuyen_de")),
            "method": "Phát động, đăng ký, kiểm tra, sơ kết",
            "launched": _day(period, rng, 1, 20),
            "state": "dang_lam",
            "registered": registered,
            "joined": registered - rng.randint(0, 10),
            "self_grade": rng.choice(LEVELS),
            "proof": f"Báo cáo số {rng.randint(10, 300)}/BC-UBND",
        }


def _reviews(movements: list[Row], period: Period, rng: Random) -> Iterator[Row]:
    for movement in movements:
        if "launched" in movement:
            row: Row = {"movement": movement["code"], "kind": "phat_dong"}
            row |= {"due": movement["launched"], "held": movement["launched"]}
            row |= {"report": f"{rng.randint(10, 90)}/KH-UBND", "attended": rng.randint(30, 90)}
            yield row
            due = period.end + timedelta(days=rng.randint(20, 60))
            yield {"movement": movement["code"], "kind": "so_ket", "due": due}


def _models(movements: list[Row], period: Period, rng: Random) -> Iterator[Row]:
    found = _day(period, rng, 3, 40)
    row: Row = {"name": rng.choice(EXEMPLARS), "kind": "ca_nhan", "found": found}
    row |= {"field": "Làm kinh tế giỏi, giúp hộ nghèo", "nurtured": found + timedelta(days=20)}
    if movements:
        row["movement"] = movements[0]["code"]
    yield row


def _awards(movements: list[Row], period: Period, rng: Random) -> Iterator[Row]:
    for n in range(rng.randint(1, 3)):
        decided = _day(period, rng, 10, 70)
        basis = rng.choice(("phong_trao", "thuong_xuyen")) if movements else "thuong_xuyen"
        row: Row = {
            "name": EXEMPLARS[(n + rng.randint(0, 2)) % len(EXEMPLARS)],
            "kind": rng.choice(("truc_tiep", "truc_tiep", "lanh_dao", "tap_the")),
            "award": "Giấy khen của Chủ tịch UBND xã",
            "basis": basis,
            "evidence": "Có thành tích xuất sắc trong lao động, sản xuất",
            "decision": f"{rng.randint(100, 900)}{n}/QĐ-UBND",
            "decided": decided,
            "amount": Decimal(702),
        }
        row |= {"movement": movements[0]["code"]} if basis == "phong_trao" else {}
        row |= {"paid": decided + timedelta(days=9)} if rng.random() < 0.7 else {}
        yield row


def _meetings(brief: UnitBrief, period: Period, rng: Random) -> Iterator[Row]:
    held = _day(period, rng, 40, 75)
    yield {
        "held": held,
        "minutes": f"{rng.randint(10, 60)}/BB",
        "subject": "don_vi",
        "persons": len(brief.cadres),
        "conclusion": rng.choice(CONCLUSIONS),
        "remedy": "Phân công lại việc thẩm định hồ sơ",
        "due": held + timedelta(days=30),
    }


def _inspections(brief: UnitBrief, period: Period, rng: Random) -> Iterator[Row]:
    planned = _day(period, rng, 10, 40)
    row: Row = {"kind": "kiem_tra", "content": "Kiểm tra việc bình xét khen thưởng ở thôn, bản"}
    yield row | {
        "planned": planned,
        "opened": planned,
        "closed": planned + timedelta(days=2),
        "outcome": "Đúng quy trình, còn chậm thời gian",
        "document": f"{rng.randint(5, 50)}/BC",
    }
    if rng.random() < 0.5:
        opened = _day(period, rng, 10, 60)
        yield {"kind": "sai_sot", "content": rng.choice(FAULTS), "opened": opened, "again": "khong"}


def _self_study(cadre: Cadre, rng: Random) -> Row:
    planned = rng.choice((8, 12, 16))
    row: Row = {"cadre": cadre.code, "topic": rng.choice(TOPICS), "planned": planned}
    return row | {
        "done": planned - rng.choice((0, 0, 4)),
        "result": "dat",
        "product": "Bài thu hoạch",
    }
