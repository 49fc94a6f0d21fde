"""What happens to people in a month, rightly reported: changes to good entries, made in place.

    on_maternity_leave(entries, brief)    the last of the staff is away the whole month

Nothing here has to be mended by the unit; each shows in the scorecards.
"""

from __future__ import annotations

from datetime import timedelta
from random import Random

from review.brief import UnitBrief
from review.cadres import Cadre, Group, Role, Sex
from review.period import Period
from sample.entries import WEAK, Entries, general_rows, work_rows


def failing_candidate(brief: UnitBrief) -> Cadre | None:
    """The civil servant who could fail under a head, if the unit has both."""
    staff = (c for c in brief.cadres if c.role is Role.STAFF and c.group is Group.CIVIL_SERVANT)
    led = any(cadre.role is Role.HEAD for cadre in brief.cadres)
    return next(staff, None) if led else None


def mother(brief: UnitBrief) -> Cadre | None:
    """A woman of the staff who can be away without leaving the unit empty."""
    staff = (c for c in brief.cadres if c.role is Role.STAFF and c.sex is Sex.FEMALE)
    return next(staff, None) if len(brief.cadres) > 1 else None


def fails(entries: Entries, brief: UnitBrief, rng: Random, d: str) -> None:
    """A civil servant of the staff comes to less than 50 points; the leaders state `d`. 50 is
    right: 100 only if all who are managed reach 50 (Decree 335/2025)."""
    weak = failing_candidate(brief)
    assert weak is not None, "asked of a unit without a head and a civil servant under one"
    _forget(entries, weak, "work", "general")
    entries["work"] += work_rows(weak, WEAK, brief, entries["programme"], rng)
    entries["general"] += general_rows(weak, WEAK, rng)
    for row in entries["leaders"]:
        row["d"] = d


def is_disciplined(entries: Entries, brief: UnitBrief) -> None:
    """A civil servant is reprimanded: not completed whatever the points (Article 20.4c)."""
    cadre = failing_candidate(brief) or brief.cadres[0]
    start = Period.parse(brief.period).start
    told = {"on": start + timedelta(days=13), "document": f"27/QĐ-KL ngày {start:%d/%m/%Y}"}
    entries["changes"].append(
        {"event": "ky_luat", "cadre": cadre.code, "name": cadre.name, **told, "note": "Khiển trách"}
    )


def on_maternity_leave(entries: Entries, brief: UnitBrief) -> None:
    cadre = mother(brief) or brief.cadres[-1]
    start = Period.parse(brief.period).start
    _forget(entries, cadre, "work", "general", "leaders")
    entries["changes"].append(
        {
            "event": "thai_san",
            "cadre": cadre.code,
            "name": cadre.name,
            "on": start - timedelta(days=45),
            "until": start + timedelta(days=137),
            "document": f"112/QĐ ngày {start - timedelta(days=50):%d/%m/%Y}",
        }
    )


def has_no_work_for_a_reason(entries: Entries, brief: UnitBrief) -> None:
    cadre = failing_candidate(brief) or brief.cadres[-1]
    _forget(entries, cadre, "work", "general")
    entries["work"].append({"cadre": cadre.code, "note": "Đi học tập trung cả tháng"})


def _forget(entries: Entries, cadre: Cadre, *keys: str) -> None:
    for key in keys:
        entries[key] = [row for row in entries[key] if row["cadre"] != cadre.code]
