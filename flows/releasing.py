"""Letters that wait for a person: in doubt, or held; what `tdkt letters release/settle` do."""

from __future__ import annotations

import re
from collections import Counter
from enum import StrEnum

from prefect import flow

from flows.asking import Answer, Blank, Ending, Question, Settled, decided
from flows.fields import AnyPeriodText
from flows.naming import named
from flows.opening import occasion_of
from flows.showing import show
from review.period import Cadence
from review.powers import Power
from tasks.letters_in_question import (
    LetterInQuestion,
    letters_in_question,
    release_letters,
    settle_letters,
)
from tasks.occasion import Occasion
from tasks.office import Office

RULING, LETTERS = "Quyết định", "Số thư"


class Ruling(StrEnum):
    AGAIN = "Gửi lại thư chưa rõ (đã hỏi, người nhận chưa nhận được)"
    ARRIVED = "Ghi là đã tới"
    LOST = "Ghi là không tới, không gửi lại"
    JUDGE = "Cho kiểm tra lại thư tạm giữ"


@flow(
    name="release-letters",
    description="Xử lý thư chưa rõ đã tới hay chưa, thư tạm giữ của một kỳ.",
    flow_run_name=named("Xử lý thư chưa rõ, tạm giữ", Cadence.MONTH),
    validate_parameters=True,
)
def release_letters_of(period: AnyPeriodText = "") -> Ending:
    """Until no letter of the period is in question."""
    occasion = occasion_of(Office.at(), period, Cadence.MONTH)
    return decided(
        occasion, lambda: question_of(occasion), lambda answer: carry_out(occasion, answer)
    )


def question_of(occasion: Occasion) -> Question | Settled:
    found = letters_in_question(occasion)
    label = occasion.period.label
    if not found:
        return Settled(f"{occasion.period.title} không còn thư nào chưa rõ hay tạm giữ.")
    counts = Counter(one.state_label for one in found)
    said = ", ".join(f"{count} thư {word.casefold()}" for word, count in sorted(counts.items()))
    facts = tuple(
        f"Thư số {one.number} · {one.state_label} · {one.kind_label}: {one.reason}" for one in found
    )
    fields = {
        RULING: Blank(Ruling),
        LETTERS: Blank(
            str, "", "Các số thư, cách nhau dấu phẩy; để trống: mọi thư hợp quyết định."
        ),
    }
    matter = f"Thư {label}: {said} chờ xử lý"
    return Question(Power.LETTERS, matter, facts, fields, note="Đã hỏi ai, thấy gì", again=True)


def carry_out(occasion: Occasion, answer: Answer) -> dict[str, object]:
    ruling, found = Ruling(answer.given[RULING]), letters_in_question(occasion)
    wanted = {int(number) for number in re.findall(r"\d+", str(answer.given[LETTERS]))}
    fit = [one for one in found if one.held is (ruling is Ruling.JUDGE)]
    chosen = [one for one in fit if not wanted or one.number in wanted]
    if strange := wanted - {one.number for one in fit}:
        numbers = ", ".join(map(str, sorted(strange)))
        raise ValueError(f"thư số {numbers} không hợp với quyết định này.")
    if not chosen:
        raise ValueError("không có thư nào hợp với quyết định này.")
    count = _moved(occasion, ruling, chosen, answer)
    show(occasion)
    return {"letters": count, "ruling": ruling.name.casefold()}


def _moved(
    occasion: Occasion, ruling: Ruling, chosen: list[LetterInQuestion], answer: Answer
) -> int:
    numbers = [one.number for one in chosen]
    if ruling in (Ruling.AGAIN, Ruling.JUDGE):
        return release_letters(occasion, numbers, answer.who, judge=ruling is Ruling.JUDGE)
    arrived = ruling is Ruling.ARRIVED
    return settle_letters(occasion, numbers, answer.who, answer.note, arrived=arrived)
