"""The rules between sheets, and between a report and what its blank knows, as formulas.

    SPECIAL: every function takes the areas of a form and yields its rules, if the form has them

Named as the rules of review/checks_file.py and review/checks_roll.py that they stand for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from channels.self_check_rules import Areas, SelfRule, must_explain, must_fix
from channels.sheet_formulas import (
    ISSUED_PERIOD,
    ISSUED_UNIT,
    ISSUED_VERSION,
    OPENING,
    PERIOD_END,
    Area,
    across,
    both,
    either,
    known_numbers,
    not_in,
    number,
)
from review.case import AUTHORITY, AWAY, JOINING, LEAVING, SELF
from review.checks_file import ALIKE_LEAST, ALIKE_PERCENT, PER_CADRE

CODES, LEADERS, WORKS = "DS_CAN_BO", "DS_LANH_DAO", "DS_LOAI_VIEC"
REGISTER_CODES, REGISTER_NAMES = "so_ma_can_bo", "so_ten_can_bo"
WORK_CODES, WORK_COEFS = "so_ma_viec", "so_he_so"
GAP = 5  # points between the own score and the authority's

Found = Iterator[SelfRule]


def the_file_is_its_own(areas: Areas) -> Found:
    cover = areas["cover"]
    for check, name, issued, says in (
        ("MA_DON_VI", "unit", ISSUED_UNIT, "Đúng mã đơn vị của tệp mẫu"),
        ("SAI_KY", "period", ISSUED_PERIOD, "Đúng kỳ của tệp mẫu"),
        ("SAI_MAU", "version", ISSUED_VERSION, "Đúng phiên bản mẫu"),
    ):
        differs = f"(TRIM({cover(name)})<>TRIM({issued}))"
        yield must_fix(check=check, sheet="cover", says=says, words=(differs,))


def a_nil_return_is_empty_and_says_why(areas: Areas) -> Found:
    cover = areas["cover"]
    if "nil" not in cover.sheet.columns:
        return
    nil = cover.is_("nil", "co")
    tables = [
        area
        for area in areas.values()
        if area.sheet.kind == "table" and area.sheet.prefill in ("", *PER_CADRE)
    ]
    busy = "+".join(f"(SUM(1*{area.used()})>0)" for area in tables)
    says = "Báo “không phát sinh” thì các trang khác để trống"
    yield must_fix(check="KHONG_PHAT_SINH", sheet="cover", says=says, count=f"{nil}*({busy})")
    reason = both(nil, cover.blank("nil_reason"))
    says = "Báo “không phát sinh” thì ghi lý do"
    yield must_explain(check="KHONG_PHAT_SINH", sheet="cover", says=says, words=(reason,))


def head_counts_agree(areas: Areas) -> Found:
    if "changes" not in areas:
        return
    cover, changes = areas["cover"], areas["changes"]
    opened, closed = cover("head_open"), cover("head_close")
    moved = (
        f"SUM({changes.is_('event', *sorted(JOINING))}-{changes.is_('event', *sorted(LEAVING))})"
    )
    differs = f"({number(closed)}<>{number(opened)}+{moved})"
    right = f"({number(opened)}>=0)"
    counted = both(cover.filled("head_open"), cover.filled("head_close"), right, differs)
    known = both(
        f"ISNUMBER({OPENING})", cover.filled("head_open"), f"({number(opened)}<>{OPENING})"
    )
    says = "Số cán bộ đầu kỳ, cuối kỳ khớp biến động"
    yield must_explain(check="QUAN_SO_LECH", sheet="cover", says=says, count=f"{counted}+{known}")


def work_counts_agree(areas: Areas) -> Found:
    if "work" not in areas:
        return
    work = areas["work"]
    done, assigned = work("done"), work("assigned")
    over = both(work.filled("done"), work.filled("assigned"), _more(done, assigned))
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
    if "general" not in areas:
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
    if "general" not in areas:
        return
    area = areas["general"]
    total, cadre = f"ROUND({number(area('total'))},2)", f"TRIM({area('cadre')})"
    known = both(area.used(), known_numbers(area("total")))
    own = both(known, area.is_("rater", SELF), area.blank("note"), area.filled("cadre"))
    given = both(known, area.is_("rater", AUTHORITY), area.blank("note"))
    apart = both(f"({cadre}={across(cadre)})", f"(ABS({total}-{across(total)})>={GAP})")
    says = "Điểm tự chấm và được chấm lệch từ 5 điểm thì nêu lý do"
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


def changes_are_told_in_full(areas: Areas) -> Found:
    if "changes" not in areas:
        return
    area = areas["changes"]
    came = area.is_("event", *sorted(JOINING))
    kinds = area.sheet.field("event").choices or {}
    others = area.is_("event", *(key for key in kinds if key not in JOINING))
    words = tuple(both(came, area.blank(name)) for name in ("group", "engagement", "share"))
    says = "Người mới có nhóm, hình thức phụ trách, % thời gian"
    yield must_fix(check="LOAI_CB", sheet="changes", says=says, words=words)
    nameless = both(others, area.blank("cadre"))
    says = "Biến động của người đang công tác có mã cán bộ"
    yield must_fix(check="THIEU_O", sheet="changes", says=says, words=(nameless,))
    says = "Mã cán bộ có trong danh sách"
    stranger = both(others, not_in(area("cadre"), CODES))
    yield must_fix(check="CB_NGOAI_DS", sheet="changes", says=says, words=(stranger,))
    on, until = area("on"), area("until")
    turned = both(known_numbers(on, until), f"({until}<{on})")
    says = "“Đến ngày” không trước “Từ ngày”"
    yield must_fix(check="NGAY_SAI", sheet="changes", says=says, words=(turned,))
    late = both(known_numbers(on), f"({on}>{PERIOD_END})")
    says = "Biến động xảy ra trong kỳ"
    yield must_explain(check="NGAY_NGOAI_KY", sheet="changes", says=says, words=(late,))
    says = "Người mới không ghi hai lần"
    yield must_explain(
        check="NGHI_TRUNG", sheet="changes", says=says, count=_same_person(area, came)
    )


def _same_person(area: Area, came: str) -> str:
    who = f'TRIM({area("name")})&"|"&TRIM({area("birth")})'
    told = both(came, area.filled("birth"))
    pair = both(f"(({who})={across(who)})", f"({area.rows}<{across(area.rows)})")
    return f"SUM({both(pair, told, across(told))})"


def the_programme_is_told_in_full(areas: Areas) -> Found:
    if "programme" not in areas:
        return
    area = areas["programme"]
    stateless = both(area.is_("when", "thang_nay"), area.blank("status"))
    dayless = both(area.is_("status", "xong"), area.blank("finished"))
    says = "Việc kỳ này có trạng thái; việc xong có ngày"
    yield must_fix(check="CTCT_THIEU", sheet="programme", says=says, words=(stateless, dayless))
    undone = both(
        area.filled("finished"), area.filled("status"), f"(1-{area.is_('status', 'xong')})"
    )
    says = "Có ngày hoàn thành thì trạng thái là hoàn thành"
    yield must_explain(check="CTCT_THIEU", sheet="programme", says=says, words=(undone,))
    due = area("due")
    passed = both(area.is_("when", "thang_sau"), known_numbers(due), f"({due}<={PERIOD_END})")
    says = "Việc kỳ sau có hạn sau kỳ này"
    yield must_explain(check="CTCT_HAN", sheet="programme", says=says, words=(passed,))
    if "work" in areas:
        unknown = not_in(areas["work"]("programme"), area("code"))
        says = "Mã việc có ở trang chương trình công tác"
        yield must_explain(check="CTCT_MA", sheet="work", says=says, words=(unknown,))


def names_are_those_of_the_codes(areas: Areas) -> Found:
    for area in areas.values():
        if area.sheet.prefill in PER_CADRE and "name" in area.sheet.columns:
            code, name = f"TRIM({area('cadre')})", f"TRIM({area('name')})"
            match = f"({code}={across(REGISTER_CODES)})*({name}<>{across(REGISTER_NAMES)})"
            told = both(area.used(), area.filled("cadre"), area.filled("name"))
            says = "Họ tên đúng với mã cán bộ"
            count = f"SUM(({told})*{match})"
            yield must_explain(check="TEN_KHAC_MA", sheet=area.sheet.key, says=says, count=count)


def discipline_bars_a_grade(areas: Areas) -> Found:
    if "rating" in areas:
        area = areas["rating"]
        above = both(area.filled("proposed"), f"(1-{area.is_('proposed', 'KHTNV')})")
        says = "Người bị kỷ luật trong năm không được đề nghị xếp loại cao hơn"
        words = (both(area.filled("discipline"), above),)
        yield must_fix(check="KY_LUAT", sheet="rating", says=says, words=words)


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


SPECIAL: tuple[Callable[[Areas], Found], ...] = (
    the_file_is_its_own,
    a_nil_return_is_empty_and_says_why,
    head_counts_agree,
    work_counts_agree,
    coefficients_are_those_of_the_catalogue,
    every_cadre_has_work_or_a_reason,
    who_worked_is_scored,
    scores_are_explained,
    leaders_marks_are_founded,
    changes_are_told_in_full,
    the_programme_is_told_in_full,
    names_are_those_of_the_codes,
    discipline_bars_a_grade,
)
