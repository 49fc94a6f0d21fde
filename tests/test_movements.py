"""Emulation movements and awards: reviews owed, true self-grades, participation, money in time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from review.awards import Award, paid_late, untraced
from review.effect import Effect
from review.evidence import Measure
from review.movements import (
    Conference,
    Model,
    Movement,
    boasting,
    not_fostered,
    not_spread,
    owed,
)
from review.plans import PlanKind
from tests.plan_makers import RULES, YEAR_END, figures, ground, lines, outcomes

M, MOVING = RULES.movements, PlanKind.MOVEMENTS
NEW_COUNTRYSIDE = Movement(
    "A", "PT1", "Xây dựng nông thôn mới", target="Số nhà văn hóa", planned=1000, reached=900,
    launched=date(2026, 3, 1), registered=100, joined=80, self_grade="tot", cell="S9!B6",
)  # fmt: skip


def measures(*movements: Movement, models: tuple[Model, ...] = ()) -> dict[str, Measure]:
    """Each movement and model in its own unit's report."""
    units = sorted({one.unit for one in (*movements, *models)} or {"A"})
    told = [
        ground(
            unit,
            movements=[one for one in movements if one.unit == unit],
            models=[one for one in models if one.unit == unit],
        )
        for unit in units
    ]
    return figures(*told, kind=MOVING, names={"B": "Xã B"})


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
    assert "thấp nhất Xã B 30%" in found["CHENH_LECH"].says
    assert "CHENH_LECH" not in measures()
    change = lines(ground("B", movements=[far]), MOVING)["THAM_GIA:PT1"]
    assert "30 tham gia trên 100" in change.says and change.evidence[0].cell == "S9!B6"


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
    stays = replace(waiting, nurtured=date(2025, 12, 31))
    assert not_spread([stays, spread], YEAR_END, M) == (stays,)
    assert not_spread([stays], date(2026, 12, 30), M) == ()
    steps = [key.rpartition(":")[2] for key in lines(ground(models=[waiting, stays]), MOVING)]
    assert steps == ["boi-duong", "nhan-rong"]


def test_a_review_that_was_held_ends_its_line() -> None:
    old = replace(NEW_COUNTRYSIDE, self_grade="kha")
    (change,) = lines(ground("A", "2026-Q4", movements=[old]), MOVING).values()
    assert change.line.key == "SO_TONG_KET:PT1:so_ket"
    held = Conference("A", "PT1", "so_ket", None, date(2027, 2, 3), "15/BC-UBND")
    later = ground("A", "2027-Q1", movements=[old], conferences=[held], lines=[change.line])
    seen = outcomes(later, MOVING)[change.line.key]
    assert seen.outcome == "done" and "15/BC-UBND" in seen.says


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
    told = [AWARD, lost, leader, group]
    one = ground(awards=told, movements=[NEW_COUNTRYSIDE])
    found = figures(one, kind=PlanKind.AWARDS)
    assert found["GAN_PHONG_TRAO"].value == 5000 and found["GAN_PHONG_TRAO"].alarm
    assert found["TRUC_TIEP"].value == 6667  # of persons, collectives aside
    assert found["CHI_CHAM"].value == 0
    assert "TRUC_TIEP" not in lines(one, PlanKind.AWARDS)  # two of three
    leaders = ground(awards=[AWARD, leader, replace(leader, name="Tẩn A Phủ")])
    assert "TRUC_TIEP" in lines(leaders, PlanKind.AWARDS)


def test_effect_counts_what_was_approved_of_what_was_handed_in() -> None:
    effects = [
        Effect("A", "Hồ sơ", 10, 8, 2, 90, copied=False, cell="S3!E6"),
        Effect("B", "Kế hoạch", 2, 3, 0, None, copied=True),
    ]
    work = PlanKind.PROGRAMME
    units = [ground("A", effects=effects[:1]), ground("B", effects=effects[1:])]
    found = figures(*units, kind=work)["HIEU_QUA"]
    assert found.value == 8333  # 8 and 2 of 12: nobody has more approved than handed in
    assert found.evidence == () and "90%" in found.says  # 20% came back: just allowed
    bad = ground("A", effects=[replace(effects[0], returned=3)])
    (change,) = lines(bad, work).values()
    assert change.measure == "HIEU_QUA" and change.evidence[0].cell == "S3!E6"
    assert "HIEU_QUA" not in figures(ground(), kind=work)
