"""The rules that hold a report against what the office knows: the roll, the calendar, history.

    for rule in AGAINST_BRIEF:
        findings += rule(case)          # case.brief is known here

Codes and words as in domain.md, section 5.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from review.brief import UnitBrief, WorkType
from review.cadres import Cadre, managed_by
from review.calendar import WorkingDays, late_days
from review.case import JOINING, Case, Rule, points
from review.cells import as_text, folded, nearest
from review.findings import Finding, Severity
from review.period import Cadence, Period
from review.rubric import AUTHORITY, SELF

DONE_GRADE = 50_00  # hundredths: below this a subordinate has not completed (Decree 335, Art. 20)
_PER_CADRE = ("cadres", "raters", "leaders")  # sheets with lines of persons the office named
_NAMED_BY_CODE = frozenset({"cadres", "leaders"})  # lists of codes that the office gave


def it_is_the_unit_s_own_report(case: Case) -> Iterator[Finding]:
    brief, code = _brief(case), case.submission.unit
    if code != brief.unit.code:
        says = (
            f"Mã đơn vị trong tệp là {code or '(trống)'}, không phải mã {brief.unit.code} "
            f"của {brief.unit.name}."
        )
        fix = f"Dùng tệp mẫu của đơn vị {brief.unit.code}."
        yield case.must_fix("MA_DON_VI", ("cover", "unit", _cover(case).line), code, says, fix)


def it_is_the_period_being_collected(case: Case) -> Iterator[Finding]:
    brief, period = _brief(case), case.submission.period
    if period and period != brief.period:
        says = f"Kỳ báo cáo trong tệp là {period}, không khớp kỳ đang thu là {brief.period}."
        fix = f"Dùng tệp mẫu của kỳ {brief.period} rồi gửi lại."
        yield case.must_fix("SAI_KY", ("cover", "period", _cover(case).line), period, says, fix)


def it_is_the_form_that_the_unit_owes(case: Case) -> Iterator[Finding]:
    """A unit that is measured by quarters tells the work done in the quarter's own report."""
    brief = _brief(case)
    if brief.by_quarter and case.form.cadence == Cadence.QUARTER and "work" not in case.sheets:
        says = "Đơn vị chấm theo quý phải dùng mẫu quý có các trang chấm điểm (S3, S4, S5, S8)."
        yield case.must_fix("SAI_MAU", ("cover", "version", 0), case.form.version, says,
                            "Dùng mẫu quý tỉnh đã phát cho đơn vị rồi gửi lại.")  # fmt: skip


def a_report_comes_in_time(case: Case) -> Iterator[Finding]:
    if case.received_at is None or case.due is None:
        return
    late = late_days(case.received_at, case.due, case.days or WorkingDays())
    if late:
        says = (
            f"Báo cáo nộp sau hạn {late} ngày làm việc (hạn {_instant(case.due)}). "
            "Vẫn tiếp nhận và ghi nhận nộp muộn."
        )
        fix = "Nêu lý do nộp muộn khi trả lời; kỳ sau gửi đúng hạn."
        yield _of_the_file("NOP_MUON", Severity.MUST_EXPLAIN, says, fix)


def opening_head_count_is_the_last_closing(case: Case) -> Iterator[Finding]:
    opening = _brief(case).opening
    for cover in case.rows("cover") if "changes" in case.sheets else ():
        if opening is not None and cover.head_open is not None and cover.head_open != opening:
            says = f"Số đầu kỳ {cover.head_open} không bằng số cuối kỳ trước {opening}."
            fix = f"Sửa thành {opening}; nếu số kỳ trước sai thì giải trình."
            at = ("cover", "head_open", cover.line)
            yield case.must_explain("QUAN_SO_LECH", at, cover.head_open, says, fix)


