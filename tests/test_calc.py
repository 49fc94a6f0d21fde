"""`tdkt calc`: every golden vector, and what is said of a case that makes no sense."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.library import newest_regulation
from cli.calc import calc
from cli.main import main
from review.calc import GROUPS, answer

# A copy of the project's golden vectors, so that a clone alone can be tested.
VECTORS = json.loads((Path(__file__).parent / "scoring_vectors.json").read_text("utf-8"))
LAW = newest_regulation()
NAN = float("nan")


def result(group: str, **given: Any) -> dict[str, Any]:
    found = answer({"id": "x", "group": group, "input": given}, LAW)
    return found.get("expected", found)


@pytest.mark.parametrize("vector", VECTORS["vectors"], ids=lambda vector: vector["id"])
def test_every_golden_vector(vector: dict[str, Any]) -> None:
    found = answer(vector, LAW)
    assert found["id"] == vector["id"]
    assert {key: found["expected"][key] for key in vector["expected"]} == vector["expected"]


def test_the_vectors_touch_every_group() -> None:
    assert {vector["group"] for vector in VECTORS["vectors"]} == set(GROUPS)


def test_the_shared_vectors_are_the_ones_tested_here() -> None:
    shared = Path("/work/shared/scoring_vectors.json")
    if not shared.exists():
        pytest.skip("the project's shared folder is not on this machine")
    assert json.loads(shared.read_text("utf-8")) == VECTORS


def task(**values: Any) -> dict[str, Any]:
    return {"coef": 1, "assigned": 4, "done": 4} | values


STAFF = {"role": "staff", "general_score": "30"}
LEADER = {"role": "leader", "general_score": "30", "tasks": [task()]}
GATE = {"n_hoan_thanh": 1, "n_ldtt": 1, "n_cstdcs": 1, "n_ky_luat_canh_cao": 0}

SENSELESS = {
    "no role": ("person_period", {"general_score": "30", "tasks": [task()]}, "thiếu “role”"),
    "unknown role": ("person_period", STAFF | {"role": "boss", "tasks": [task()]}, "boss"),
    "neither tasks nor percent": ("person_period", STAFF, "đúng một trong"),
    "both": ("person_period", STAFF | {"tasks": [], "percent": {}}, "đúng một trong"),
    "general above 30": ("person_period", STAFF | {"general_score": "30.01"}, "vượt mức tối đa 30"),
    "no general": ("person_period", {"role": "staff", "tasks": [task()]}, "general_score"),
    "negative coef": ("person_period", STAFF | {"tasks": [task(coef=-1)]}, "số âm"),
    "negative done": ("person_period", STAFF | {"tasks": [task(done=-1)]}, "tasks[0].done"),
    "NaN": ("person_period", STAFF | {"tasks": [task(coef=NAN)]}, "không phải là số"),
    "infinity": ("person_period", STAFF | {"tasks": [task(coef="Infinity")]}, "không phải là số"),
    "bool": ("person_period", STAFF | {"tasks": [task(done=True)]}, "không phải là số"),
    "half a product": ("person_period", STAFF | {"tasks": [task(done=2.5)]}, "số nguyên"),
    "decimal comma": ("person_period", STAFF | {"general_score": "27,5"}, "ví dụ đúng"),
    "tasks no list": ("person_period", STAFF | {"tasks": {"coef": 1}}, "phải là danh sách"),
    "task no object": ("person_period", STAFF | {"tasks": [1]}, "đối tượng JSON"),
    "more faulty than done": (
        "person_period",
        STAFF | {"tasks": [task(quality_faults=[{"qty": 5, "times": 1}])]},
        "chỉ có 4 sản phẩm",
    ),
    "leader without terms": ("person_period", LEADER, "percent_dde"),
    "a term of 75": (
        "person_period",
        LEADER | {"percent_dde": {"d": 75, "dd": 100, "e": 50}},
        "chỉ nhận 100 hoặc 50",
    ),
    "staff with terms": (
        "person_period",
        STAFF | {"tasks": [task()], "percent_dde": {"d": 100, "dd": 100, "e": 100}},
        "chỉ dành cho lãnh đạo",
    ),
    "unknown disqualifier": (
        "person_period",
        STAFF | {"tasks": [task()], "disqualifiers": ["XYZ"]},
        "KY_LUAT_CONG_VU",
    ),
    "thirteen months": ("person_year", {"monthly": ["80"] * 13}, "13 tháng"),
    "no month": ("person_year", {"monthly": []}, "0 tháng"),
    "month of 101": ("person_year", {"monthly": ["101"]}, "monthly[0]"),
    "unknown rule": ("person_year", {"monthly": ["80"], "rule": "MEDIAN"}, "MEAN_OF_QUARTERS"),
    "unknown reading": ("cap", {"cap_denominator": "ANY", "n_good_or_better": 9}, "GOOD_ONLY"),
    "percent of 120": ("cap", {"cap_percent": 120, "n_good_or_better": 9}, "vượt mức tối đa 100"),
    "more excellent than good": (
        "cap",
        {"n_good_or_better": 3, "n_at_least_90": 4},
        "nhiều hơn “n_good_or_better”",
    ),
    "all rated unknown": (
        "cap",
        {"cap_denominator": "ALL_RATED", "n_good_or_better": 3},
        "n_rated",
    ),
    "no base": ("cluster", {}, "thiếu “base”"),
    "negative bonus": ("cluster", {"base": 1, "bonuses": [{"points": -1}]}, "số âm"),
    "times no list": ("unit_factor", {"times": 3}, "phải là danh sách"),
    "negative times": ("unit_factor", {"times": [-1]}, "số âm"),
    "results of 71": ("agency_year", {"general": 30, "results": 71}, "vượt mức tối đa 70"),
    "nobody managed": ("leader_dde", {"subordinate_scores": []}, "không có ai"),
    "unknown sex": ("retirement", {"sex": "X", "birth": "1970-01-01"}, "chọn M hoặc F"),
    "30 February": ("retirement", {"sex": "M", "birth": "1970-02-30"}, "không phải ngày"),
    "no period": ("report_window", {"period": "month 2026-13"}, "2026-13"),
    "another cadence": ("report_window", {"period": "year 2026-10"}, "không phải loại kỳ"),
    "empty period": ("report_window", {"period": ""}, "kỳ"),
    "nobody": ("title", GATE | {"n": 0, "unit_grade": "HTXSNV"}, "từ 1 trở lên"),
    "unknown grade": ("title", GATE | {"n": 1, "unit_grade": "A"}, "HTXSNV"),
    "no grade": ("title", GATE | {"n": 1}, "unit_grade"),
}


@pytest.mark.parametrize("name", SENSELESS)
def test_a_senseless_case_is_answered_with_what_is_wrong(name: str) -> None:
    group, given_, word = SENSELESS[name]
    found = answer({"id": name, "group": group, "input": given_}, LAW)
    assert set(found) == {"id", "error"}
    assert word in found["error"]


@pytest.mark.parametrize(
    "case", [None, 1, "x", [], {}, {"id": 1}, {"group": "cap"}, {"group": "x", "input": {}}]
)
def test_what_is_no_case_is_answered_too(case: Any) -> None:
    assert "error" in answer(case, LAW)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=6,
)
KEYS = sorted({key for vector in VECTORS["vectors"] for key in vector["input"]})


@given(st.sampled_from(VECTORS["vectors"]), st.sampled_from(KEYS), json_values)
@settings(max_examples=300, deadline=None)
def test_no_input_brings_it_down(vector: dict[str, Any], key: str, value: Any) -> None:
    broken = vector | {"input": vector["input"] | {key: value}}
    assert set(answer(broken, LAW)) in ({"id", "expected"}, {"id", "error"})


def test_numbers_may_be_integers_floats_or_strings() -> None:
    totals = {
        result("person_period", **STAFF, tasks=[task(coef=coef, assigned=assigned)])["total"]
        for coef, assigned in ((0.5, 5), ("0.5", "5"), ("0.500", 5.0), (5e-1, "5.0"))
    }
    assert totals == {"86.00"}


def test_a_coefficient_of_zero_weighs_nothing() -> None:
    light = result("person_period", **STAFF, tasks=[task(coef=0, done=0), task()])
    none = result("person_period", **STAFF, tasks=[task(coef=0)])
    assert light["total"] == "100.00"
    assert (none["status"], none["flags"]) == ("INSUFFICIENT_DATA", ["CAN_XAC_NHAN"])


def test_an_unknown_general_score_is_missing_and_not_zero() -> None:
    found = result("person_period", role="staff", general_score=None, tasks=[task()])
    assert (found["status"], found["total"]) == ("INSUFFICIENT_DATA", None)


def test_the_cap_per_line_is_a_switch() -> None:
    tasks = [task(assigned=10, done=12), task(assigned=10, done=8)]
    kept = [
        result("person_period", **STAFF, tasks=tasks, cap_per_line=switch)["a"]
        for switch in (False, True)
    ]
    assert kept == ["100.00", "90.00"]


def test_a_disqualifier_for_leaders_leaves_staff_alone() -> None:
    found = result(
        "person_period", **STAFF, tasks=[task()], disqualifiers=["DON_VI_THAM_NHUNG_LANG_PHI"]
    )
    assert found["grade"] == "HTXSNV"


def test_a_managed_person_without_a_score_leaves_d_open() -> None:
    assert result("leader_dde", subordinate_scores=["80", None])["d"] is None
    assert result("leader_dde", subordinate_scores=["49.99", None])["d"] == "50"


def test_a_title_says_every_condition_that_failed() -> None:
    counts = GATE | {"n": 3, "n_hoan_thanh": 3, "n_ldtt": 2, "n_cstdcs": 0, "unit_grade": "HTTNV"}
    found = result("title", **counts)
    assert not found["eligible"]
    assert found["reason"] == "XEP_LOAI HTTNV < HTXSNV; LDTT 66.66% < 70%; CSTDCS 0 < 1"


def run(*args: str, given_: str | bytes = "") -> Result:
    return CliRunner().invoke(calc, list(args), input=given_)


def test_the_command_answers_the_vectors_in_order_with_exit_0() -> None:
    ran = run("--json", str(Path(__file__).parent / "scoring_vectors.json"))
    assert ran.exit_code == 0
    assert [a["id"] for a in json.loads(ran.stdout)] == [v["id"] for v in VECTORS["vectors"]]


def test_one_senseless_case_is_exit_1_and_the_others_are_computed() -> None:
    cases = [{"id": 1}, {"id": 2, "group": "unit_factor", "input": {"times": [1]}}]
    ran = run("-", given_=json.dumps(cases))
    assert ran.exit_code == 1
    assert [sorted(a) for a in json.loads(ran.stdout)] == [["error", "id"], ["expected", "id"]]


def test_a_single_case_and_an_empty_list_are_fine() -> None:
    one = run("-", given_='{"id": "a", "group": "unit_factor", "input": {"times": []}}')
    assert json.loads(one.stdout) == [{"id": "a", "expected": {"factor": []}}]
    none = run("-", given_="[]")
    assert (none.exit_code, json.loads(none.stdout)) == (0, [])


UNREADABLE = {
    "empty": b"",
    "cut off": b'[{"id": 1',
    "another encoding": "“Mường Kim”".encode("utf-16"),
    "endless nesting": b"[" * 100_000,
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_an_unreadable_file_is_exit_2_in_vietnamese(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "cases.json"
    path.write_bytes(UNREADABLE[name])
    with pytest.raises(SystemExit) as ended:
        main(["calc", str(path)])
    said = capsys.readouterr()
    assert (ended.value.code, said.out) == (2, "")
    assert "Cần một tệp JSON" in said.err


@pytest.mark.parametrize(
    ("args", "word"), [(["khong-co.json"], "không có tệp"), (["."], "thư mục")]
)
def test_a_file_that_is_not_there_is_exit_2(
    args: list[str], word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["calc", *args])
    assert ended.value.code == 2
    assert word in capsys.readouterr().err


def test_a_number_without_end_is_a_senseless_case_and_not_a_crash() -> None:
    ran = run("-", given_='{"id": 1, "group": "cluster", "input": {"base": %s}}' % ("9" * 9000))
    assert ran.exit_code == 1
    assert "dài quá" in json.loads(ran.stdout)[0]["error"]
