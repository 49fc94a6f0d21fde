"""The plans of the office, and the changes that results propose to them.

    change.state            -> ChangeState.PROPOSED
    accepted(lines, [c])    -> the lines of the next version
    reconciled(known, new)  -> what stands after a review: nobody's decision is lost

Results propose, people decide: a review writes proposed changes line by line, each with the
evidence that caused it; a person accepts or refuses; accepted lines are the next version. Where the
evidence is no longer there, the proposal is taken back by itself.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from review.evidence import Evidence


class PlanKind(StrEnum):
    """The plans that results change (domain.md 1.0); the value is what one types."""

    label: str
    short: str

    TRAINING = "dao_tao", "Kế hoạch đào tạo, bồi dưỡng", "KH-ĐTBD"
    PROGRAMME = "chuong_trinh", "Chương trình công tác", "CTCT"
    STRUCTURE = "to_chuc", "Kế hoạch tổ chức bộ máy, cơ cấu", "KH-TCBM"
    SUCCESSION = "quy_hoach", "Quy hoạch cán bộ", "KH-QH"
    SOURCES = "tao_nguon", "Kế hoạch tạo nguồn", "KH-TN"
    INSPECTION = "kiem_tra", "Kế hoạch kiểm tra, giám sát", "KH-KTGS"
    SELF_TRAINING = "tu_ren_luyen", "Kế hoạch tự học tập, rèn luyện", "KH-TRL"
    MOVEMENTS = "phong_trao", "Kế hoạch phong trào thi đua, sơ kết, tổng kết", "KH-PT"
    AWARDS = "khen_thuong", "Kế hoạch khen thưởng", "KH-KT"
    ROTATION = "luan_chuyen", "Kế hoạch luân chuyển, chuyển đổi vị trí", "KH-LC"

    def __new__(cls, value: str, label: str = "", short: str = "") -> PlanKind:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label, member.short = label, short
        return member

    @classmethod
    def parse(cls, text: str) -> PlanKind:
        """By its word or its short name, however written. Raises ValueError with the list."""
        wanted = text.strip().casefold().replace("-", "_")
        for kind in cls:
            if wanted in (
                kind.value,
                kind.short.casefold().replace("-", "_"),
                kind.name.casefold(),
            ):
                return kind
        known = ", ".join(f"{kind.value} ({kind.label})" for kind in cls)
        raise ValueError(f"“{text}” không phải tên một kế hoạch; hãy dùng: {known}.")


class Action(StrEnum):
    ADD = "add"
    CHANGE = "change"
    REMOVE = "remove"

    @property
    def label(self) -> str:
        return {"add": "Thêm", "change": "Sửa", "remove": "Bỏ"}[self]


class ChangeState(StrEnum):
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"

    @property
    def label(self) -> str:
        return {
            "proposed": "Đề xuất",
            "accepted": "Đã chấp nhận",
            "refused": "Không chấp nhận",
            "taken_back": "Đã rút",
        }[self]


class Outcome(StrEnum):
    """What came of a line in its period."""

    DONE = "done"
    NOT_DONE = "not_done"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        return {"done": "Đã thực hiện", "not_done": "Chưa thực hiện", "unknown": "Chưa rõ"}[self]


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One line of a plan. `unit` "" is the province's own; `key` names the line in the unit;
    `subject` whom it is about; `quantity` lessons, persons or reviews; `cost` whole đồng."""

    kind: PlanKind
    period: str
    unit: str
    key: str
    content: str
    subject: str = ""
    product: str = ""
    owner: str = ""
    due: date | None = None
    form: str = ""
    quantity: int | None = None
    cost: int | None = None
    carried: int = 0
    outcome: Outcome = field(default=Outcome.UNKNOWN, compare=False)  # what came of it is no
    outcome_says: str = field(default="", compare=False)  # part of what was planned

    @property
    def place(self) -> tuple[str, str]:
        return self.unit, self.key

    @property
    def first_key(self) -> str:
        """Its key as it was proposed, without the units that it was taken over from."""
        measure, colon, whose = self.key.partition(":")
        return f"{measure.rpartition('.')[2]}{colon}{whose}"


