"""Cards of codes: issuing, taking back, and judging what somebody typed.

    card = issue_card(office, "Lò Văn Inh", "inh@…", {Power.APPROVE}, by="Sùng Thị Mỷ")
    card.codes[6]                                   -> "K7QF3-M9TX0", shown once and kept nowhere
    wanted_codes(occasion, Power.APPROVE, "run/1")  -> (Wanted(approver, 7), …)
    judge_code(occasion, "run/1", "Lò Văn Inh", typed)      -> Judged(Proof.RIGHT, …)

Kept is a hash of each code, with the card's salt and slow (scrypt): the book tells nobody a code.
A code is used up by the first typing; five wrong ones in an hour lock a name out for the hour.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from unicodedata import normalize

from channels.errors import ChannelRefused
from review.alarms import locked_out
from review.powers import ALPHABET, LENGTH, Approver, Power, Proof, normal, same_person, spaced
from tasks.house_letters import tell_office
from tasks.occasion import Occasion
from tasks.office import Office, stamp
from tdkt_models.approvers import (
    SEEN,
    Code,
    call_code,
    cards_issued,
    code_of,
    free_codes,
    keep_approver,
    keep_codes,
    note_typed,
    recall_approvers,
    revoke,
    typed_in,
    unused_codes,
    wrong_since,
)
from tdkt_models.audit import AuditEntry, keep_audit

CODES = 40
FEW_LEFT = 8
MOST_WRONG, LOCKED_FOR = 5, timedelta(hours=1)
SCRYPT = {"n": 1 << 13, "r": 8, "p": 1, "dklen": 32}  # 2**50 codes at some 20 ms each
RUN = "tdkt-token"


@dataclass(frozen=True, slots=True)
class Card:
    """What the approver takes home: this is the only moment when the codes can be read."""

    approver: Approver
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose code is asked for, and which number of their card."""

    approver: Approver
    n: int


@dataclass(frozen=True, slots=True)
class Judged:
    """What was typed came to `proof`; `who` as on the card; `says` what a person reads of it."""

    proof: Proof
    who: str
    n: int
    says: str = ""


def issue_card(office: Office, name: str, email: str, may: Collection[Power], by: str) -> Card:
    """A new card; one that the person had before is taken back. Raises ChannelRefused."""
    name, email = normalize("NFC", " ".join(name.split())), email.strip()
    if len(name) < 2 or "@" not in email or not may or not by.strip():
        raise ChannelRefused(
            "Cấp thẻ cần họ tên, địa chỉ thư, ít nhất một thẩm quyền và người cấp (--by)."
        )
    codes = tuple(_new_code() for _ in range(CODES))
    salt = secrets.token_hex(16)
    hashes = [(salt, _slow(normal(code), salt)) for code in codes]
    with office.book() as book, book.writing(durable=True) as conn:
        when = stamp(RUN)
        number = f"T-{cards_issued(conn) + 1:04}"
        for old in recall_approvers(conn):
            if same_person(old.name, name):
                revoke(conn, old.id, by, f"Thay bằng thẻ {number}", when)
        kept = keep_approver(conn, name, email, may, number, by, when)
        keep_codes(conn, kept, hashes, when)
        detail = {"card": number, "may": sorted(power.value for power in may)}
        keep_audit(conn, [AuditEntry(by, "card.issued", name, detail)], when)
        approver = next(one for one in recall_approvers(conn) if one.id == kept)
    return Card(approver, tuple(map(spaced, codes)))


def revoke_card(office: Office, name: str, by: str, reason: str) -> Approver:
    """From now on the person decides nothing. Raises ChannelRefused where there is no card."""
    if not by.strip() or not reason.strip():
        raise ChannelRefused("Thu hồi thẻ phải ghi người thu hồi (--by) và lý do (--note).")
    with office.book() as book, book.writing(durable=True) as conn:
        found = [one for one in recall_approvers(conn) if same_person(one.name, name)]
        if not found:
            raise ChannelRefused(f"Không có thẻ nào đang dùng mang tên {name}.")
        when = stamp(RUN)
        revoke(conn, found[0].id, by, reason, when)
        detail = {"card": found[0].card, "reason": reason}
        keep_audit(conn, [AuditEntry(by, "card.revoked", found[0].name, detail)], when)
    return found[0]


