"""What the desk sees of a period: the same few boards for sixty units and for ten thousand."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest

from channels.board_markdown import markdown
from review.board import Bars, Board, Items, Links, Table, Words, cut
from review.desk_boards import boards
from review.desk_figures import CheckLine, Figures
from review.findings import Severity
from review.period import Period
from review.quota import CapReading
from review.quota_lists import QuotaList, Scope
from review.roll import RollEntry, RollState, tally
from review.settings import Settings
from review.standing import standing_of
from review.units import Unit, UnitKind
from tasks.desk_figures import desk_figures
from tdkt_models.cadres import recall_cadres
from tests.province import HeldMonth, surroundings

OCTOBER = Period.parse("2026-10")
NOON = datetime(2026, 11, 12, 12, tzinfo=Settings().zone)


@pytest.fixture(scope="module")
def month(held_month: HeldMonth) -> Iterator[Figures]:
    with surroundings(TDKT_DATABASE_URL=held_month.url):
        yield desk_figures.fn(held_month.occasion)


def board(figures: Figures, key: str) -> str:
    return next(markdown(one) for one in boards(figures) if one.key == key)


def figures(units: int, **more: object) -> Figures:
    """A roll of so many units, every third of which owes its report."""
    there = {
        f"{n:05}": Unit(f"{n:05}", f"Xã số {n}", UnitKind.COMMUNE, f"Cụm {n % 40}")
        for n in range(1, units + 1)
    }
    states = (RollState.ACCEPTED, RollState.RETURNED, RollState.MISSING)
    entries = [RollEntry(code, "2026-10", NOON, states[n % 3]) for n, code in enumerate(there)]
    standing = standing_of("2026-10", "2026-01", tally(entries), (), 0, {})
    given = Figures(OCTOBER, NOON, standing, there, entries)
    return replace(given, **more)  # type: ignore[arg-type]


pytestmark = pytest.mark.xdist_group("held-month")


def test_every_board_of_a_held_month_says_its_figures(month: Figures) -> None:
    assert "| Đơn vị phải báo cáo | 60 |" in board(month, "tinh-hinh")
    assert "Số liệu khớp." in board(month, "can-doi")
    assert "| Kiểm tra | đang tiếp tục | 48 đạt" in board(month, "chuong-trinh")
    assert "Chưa nộp" in board(month, "danh-sach")
    assert "Phải sửa" in board(month, "loi")
    assert "Xã, phường" in board(month, "xep-loai")
    assert "Kế hoạch đào tạo, bồi dưỡng" in board(month, "ke-hoach")
    assert "| Kết quả cá nhân | 0 |" in board(month, "thu")


def test_the_parts_of_each_board_add_up(month: Figures) -> None:
    persons = month.standing.persons
    assert sum(month.grades.values()) == persons.scored
    live = sum(n for (_, state), n in month.letters.items() if state != "cancelled")
    assert live == sum(month.standing.letters.values())


def test_no_board_shows_whose_result_is_whose(month: Figures, held_month: HeldMonth) -> None:
    with held_month.reading() as conn:
        cadres = recall_cadres(conn)
    said = "\n".join(markdown(one) for one in boards(month))
    assert cadres
    for cadre in cadres:
        assert cadre.code not in said and cadre.name not in said


def test_ten_thousand_units_are_no_longer_to_read_than_sixty() -> None:
    few, many = figures(60), figures(10_000)
    for small, large in zip(boards(few), boards(many), strict=True):
        assert len(markdown(large)) < 16_000, large.key
        assert len(markdown(large).splitlines()) < 110, large.key
        assert small.key == large.key
    assert "… và 6626 dòng nữa" in board(many, "danh-sach")


def test_an_empty_period_has_boards_that_say_so() -> None:
    nothing = figures(0)
    assert "Chưa có thư nào." in board(nothing, "thu")
    assert "Mọi đơn vị đã có báo cáo" in board(nothing, "danh-sach")


def tied() -> QuotaList:
    return QuotaList(
        scope=Scope.AGENCY, name="SNV", reading=CapReading.GOOD_ONLY, percent=2000, rated=9,
        good=8, candidates=4, seats=1, tied=("SNV-01", "SNV-02"),
    )  # fmt: skip


def test_who_is_level_is_named_by_code_only_where_the_desk_may_see_it() -> None:
    level = figures(3, lists=(tied(),))
    assert "2 người bằng điểm" in board(level, "ty-le")
    assert "SNV-01, SNV-02" in board(level, "ty-le")
    assert "SNV-01" not in board(replace(level, shows_codes=False), "ty-le")


def test_what_waits_for_a_person_leads_there() -> None:
    waits = (("Phê duyệt kết quả", "http://127.0.0.1:4200/v2/runs/flow-run/1"),)
    papers = (("bao-cao-2026-10.pdf", "/srv/tdkt/reports/2026-10/bao-cao-2026-10.pdf"),)
    said = board(figures(3, waits=waits, papers=papers), "chuong-trinh")
    assert "[Phê duyệt kết quả](http://127.0.0.1:4200/v2/runs/flow-run/1)" in said
    assert "`/srv/tdkt/reports/2026-10/bao-cao-2026-10.pdf`" in said


def test_what_a_stranger_wrote_is_text_and_nothing_else() -> None:
    hostile = "<img src=x onerror=alert(1)> [bấm](javascript:x) | ` # **đậm**\nxuống dòng"
    line = CheckLine("SAI_MAU", Severity.MUST_FIX, 1, 1, hostile)
    said = board(figures(3, checks=(line,)), "loi")
    assert "<img" not in said.replace("\\<img", "") and "[bấm]" not in said
    row = next(row for row in said.splitlines() if row.startswith("| SAI"))
    assert len(re.findall(r"(?<!\\)\|", row)) == 6, "a bar inside a cell opens no column"


def test_a_chart_is_a_picture_whose_words_say_its_figures() -> None:
    made = Board("x", "X", (Bars("Số", (("A & <B>", 3), ("C", 0)), 4, " xã"),))
    said = markdown(made)
    found = re.search(r"!\[(.*)\]\(data:image/svg\+xml;base64,(.*)\)", said)
    assert found and "3 xã" in found[1]
    svg = ElementTree.fromstring(base64.b64decode(found[2]))
    assert "A & <B>" in [text.text for text in svg.iter("{http://www.w3.org/2000/svg}text")]


def test_every_text_of_a_board_can_be_said_in_another_language() -> None:
    made = Board(
        "x",
        "đ1",
        (
            Words("đ2", "đ3"),
            Items(("đ4",), "", "đ5"),
            Items((), "đ6"),
            cut(("đ7",), [("đ8",), ("đ9",)], 1, "đ10"),
            Bars("đ11", (("đ12", 1),), 2, "đ13"),
            Links((("đ14", "x"),)),
            Table(("đ15",), (("đ16",),)),
        ),
    )
    heard: set[str] = set()

    def said(text: str) -> str:
        heard.add(text)
        return text

    markdown(made, said)
    assert {f"đ{n}" for n in range(1, 17)} - {"đ9"} <= heard
    assert "… và 1 dòng nữa." in heard


def test_the_clock_of_a_board_is_the_offices() -> None:
    late = datetime(2026, 11, 5, 17, 30, tzinfo=UTC)
    assert figures(1).day(late) == "06/11/2026"
