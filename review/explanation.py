"""From a grade back to the cells it rests on, in words that let a person redo the sum by hand.

for line in explain(card, regulation): print(line)
-> Xếp loại: Hoàn thành tốt nhiệm vụ
   Tổng điểm = tiêu chí chung 27,50 + kết quả 60,65 = 88,15
   …
"""

from __future__ import annotations

from collections.abc import Iterator

from review.points import shown
from review.regulation import Regulation
from review.scorecard import CardStatus, Reason, Scorecard

STATUS = {
    CardStatus.OK: "Đã chấm",
    CardStatus.INSUFFICIENT: "Chưa đủ dữ liệu để chấm",
    CardStatus.EXCLUDED: "Không chấm trong kỳ này",
}


def explain(card: Scorecard, regulation: Regulation) -> tuple[str, ...]:
    """Grade → sum → term → rule → article → cells, one thought a line."""
    return tuple(_lines(card, regulation))


def _lines(card: Scorecard, regulation: Regulation) -> Iterator[str]:
    yield f"Cán bộ {card.cadre}, đơn vị {card.unit}, kỳ {card.period}."
    yield f"Quy định {regulation.code} (bản {regulation.digest[:12]}): {regulation.title}."
    yield f"Trạng thái: {STATUS[card.status]}."
    if card.status is CardStatus.OK:
        yield f"Xếp loại: {card.grade.label}." if card.grade else "Không xếp loại."
        yield from sums_in_words(card, regulation)
    if card.status is CardStatus.INSUFFICIENT:
        low, high = card.bounds
        yield f"Khi đủ dữ liệu, điểm nằm trong khoảng {shown(low)} – {shown(high)}."
        if card.grade:
            yield f"Xếp loại: {card.grade.label} (không phụ thuộc điểm còn thiếu)."
    for reason in card.reasons:
        yield f"- {_reason_in_words(reason)}"
    if card.total is not None:
        lost = sum(reason.lost or 0 for reason in card.reasons)
        yield f"Cộng các phần mất: {shown(lost)}; 100 − {shown(lost)} = {shown(card.total)} điểm."


def sums_in_words(card: Scorecard, regulation: Regulation) -> Iterator[str]:
    """The total of a scored card, and its points for results, as sums to be done again."""
    if card.general is None or card.task_score is None or card.total is None or card.mean is None:
        return
    yield (
        f"Tổng điểm = tiêu chí chung {shown(card.general)} + kết quả {shown(card.task_score)}"
        f" = {shown(card.total)}."
    )
    values = (card.a, card.b, card.c, card.d, card.dd, card.e)
    terms = [(n, v) for n, v in zip("abcdđe", values, strict=True) if v is not None]
    names, figures = (" + ".join(n for n, _ in terms), " + ".join(shown(v) for _, v in terms))
    most = regulation.points.results_max // 100
    yield (
        f"Kết quả = {most} × ({names}) / {len(terms)} / 100"
        f" = {most} × ({figures}) / {len(terms)} / 100 = {shown(card.task_score)}"
        f" (trung bình {shown(card.mean)}%; tính trên phân số đúng, làm tròn một lần ở cuối)."
    )


def _reason_in_words(reason: Reason) -> str:
    lost = f" Mất {shown(reason.lost)} điểm." if reason.lost else ""
    article = f" [{reason.article}]" if reason.article else ""
    cells = f" ({', '.join(reason.cells)})" if reason.cells else ""
    return f"{reason.says}{lost}{article}{cells}"
