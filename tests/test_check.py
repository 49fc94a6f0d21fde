"""`tdkt check`: the JSON and exit codes that others script against, and what a person sees."""

from __future__ import annotations

import hashlib
import json
import time
from pathlib import Path
from typing import Any

import pytest

from cli.main import main
from tests.drawer import HOSTILE, PAST_THE_GUARD, Desk

DESK = Desk()


def run(*args: str) -> int:
    with pytest.raises(SystemExit) as done:
        main(["check", *args])
    assert isinstance(done.value.code, int)
    return done.value.code


@pytest.fixture
def report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TDKT_HOME", str(tmp_path / "no office here"))
    return tmp_path / "báo cáo.xlsx"


def answer(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(capsys.readouterr().out)
    return said


def test_an_accepted_file(report: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report.write_bytes(DESK.good())
    assert run(str(report), "--json") == 0
    assert answer(capsys) == {
        "file": str(report),
        "sha256": hashlib.sha256(DESK.good()).hexdigest(),
        "unit": DESK.code,
        "period": "2026-10",
        "form": "thang",
        "verdict": "accepted",
        "findings": [],
        "repairs": [],
    }


def test_a_returned_file(report: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report.write_bytes(DESK.with_cells({("general", "E6"): 6, ("work", "I6"): " 1 "}))
    assert run(str(report), "--json") == 1
    said = answer(capsys)
    assert said["verdict"] == "returned"
    (finding,) = said["findings"]
    assert list(finding) == ["check", "severity", "sheet", "cell", "value", "says", "fix"]
    assert finding["check"] == "VUOT_TOI_DA" and finding["severity"] == "must_fix"
    assert (finding["sheet"], finding["cell"]) == ("S4 Tiêu chí chung", "E6")
    (repair,) = said["repairs"]
    assert repair == {
        "sheet": "S3 Công việc – sản phẩm", "cell": "I6", "from": " 1 ", "to": "1",
        "why": "number_text",
    }  # fmt: skip


def test_a_file_of_another_period(report: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report.write_bytes(DESK.good())
    assert run(str(report), "--json", "--period", "2026-11") == 1
    assert [f["check"] for f in answer(capsys)["findings"]] == ["SAI_KY"]


@pytest.mark.parametrize("name", ["mat khau mo", "o xa XFD1048576", "0 byte"])
def test_an_unreadable_file_is_an_answer(
    name: str, report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report.write_bytes(HOSTILE[name][0](DESK))
    assert run(str(report), "--json") == 1
    said = answer(capsys)
    assert (said["verdict"], said["findings"][0]["check"]) == ("unreadable", HOSTILE[name][1])


def test_a_deadly_file_is_an_answer_within_ten_seconds(
    report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report.write_bytes(PAST_THE_GUARD["o xa giau sau dau cach"](DESK))
    began = time.perf_counter()
    assert run(str(report), "--json") == 1
    assert time.perf_counter() - began < 10
    assert answer(capsys)["verdict"] == "unreadable"


def test_what_cannot_be_checked_ends_with_2(
    report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for args in ([str(report)], [str(report.parent)], [str(report), "--period", "2026-13"]):
        assert run(*args) == 2
        said = capsys.readouterr()
        assert not said.out and "Traceback" not in said.err and said.err.strip()


def test_a_person_sees_what_where_and_how(report: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report.write_bytes(DESK.with_cells({("general", "E6"): 6, ("work", "I6"): "[red] ba"}))
    assert run(str(report)) == 1
    said = capsys.readouterr().out
    assert said.startswith("Trả lại: 2 phải sửa · đơn vị SYT · kỳ 2026-10")
    for word in ("S4 Tiêu chí chung", "E6", "vượt", "I6", "[red] ba"):
        assert word in said
