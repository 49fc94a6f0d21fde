"""Self-criticism, inspection and cases, self-study, attention of leaders, the work programme."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from review.attention import Attention, Setup, careless, silent
from review.brief import ProgrammeTask, TaskStatus
from review.criticism import Meeting, open_remedies, to_pursue
from review.evidence import Measure
from review.inspection import Matter, MatterKind, late_ones, not_held, repeated, timely
from review.marked_low import Asked, Marked
from review.plans import PlanKind
from review.roll import RollEntry, RollState
from review.self_assessment import Weakness
from review.self_training import Study, behind, without_plan
from review.workplan import above_of, stuck, traced
from tests.plan_makers import RULES, YEAR_END, cadre, figures, ground, lines, outcomes

O = RULES.oversight  # noqa: E741
CHECKS, STUDY, WORK = PlanKind.INSPECTION, PlanKind.SELF_TRAINING, PlanKind.PROGRAMME
STAFF = [cadre(f"A-0{n}") for n in range(1, 5)]
MET = date(2026, 9, 1)


def meeting(**other: object) -> Meeting:
    usual = {"unit": "A", "held": MET, "minutes": "03/BB", "persons": 3, "conclusion": "Đạt"}
    return Meeting(**{**usual, "remedy": "Phân công lại", **other})  # type: ignore[arg-type]


def test_a_remedy_is_open_until_the_day_it_was_done_and_its_age_is_in_days() -> None:
    done = meeting(finished=date(2026, 12, 31))
    assert [one.age for one in open_remedies([meeting()], YEAR_END)] == [121]
    assert open_remedies([done], YEAR_END) == () and open_remedies([done], date(2026, 12, 30))
    assert open_remedies([meeting(remedy="")], YEAR_END) == ()


def test_a_remedy_is_pursued_past_its_due_day_or_past_the_limit_without_one() -> None:
    assert to_pursue([meeting(due=date(2026, 12, 31))], YEAR_END, O) == ()
    assert to_pursue([meeting(due=date(2026, 12, 30))], YEAR_END, O)[0].late == 1
    assert to_pursue([meeting()], date(2026, 11, 30), O) == ()  # 90 days
    assert to_pursue([meeting()], date(2026, 12, 1), O)


def test_who_was_reviewed_never_exceeds_who_should_be() -> None:
    met = [meeting(), meeting(persons=9, minutes="04/BB")]
    found = figures(ground(cadres=STAFF, meetings=met), kind=CHECKS)
    assert found["TU_KIEM_DIEM"].value == 10000
    assert found["KHAC_PHUC_MO"].value == 2 and found["TUOI_KHAC_PHUC"].value == 121
    three = ground(cadres=STAFF, meetings=[meeting(), meeting()])
    assert figures(three, kind=CHECKS)["TU_KIEM_DIEM"].value == 7500, "the same three, twice"
    assert lines(three, CHECKS)["TU_KIEM_DIEM"].line.quantity == 1
    assert "TU_KIEM_DIEM" not in figures(ground(sheets=()), kind=CHECKS)


def test_the_middle_age_of_all_units_is_that_of_their_remedies_together() -> None:
    days = (date(2026, 12, 30), date(2026, 12, 21), date(2026, 8, 3))  # 1, 10 and 150 days
    units = [ground(f"{n}", meetings=[meeting(held=day)]) for n, day in enumerate(days)]
    assert figures(*units, kind=CHECKS)["TUOI_KHAC_PHUC"].value == 10


def matter(kind: MatterKind = MatterKind.CASE, **other: object) -> Matter:
    usual = {"unit": "A", "content": "Đơn phản ánh", "opened": date(2026, 12, 1)}
    return Matter(kind=kind, **{**usual, **other})  # type: ignore[arg-type]


def test_a_case_is_timely_late_or_not_yet_known() -> None:
    assert timely(matter(closed=date(2026, 12, 31)), YEAR_END, O) is True  # 30 days
    assert timely(matter(), YEAR_END, O) is None
    assert timely(matter(opened=date(2026, 11, 30)), YEAR_END, O) is False
    assert timely(matter(MatterKind.SURPRISE), YEAR_END, O) is None
    assert late_ones([matter(opened=date(2026, 11, 30))], YEAR_END, O)
    assert late_ones([matter(opened=date(2026, 1, 1), closed=date(2026, 6, 1))], YEAR_END, O) == ()


def test_an_inspection_whose_day_has_passed_was_not_held() -> None:
    due = matter(MatterKind.PLANNED, opened=None, planned=date(2026, 12, 31))
    assert not_held([due], YEAR_END) and not_held([due], date(2026, 12, 30)) == ()
    held = replace(due, opened=date(2026, 12, 20), content="Phòng Văn hóa")
    found = figures(ground(matters=[due, held, matter()]), kind=CHECKS)
    assert found["KIEM_TRA"].value == 5000 and found["VU_VIEC"].value is None
    assert found["UON_NAN"].value is None


def test_a_late_case_and_a_late_fault_are_lines_of_their_own() -> None:
    opened = date(2026, 10, 1)
    case, fault = matter(opened=opened), matter(MatterKind.FAULT, content="Sai", opened=opened)
    found = lines(ground(matters=[case, fault]), CHECKS)
    assert [change.measure for change in found.values()] == ["UON_NAN", "VU_VIEC"]


def test_a_line_is_done_when_the_report_shows_the_deed() -> None:
    """Not when its cause is no longer told of."""
    open_case = matter(opened=date(2026, 10, 1))
    (change,) = lines(ground("A", "2026-Q4", matters=[open_case]), CHECKS).values()

    def after(*matters: Matter) -> str:
        later = ground("A", "2027-Q1", matters=matters, lines=[change.line])
        return outcomes(later, CHECKS)[change.line.key].outcome

    assert after() == "unknown"
    assert after(replace(open_case, closed=date(2027, 2, 1))) == "done"
    assert after(open_case) == "not_done"


def test_the_same_fault_twice_in_one_unit_is_repeated_however_it_is_spelt() -> None:
    first = matter(MatterKind.FAULT, content="Thiếu  minh chứng", closed=date(2026, 12, 5))
    second = replace(first, content="thiếu minh chứng", opened=date(2026, 12, 20))
    elsewhere = replace(second, unit="B")
    assert [len(some) for some in repeated([first, second, elsewhere], O)] == [2]
    assert len(repeated([replace(elsewhere, again=True)], O)) == 1


def test_more_of_one_topic_does_not_make_up_for_another() -> None:
    studies = [
        Study("A-01", "A", "Luật", 10, 20),
        Study("A-01", "A", "Tin học", 10, 4, cell="S12!F6"),
    ]
    (one,) = behind(studies, O)
    assert (one.share, [t.topic for t in one.topics]) == (7000, ["Tin học"])
    found = figures(ground(cadres=STAFF[:2], studies=studies), kind=STUDY)
    assert found["TU_HOC"].value == 7000 and found["TU_HOC"].evidence[0].cell == "S12!F6"
    assert found["KHONG_KE_HOACH"].value == 1
    assert [c.code for c in without_plan([cadre("A-02")], studies)] == ["A-02"]


def test_low_marks_of_conduct_ask_for_a_plan_of_ones_own() -> None:
    def marks(code: str, got: int) -> list[Marked]:
        asked = (Asked("c1", 500, "I.1 Phẩm chất", "S4!E"),)
        return [Marked(code, (got,), asked, 6, "2026-10", YEAR_END)]

    one = ground(cadres=STAFF, marks=[*marks("A-01", 349), *marks("A-02", 350)])
    (change,) = [c for key, c in lines(one, STUDY).items() if key.startswith("PHAM_CHAT")]
    assert change.line.subject == "A-01" and change.evidence[1].cell == "S4!E6"
    assert figures(one, kind=STUDY)["PHAM_CHAT"].value == 6990


def told(period: str, meetings: int = 0, documents: int = 0) -> Attention:
    return Attention("A", "A-01", "Lò Văn Inh", period, 1, meetings, documents, cell="S1b!E6")


def test_two_silent_quarters_running_are_told_and_a_word_between_breaks_them() -> None:
    rules = RULES.attention
    assert len(silent([told("2026-Q2"), told("2026-Q1")], rules)) == 1
    assert silent([told("2026-Q1"), told("2026-Q2", documents=1)], rules) == ()
    assert silent([told("2026-Q1")], rules) == ()


def entry(period: str, state: RollState, late: int = 0) -> RollEntry:
    due = datetime(2026, 11, 5, 10, tzinfo=UTC)
    received = state is not RollState.MISSING
    return RollEntry("A", period, due, state, received=received, late_days=late)


def test_units_that_do_not_care_are_known_by_their_rolls() -> None:
    rules = RULES.attention
    late = [entry("2026-01", RollState.ACCEPTED, 2), entry("2026-02", RollState.MISSING)]
    assert [one.says for one in careless(late, rules)] == ["2 kỳ nộp muộn hoặc không nộp"]
    assert careless(late[:1], rules) == ()
    nil = [entry(f"2026-0{n}", RollState.NIL) for n in (1, 2, 3)]
    assert len(careless(nil, rules)) == 1 and careless(nil[:2], rules) == ()
    one = ground(entries=late)
    assert figures(one, kind=WORK)["DUNG_HAN"].alarm and "DUNG_HAN" in lines(one, WORK)


def test_a_unit_without_council_or_officer_is_named() -> None:
    named = ground("A", setups=[Setup("A", True, "Phòng VH-XH", "A-01")])
    bare = ground("B", setups=[Setup("B", True, "", "")])
    found = figures(named, bare, kind=PlanKind.STRUCTURE)["BO_MAY"]
    assert found.value == 1 and found.evidence[0].subject == "B"
    assert "BO_MAY" in lines(bare, PlanKind.STRUCTURE)


def test_a_leader_who_spoke_has_done_what_the_plan_asked() -> None:
    quiet = [told("2026-Q1"), told("2026-Q2")]
    (change,) = lines(ground("A", "2026-H1", attention=quiet), WORK).values()
    later = ground("A", "2026-H2", attention=[told("2026-Q3", 2)], lines=[change.line])
    seen = outcomes(later, WORK)[change.line.key]
    assert seen.outcome == "done" and "2 cuộc họp" in seen.says


def line(code: str, period: str, parent: str = "", **other: object) -> ProgrammeTask:
    usual = {"content": "Việc", "product": "Kế hoạch", "owner": "A-01", "due": YEAR_END}
    values = {**usual, **other}
    return ProgrammeTask("A", period, code, parent=parent, **values)  # type: ignore[arg-type]


HIGHER = [line("K1", "2026..2030"), line("N1", "2026", "K1"), line("Q1", "2026-Q4", "N1")]


def test_a_month_line_is_traced_through_quarter_and_year_to_the_term() -> None:
    above = above_of(HIGHER)
    assert [t.code for t in traced(line("T1", "2026-10", "Q1"), above)] == ["Q1", "N1", "K1"]
    assert traced(line("T2", "2026-10", "khong-co"), above) == ()
    ring = above_of([line("X", "2026", "Y"), line("Y", "2026", "X")])
    assert len(traced(line("T3", "2026-10", "X"), ring)) == 2


def test_lines_without_product_owner_or_day_are_not_concrete() -> None:
    tasks = [line("T1", "2026-10", "Q1"), line("T2", "2026-10", "Q1", product="", due=None)]
    found = programme(tasks)
    assert found["CU_THE"].value == 8000  # one of five
    assert "thiếu sản phẩm, hạn" in found["CU_THE"].evidence[0].says
    assert found["TRUY_LEN"].value == 10000
    assert found["PHU_KIN"].value == 0


def programme(tasks: list[ProgrammeTask]) -> dict[str, Measure]:
    return figures(ground(period="2026..2030", tasks=tasks, higher=HIGHER), kind=WORK)


def test_a_line_of_a_quarter_that_no_month_works_on_is_left_lying() -> None:
    loose = [line("T1", "2026-10")]
    assert programme(loose)["PHU_KIN"].value == 1 and programme(loose)["TRUY_LEN"].value == 6667
    done = [replace(HIGHER[2], status=TaskStatus.DONE)]
    found = figures(ground(tasks=loose, higher=done), kind=WORK)
    assert found["PHU_KIN"].value == 0, "what is done need not be handed down"


def test_lines_that_lack_the_same_are_one_line_of_the_plan() -> None:
    tasks = [line("T1", "2026-10"), line("T2", "2026-11"), line("T2", "2026-10", carried=0)]
    over = [replace(tasks[0], code="T3", status=TaskStatus.DONE)]
    found = lines(ground(tasks=[*tasks, *over], higher=HIGHER), WORK)["TRUY_LEN"]
    assert found.line.quantity == 2 and len(found.evidence) == 2, "T3 is over, T2 stands once"


def test_a_weakness_said_to_be_left_becomes_a_line_of_the_next_term() -> None:
    told_so = Weakness("A", "W3", "Sơ kết chưa được coi trọng", "con_nhieu", "", "Đưa vào CTCT")
    one = ground(period="2026..2030", weaknesses=[told_so, replace(told_so, code="W1", level="")])
    (change,) = lines(one, WORK).values()
    assert (change.line.key, change.line.content) == ("HAN_CHE:W3", "Đưa vào CTCT")
    assert change.line.period == "2031..2035"


def test_a_line_carried_too_often_is_stuck_until_it_ends() -> None:
    often = line("T1", "2026-10", carried=3)
    assert stuck([often, line("T2", "2026-10", carried=2)], RULES.programme) == (often,)
    assert stuck([replace(often, status=TaskStatus.DONE)], RULES.programme) == ()
