"""The rules that a file can be held against without knowing anything else.

    for rule in IN_FILE:
        findings += rule(case)

Each rule is named as the sentence it upholds; its code and words are those of the careful officer's
list (domain.md, section 5). A cell already found wrong is None here and blamed no second time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from review.case import JOINING, LEAVING, Case, Rule, points
from review.cells import as_text, folded
from review.findings import Finding
from review.rubric import AUTHORITY, SELF

PER_CADRE = ("cadres", "raters", "leaders")
ALIKE_PERCENT = 80  # from so many of the unit's cadres on one score
ALIKE_LEAST = 5  # but not in a small unit, where two of three agree by chance
FULL_MARKS = 30_00


def a_nil_return_is_empty_and_says_why(case: Case) -> Iterator[Finding]:
    if not case.rows("cover") or not case.submission.nil:
        return
    filled = [s for s in case.form.tables if s.prefill in ("", *PER_CADRE) and case.rows(s.key)]
    for sheet in filled:
        line = case.rows(sheet.key)[0].line
        says = f"Đơn vị chọn “Không phát sinh” nhưng trang “{sheet.name}” có số liệu."
        fix = "Chọn “Không” ở ô “Không phát sinh trong kỳ?”, hoặc xóa số liệu ở trang này."
        first = next(f.name for f in sheet.fields if f.required)
        yield case.must_fix("KHONG_PHAT_SINH", (sheet.key, first, line), "", says, fix)
    if not case.submission.cover.nil_reason:
        line = case.submission.cover.line
        says = "Đơn vị báo không phát sinh trong kỳ nhưng chưa ghi lý do."
        at = ("cover", "nil_reason", line)
        yield case.must_explain("KHONG_PHAT_SINH", at, "", says, "Ghi lý do vào ô này.")


def head_count_follows_from_the_changes(case: Case) -> Iterator[Finding]:
    for cover in case.rows("cover") if "changes" in case.sheets else ():
        if cover.head_open is None or cover.head_close is None:
            return
        events = Counter(change.event for change in case.rows("changes"))
        came = sum(events[event] for event in JOINING)
        left = sum(events[event] for event in LEAVING)
        if cover.head_close != cover.head_open + came - left:
            says = (
                f"Số cuối kỳ {cover.head_close} không bằng số đầu kỳ {cover.head_open} "
                f"cộng {came} người đến, trừ {left} người đi ở trang biến động."
            )
            fix = "Sửa hai số này hoặc ghi thêm biến động ở trang S8; đúng cả thì giải trình."
            at = ("cover", "head_close", cover.line)
            yield case.must_explain("QUAN_SO_LECH", at, cover.head_close, says, fix)


def done_is_not_more_than_assigned(case: Case) -> Iterator[Finding]:
    for work in case.rows("work"):
        over = work.assigned is not None and work.done is not None and work.done > work.assigned
        if over and not work.note:
            says = (
                f"“{work.content}” hoàn thành {work.done} nhiều hơn được giao {work.assigned}. "
                "Điểm chỉ tính đến 100%; đề nghị kiểm tra số giao."
            )
            fix = "Sửa số lượng được giao, hoặc ghi lý do ở cột Ghi chú."
            yield case.must_explain("VUOT_GIAO", ("work", "done", work.line), work.done, says, fix)


def faulty_and_late_are_among_the_done(case: Case) -> Iterator[Finding]:
    for work in case.rows("work"):
        for name, what in (("faulty", "chưa đạt chất lượng"), ("late", "chậm")):
            count = getattr(work, name)
            if count is not None and work.done is not None and count > work.done:
                says = f"“{work.content}”: {count} sản phẩm {what}, nhiều hơn {work.done} đã xong."
                fix = f"Ghi lại số sản phẩm {what}, không quá {work.done}."
                yield case.must_fix("LOI_QUA_SO", ("work", name, work.line), count, says, fix)


def faults_and_delays_say_how_many_times(case: Case) -> Iterator[Finding]:
    for work in case.rows("work"):
        for name, times, what in (
            ("faulty", "fault_times", "chưa đạt chất lượng"),
            ("late", "late_times", "chậm"),
        ):
            count, often = getattr(work, name), getattr(work, times)
            if count and not often:
                says = f"“{work.content}”: có {count} sản phẩm {what} nhưng chưa ghi mấy lần."
                fix = "Ghi số lần của mỗi sản phẩm, ví dụ 1."
                yield case.must_fix("THIEU_SO_LAN", ("work", times, work.line), often, says, fix)
            elif often and not count:
                says = f"“{work.content}”: ghi {often} lần {what} nhưng không có sản phẩm nào."
                fix = f"Ghi số sản phẩm {what}, hoặc xóa số lần."
                at = ("work", name, work.line)
                yield case.must_explain("THIEU_SO_LAN", at, count, says, fix)


def an_excuse_has_the_authority_s_word(case: Case) -> Iterator[Finding]:
    """Decree 335/2025, Art. 14.2: no deduction where the competent authority confirms the cause."""
    for work in case.rows("work"):
        if "co" not in (work.fault_excused, work.late_excused) or work.proof:
            continue
        excused = [
            name
            for name, count in (("fault_excused", work.faulty), ("late_excused", work.late))
            if getattr(work, name) == "co" and count
        ]
        if excused:
            says = (
                f"Lỗi hoặc chậm của “{work.content}” ghi do khách quan nhưng chưa có xác nhận "
                "của cấp có thẩm quyền."
            )
            fix = "Ghi số, ngày văn bản xác nhận vào ô này, hoặc chọn “Không” ở cột khách quan."
            yield case.must_fix("MIEN_TRU", ("work", "proof", work.line), "", says, fix)


def full_leader_marks_have_evidence(case: Case) -> Iterator[Finding]:
    for leader in case.rows("leaders"):
        full = [name for name, value in (("d", leader.d), ("đ", leader.dd)) if value == "100"]
        if full and not leader.evidence:
            says = (
                f"Chỉ số {' và '.join(full)} của {case.names.get(leader.cadre, leader.cadre)} "
                "ghi 100% nhưng chưa có minh chứng."
            )
            fix = "Ghi kết quả, số văn bản hoặc sáng kiến làm căn cứ vào ô này."
            at = ("leaders", "evidence", leader.line)
            yield case.must_explain("THIEU_MINH_CHUNG", at, "", says, fix)


def far_apart_scores_are_explained(case: Case) -> Iterator[Finding]:
    for cadre, rated in case.rated.items():
        if SELF not in rated or AUTHORITY not in rated:
            continue
        own, given = rated[SELF], rated[AUTHORITY]
        gap = abs(own.total - given.total)
        if gap >= case.rules.self_gap and not (given.note or own.note):
            says = (
                f"{case.names[cadre]}: điểm tự chấm {points(own.total)} và điểm của cấp có thẩm "
                f"quyền {points(given.total)} lệch {points(gap)} điểm. Đề nghị ghi rõ lý do."
            )
            fix = "Ghi lý do chênh lệch vào ô này."
            at = ("general", "note", given.line)
            yield case.must_explain("LECH_DIEM", at, "", says, fix)


def a_unit_does_not_score_everybody_alike(case: Case) -> Iterator[Finding]:
    given = [rated[AUTHORITY] for rated in case.rated.values() if AUTHORITY in rated]
    if len(given) < ALIKE_LEAST:
        return
    (score, often), *_ = Counter(row.total for row in given).most_common(1)
    if 100 * often >= ALIKE_PERCENT * len(given):
        percent = 100 * often // len(given)
        top = ", là mức tối đa" if score == FULL_MARKS else ""
        says = (
            f"{percent}% cán bộ cùng mức {points(score)} điểm{top}. "
            "Đề nghị rà soát để đánh giá đúng thực chất."
        )
        fix = "Chấm lại theo kết quả của từng người, hoặc giải trình căn cứ chấm."
        first = next(row for row in given if row.total == score)
        at = ("general", "total", first.line)
        yield case.must_explain("DIEM_DONG_LOAT", at, points(score), says, fix)


def new_persons_are_classed(case: Case) -> Iterator[Finding]:
    """Who scores a person depends on the group; how much, on the share of working time."""
    for change in case.rows("changes"):
        if change.event not in JOINING:
            continue
        for name in ("group", "engagement", "share"):
            if getattr(change, name) is None:
                says = (
                    f"{change.name}: chưa ghi đủ nhóm đối tượng, hình thức phụ trách (chuyên "
                    "trách, bán chuyên trách, kiêm nhiệm) và % thời gian."
                )
                fix = f"Điền “{case.sheets['changes'].field(name).label}” cho người mới đến."
                yield case.must_fix("LOAI_CB", ("changes", name, change.line), "", says, fix)


def who_leaves_or_is_away_has_a_code(case: Case) -> Iterator[Finding]:
    """Two cadres may share a name: only the code tells which of them it is."""
    for change in case.rows("changes"):
        if change.event is not None and change.event not in JOINING and not change.cadre:
            says = f"{change.name}: biến động của người đang công tác nhưng chưa ghi mã cán bộ."
            fix = "Ghi mã cán bộ, xem ở trang “Danh sách cán bộ”."
            yield case.must_fix("THIEU_O", ("changes", "cadre", change.line), "", says, fix)


def absences_end_after_they_begin(case: Case) -> Iterator[Finding]:
    for change in case.rows("changes"):
        if change.on and change.until and change.until < change.on:
            says = f"{change.name}: “Đến ngày” {change.until:%d/%m/%Y} trước “Từ ngày”."
            fix = "Sửa một trong hai ngày."
            at = ("changes", "until", change.line)
            yield case.must_fix("NGAY_SAI", at, change.until, says, fix)


def discipline_decides_the_grade(case: Case) -> Iterator[Finding]:
    """Decree 335/2025, Art. 20.4c: disciplined in the year means not completed."""
    for change in case.rows("changes"):
        if change.event == "ky_luat":
            says = (
                f"{change.name} có quyết định kỷ luật số {change.document or '(chưa ghi)'} trong "
                "năm; kết quả là “Không hoàn thành nhiệm vụ” dù điểm bao nhiêu."
            )
            fix = "Không cần sửa nếu đúng; nếu ghi nhầm thì xóa dòng này."
            at = ("changes", "document", change.line)
            yield case.note("KY_LUAT", at, change.document, says, fix)


def new_persons_are_named_once(case: Case) -> Iterator[Finding]:
    seen: dict[tuple[str, Any], int] = {}
    for change in case.rows("changes"):
        if change.event not in JOINING or change.birth is None:
            continue
        who = (folded(change.name), change.birth)
        if who in seen and not change.note:
            says = (
                f"{change.name}, sinh {as_text(change.birth)} có ở dòng {seen[who]} và dòng "
                f"{change.line}. Đề nghị xác nhận có phải một người."
            )
            fix = "Xóa dòng thừa, hoặc ghi chú là hai người khác nhau."
            at = ("changes", "name", change.line)
            yield case.must_explain("NGHI_TRUNG", at, change.name, says, fix)
        seen.setdefault(who, change.line)


def this_month_s_tasks_have_a_state(case: Case) -> Iterator[Finding]:
    for task in case.rows("programme"):
        if task.when == "thang_nay" and task.status is None:
            when = (case.sheets["programme"].field("when").choices or {})[task.when].lower()
            says = f"Việc {when} “{task.content}” chưa ghi trạng thái."
            labels = (case.sheets["programme"].field("status").choices or {}).values()
            fix = f"Chọn một trong: {'; '.join(labels)}."
            yield case.must_fix("CTCT_THIEU", ("programme", "status", task.line), "", says, fix)


def a_finished_task_has_its_day(case: Case) -> Iterator[Finding]:
    for task in case.rows("programme"):
        at = ("programme", "finished", task.line)
        if task.status == "xong" and task.finished is None:
            says = f"Việc “{task.content}” đã hoàn thành nhưng chưa ghi ngày hoàn thành."
            yield case.must_fix(
                "CTCT_THIEU", at, "", says, "Ghi ngày hoàn thành, ví dụ 25/10/2026."
            )
        elif task.finished is not None and task.status not in ("xong", None):
            says = (
                f"Việc “{task.content}” có ngày hoàn thành nhưng trạng thái không phải hoàn thành."
            )
            fix = "Chọn “Hoàn thành”, hoặc xóa ngày hoàn thành."
            yield case.must_explain("CTCT_THIEU", at, task.finished, says, fix)


def work_names_a_task_of_the_programme(case: Case) -> Iterator[Finding]:
    codes = {task.code for task in case.rows("programme")}
    for work in case.rows("work"):
        if work.programme and work.programme not in codes:
            says = f"Mã việc “{work.programme}” không có ở trang chương trình công tác."
            fix = "Sửa mã cho khớp cột “Mã việc” của trang chương trình, hoặc để trống."
            at = ("work", "programme", work.line)
            yield case.must_explain("CTCT_MA", at, work.programme, says, fix)


IN_FILE: tuple[Rule, ...] = (
    a_nil_return_is_empty_and_says_why,
    head_count_follows_from_the_changes,
    done_is_not_more_than_assigned,
    faulty_and_late_are_among_the_done,
    faults_and_delays_say_how_many_times,
    an_excuse_has_the_authority_s_word,
    full_leader_marks_have_evidence,
    far_apart_scores_are_explained,
    a_unit_does_not_score_everybody_alike,
    new_persons_are_classed,
    who_leaves_or_is_away_has_a_code,
    absences_end_after_they_begin,
    discipline_decides_the_grade,
    new_persons_are_named_once,
    this_month_s_tasks_have_a_state,
    a_finished_task_has_its_day,
    work_names_a_task_of_the_programme,
)
