"""The settings of an office: every one has a default, so that an empty office.toml works.

    settings_from({"office": {"name": "Sở Nội vụ tỉnh Lai Châu"}}).zone  -> "Asia/Ho_Chi_Minh"

`OFFICE_TOML` is the file that `tdkt init` writes: the same defaults with their comments.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from review.calendar import DueRule
from review.period import Cadence
from review.settings_scoring import ScoringSettings, SettingsError, scoring_settings

OFFICE_TOML = """\
# Cấu hình của cơ quan dùng hệ thống. Bỏ trống hay xóa dòng nào thì lấy giá trị mặc định.

[office]
name = "{name}"                     # tên cơ quan, in ở đầu thư và báo cáo
province = "{province}"             # tên tỉnh
short = "{short}"                   # tên ngắn, đặt trong ngoặc vuông ở tiêu đề thư
email = "{email}"                   # địa chỉ gửi đi
reply_to = "{reply_to}"             # nơi nhận thư trả lời; để trống thì dùng địa chỉ gửi đi
digest_to = ["{digest_to}"]         # ai nhận thư tổng hợp của cơ quan
leaders_to = []                     # lãnh đạo nhận báo cáo quý, năm, nhiệm kỳ
signer = ""                         # người ký cuối thư; để trống thì chỉ ghi tên cơ quan
time_zone = "Asia/Ho_Chi_Minh"      # múi giờ của mọi thời hạn
term_first_year = 2026              # năm đầu nhiệm kỳ (HĐND, UBND 2026–2031; Đảng: 2025)
demo = {demo}                        # true: văn phòng mẫu, không bao giờ gửi thư ra ngoài máy này

# Hạn của từng loại kỳ. `opens` là số ngày trước khi kỳ kết thúc thì phát mẫu; `due` là số ngày
# sau khi kỳ kết thúc (gặp ngày nghỉ thì lùi sang ngày làm việc kế tiếp); `grace` là số ngày làm
# việc còn nhận sau hạn; `locks` là số ngày làm việc sau đó thì khóa.
[due.month]
opens = 7
due = 5
grace = 2
locks = 5

[due.quarter]
opens = 10
due = 7
grace = 2
locks = 5

[due.half]
opens = 15
due = 10
grace = 3
locks = 5

[due.year]
opens = 30
due = 10
grace = 5
locks = 10

[due.term]
opens = 60
due = 30
grace = 10
locks = 20

[mail]
pace_per_second = 20                # gửi nhiều nhất mấy thư một giây
attempts = 5                        # gửi lại nhiều nhất mấy lần khi máy chủ thư bận
expires_hours = 72                  # quá số giờ này mà chưa gửi được thì thôi, báo cho cơ quan
bounces_to = ""                     # nơi nhận thư báo không tới; để trống: địa chỉ gửi đi
quota_per_day = 0                   # máy chủ thư cho gửi mỗi ngày mấy thư; 0: không giới hạn
breaker_percent = 5                 # quá tỷ lệ này trong 200 thư gần nhất bị từ chối thì dừng gửi
arm_hours = 24                      # “tdkt arm” cho phép gửi thật trong mấy giờ
second_person = false               # true: cho phép gửi thật cần thêm một người đồng ý
digest_workbook = true              # gửi kèm bảng tổng hợp Excel trong thư của cơ quan
connections = 4                     # mấy đường truyền cùng lúc tới máy chủ thư
relay_log = ""                      # nhật ký của máy chủ thư (Postfix) đọc được từ máy này, ví dụ
                                    # "/var/log/mail.log": để tự kết luận thư chưa rõ đã tới chưa

# Mức nội dung của từng loại thư: summary (chỉ tóm tắt, không có điểm), scores (điểm trong thư),
# encrypted (tóm tắt, kèm phiếu kết quả có mật khẩu là ngày sinh dạng ngày-tháng-năm, 8 chữ số).
[content]
cadre_result = "scores"
unit_result = "scores"

[scoring]
quarterly_units = []                # mã các đơn vị chỉ chấm theo quý, không chấm tháng; "*": tất cả
quarterly_from = ""                 # chấm theo quý từ quý nào, ví dụ "2026-Q3"; để trống: mọi quý
two_persons = false                 # true: mỗi cấp phê duyệt phải là một người khác nhau
outstanding_units = []              # mã cơ quan có thành tích nổi trội: được đến 25% xuất sắc
merge_small_groups = false          # true: gộp các nhóm nhỏ của mọi đơn vị khi tính tỷ lệ xuất sắc
appeal_days = 10                    # số ngày làm việc được kiến nghị kể từ khi phê duyệt kết quả

