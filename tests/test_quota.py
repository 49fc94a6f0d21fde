"""The quota of Article 20.5: never exceeded, never decided by name."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from channels.library import newest_regulation
from review.quota import SMALL_GROUP, Candidate, CapReading, most_excellent, suggest
from review.quota_cut import Lists, seats_of
from review.quota_lists import Drawn, QuotaSettings, draw_lists
from review.quota_people import People, Rated
from review.scorecard import CardStatus, Grade, Scorecard

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


def waiting(code: str, unit: str, low: int, high: int, duties: str = "") -> Rated:
    card = Scorecard(code, unit, "2026", CardStatus.INSUFFICIENT, low=low, high=high)
    return Rated(card, duties)


def drawn_for(
    people: list[Rated],
    settings: QuotaSettings = QuotaSettings(),
    reading: CapReading = CapReading.GOOD_ONLY,
    choices: tuple[str, ...] = (),
) -> Drawn:
    rules = replace(newest_regulation().cap, reading=reading)
    return draw_lists(People.of(people), rules, settings, choices)


people_of_two_units = st.lists(
    st.tuples(st.sampled_from("AB"), st.sampled_from(("", "x", "y")), st.integers(6800, 9300)),
    max_size=40,
).map(lambda rows: [rated(f"{at:02}", *row[::2], row[1]) for at, row in enumerate(rows)])


A_TIE_IN_A_GROUP = [
    rated("00", "B", 9000),  # level with the tie, outside its group: waits for the choice
    *(rated(f"0{at}", "B", total, "x") for at, total in enumerate((7000,) * 3 + (9000,) * 2, 1)),
]


@given(people_of_two_units, st.sampled_from(list(CapReading)), st.booleans())
@example(A_TIE_IN_A_GROUP, CapReading.GOOD_OR_BETTER, False)
def test_no_list_is_ever_overrun_by_those_who_keep_the_grade(
    people: list[Rated], reading: CapReading, merged: bool
) -> None:
    drawn = drawn_for(people, QuotaSettings(merged=merged), reading)
    kept = set(drawn.excellent)
    for one in drawn.lists:
        unit, _, duties = one.name.partition(" · ")
        members = {
            p.code
            for p in people
            if unit in (p.card.unit, "TOAN_TINH") and (not duties or p.duties == duties)
        }
        assert len(kept & members) <= one.seats
    everyone = [*drawn.excellent, *drawn.ties, *drawn.unsettled, *drawn.displaced]
    assert sorted(everyone) == sorted(p.code for p in people if p.excellent)
    assert set(drawn.why) == set(everyone), "every candidate is told why"


@given(st.integers(0, 10_000), st.integers(0, 10_000), percents, st.sampled_from(CapReading))
def test_the_columns_give_the_seats_of_the_article(
    good: int, more: int, percent: int, reading: CapReading
) -> None:
    lists = Lists(*(np.array([n]) for n in (percent, good, good + more)))
    assert seats_of(lists, reading).tolist() == [
        most_excellent(reading, percent, good, good + more)
    ]


@given(people_of_two_units, st.sampled_from(list(CapReading)))
def test_one_list_is_cut_as_the_article_suggests(people: list[Rated], reading: CapReading) -> None:
    alone = [Rated(one.card._replace(unit="A")) for one in people]
    drawn = drawn_for(alone, reading=reading)
    found = [Candidate(p.code, p.card.total or 0, 0) for p in alone if p.excellent]
    seats = drawn.lists[0].seats if drawn.lists else 0
    suggestion = suggest(found, seats)
    assert drawn.excellent == tuple(sorted(suggestion.chosen))
    assert (drawn.ties, drawn.displaced) == (suggestion.tied, tuple(sorted(suggestion.displaced)))


ranges = st.tuples(st.integers(6000, 9300), st.integers(6000, 9300)).map(sorted)
missing = st.lists(
    st.tuples(st.sampled_from("AB"), st.sampled_from(("", "x", "y")), ranges), max_size=6
).map(lambda rows: [waiting(f"w{n}", u, *r, d) for n, (u, d, r) in enumerate(rows)])


@settings(max_examples=300, deadline=None)
@given(people_of_two_units, missing, st.sampled_from(list(CapReading)), st.data())
def test_whoever_is_placed_keeps_the_place_whatever_results_still_come(
    people: list[Rated], due: list[Rated], reading: CapReading, data: st.DataObject
) -> None:
    before = drawn_for([*people, *due], reading=reading)
    came = [
        rated(one.code, one.card.unit, data.draw(st.integers(*one.card.bounds)), one.duties)
        for one in due
    ]
    after = drawn_for([*people, *came], reading=reading)
    assert set(before.excellent) <= set(after.excellent)
    assert set(before.displaced) <= set(after.displaced)
    assert set(before.why) == {p.code for p in people if p.excellent}


def test_two_small_offices_have_no_seat_alone_and_one_when_merged() -> None:
    people = [rated(f"{unit}{n}", unit, 9000 + n) for unit in "AB" for n in range(4)]
    alone, merged = drawn_for(people), drawn_for(people, QuotaSettings(merged=True))
    assert alone.excellent == () and all(SMALL_GROUP in one.flags for one in alone.lists)
    assert len(merged.excellent) + len(merged.ties) >= 1


def test_someone_without_a_result_may_still_overtake_and_nobody_is_placed_across_it() -> None:
    people = [rated(f"{n:02}", "A", 9000 + 10 * n) for n in range(12)]
    drawn = drawn_for([*people, waiting("cho", "A", 7000, 9500)])
    (one,) = drawn.lists
    assert (one.seats, one.waiting) == (2, ("cho",))
    # Whatever the missing result is, the best of all is in, and the one who comes third is out.
    assert drawn.excellent == ("11",) and drawn.unsettled == ("10",)
    assert drawn.needs_decision and "cho" in drawn.why["10"]
    assert drawn_for([*people, waiting("cho", "A", 7000, 8000)]).unsettled == ()


def test_a_person_may_decide_not_to_wait() -> None:
    people = [rated(f"{n:02}", "A", 9000 + 10 * n) for n in range(12)]
    late = waiting("cho", "A", 7000, 9500)
    drawn = drawn_for([*people, late], QuotaSettings(not_awaited=("cho",)))
    assert drawn.excellent == ("10", "11") and not drawn.needs_decision
    assert drawn.lists[0].waiting == ()


def test_who_is_graded_lowest_whatever_the_points_is_not_waited_for() -> None:
    people = [rated(f"{n:02}", "A", 9000 + 10 * n) for n in range(12)]
    card = Scorecard("ky-luat", "A", "2026", CardStatus.INSUFFICIENT, grade=Grade.NOT_DONE)
    assert drawn_for([*people, Rated(card)]).unsettled == ()


def test_an_outstanding_unit_may_go_to_a_quarter() -> None:
    people = [rated(f"{n:02}", "A", 9000 + n) for n in range(35)]
    usual = drawn_for(people).lists[0].seats
    more = drawn_for(people, QuotaSettings(outstanding=("A",))).lists[0].seats
    assert (usual, more) == (5, 7)


rows = st.lists(
    st.tuples(
        *(st.text("AB0-", max_size=4), st.text("AB0", max_size=2), st.sampled_from(["", "Chuyên"])),
        *[st.integers(-1, 10_000)] * 5,
        *[st.booleans()] * 2,
    )
)


@given(rows)
def test_people_of_a_book_stand_by_unit_and_code_each_with_their_own_figures(rows: list) -> None:
    people = People.from_rows(iter(rows)).in_order()
    figures = people.total, people.task, people.low, people.high, people.grade
    columns = (people.codes, people.units, people.duties, *figures, people.rated, people.waiting)
    found = list(zip(*(list(column) for column in columns), strict=True))
    assert found == sorted(rows, key=lambda row: (row[1], row[0]))
