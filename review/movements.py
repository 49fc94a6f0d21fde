"""Emulation movements: launched, reviewed, closed; targets that can be measured; who takes part;
whether a self-grade fits its figures; models found, fostered, spread.

    measures_of(movements, conferences, models, on, rules)
    boasting(movement, rules)     -> True where “Tốt” stands beside 61% of the target

Source: the founding article (W1–W5, W8); domain.md 1.1, rows 23, 24, 27, 28.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from review.evidence import Evidence, Measure, decimal, months_after, percent
from review.plan_rules import MovementRules

INTERIM, FINAL, LAUNCH = "so_ket", "tong_ket", "phat_dong"
CLAIMED = {"tot": 9000, "kha": 7500, "trung_binh": 5000, "yeu": 0}  # what a self-grade claims
LABELS = {INTERIM: "sơ kết", FINAL: "tổng kết", LAUNCH: "phát động"}


@dataclass(frozen=True, slots=True)
class Movement:
    """`planned` and `reached` in hundredths of the target's own unit."""

    unit: str
    code: str
    name: str
    goal: str = ""
    target: str = ""
    planned: int | None = None
    reached: int | None = None
    method: str = ""
    launched: date | None = None
    ended: bool = False
    registered: int | None = None
    joined: int | None = None
    self_grade: str = ""
    proof: str = ""
    cell: str = ""
    period: str = ""

    @property
    def measurable(self) -> bool:
        return bool(self.target.strip()) and self.planned is not None

    @property
    def achieved(self) -> int | None:
        """Hundredths of a percent of its target."""
        if self.planned is None or self.reached is None:
            return None
        return percent(self.reached, self.planned)


@dataclass(frozen=True, slots=True)
class Conference:
    """A launch, an interim or a final review of a movement: due on a day, held on one or not."""

    unit: str
    movement: str
    kind: str
    due: date | None
    held: date | None
    report: str = ""
    figures: str = ""
    cell: str = ""
    period: str = ""

    def missed(self, on: date) -> bool:
        return self.due is not None and self.due <= on and (self.held is None or self.held > on)


@dataclass(frozen=True, slots=True)
class Model:
    """A person or collective worth following (điển hình tiên tiến)."""

    unit: str
    name: str
    field: str
    found: date
    nurtured: date | None = None
    spread: date | None = None
    movement: str = ""
    cell: str = ""
    period: str = ""


def boasting(movement: Movement, rules: MovementRules) -> bool:
    """A self-grade far above the figures: đánh giá chưa đúng thực chất (W3)."""
    claimed, achieved = CLAIMED.get(movement.self_grade), movement.achieved
    if claimed is None or achieved is None:
        return False
    return claimed - achieved > rules.gap_percent * 100


def owed(
    movements: Iterable[Movement], conferences: Sequence[Conference], on: date, rules: MovementRules
) -> tuple[tuple[Movement, str], ...]:
    """The reviews that movements owe: an interim one after so many months, a final one once ended,
    besides those whose own due date has passed."""
    known = {(c.unit, c.movement, c.kind): c for c in conferences if c.held and c.held <= on}
    late = {(c.unit, c.movement, c.kind) for c in conferences if c.missed(on)}
    grace, found = timedelta(days=rules.final_days), []
    for one in movements:
        key = one.unit, one.code
        old = one.launched is not None and months_after(one.launched, rules.interim_months) <= on
        interim = (*key, INTERIM)
        if interim in late or (old and not one.ended and interim not in known):
            found.append((one, INTERIM))
        final = (*key, FINAL)
        running_out = one.ended and one.launched is not None and one.launched + grace <= on
        if final in late or (running_out and final not in known):
            found.append((one, FINAL))
    return tuple(found)


def not_fostered(models: Iterable[Model], on: date, rules: MovementRules) -> tuple[Model, ...]:
    return tuple(
        m
        for m in models
        if m.nurtured is None
        and m.spread is None
        and months_after(m.found, rules.foster_months) <= on
    )


def measures_of(
    movements: Sequence[Movement],
    conferences: Sequence[Conference],
    models: Sequence[Model],
    on: date,
    rules: MovementRules,
) -> tuple[Measure, ...]:
    return (
        _reviews(movements, conferences, on, rules),
        _true_grades(movements, rules),
        _participation(movements, rules),
        _spread(movements, rules),
        _measurable(movements, rules),
        _models(models, on),
    )