def cadres_are_on_the_unit_s_roll(case: Case) -> Iterator[Finding]:
    known = {cadre.code for cadre in _brief(case).cadres}
    known |= {c.cadre for c in case.rows("changes") if c.event in JOINING and c.cadre}
    for sheet in case.form.sheets:
        for name in (field.name for field in sheet.fields if field.source in _NAMED_BY_CODE):
            for row in case.rows(sheet.key):
                code = getattr(row, name)
                if code and code not in known:
                    yield _off_the_roll(case, (sheet.key, name, row.line), code, known)
    for change in case.rows("changes"):
        if change.event not in JOINING and change.cadre and change.cadre not in known:
            yield _off_the_roll(case, ("changes", "cadre", change.line), change.cadre, known)


def _off_the_roll(case: Case, at: tuple[str, str, int], code: str, known: set[str]) -> Finding:
    near = nearest(code, sorted(known), 0.7)
    hint = f" Có phải là {near} ({case.names.get(near, '')})?" if near else ""
    says = f"Mã cán bộ {code} không có trong danh sách của đơn vị.{hint}"
    fix = "Sửa mã theo trang “Danh sách cán bộ”; người mới đến thì ghi ở trang S8."
    return case.must_fix("CB_NGOAI_DS", at, code, says, fix)


def the_name_is_that_of_the_code(case: Case) -> Iterator[Finding]:
    names = {cadre.code: cadre.name for cadre in _brief(case).cadres}
    for key in (sheet.key for sheet in case.form.tables if sheet.prefill in _PER_CADRE):
        for row in case.rows(key):
            known = names.get(row.cadre)
            if known and row.name and row.name != known and folded(row.name) != folded(known):
                says = f"Mã {row.cadre} là của {known}, nhưng dòng này ghi {row.name}."
                fix = "Sửa mã hoặc sửa họ tên cho đúng người."
                at = (key, "name", row.line)
                yield case.must_explain("TEN_KHAC_MA", at, row.name, says, fix)


def new_persons_are_not_on_the_roll_already(case: Case) -> Iterator[Finding]:
    changes = case.rows("changes")
    if not changes:
        return
    known = {(folded(c.name), c.birth): c.code for c in _brief(case).cadres if c.birth}
    for change in changes:
        code = known.get((folded(change.name), change.birth))
        if change.event in JOINING and code and code != change.cadre and not change.note:
            says = (
                f"{change.name}, sinh {as_text(change.birth)} có ở mã {code} và "
                f"{change.cadre or 'dòng người mới này'}. Đề nghị xác nhận có phải một người."
            )
            fix = f"Nếu là một người thì ghi mã {code}; nếu không, ghi chú “hai người khác nhau”."
            at = ("changes", "name", change.line)
            yield case.must_explain("NGHI_TRUNG", at, change.name, says, fix)


def every_cadre_has_work_or_a_reason(case: Case) -> Iterator[Finding]:
    """No work assigned means no score: neither 0 nor 100 (domain.md 2.5)."""
    if case.submission.nil or "work" not in case.sheets:
        return
    lines = case.by_cadre("work")
    for cadre in _brief(case).cadres:
        own = lines.get(cadre.code, [])
        if sum([work.assigned or 0 for work in own]) or cadre.code in case.moved:
            continue
        if not any(work.assigned is None and work.work for work in own):
            yield _no_work(case, cadre, own)


def _no_work(case: Case, cadre: Cadre, own: Sequence[Any]) -> Finding:
    reason = next((work.note for work in own if work.note), "")
    line = own[0].line if own else _idle_line(case, "work", cadre.code)
    at = ("work", "assigned", line)
    says = f"{cadre.name} không có công việc được giao trong kỳ; chưa đủ dữ liệu để chấm."
    if reason:
        fix = f"Tỉnh sẽ xem xét lý do đã ghi (“{reason}”)."
        return case.must_explain("KHONG_GIAO_VIEC", at, "", says, fix)
    fix = (
        "Ghi công việc được giao của người này, hoặc nêu lý do ở cột Ghi chú, hoặc ghi biến động "
        "ở trang S8."
    )
    return case.must_fix("KHONG_GIAO_VIEC", at, "", f"{says} Đề nghị nêu lý do.", fix)