[answers]
mend_days = 3                       # báo cáo trả lại thì sửa trong mấy ngày làm việc
before = [3, 1]                     # nhắc trước hạn mấy ngày làm việc
after = [1, 3]                      # nhắc sau hạn mấy ngày làm việc
superior_after = 3                  # quá hạn từ mấy ngày làm việc thì báo cấp trên

# Cấp trên của từng cụm, khối (tên như trong danh bạ); không ghi thì là thủ trưởng của đơn vị.
[superiors]

[mailbox]
after = "flag"                      # thư đã nhận: "flag" đánh dấu, "move" chuyển vào thư mục dưới
folder = "TDKT da nhan"             # không bao giờ xóa thư nào
per_hour = 30                       # một địa chỉ gửi quá số thư này trong một giờ thì để riêng
at_once = 500                       # mỗi lần thu đọc nhiều nhất mấy thư
most_mib = 40                       # thư nặng hơn thì không tải về, để người xem

[work]
processes = 2                       # số tiến trình đọc tệp cùng lúc
batch = 100                         # số đơn vị xử lý trong một lượt
"""


@dataclass(frozen=True, slots=True)
class MailSettings:
    pace_per_second: float = 20.0
    attempts: int = 5
    expires_hours: int = 72
    bounces_to: str = ""
    quota_per_day: int = 0
    breaker_percent: int = 5
    arm_hours: int = 24
    second_person: bool = False
    digest_workbook: bool = True
    connections: int = 4
    relay_log: str = ""


CONTENT_LEVELS = ("summary", "scores", "encrypted")


@dataclass(frozen=True, slots=True)
class AnswerSettings:
    """How units are answered and reminded; all days are working days."""

    mend_days: int = 3
    before: tuple[int, ...] = (3, 1)
    after: tuple[int, ...] = (1, 3)
    superior_after: int = 3


@dataclass(frozen=True, slots=True)
class MailboxSettings:
    """What becomes of mails that were taken, and how much is taken at a time."""

    after: str = "flag"
    folder: str = "TDKT da nhan"
    per_hour: int = 30
    at_once: int = 500
    most_mib: int = 40


@dataclass(frozen=True, slots=True)
class WorkSettings:
    processes: int = 2
    batch: int = 100


DUE_DEFAULTS = {
    Cadence.MONTH: DueRule(7, 5, 2, 5),
    Cadence.QUARTER: DueRule(10, 7, 2, 5),
    Cadence.HALF: DueRule(15, 10, 3, 5),
    Cadence.YEAR: DueRule(30, 10, 5, 10),
    Cadence.TERM: DueRule(60, 30, 10, 20),
}


@dataclass(frozen=True, slots=True)
class Settings:
    name: str = "Sở Nội vụ"
    province: str = ""
    short: str = "TĐKT"
    email: str = "tdkt@localhost"
    reply_to: str = ""
    digest_to: tuple[str, ...] = ()
    leaders_to: tuple[str, ...] = ()
    signer: str = ""
    time_zone: str = "Asia/Ho_Chi_Minh"
    term_first_year: int = 2026
    demo: bool = False
    mail: MailSettings = MailSettings()
    mailbox: MailboxSettings = MailboxSettings()
    work: WorkSettings = WorkSettings()
    scoring: ScoringSettings = field(default_factory=ScoringSettings)
    answers: AnswerSettings = AnswerSettings()
    superiors: Mapping[str, str] = field(default_factory=dict)
    due: Mapping[Cadence, DueRule] = field(default_factory=lambda: dict(DUE_DEFAULTS))
    content: Mapping[str, str] = field(default_factory=dict)

    def content_of(self, kind: str) -> str:
        """How much of a result a kind of letter says: summary, scores or encrypted."""
        return self.content.get(kind, "scores")

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


def settings_from(data: Mapping[str, Any]) -> Settings:
    """The settings that a parsed office.toml gives. Raises SettingsError."""
    office = dict(_known(Settings, data.get("office", {}), "office"))
    for many in ("digest_to", "leaders_to"):
        if many in office:
            office[many] = tuple(office[many])
    settings = Settings(
        **office,
        mail=MailSettings(**_known(MailSettings, data.get("mail", {}), "mail")),
        mailbox=MailboxSettings(**_known(MailboxSettings, data.get("mailbox", {}), "mailbox")),
        work=WorkSettings(**_known(WorkSettings, data.get("work", {}), "work")),
        scoring=scoring_settings(_known(ScoringSettings, data.get("scoring", {}), "scoring")),
        answers=_answers(data.get("answers", {})),
        superiors=_superiors(data.get("superiors", {})),
        due={**DUE_DEFAULTS, **_due_rules(data.get("due", {}))},
        content=_content(data.get("content", {})),
    )
    _refuse_nonsense(settings)
    return settings


def _answers(block: Mapping[str, Any]) -> AnswerSettings:
    given = dict(_known(AnswerSettings, block, "answers"))
    for name in ("before", "after"):
        days = given.get(name, [])
        if not all(isinstance(day, int) and day >= 0 for day in days):
            raise SettingsError(f"office.toml: [answers] {name} = {days} phải là các số ngày.")
        if name in given:
            given[name] = tuple(days)
    return AnswerSettings(**given)


def _superiors(block: Mapping[str, Any]) -> dict[str, str]:
    for cluster, address in block.items():
        if not isinstance(address, str) or "@" not in address:
            raise SettingsError(f"office.toml: [superiors] “{cluster}” phải là một địa chỉ thư.")
    return dict(block)


def _known(shape: type, block: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    allowed = {f.name: f for f in fields(shape)}
    for key, value in block.items():
        if key not in allowed:
            raise SettingsError(f"office.toml: [{name}] không có mục “{key}”.")
        _same_kind(name, key, value, getattr(shape(), key))
    return block


def _same_kind(block: str, key: str, value: object, default: object) -> None:
    wanted = {bool: (bool,), int: (int,), float: (int, float), str: (str,), tuple: (list,)}
    kinds = wanted.get(type(default), (object,))
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        raise SettingsError(
            f"office.toml: [{block}] {key} = {value!r} không đúng kiểu; ví dụ đúng: {default!r}."
        )


def _due_rules(block: Mapping[str, Any]) -> dict[Cadence, DueRule]:
    rules = {}
    for name, rule in block.items():
        try:
            rules[Cadence(name)] = DueRule(
                *(int(rule[k]) for k in ("opens", "due", "grace", "locks"))
            )
        except (KeyError, ValueError, TypeError) as wrong:
            raise SettingsError(
                f"office.toml: [due.{name}] cần đủ bốn số nguyên opens, due, grace, locks."
            ) from wrong
    return rules


def _content(block: Mapping[str, Any]) -> dict[str, str]:
    for kind, level in block.items():
        if level not in CONTENT_LEVELS:
            raise SettingsError(
                f"office.toml: [content] {kind} = {level!r} không dùng được; "
                f"chọn một trong: {', '.join(CONTENT_LEVELS)}."
            )
    return dict(block)


def _refuse_nonsense(settings: Settings) -> None:
    try:
        ZoneInfo(settings.time_zone)
    except (ZoneInfoNotFoundError, ValueError) as wrong:
        raise SettingsError(
            f"office.toml: time_zone = “{settings.time_zone}” không phải múi giờ; "
            "ví dụ đúng: Asia/Ho_Chi_Minh."
        ) from wrong
    box = settings.mailbox
    if box.after not in ("flag", "move") or not box.folder:
        raise SettingsError('office.toml: [mailbox] after phải là "flag" hoặc "move".')
    if min(box.per_hour, box.at_once, box.most_mib) < 1:
        raise SettingsError("office.toml: [mailbox] per_hour, at_once, most_mib phải từ 1 trở lên.")
    if settings.work.processes < 1 or settings.work.batch < 1:
        raise SettingsError("office.toml: [work] processes và batch phải từ 1 trở lên.")
    if not 1 <= settings.mail.connections <= 32:
        raise SettingsError("office.toml: [mail] connections phải từ 1 đến 32.")
    if settings.mail.pace_per_second <= 0 or settings.mail.quota_per_day < 0:
        raise SettingsError(
            "office.toml: [mail] pace_per_second phải lớn hơn 0, quota_per_day từ 0 trở lên."
        )


__all__ = ["OFFICE_TOML", "Settings", "SettingsError", "settings_from"]