def _reviews(
    movements: Sequence[Movement], conferences: Sequence[Conference], on: date, rules: MovementRules
) -> Measure:
    missing = owed(movements, conferences, on, rules)
    held = sum(1 for c in conferences if c.kind != LAUNCH and c.held and c.held <= on)
    return Measure(
        "SO_TONG_KET",
        "Sơ kết, tổng kết đã tổ chức so với phải tổ chức",
        percent(held, held + len(missing)),
        "%",
        says=f"{held} cuộc đã tổ chức, {len(missing)} cuộc còn thiếu.",
        evidence=tuple(_of(m, f"chưa {LABELS[kind]}") for m, kind in missing),
        alarm=bool(missing),
    )


def _true_grades(movements: Sequence[Movement], rules: MovementRules) -> Measure:
    boasts = [one for one in movements if boasting(one, rules)]
    return Measure(
        "THUC_CHAT",
        "Phong trào tự đánh giá cao hơn số liệu",
        len(boasts),
        "phong trào",
        says=f"{len(boasts)} phong trào tự đánh giá cao hơn kết quả trên {rules.gap_percent}%.",
        evidence=tuple(
            _of(one, f"tự đánh giá cao, chỉ tiêu đạt {decimal(one.achieved or 0)}%")
            for one in boasts
        ),
        alarm=bool(boasts),
    )


def _participation(movements: Sequence[Movement], rules: MovementRules) -> Measure:
    known = [one for one in movements if one.registered and one.joined is not None]
    joined = sum(min(one.joined or 0, one.registered or 0) for one in known)
    registered = sum(one.registered or 0 for one in known)
    share = percent(joined, registered)
    return Measure(
        "THAM_GIA",
        "Tỷ lệ tham gia phong trào",
        share,
        "%",
        says=f"{joined} tham gia trên {registered} đăng ký, {len(known)} phong trào có số liệu.",
        evidence=tuple(
            _of(one, f"{one.joined}/{one.registered} tham gia")
            for one in known
            if (percent(one.joined or 0, one.registered or 0) or 0)
            < rules.least_participation * 100
        ),
        alarm=share is not None and share < rules.least_participation * 100,
    )


def _spread(movements: Sequence[Movement], rules: MovementRules) -> Measure:
    """The distance between the units that take part most and least."""
    joined: dict[str, list[int]] = {}
    for one in movements:
        if one.registered and one.joined is not None:
            sums = joined.setdefault(one.unit, [0, 0])
            sums[0] += min(one.joined, one.registered)
            sums[1] += one.registered
    shares = {unit: percent(a, b) or 0 for unit, (a, b) in joined.items()}
    if not shares:
        return Measure(
            "CHENH_LECH", "Chênh lệch tham gia giữa các đơn vị", None, "%", "Chưa có số liệu."
        )
    low, high = (choose(shares, key=lambda u: (shares[u], u)) for choose in (min, max))
    apart = shares[high] - shares[low]
    return Measure(
        "CHENH_LECH",
        "Chênh lệch tham gia giữa các đơn vị",
        apart,
        "%",
        says=f"Cao nhất {high} {decimal(shares[high])}%, thấp nhất {low} {decimal(shares[low])}%.",
        evidence=(
            Evidence("thấp nhất", low, score=shares[low]),
            Evidence("cao nhất", high, score=shares[high]),
        ),
        alarm=apart > rules.most_spread * 100,
    )


def _measurable(movements: Sequence[Movement], rules: MovementRules) -> Measure:
    vague = [one for one in movements if not one.measurable]
    unmeasured = [one for one in movements if one.measurable and one.reached is None and one.ended]
    share = percent(len(movements) - len(vague), len(movements))
    return Measure(
        "CHI_TIEU",
        "Phong trào có chỉ tiêu đo được",
        share,
        "%",
        says=f"{len(vague)} phong trào chưa có chỉ tiêu đo được; {len(unmeasured)} chỉ tiêu không "
        "bao giờ được đo.",
        evidence=tuple(
            [_of(one, "chưa có chỉ tiêu đo được") for one in vague]
            + [_of(one, "đã kết thúc mà chưa đo chỉ tiêu") for one in unmeasured]
        ),
        alarm=share is not None and share < rules.least_measurable * 100,
    )


def _models(models: Sequence[Model], on: date) -> Measure:
    fostered = [one for one in models if one.nurtured and one.nurtured <= on]
    spread = [one for one in models if one.spread and one.spread <= on]
    return Measure(
        "DIEN_HINH",
        "Điển hình tiên tiến được phát hiện",
        len(models),
        "điển hình",
        says=f"{len(models)} phát hiện → {len(fostered)} bồi dưỡng → {len(spread)} nhân rộng.",
        evidence=tuple(
            Evidence(f"{m.name} ({m.field})", m.unit, m.period, m.cell, on=m.found) for m in models
        ),
    )


def _of(one: Movement, says: str) -> Evidence:
    subject = f"{one.unit}:{one.code}"
    return Evidence(f"{one.name}: {says}", subject, one.period, one.cell, on=one.launched)
