"""The weaknesses that the founding article names, each as a measure with its reason.

for signal in signals(submission, cards, cadres, regulation, today): print(signal.says)
-> 2/5 phong trào có chỉ tiêu nhưng chưa bao giờ đo kết quả.

A measure never lowers anyone's score: it is shown to the office. One without data says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from review.cadres import Cadre
from review.period import Period
from review.points import shown
from review.regulation import Regulation
from review.scorecard import Scorecard
from review.submission import Submission

GOOD = ("tot", "kha")
Rows = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Signal:
    """`weakness` like "W2"; `part` of `whole` is what was counted; `flagged` when the office should
    look; `cells` where the figures stand."""

    weakness: str
    unit: str
    part: int
    whole: int
    flagged: bool
    says: str
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the measures of one unit look at."""

    said: Submission | None
    unit: str
    period: Period
    cards: Sequence[Scorecard]
    cadres: Sequence[Cadre]
    regulation: Regulation
    today: date

    def cells(self, sheet: str, lines: Sequence[int], *names: str) -> tuple[str, ...]:
        places = self.regulation.places(self.period.cadence)
        return tuple(cell for line in lines[:5] for cell in places.at(sheet, line, *names))


Measure = Callable[[Evidence], Iterator[Signal]]


def signals(evidence: Evidence) -> list[Signal]:
    return [signal for measure in MEASURES for signal in measure(evidence)]


def targets_are_never_measured(evidence: Evidence) -> Iterator[Signal]:
    rows = _rows(evidence, "movements")
    unmeasured = [row for row in rows if row.planned is None or row.reached is None]
    if rows:
        says = f"{len(unmeasured)}/{len(rows)} phong trào không có chỉ tiêu đo được hoặc chưa đo."
        yield _signal("W2", evidence, unmeasured, rows, says, "movements", "planned", "reached")


def everyone_is_at_the_maximum(evidence: Evidence) -> Iterator[Signal]:
    known = [c.general for c in evidence.cards if c.general is not None]
    most = evidence.regulation.points.general_max
    top = sum(general == most for general in known)
    if len(known) > 1:
        says = f"{top}/{len(known)} người được chấm tối đa {shown(most)} điểm tiêu chí chung."
        yield Signal("W2", evidence.unit, top, len(known), top == len(known), says)


def the_self_grade_is_above_the_figures(evidence: Evidence) -> Iterator[Signal]:
    rows = [r for r in _rows(evidence, "movements") if r.planned and r.reached is not None]
    least = evidence.regulation.insight.good_from
    over = [r for r in rows if r.self_grade in GOOD and 100 * r.reached < least * r.planned]
    if rows:
        says = f"{len(over)}/{len(rows)} phong trào tự đánh giá tốt, khá nhưng đạt dưới {least}%."
        yield _signal("W3", evidence, over, rows, says, "movements", "reached", "self_grade")


def reviews_that_were_due_were_held(evidence: Evidence) -> Iterator[Signal]:
    rows = [r for r in _rows(evidence, "reviews") if r.due and r.due <= evidence.today]
    missed = [r for r in rows if r.held is None]
    if rows:
        says = f"{len(missed)}/{len(rows)} lần sơ kết, tổng kết đến hạn mà chưa tổ chức."
        yield _signal("W3", evidence, missed, rows, says, "reviews", "due", "held")


def awards_come_from_a_movement(evidence: Evidence) -> Iterator[Signal]:
    rows = _rows(evidence, "awards")
    known = {row.code for row in _rows(evidence, "movements")}
    loose = [r for r in rows if r.basis != "phong_trao" or not r.movement
             or (known and r.movement not in known)]  # fmt: skip
    if rows:
        says = f"{len(loose)}/{len(rows)} khen thưởng không gắn với phong trào nào."
        from_ = evidence.regulation.insight.loose_awards_from
        flagged = 100 * len(loose) >= from_ * len(rows)
        lines = [row.line for row in loose]
        cells = evidence.cells("awards", lines, "basis", "movement")
        yield Signal("W6", evidence.unit, len(loose), len(rows), flagged, says, cells)


