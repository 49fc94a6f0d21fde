"""The rules between the sheets of one file: dates against the period, persons against their work.

    for rule in BETWEEN_SHEETS:
        findings += rule(case)

Codes and words as in domain.md, section 5 and its "further, if room".
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from review.case import AWAY, JOINING, LEAVING, Case, Rule, points
from review.cells import as_text
from review.findings import Finding
from review.period import Period, PeriodError
from review.rubric import AUTHORITY

NEW_IDEAS = "c7"  # form 01, III.1: the criterion that rewards an initiative


def new_persons_are_of_an_age_to_work(case: Case) -> Iterator[Finding]:
    for change in case.rows("changes"):
        if change.event not in JOINING or change.birth is None:
            continue
        day = change.on or _end(case)
        age = years_between(change.birth, day) if day else None
        if age is not None and not case.rules.youngest <= age <= case.rules.oldest:
            said = f"{age} tuổi" if age >= 0 else "sau ngày đến làm việc"
            says = f"Ngày sinh {as_text(change.birth)} của {change.name} không hợp lý ({said})."
            fix = "Kiểm tra lại ngày sinh theo hồ sơ, ghi ngày/tháng/năm."
            at = ("changes", "birth", change.line)
            yield case.must_fix("NGAY_SINH", at, change.birth, says, fix)


def years_between(birth: date, day: date) -> int:
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def full_marks_for_new_ideas_name_them(case: Case) -> Iterator[Finding]:
    sheet = case.sheets.get("general")
    if sheet is None or not {NEW_IDEAS, "rater"} <= set(sheet.columns):
        return
    criterion = sheet.field(NEW_IDEAS)
    for row in case.rows("general"):
        full = getattr(row, NEW_IDEAS)
        if row.rater == AUTHORITY and full and points(full) == _most(criterion.high):
            if row.note:
                continue
            says = (
                f"{case.names.get(row.cadre, row.cadre)}: điểm “{criterion.label}” ở mức tối đa "
                f"{points(full)} nhưng chưa nêu sản phẩm, giải pháp nào."
            )
            fix = "Ghi tên sản phẩm, giải pháp hoặc số văn bản công nhận vào ô này."
            at = ("general", "note", row.line)
            yield case.must_explain("THIEU_MINH_CHUNG", at, "", says, fix)


def _most(high: str) -> str:
    return high.replace(".", ",")


def who_is_away_all_period_has_no_work(case: Case) -> Iterator[Finding]:
    start, end = _start(case), _end(case)
    if start is None or end is None:
        return
    away = {
        change.cadre: change
        for change in case.rows("changes")
        if change.event in AWAY and change.cadre and change.on and change.on <= start
        if change.until is None or change.until >= end
    }
    for work in case.rows("work"):
        if work.cadre in away and work.assigned:
            change = away.pop(work.cadre)
            says = (
                f"{change.name} nghỉ cả kỳ (từ {as_text(change.on)}, dòng {change.line} trang S8) "
                "nhưng có công việc được giao; người nghỉ cả kỳ không được chấm điểm."
            )
            fix = "Sửa ngày nghỉ ở trang S8, hoặc xóa công việc; đúng cả hai thì nêu ở Ghi chú."
            if not work.note:
                at = ("work", "assigned", work.line)
                yield case.must_explain("NGHI_CO_VIEC", at, work.assigned, says, fix)


def the_report_was_made_for_its_period(case: Case) -> Iterator[Finding]:
    start = _start(case)
    for cover in case.rows("cover"):
        day = cover.prepared_on
        if start is not None and day is not None and day < start:
            says = f"Ngày lập {as_text(day)} trước khi kỳ báo cáo bắt đầu ({as_text(start)})."
            fix = "Sửa ngày lập; nếu chép từ báo cáo cũ thì xem lại số liệu của kỳ này."
            at = ("cover", "prepared_on", cover.line)
            yield case.must_explain("NGAY_LAP", at, day, says, fix)


def arrivals_and_departures_are_of_this_period(case: Case) -> Iterator[Finding]:
    """They move the head-count of the period; an absence may well have begun before it."""
    start = _start(case)
    for change in case.rows("changes"):
        moved = change.event in JOINING | LEAVING
        if start is not None and moved and change.on is not None and change.on < start:
            says = f"{change.name}: biến động từ {as_text(change.on)}, trước kỳ báo cáo."
            fix = "Đã báo ở kỳ trước thì xóa dòng này; báo bổ sung thì nêu ở Ghi chú."
            if not change.note:
                at = ("changes", "on", change.line)
                yield case.must_explain("NGAY_NGOAI_KY", at, change.on, says, fix)


def tasks_finish_within_the_period(case: Case) -> Iterator[Finding]:
    end = _end(case)
    for task in case.rows("programme"):
        at = ("programme", "finished", task.line)
        if task.when == "thang_sau" and (task.status == "xong" or task.finished):
            labels = case.sheets["programme"].field("when").choices or {}
            says = f"Việc {labels[task.when].lower()} “{task.content}” đã ghi là hoàn thành."
            now = labels["thang_nay"]
            fix = f"Việc đã xong thì chọn “{now}”; chưa làm thì xóa trạng thái và ngày."
            yield case.must_explain("CTCT_HAN", at, task.finished or "", says, fix)
        elif end is not None and task.finished is not None and task.finished > end:
            says = f"Việc “{task.content}” ghi xong ngày {as_text(task.finished)}, sau kỳ báo cáo."
            fix = "Sửa ngày hoàn thành; chưa xong trong kỳ thì chọn “Đang thực hiện”."
            yield case.must_explain("CTCT_HAN", at, task.finished, says, fix)


def a_person_is_reported_once_for_one_event(case: Case) -> Iterator[Finding]:
    """Leaving twice, or coming and leaving on one day, is one of the two lines too many."""
    seen: dict[str, Any] = {}
    for change in case.rows("changes"):
        if not change.cadre or change.event not in LEAVING:
            continue
        first = seen.setdefault(change.cadre, change)
        if first is not change:
            says = f"{change.name} được báo đi ở cả dòng {first.line} và dòng {change.line}."
            fix = "Chỉ giữ một dòng đúng với quyết định."
            at = ("changes", "event", change.line)
            yield case.must_fix("TRUNG_DONG", at, change.document, says, fix)


def _start(case: Case) -> date | None:
    period = _period(case)
    return period.start if period else None


def _end(case: Case) -> date | None:
    period = _period(case)
    return period.end if period else None


def _period(case: Case) -> Period | None:
    try:
        return Period.parse(case.submission.period)
    except PeriodError:
        return None


BETWEEN_SHEETS: tuple[Rule, ...] = (
    new_persons_are_of_an_age_to_work,
    full_marks_for_new_ideas_name_them,
    who_is_away_all_period_has_no_work,
    the_report_was_made_for_its_period,
    arrivals_and_departures_are_of_this_period,
    tasks_finish_within_the_period,
    a_person_is_reported_once_for_one_event,
)
