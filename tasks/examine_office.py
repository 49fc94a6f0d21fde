"""What an office lacks before a cycle; each complaint says how to mend it.

examine_office.fn(occasion)   -> (Complaint("Danh bạ", "3 đơn vị chưa có …", "Bổ sung …"),)
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from prefect import task

from channels.errors import ChannelError
from channels.folder import Folder
from channels.inboxes import inbox_at, is_mailbox
from channels.mailbox import mailbox_at
from channels.outboxes import open_outbox
from review.period import Cadence
from tasks.occasion import Occasion
from tdkt_models.base import BookError, BookMissing, BookNotMigrated
from tdkt_models.cadres import recall_cadres
from tdkt_models.clock import last_written
from tdkt_models.units import recall_units

CLOCK_TOLERANCE = timedelta(minutes=5)
NOT_MADE = (BookMissing, BookNotMigrated)
LEAST_FREE = 1 << 30  # one GiB: a year of a province's files and letters


@dataclass(frozen=True, slots=True)
class Complaint:
    what: str
    says: str
    fix: str


@task(name="Khám văn phòng")
def examine_office(occasion: Occasion) -> tuple[Complaint, ...]:
    return (
        *_of_the_book(occasion),
        *_of_the_regulation(occasion),
        *_of_the_inboxes(occasion),
        *_of_the_outbox(occasion),
        *_of_the_clock(occasion),
        *_of_the_disk(occasion),
    )


def _of_the_book(occasion: Occasion) -> Iterator[Complaint]:
    try:
        with occasion.office.book() as book, book.reading() as conn:
            units = recall_units(conn)
            cadres = recall_cadres(conn)
    except BookError as wrong:
        fix = "Chạy: tdkt init" if isinstance(wrong, NOT_MADE) else "Làm như đã nêu bên cạnh."
        yield Complaint("Sổ", str(wrong), fix)
        return
    if not units:
        yield Complaint("Danh bạ", "Chưa có đơn vị nào.", "Chạy: tdkt roster import DANH-BA.xlsx")
    silent = [unit.code for unit in units.values() if not unit.contacts]
    if silent:
        yield Complaint(
            "Danh bạ",
            f"{len(silent)} đơn vị chưa có địa chỉ thư: {', '.join(silent[:8])}",
            "Bổ sung địa chỉ thư trong danh bạ rồi nhập lại.",
        )
    alone = [cadre.code for cadre in cadres if cadre.until is None and not cadre.email]
    if alone:
        yield Complaint(
            "Danh bạ",
            f"{len(alone)} cán bộ chưa có địa chỉ thư nên sẽ không nhận được kết quả.",
            "Bổ sung địa chỉ thư trong danh bạ rồi nhập lại.",
        )


def _of_the_regulation(occasion: Occasion) -> Iterator[Complaint]:
    try:
        forms = occasion.regulation.forms
    except ChannelError as wrong:
        yield Complaint("Quy định", str(wrong), "Sửa tệp trong thư mục regulations/.")
        return
    if Cadence.MONTH not in forms:
        yield Complaint("Biểu mẫu", "Chưa có mẫu tháng.", "Thêm forms/month.toml vào quy định.")


def _of_the_inboxes(occasion: Occasion) -> Iterator[Complaint]:
    try:
        inboxes = occasion.office.inboxes
    except ChannelError as wrong:
        yield Complaint("Hộp thư đến", str(wrong), "Sửa TDKT_INBOX.")
        return
    for inbox in inboxes:
        try:
            if is_mailbox(inbox):
                with mailbox_at(inbox).opened():
                    pass
            else:
                place = inbox_at(inbox)
                next(iter(place.arrivals()), None)
                if isinstance(place, Folder):
                    yield from _of_the_folder(place)
        except ChannelError as wrong:
            yield Complaint("Hộp thư đến", str(wrong), "Tạo thư mục, hoặc sửa TDKT_INBOX.")
        settings = occasion.office.settings
        if is_mailbox(inbox) and not settings.mailbox.proof_by and not settings.demo:
            yield Complaint(
                "Hộp thư đến",
                "Địa chỉ người gửi đang được tin như ghi trong thư, ai cũng giả được.",
                "Ghi tên máy chủ thư của cơ quan vào proof_by ở [mailbox] của office.toml.",
            )


def _of_the_folder(folder: Folder) -> Iterator[Complaint]:
    """What lies in it and will never be taken in."""
    if links := folder.links():
        yield Complaint(
            "Hộp thư đến",
            f"{len(links)} lối tắt (symlink) không được đọc: {', '.join(links[:8])}",
            "Chép chính tệp báo cáo vào thư mục.",
        )


def _of_the_outbox(occasion: Occasion) -> Iterator[Complaint]:
    office = occasion.office
    try:
        with open_outbox(office.smtp_url, office.settings, office.folder / "outbox") as outbox:
            wrong = outbox.try_out()
    except ChannelError as refused:
        wrong = str(refused)
    if wrong:
        yield Complaint("Máy chủ thư", wrong, "Sửa TDKT_SMTP_URL hoặc hỏi người quản lý máy chủ.")


def _of_the_clock(occasion: Occasion) -> Iterator[Complaint]:
    """A clock that was set back would take a late report for one in time."""
    try:
        with occasion.office.book() as book, book.reading() as conn:
            last = last_written(conn)
    except BookError:
        return  # said already
    if last is not None and last > occasion.now + CLOCK_TOLERANCE:
        zone = occasion.office.settings.zone
        says = (
            f"Đồng hồ máy chỉ {occasion.now.astimezone(zone):%H:%M %d/%m/%Y}, "
            f"sớm hơn lần ghi sổ gần nhất ({last.astimezone(zone):%H:%M %d/%m/%Y})."
        )
        yield Complaint("Giờ", says, "Chỉnh lại ngày giờ của máy, bật đồng bộ giờ qua mạng.")


def _of_the_disk(occasion: Occasion) -> Iterator[Complaint]:
    free = shutil.disk_usage(occasion.office.folder).free
    if free < LEAST_FREE:
        yield Complaint("Đĩa", f"Chỉ còn {free >> 20} MiB trống.", "Dọn đĩa hoặc chuyển thư mục.")
