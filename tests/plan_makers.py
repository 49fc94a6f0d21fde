"""Short ways to make the values that plans are computed from."""

from __future__ import annotations

from datetime import date
from typing import Any

from channels.library import newest_regulation
from channels.plan_shelf import plan_rules_in_force
from review.cadres import Cadre, Engagement, Group, Role, Sex

RULES = plan_rules_in_force("2026-10")
TABLE = newest_regulation().retirement
YEAR_END = date(2026, 12, 31)


def cadre(code: str = "03637-01", **other: Any) -> Cadre:
    usual: dict[str, Any] = {
        "unit": code.partition("-")[0],
        "name": f"Người {code}",
        "birth": date(1985, 4, 1),
        "sex": Sex.MALE,
        "group": Group.CIVIL_SERVANT,
        "engagement": Engagement.CONCURRENT,
        "share": 30,
        "role": Role.STAFF,
        "education": "Đại học Luật",
        "politics": "Trung cấp",
        "ethnicity": "Thái",
        "since": date(2025, 7, 1),
    }
    return Cadre(code=code, **{**usual, **other})