@dataclass(frozen=True, slots=True)
class ProposedChange:
    """One change to the plan of `line.period`, written by the review of `source`. `reason` is why
    it was refused or taken back; `says` why it is proposed; `who` decided last, of a removal or a
    change that waits whoever had accepted the line: theirs again should its basis come back."""

    action: Action
    line: PlanLine
    source: str
    measure: str
    says: str
    evidence: tuple[Evidence, ...]
    state: ChangeState = ChangeState.PROPOSED
    reason: str = ""
    who: str = ""
    decided_at: datetime | None = None
    id: int | None = None

    @property
    def basis(self) -> str:
        """What it rests on, as one number: another basis is another proposal."""
        rests_on = [piece.as_json() for piece in self.evidence]
        said = json.dumps([self.action, rests_on], ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()[:16]

    @property
    def in_the_plan(self) -> bool:
        """Whether its line was accepted before and stands in the plan."""
        if self.action is Action.ADD:
            return self.state is ChangeState.ACCEPTED
        return self.action is Action.CHANGE or self.state is not ChangeState.ACCEPTED

    @property
    def natural(self) -> tuple[str, str, str, str, str]:
        line = self.line
        return line.kind.value, line.period, self.source, line.unit, line.key


GONE = "Kết quả đã được sửa: căn cứ của đề xuất không còn."
CHANGED = "Căn cứ đã đổi từ khi đề xuất này bị từ chối."


def reconciled(
    known: Iterable[ProposedChange],
    fresh: Iterable[ProposedChange],
    standing: Iterable[PlanLine] = (),
) -> tuple[ProposedChange, ...]:
    """The proposals of one source after it was reviewed again; `standing` are the lines that the
    plan has now.

    A fresh one takes the place of the known one but keeps what a person decided on the same basis.
    A known one without a fresh one is taken back; if it had been accepted, its removal is proposed.
    Nothing is accepted that no person accepted.
    """
    there = {(line.kind, line.period, *line.place): line for line in standing}
    before = {change.natural: change for change in known}
    result, seen = [], set()
    for change in fresh:
        natural = change.natural
        seen.add(natural)
        old = before.get(natural)
        if old is not None:
            line = there.get((change.line.kind, change.line.period, *change.line.place))
            change = _kept(old, change, line)
        result.append(change)
    for natural, old in before.items():
        if natural not in seen:
            result.append(_without_basis(old))
    return tuple(sorted(result, key=lambda one: one.natural))


def _kept(old: ProposedChange, new: ProposedChange, line: PlanLine | None) -> ProposedChange:
    if old.in_the_plan:
        return _beside_its_line(old, new, line)
    same = old.basis == new.basis and old.action is new.action
    if old.state is ChangeState.REFUSED and same:
        return _as_decided(old, new)
    reason = f"{CHANGED} Lý do lần trước: {old.reason}" if old.state is ChangeState.REFUSED else ""
    return replace(new, id=old.id, reason=reason)


def _beside_its_line(
    old: ProposedChange, new: ProposedChange, line: PlanLine | None
) -> ProposedChange:
    """A line was accepted and stands: another content of it is proposed as a change."""
    changes = old.action is Action.CHANGE and old.state is not ChangeState.ACCEPTED
    if new.line == (line if changes else old.line):
        return _as_decided(replace(old, state=ChangeState.ACCEPTED, action=new.action), new)
    if changes and new.line == old.line and old.basis == replace(new, action=old.action).basis:
        return _as_decided(old, new)
    who = (old.who, old.decided_at) if old.state is not ChangeState.REFUSED else ("", None)
    return replace(new, id=old.id, action=Action.CHANGE, who=who[0], decided_at=who[1])


def _as_decided(old: ProposedChange, new: ProposedChange) -> ProposedChange:
    return replace(
        new,
        id=old.id,
        action=old.action,
        state=old.state,
        reason=old.reason,
        who=old.who,
        decided_at=old.decided_at,
    )


def _without_basis(old: ProposedChange) -> ProposedChange:
    if old.action is Action.REMOVE:
        return old
    if old.in_the_plan:
        return replace(old, action=Action.REMOVE, state=ChangeState.PROPOSED, says=GONE)
    if old.state is ChangeState.PROPOSED:
        return replace(old, state=ChangeState.TAKEN_BACK, reason=GONE)
    return old


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person says of a proposal. A refusal needs a note."""

    verdict: ChangeState
    who: str
    at: datetime
    note: str = ""

    def __post_init__(self) -> None:
        if not self.who.strip():
            raise ValueError("Cần ghi người quyết định (--by).")
        if self.verdict is ChangeState.REFUSED and not self.note.strip():
            raise ValueError("Không chấp nhận thì phải ghi lý do (--note).")


def decided(change: ProposedChange, decision: Decision) -> ProposedChange:
    """The change after a person's word. Taking back a decision makes it a proposal again."""
    if decision.verdict is ChangeState.TAKEN_BACK:
        return replace(
            change, state=ChangeState.PROPOSED, reason=decision.note, who="", decided_at=None
        )
    return replace(
        change,
        state=decision.verdict,
        reason=decision.note,
        who=decision.who,
        decided_at=decision.at,
    )


def may_be(change: ProposedChange, verdict: ChangeState) -> bool:
    """Only what stands as proposed is accepted or refused; only a decision can be taken back."""
    if verdict is ChangeState.TAKEN_BACK:
        return change.state in (ChangeState.ACCEPTED, ChangeState.REFUSED)
    return change.state is ChangeState.PROPOSED


Lines = Mapping[tuple[str, str], PlanLine]


def applied(lines: Lines, changes: Iterable[ProposedChange]) -> dict[tuple[str, str], PlanLine]:
    """The lines of the next version: those of this one with these changes accepted."""
    after = dict(lines)
    for change in changes:
        if change.action is Action.REMOVE:
            after.pop(change.line.place, None)
        else:
            after[change.line.place] = change.line
    return after


def undone(
    lines: Lines, changes: Iterable[ProposedChange], earlier: Lines
) -> dict[tuple[str, str], PlanLine]:
    """The lines once these accepted changes are taken back; `earlier` is what stood before."""
    after = dict(lines)
    for change in changes:
        before = earlier.get(change.line.place)
        if change.action is Action.ADD or before is None:
            after.pop(change.line.place, None)
        else:
            after[change.line.place] = before
    return after


def cost_lines(lines: Sequence[PlanLine]) -> tuple[tuple[str, int, int], ...]:
    """The cost of a plan by content: lines, đồng; the dearest first."""
    sums: dict[str, list[int]] = {}
    for line in lines:
        one = sums.setdefault(line.content, [0, 0])
        one[0] += 1
        one[1] += line.cost or 0
    rows = [(content, count, cost) for content, (count, cost) in sums.items()]
    return tuple(sorted(rows, key=lambda row: (-row[2], row[0])))
