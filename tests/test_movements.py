"""Emulation movements and awards: reviews owed, true self-grades, participation, money in time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from review.awards import Award, paid_late, untraced
from review.awards import measures_of as award_measures
from review.effect import Effect
from review.effect import measures_of as effect_measures
from review.evidence import Measure
from review.movements import (
    Conference,
    Model,
    Movement,
    boasting,
    measures_of,
    not_fostered,
    owed,
)
from tests.plan_makers import RULES, YEAR_END

M = RULES.movements
NEW_COUNTRYSIDE = Movement(
    "A", "PT1", "Xây dựng nông thôn mới", target="Số nhà văn hóa", planned=1000, reached=900,
    launched=date(2026, 3, 1), registered=100, joined=80, self_grade="tot", cell="S9!B6",
)  # fmt: skip


def measures(*movements: Movement, models: tuple[Model, ...] = ()) -> dict[str, Measure]:
    return {one.code: one for one in measures_of(movements, [], models, YEAR_END, M)}


def test_a_movement_of_six_months_owes_an_interim_review() -> None:
    assert owed([NEW_COUNTRYSIDE], [], date(2026, 8, 31), M) == ()
    assert owed([NEW_COUNTRYSIDE], [], date(2026, 9, 1), M) == ((NEW_COUNTRYSIDE, "so_ket"),)
    held = Conference("A", "PT1", "so_ket", None, date(2026, 8, 20))
    assert owed([NEW_COUNTRYSIDE], [held], YEAR_END, M) == ()


def test_an_ended_movement_owes_a_final_review() -> None:
    ended = replace(NEW_COUNTRYSIDE, ended=True)
    assert owed([ended], [], YEAR_END, M) == ((ended, "tong_ket"),)


def test_a_review_past_its_own_day_is_owed_however_young_the_movement() -> None:
    young = replace(NEW_COUNTRYSIDE, launched=date(2026, 12, 1))
    late = Conference("A", "PT1", "so_ket", date(2026, 12, 20), None)
    assert owed([young], [late], YEAR_END, M) == ((young, "so_ket"),)


def test_a_self_grade_far_above_its_figures_is_not_true() -> None:
    # “Tốt” claims 90%: 75% is within the allowed 15, 74,9% is not.
    assert not boasting(replace(NEW_COUNTRYSIDE, reached=750), M)
    assert boasting(replace(NEW_COUNTRYSIDE, reached=749), M)
    assert not boasting(replace(NEW_COUNTRYSIDE, reached=None), M)


def test_participation_and_its_spread_between_units() -> None:
    far = replace(NEW_COUNTRYSIDE, unit="B", joined=30)
    found = measures(NEW_COUNTRYSIDE, far)
    assert found["THAM_GIA"].value == 5500 and found["CHENH_LECH"].value == 5000
    assert [piece.subject for piece in found["CHENH_LECH"].evidence] == ["B", "A"]
    assert measures()["CHENH_LECH"].value is None


def test_targets_nobody_can_measure_or_ever_measured_are_told() -> None:
    vague = replace(NEW_COUNTRYSIDE, code="PT2", planned=None)
    never = replace(NEW_COUNTRYSIDE, code="PT3", reached=None, ended=True)
    found = measures(NEW_COUNTRYSIDE, vague, never)["CHI_TIEU"]
    assert found.value == 6667
    assert ["chưa có chỉ tiêu" in e.says for e in found.evidence] == [True, False]


def test_models_are_found_then_fostered_then_spread() -> None:
    waiting = Model("A", "Ông Giàng A Chu", "Trồng chè", date(2026, 6, 30))
    spread = replace(waiting, nurtured=date(2026, 7, 1), spread=date(2026, 12, 1))
    assert (
        "2 phát hiện → 1 bồi dưỡng → 1 nhân rộng"
        in measures(models=(waiting, spread))["DIEN_HINH"].says
    )
    assert not_fostered([waiting, spread], date(2026, 12, 29), M) == ()
    assert not_fostered([waiting, spread], date(2026, 12, 30), M) == (waiting,)


AWARD = Award(
    "A", "Lò Văn Inh", "truc_tiep", "Giấy khen", "phong_trao", "12/QĐ", date(2026, 9, 1),
    movement="PT1", amount=50_000, paid=date(2026, 10, 31),
)  # fmt: skip


def test_money_is_late_after_sixty_days_paid_or_not() -> None:
    rules = RULES.awards
    assert paid_late([AWARD], YEAR_END, rules) == ()
    assert paid_late([replace(AWARD, paid=date(2026, 11, 1))], YEAR_END, rules)
    assert paid_late([replace(AWARD, paid=None)], date(2026, 10, 31), rules) == ()
    assert paid_late([replace(AWARD, paid=None)], YEAR_END, rules)
    assert paid_late([replace(AWARD, amount=None, paid=None)], YEAR_END, rules) == ()


def test_awards_trace_to_a_movement_that_exists() -> None:
    known = {("A", "PT1")}
    lost = replace(AWARD, movement="PT9")
    assert untraced([AWARD, lost], known) == (lost,)
    leader = replace(AWARD, kind="lanh_dao", basis="thuong_xuyen")
    group = replace(AWARD, kind="tap_the")
    found = {
        m.code: m
        for m in award_measures([AWARD, lost, leader, group], YEAR_END, RULES.awards, known)
    }
    assert found["GAN_PHONG_TRAO"].value == 5000 and found["GAN_PHONG_TRAO"].alarm
    assert found["TRUC_TIEP"].value == 6667  # of persons, collectives aside
    assert found["CHI_CHAM"].value == 0


def test_effect_counts_what_was_approved_of_what_was_handed_in() -> None:
    effects = [
        Effect("A", "Hồ sơ", 10, 8, 2, 90, copied=False, cell="S3!E6"),
        Effect("B", "Kế hoạch", 2, 3, 0, None, copied=True),
    ]
    (found,) = effect_measures(effects)
    assert found.value == 8333  # 8 and 2 of 12: nobody has more approved than handed in
    assert [piece.cell for piece in found.evidence] == ["S3!E6"] and "90%" in found.says
    assert effect_measures([])[0].value is None
