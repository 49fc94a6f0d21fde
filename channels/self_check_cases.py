"""The rules between sheets, and between a report and what its blank knows, as formulas.

    SPECIAL: every function takes the areas of a form and yields its rules, if the form has them

Named as the rules of review/checks_file.py and review/checks_roll.py that they stand for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from channels.self_check_rules import Areas, SelfRule, must_explain, must_fix
from channels.self_check_work import ABOUT_WORK, CODES
from channels.sheet_formulas import (
    ISSUED_PERIOD,
    ISSUED_UNIT,
    ISSUED_VERSION,
    OPENING,
    PERIOD_END,
    PERIOD_START,
    Area,
    across,
    age,
    both,
    either,
    known_numbers,
    not_in,
    number,
    outside,
)
from review.case import JOINING, LEAVING
from review.checks_file import PER_CADRE

REGISTER_CODES, REGISTER_NAMES = "so_ma_can_bo", "so_ten_can_bo"

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
    other = both(f"ISNUMBER({OPENING})", right, f"({number(opened)}<>{OPENING})")
    known = both(cover.filled("head_open"), other)
    says = "Số cán bộ đầu kỳ, cuối kỳ khớp biến động"
    yield must_explain(check="QUAN_SO_LECH", sheet="cover", says=says, count=f"{counted}+{known}")


def the_report_was_made_for_its_period(areas: Areas) -> Found:
    made = areas["cover"]("prepared_on")
    words = (both(known_numbers(made), f"({made}<{PERIOD_START})"),)
    says = "Ngày lập không trước kỳ báo cáo"
    yield must_explain(check="NGAY_LAP", sheet="cover", says=says, words=words)


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
    born = f"IF(ISNUMBER({area('birth')}),{area('birth')},1)"
    day = f"IF(ISNUMBER({on}),{on},{PERIOD_END})"
    odd = outside(age(born, day), area.rules.youngest, area.rules.oldest)
    says = "Tuổi của người mới hợp lý"
    words = (both(came, known_numbers(area("birth")), odd),)
    yield must_fix(check="NGAY_SINH", sheet="changes", says=says, words=words)
    late = both(known_numbers(on), f"({on}>{PERIOD_END})")
    moved = area.is_("event", *sorted(JOINING | LEAVING))
    early = both(moved, known_numbers(on), f"({on}<{PERIOD_START})", area.blank("note"))
    says = "Biến động xảy ra trong kỳ"
    yield must_explain(check="NGAY_NGOAI_KY", sheet="changes", says=says, words=(late, early))
    says = "Mỗi người chỉ báo đi một lần"
    left, cadre = both(area.is_("event", *sorted(LEAVING)), area.filled("cadre")), area("cadre")
    same = f"(TRIM({cadre})={across(f'TRIM({cadre})')})"
    again = both(same, f"({area.rows}>{across(area.rows)})", left, across(left))
    yield must_fix(check="TRUNG_DONG", sheet="changes", says=says, count=f"SUM({again})")
    says = "Người mới không ghi hai lần"
    yield must_explain(
        check="NGHI_TRUNG", sheet="changes", says=says, count=_same_person(area, came)
    )


def _same_person(area: Area, came: str) -> str:
    who = f'TRIM({area("name")})&"|"&TRIM({area("birth")})'
    told = both(came, area.filled("birth"))
    pair = both(f"(({who})={across(who)})", f"({area.rows}>{across(area.rows)})")
    return f"SUM({both(pair, told, area.blank('note'), across(told))})"


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
    finished, ahead = area("finished"), area.is_("when", "thang_sau")
    done_already = both(ahead, either(area.is_("status", "xong"), area.filled("finished")))
    after = both(f"(1-{ahead})", known_numbers(finished), f"({finished}>{PERIOD_END})")
    due = area("due")
    passed = both(area.is_("when", "thang_sau"), known_numbers(due), f"({due}<={PERIOD_END})")
    says = "Hạn, ngày hoàn thành khớp với kỳ"
    words = (passed, done_already, after)
    yield must_explain(check="CTCT_HAN", sheet="programme", says=says, words=words)
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


SPECIAL: tuple[Callable[[Areas], Found], ...] = (
    the_file_is_its_own,
    a_nil_return_is_empty_and_says_why,
    head_counts_agree,
    the_report_was_made_for_its_period,
    changes_are_told_in_full,
    the_programme_is_told_in_full,
    names_are_those_of_the_codes,
    discipline_bars_a_grade,
    *ABOUT_WORK,
)
