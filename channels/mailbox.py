"""An inbox that is a mailbox: units answer their letters with a workbook.

    with mailbox_at("imaps://tdkt:mk@thu.tinh.gov.vn/INBOX").opened() as box:
        for waiting in box.waiting(known=ids): box.raw(waiting)
        box.done(waiting, After.FLAG)

    imaps://user:pass@host:993/INBOX     TLS from the first byte      ?ca=/path.pem  own authority
    imap://user:pass@host:143/INBOX      STARTTLS, verified; plain on this machine only

Nothing is deleted: a mail that was taken gets a mark of ours, or is moved to a folder. It is known
by the mailbox, its UIDVALIDITY and its UID. The password is shown nowhere.
"""

from __future__ import annotations

import contextlib
import imaplib
import re
import ssl
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError, MailboxFolderSelectError

from channels.errors import ChannelBusy, ChannelError, ChannelRefused
from channels.outboxes import is_loopback

TIMEOUT_SECONDS = 30
TAKEN = "TDKT-Da-nhan"  # our mark on a mail that was taken
PORTS = {"imaps": 993, "imap": 143}
LATER = ("UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG", "OVERQUOTA")
ASKED_AT_ONCE = 200
_UID, _SIZE = re.compile(rb"UID (\d+)"), re.compile(rb"RFC822\.SIZE (\d+)")


@dataclass(frozen=True, slots=True)
class WaitingMail:
    """A mail not taken yet; `channel_id` names it once, `received_at` (UTC) is the server's."""

    channel_id: str
    uid: str
    size: int
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Mailbox:
    host: str
    port: int
    username: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    security: str = "tls"
    cafile: str = ""

    @property
    def name(self) -> str:
        """What it is called in the book and to people; no secret."""
        return f"{self.username}@{self.host}/{self.folder}"

    @property
    def where(self) -> str:
        scheme = "imaps" if self.security == "tls" else "imap"
        return f"{scheme}://{self.host}/{self.folder}"

    @contextlib.contextmanager
    def opened(self) -> Iterator[OpenMailbox]:
        """Signed in, with the folder selected. Raises ChannelRefused and ChannelBusy."""
        with _said_plainly(self):
            box = self._connected()
            try:
                self._sign_in(box)
                box.folder.set(self.folder)
                _learn_capabilities(box)
                told = box.folder.status(self.folder, ["UIDVALIDITY"])
                yield OpenMailbox(self, box, int(told["UIDVALIDITY"]))
            finally:
                with contextlib.suppress(Exception):
                    box.logout()

    def _connected(self) -> BaseMailBox:
        if self.security == "none":
            return MailBoxUnencrypted(self.host, self.port, TIMEOUT_SECONDS)
        context = ssl.create_default_context(cafile=self.cafile or None)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        kind = MailBox if self.security == "tls" else MailBoxStartTls
        return kind(self.host, self.port, timeout=TIMEOUT_SECONDS, ssl_context=context)

    def _sign_in(self, box: BaseMailBox) -> None:
        plain = f"{self.username}{self.password}".isascii()
        sign_in = box.login if plain else box.login_utf8
        try:
            sign_in(self.username, self.password, initial_folder=None)
        except imaplib.IMAP4.abort:
            raise
        except (imaplib.IMAP4.error, ImapToolsError) as wrong:
            raise _login_failed(self.where, str(wrong)) from None


@dataclass(frozen=True, slots=True)
class OpenMailbox:
    mailbox: Mailbox
    box: BaseMailBox
    validity: int

    def waiting(self, known: Collection[str] = (), most: int = 500) -> list[WaitingMail]:
        """The mails not taken before, oldest first, `most` of them: the rest wait for the next run.
        Those in `known` that bear no mark are left out too; see `unmarked`."""
        uids = [uid for uid in self._unmarked() if self._id(uid) not in known][:most]
        return [one for some in _chunks(uids) for one in self._described(some)]

    def unmarked(self, known: Collection[str]) -> list[str]:
        """UIDs of mails in `known` that the last run could not mark any more."""
        return [uid for uid in self._unmarked() if self._id(uid) in known]

    def raw(self, mail: WaitingMail, most: int) -> bytes:
        """The bytes of a mail, unread afterwards as before; of one larger than `most` its head."""
        what = "BODY.PEEK[]" if mail.size <= most else "BODY.PEEK[HEADER]"
        answer = _ok(self.box.client.uid("fetch", mail.uid, f"({what})"))
        for part in answer:
            if isinstance(part, tuple):
                return bytes(part[1])
        return b""  # gone since it was listed

    def done(self, uids: Collection[str], move_to: str = "") -> None:
        """Marks mails as taken, or moves them; where the server can do neither, the book knows."""
        client = self.box.client
        for some in _chunks(list(uids)):
            with contextlib.suppress(ImapToolsError, imaplib.IMAP4.readonly):
                if move_to and "MOVE" in client.capabilities:
                    if not self.box.folder.exists(move_to):
                        self.box.folder.create(move_to)
                    self.box.move(some, move_to)
                else:  # not imap-tools' flag(): it expunges what others marked as deleted
                    client.uid("STORE", ",".join(some), "+FLAGS.SILENT", f"({TAKEN} \\Seen)")

    def _unmarked(self) -> list[str]:
        (found,) = _ok(self.box.client.uid("SEARCH", "UNKEYWORD", TAKEN, "UNDELETED"))[:1]
        return sorted((found or b"").decode().split(), key=int)

    def _id(self, uid: str) -> str:
        return f"{self.mailbox.name}|{self.validity}|{uid}"

    def _described(self, uids: list[str]) -> Iterator[WaitingMail]:
        answer = _ok(self.box.client.uid("fetch", ",".join(uids), "(INTERNALDATE RFC822.SIZE)"))
        for line in answer:
            told = line[0] if isinstance(line, tuple) else line
            uid, size = _UID.search(told or b""), _SIZE.search(told or b"")
            if uid and size:
                number = uid[1].decode()
                yield WaitingMail(self._id(number), number, int(size[1]), _arrived(told))


