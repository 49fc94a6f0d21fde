"""A letter that does not add up, or says what the book does not, is told figure by figure."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest
from letter_samples import CARDS, ENTRIES, LETTERS

from review.post import Letter
from review.reconcile import BookFigures, PeopleTally, disagreements
from review.roll import tally

BOOK = BookFigures(tally(ENTRIES), PeopleTally.of(CARDS), {card.cadre: card for card in CARDS}, {})
REPORTS = ("leader_report", "leader_report_quarter", "leader_report_year", "leader_report_term")


@pytest.mark.parametrize("name", ("office_digest", "owing_digest", *REPORTS))
def test_a_summary_that_says_what_the_book_says_goes(name: str) -> None:
    assert disagreements(LETTERS[name](), BOOK) == ()


def changed(name: str, change: tuple[Any, ...], value: object) -> Letter:
    letter = LETTERS[name]()
    payload: Any = deepcopy(dict(letter.payload))
    place = payload
    for key in change[:-1]:
        place = place[key]
    place[change[-1]] = value
    return replace(letter, payload=payload)


@pytest.mark.parametrize(
    ("name", "change", "told"),
    [
        ("leader_report", ("roll", "late"), "số đơn vị nộp muộn ghi 77, sổ có 1"),
        ("leader_report", ("persons", "scored"), "số cán bộ đã chấm ghi 77, sổ có 2"),
        ("leader_report", ("grades", 0, "count"), "Hoàn thành xuất sắc nhiệm vụ” ghi 77, sổ có 1"),
        ("leader_report_year", ("roll", "missing"), "cộng các trạng thái, ghi 98, sổ có 27"),
        ("leader_report_term", ("clusters", 0, "roll"), "phải báo cáo, cộng các cụm, khối, ghi"),
        ("leader_report_quarter", ("grades", 1, "count"), "đã chấm, cộng các mức, ghi 78, sổ có 2"),
        ("leader_report_quarter", ("plans", "proposed", 0, 3), "cộng các trạng thái, ghi 77"),
        ("leader_report_quarter", ("plans", "followed", 0, 2), "cộng các kết quả, ghi 79, sổ có 2"),
        ("owing_digest", ("rest",), "số đơn vị liệt kê ghi 79, sổ có 2"),
    ],
)
def test_one_wrong_figure_is_named(name: str, change: tuple[Any, ...], told: str) -> None:
    found = disagreements(changed(name, change, 77), BOOK)
    assert any(told in one for one in found), found
