"""Units in their cluster: every kind of measure, ties, ranges, late days from the intake itself."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from channels.errors import ChannelRefused
from channels.library import unit_rubrics
from cli.main import tdkt
from review.period import Cadence
from review.ranking import places
from review.roll import RollEntry
from review.rubric import RubricError
from review.submission import Submission, Table
from review.unit_rubric import UnitFigure, score_unit_table, unit_rubric_from
from tasks.clusters import standings, take_figures
from tdkt_models.cycles import Cycle, keep_cycle
from tdkt_models.roll import keep_roll
from tests.score_office import STAMP, keep_report, occasion, small_office

TABLE = unit_rubrics("2026-01")["khoi"]
FULL = [
    UnitFigure("TC01", 100), UnitFigure("TC02", 1000, 1000), UnitFigure("TC03", 900, 1000),
    UnitFigure("TC04", 500, 1000), UnitFigure("TC05", 300, 300), UnitFigure("TC06", 400),
    UnitFigure("TC07", 990, 1000), UnitFigure("TC08", 100, 100),
    UnitFigure("T1", 100, proof="QĐ 12"),
]  # fmt: skip


def points(figures: list[UnitFigure], late: int | None = 0) -> dict[str, tuple[int, int]]:
    scored = score_unit_table(TABLE, "A", figures, late)
    return {part.measure: (part.low, part.high) for part in scored.parts}


def test_each_kind_of_measure_gives_its_points() -> None:
    found = points(FULL, late=3)
    assert found["TC01"] == (1000, 1000) and found["TC02"] == (1000, 1000)
    assert found["TC03"] == (1600, 1600), "90% reaches the second step"
    assert (
        found["TC04"] == (500, 500)
        and found["TC06"] == (800, 800)
        and found["TC07"] == (1980, 1980)
    )
    assert found["T1"] == (1000, 1000) and found["P1"] == (-150, -150)


def test_a_total_may_pass_100_where_the_table_has_bonuses() -> None:
    full = [replace(f, actual=f.target or 2000) for f in FULL[:8]]
    assert score_unit_table(TABLE, "A", [*full, FULL[8]], 0).total == 11_000


def test_a_bonus_without_a_document_is_not_given_and_says_so() -> None:
    scored = score_unit_table(TABLE, "A", [UnitFigure("T1", 100)], 0)
    (bonus,) = [part for part in scored.parts if part.measure == "T1"]
    assert bonus.low == 0 and "chưa có minh chứng" in bonus.says


def test_a_step_is_held_against_the_exact_ratio() -> None:
    assert points([UnitFigure("TC03", 89_996, 100_000)])["TC03"] == (1200, 1200)


def test_missing_figures_are_a_range_not_zero() -> None:
    scored = score_unit_table(TABLE, "A", FULL[1:], 0)
    assert scored.total is None
    low, high = scored.bounds
    assert high - low == 1000


def test_the_reviewers_points_count_and_all_three_stand_side_by_side() -> None:
    figure = UnitFigure("TC02", 1000, 1000, own=1000, reviewed=700)
    scored = score_unit_table(TABLE, "A", [figure, *FULL[:1], *FULL[2:]], 0)
    part = scored.parts[1]
    assert (part.own, part.reviewed, part.computed, part.counted) == (1000, 700, 1000, (700, 700))


def block(code: str, most: str, **values: Any) -> dict[str, Any]:
    return {"code": code, "name": code, "kind": "ty_le", "max": most, **values}


def test_a_table_whose_parts_do_not_add_up_is_refused_with_the_figure() -> None:
    # Layout L5 as seen in use: 10 + 10 + 15 + 10 + 10 + 10 make 65, the table says 70.
    parts = [block(str(n), most) for n, most in enumerate(("10", "10", "15", "10", "10", "10"))]
    with pytest.raises(RubricError, match=r"cộng lại 65,00 điểm, tổng ghi là 70,00, lệch 5,00"):
        unit_rubric_from({"rubric": "l5", "title": "Bảng", "max": "70", "measure": parts})


ranges = st.tuples(st.integers(0, 50), st.integers(0, 50)).map(lambda p: (min(p), max(p)))


@given(st.dictionaries(st.text("ABCDE", min_size=1, max_size=3), ranges, max_size=9), st.data())
def test_whoever_has_a_place_keeps_it_whatever_comes(
    results: dict[str, tuple[int, int]], data: st.DataObject
) -> None:
    given_places = places(results)
    came = {code: data.draw(st.integers(*bounds)) for code, bounds in results.items()}
    for code, place in given_places.items():
        if place is not None:
            assert place == 1 + sum(other > came[code] for other in came.values())


def test_those_exactly_level_share_a_place() -> None:
    assert places({"A": (9, 9), "B": (9, 9), "C": (8, 8)}) == {"A": 1, "B": 1, "C": 3}


def test_the_command_takes_figures_and_counts_late_days_from_the_roll(
    tmp_path: Path, book_url: str
) -> None:
    with small_office(tmp_path, book_url) as office:
        at = datetime(2026, 11, 5, tzinfo=UTC)
        with office.book() as book, book.writing() as conn:
            keep_cycle(conn, Cycle("2026-10", Cadence.MONTH, "2026-01"), STAMP)
            keep_roll(conn, [RollEntry("B", "2026-10", at, late_days=3)], STAMP)
        columns = ("code", "score")
        own = Table("cluster", columns, ((6, "TC01", 900), (7, "TC02", None)))
        cover = Table("cover", ("nil",), ((0, "khong"),))
        tables = {"cover": cover, "cluster": own}
        keep_report(office, Submission("A", "2026", "nam", "x", tables), "nam.xlsx")
        path = tmp_path / "so-lieu.csv"
        lines = ["unit,measure,actual,target,own,reviewed,proof,source"]
        for unit in "AB":
            for f in FULL:
                told = f"{(f.actual or 0) / 100:g},{(f.target or 0) / 100:g}"
                lines.append(f"{unit},{f.measure},{told},,,{f.proof},BC 7")
        path.write_text("\n".join(lines), "utf-8")
        args = ["clusters", "2026", "--figures", str(path), "--json", "--home", str(office.folder)]
        shown = json.loads(CliRunner().invoke(tdkt, args).output)
        assert [(one["unit"], one["place"]) for one in shown] == [("A", 1), ("B", 2)]
        with office.book() as book, book.reading() as conn:
            ours = standings(conn, occasion(office, "2026"), "khoi")
        (mine, _) = next(iter(ours.values()))
        assert mine.score.parts[0].own == 900, "as the unit's yearly report says"
        assert float(shown[0]["total"]) - float(shown[1]["total"]) == 1.5
        with pytest.raises(ChannelRefused, match=r"dòng 2: không có đơn vị “Z”"):
            take_figures(occasion(office, "2026"), "khoi", [{"unit": "Z", "measure": "TC01"}])
