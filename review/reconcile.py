"""Whether what a letter says agrees with the book, figure by figure (feature L16).

disagreements(letter, BookFigures(tally, people, cards, findings))
    -> ("Thư tổng hợp: số đơn vị chưa nộp ghi 5, sổ có 4.",)

One figure that does not agree and nothing of the period goes out; the office reads which one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from review.post import Letter, LetterKind
from review.roll import RollTally
from review.scorecard import CardStatus, Grade, Scorecard

ROLL_LABELS = {
    "roll": "phải báo cáo",
    "received": "đã gửi",
    "accepted": "đạt",
    "returned": "trả lại",
    "nil": "không phát sinh",
    "missing": "chưa nộp",
    "set_aside": "để riêng",
    "late": "nộp muộn",
}


@dataclass(frozen=True, slots=True)
class PeopleTally:
    """How many cadres are on the roll, were scored, and stand at each grade."""

    on_roll: int = 0
    scored: int = 0
    grades: Mapping[Grade, int] = field(default_factory=dict)

    @classmethod
    def of(cls, cards: Iterable[Scorecard]) -> PeopleTally:
        on_roll, scored, grades = 0, 0, Counter[Grade]()
        for card in cards:
            on_roll += 1
            if card.status is CardStatus.OK:
                scored += 1
                grades.update([card.grade] if card.grade else [])
        return cls(on_roll, scored, grades)


@dataclass(frozen=True, slots=True)
class BookFigures:
    """The book's own figures of a period: `tally` and `people` of the whole roll; of those whom the
    letters are about `cards` by cadre, `findings` how many of the judged file of each unit and of
    each file that a letter answers, `newest` how many of its newest file, `marked` how many marks a
    rater's letter of slips asks for, all roles together."""

    tally: RollTally
    people: PeopleTally
    cards: Mapping[str, Scorecard]
    findings: Mapping[str, int]
    newest: Mapping[str, int] = field(default_factory=dict)
    marked: Mapping[str, int] = field(default_factory=dict)


def disagreements(letter: Letter, book: BookFigures) -> tuple[str, ...]:
    """Each figure of the letter that is not the book's, as a Vietnamese sentence."""
    rule = RULES.get(letter.kind)
    return tuple(rule(letter.payload, book, letter)) if rule else ()


def _differs(what: str, said: object, known: object) -> Iterator[str]:
    if said != known:
        yield f"{what} ghi {_plain(said)}, sổ có {_plain(known)}."


def _plain(value: object) -> str:
    return "trống" if value is None else str(value)


def _digest(payload: Mapping[str, Any], book: BookFigures, _letter: Letter) -> Iterator[str]:
    name = "Thư tổng hợp: số"
    for figure, known in asdict(book.tally).items():
        label = f"{name} đơn vị {ROLL_LABELS[figure]}"
        yield from _differs(label, payload["roll"][figure], known)
        parts = sum(row[figure] for row in payload["clusters"])
        yield from _differs(f"{label}, cộng các cụm, khối,", parts, known)
    owing = book.tally.missing + book.tally.returned + book.tally.set_aside
    yield from _differs(f"{name} đơn vị còn nợ", payload["owing_total"], owing)
    yield from _people(payload, book)


def _leaders(payload: Mapping[str, Any], book: BookFigures, letter: Letter) -> Iterator[str]:
    """A longer period sums its months, which the book has each on its own: there the letter is held
    against itself, as is the report that goes with it (review/report_balance.py)."""
    what = f"Thư báo cáo lãnh đạo (viết lại: tdkt report {letter.period} --leaders)"
    name, roll = f"{what}: số đơn vị", payload["roll"]
    states = sum(roll[key] for key in ("accepted", "returned", "nil", "missing", "set_aside"))
    yield from _differs(f"{name}, cộng các trạng thái,", states, roll["roll"])
    for figure, label in ROLL_LABELS.items():
        parts = sum(row[figure] for row in payload["clusters"])
        yield from _differs(f"{name} {label}, cộng các cụm, khối,", parts, roll[figure])
    persons = payload["persons"]
    graded = sum(row["count"] for row in payload["grades"])
    yield from _differs(f"{what}: số cán bộ đã chấm, cộng các mức,", graded, persons["scored"])
    for label, lines, _, *states in _plan_rows(payload, "proposed"):
        yield from _differs(f"{what}: {label}, cộng các trạng thái,", sum(states[:3]), lines)
    for label, lines, *ends in _plan_rows(payload, "followed"):
        yield from _differs(f"{what}: {label}, cộng các kết quả,", sum(ends), lines)
    if payload["cadence"] == "month":
        for figure, known in asdict(book.tally).items():
            yield from _differs(f"{name} {ROLL_LABELS[figure]}", roll[figure], known)
        yield from _people(payload, book, what)


def _plan_rows(payload: Mapping[str, Any], part: str) -> Sequence[Sequence[Any]]:
    rows: Sequence[Sequence[Any]] = (payload["plans"] or {}).get(part, ())
    return rows


def _owing(payload: Mapping[str, Any], _book: BookFigures, letter: Letter) -> Iterator[str]:
    listed = len(payload["units"]) + payload["rest"]
    yield from _differs(f"Thư đôn đốc {letter.person}: số đơn vị liệt kê", listed, payload["total"])


