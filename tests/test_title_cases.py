"""Titles over the years: each condition with its source; what is not known is not guessed."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner

from channels.library import newest_regulation
from cli.main import tdkt
from review.brief import UnitBrief
from review.results import Result, heads_not_above
from review.scorecard import CardStatus, Grade
from review.submission import Submission, Table
from review.title_cases import (
    History,
    Nominee,
    TitleCase,
    conditions_of,
    over_quota,
    titles_from,
)
from review.unit_titles import Heads, UnitHistory, unit_conditions
from sample import sample_roster
from sample.yearly_lines import titles
from tasks.roll_up import roll_up
from tests.score_office import keep_months, keep_report, occasion, small_office

LAW = newest_regulation()
RULES = {rule.key: rule for rule in LAW.person_titles}
OF_UNITS = {rule.key: rule for rule in LAW.unit_titles}
GOOD = {2026: (Grade.GOOD, "kết quả đã phê duyệt")}
BEST = {2026: (Grade.EXCELLENT, "kết quả đã phê duyệt")}


def case(title: str, history: History, initiative: str = "") -> TitleCase:
    nominee = Nominee("A", "A-01", "Lò Thị A", title, initiative)
    return TitleCase(nominee, tuple(conditions_of(nominee, history, 2026, RULES[title])))


def test_a_good_year_makes_an_advanced_worker_and_a_mere_one_does_not() -> None:
    assert case("ldtt", History(GOOD)).eligible is True
    assert case("ldtt", History({2026: (Grade.DONE, "sổ")})).eligible is False
    assert case("ldtt", History()).eligible is None, "no result yet: not known"


def test_a_fighter_needs_an_initiative_by_its_number() -> None:
    assert case("cstdcs", History(GOOD)).eligible is False
    met = case("cstdcs", History(GOOD), "QĐ 15/QĐ-SNV")
    assert met.eligible is True and "15/QĐ-SNV" in met.conditions[1].says


def test_a_title_that_was_only_proposed_is_not_taken_for_awarded() -> None:
    proposed = {year: {"cstdcs": ""} for year in (2023, 2024, 2025)}
    open_case = case("cstd_tinh", History(BEST, proposed), "QĐ 1")
    assert open_case.eligible is None and "chưa rõ đã được tặng" in open_case.conditions[-1].says
    held = {year: {"cstdcs": f"QĐ {year}"} for year in (2023, 2024, 2025)}
    assert case("cstd_tinh", History(BEST, held), "QĐ 1").eligible is True


def test_more_fighters_than_the_share_of_advanced_workers_are_named() -> None:
    advanced = [case("ldtt", History(GOOD))] * 7
    fighters = [case("cstdcs", History(GOOD), "QĐ 1")] * 2
    assert over_quota([*advanced, *fighters], 1500) == {"A": (2, 1)}
    assert over_quota([*advanced, fighters[0]], 1500) == {}


def test_where_the_rule_is_on_a_head_is_graded_no_better_than_the_unit() -> None:
    results = [
        Result("2026", code, "A", CardStatus.OK, 9300, Grade.EXCELLENT, Grade.EXCELLENT)
        for code in ("head", "staff")
    ]
    held = heads_not_above(results, {"head"}, {"A": Grade.GOOD})
    assert [one.grade for one in held] == [Grade.GOOD, Grade.EXCELLENT]
    assert "không xếp cao hơn cơ quan" in held[0].why and held[0].total == 9300
    assert heads_not_above(results, {"head"}, {}) == results


def of_unit(
    title: str,
    grades: dict[int, Grade] | None = None,
    heads: Heads | None = None,
    place: int | None = 1,
    held: dict[int, dict[str, str]] | None = None,
) -> dict[str, bool | None]:
    graded = {year: (grade, "bảng điểm") for year, grade in (grades or {}).items()}
    history = UnitHistory(History(graded, held or {}), heads, "Khối 1", place)
    return {one.name: one.met for one in unit_conditions(history, 2026, OF_UNITS[title])}


def test_a_units_title_rests_on_its_grade_and_the_shares_of_its_people() -> None:
    whole = Heads(10, 10, 7, 1, 0, "CV 5")
    best = {2026: Grade.EXCELLENT}
    assert set(of_unit("tt_ldxs", best, whole).values()) == {True}
    fewer = of_unit("tt_ldxs", best, Heads(10, 9, 6, 0, 1, "CV 5"))
    assert fewer == {"XEP_LOAI": True, "HOAN_THANH": False, "LDTT": False, "CSTDCS": False,
                     "KY_LUAT": False}  # fmt: skip
    assert of_unit("tt_ldxs", {2026: Grade.GOOD}, whole)["XEP_LOAI"] is False
    assert of_unit("tt_ldtt", {2026: Grade.GOOD}, whole)["XEP_LOAI"] is True


def test_people_of_the_roll_alone_decide_only_what_more_people_could_not_mend() -> None:
    best = {2026: Grade.EXCELLENT}
    roll = Heads(3, 3, 3, 1, 0, "3 người", whole=False)
    told = of_unit("tt_ldxs", best, roll)
    assert (told["HOAN_THANH"], told["LDTT"], told["CSTDCS"], told["KY_LUAT"]) == (
        None, None, True, None,
    )  # fmt: skip
    one_failed = Heads(3, 2, 0, 0, 0, "3 người", whole=False)
    told = of_unit("tt_ldxs", best, one_failed)
    assert told["HOAN_THANH"] is False and told["LDTT"] is None and told["CSTDCS"] is None
    assert of_unit("tt_ldxs", best)["SO_NGUOI"] is None


def test_a_flag_asks_the_first_place_and_a_diploma_two_years_running() -> None:
    best = {2026: Grade.EXCELLENT}
    assert of_unit("co_tinh", best)["HANG_KHOI"] is True
    assert of_unit("co_tinh", best, place=2)["HANG_KHOI"] is False
    assert of_unit("co_tinh", best, place=None)["HANG_KHOI"] is None, "still open: not known"
    history = UnitHistory(History({2026: (Grade.EXCELLENT, "bảng điểm cơ quan năm 2026")}))
    years = list(unit_conditions(history, 2026, OF_UNITS["bk_tinh"]))[:2]
    assert [one.met for one in years] == [True, None] and "năm 2025" in years[1].says
    before = of_unit("co_cp", best, held={2025: {"co_tinh": "QĐ 3/QĐ-UBND"}})
    assert before["DANH_HIEU_TRUOC"] is True


def test_a_title_that_asks_an_unknown_one_before_is_refused() -> None:
    block = {"key": "a", "name": "A", "grades": ["HTXSNV"], "before": "khong_co"}
    with pytest.raises(ValueError, match="không có danh hiệu khong_co"):
        titles_from([block])


def test_titles_given_by_decision_and_heads_of_the_whole_unit_make_a_case(
    tmp_path: Path, sqlite_url: str
) -> None:
    """Three years a fighter, by decisions; a unit whose office told how many people it has."""
    with small_office(tmp_path, sqlite_url) as office:
        keep_months(office, "A-01", dict.fromkeys(range(1, 13), 9500))
        roll_up.fn(occasion(office, "2026"), ("A",))
        columns = ("cadre", "name", "title", "kind", "initiative")
        rows = (
            (6, "A-01", "Lò Thị A-01", "cstd_tinh", "truc_tiep", "QĐ 1"),
            (7, None, "Sở A", "tt_ldtt", "tap_the", None),
        )
        tables = {
            "cover": Table("cover", ("nil",), ((0, "khong"),)),
            "titles": Table("titles", columns, rows),
        }
        keep_report(office, Submission("A", "2026", "nam", "x", tables), "nam.xlsx")

        def run(*args: str) -> str:
            found = CliRunner().invoke(tdkt, [*args, "--home", str(office.folder)])
            return found.output + str(found.exception or "")

        told = json.loads(run("titles", "2026", "--json"))["proposals"]
        assert [one["eligible"] for one in told] == [None, None]
        for year in (2023, 2024, 2025):
            said = run("grant", str(year), "cstdcs", "A-01", "--document", f"QĐ {year}",
                       "--by", "Lò Văn A")  # fmt: skip
            assert "Chiến sĩ thi đua cơ sở" in said
        csv = tmp_path / "tap-the.csv"
        csv.write_text("unit,members,completed,ldtt,cstdcs,warned,source\nA,10,11,5,0,0,\n")
        assert "chưa ghi văn bản" in run("titles", "2026", "--heads", str(csv))
        csv.write_text("unit,members,completed,ldtt,cstdcs,warned,source\nA,10,10,5,0,0,CV 5\n")
        told = json.loads(run("titles", "2026", "--heads", str(csv), "--json"))["proposals"]
        person, unit = told
        assert person["eligible"] is True and person["conditions"][-1]["source"] == "QĐ 2023"
        assert person["conditions"][-1]["says"] == "Chiến sĩ thi đua cơ sở năm 2023"
        share = next(one for one in unit["conditions"] if one["name"] == "LDTT")
        assert share["met"] is True and "5/10 người (50%)" in share["says"]
        assert share["source"] == "CV 5"
        assert unit["eligible"] is None, "the agency's own table has no figures yet"
        assert "không có cán bộ: Z-9" in run(
            "grant", "2025", "cstdcs", "Z-9", "--document", "QĐ", "--by", "Lò Văn A"
        )


def test_the_command_shows_each_proposal_with_what_the_book_knows(
    tmp_path: Path, book_url: str
) -> None:
    with small_office(tmp_path, book_url) as office:
        keep_months(office, "A-01", dict.fromkeys(range(1, 13), 8000))
        roll_up.fn(occasion(office, "2026"), ("A",))
        columns = ("cadre", "name", "title", "initiative")
        rows = ((6, "A-01", "Lò Thị A-01", "ldtt", ""), (7, "A-02", "Lò Thị A-02", "cstdcs", ""))
        tables = {
            "cover": Table("cover", ("nil",), ((0, "khong"),)),
            "titles": Table("titles", columns, rows),
        }
        keep_report(office, Submission("A", "2026", "nam", "x", tables), "nam.xlsx")
        args = ["titles", "2026", "--json", "--home", str(office.folder)]
        told = json.loads(CliRunner().invoke(tdkt, args).output)
        assert [one["eligible"] for one in told["proposals"]] == [True, False]
        assert told["proposals"][0]["conditions"][0]["source"] == "kết quả chưa phê duyệt"


def test_the_sample_proposes_units_too() -> None:
    """So that a demonstration of years shows titles of collectives."""
    asked = [
        (row["title"], row["name"])
        for unit in sample_roster().units
        for row in titles(UnitBrief(unit, "2026", (), ()))
    ]
    kinds = Counter(title for title, _ in asked)
    assert kinds.keys() == {"tt_ldtt", "tt_ldxs"} and 8 <= kinds.total() <= 30, kinds
    assert all(name for _, name in asked)
