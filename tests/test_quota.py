"""The quota of Article 20.5: never exceeded, never decided by name."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from channels.library import newest_regulation
from review.quota import SMALL_GROUP, Candidate, CapReading, most_excellent, suggest
from review.quota_lists import QuotaSettings, Rated, draw_lists
from review.scorecard import CardStatus, Scorecard

percents = st.integers(0, 10_000)
candidates = st.lists(
    st.builds(Candidate, st.text("ABC", min_size=3, max_size=6), *[st.integers(90, 94)] * 2),
    max_size=12,
    unique_by=lambda candidate: candidate.code,
)


def test_35_people_give_5_or_7_excellent_by_the_reading() -> None:
    found = [most_excellent(reading, 2000, 35, 35) for reading in CapReading]
    assert found == [5, 7, 7]


@given(st.integers(0, 10_000), percents)
def test_the_moved_down_count_as_good_and_the_share_still_holds(good: int, percent: int) -> None:
    most = most_excellent(CapReading.GOOD_ONLY, percent, good)
    assert most * 10_000 <= percent * (good - most)
    assert (most + 1) * 10_000 > percent * (good - most - 1)


@given(st.sampled_from(list(CapReading)), percents, candidates, st.integers(0, 30))
def test_the_quota_is_never_exceeded_under_any_reading(
    reading: CapReading, percent: int, people: list[Candidate], others: int
) -> None:
    good = len(people) + others
    seats = most_excellent(reading, percent, good, good)
    suggestion = suggest(people, seats)
    assert len(suggestion.chosen) <= seats
    named = [*suggestion.chosen, *suggestion.tied, *suggestion.displaced]
    assert sorted(named) == sorted(person.code for person in people)


@given(candidates, st.integers(0, 12), st.randoms())
def test_neither_order_nor_name_decides(
    people: list[Candidate], seats: int, dice: st.DataObject
) -> None:
    renamed = {person.code: f"{at:02}" for at, person in enumerate(reversed(people))}
    others = [Candidate(renamed[p.code], p.total, p.task_score) for p in people]
    one, other = suggest(people, seats), suggest(others, seats)
    assert {renamed[code] for code in one.chosen} == set(other.chosen)
    assert {renamed[code] for code in one.tied} == set(other.tied)


def test_a_tie_that_the_cut_would_split_is_left_to_a_person() -> None:
    people = [
        Candidate(code, total, 60) for code, total in zip("ABCD", (96, 93, 93, 91), strict=True)
    ]
    suggestion = suggest(people, seats=2)
    assert (suggestion.chosen, suggestion.tied, suggestion.displaced) == (
        ("A",),
        ("B", "C"),
        ("D",),
    )
    assert suggestion.needs_decision


def test_a_tie_that_fits_needs_nobody() -> None:
    people = [Candidate(code, 93, 60) for code in "AB"]
    assert not suggest(people, seats=2).needs_decision
    assert not suggest(people, seats=0).needs_decision


def rated(code: str, unit: str, total: int, duties: str = "") -> Rated:
    grade = newest_regulation().grades.grade_of(total)
    card = Scorecard(
        code, unit, "2026", CardStatus.OK, task_score=0, total=total, provisional=grade, grade=grade
    )
    return Rated(card, duties)


people_of_two_units = st.lists(
    st.tuples(st.sampled_from("AB"), st.sampled_from(("", "x", "y")), st.integers(6800, 9300)),
    max_size=40,
).map(lambda rows: [rated(f"{at:02}", *row[::2], row[1]) for at, row in enumerate(rows)])


@given(people_of_two_units, st.sampled_from(list(CapReading)), st.booleans())
def test_no_list_is_ever_overrun_by_those_who_keep_the_grade(
    people: list[Rated], reading: CapReading, merged: bool
) -> None:
    rules = replace(newest_regulation().cap, reading=reading)
    drawn = draw_lists(people, rules, QuotaSettings(merged=merged))
    kept = set(drawn.excellent)
    for one in drawn.lists:
        unit, _, duties = one.name.partition(" · ")
        members = {
            p.code
            for p in people
            if unit in (p.card.unit, "TOAN_TINH") and (not duties or p.duties == duties)
        }
        assert len(kept & members) <= one.seats
    everyone = [*drawn.excellent, *drawn.ties, *drawn.displaced]
    assert sorted(everyone) == sorted(p.code for p in people if p.excellent)
    assert set(drawn.why) == set(everyone), "every candidate is told why"


def test_two_small_offices_have_no_seat_alone_and_one_when_merged() -> None:
    people = [rated(f"{unit}{n}", unit, 9000 + n) for unit in "AB" for n in range(4)]
    rules = newest_regulation().cap
    alone, merged = draw_lists(people, rules), draw_lists(people, rules, QuotaSettings(merged=True))
    assert alone.excellent == () and all(SMALL_GROUP in one.flags for one in alone.lists)
    assert len(merged.excellent) + len(merged.ties) >= 1


def test_someone_without_a_result_may_still_overtake_and_is_named() -> None:
    people = [rated(f"{n:02}", "A", 9000 + 10 * n) for n in range(12)]
    waiting = Rated(Scorecard("cho", "A", "2026", CardStatus.INSUFFICIENT, low=7000, high=9500))
    (drawn,) = draw_lists([*people, waiting], newest_regulation().cap).lists
    assert drawn.waiting == ("cho",) and set(drawn.unsettled) == set(drawn.chosen)


def test_an_outstanding_unit_may_go_to_a_quarter() -> None:
    people = [rated(f"{n:02}", "A", 9000 + n) for n in range(35)]
    rules = newest_regulation().cap
    usual = draw_lists(people, rules).lists[0].seats
    more = draw_lists(people, rules, QuotaSettings(outstanding=("A",))).lists[0].seats
    assert (usual, more) == (5, 7)
