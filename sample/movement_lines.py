"""What a unit says of its movements, their reviews, models and awards, line by line.

moving = list(movements(brief, period, rng, who))      those that go on, and new ones
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

from review.brief import UnitBrief
from review.evidence import months_between
from review.period import Cadence, Period
from sample.characters import Character
from sample.entries import Row
from sample.quarterly_lines import day_in, waiting
from sample.words import EXEMPLARS, GOALS, MOVEMENTS, TARGETS

ENDS_AFTER = 9  # months
MOST_AT_ONCE = 3
AMOUNTS = (Decimal(351), Decimal(702), Decimal(1404))  # thousands of đồng


def movements(brief: UnitBrief, period: Period, rng: Random, who: Character) -> Iterator[Row]:
    known = [row for row in brief.before.get("movements") or () if row.state == "dang_lam"]
    for row in known:
        yield _goes_on(row, period, rng, who)
    for n in range(1, max(1, MOST_AT_ONCE - len(known)) + 1):
        if n == 1 or not known:
            yield _begins(n, period, rng, who)


def _begins(n: int, period: Period, rng: Random, who: Character) -> Row:
    registered, planned = rng.randint(30, 120), rng.randint(10, 30)
    target = rng.choice(TARGETS)
    row: Row = {
        "code": f"PT{str(period)[2:4]}{period.first % 12 + 1:02}{n}",
        "name": MOVEMENTS[(n + rng.randint(0, 3)) % len(MOVEMENTS)],
        "goal": rng.choice(GOALS),
        "target": target.format(n=planned),
        "way": rng.choice(("thuong_xuyen", "chuyen_de")),
        "method": "Phát động, đăng ký, kiểm tra, sơ kết",
        "launched": day_in(period, rng, 1, 20),
        "state": "dang_lam",
        "registered": registered,
    }
    if not who.lets_slip(rng, 0.12):  # else nobody said how much is to be reached
        row |= {"planned": planned}
    return row | _stands(row, rng, who)


def _goes_on(told: Any, period: Period, rng: Random, who: Character) -> Row:
    planned = None if told.planned is None else Decimal(told.planned) / 100
    row: Row = {"code": told.code, "planned": planned, "registered": told.registered or 40}
    over = told.launched and months_between(told.launched, period.end) >= ENDS_AFTER
    ended = over or period.cadence is Cadence.TERM
    state = {"state": "ket_thuc" if ended else "dang_lam"}
    known = {name: value for name, value in row.items() if value is not None}
    return known | state | _stands(row, rng, who)


def _stands(row: Row, rng: Random, who: Character) -> Row:
    """Who takes part, what was reached, and how the unit sees it: now and then too well."""
    registered, planned = row["registered"], row.get("planned")
    weak = who.lets_slip(rng, 0.15)
    share = rng.randint(45, 69) if weak else rng.randint(75, 100)
    found: Row = {"joined": registered * share // 100}
    if planned:
        part = rng.randint(50, 75) if who.lets_slip(rng, 0.2) else rng.randint(80, 110)
        found["reached"] = int(planned * part) // 100
        fair = "tot" if part >= 90 else "kha" if part >= 75 else "trung_binh"
        found["self_grade"] = "tot" if who.lets_slip(rng, 0.2) else fair
        found["proof"] = f"Báo cáo số {rng.randint(10, 300)}/BC-UBND"
    return found


def reviews(
    brief: UnitBrief, moving: Sequence[Row], period: Period, rng: Random, who: Character
) -> Iterator[Row]:
    """Those that were due are held or not; a new movement brings its launch and its two dates."""
    for told in waiting(brief, "reviews", "held"):
        if told.due and told.due <= period.end and who.does(rng, 0.8):
            yield {
                **{"movement": told.movement, "kind": told.kind, "due": told.due},
                **{"held": min(told.due + timedelta(days=rng.randint(0, 12)), period.end)},
                **{"report": f"{rng.randint(10, 90)}/BC-UBND", "attended": rng.randint(30, 90)},
            }
    for movement in moving:
        if "launched" in movement:
            launched = movement["launched"]
            yield {
                **{"movement": movement["code"], "kind": "phat_dong", "due": launched},
                **{"held": launched, "report": f"{rng.randint(10, 90)}/KH-UBND"},
                **{"attended": rng.randint(30, 90)},
            }
            for kind, days in (("so_ket", 150), ("tong_ket", 290)):
                due = launched + timedelta(days=days + rng.randint(0, 20))
                yield {"movement": movement["code"], "kind": kind, "due": due}


def models(
    brief: UnitBrief, moving: Sequence[Row], period: Period, rng: Random, who: Character
) -> Iterator[Row]:
    """Found, then fostered, then spread: some stay where they are."""
    for told in waiting(brief, "models", "spread"):
        row: Row = {"name": told.name, "found": told.found}
        if told.nurtured is None:
            if who.does(rng, 0.6):
                yield row | {"nurtured": day_in(period, rng, 5, 60)}
        elif who.does(rng, 0.25) and told.nurtured < period.start:
            yield row | {
                **{"spread": day_in(period, rng, 10, 70)},
                **{"spread_to": "Các thôn, bản trong xã; giới thiệu trên cổng thông tin"},
            }
    if moving or rng.random() < 0.6:
        found = day_in(period, rng, 3, 40)
        name, field = rng.choice(EXEMPLARS)
        fresh: Row = {"name": name, "kind": "ca_nhan", "found": found, "field": field}
        fresh |= {"movement": moving[0]["code"]} if moving else {}
        yield fresh | ({"nurtured": found + timedelta(days=20)} if who.does(rng, 0.55) else {})


def awards(
    brief: UnitBrief, moving: Sequence[Row], period: Period, rng: Random, who: Character
) -> Iterator[Row]:
    for told in waiting(brief, "awards", "paid"):
        if told.amount and who.does(rng, 0.7):
            paid = max(day_in(period, rng, 2, 45), told.decided)
            yield {"name": told.name, "decision": told.decision, "paid": paid}
    for n in range(rng.randint(1, 3)):
        decided = day_in(period, rng, 10, 70)
        basis = "phong_trao" if moving and who.does(rng, 0.8) else "thuong_xuyen"
        name, _ = EXEMPLARS[(n + rng.randint(0, 9)) % len(EXEMPLARS)]
        row: Row = {
            "name": name,
            "kind": rng.choices(("truc_tiep", "lanh_dao", "tap_the"), (60, 22, 18))[0],
            "award": "Giấy khen của Chủ tịch UBND xã",
            "basis": basis,
            "evidence": "Có thành tích xuất sắc trong lao động, sản xuất",
            "decision": f"{rng.randint(100, 900)}{n}/QĐ-UBND",
            "decided": decided,
            "amount": rng.choice(AMOUNTS),
        }
        row |= {"movement": moving[0]["code"]} if basis == "phong_trao" else {}
        soon = decided + timedelta(days=rng.randint(3, 25))
        yield row | ({"paid": soon} if soon <= period.end and who.does(rng, 0.75) else {})