def mailbox_at(address: str) -> Mailbox:
    """Raises ChannelRefused, whose message never repeats the address."""
    # `from None`: urllib's own message quotes the address, password and all.
    try:
        parts = urlsplit(address.strip())
        port = parts.port
    except ValueError:
        raise ChannelRefused(_malformed("tên máy chủ hoặc cổng viết sai")) from None
    username, password = unquote(parts.username or ""), unquote(parts.password or "")
    if parts.scheme not in PORTS or not parts.hostname or not username or not password:
        raise ChannelRefused(_malformed("thiếu tên, mật khẩu hoặc tên máy chủ"))
    plain = parts.scheme == "imap" and is_loopback(parts.hostname)
    return Mailbox(
        host=parts.hostname,
        port=port or PORTS[parts.scheme],
        username=username,
        password=password,
        folder=unquote(parts.path).strip("/") or "INBOX",
        security="tls" if parts.scheme == "imaps" else "none" if plain else "starttls",
        cafile=parse_qs(parts.query).get("ca", [""])[0],
    )


def _malformed(why: str) -> str:
    return (
        f"Địa chỉ hộp thư điện tử (imaps://…) không đúng: {why}. "
        "Ví dụ đúng: imaps://ten:matkhau@thu.tinh.gov.vn/INBOX"
    )


def _learn_capabilities(box: BaseMailBox) -> None:
    """What the server can do once we are signed in: imaplib asks only before, and without MOVE
    imap-tools would copy and delete."""
    (told,) = _ok(box.client.capability())[:1]
    box.client.capabilities = tuple((told or b"").decode().upper().split())


@contextlib.contextmanager
def _said_plainly(mailbox: Mailbox) -> Iterator[None]:
    """Errors of the line and of the library as ours."""
    where = mailbox.where
    try:
        yield
    except ChannelError:
        raise
    except MailboxFolderSelectError:
        raise ChannelRefused(f"Hộp thư {where} không có thư mục {mailbox.folder}.") from None
    except ssl.SSLCertVerificationError:
        raise ChannelRefused(
            f"Chứng thư của máy chủ {where} không xác minh được nên không kết nối. Nếu cơ quan có "
            "chứng thư gốc riêng, hãy thêm ?ca=/đường/dẫn.pem vào địa chỉ."
        ) from None
    except (OSError, imaplib.IMAP4.error, ImapToolsError) as wrong:
        raise ChannelBusy(
            f"Chưa kết nối được hộp thư {where} ({type(wrong).__name__}). Sẽ thử lại."
        ) from None


def _login_failed(where: str, told: str) -> ChannelError:
    if any(f"[{word}]" in told for word in LATER):
        return ChannelBusy(f"Hộp thư {where} tạm thời chưa cho đăng nhập. Sẽ thử lại.")
    return ChannelRefused(f"Hộp thư {where} không nhận tên hoặc mật khẩu. Hãy sửa TDKT_INBOX.")


def _ok(answer: tuple[str, list[Any]]) -> list[Any]:
    status, data = answer
    if status != "OK":
        raise imaplib.IMAP4.abort(f"answer {status}")
    return data


def _arrived(told: bytes) -> datetime:
    parts = imaplib.Internaldate2tuple(told)
    if parts is None:
        return datetime.now(UTC)

    return datetime.fromtimestamp(time.mktime(parts), UTC)


def _chunks(uids: list[str]) -> Iterator[list[str]]:
    for at in range(0, len(uids), ASKED_AT_ONCE):
        yield uids[at : at + ASKED_AT_ONCE]
