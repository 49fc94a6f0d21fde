"""A small province of made-up persons, from which every letter of the tests is written."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from channels.rendering import Rendered, render
from review.acts import Act, ActKind
from review.alarms import AlarmKind, run_ended
from review.appeals import Appeal, CaseKind, CaseState
from review.brief import ProgrammeTask, TaskStatus
from review.cadres import Cadre, Engagement, Group, Role, Sex
from review.findings import Finding, Severity, Verdict
from review.letters import (
    leader_report,
    office_digest,
    owing_digest,
    unit_reminder,
    unit_result,
    unit_returned,
    unit_trial,
)
from review.letters_cadre import cadre_result
from review.letters_decisions import appeal_outcome, plan_decisions
from review.letters_desk import Asked, decision_asked, desk_alarm
from review.letters_mail import (
    Aside,
    EnclosedFile,
    ReceiptOf,
    answering,
    office_mail,
    unit_invitation,
    unit_receipt,
)
from review.letters_office import office_alert
from review.letters_slips import SlipSent, slip_invitation, slip_receipt
from review.plans import Action, ChangeState, Decision, PlanKind, PlanLine, ProposedChange
from review.post import Letter
from review.ratings import too_late
from review.roll import RollEntry, RollState
from review.scorecard import CardStatus, Grade, Reason, Scorecard
from review.settings import Settings
from review.units import Unit, UnitKind

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
MONTH = "2026-10"
OFFICE = Settings(
    name="Sở Nội vụ tỉnh Lai Châu",
    province="Lai Châu",
    short="Sở Nội vụ",
    email="tdkt@laichau.gov.vn",
    reply_to="hotro.tdkt@laichau.gov.vn",
    digest_to=("phongtdkt@laichau.gov.vn",),
    signer="Phòng Thi đua – Khen thưởng",
)


def at(day: int, hour: int = 17, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=ZONE)


MUONG_TE = Unit(
    "03637",
    "Ủy ban nhân dân xã Mường Tè",
    UnitKind.COMMUNE,
    "Cụm thi đua số 1 – các xã phía Tây",
    contacts=("ubnd.muongte@laichau.gov.vn",),
)
PHONG_THO = Unit("03549", "Ủy ban nhân dân xã Phong Thổ", UnitKind.COMMUNE, "Cụm thi đua số 2")
HEALTH = Unit("SYT", "Sở Y tế", UnitKind.DEPARTMENT, "Khối các sở, ban, ngành")
UNITS = (MUONG_TE, PHONG_THO, HEALTH)


def person(code: str, name: str, unit: str = "03637", **more: object) -> Cadre:
    post = {"post": "Công chức Văn phòng – Thống kê", "email": f"cb{code}@laichau.gov.vn", **more}
    return Cadre(
        code,
        unit,
        name,
        date(1988, 3, 12),
        Sex.MALE,
        Group.CIVIL_SERVANT,
        Engagement.CONCURRENT,
        50,
        **{"role": Role.STAFF, **post},  # type: ignore[arg-type]
    )


INH = person("03637-01", "Lò Văn Inh")
MY = person("03637-02", "Sùng Thị Mỷ", role=Role.HEAD, post="Trưởng phòng Văn hóa – Xã hội")
PHU = person("03637-03", "Tẩn A Phủ")
OTHER = person("03549-01", "Chẻo Thị Mẩy", "03549")
CADRES = (INH, MY, PHU)

CARD = Scorecard(
    "03637-01",
    "03637",
    MONTH,
    CardStatus.OK,
    general=2725,
    a=10000,
    b=8333,
    c=8750,
    mean=9028,
    task_score=6319,
    total=9044,
    provisional=Grade.EXCELLENT,
    grade=Grade.GOOD,
    reasons=(
        Reason(
            "b",
            "“Thẩm định hồ sơ khen thưởng”: 2 sản phẩm chưa đạt chất lượng, mỗi sản phẩm 1 lần, "
            "trừ 25% điểm của sản phẩm.",
            389,
            ("S3 Công việc – sản phẩm!J9", "S3 Công việc – sản phẩm!K9"),
            "Điều 14.2b Nghị định 335/2025/NĐ-CP",
        ),
        Reason(
            "c",
            "“Báo cáo sơ kết phong trào”: 1 sản phẩm chậm tiến độ, mỗi sản phẩm 1 lần, "
            "trừ 25% điểm của sản phẩm.",
            292,
            ("S3 Công việc – sản phẩm!M11",),
            "Điều 14.2c Nghị định 335/2025/NĐ-CP",
        ),
        Reason(
            "general",
            "I.2 Ý thức kỷ luật, kỷ cương trong thực thi công vụ: 4/5 điểm.",
            275,
            ("S4 Tiêu chí chung!F7", "S4 Tiêu chí chung!K7"),
            "Điều 12.2 Nghị định 335/2025/NĐ-CP; Mẫu số 01",
        ),
        Reason(
            "grade",
            "90,44 điểm, ngoài chỉ tiêu 1 (20% số xếp “tốt” trong 8 người từ tốt trở lên) "
            "của 03637: xếp “hoàn thành tốt nhiệm vụ”.",
            article="Điều 20 Nghị định 335/2025/NĐ-CP",
        ),
    ),
)
LEADER_CARD = Scorecard(
    "03637-02",
    "03637",
    MONTH,
    CardStatus.OK,
    general=2900,
    a=10000,
    b=10000,
    c=10000,
    d=10000,
    dd=5000,
    e=10000,
    mean=9167,
    task_score=6417,
    total=9317,
    provisional=Grade.EXCELLENT,
    grade=Grade.EXCELLENT,
    reasons=(
        Reason(
            "dd",
            "đ – khả năng tổ chức triển khai thực hiện nhiệm vụ: 50%. Minh chứng: 1/2 việc.",
            583,
            ("S5 Lãnh đạo d-đ-e!E6",),
            "Điều 15, 16 Nghị định 335/2025/NĐ-CP",
        ),
    ),
)
UNKNOWN_CARD = Scorecard(
    "03637-03",
    "03637",
    MONTH,
    CardStatus.INSUFFICIENT,
    reasons=(
        Reason(
            "status",
            "Không có công việc được giao trong kỳ: chưa đủ dữ liệu, "
            "không tính 0 và không tính 100.",
            cells=("S3 Công việc – sản phẩm!H12",),
        ),
    ),
    low=2625,
    high=9625,
)
CARDS = (CARD, LEADER_CARD, UNKNOWN_CARD)

FINDINGS = (
    Finding(
        "CONG_THUC",
        Severity.NOTE,
        "S8 Biến động",
        "F7",
        "",
        "Ô F7 là công thức; tỉnh lấy kết quả đã lưu trong tệp.",
        "Không cần sửa nếu kết quả đúng; nên chép thành số (Dán giá trị) trước khi gửi.",
    ),
    Finding(
        "TONG_LECH",
        Severity.MUST_FIX,
        "S4 Tiêu chí chung",
        "O7",
        "31",
        "“Tổng điểm” ghi 31 không bằng tổng các ô thành phần là 27,25.",
        "Sửa các ô thành phần, hoặc ghi lại tổng là 27,25.",
    ),
    Finding(
        "LECH_DIEM",
        Severity.MUST_EXPLAIN,
        "S4 Tiêu chí chung",
        "P8",
        "",
        "Sùng Thị Mỷ: điểm tự chấm 29 và điểm của cấp có thẩm quyền 23,5 lệch 5,5 điểm. Đề nghị "
        "ghi rõ lý do.",
        "Ghi lý do chênh lệch vào ô này.",
    ),
    Finding(
        "KHONG_PHAI_SO",
        Severity.MUST_FIX,
        "S3 Công việc – sản phẩm",
        "I9",
        "ba",
        "“Số lượng hoàn thành” phải là số nguyên; ô này ghi “ba”.",
        "Ghi số nguyên, không có phần thập phân.",
    ),
)


def task(code: str, status: TaskStatus, due: date, **more: object) -> ProgrammeTask:
    texts = {
        "unit": "03637",
        "period": MONTH,
        "content": "Thẩm định hồ sơ đề nghị khen thưởng đợt 2/9",
        "product": "Tờ trình",
        "owner": "03637-01",
    }
    return ProgrammeTask(code=code, status=status, due=due, **{**texts, **more})  # type: ignore[arg-type]


CLOSED = (
    task("2026-10-01", TaskStatus.DONE, date(2026, 10, 20)),
    task(
        "2026-10-02",
        TaskStatus.GOING_ON,
        date(2026, 10, 25),
        content="Sơ kết phong trào “Cả nước chung sức xây dựng nông thôn mới”",
        owner="03637-02",
    ),
    task("2026-10-03", TaskStatus.DROPPED, date(2026, 10, 28)),
)
FOLLOWING = (
    task(
        "2026-11-01",
        TaskStatus.NOT_STARTED,
        date(2026, 11, 20),
        period="2026-11",
        content="Hướng dẫn tổng kết công tác thi đua, khen thưởng năm 2026",
        product="Công văn hướng dẫn",
    ),
    task(
        "2026-10-02",
        TaskStatus.GOING_ON,
        date(2026, 11, 10),
        period="2026-11",
        content="Sơ kết phong trào “Cả nước chung sức xây dựng nông thôn mới”",
        product="Báo cáo sơ kết",
        owner="03637-02",
        carried=2,
    ),
)
ENTRY = RollEntry(
    "03637", MONTH, at(5), RollState.ACCEPTED, Verdict.REMARKED, True, at(4, 9), counted=1
)
ENTRIES = (
    ENTRY,
    RollEntry("03549", MONTH, at(5), RollState.MISSING),
    RollEntry("SYT", MONTH, at(5), RollState.RETURNED, Verdict.RETURNED, True, at(6, 8), 1),
)


def returned() -> Letter:
    return unit_returned(
        OFFICE,
        MUONG_TE,
        MONTH,
        FINDINGS,
        deadline=at(9),
        received_at=at(4, 9),
        file_name="03637_2026-10.xlsx",
        cadres=CADRES,
    )


def result(office: Settings = OFFICE) -> Letter:
    remarks = [finding for finding in FINDINGS if finding.severity is not Severity.MUST_FIX]
    return unit_result(
        office,
        MUONG_TE,
        ENTRY,
        remarks,
        CARDS,
        (*CADRES, OTHER),
        closed=CLOSED,
        following=FOLLOWING,
        today=date(2026, 11, 10),
        next_due=at(7, month=12),
    )


def reminder() -> Letter:
    return unit_reminder(OFFICE, MUONG_TE, ENTRIES[1], now=at(4), last_day=at(16))


TRACE = {
    "regulation": "2026-01",
    "version": "9f2c51a07be3",
    "title": "Nghị định 335/2025/NĐ-CP về đánh giá, xếp loại chất lượng công chức",
    "file": "03637_2026-10.xlsx",
    "sha": "5be1" * 16,
}


def own_result() -> Letter:
    return cadre_result(OFFICE, MUONG_TE, INH, CARD, ask_until=at(16), trace=TRACE)


def year_result() -> Letter:
    """A year that was approved: the quota moved it."""
    months = [f"tháng {n}/2026 ở 03637: 91,25 điểm, được tính." for n in range(1, 13)]
    months[3] = "tháng 4/2026 ở 03637: nghỉ cả kỳ, không phải tính."
    mean = f"Điểm = ({' + '.join(['91,25'] * 11)}) / 11 = 91,25 (làm tròn một lần ở cuối)."
    card = Scorecard(
        INH.code, "03637", "2026", CardStatus.OK, total=9125, provisional=Grade.EXCELLENT,
        grade=Grade.GOOD, approved=2,
        reasons=(
            Reason(
                "grade",
                "Mức đã phê duyệt (bản 2). 91,25 điểm, ngoài chỉ tiêu 1 (20% số xếp “tốt” trong 8 "
                "người từ tốt trở lên) của 03637: xếp “hoàn thành tốt nhiệm vụ”.",
            ),
            Reason("period", f"Tính được 11/11 tháng phải có. {mean}", None, (), "Điều 21"),
            *(Reason("part", month) for month in months),
        ),
    )  # fmt: skip
    trace = TRACE | {"file": "", "sha": ""}
    return cadre_result(OFFICE, MUONG_TE, INH, card, ask_until=at(16), trace=trace)


def leader_result() -> Letter:
    return cadre_result(OFFICE, MUONG_TE, MY, LEADER_CARD, ask_until=at(16))


def unknown_result() -> Letter:
    return cadre_result(OFFICE, MUONG_TE, PHU, UNKNOWN_CARD, ask_until=at(9))


def digest() -> Letter:
    return office_digest(
        OFFICE,
        MONTH,
        units=UNITS,
        entries=ENTRIES,
        cards=CARDS,
        findings=[("03637", finding) for finding in FINDINGS] + [("SYT", FINDINGS[1])],
        closed=CLOSED,
        following=FOLLOWING,
        letters=(("Kết quả của đơn vị", 1), ("Kết quả cá nhân", 3), ("Trả lại để sửa", 1)),
        today=date(2026, 11, 10),
        approve_by=at(12),
    )


def alert() -> Letter:
    return office_alert(
        OFFICE,
        MONTH,
        "Số liệu tháng 10/2026 không khớp nên chưa gửi thư nào",
        ("Thư tổng hợp: số đơn vị chưa nộp ghi 5, sổ có 4.",),
        do="đề nghị xem các con số dưới đây và chạy lại kỳ",
        by=at(9),
    )


def returned_while_an_older_stands() -> Letter:
    return unit_returned(
        OFFICE,
        MUONG_TE,
        MONTH,
        FINDINGS[1:2],
        deadline=at(9),
        received_at=at(5, 15),
        file_name="03637_2026-10_sua.xlsx",
        cadres=CADRES,
        stands=at(4, 9),
    )


def returned_by_the_office() -> Letter:
    act = Act(ActKind.RETURNED, MONTH, "03637", "Báo cáo chưa có chữ ký duyệt.", "Lò Văn A", file=1)
    return unit_returned(
        OFFICE,
        MUONG_TE,
        MONTH,
        (),
        deadline=at(12),
        received_at=at(4, 9),
        file_name="03637_2026-10.xlsx",
        cadres=CADRES,
        act=act,
    )


FORM = EnclosedFile("03637_2026-10.xlsx", "ab" * 32, "ab/abab", "application/x")


def invitation() -> Letter:
    return unit_invitation(OFFICE, MUONG_TE, MONTH, due=at(5), last_day=at(16), enclosed=FORM)


def trial_invitation() -> Letter:
    return unit_invitation(OFFICE, MUONG_TE, MONTH, due=at(5), last_day=at(16), draft=True)


def _came(**more: object) -> ReceiptOf:
    return ReceiptOf(12, "03637_2026-10.xlsx", "ab" * 32, at(4, 9), **more)  # type: ignore[arg-type]


def receipt() -> Letter:
    return unit_receipt(OFFICE, MUONG_TE, MONTH, _came(verdict=Verdict.ACCEPTED, version=1))


def receipt_remarked() -> Letter:
    remarked = _came(
        verdict=Verdict.REMARKED, version=2, findings=(FINDINGS[0], FINDINGS[2]), late_days=1,
        changes=("S3 Công việc – sản phẩm, 03637-01 · KT01: “Số lượng hoàn thành” 12 → 14",),
        token="-----BEGIN TDKT RECEIPT-----\nPMRG4Y3F\n-----END TDKT RECEIPT-----",
    )  # fmt: skip
    return unit_receipt(OFFICE, MUONG_TE, MONTH, remarked, cadres=("03637-01",))


def receipt_again() -> Letter:
    return unit_receipt(OFFICE, MUONG_TE, MONTH, _came(again=True))


def returned_with_copy() -> Letter:
    copy = EnclosedFile("CAN-SUA_03637_2026-10.xlsx", "cd" * 32, "cd/cdcd", "application/x")
    return answering(returned(), 12, enclosed=copy)


def mail_for_the_office() -> Letter:
    asides = (
        Aside(
            7,
            at(4, 9),
            "la@noi-khac.vn",
            "Báo cáo",
            "Địa chỉ la@noi-khac.vn không có trong danh bạ. Nếu đúng là người của đơn vị, hãy "
            "thêm địa chỉ vào danh bạ: thư sẽ tự được nhận ở lần thu sau.",
        ),
        Aside(9, at(4, 10), "ubnd@x.vn", "Hỏi hạn nộp", "Thư không kèm tệp báo cáo nào."),
    )
    return office_mail(OFFICE, MONTH, asides, rest=3)


def leaders() -> Letter:
    from paper_samples import report

    paper = {"kind": "report_pdf", "sha": "", "name": "Bao-cao-2026-10.pdf", "title": "Báo cáo"}
    return leader_report(OFFICE, MONTH, report(), enclosed=[paper], by=at(12))


def leaders_of(text: str, months: int) -> Letter:
    from paper_samples import longer

    named = text.replace("..", "-")
    paper = {"kind": "report_pdf", "sha": "", "name": f"Bao-cao-{named}.pdf", "title": "Báo cáo"}
    return leader_report(OFFICE, text, longer(text, months), enclosed=[paper], by=at(12, month=12))


def owing() -> Letter:
    rows = [(PHONG_THO, ENTRIES[1]), (HEALTH, ENTRIES[2])]
    return owing_digest(
        OFFICE,
        MONTH,
        rows,
        role="superior",
        stage="sau-3",
        last_day=at(16),
        person="superior:Cụm thi đua số 2",
        to="lanhdao@laichau.gov.vn",
    )


def trial() -> Letter:
    return unit_trial(
        OFFICE,
        MUONG_TE,
        MONTH,
        FINDINGS,
        verdict=Verdict.RETURNED,
        received_at=at(4, 9),
        file_name="03637_2026-10-THU.xlsx",
        cadres=CADRES,
    )


def case(state: CaseState, after: int, grade: str, **more: Any) -> Appeal:
    outcome = {"total": [8810, after], "grade": ["HTTNV", grade], "says": "", **more}
    return Appeal(
        MONTH, INH.code, INH.unit, CaseKind.APPEAL, "Lò Văn Inh",
        "Thiếu 2 hồ sơ đã thẩm định trong tháng", {}, date(2026, 11, 26), state, "Vàng A Páo",
        "Có hồ sơ lưu tại Phòng Thi đua – Khen thưởng.", outcome, 3, at(12, 9),
    )  # fmt: skip


def upheld() -> Letter:
    won = case(CaseState.UPHELD, 9044, "HTXSNV", restated=["2026-Q4", "2026"])
    return appeal_outcome(OFFICE, MUONG_TE, INH, won)


def dismissed() -> Letter:
    lost = replace(case(CaseState.DISMISSED, 8810, "HTTNV"), note="Số liệu đã đúng báo cáo gốc.")
    return appeal_outcome(OFFICE, MUONG_TE, INH, lost)


def _proposed(key: str, content: str, due: date | None, **more: Any) -> ProposedChange:
    line = PlanLine(PlanKind.TRAINING, "2026-11", "03637", key, content, due=due, **more)
    says = "Lò Văn Inh: 1 căn cứ; “Thẩm định hồ sơ khen thưởng”: 2 sản phẩm chưa đạt, 1 lần."
    return ProposedChange(Action.ADD, line, MONTH, "NHU_CAU", says, (), id=7)


PROPOSED = (
    _proposed("nd-03637-01", "Bồi dưỡng nghiệp vụ thẩm định hồ sơ khen thưởng", date(2026, 11, 20),
              subject=INH.code, product="Chứng nhận hoàn thành lớp", owner=MY.code),
    _proposed("tt-03637", "Tập huấn tại chỗ về xây dựng kế hoạch phong trào", date(2026, 11, 28)),
)  # fmt: skip


def _decided(verdict: ChangeState, note: str = "") -> Letter:
    word = Decision(verdict, "Vàng A Páo", at(12), note)
    people = {one.code: one for one in CADRES}
    (letter,) = plan_decisions(OFFICE, {"03637": MUONG_TE}, people, PROPOSED, word)
    return letter


def plan_accepted() -> Letter:
    return _decided(ChangeState.ACCEPTED)


def plan_refused() -> Letter:
    return _decided(ChangeState.REFUSED, "Đã có lớp cùng nội dung trong kế hoạch quý IV của tỉnh.")


def locked_result() -> Letter:
    office = replace(OFFICE, content={"cadre_result": "encrypted"})
    return cadre_result(office, MUONG_TE, INH, CARD, ask_until=at(16))


def locked_unit_result() -> Letter:
    return result(replace(OFFICE, content={"unit_result": "encrypted"}))


def worded(name: str) -> Rendered:
    """A sample in words; one whose name says so corrects a letter that went before it."""
    return render(SAMPLES[name](), at(12, 8) if name.endswith("_corrected") else None)


def english(name: str) -> Letter:
    letter = LETTERS[name]()
    return replace(letter, payload={**letter.payload, "lang": "en"})


def alarm_of_the_desk() -> Letter:
    link = "http://127.0.0.1:4200/v2/runs/flow-run/4f2a"
    why = "Tiến trình của lượt này trên máy vp-01 đã dừng đột ngột."
    name = "Đánh giá tháng 10/2026"
    alarm = run_ended(AlarmKind.CRASHED, "4f2a/1", name, why, resumed=True, link=link)
    return desk_alarm(OFFICE, MONTH, alarm, 7)


def asked_for_a_decision() -> Letter:
    facts = (
        "60 đơn vị phải báo cáo: 48 đạt, 1 không phát sinh, 6 trả lại, 4 chưa nộp, 1 để riêng.",
        "93/98 cán bộ đã chấm điểm. Hoàn thành xuất sắc nhiệm vụ: 18; Hoàn thành tốt nhiệm vụ: 71; "
        "Hoàn thành nhiệm vụ: 3; Không hoàn thành nhiệm vụ: 1.",
        "5 cán bộ chưa đủ dữ liệu.",
        "Số liệu khớp.",
    )
    matter = "Kết quả tháng 10/2026 chờ phê duyệt – Cơ quan thi đua – khen thưởng"
    link = "http://127.0.0.1:4200/v2/runs/flow-run/91c0"
    return decision_asked(
        OFFICE, MONTH, Asked("91c0", matter, facts, link, "Lò Văn Inh", "inh@laichau.example")
    )


def slips_of_a_head() -> Letter:
    """A head marks the staff as the competent authority, and themself."""
    own = EnclosedFile("03637_2026-10_phieu-tu_cham-02.xlsx", "ab" * 32, "ab/abab", "application/x")
    others = replace(own, name="03637_2026-10_phieu-tham_quyen-01.xlsx", sha256="cd" * 32)
    slips = [
        SlipSent("Cấp có thẩm quyền chấm", tuple(c.code for c in CADRES if c != INH), others),
        SlipSent("Cá nhân tự chấm", (INH.code,), own),
    ]
    return slip_invitation(OFFICE, MUONG_TE, INH, MONTH, slips, due=at(5), last_day=at(16))


def more_slips_of_a_head() -> Letter:
    """Two have come to the roll since."""
    file = EnclosedFile(
        "03637_2026-10_phieu-tham_quyen-01-bo-sung.xlsx", "ef" * 32, "ef/efef", "application/x"
    )
    new = tuple(c.code for c in CADRES if c != INH)[-2:]
    slips = [SlipSent("Cấp có thẩm quyền chấm", new, file)]
    return slip_invitation(
        OFFICE, MUONG_TE, INH, MONTH, slips, due=at(5), last_day=at(16), before=3
    )


def slip() -> Letter:
    return _slip(people=1)


def slip_returned() -> Letter:
    return _slip(people=0)


def slip_late() -> Letter:
    return _slip(people=0, late=True)


def _slip(people: int, late: bool = False) -> Letter:
    fault = Finding(
        "THIEU_O", Severity.MUST_FIX, "S4 Tiêu chí chung", "H6", "", "“II.3” còn để trống.",
        "Điền giá trị vào ô H6.",
    )  # fmt: skip
    return slip_receipt(
        OFFICE, MUONG_TE, INH, MONTH, role="Cá nhân tự chấm", people=people, received_at=at(3, 9),
        sha="7c0e" * 16, findings=[too_late([INH.code]) if late else fault], number=7, late=late,
    )  # fmt: skip


LETTERS = {
    "desk_alarm": alarm_of_the_desk,
    "decision_asked": asked_for_a_decision,
    "slip_invitation": slips_of_a_head,
    "slip_invitation_more": more_slips_of_a_head,
    "slip_receipt": slip,
    "slip_receipt_returned": slip_returned,
    "slip_receipt_late": slip_late,
    "appeal_outcome": upheld,
    "appeal_outcome_dismissed": dismissed,
    "plan_decision": plan_accepted,
    "plan_decision_refused": plan_refused,
    "unit_trial": trial,
    "unit_invitation": invitation,
    "unit_invitation_trial": trial_invitation,
    "owing_digest": owing,
    "unit_receipt": receipt,
    "unit_receipt_remarked": receipt_remarked,
    "unit_receipt_again": receipt_again,
    "unit_returned_with_copy": returned_with_copy,
    "office_mail": mail_for_the_office,
    "unit_returned": returned,
    "unit_returned_older_stands": returned_while_an_older_stands,
    "unit_returned_by_office": returned_by_the_office,
    "unit_result": result,
    "unit_reminder": reminder,
    "cadre_result": own_result,
    "cadre_result_corrected": own_result,
    "cadre_result_locked": locked_result,
    "unit_result_locked": locked_unit_result,
    "cadre_result_leader": leader_result,
    "cadre_result_unknown": unknown_result,
    "cadre_result_year": year_result,
    "office_digest": digest,
    "office_alert": alert,
    "leader_report": leaders,
    "leader_report_quarter": partial(leaders_of, "2026-Q4", 2),
    "leader_report_year": partial(leaders_of, "2026", 9),
    "leader_report_term": partial(leaders_of, "2026..2030", 9),
}
SAMPLES = LETTERS | {f"en/{name}": partial(english, name) for name in LETTERS}
