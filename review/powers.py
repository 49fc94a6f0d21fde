"""What a person may decide at the desk, and the card of codes that proves it is they who decide.

    Power.parse("duyet")                 -> Power.APPROVE
    normal(" k7qf3-m9tx0 ")              -> "K7QF3M9TX0": as typed by a hand, as kept on the card
    spaced("K7QF3M9TX0")                 -> "K7QF3-M9TX0": as printed

A code is good for one typing, right or wrong, and the desk says which number of the card it wants:
what Prefect keeps of a form is worth nothing to whoever reads it there (docs/decisions/).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from unicodedata import category, normalize

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O, U: nothing is read for another
ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})
LENGTH, HALF = 10, 5


class Power(StrEnum):
    APPROVE = "duyet"
    COUNCIL = "hoi-dong"
    TIES = "bang-diem"
    ARM = "gui-thu"
    PLANS = "ke-hoach"
    LETTERS = "thu"
    EXTEND = "gia-han"

    @property
    def label(self) -> str:
        return {
            "duyet": "phê duyệt kết quả, cấp cơ quan",
            "hoi-dong": "phê duyệt kết quả, cấp hội đồng",
            "bang-diem": "chọn người khi bằng điểm",
            "gui-thu": "cho phép gửi thư",
            "ke-hoach": "quyết định thay đổi kế hoạch",
            "thu": "xử lý thư chưa rõ, tạm giữ",
            "gia-han": "gia hạn cho đơn vị",
        }[self]

    @classmethod
    def parse(cls, word: str) -> Power:
        """Raises ValueError with the list."""
        try:
            return cls(word.strip().casefold())
        except ValueError:
            known = ", ".join(f"{one.value} ({one.label})" for one in cls)
            raise ValueError(f"“{word}” không phải một thẩm quyền; hãy dùng: {known}.") from None


@dataclass(frozen=True, slots=True)
class Approver:
    """Who may decide what. `card` is its number; `left` how many codes were never asked for."""

    id: int
    name: str
    email: str
    may: frozenset[Power]
    card: str
    issued_at: datetime
    left: int
    revoked_at: datetime | None = None

    def may_decide(self, power: Power) -> bool:
        return self.revoked_at is None and power in self.may


class Proof(StrEnum):
    """What typing a code came to."""

    RIGHT = "right"
    WRONG = "wrong"
    LOCKED = "locked"  # too many wrong ones of late
    REVOKED = "revoked"  # the card was taken back since the form was shown


def normal(typed: str) -> str:
    letters = "".join(c for c in typed.upper() if c.isalnum())
    return letters.translate(ALIKE)


def spaced(code: str) -> str:
    return f"{code[:HALF]}-{code[HALF:]}"


def same_person(one: str, other: str) -> bool:
    """Whether two names read the same, however they were typed: some keyboards give a letter and
    its accents apart, some texts have signs of no width, and nobody sees it."""
    return _as_read(one) == _as_read(other)


def _as_read(name: str) -> str:
    seen = (sign for sign in normalize("NFKC", name) if category(sign) != "Cf")
    return " ".join("".join(seen).casefold().split())
