"""Choosing among those who are level at the cut of the quota: what `tdkt quota --choose` does."""

from __future__ import annotations

from typing import Any, Literal

from prefect import flow

from flows.asking import Answer, Blank, Ending, Question, Settled, decided
from flows.fields import AnyPeriodText
from flows.holding import Work, holding
from flows.naming import named
from flows.opening import occasion_of
from flows.showing import show
from review.period import Cadence
from review.powers import Power
from review.quota_lists import QuotaList
from tasks.name_people import names_of
from tasks.occasion import Occasion
from tasks.office import Office
from tasks.quota import choose_in_tie, draw_quota

CHOSEN = "Chọn những ai"


@flow(
    name="choose-ties",
    description="Chọn người giữ mức xuất sắc khi bằng điểm ở vạch cắt của tỷ lệ.",
    flow_run_name=named("Chọn người khi bằng điểm", Cadence.MONTH),
    validate_parameters=True,
)
def choose_ties(period: AnyPeriodText = "") -> Ending:
    """One list at a time, until nobody is level at a cut."""
    occasion = occasion_of(Office.at(), period, Cadence.MONTH)
    return decided(
        occasion, lambda: question_of(occasion), lambda answer: carry_out(occasion, answer)
    )


def question_of(occasion: Occasion) -> Question | Settled:
    tied = _tied(occasion)
    label = occasion.period.label
    if tied is None:
        return Settled(f"{occasion.period.title} không còn ai bằng điểm chờ quyết định.")
    matter = f"{tied.name}, {label}: chọn {tied.open_seats} trong {len(tied.tied)} người bằng điểm"
    who = f"Ai là người thứ mấy: tdkt quota {occasion.period_text}, theo thứ tự mã."
    facts = (
        f"Chỉ tiêu xuất sắc của danh sách này: {tied.seats}; đã có {len(tied.chosen)} người trong.",
        *_shown(occasion, tied).values(),
        *((who,) if occasion.office.settings.desk.shows == "figures" else ()),
        "Không chọn theo tên; ghi rõ vì sao chọn (sáng kiến, nhiệm vụ khó, thành tích khác).",
    )
    kind: Any = list[Literal[tuple(_shown(occasion, tied))]]  # type: ignore[misc]
    fields = {CHOSEN: Blank(kind, ..., f"Chọn đúng {tied.open_seats} người.")}
    return Question(Power.TIES, matter, facts, fields, note="Vì sao chọn", again=True)


def _tied(occasion: Occasion) -> QuotaList | None:
    """The first list that still waits for a word."""
    drawn = draw_quota.fn(occasion)
    return next((one for one in drawn.lists if one.tied), None)


def _shown(occasion: Occasion, tied: QuotaList) -> dict[str, str]:
    """What stands for each of them in the form, by what is chosen: a number where the desk sees
    figures only (the list lies in the office's own workbook, in the same order), else the code."""
    shows = occasion.office.settings.desk.shows
    if shows == "figures":
        return {f"Người thứ {n}": f"Người thứ {n}" for n, _ in enumerate(tied.tied, 1)}
    if shows == "codes":
        return {code: code for code in tied.tied}
    names = names_of(occasion, tied.tied)
    return {code: f"{code}: {names[code]}" for code in tied.tied}


def carry_out(occasion: Occasion, answer: Answer) -> dict[str, object]:
    tied = _tied(occasion)
    if tied is None:
        raise ValueError("không còn ai bằng điểm.")
    by_word = dict(zip(_shown(occasion, tied), tied.tied, strict=True))
    codes = [by_word[word] for word in answer.given[CHOSEN]]
    if len(codes) != tied.open_seats:
        raise ValueError(f"cần chọn đúng {tied.open_seats} người, đã chọn {len(codes)}.")
    with holding(occasion, Work.DECISION) as mine:
        choose_in_tie(mine, codes, answer.who, answer.note)
    show(occasion)
    return {"period": occasion.period_text, "list": tied.name, "chosen": len(codes)}
