"""Plans as a story: a month's results propose, a person decides, a correction takes back."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook
from prefect.exceptions import ParameterTypeError

from cli.main import tdkt
from flows.asking import Answer, Question
from flows.planning import (
    LINES,
    RULING,
    PlanChoice,
    Ruling,
    carry_out,
    decide_plan,
    question_of,
)
from review.cadres import Role
from review.plans import (
    Action,
    ChangeState,
    Decision,
    Outcome,
    PlanKind,
    PlanLine,
    ProposedChange,
)
from review.roll import RollState
from review.roster import Roster
from review.units import Unit, UnitKind
from tasks.call_roll import call_roll
from tasks.decide_plans import Choice, Decided, NothingToDecide, decide
from tasks.office import Office
from tasks.propose_plans import propose, told_of_plans
from tasks.reports_at_hand import reports_at_hand
from tasks.roster import keep_roster
from tasks.update_plans import update_plans
from tasks.weigh_plans import weigh_plans
from tdkt_models.audit import recall_audit
from tdkt_models.plan_lines import recall_lines, recall_versions
from tdkt_models.plan_measures import recall_measures
from tdkt_models.plans import recall_changes
from tdkt_models.roll import recall_roll
from tdkt_models.submissions import recall_kept
from tests.plan_makers import cadre
from tests.plan_office import occasion, report, small_office

UNIT = Unit("03637", "Xã Mường Kim", UnitKind.COMMUNE, contacts=("xa@laichau.example",))
OTHER = replace(UNIT, code="03640", name="Xã Khoen On")
PEOPLE = (cadre("03637-01", role=Role.HEAD), cadre("03637-02"), cadre("03640-01"))
FAULTY = {"work": [{
    "cadre": "03637-02", "work": "KT01", "content": "Thẩm định hồ sơ", "assigned": 4, "done": 4,
    "faulty": 2, "fault_times": 1,
}]}  # fmt: skip
KIND, WHO = PlanKind.TRAINING, "Lò Văn Inh"
NOW = datetime(2026, 11, 13, tzinfo=UTC)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return small_office(tmp_path, Roster((UNIT, OTHER), PEOPLE))


def reviewed(office: Office, period: str = "2026-10") -> list[ProposedChange]:
    update_plans.fn(occasion(office, period), ("03637", "03640"))
    with office.book() as book, book.reading() as conn:
        return recall_changes(conn, KIND, source=period)


def say(office: Office, verdict: ChangeState, *ids: int | None, note: str = "") -> Decided:
    decision = Decision(verdict, WHO, NOW, note)
    chosen = Choice(tuple(n for n in ids if n is not None))
    return decide.fn(office, KIND, "2026-11", chosen, decision, "test")


def test_a_fault_becomes_a_line_with_the_cell_that_caused_it(office: Office) -> None:
    report(office, "2026-10", "03637", FAULTY)
    (change,) = reviewed(office)
    assert (change.line.period, change.line.subject) == ("2026-11", "03637-02")
    assert change.line.content == "Kỹ năng thẩm định hồ sơ và trình khen thưởng"
    (why,) = change.evidence
    assert (why.cell, why.on) == ("S3 Công việc – sản phẩm!J6", date(2026, 10, 31))
    assert reviewed(office) == [change], "the same review again changes nothing"


def test_accepted_lines_are_the_next_version_and_can_be_taken_back(office: Office) -> None:
    report(office, "2026-10", "03637", FAULTY)
    (change,) = reviewed(office)
    assert say(office, ChangeState.ACCEPTED, change.id).versions == (("2026-11", 1),)
    with pytest.raises(NothingToDecide, match="Đã chấp nhận"):
        say(office, ChangeState.ACCEPTED, change.id)
    with office.book() as book, book.reading() as conn:
        assert recall_lines(conn, KIND, "2026-11") == [change.line]
        assert [v.who for v in recall_versions(conn, KIND, "2026-11")] == [WHO]
        assert recall_audit(conn, what="plan.accepted")[0].who == WHO
    assert reviewed(office)[0].state is ChangeState.ACCEPTED
    assert say(office, ChangeState.TAKEN_BACK, change.id).versions == (("2026-11", 2),)
    with office.book() as book, book.reading() as conn:
        assert recall_lines(conn, KIND, "2026-11") == []
        assert recall_lines(conn, KIND, "2026-11", version=1) == [change.line]


def test_a_report_replaced_after_it_was_read_is_read_again(office: Office) -> None:
    for unit in ("03637", "03640"):
        report(office, "2026-10", unit, FAULTY)
    units, sheets = ("03637", "03640"), {"work"}
    with office.book() as book:
        with book.reading() as conn:
            read = recall_kept(conn, "2026-10", units, sheets=sheets)
            assert reports_at_hand(conn, "2026-10", units, sheets, read) == read
        report(office, "2026-10", "03637", {"work": [FAULTY["work"][0] | {"faulty": 1}]})
        with book.reading() as conn:
            now = recall_kept(conn, "2026-10", units, sheets=sheets)
            found = reports_at_hand(conn, "2026-10", units, sheets, read)
            assert found == now != read
            assert found[1] is read[1], "the other one is not read again"
            assert reports_at_hand(conn, "2026-10", units, sheets, ()) == now


def test_a_corrected_report_withdraws_what_rested_on_the_old_one(office: Office) -> None:
    report(office, "2026-10", "03637", FAULTY)
    (before,) = reviewed(office)
    mended = {"work": [{**FAULTY["work"][0], "faulty": None, "fault_times": None}]}
    report(office, "2026-10", "03637", mended)
    (after,) = reviewed(office)
    assert (before.state, after.state) == (ChangeState.PROPOSED, ChangeState.TAKEN_BACK)


def test_a_report_replaced_since_it_was_read_is_read_again(office: Office) -> None:
    about, units = occasion(office, "2026-10"), ["03637", "03640"]
    mended = {"work": [{**FAULTY["work"][0], "faulty": None, "fault_times": None}]}
    told = []
    for of_one, of_other in ((FAULTY, FAULTY), (mended, FAULTY), (mended, mended)):
        report(office, "2026-10", "03637", of_one)
        report(office, "2026-10", "03640", of_other)
        with office.book() as book, book.reading() as conn:
            told += recall_kept(conn, "2026-10", units, sheets=told_of_plans(about))
            found = propose(conn, about, units, told[:2])
            assert found == propose(conn, about, units), "read when both had faults"
            assert found == propose(conn, about, units, told[-2:]), "just read"


def test_a_correction_after_acceptance_proposes_the_removal(office: Office) -> None:
    report(office, "2026-10", "03637", FAULTY)
    (change,) = reviewed(office)
    say(office, ChangeState.ACCEPTED, change.id)
    report(office, "2026-10", "03637", {"work": []})
    (after,) = reviewed(office)
    assert (after.action, after.state) == (Action.REMOVE, ChangeState.PROPOSED)
    say(office, ChangeState.ACCEPTED, after.id)
    with office.book() as book, book.reading() as conn:
        assert recall_lines(conn, KIND, "2026-11") == []


def test_what_was_followed_up_shows_in_the_next_period(office: Office) -> None:
    report(office, "2026-10", "03637", FAULTY)
    (change,) = reviewed(office)
    say(office, ChangeState.ACCEPTED, change.id)
    report(office, "2026-11", "03637", FAULTY)
    (again,) = reviewed(office, "2026-11")
    assert again.line.carried == 1 and "lần 1" in again.says
    with office.book() as book, book.reading() as conn:
        assert recall_lines(conn, KIND, "2026-11")[0].outcome is Outcome.NOT_DONE
    report(office, "2026-11", "03637", {"work": []})
    reviewed(office, "2026-11")
    assert came_of_it(office).outcome is Outcome.UNKNOWN, "a month's report tells of no classes"
    held = {"cadre": "03637-02", "kind": "nghiep_vu", "subject": "Thẩm định hồ sơ", "hours": 12}
    held |= {"state": "xong", "course": "BD-HS", "start": date(2026, 11, 20)}
    report(office, "2026-Q4", "03637", {"training": [held]})
    reviewed(office, "2026-Q4")
    line = came_of_it(office)
    assert line.outcome is Outcome.DONE and "20/11/2026" in line.outcome_says
    reviewed(office, "2026-11")
    assert came_of_it(office) == line, "the month held again does not undo what the quarter saw"


def came_of_it(office: Office) -> PlanLine:
    with office.book() as book, book.reading() as conn:
        (line,) = recall_lines(conn, KIND, "2026-11")
        return line


def test_a_unit_that_reported_nothing_is_proposed_nothing(office: Office) -> None:
    report(office, "2026-10", "03637", FAULTY)
    assert {change.line.unit for change in reviewed(office)} == {"03637"}


def test_the_figures_of_the_province_are_kept_with_their_evidence(office: Office) -> None:
    report(office, "2026-10", "03637", FAULTY)
    reviewed(office)
    weigh_plans.fn(occasion(office, "2026-10"))
    with office.book() as book, book.reading() as conn:
        found = {one.code: one for one in recall_measures(conn, "2026-10")[KIND]}
    assert found["NHU_CAU"].value == 1 and found["NHU_CAU"].evidence[0].subject == "03637-02"


def test_the_command_line_decides_and_exports(office: Office, tmp_path: Path) -> None:
    report(office, "2026-10", "03637", FAULTY)
    reviewed(office)

    def run(*words: str) -> str:
        done = CliRunner().invoke(tdkt, ["plan", *words, "--home", office.home])
        assert done.exception is None, done.output
        return done.output

    (shown,) = json.loads(run("diff", "KH-ĐTBD", "2026-10", "--json"))
    assert shown["evidence"][0]["cell"] == "S3 Công việc – sản phẩm!J6"
    run("accept", "dao_tao", "2026-11", "--all", "--by", WHO)
    path = tmp_path / "ke-hoach.xlsx"
    run("show", "dao_tao", "2026-11", "--to", str(path))
    book = load_workbook(path)
    assert book.sheetnames == ["Kế hoạch", "Dự toán", "Căn cứ"]
    said = [str(cell.value) for row in book["Kế hoạch"] for cell in row if cell.value]
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in said and "Xã Mường Kim" in said
    why = [str(cell.value) for row in book["Căn cứ"] for cell in row if cell.value]
    assert any("S3 Công việc – sản phẩm!J6" in text for text in why)


def test_a_refusal_without_a_reason_changes_nothing(office: Office) -> None:
    report(office, "2026-10", "03637", FAULTY)
    (change,) = reviewed(office)
    words = ["plan", "refuse", "dao_tao", "2026-11", str(change.id), "--by", WHO]
    done = CliRunner().invoke(tdkt, [*words, "--home", office.home])
    assert done.exit_code == 2 and "lý do" in done.output
    assert reviewed(office) == [change]


def test_a_unit_ended_after_the_roll_was_called_leaves_it_unless_it_reported(
    office: Office,
) -> None:
    about = occasion(office, "2026-10")
    report(office, "2026-10", "03637", FAULTY)
    assert call_roll.fn(about).units == ("03637", "03640")
    ended = [replace(unit, until=date(2026, 9, 30)) for unit in (UNIT, OTHER)]
    with office.book() as book, book.writing() as conn:
        keep_roster(conn, Roster(tuple(ended), ()), about.stamp)
    assert call_roll.fn(about).units == ("03637",)
    with office.book() as book, book.reading() as conn:
        assert [e.state for e in recall_roll(conn, "2026-10")] == [RollState.ACCEPTED]
        assert recall_audit(conn, what="unit.struck_off")[0].subject == "03640"


def test_the_run_form_decides_as_the_command_does(office: Office) -> None:
    report(office, "2026-10", "03637", FAULTY)
    (change,) = reviewed(office)
    about = occasion(office, "2026-11")
    asked = question_of(about, KIND)
    assert isinstance(asked, Question) and "1 thay đổi chờ quyết định" in asked.matter
    assert f"Dòng {change.id} · Đề xuất · 03637" in asked.facts[0]
    answer = Answer(WHO, "", {RULING: Ruling.ACCEPT, LINES: f" {change.id} "})
    assert carry_out(about, KIND, answer) == {"changes": 1, "versions": {"2026-11": 1}}
    with pytest.raises(NothingToDecide):
        carry_out(about, KIND, answer)
    with pytest.raises(ValueError, match="không phải số dòng"):
        carry_out(about, KIND, replace(answer, given={RULING: Ruling.ACCEPT, LINES: "ba"}))
    with pytest.raises(ParameterTypeError):
        decide_plan.validate_parameters({"kind": PlanChoice.TRAINING, "period": "2026-13"})
