"""What the office must hear of although nobody asked: alarms, each told once while it lasts.

alarm = run_ended(kind, flow="Đánh giá tháng", run="…", why="…", period="2026-10", link="…")
alarm.matter      -> "Lượt “Đánh giá tháng 10/2026” không chạy xong"
alarm.key         -> what makes two tellings the same alarm
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class AlarmKind(StrEnum):
    FAILED = "failed"  # a run ended with an error
    CRASHED = "crashed"  # a run's process is no more
    LATE = "late"  # a run should have begun
    STUCK = "stuck"  # a run goes on for too long
    SILENT = "silent"  # the schedules themselves have stopped
    WAITING = "waiting"  # files that nobody has dealt with
    UNDECIDED = "undecided"  # a decision that somebody owes
    CAUGHT_UP = "caught_up"  # the machine was off; what is made up for
    UNWELL = "unwell"  # the daily examination found something
    LOCKED_OUT = "locked_out"  # too many wrong codes in somebody's name

    @property
    def label(self) -> str:
        return LABELS[self]


LABELS = {
    AlarmKind.FAILED: "Lượt chạy bị lỗi",
    AlarmKind.CRASHED: "Lượt chạy dừng đột ngột",
    AlarmKind.LATE: "Lượt chạy trễ giờ",
    AlarmKind.STUCK: "Lượt chạy quá lâu",
    AlarmKind.SILENT: "Lịch không chạy",
    AlarmKind.WAITING: "Tệp chờ xử lý",
    AlarmKind.UNDECIDED: "Việc chờ quyết định",
    AlarmKind.CAUGHT_UP: "Chạy bù sau khi máy tắt",
    AlarmKind.UNWELL: "Khám hằng ngày",
    AlarmKind.LOCKED_OUT: "Nhập sai mã xác nhận",
}


@dataclass(frozen=True, slots=True)
class Alarm:
    """`key` tells one alarm from another of its kind; `matter` is a sentence without its full stop,
    `facts` what is known, `do` what is asked; `link` leads to the screen, or nowhere."""

    kind: AlarmKind
    key: str
    matter: str
    facts: tuple[str, ...]
    do: str
    link: str = ""

    @property
    def name(self) -> str:
        return f"{self.kind}:{self.key}"


def run_ended(
    kind: AlarmKind, run: str, name: str, why: str, *, resumed: bool = False, link: str = ""
) -> Alarm:
    """A run that failed or crashed; `resumed` where it was started again by itself."""
    ended = "dừng đột ngột" if kind is AlarmKind.CRASHED else "bị lỗi, chưa chạy xong"
    do = (
        "hệ thống đã tự chạy tiếp từ chỗ dở; đề nghị xem lại khi lượt này xong"
        if resumed
        else "đề nghị xem lý do, xử lý rồi bấm chạy lại; việc đã làm không làm lại lần hai"
    )
    facts = tuple(fact for fact in (f"Lý do máy ghi: {why}" if why else "", RESUMES) if fact)
    return Alarm(kind, run, f"Lượt “{name}” {ended}", facts, do, link)


RESUMES = "Chạy lại thì tiếp tục từ chỗ dở: không tệp nào nhận hai lần, không thư nào gửi hai lần."


def run_late(run: str, name: str, due: str, *, link: str = "") -> Alarm:
    return Alarm(
        AlarmKind.LATE,
        run,
        f"Lượt “{name}” hẹn lúc {due} chưa bắt đầu",
        ("Tiến trình chạy việc (worker) có thể đã dừng, hoặc đang bận việc khác.",),
        "đề nghị xem màn hình vận hành; nếu worker đã dừng thì chạy lại “tdkt up”",
        link,
    )


def run_stuck(run: str, name: str, since: str, hours: int, *, link: str = "") -> Alarm:
    return Alarm(
        AlarmKind.STUCK,
        run,
        f"Lượt “{name}” chạy từ {since}, quá {hours} giờ chưa xong",
        ("Lượt vẫn báo còn sống nhưng lâu hơn mức cơ quan đặt ([desk] stuck_hours).",),
        "đề nghị xem nhật ký của lượt; nếu treo thì bấm hủy (Cancel) rồi chạy lại",
        link,
    )


def silent(since: str, minutes: int) -> Alarm:
    return Alarm(
        AlarmKind.SILENT,
        since,
        f"Lịch chạy không có tín hiệu nào từ {since}",
        (
            f"Đã quá {minutes} phút không có lượt chạy nào (mức đặt ở [desk] silent_minutes).",
            "Trong lúc này không báo cáo nào được nhận, không thư nào được gửi.",
        ),
        "đề nghị kiểm tra máy chủ và chạy lại “tdkt up” (hoặc dịch vụ tdkt-server, tdkt-worker)",
    )


def files_waiting(lines: Sequence[str], link: str = "") -> Alarm:
    return Alarm(
        AlarmKind.WAITING,
        "files",
        "Có tệp của đơn vị gửi đến mà chưa ai xử lý",
        tuple(lines),
        "đề nghị xem danh sách dưới đây và xử lý; lệnh “tdkt status KỲ” cho biết từng đơn vị",
        link,
    )


def undecided(key: str, matter: str, since: str, link: str) -> Alarm:
    return Alarm(
        AlarmKind.UNDECIDED,
        key,
        f"{matter} chờ quyết định từ {since}",
        ("Người có quyền quyết định đã được báo bằng thư và chưa trả lời.",),
        "đề nghị nhắc người có quyền quyết định, hoặc quyết định theo liên kết dưới đây",
        link,
    )


def caught_up(off: str, on: str, missed: Sequence[str]) -> Alarm:
    made_up = tuple(f"Chạy bù: {one}" for one in missed)
    return Alarm(
        AlarmKind.CAUGHT_UP,
        off,
        f"Máy không chạy từ {off} đến {on}",
        made_up or ("Trong lúc ấy không lỡ kỳ đánh giá nào.",),
        "không cần làm gì: các kỳ lỡ hẹn được chạy bù mỗi kỳ một lần, theo thứ tự"
        if missed
        else "không cần làm gì",
    )


def unwell(complaints: Sequence[tuple[str, str, str]]) -> Alarm:
    """`complaints` are (about what, what is the matter, how to mend it)."""
    return Alarm(
        AlarmKind.UNWELL,
        "; ".join(sorted({about for about, _, _ in complaints})),
        f"Lần khám hằng ngày thấy {len(complaints)} điều cần xử lý",
        tuple(f"{about}: {says} {fix}" for about, says, fix in complaints),
        "đề nghị xử lý từng điều dưới đây trước kỳ tới",
    )


def locked_out(who: str, until: datetime, wrong: int) -> Alarm:
    return Alarm(
        AlarmKind.LOCKED_OUT,
        f"{who} {until:%Y-%m-%d %H}",
        f"Đã {wrong} lần nhập sai mã xác nhận với tên {who}",
        (f"Tạm không nhận mã của {who} đến {until:%H:%M ngày %d/%m/%Y}.",),
        f"đề nghị hỏi {who}; nếu không phải chính người ấy thì thu hồi thẻ: tdkt token revoke",
    )
