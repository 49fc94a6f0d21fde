"""A mail's bytes taken apart, whatever made them: who wrote, what is enclosed, was it a robot.

    open_mail(raw).reports[0].name    -> "03637_2026-10.xlsx"

Workbooks are found among the attachments, inside forwarded mails (message/rfc822, .eml), in
winmail.dat and in zip archives; logos of signatures are passed over. Everything is bounded: depth,
number of parts and bytes unpacked. It runs at a desk that can be killed (channels/side_desk.py).
"""

from __future__ import annotations

import email
import re
import zipfile
from collections.abc import Iterator
from email.message import Message
from io import BytesIO
from pathlib import PurePosixPath

from channels.delivery_reports import report_in
from channels.mail_headers import one_line, return_path, sender, sender_name, words
from channels.sniffing import OLE, ZIP
from channels.zip_patch import BROKEN
from review.mail import EnclosedReport, OpenedMail
from review.threads import MESSAGE_ID

MOST_DEPTH = 6
MOST_PARTS = 300
MOST_REPORTS = 60
MOST_ONE = (20 << 20) + 1  # one byte more than the reader takes, so that it still says "too large"
MOST_ALL = 96 << 20
LOGO = 150_000  # bytes of a picture in a signature; larger ones are named to the office

REPORTS = {".xlsx", ".xls", ".xlsb", ".xlsm", ".xltx", ".xltm", ".ods", ".et", ".csv", ".json"}
OTHER_OLE = {".doc", ".dot", ".ppt", ".pps", ".msg", ".msi", ".vsd", ".pub", ".mpp"}
ARCHIVES = {".rar", ".7z", ".gz", ".tar", ".tgz", ".bz2", ".xz", ".arj", ".iso"}
AUTO_HEADERS = (
    "X-Autoreply",
    "X-Autorespond",
    "X-Auto-Response-Suppress-Reply",
    "X-FC-MachineGenerated",
)
MOST_RESULTS = 20
_SHEET_IN_CSV = re.compile(r"s\d{1,2}[a-z]?\b", re.IGNORECASE)
KIND_HEADER = "X-TDKT-Letter"
REFUSE_ARCHIVE = "Tệp nén {name} không mở được ở đây; đề nghị gửi tệp .xlsx hoặc nén .zip."


class _TooMuch(Exception):
    """More parts or bytes than one mail may hold."""


def open_mail(raw: bytes) -> OpenedMail:
    """What the mail says; never raises for what is in it."""
    message = email.message_from_bytes(raw)
    search = _Search()
    try:
        search.walk(message, "", 0)
    except _TooMuch as wrong:
        search.unopened.append(str(wrong))
    except RecursionError:
        search.unopened.append("Thư lồng nhau quá sâu nên không xem hết được.")
    ids = MESSAGE_ID.findall(words(message.get("Message-ID", "")))
    referred = " ".join(words(message.get(key, "")) for key in ("References", "In-Reply-To"))
    return OpenedMail(
        sender=sender(message),
        sender_name=sender_name(message),
        subject=one_line(words(message.get("Subject", "")))[:300],
        message_id=ids[0] if ids else "",
        references=tuple(dict.fromkeys(MESSAGE_ID.findall(referred)))[-50:],
        auto_submitted=one_line(words(message.get("Auto-Submitted", "")))[:80],
        precedence=one_line(words(message.get("Precedence", "")))[:40],
        auto_headers=tuple(key for key in AUTO_HEADERS if key in message),
        return_path=return_path(message),
        authentication=tuple(
            one_line(words(told)) for told in message.get_all("Authentication-Results", [])
        )[:MOST_RESULTS],
        kind_of_ours=one_line(words(message.get(KIND_HEADER, "")))[:40],
        report=report_in(message) if _is_delivery_report(message) else None,
        reports=tuple(search.reports),
        beside=tuple(dict.fromkeys(search.beside))[:40],
        unopened=tuple(dict.fromkeys(search.unopened))[:10],
    )