def who_worked_is_scored(case: Case) -> Iterator[Finding]:
    """Without the general criteria (30 points) there is no score to give."""
    if "general" not in case.sheets or _brief(case).by_slips:
        return
    raters = {key: {r.cadre for r in case.rows("general") if r.rater in (key, None)}
              for key in (SELF, AUTHORITY)}  # fmt: skip
    labels = case.sheets["general"].field("rater").choices or {}
    for cadre in _brief(case).cadres:
        if cadre.code not in case.worked:
            continue
        for rater, rated in raters.items():
            if cadre.code not in rated:
                says = f"{cadre.name} có công việc trong kỳ nhưng chưa có dòng “{labels[rater]}”."
                fix = "Chấm đủ mười tiêu chí ở dòng đó; thiếu thì người này chưa được xếp loại."
                line = _idle_line(case, "general", cadre.code, labels_at=rater)
                yield case.must_explain("THIEU_CHAM", ("general", "c1", line), "", says, fix)


def leaders_who_worked_have_their_terms(case: Case) -> Iterator[Finding]:
    given = case.by_cadre("leaders")
    for cadre in _brief(case).cadres:
        if cadre.leads and cadre.code in case.worked and cadre.code not in given:
            says = f"{cadre.name} là lãnh đạo, quản lý nhưng chưa có chỉ số d, đ, e."
            line = _idle_line(case, "leaders", cadre.code)
            fix = "Ghi 100 hoặc 50 cho từng chỉ số ở trang S5."
            yield case.must_explain("THIEU_CHAM", ("leaders", "d", line), "", says, fix)


def coefficients_are_those_of_the_catalogue(case: Case) -> Iterator[Finding]:
    approved = {work.code: work for work in case.works}
    if not approved:
        return
    for work in case.rows("work"):
        known = approved.get(work.work)
        if known is None:
            if work.work:
                yield _unlisted(case, work, approved)
        elif work.coef is not None and work.coef != known.coef:
            says = (
                f"Hệ số {points(work.coef)} của “{work.content}” khác danh mục đã phê duyệt "
                f"({points(known.coef)})."
            )
            fix = f"Ghi {points(known.coef)} hoặc để trống để lấy theo danh mục."
            yield case.must_fix("HE_SO", ("work", "coef", work.line), points(work.coef), says, fix)


def _unlisted(case: Case, work: Any, approved: Mapping[str, WorkType]) -> Finding:
    near = nearest(work.work, list(approved), 0.7)
    hint = f" Có phải là {near} ({approved[near].name})?" if near else ""
    says = f"Mã loại việc “{work.work}” không có trong danh mục đã phê duyệt.{hint}"
    fix = "Chọn mã ở trang “Danh mục sản phẩm”."
    return case.must_fix("HE_SO", ("work", "work", work.line), work.work, says, fix)


def only_leaders_have_leaders_terms(case: Case) -> Iterator[Finding]:
    staff = {cadre.code for cadre in _brief(case).cadres if not cadre.leads}
    for row in case.rows("leaders"):
        if row.cadre in staff:
            name = case.names[row.cadre]
            says = f"{name} không phải lãnh đạo, quản lý nên không có chỉ số d, đ, e."
            fix = "Xóa dòng này."
            at = ("leaders", "cadre", row.line)
            yield case.must_fix("DDE_SAI_MUC", at, row.cadre, says, fix)


def a_leader_s_d_fits_the_people_managed(case: Case) -> Iterator[Finding]:
    """Decree 335/2025: d is 100% only when every civil servant managed is at 50 points or more."""
    below = {code for code, total in case.totals.items() if total < DONE_GRADE}
    if not below:
        return
    cadres = {cadre.code: cadre for cadre in _brief(case).cadres}
    for row in case.rows("leaders"):
        leader = cadres.get(row.cadre)
        managed = managed_by(leader, cadres.values()) if leader and row.d == "100" else []
        failing = [one.name for one in managed if one.code in below]
        if failing:
            says = (
                f"Chỉ số d ghi 100% nhưng {', '.join(failing)} dưới 50 điểm; giá trị 100 không "
                "phù hợp kết quả của đơn vị, lĩnh vực phụ trách."
            )
            at = ("leaders", "d", row.line)
            yield case.must_fix("DDE_SAI_MUC", at, "100", says, "Ghi 50 ở ô này.")


