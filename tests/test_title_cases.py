"""Titles over the years: each condition with its source; what is not known is not guessed."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from channels.library import newest_regulation
from cli.main import tdkt
from review.results import Result, heads_not_above
from review.scorecard import CardStatus, Grade
from review.submission import Submission, Table
from review.title_cases import History, Nominee, TitleCase, conditions_of, over_quota
from tasks.roll_up import roll_up
from tests.score_office import keep_months, keep_report, occasion, small_office

RULES = {rule.key: rule for rule in newest_regulation().person_titles}
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