class _Search:
    def __init__(self) -> None:
        self.reports: list[EnclosedReport] = []
        self.beside: list[str] = []
        self.unopened: list[str] = []
        self._parts, self._bytes = 0, 0

    def walk(self, message: Message, place: str, depth: int) -> None:
        """Every part of a message, those of the messages inside it too."""
        self._parts += 1
        if self._parts > MOST_PARTS:
            raise _TooMuch(f"Thư có hơn {MOST_PARTS} phần nên chỉ xem được những phần đầu.")
        if depth > MOST_DEPTH:
            self.unopened.append(
                "Thư chuyển tiếp lồng quá nhiều lớp; lớp trong cùng chưa được xem."
            )
            return
        if message.is_multipart():
            deeper = depth + (message.get_content_maintype() == "message")
            for at, part in enumerate(_parts_of(message), start=1):
                self.walk(part, f"{place}.{at}".strip("."), deeper)
            return
        self.leaf(message, place or "1", depth)

    def leaf(self, part: Message, place: str, depth: int) -> None:
        name = _file_name(part)
        if part.get_content_maintype() == "text" and not _is_named(part, name):
            return  # what was written
        if part.get_content_maintype() == "image" and _is_logo(part):
            return
        data = part.get_payload(decode=True)
        if isinstance(data, bytes):
            self.file(name or "khong-ten", data, place, depth, part.get_content_type())

    def file(self, name: str, data: bytes, place: str, depth: int, kind: str = "") -> None:
        """One enclosed file: a report, something that holds more files, or something else."""
        self._bytes += len(data)
        if self._bytes > MOST_ALL:
            raise _TooMuch(f"Thư kèm hơn {MOST_ALL >> 20} MiB tệp nên chỉ xem được phần đầu.")
        ending = PurePosixPath(name.lower()).suffix
        if (
            kind in ("application/ms-tnef", "application/vnd.ms-tnef")
            or name.lower() == "winmail.dat"
        ):
            self.winmail(data, place, depth)
        elif ending == ".eml":
            self.walk(email.message_from_bytes(data), f"{place}/thu", depth + 1)
        elif _is_report(ending, data) or (data.startswith(ZIP) and _is_report_in_sheets(data)):
            self.report(name, data, place)
        elif ending == ".zip" or data.startswith(ZIP):
            self.archive(name, data, place, depth)
        elif ending in ARCHIVES:
            self.unopened.append(REFUSE_ARCHIVE.format(name=name))
        else:
            self.beside.append(name)

    def report(self, name: str, data: bytes, place: str) -> None:
        if len(self.reports) >= MOST_REPORTS:
            raise _TooMuch(f"Thư kèm hơn {MOST_REPORTS} báo cáo; chỉ nhận {MOST_REPORTS} tệp đầu.")
        self.reports.append(EnclosedReport(place, name, data[:MOST_ONE]))

    def winmail(self, data: bytes, place: str, depth: int) -> None:
        """What Outlook wraps when it thinks that the reader has Outlook too."""
        from tnefparse import TNEF  # rarely wanted

        try:
            wrapped = TNEF(data, do_checksum=False).attachments
            inside = [
                (str(one.long_filename() or one.name or "khong-ten"), one.data) for one in wrapped
            ]
        except Exception:  # the library raises whatever the bytes make it trip over
            self.unopened.append(
                "Tệp winmail.dat của Outlook bị hỏng; đề nghị gửi lại dạng thường."
            )
            return
        for at, (name, content) in enumerate(inside, start=1):
            if content:
                self.file(_plain_name(name), bytes(content), f"{place}/tnef/{at}", depth + 1)

    def archive(self, name: str, data: bytes, place: str, depth: int) -> None:
        if depth >= MOST_DEPTH or "/zip/" in place:
            self.unopened.append(f"{name} là tệp nén nằm trong tệp nén; đề nghị gửi riêng.")
            return
        try:
            with zipfile.ZipFile(BytesIO(data)) as packed:
                for at, entry in enumerate(packed.infolist()[:MOST_PARTS], start=1):
                    self.entry(packed, entry, f"{place}/zip/{at}", depth + 1)
        except BROKEN:
            self.unopened.append(f"Tệp nén {name} bị hỏng; đề nghị nén lại hoặc gửi tệp .xlsx.")

    def entry(
        self, packed: zipfile.ZipFile, entry: zipfile.ZipInfo, place: str, depth: int
    ) -> None:
        name = _plain_name(_zip_name(entry))
        if entry.is_dir() or name.startswith(("~$", ".")) or "__MACOSX" in entry.filename:
            return
        if entry.flag_bits & 1:
            self.unopened.append(
                f"{name} trong tệp nén có mật khẩu; đề nghị nén lại không mật khẩu."
            )
            return
        try:
            with packed.open(entry) as source:
                data = source.read(MOST_ONE)  # whatever size it claims to have
        except (*BROKEN, RuntimeError):
            self.unopened.append(f"{name} trong tệp nén bị hỏng.")
            return
        self.file(name, data, place, depth)


def _parts_of(message: Message) -> Iterator[Message]:
    payload = message.get_payload()
    if isinstance(payload, list):
        yield from (part for part in payload if isinstance(part, Message))


def _is_report(ending: str, data: bytes) -> bool:
    if ending in REPORTS:
        return True
    if data.startswith(ZIP):
        head = data[:4096]
        return (
            b"xl/" in head or b"[Content_Types].xml" in head or b"opendocument.spreadsheet" in head
        )
    return data.startswith(OLE) and ending not in OTHER_OLE


def _is_report_in_sheets(data: bytes) -> bool:
    """A zip of nothing but CSV files named as sheets (S1 …, S3 …) is one report in that form."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as packed:
            names = [_plain_name(_zip_name(e)) for e in packed.infolist()[:100] if not e.is_dir()]
    except (zipfile.BadZipFile, ValueError, OSError):
        return False
    sheets = [name for name in names if _SHEET_IN_CSV.match(name)]
    return len(sheets) > 1 and all(_ending(name) == ".csv" for name in names)


def _is_named(part: Message, name: str) -> bool:
    return bool(name) and (
        part.get_content_disposition() == "attachment" or _ending(name) in REPORTS
    )


def _ending(name: str) -> str:
    return PurePosixPath(name.lower()).suffix


def _is_logo(part: Message) -> bool:
    inline = part.get_content_disposition() == "inline" or "Content-ID" in part
    return inline and len(part.get_payload() or "") < LOGO * 4 // 3


def _is_delivery_report(message: Message) -> bool:
    if message.get_content_type() == "multipart/report":
        return str(message.get_param("report-type") or "").lower() == "delivery-status"
    return sender(message).startswith("mailer-daemon@") and return_path(message) in ("", "<>", None)


def _file_name(part: Message) -> str:
    try:
        told = part.get_filename() or ""
    except (LookupError, ValueError, TypeError):
        told = ""
    return _plain_name(words(told))


def _plain_name(name: str) -> str:
    """The last part of a path, one line, no longer than a file's name may be."""
    last = re.split(r"[\\/]", one_line(name))[-1]
    return last if len(last) <= 150 else last[:100] + _ending(last)[:10]


def _zip_name(entry: zipfile.ZipInfo) -> str:
    if entry.flag_bits & 0x800:
        return entry.filename
    try:  # most packers of today write UTF-8 and forget to say so
        return entry.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return entry.filename
