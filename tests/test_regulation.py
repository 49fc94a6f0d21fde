"""Every regulation on the shelf loads and adds up; one that does not is refused with the figure."""

from __future__ import annotations

import copy
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest

from channels.errors import LibraryError
from channels.library import SHELF, codes, newest_regulation, regulation_in_force
from review.cadres import Group
from review.findings import Severity
from review.period import PeriodError
from review.regulation import RegulationError, regulation_from
from review.rubric import RubricError, rubric_from

LAW = newest_regulation()
DECISION = tomllib.loads((SHELF / "2026-01" / "decision.toml").read_text("utf-8"))
RUBRIC = tomllib.loads((SHELF / "2026-01" / "rubrics" / "month.toml").read_text("utf-8"))


def changed(block: str, **values: Any) -> dict[str, Any]:
    data = copy.deepcopy(DECISION)
    data[block] |= values
    return data


@pytest.mark.parametrize("code", codes())
def test_every_regulation_loads_and_bears_the_name_of_its_folder(code: str) -> None:
    law = regulation_in_force(code)
    assert law.code == code == f"{law.since:%Y-%m}"
    assert sum(criterion.most for criterion in law.general.criteria) == law.points.general_max


def test_the_newest_regulation_not_after_the_period_is_in_force() -> None:
    assert {regulation_in_force(p).code for p in ("2026-01", "2026-Q4", "2031")} == {"2026-01"}
    with pytest.raises(LibraryError, match="Chưa có quy định nào"):
        regulation_in_force("2019-12")
    with pytest.raises(PeriodError):
        regulation_in_force("2026-13")


def test_every_group_has_exactly_one_regulation() -> None:
    assert [group for group in Group if LAW.scores(group)] == [Group.CIVIL_SERVANT]
    assert all(LAW.route(group) for group in Group)


def test_the_catalogue_has_the_products_of_the_trade() -> None:
    assert len(LAW.works) >= 25
    found = [LAW.works_by_code[code].coef for code in ("KT01", "TD01", "TD04")]
    assert found == [50, 100, 300]


def test_a_regulation_may_turn_a_check_down() -> None:
    data = changed("severity", DIEM_DONG_LOAT="note")
    quieter = regulation_from(data, LAW.forms, LAW.rubrics)
    assert quieter.severity("DIEM_DONG_LOAT", Severity.MUST_EXPLAIN) is Severity.NOTE
    assert quieter.severity("TONG_LECH", Severity.MUST_FIX) is Severity.MUST_FIX


REFUSED = {
    "parts of 100": (changed("points", results_max="65"), "95, không phải 100"),
    "three decimals": (changed("points", general_max="30.001"), "hai chữ số thập phân"),
    "rising thresholds": (changed("grades", HTNV="75"), "giảm dần"),
    "an unknown reading": (changed("cap", denominator="ANY"), "ANY"),
    "a group twice": (changed("routed", cong_chuc="x"), "Công chức"),
    "an unknown severity": (changed("severity", X="loud"), "loud"),
    "no thresholds": ({k: v for k, v in DECISION.items() if k != "grades"}, "grades"),
    "a code twice": (DECISION | {"work": DECISION["work"] + DECISION["work"][:1]}, "TD01"),
    "no date": (DECISION | {"since": "2026-01-01"}, "phải là ngày"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_regulation_that_contradicts_itself_is_refused(name: str) -> None:
    data, word = REFUSED[name]
    with pytest.raises(RegulationError, match=word):
        regulation_from(data, LAW.forms, LAW.rubrics)


def test_a_rubric_whose_parts_do_not_add_up_is_refused_with_the_figure() -> None:
    data = copy.deepcopy(RUBRIC)
    data["group"][0]["criterion"][0]["max"] = "4.5"
    with pytest.raises(RubricError, match=r"nhóm I”: .* 9,50 điểm, tổng ghi là 10,00"):
        rubric_from(data)
    with pytest.raises(RubricError, match=r"30,00 điểm, tổng ghi là 35,00"):
        rubric_from(RUBRIC | {"max": "35"})


def test_a_rubric_without_a_column_in_the_form_is_refused() -> None:
    data = copy.deepcopy(RUBRIC)
    data["group"][0]["criterion"][0]["field"] = "c99"
    with pytest.raises(RegulationError, match="c99"):
        regulation_from(DECISION, LAW.forms, {"month": rubric_from(data)})


def shelf(tmp_path: Path, **texts: str) -> Path:
    shutil.copytree(SHELF / "2026-01", tmp_path / "2026-01")
    for name, text in texts.items():
        (tmp_path / "2026-01" / f"{name.replace('__', '/')}.toml").write_text(text, "utf-8")
    return tmp_path


def test_a_broken_file_on_the_shelf_is_named(tmp_path: Path) -> None:
    folder = shelf(tmp_path, rubrics__month="title = ")
    with pytest.raises(LibraryError, match=r"rubrics/month\.toml không phải TOML"):
        regulation_in_force("2026-10", folder)


def test_a_rubric_that_lacks_a_key_is_named(tmp_path: Path) -> None:
    folder = shelf(tmp_path, rubrics__month='rubric = "month"\n')
    with pytest.raises(LibraryError, match=r"month\.toml thiếu mục 'title'"):
        regulation_in_force("2026-10", folder)


def test_a_missing_shelf_is_said(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="Không mở được thư mục quy định"):
        regulation_in_force("2026-10", tmp_path / "nowhere")
    with pytest.raises(LibraryError, match="chưa có quy định nào"):
        newest_regulation(tmp_path)