def _people(
    payload: Mapping[str, Any], book: BookFigures, what: str = "Thư tổng hợp"
) -> Iterator[str]:
    persons, known_people = payload["persons"], book.people
    on_roll = known_people.on_roll
    yield from _differs(f"{what}: số cán bộ trong danh sách", persons["on_roll"], on_roll)
    yield from _differs(f"{what}: số cán bộ đã chấm", persons["scored"], known_people.scored)
    parts = persons["scored"] + persons["insufficient"] + persons["excluded"]
    yield from _differs(f"{what}: số cán bộ, cộng các nhóm,", parts, on_roll)
    for row in payload["grades"]:
        known = known_people.grades.get(Grade(row["code"]), 0)
        yield from _differs(f"{what}: số người “{row['label']}”", row["count"], known)


def _unit_result(payload: Mapping[str, Any], book: BookFigures, letter: Letter) -> Iterator[str]:
    unit = letter.person
    own = [card for card in book.cards.values() if card.unit == unit]
    where = f"Thư kết quả gửi {unit}:"
    yield from _differs(f"{where} số cán bộ", payload["cards_total"], len(own))
    for row in payload["cards"]:
        yield from _card(f"{where} cán bộ {row['code']},", row, book.cards.get(row["code"]))
    programme = payload["programme"]
    parts = programme["done"] + programme["open"] + programme["dropped"]
    yield from _differs(f"{where} số việc, cộng các trạng thái,", parts, programme["total"])
    yield from _findings(payload, book.findings.get(letter.person, 0), where)


def _returned(payload: Mapping[str, Any], book: BookFigures, letter: Letter) -> Iterator[str]:
    if payload.get("act") is None:  # what a person returned is returned for the reason given
        known = book.newest.get(letter.person, book.findings.get(letter.person, 0))
        yield from _findings(payload, known, f"Thư trả lại gửi {letter.person}:")


def _receipt(payload: Mapping[str, Any], book: BookFigures, letter: Letter) -> Iterator[str]:
    if not (payload["again"] or payload["aside"]):
        known = book.findings.get(letter.person, 0)
        yield from _findings(payload, known, f"Thư báo nhận gửi {letter.person}:")


def _findings(payload: Mapping[str, Any], known: int, where: str) -> Iterator[str]:
    findings = payload["findings"]
    yield from _differs(f"{where} số lỗi, lưu ý", findings["total"], known)
    parts = sum(findings["counts"].values())
    yield from _differs(f"{where} số lỗi, cộng các mức,", parts, findings["total"])
    shown = sum(len(group["rows"]) for group in findings["groups"]) + findings["rest"]
    yield from _differs(f"{where} số lỗi liệt kê", shown, findings["total"])


def _cadre_result(payload: Mapping[str, Any], book: BookFigures, letter: Letter) -> Iterator[str]:
    if payload["level"] != "scores":
        return  # it tells no figure
    card, known = payload["card"], book.cards.get(letter.person)
    where = f"Thư kết quả cá nhân {letter.person}:"
    yield from _card(where, card, known)
    if card["status"] == CardStatus.OK.value and card["general"] is not None:
        parts = card["general"] + (card["task_score"] or 0)
        if abs(parts - (card["total"] or 0)) > 1:  # each is rounded on its own
            label = f"{where} cộng điểm thành phần (phần trăm điểm)"
            yield from _differs(label, parts, card["total"])


def _card(where: str, row: Mapping[str, Any], known: Scorecard | None) -> Iterator[str]:
    if known is None:
        yield f"{where} có kết quả mà sổ không có phiếu điểm."
        return
    yield from _differs(f"{where} tổng điểm (phần trăm điểm)", row["total"], known.total)
    grade = known.grade or known.provisional
    yield from _differs(f"{where} mức xếp loại", row["grade"], grade.value if grade else None)


def _slips(payload: Mapping[str, Any], book: BookFigures, letter: Letter) -> Iterator[str]:
    where = f"Thư phiếu chấm gửi {letter.person.partition('/')[0]}:"
    parts = sum(slip["people"] for slip in payload["slips"])
    yield from _differs(f"{where} số người phải chấm, cộng các phiếu,", parts, payload["total"])
    yield from _differs(f"{where} số phiếu", len(payload["slips"]), len(payload["enclosed"]))
    who = book.marked.get(letter.person)
    if who is not None:
        told = payload["total"] + payload.get("before", 0)
        yield from _differs(f"{where} số người phải chấm", told, who)


RULES: dict[LetterKind, Callable[[Mapping[str, Any], BookFigures, Letter], Iterator[str]]] = {
    LetterKind.OFFICE_DIGEST: _digest,
    LetterKind.UNIT_RESULT: _unit_result,
    LetterKind.UNIT_RETURNED: _returned,
    LetterKind.UNIT_RECEIPT: _receipt,
    LetterKind.CADRE_RESULT: _cadre_result,
    LetterKind.LEADER_REPORT: _leaders,
    LetterKind.OWING_DIGEST: _owing,
    LetterKind.SLIP_INVITATION: _slips,
}