def who_may(office: Office, power: Power) -> list[Approver]:
    """Everyone whose card is in force and who may decide this."""
    with office.book() as book, book.reading() as conn:
        return [one for one in recall_approvers(conn) if one.may_decide(power)]


def any_card(office: Office) -> bool:
    """Whether the office has ever issued a card: from then on decisions need one."""
    with office.book() as book, book.reading() as conn:
        return cards_issued(conn) > 0


def wanted_codes(occasion: Occasion, power: Power, asking: str) -> tuple[Wanted, ...]:
    """For everyone who may decide, the number of the card that this asking wants; whose card has
    run out is left out."""
    with occasion.office.book() as book, book.writing() as conn:
        found = []
        for one in recall_approvers(conn):
            if one.may_decide(power):
                n = call_code(conn, one.id, asking, stamp(occasion.run))
                if n is not None:
                    found.append(Wanted(one, n))
    return tuple(found)


def give_back_codes(office: Office, askings: str) -> None:
    """What was asked for and never typed may be asked for again."""
    with office.book() as book, book.writing() as conn:
        free_codes(conn, askings)


def judge_code(occasion: Occasion, asking: str, name: str, typed: str) -> Judged:
    """Judges, once for an asking, what was typed in a person's name; asked again it says the same
    and spends nothing."""
    now = datetime.now(UTC)
    with occasion.office.book() as book, book.writing(durable=True) as conn:
        when = stamp(occasion.run, now)
        everyone = {one.id: one for one in recall_approvers(conn, every=True)}
        before = typed_in(conn, asking)
        if before is not None and before.proof != SEEN:
            return _said(Proof(before.proof), everyone[before.approver].name, before.n)
        mine = [one for one in everyone.values() if same_person(one.name, name)]
        code = next((c for one in mine if (c := code_of(conn, one.id, asking))), None)
        if code is None:
            return _said(Proof.REVOKED, name, 0)
        holder = everyone[code.approver]
        wrong = wrong_since(conn, [one.id for one in mine], now - LOCKED_FOR)
        slow = _slow(normal(typed), code.salt)
        proof = _proof(holder, code, slow, len(wrong))
        if code.proof != SEEN:
            note_typed(conn, code, proof, when)
        if proof is not Proof.RIGHT:
            for other in unused_codes(conn, holder.id):
                if hmac.compare_digest(slow, other.hashed):
                    note_typed(conn, other, SEEN, when)
        detail = {"card": holder.card, "n": code.n, "asking": asking, "proof": proof.value}
        keep_audit(conn, [AuditEntry(holder.name, "code.typed", holder.name, detail)], when)
    if proof is Proof.WRONG and len(wrong) + 1 >= MOST_WRONG:
        until = (now + LOCKED_FOR).astimezone(occasion.office.settings.zone)
        tell_office(occasion, [locked_out(holder.name, until, len(wrong) + 1)])
    return _said(proof, holder.name, code.n)


def _proof(holder: Approver, code: Code, slow: str, wrong: int) -> Proof:
    if holder.revoked_at is not None:
        return Proof.REVOKED
    if wrong >= MOST_WRONG:
        return Proof.LOCKED
    fits = code.proof != SEEN and hmac.compare_digest(slow, code.hashed)
    return Proof.RIGHT if fits else Proof.WRONG


def _said(proof: Proof, who: str, n: int) -> Judged:
    says = {
        Proof.RIGHT: "",
        Proof.WRONG: f"Mã số {n} của {who} không đúng. Mã này đã bỏ; hãy dùng mã số mới dưới đây.",
        Proof.LOCKED: (
            f"Đã nhập sai quá {MOST_WRONG} lần với tên {who} nên tạm không nhận mã trong một giờ. "
            "Cơ quan đã được báo."
        ),
        Proof.REVOKED: f"Thẻ của {who} không còn dùng được; hãy dùng thẻ mới hoặc người khác.",
    }
    return Judged(proof, who, n, says[proof])


def _new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def _slow(code: str, salt: str) -> str:
    return hashlib.scrypt(code.encode(), salt=bytes.fromhex(salt), **SCRYPT).hex()
