"""Plans: results propose, people decide, corrections take back; versions in the book."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from review.evidence import Evidence, Measure
from review.plans import (
    Action,
    ChangeState,
    Decision,
    Outcome,
    PlanKind,
    PlanLine,
    ProposedChange,
    applied,
    cost_lines,
    decided,
    may_be,
    reconciled,
    undone,
)
from review.proposals import FollowedUp
from tdkt_models.base import Book, Stamp
from tdkt_models.plan_lines import keep_version, recall_earlier, recall_lines, recall_versions
from tdkt_models.plan_measures import keep_measures, recall_measures
from tdkt_models.plan_outcomes import keep_outcomes
from tdkt_models.plans import keep_changes, recall_changes

NOW = datetime(2026, 11, 12, 2, tzinfo=UTC)
WHY = Evidence("KT01: chưa đạt", "03637-02", "2026-10", "S3!J9", 149, date(2026, 10, 31))


def line(key: str = "03637-02:BD-HS", **other: object) -> PlanLine:
    usual = {"content": "Kỹ năng thẩm định hồ sơ", "subject": "03637-02", "quantity": 12}
    values = {**usual, "cost": 480_000, "due": date(2026, 11, 30), **other}
    return PlanLine(PlanKind.TRAINING, "2026-11", "03637", key, **values)  # type: ignore[arg-type]


def change(state: ChangeState = ChangeState.PROPOSED, **other: object) -> ProposedChange:
    usual = {"action": Action.ADD, "line": line(), "source": "2026-10", "measure": "LOI"}
    values = {**usual, "says": "2 lần chưa đạt", "evidence": (WHY,), "state": state, **other}
    return ProposedChange(**values)  # type: ignore[arg-type]


REFUSED = change(ChangeState.REFUSED, reason="Đã học năm ngoái", who="Lò Văn Inh")
ACCEPTED = change(ChangeState.ACCEPTED, who="Lò Văn Inh", decided_at=NOW)
OTHER_BASIS = (WHY._replace(score=100),)


def one(known: list[ProposedChange], fresh: list[ProposedChange]) -> ProposedChange:
    (found,) = reconciled(known, fresh)
    return found


def test_the_same_review_again_changes_nothing() -> None:
    for known in (change(), REFUSED, ACCEPTED):
        assert one([known], [change()]) == known


def test_a_correction_withdraws_what_rested_on_it() -> None:
    gone = one([change()], [])
    assert gone.state is ChangeState.TAKEN_BACK and "căn cứ" in gone.reason
    assert one([gone], []) == gone
    assert one([gone], [change()]).state is ChangeState.PROPOSED
    assert one([REFUSED], []) == REFUSED


def test_an_accepted_line_is_not_lost_silently_its_removal_is_proposed() -> None:
    found = one([ACCEPTED], [])
    assert (found.action, found.state) == (Action.REMOVE, ChangeState.PROPOSED)
    assert one([found], []) == found
    back = one([found], [change()])
    assert back == ACCEPTED, "with the name of who had accepted it"
    removed = replace(found, state=ChangeState.ACCEPTED)
    assert one([removed], [change()]).state is ChangeState.PROPOSED


def test_what_was_refused_comes_again_only_on_another_basis() -> None:
    again = one([REFUSED], [change(evidence=OTHER_BASIS)])
    assert again.state is ChangeState.PROPOSED and "Đã học năm ngoái" in again.reason


def test_an_accepted_line_with_another_content_is_a_change_to_decide() -> None:
    more = one([ACCEPTED], [change(line=line(quantity=24))])
    assert (more.action, more.state) == (Action.CHANGE, ChangeState.PROPOSED)
    assert one([more], []).action is Action.REMOVE
    assert one([ACCEPTED], [change(evidence=OTHER_BASIS)]).state is ChangeState.ACCEPTED


def test_a_change_that_waits_is_accepted_by_no_second_review() -> None:
    other = change(line=line(quantity=24))
    waits = one([ACCEPTED], [other])
    for plan in ((), (line(),)):
        assert reconciled([waits], [other], plan) == (waits,)
    refused = replace(
        waits, state=ChangeState.REFUSED, reason="Không đủ kinh phí", who="Sùng A Chu"
    )
    assert reconciled([refused], [other], [line()]) == (refused,)


def test_a_line_that_comes_back_to_what_stands_is_theirs_who_accepted_it() -> None:
    waits = one([ACCEPTED], [change(line=line(quantity=24))])
    assert reconciled([waits], [change()], [line()]) == (ACCEPTED,)
    still = reconciled([waits], [change(line=line(quantity=30))], [line()])[0]
    assert (still.action, still.state) == (Action.CHANGE, ChangeState.PROPOSED)
    assert reconciled([still], [change()], [line()]) == (ACCEPTED,)


def test_a_refusal_needs_a_reason_and_a_name() -> None:
    with pytest.raises(ValueError, match="lý do"):
        Decision(ChangeState.REFUSED, "Lò Văn Inh", NOW, " ")
    with pytest.raises(ValueError, match="--by"):
        Decision(ChangeState.ACCEPTED, "", NOW)


def test_a_decision_can_be_taken_back_and_only_a_decision() -> None:
    back = decided(ACCEPTED, Decision(ChangeState.TAKEN_BACK, "Lò Văn Inh", NOW))
    assert (back.state, back.who) == (ChangeState.PROPOSED, "")
    assert may_be(ACCEPTED, ChangeState.TAKEN_BACK) and not may_be(change(), ChangeState.TAKEN_BACK)
    assert may_be(change(), ChangeState.ACCEPTED) and not may_be(REFUSED, ChangeState.ACCEPTED)


def test_undoing_gives_back_what_stood_before() -> None:
    was, now = line(quantity=8), line()
    added = applied({}, [change()])
    assert added == {now.place: now} and undone(added, [change()], {}) == {}
    gone = applied(added, [change(action=Action.REMOVE)])
    assert gone == {} and undone(gone, [change(action=Action.REMOVE)], {now.place: was}) == {
        now.place: was
    }


def test_costs_add_up_by_content() -> None:
    lines = [line(), line("x", cost=20_000), line("y", content="Khác", cost=900_000)]
    assert cost_lines(lines) == (("Khác", 1, 900_000), ("Kỹ năng thẩm định hồ sơ", 2, 500_000))


@pytest.mark.parametrize("word", ["dao_tao", "dao-tao", "KH-ĐTBD", "training"])
def test_a_plan_is_known_by_its_word_or_its_short_name(word: str) -> None:
    assert PlanKind.parse(word) is PlanKind.TRAINING


def test_an_unknown_plan_names_those_there_are() -> None:
    with pytest.raises(ValueError, match="quy_hoach"):
        PlanKind.parse("ke-hoach")


def test_changes_come_back_as_they_were_kept(book: Book, stamp: Stamp) -> None:
    kept = [change(), replace(REFUSED, line=line("z"), decided_at=NOW)]
    with book.writing() as conn:
        keep_changes(conn, kept, stamp, source="2026-10", units=["03637"])
        keep_changes(conn, kept, stamp, source="2026-10", units=["03637"])
    with book.reading() as conn:
        found = recall_changes(conn, PlanKind.TRAINING, "2026-11")
        by_source = recall_changes(conn, PlanKind.TRAINING, "2026-10", either=True)
    assert [replace(one, id=None) for one in found] == kept
    assert by_source == found
    with book.writing() as conn:
        keep_changes(conn, kept[:1], stamp, source="2026-10", units=["03637"])
        assert len(recall_changes(conn, source="2026-10")) == 1


def test_each_version_can_be_read_again(book: Book, stamp: Stamp) -> None:
    kind, first, second = PlanKind.TRAINING, line(), line("x")
    with book.writing() as conn:
        assert keep_version(conn, kind, "2026-11", [first], "An", "", stamp) == 1
        assert keep_version(conn, kind, "2026-11", [first, second], "An", "", stamp) == 2
        assert keep_version(conn, kind, "2026-11", [replace(first, cost=1)], "Bình", "", stamp) == 3
    with book.reading() as conn:
        by_version = [recall_lines(conn, kind, "2026-11", n) for n in (1, 2, 3)]
        assert by_version == [[first], [first, second], [replace(first, cost=1)]]
        assert recall_lines(conn, kind, "2026-11") == by_version[2]
        assert [v.who for v in recall_versions(conn, kind, "2026-11")] == ["An", "An", "Bình"]
        assert recall_earlier(conn, kind, "2026-11") == {first.place: first, second.place: second}


def test_what_came_of_a_line_is_told_by_who_saw_most(book: Book, stamp: Stamp) -> None:
    with book.writing() as conn:
        keep_version(conn, PlanKind.TRAINING, "2026-11", [line()], "An", "", stamp)
        for review, outcome in (
            ("2026-Q4", Outcome.DONE),
            ("2026-11", Outcome.NOT_DONE),
            ("2026", Outcome.UNKNOWN),
        ):
            seen = [FollowedUp(line(), outcome, f"theo {review}")]
            keep_outcomes(conn, review, seen, stamp, ["03637"])
        (kept,) = recall_lines(conn, PlanKind.TRAINING, "2026-11")
        assert (kept.outcome, kept.outcome_says) == (Outcome.DONE, "theo 2026-Q4")
        keep_outcomes(conn, "2026-Q4", [], stamp, ["03637"])
        (kept,) = recall_lines(conn, PlanKind.TRAINING, "2026-11")
        assert kept.outcome is Outcome.NOT_DONE and kept == line()
        assert len(recall_versions(conn, PlanKind.TRAINING, "2026-11")) == 1


def test_the_figures_of_a_period_are_replaced_whole(book: Book, stamp: Stamp) -> None:
    first = Measure("TIET", "Số tiết", 1050, "tiết", "…", (WHY,), alarm=True)
    second = Measure("TRONG_24", "Vị trí", 5, "vị trí", "…", low=4, high=8)
    with book.writing() as conn:
        keep_measures(
            conn, "2026-10", {PlanKind.TRAINING: [first], PlanKind.STRUCTURE: [second]}, stamp
        )
        keep_measures(conn, "2026-10", {PlanKind.TRAINING: [first]}, stamp)
        assert recall_measures(conn, "2026-10") == {PlanKind.TRAINING: [first]}