def open_tasks_are_still_there(case: Case) -> Iterator[Finding]:
    there = {task.code for task in case.rows("programme")}
    for task in _brief(case).tasks:
        if task.code not in there:
            says = f"Việc {task.code} “{task.content}” của kỳ này không còn trong báo cáo."
            fix = "Ghi lại dòng này; không làm nữa thì chọn “Dừng, không làm nữa”."
            yield case.must_explain("CTCT_MAT_VIEC", ("programme", "code", 0), task.code, says, fix)


def next_month_s_tasks_are_due_later(case: Case) -> Iterator[Finding]:
    end = Period.parse(_brief(case).period).end
    for task in case.rows("programme"):
        if task.when == "thang_sau" and task.due is not None and task.due <= end:
            labels = case.sheets["programme"].field("when").choices or {}
            which = labels[task.when].lower()
            says = f"Việc {which} “{task.content}” có hạn {_day(task.due)}, đã qua."
            fix = f"Ghi hạn sau ngày {_day(end)}, hoặc chuyển việc thành “{labels['thang_nay']}”."
            at = ("programme", "due", task.line)
            yield case.must_explain("CTCT_HAN", at, task.due, says, fix)


def changes_happened_by_the_end_of_the_period(case: Case) -> Iterator[Finding]:
    end = Period.parse(_brief(case).period).end
    for change in case.rows("changes"):
        if change.on is not None and change.on > end:
            says = f"{change.name}: biến động từ {change.on:%d/%m/%Y}, sau kỳ báo cáo."
            fix = "Sửa ngày, hoặc để sang báo cáo của kỳ sau."
            at = ("changes", "on", change.line)
            yield case.must_explain("NGAY_NGOAI_KY", at, change.on, says, fix)


def _brief(case: Case) -> UnitBrief:
    assert case.brief is not None, "rules against the roll need a brief"
    return case.brief


def _cover(case: Case) -> Any:
    return case.submission.cover


def _day(when: date) -> str:
    return f"{when:%d/%m/%Y}"


def _instant(when: datetime) -> str:
    return f"{when:%H:%M ngày %d/%m/%Y}"


def _of_the_file(check: str, severity: Severity, says: str, fix: str) -> Finding:
    return Finding(check, severity, "", "", "", says, fix)


def _idle_line(case: Case, key: str, cadre: str, labels_at: str = "") -> int:
    """The Excel row of the prefilled line that a cadre left empty, 0 if it was taken out."""
    table = case.submission.tables[key]
    at = 1 + table.columns.index("cadre")
    wanted = [line for line in table.idle if line[at] == cadre]
    if labels_at:
        rater = 1 + table.columns.index("rater")
        wanted = [line for line in wanted if line[rater] == labels_at]
    return int(wanted[0][0]) if wanted else 0


AGAINST_BRIEF: tuple[Rule, ...] = (
    it_is_the_unit_s_own_report,
    it_is_the_period_being_collected,
    it_is_the_form_that_the_unit_owes,
    a_report_comes_in_time,
    opening_head_count_is_the_last_closing,
    cadres_are_on_the_unit_s_roll,
    the_name_is_that_of_the_code,
    new_persons_are_not_on_the_roll_already,
    every_cadre_has_work_or_a_reason,
    who_worked_is_scored,
    leaders_who_worked_have_their_terms,
    coefficients_are_those_of_the_catalogue,
    only_leaders_have_leaders_terms,
    a_leader_s_d_fits_the_people_managed,
    open_tasks_are_still_there,
    next_month_s_tasks_are_due_later,
    changes_happened_by_the_end_of_the_period,
)
