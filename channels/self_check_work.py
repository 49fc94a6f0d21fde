"""The rules about each person's work and marks, as formulas.

    ABOUT_WORK: every function takes the areas of a form and yields its rules, if the form has them

Named as the rules of review/ that they stand for; `CODES` and the like are names in the workbook.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from channels.self_check_rules import Areas, SelfRule, must_explain, must_fix
from channels.sheet_formulas import (
    PERIOD_END,
    PERIOD_START,
    Area,
    across,
    both,
    either,
    known_numbers,
    not_in,
    number,
)
from review.case import AWAY, LEAVING
from review.checks_file import ALIKE_LEAST, ALIKE_PERCENT
from review.checks_sheets import NEW_IDEAS
from review.points import brief
from review.rubric import AUTHORITY, SELF

CODES, LEADERS, WORKS = "DS_CAN_BO", "DS_LANH_DAO", "DS_LOAI_VIEC"
WORK_CODES, WORK_COEFS = "so_ma_viec", "so_he_so"

Found = Iterator[SelfRule]


def work_counts_agree(areas: Areas) -> Found:
    if "work" not in areas:
        return
    work = areas["work"]
    done, assigned = work("done"), work("assigned")
    counted = both(work.filled("done"), work.filled("assigned"))
    over = both(counted, _more(done, assigned), work.blank("note"))
    says = "Hoàn thành không nhiều hơn được giao"
    yield must_explain(check="VUOT_GIAO", sheet="work", says=says, words=(over,))
    among = tuple(
        both(work.filled(name), work.filled("done"), _more(work(name), done))
        for name in ("faulty", "late")
    )
    says = "Sản phẩm lỗi, chậm nằm trong số đã hoàn thành"
    yield must_fix(check="LOI_QUA_SO", sheet="work", says=says, words=among)
    pairs = (("faulty", "fault_times"), ("late", "late_times"))
    often = tuple(both(_some(work, count), _none(work, times)) for count, times in pairs)
    says = "Có lỗi, chậm thì ghi mấy lần"
    yield must_fix(check="THIEU_SO_LAN", sheet="work", says=says, words=often)
    count = tuple(both(_some(work, times), _none(work, count)) for count, times in pairs)
    says = "Có số lần thì ghi mấy sản phẩm"
    yield must_explain(check="THIEU_SO_LAN", sheet="work", says=says, words=count)
    excused = either(
        both(work.is_("fault_excused", "co"), _some(work, "faulty")),
        both(work.is_("late_excused", "co"), _some(work, "late")),
    )
    says = "Lỗi, chậm do khách quan có văn bản xác nhận"
    yield must_fix(
        check="MIEN_TRU", sheet="work", says=says, words=(both(excused, work.blank("proof")),)
    )


def coefficients_are_those_of_the_catalogue(areas: Areas) -> Found:
    if "work" not in areas:
        return
    work = areas["work"]
    unlisted = not_in(work("work"), WORKS)
    approved = f"SUMIF({WORK_CODES},TRIM({work('work')}),{WORK_COEFS})"
    listed = f"(1-ISNA(MATCH(TRIM({work('work')}),{WORKS},0)))"
    differs = f"(ABS({number(work('coef'))}-{approved})>0.0001)"
    other = both(work.filled("coef"), work.filled("work"), listed, differs)
    says = "Mã việc, hệ số đúng danh mục đã phê duyệt"
    yield must_fix(check="HE_SO", sheet="work", says=says, words=(unlisted, other))


def every_cadre_has_work_or_a_reason(areas: Areas) -> Found:
    if "work" not in areas:
        return
    work, changes = areas["work"], areas["changes"]
    cadre = _of_cadre(work)
    idle = f"({_sum_by(cadre, number(work('assigned')))}=0)"
    gone = both(changes.is_("event", *sorted(LEAVING | AWAY)), changes.filled("cadre"))
    away = f"({_sum_by(_of_cadre(changes), gone)}>0)"
    unsure = f"({_sum_by(cadre, both(work.filled('work'), work.blank('assigned')))}>0)"
    told = f"({_sum_by(cadre, work.filled('note'))}>0)"
    open_ = f"(1-{areas['cover'].is_('nil', 'co')})"
    bare = both(f"(LEN({CODES})>0)", open_, idle, f"(1-{away})", f"(1-{unsure})")
    says = "Ai cũng có việc được giao, hoặc có lý do"
    without = f"SUM({both(bare, f'(1-{told})')})"
    yield must_fix(check="KHONG_GIAO_VIEC", sheet="work", says=says, count=without)
    says = "Người không được giao việc đã nêu lý do"
    yield must_explain(
        check="KHONG_GIAO_VIEC", sheet="work", says=says, count=f"SUM({both(bare, told)})"
    )


def who_worked_is_scored(areas: Areas) -> Found:
    if not _both_raters_mark(areas) or "work" not in areas:
        return
    work, general, leaders = areas["work"], areas["general"], areas["leaders"]
    worked = f"({_sum_by(_of_cadre(work), number(work('assigned')))}>0)"
    unscored = []
    for rater in (SELF, AUTHORITY):
        rated = both(general.used(), general.is_("rater", rater))
        unscored.append(f"SUM({both(worked, f'({_sum_by(_of_cadre(general), rated)}=0)')})")
    says = "Người có việc được chấm tiêu chí chung"
    yield must_explain(check="THIEU_CHAM", sheet="general", says=says, count="+".join(unscored))
    led = f"({_sum_by(_of_cadre(work, LEADERS), number(work('assigned')))}>0)"
    given = f"({_sum_by(_of_cadre(leaders, LEADERS), leaders.used())}=0)"
    says = "Lãnh đạo có việc có chỉ số d, đ, e"
    yield must_explain(
        check="THIEU_CHAM", sheet="leaders", says=says, count=f"SUM({both(led, given)})"
    )


def scores_are_explained(areas: Areas) -> Found:
    if not _both_raters_mark(areas):
        return
    area = areas["general"]
    total, cadre = f"ROUND({number(area('total'))},2)", f"TRIM({area('cadre')})"
    known = both(area.used(), known_numbers(area("total")))
    own = both(known, area.is_("rater", SELF), area.blank("note"), area.filled("cadre"))
    given = both(known, area.is_("rater", AUTHORITY), area.blank("note"))
    gap = area.rules.self_gap
    apart = both(f"({cadre}={across(cadre)})", f"(ABS({total}-{across(total)})>={gap}/100)")
    says = f"Điểm tự chấm và được chấm lệch từ {brief(gap)} điểm thì nêu lý do"
    yield must_explain(
        check="LECH_DIEM",
        sheet="general",
        says=says,
        count=f"SUM({both(apart, own, across(given))})",
    )
    judged = both(known, area.is_("rater", AUTHORITY), area.filled("cadre"))
    alike = f"MMULT({both(f'({total}={across(total)})', across(judged))},{area.rows}^0)"
    most, many = f"MAX({both(alike, judged)})", f"SUM({judged})"
    same = f"({many}>={ALIKE_LEAST})*(100*{most}>={ALIKE_PERCENT}*{many})"
    says = "Không chấm đồng loạt một mức điểm"
    yield must_explain(check="DIEM_DONG_LOAT", sheet="general", says=says, count=same)


def full_marks_for_new_ideas_name_them(areas: Areas) -> Found:
    if not _both_raters_mark(areas) or NEW_IDEAS not in areas["general"].sheet.columns:
        return
    area = areas["general"]
    most = area.sheet.field(NEW_IDEAS).high
    full = f"({number(area(NEW_IDEAS))}={most})"
    words = (both(area.is_("rater", AUTHORITY), full, area.blank("note")),)
    says = "Điểm sáng tạo tối đa có nêu sản phẩm, giải pháp"
    yield must_explain(check="THIEU_MINH_CHUNG", sheet="general", says=says, words=words)


def who_is_away_all_period_has_no_work(areas: Areas) -> Found:
    if "work" not in areas:
        return
    work, changes = areas["work"], areas["changes"]
    on, until = changes("on"), changes("until")
    open_ended = f"((1-ISNUMBER({until}))+({until}>={PERIOD_END})>0)"
    away = both(
        changes.is_("event", *sorted(AWAY)),
        changes.filled("cadre"),
        known_numbers(on),
        f"({on}<={PERIOD_START})",
        open_ended,
    )
    who = across(f"TRIM({changes('cadre')})")
    theirs = f"(TRIM({work('cadre')})={who})"
    gone = f"(MMULT({theirs}*1,{away}*1)>0)"
    words = (both(gone, f"({number(work('assigned'))}>0)", work.blank("note")),)
    says = "Người nghỉ cả kỳ không có việc được giao"
    yield must_explain(check="NGHI_CO_VIEC", sheet="work", says=says, words=words)


def leaders_marks_are_founded(areas: Areas) -> Found:
    if "leaders" not in areas:
        return
    area = areas["leaders"]
    full = either(*(f"({_percent(area(name))}=100)" for name in ("d", "dd")))
    says = "Chỉ số d, đ 100% có minh chứng"
    yield must_explain(
        check="THIEU_MINH_CHUNG",
        sheet="leaders",
        says=says,
        words=(both(full, area.blank("evidence")),),
    )
    cadre = area("cadre")
    staff = both(area.used(), not_in(cadre, LEADERS), f"(1-ISNA(MATCH(TRIM({cadre}),{CODES},0)))")
    says = "Chỉ lãnh đạo, quản lý mới có d, đ, e"
    yield must_fix(check="DDE_SAI_MUC", sheet="leaders", says=says, words=(staff,))


def _both_raters_mark(areas: Areas) -> bool:
    """Not so on a rater's own slip."""
    return "general" in areas and "rater" in areas["general"].sheet.columns


def _more(part: str, whole: str) -> str:
    return f"({number(part)}>{number(whole)})"


def _some(area: Area, name: str) -> str:
    return f"({number(area(name))}>0)"


def _none(area: Area, name: str) -> str:
    return f"({number(area(name))}=0)"


def _percent(place: str) -> str:
    """100 for 100 and for 100%, which a cell holds as 1."""
    return f"IF({number(place)}<=1,100*{number(place)},{number(place)})"


def _of_cadre(area: Area, codes: str = CODES) -> str:
    """Which line is about which of the codes: a table of codes by lines."""
    lines = across(f"TRIM({area('cadre')})")
    return f"({codes}={lines})"


def _sum_by(of_cadre: str, lines: str) -> str:
    """For each code, the sum over its lines."""
    return f"MMULT({of_cadre}*1,{lines}*1)"


ABOUT_WORK: tuple[Callable[[Areas], Found], ...] = (
    work_counts_agree,
    coefficients_are_those_of_the_catalogue,
    every_cadre_has_work_or_a_reason,
    who_worked_is_scored,
    scores_are_explained,
    full_marks_for_new_ideas_name_them,
    who_is_away_all_period_has_no_work,
    leaders_marks_are_founded,
)
