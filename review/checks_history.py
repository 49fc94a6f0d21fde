"""The rules that hold a report against what came before it, and against other units.

    for rule in AGAINST_HISTORY:
        findings += rule(case)          # case.brief is known here; case.past is what was looked up

Codes and words as in domain.md, section 5. What another unit has is asked about, never shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from review.cadres import Cadre
from review.case import JOINING, Case, Rule
from review.cells import as_text, folded
from review.changes import differences
from review.findings import Finding, Severity
from review.past import NOTHING, Past
from review.period import Period
from review.retirement import retirement
from review.substance import substance

MOST_CHANGES = 20  # of a locked report: more than these is another report
ALREADY_LEFT = frozenset({"nghi_huu", "di", "thoi_viec"})


def a_locked_period_is_not_changed(case: Case) -> Iterator[Finding]:
    past = _past(case)
    if past.locked_at is None or case.received_at is None or case.received_at <= past.locked_at:
        return
    day = past.locked_at.astimezone(case.received_at.tzinfo)
    locked = f"Kỳ {case.submission.period} đã khóa ngày {day:%d/%m/%Y}"
    fix = "Cần văn bản đề nghị điều chỉnh; cơ quan mở lại kỳ cho đơn vị rồi mới gửi lại."
    changes = differences(past.approved, case.submission, case.form) if past.approved else ()
    if not changes:
        yield Finding("SUA_SAU_KHOA", Severity.MUST_FIX, "", "", "", f"{locked}.", fix)
    for change in changes[:MOST_CHANGES]:
        says = f"{locked}; nội dung khác bản đã duyệt: {change.says}."
        at = (change.sheet.key, change.field or change.sheet.row_key[0], change.line)
        yield case.must_fix("SUA_SAU_KHOA", at, change.now, says, fix)


def a_report_is_not_last_period_s_again(case: Case) -> Iterator[Finding]:
    said_then = _past(case).substance
    if said_then and said_then == substance(case.submission):
        before = Period.parse(case.submission.period).previous().label
        says = f"Công việc và điểm giống hệt báo cáo {before}."
        fix = "Lập lại theo kết quả của kỳ này; nếu đúng là không đổi thì giải trình."
        yield Finding("CHEP_KY_TRUOC", Severity.MUST_EXPLAIN, "", "", "", says, fix)


def discipline_earlier_in_the_year_still_counts(case: Case) -> Iterator[Finding]:
    """Decree 335/2025, Art. 20.4c: in the year, not only in the month it was decided."""
    told = {change.cadre for change in case.rows("changes") if change.event == "ky_luat"}
    for code, found in sorted(_past(case).disciplined.items()):
        if code in told:
            continue
        before, name = Period.parse(found.period).label, case.names.get(code, code)
        says = (
            f"{name} có quyết định kỷ luật số {found.document} trong năm (báo "
            f"cáo {before}); xếp loại năm là “Không hoàn thành nhiệm vụ”."
        )
        fix = "Không cần sửa; lưu ý khi xếp loại năm."
        yield _of_a_cadre(case, "KY_LUAT", Severity.NOTE, code, says, fix)


def new_persons_are_on_no_other_roll(case: Case) -> Iterator[Finding]:
    for change in case.rows("changes"):
        if change.event not in JOINING or change.birth is None or change.note:
            continue
        if (folded(change.name), change.birth) in _past(case).elsewhere:
            says = (
                f"{change.name}, sinh {as_text(change.birth)} đang có trong danh sách của một đơn "
                "vị khác. Đề nghị xác nhận có phải một người."
            )
            fix = "Cùng một người thì ghi mã đã cấp; người khác thì ghi chú “hai người khác nhau”."
            at = ("changes", "name", change.line)
            yield case.must_explain("NGHI_TRUNG", at, change.name, says, fix)


def nobody_works_on_past_retirement(case: Case) -> Iterator[Finding]:
    if case.retirement is None or case.brief is None:
        return
    leaving = {change.cadre for change in case.rows("changes") if change.event in ALREADY_LEFT}
    start = Period.parse(case.brief.period).start
    for cadre in case.brief.cadres:
        if cadre.birth is None or cadre.code in leaving:
            continue
        leave = retirement(cadre.sex, cadre.birth, case.retirement)
        if leave.pension_from <= start:
            yield _past_retirement(case, cadre, leave.pension_from)


def _past_retirement(case: Case, cadre: Cadre, since: date) -> Finding:
    says = f"{cadre.name} đến tuổi nghỉ hưu từ {since:%m/%Y} nhưng vẫn trong danh sách."
    fix = "Ghi “Nghỉ hưu” ở trang S8, hoặc giải trình (kéo dài công tác theo quyết định số …)."
    return _of_a_cadre(case, "QUA_TUOI_HUU", Severity.MUST_EXPLAIN, cadre.code, says, fix)


def _of_a_cadre(
    case: Case, check: str, severity: Severity, code: str, says: str, fix: str
) -> Finding:
    """At the cadre's line on the first sheet that has one for each."""
    key = next((key for key in ("work", "general", "leaders") if key in case.sheets), "")
    if not key:
        return Finding(check, severity, "", "", code, says, fix)
    return case.finding(check, severity, key, "cadre", case.own_line(key, code), code, says, fix)


