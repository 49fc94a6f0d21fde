"""The quota of Article 20.5: never exceeded, never decided by name."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from review.quota import Candidate, CapReading, most_excellent, suggest

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