def training_is_not_slighted(evidence: Evidence) -> Iterator[Signal]:
    if evidence.said is None or "training" not in evidence.said.tables or not evidence.cadres:
        return
    hours: dict[str, int] = {}
    for row in _rows(evidence, "training"):
        if row.state == "xong" and row.hours:
            hours[row.cadre] = hours.get(row.cadre, 0) + row.hours
    need = evidence.regulation.insight.hours_a_year * evidence.period.cadence.months / 12
    scale = _scale(evidence, "training", "hours")
    short = [c for c in evidence.cadres if hours.get(c.code, 0) < need * scale]
    says = (
        f"{len(short)}/{len(evidence.cadres)} cán bộ học dưới {need:g} tiết trong kỳ "
        f"(mức {evidence.regulation.insight.hours_a_year} tiết một năm)."
    )
    whole = len(evidence.cadres)
    yield Signal("W13", evidence.unit, len(short), whole, 2 * len(short) > whole, says)


def nobody_is_moved_too_early_or_kept_too_long(evidence: Evidence) -> Iterator[Signal]:
    rules, known = evidence.regulation.insight, {c.code: c for c in evidence.cadres}
    gone = [r for r in _rows(evidence, "moves") if r.kind in ("thoi", "luan_chuyen") and r.on]
    early = [
        row
        for row in gone
        if (person := known.get(row.cadre)) and person.since
        and _months(person.since, row.on) < rules.least_tenure
    ]  # fmt: skip
    if gone:
        says = f"{len(early)}/{len(gone)} người chuyển đi khi chưa đủ {rules.least_tenure} tháng."
        yield _signal("W12", evidence, early, gone, says, "moves", "cadre", "on")
    held = [c for c in evidence.cadres if c.since]
    today = evidence.today
    long = [c for c in held if _months(c.since or today, today) > rules.most_tenure]
    if long:
        says = f"{len(long)}/{len(held)} người ở vị trí quá {rules.most_tenure} tháng."
        yield Signal("W12", evidence.unit, len(long), len(held), True, says)


def leaders_give_it_attention(evidence: Evidence) -> Iterator[Signal]:
    rows = _rows(evidence, "attention")
    idle = [row for row in rows if not (row.meetings or row.documents)]
    if rows:
        says = f"{len(idle)}/{len(rows)} lãnh đạo không họp, không ban hành văn bản nào về TĐKT."
        yield _signal("W10", evidence, idle, rows, says, "attention", "meetings", "documents")


def movement_is_even(by_unit: Mapping[str, Submission], rules_from: int) -> Signal | None:
    """Between units: the share of those registered who took part, best against least."""
    shares: dict[str, int] = {}
    for unit, said in by_unit.items():
        rows = [r for r in said.rows("movements") if r.registered and r.joined is not None]
        if rows:
            whole = sum(row.registered for row in rows)
            shares[unit] = 100 * sum(row.joined for row in rows) // whole
    if len(shares) < 2:
        return None
    best, least = max(shares, key=shares.__getitem__), min(shares, key=shares.__getitem__)
    gap = shares[best] - shares[least]
    says = (
        f"Tỷ lệ tham gia phong trào chênh {gap} điểm phần trăm: {best} {shares[best]}%, "
        f"{least} {shares[least]}%."
    )
    return Signal("W1", "", gap, 100, gap >= rules_from, says)


def _rows(evidence: Evidence, sheet: str) -> list[Any]:
    return list(evidence.said.rows(sheet)) if evidence.said else []


def _signal(
    weakness: str,
    evidence: Evidence,
    found: Rows,
    rows: Rows,
    says: str,
    sheet: str,
    *names: str,
) -> Signal:
    cells = evidence.cells(sheet, [row.line for row in found], *names)
    return Signal(weakness, evidence.unit, len(found), len(rows), bool(found), says, cells)


def _scale(evidence: Evidence, sheet: str, name: str) -> int:
    form = evidence.regulation.forms.get(evidence.period.cadence)
    if form is None or sheet not in {one.key for one in form.sheets}:
        return 1
    field = next((f for f in form.sheet(sheet).fields if f.name == name), None)
    return 100 if field is not None and field.type.value == "number" else 1


def _months(since: date, day: date) -> int:
    return (day.year - since.year) * 12 + day.month - since.month - (day.day < since.day)


MEASURES: tuple[Measure, ...] = (
    targets_are_never_measured,
    everyone_is_at_the_maximum,
    the_self_grade_is_above_the_figures,
    reviews_that_were_due_were_held,
    awards_come_from_a_movement,
    training_is_not_slighted,
    nobody_is_moved_too_early_or_kept_too_long,
    leaders_give_it_attention,
)