def nobody_moves_on_too_soon(case: Case) -> Iterator[Finding]:
    """The founding article's twelfth weakness: people of the craft are moved about too often."""
    since = {cadre.code: cadre.since for cadre in case.brief.cadres} if case.brief else {}
    for change in case.rows("changes"):
        came = since.get(change.cadre)
        if change.event != "di" or came is None or change.on is None:
            continue
        months = (change.on.year - came.year) * 12 + change.on.month - came.month
        if 0 <= months < case.rules.early_move:
            says = (
                f"{change.name} chuyển đi sau {months} tháng làm công tác thi đua, khen thưởng "
                f"(dưới {case.rules.early_move} tháng)."
            )
            at = ("changes", "event", change.line)
            fix = "Không cần sửa; tỉnh ghi nhận luân chuyển sớm."
            yield case.note("LUAN_CHUYEN_SOM", at, change.event, says, fix)


def a_report_is_not_made_after_it_came(case: Case) -> Iterator[Finding]:
    for cover in case.rows("cover"):
        day = cover.prepared_on
        if case.received_at is not None and day is not None and day > _day(case.received_at):
            says = f"Ngày lập {as_text(day)} sau ngày tỉnh nhận được tệp."
            at = ("cover", "prepared_on", cover.line)
            yield case.must_explain("NGAY_LAP", at, day, says, "Sửa ngày lập báo cáo.")


def who_is_still_on_leave_has_no_work(case: Case) -> Iterator[Finding]:
    """Leave of several months is told once; the months it covers are not scored."""
    told = {change.cadre for change in case.rows("changes")}
    away = {code: one for code, one in _past(case).away.items() if code not in told}
    for work in case.rows("work"):
        if work.cadre in away and work.assigned and not work.note:
            absence = away.pop(work.cadre)
            says = (
                f"{case.names.get(work.cadre, work.cadre)} nghỉ đến {as_text(absence.until)} (báo "
                f"cáo {Period.parse(absence.period).label}), cả kỳ này, nhưng có công việc được "
                "giao; người nghỉ cả kỳ không được chấm điểm."
            )
            fix = "Đã đi làm lại thì nêu ở Ghi chú ngày đi làm; chưa thì xóa công việc."
            at = ("work", "assigned", work.line)
            yield case.must_explain("NGHI_CO_VIEC", at, work.assigned, says, fix)


def a_report_is_of_a_period_that_has_begun(case: Case) -> Iterator[Finding]:
    if case.received_at is None or not case.submission.period:
        return
    period = Period.parse(case.submission.period)
    if _day(case.received_at) < period.start:
        came = f"{_day(case.received_at):%d/%m/%Y}"
        says = f"Báo cáo {period.label} đến ngày {came}, trước khi kỳ bắt đầu."
        fix = "Kiểm tra lại kỳ; số liệu của kỳ chưa diễn ra thì gửi lại khi kỳ kết thúc."
        yield Finding("KY_CHUA_DEN", Severity.MUST_EXPLAIN, "", "", "", says, fix)


def _past(case: Case) -> Past:
    return case.past or NOTHING


def _day(moment: datetime) -> date:
    return moment.date()


AGAINST_HISTORY: tuple[Rule, ...] = (
    a_locked_period_is_not_changed,
    a_report_is_not_last_period_s_again,
    discipline_earlier_in_the_year_still_counts,
    new_persons_are_on_no_other_roll,
    nobody_works_on_past_retirement,
    nobody_moves_on_too_soon,
    a_report_is_not_made_after_it_came,
    who_is_still_on_leave_has_no_work,
    a_report_is_of_a_period_that_has_begun,
)
