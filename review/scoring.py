"""A month's scorecards under Decree 335/2025: one for every cadre on the roll, with its reasons.

    cards = score_unit(submission, cadres, regulation)
    cards[0].total, cards[0].grade          -> 9047, Grade.EXCELLENT
    for line in explain(cards[0], regulation): print(line)

The roll is scored, not the pile: a cadre without rows gets a card that says what is missing, and a
unit that sent nothing has `card_for_missing`. Missing is never zero.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from review.cadres import Cadre, Role, managed_by
from review.defence import Evidence
from review.defence_card import card_reasons, forced, is_forced
from review.defence_general import General, general_by, general_of
from review.dossier import Dossier, dossiers
from review.explanation import explain
from review.leading import Ground, Leading, ground_of, leading_of
from review.marks import Marks, Sums, leader_marks, staff_marks, sums_of
from review.period import Period
from review.possible import bounds
from review.regulation import Regulation
from review.scorecard import ELSEWHERE, ON_LEAVE, CardStatus, Grade, Reason, Scorecard
from review.submission import Submission

NEEDS_WORD = "CAN_XAC_NHAN"
OVER_FULFILLED = "VUOT_KHOI_LUONG"
D_TOO_HIGH = "DDE_SAI_MUC"
NOT_RECEIVED = "Đơn vị chưa có báo cáo được chấp nhận trong kỳ nên chưa có căn cứ để chấm."

__all__ = ["card_for_missing", "defended", "explain", "score_unit"]


def score_unit(
    submission: Submission,
    cadres: Sequence[Cadre],
    regulation: Regulation,
    *,
    with_reasons: bool = True,
    grounds: Mapping[str, Ground] | None = None,
) -> tuple[Scorecard, ...]:
    """One card for each cadre given, in the order given, whether or not the submission names them.

    `with_reasons=False` leaves the reasons of scored cards out: they cost fifty times the figures,
    and since the report and the regulation are kept they can be had again whenever asked for.

    Figures are hundredths. OK cards keep `general + task_score == total` and the reasons' `lost`
    adds up to 100 points less the total. Rows of people not on the roll are left aside. `grounds`
    tells by leader what their people came to, where those people are not among `cadres`.
    """
    told = dossiers(submission, regulation)
    bench = _Bench(submission, regulation, with_reasons)
    cards = {c.code: bench.card(c, told) for c in cadres if c.role is Role.STAFF}
    for role in (Role.DEPUTY, Role.HEAD):  # whose d rests on the cards that are there by then
        for cadre in cadres:
            if cadre.role is role:
                ground = bench.ground(cadre, cadres, cards)
                ground = grounds.get(cadre.code, ground) if grounds else ground
                cards[cadre.code] = bench.card(cadre, told, ground)
    return tuple(cards[cadre.code] for cadre in cadres)


def defended(
    submission: Submission,
    cadres: Sequence[Cadre],
    cards: Mapping[str, Scorecard],
    regulation: Regulation,
) -> dict[str, tuple[Reason, ...]]:
    """By cadre, the reasons of the scored ones of a unit's kept `cards` (by cadre): those that
    score_unit gives, without making the cards a second time. A card whose points the report does
    not come to any more is not among them: no reason may defend another figure."""
    told, bench = dossiers(submission, regulation), _Bench(submission, regulation, True)
    found: dict[str, tuple[Reason, ...]] = {}
    for cadre in () if submission.nil else cadres:
        card, dossier = cards.get(cadre.code), told.get(cadre.code)
        scored = card is not None and card.status is CardStatus.OK
        if card and dossier and scored and regulation.scores(cadre.group):
            ground = bench.ground(cadre, cadres, cards) if cadre.leads else None
            found[cadre.code] = bench.reasons(card, cadre, dossier, ground)
    return found


def grounds_of(
    cards: Sequence[Scorecard], cadres: Sequence[Cadre], regulation: Regulation
) -> dict[str, Ground]:
    """By leader, what the people managed came to, from the cards of the whole unit."""
    by_code = {card.cadre: card for card in cards}
    return {
        one.code: _ground(one, cadres, by_code, regulation)
        for one in cadres
        if one.leads and one.code in by_code
    }


def card_for_missing(
    cadre: Cadre, period: str, regulation: Regulation, why: str = NOT_RECEIVED
) -> Scorecard:
    """The card of a cadre whose unit has no accepted report: a score that is not known yet."""
    if not regulation.scores(cadre.group):
        return _routed(cadre, period, regulation)
    return _insufficient(cadre, period, [Reason("status", why)])


class _Bench:
    """What the cards of one unit share."""

    def __init__(self, submission: Submission, regulation: Regulation, with_reasons: bool) -> None:
        self.regulation = regulation
        self.with_reasons = with_reasons
        self.period = Period.parse(submission.period)
        self.period_text = submission.period
        self.nil = submission.nil
        self.places = regulation.places(self.period.cadence)

    def ground(
        self, leader: Cadre, cadres: Sequence[Cadre], cards: Mapping[str, Scorecard]
    ) -> Ground:
        return _ground(leader, cadres, cards, self.regulation)

    def card(
        self, cadre: Cadre, told: Mapping[str, Dossier], ground: Ground | None = None
    ) -> Scorecard:
        regulation, period = self.regulation, self.period_text
        if not regulation.scores(cadre.group):
            return _routed(cadre, period, regulation)
        evidence = Evidence(told.get(cadre.code) or Dossier(), self.places, regulation)
        sums = sums_of(evidence.dossier.lines, regulation.points.cap_per_line)
        leave = None if sums.full else evidence.dossier.whole_leave(self.period, regulation)
        if leave:
            why, flags = _on_leave(evidence, leave), (ON_LEAVE, leave.event.upper())
            return _excluded(cadre, period, why, flags)
        general = general_by(evidence.dossier, regulation)
        leading = self._leading(cadre, evidence.dossier, ground)
        if self.nil or general is None or not _complete(evidence.dossier, sums, leading):
            missing = list(_missing(evidence, sums, general, leading, self.nil))
            waits = _insufficient(cadre, period, missing)
            return _open(evidence, cadre, sums, leading, waits)
        return _scored(evidence, cadre, period, sums, general, leading, self.with_reasons)

    def reasons(
        self, card: Scorecard, cadre: Cadre, dossier: Dossier, ground: Ground | None
    ) -> tuple[Reason, ...]:
        """Why a card that was scored has its points; nothing where the report comes to others."""
        regulation = self.regulation
        given = general_by(dossier, regulation)
        sums = sums_of(dossier.lines, regulation.points.cap_per_line)
        leading = self._leading(cadre, dossier, ground)
        if given is None or not _complete(dossier, sums, leading):
            return ()
        evidence = Evidence(dossier, self.places, regulation)
        marks = _marks(evidence, sums, given, leading)
        if marks.total != card.total:
            return ()
        return card_reasons(evidence, cadre, sums, marks, given, leading)

    def _leading(self, cadre: Cadre, dossier: Dossier, ground: Ground | None) -> Leading | None:
        rules = self.regulation.points
        if not cadre.leads:
            return None
        return leading_of(dossier.leader, ground, rules.leader_d, rules.leader_values)


def _routed(cadre: Cadre, period: str, regulation: Regulation) -> Scorecard:
    says = f"{cadre.group.label} chấm theo {regulation.route(cadre.group)}, không chấm ở đây."
    reason = Reason("status", says, article=f"Phạm vi áp dụng {regulation.title}")
    return _excluded(cadre, period, reason, (ELSEWHERE,))


def _excluded(cadre: Cadre, period: str, why: Reason, flags: tuple[str, ...]) -> Scorecard:
    status = CardStatus.EXCLUDED
    return Scorecard(cadre.code, cadre.unit, period, status, flags=flags, reasons=(why,))


def _insufficient(cadre: Cadre, period: str, reasons: Sequence[Reason]) -> Scorecard:
    return Scorecard(
        cadre.code,
        cadre.unit,
        period,
        CardStatus.INSUFFICIENT,
        flags=(NEEDS_WORD,),
        reasons=tuple(reasons),
    )


def _open(
    evidence: Evidence, cadre: Cadre, sums: Sums, leading: Leading | None, card: Scorecard
) -> Scorecard:
    """A card that waits: between which points it lies; and its grade where none could change it."""
    low, high = bounds(evidence, sums, leading.terms if leading else None)
    return card._replace(
        low=low,
        high=high,
        grade=Grade.NOT_DONE if is_forced(evidence, cadre) else None,
        reasons=(*card.reasons, *forced(evidence, cadre)),
    )


def _on_leave(evidence: Evidence, row: Any) -> Reason:
    kind = evidence.regulation.leave[row.event]
    says = f"Cả kỳ {kind} (từ {row.on:%d/%m/%Y}): không chấm kỳ này, năm tính theo tháng làm việc."
    cells = evidence.places.at("changes", row.line, "event", "on", "until")
    return Reason("status", says, None, cells, evidence.regulation.articles["year"])


def _complete(dossier: Dossier, sums: Sums, leading: Leading | None) -> bool:
    """Whether all that the points are made of is there, the general criteria aside."""
    if dossier.unclear or not sums.full:
        return False
    return leading is None or None not in leading.terms


def _missing(
    evidence: Evidence, sums: Sums, general: General | None, leading: Leading | None, nil: bool
) -> Iterator[Reason]:
    """Everything that keeps a person from being scored, all at once."""
    if nil:
        says = "Đơn vị báo không phát sinh trong kỳ nên không có căn cứ để chấm."
        yield Reason("status", says)
        return
    dossier, places = evidence.dossier, evidence.places
    for at in dossier.unclear:
        says = "Dòng công việc này thiếu hệ số, số giao hoặc số hoàn thành nên chưa tính được."
        yield Reason("status", says, cells=places.at("work", at, "coef", "assigned", "done"))
    if not sums.full and not dossier.unclear:
        yield _no_work(evidence)
    if general is None:
        yield _no_authority(evidence)
    if leading is not None:
        yield from _missing_terms(evidence, leading)


def _missing_terms(evidence: Evidence, leading: Leading) -> Iterator[Reason]:
    article = evidence.regulation.articles["d"]
    waits = leading.computed and leading.terms[0] is None
    if waits and leading.ground:
        yield Reason("status", leading.ground.says, article=article)
    if None in leading.terms[1 if waits else 0 :]:
        which = "đ, e" if leading.computed else "d, đ, e"
        says = f"Chưa có đủ chỉ số {which} của lãnh đạo, quản lý."
        yield Reason("status", says, article=article)


def _no_work(evidence: Evidence) -> Reason:
    works = evidence.dossier.works(evidence.regulation)
    notes = "; ".join(work.note for work in works if work.note)
    says = "Không có công việc được giao trong kỳ: chưa đủ dữ liệu, không tính 0 và không tính 100."
    cells = tuple(c for w in works for c in evidence.places.at("work", w.at, "assigned"))
    reason = f"{says} Đơn vị ghi: {notes}." if notes else says
    return Reason("status", reason, None, cells, evidence.regulation.articles["a"])


def _no_authority(evidence: Evidence) -> Reason:
    """Nobody's marks are shown while the others' are not in: that one is there, and no figure."""
    dossier, regulation = evidence.dossier, evidence.regulation
    says = "Chưa có điểm tiêu chí chung do cấp có thẩm quyền chấm."
    if general_of(dossier.own, regulation) is not None:
        says += " Điểm tự chấm đã có, niêm phong cho đến khi cấp có thẩm quyền chấm."
    return Reason("status", says, article=regulation.articles["general"])


def _scored(
    evidence: Evidence,
    cadre: Cadre,
    period: str,
    sums: Sums,
    marked: General,
    leading: Leading | None,
    with_reasons: bool,
) -> Scorecard:
    marks = _marks(evidence, sums, marked, leading)
    provisional = grade = evidence.regulation.grades.grade_of(marks.total)
    if evidence.dossier.changes and is_forced(evidence, cadre):
        grade = Grade.NOT_DONE
    reasons: tuple[Reason, ...] = ()
    if with_reasons:
        reasons = card_reasons(evidence, cadre, sums, marks, marked, leading)
    doubted = leading is not None and leading.doubted
    flags = ((OVER_FULFILLED,) if sums.over else ()) + ((D_TOO_HIGH,) if doubted else ())
    a, b, c, mean, task, total = marks
    d, dd, e = [percent * 100 for _, percent in leading.percents] if leading else (None,) * 3
    figures = marked.points(marks), a, b, c, d, dd, e, mean, task, total
    ok = CardStatus.OK
    return Scorecard(
        cadre.code, cadre.unit, period, ok, *figures, provisional, grade, flags, reasons
    )


def _marks(evidence: Evidence, sums: Sums, given: General, leading: Leading | None) -> Marks:
    most = evidence.regulation.points.results_max
    if leading:
        dde = sum(percent for _, percent in leading.percents)
        return leader_marks(sums, dde, given.sum, most, given.raters)
    return staff_marks(sums, given.sum, most, given.raters)


def _ground(
    leader: Cadre, cadres: Sequence[Cadre], cards: Mapping[str, Scorecard], regulation: Regulation
) -> Ground:
    managed = (cards[one.code] for one in managed_by(leader, cadres) if one.code in cards)
    return ground_of(managed, regulation.grades.done)
