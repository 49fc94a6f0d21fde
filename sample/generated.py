"""A province of any size, for the benchmarks: units and cadres that nobody will mistake for real.

roster = generated_roster(1_000, range(1, 5))
len(roster.units)     -> 1000
"""

from __future__ import annotations

from datetime import date
from random import Random

from review.cadres import Cadre, Engagement, Group, Role, Sex
from review.roster import Roster
from review.units import Unit, UnitKind

_FAMILY = ("Lò", "Giàng", "Tẩn", "Vàng", "Nguyễn", "Trần", "Pờ", "Lường", "Sùng", "Chẻo")
_MIDDLE = ("Văn", "A", "Thị", "Xuân", "Minh", "Thu", "Đức", "Hồng")
_GIVEN = ("Inh", "Chu", "Phủ", "Mẩy", "Hà", "Sơn", "Dín", "Pâng", "Mỷ", "Thắng", "Hương", "Tuấn")
_SINCE = date(2025, 7, 1)
_CLUSTER_SIZE = 12


def generated_roster(units: int, cadres_each: range, seed: int = 1) -> Roster:
    """A roster of so many communes, each with a number of cadres out of the range: the first heads
    the unit, the second of four or more is a deputy. The same seed gives the same roster."""
    rng = Random(seed)
    staffs = [_staff(f"{90_000 + n:05}", rng.choice(cadres_each), rng) for n in range(units)]
    return Roster(
        tuple(_unit(f"{90_000 + n:05}", n) for n in range(units)),
        tuple(cadre for staff in staffs for cadre in staff),
    )


def _unit(code: str, n: int) -> Unit:
    return Unit(
        code=code,
        name=f"Xã Thử nghiệm {n + 1}",
        kind=UnitKind.COMMUNE,
        cluster=f"Cụm {n // _CLUSTER_SIZE + 1}",
        head=f"{code}-01",
        contacts=(f"xa{code}@tinhmau.example",),
        since=_SINCE,
    )


def _staff(unit: str, count: int, rng: Random) -> list[Cadre]:
    return [_cadre(unit, n, count, rng) for n in range(1, count + 1)]


def _cadre(unit: str, n: int, count: int, rng: Random) -> Cadre:
    role = Role.HEAD if n == 1 else Role.DEPUTY if n == 2 and count >= 4 else Role.STAFF
    middle = rng.choice(_MIDDLE)
    return Cadre(
        code=f"{unit}-{n:02}",
        unit=unit,
        name=f"{rng.choice(_FAMILY)} {middle} {rng.choice(_GIVEN)}",
        birth=date(rng.randint(1970, 2000), rng.randint(1, 12), rng.randint(1, 28)),
        sex=Sex.FEMALE if middle in ("Thị", "Thu", "Hồng") else Sex.MALE,
        group=Group.CIVIL_SERVANT,
        engagement=Engagement.CONCURRENT,
        share=rng.choice((20, 30, 40, 50)),
        role=role,
        post="Trưởng phòng Văn hóa – Xã hội" if role is Role.HEAD else "Chuyên viên",
        field="Văn hóa – Xã hội" if role is Role.DEPUTY else "",
        duties="Lãnh đạo phụ trách" if role is not Role.STAFF else "Chuyên viên TĐKT xã",
        email=f"cb{unit}{n:02}@tinhmau.example",
        since=_SINCE,
    )
