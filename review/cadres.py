"""The cadres who do the emulation work of a unit.

    cadre.leads                  -> True for a head or a deputy

Two cadres may share a name and even a birthday; only `code` tells them apart.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import NamedTuple


class _Labelled(StrEnum):
    @property
    def label(self) -> str:
        return LABELS[self]


class Group(_Labelled):
    """Nhóm đối tượng: decides which rules score the person."""

    ELECTED = "can_bo"
    CIVIL_SERVANT = "cong_chuc"
    PUBLIC_EMPLOYEE = "vien_chuc"
    CONTRACT = "hdld"
    PART_TIME = "khong_chuyen_trach"


class Engagement(_Labelled):
    """How the person holds the emulation work."""

    FULL = "chuyen_trach"
    HALF = "ban_chuyen_trach"
    CONCURRENT = "kiem_nhiem"


class Role(_Labelled):
    """Whether the person is scored as staff, as head, or as deputy within a field."""

    STAFF = "nhan_vien"
    HEAD = "cap_truong"
    DEPUTY = "cap_pho"


STAFF = Role.STAFF  # asked of everybody many times: a member's name costs ten times a variable's


class Sex(_Labelled):
    MALE = "nam"
    FEMALE = "nu"


LABELS: dict[str, str] = {
    Group.ELECTED: "Cán bộ",
    Group.CIVIL_SERVANT: "Công chức",
    Group.PUBLIC_EMPLOYEE: "Viên chức",
    Group.CONTRACT: "Hợp đồng lao động",
    Group.PART_TIME: "Người hoạt động không chuyên trách",
    Engagement.FULL: "Chuyên trách",
    Engagement.HALF: "Bán chuyên trách",
    Engagement.CONCURRENT: "Kiêm nhiệm",
    Role.STAFF: "Chuyên viên, nhân viên",
    Role.HEAD: "Cấp trưởng",
    Role.DEPUTY: "Cấp phó",
    Sex.MALE: "Nam",
    Sex.FEMALE: "Nữ",
}


class Cadre(NamedTuple):
    """One cadre of the roll.

    `share` is the percentage of working time on emulation work (1–100). `duties` names the group
    of similar duties used by the quota. `field` is what a deputy is in charge of, and of staff the
    field they work in. Dates as in Unit.
    """

    code: str
    unit: str
    name: str
    birth: date | None
    sex: Sex
    group: Group
    engagement: Engagement
    share: int
    role: Role
    post: str = ""
    field: str = ""
    duties: str = ""
    ethnicity: str = ""
    education: str = ""
    politics: str = ""
    certificates: str = ""
    email: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def leads(self) -> bool:
        return self.role is not STAFF

    def active_in(self, start: date, end: date) -> bool:
        after = self.since is None or self.since <= end
        return after and (self.until is None or start <= self.until)


def managed_by(leader: Cadre, cadres: Iterable[Cadre]) -> list[Cadre]:
    """Whom a leader's indicator d is about: everyone else in a head's unit, the staff of the field
    that a deputy is in charge of (Decree 335/2025: deputies within their assigned field)."""
    if leader.role is Role.HEAD:
        return [one for one in cadres if one.code != leader.code and one.role is not Role.HEAD]
    if leader.role is Role.STAFF or not leader.field:
        return []
    return [one for one in cadres if one.role is Role.STAFF and one.field == leader.field]
