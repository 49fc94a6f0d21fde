"""A rendered letter as a standard message: text, HTML beside it, pictures inside it.

    message = compose(rendered, sender="tdkt@laichau.gov.vn", to="lo.van.inh@laichau.gov.vn",
                      message_id="<0d6b…@laichau.gov.vn>")

Written with the standard `EmailMessage`, since yagmail's own composing rewrites HTML, never folds
a header, and posts a body that happens to be a file's name as that file (lab/email.md, D2–D5, D11).
Anything that could end a header early is refused: `BadAddress`, `BadHeader`.
"""

from __future__ import annotations

import email.policy
import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from channels.errors import ChannelRefused
from channels.rendering import Rendered

KIND_HEADER = "X-TDKT-Letter"
OURS = {"from", "to", "cc", "bcc", "subject", "message-id", "date", "sender", "reply-to"}
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[\w.-]+\.?[\w-]+")
_MESSAGE_ID = re.compile(r"<[!-;=?-~]+@[!-;=?-~]+>")
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
_LINE_BEGUN = re.compile(r"[\r\n](?![ \t\n])")
CODED, OPENED = "=?", "= ?"  # a coded word begins: what is typed so is no code, whatever it says
LONGEST_NAME = 200
_HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*")


class _Policy(email.policy.EmailPolicy):
    """Headers of Vietnamese words folded without loss.

    The standard fold of Python 3.11 drops the space at which it breaks encoded words ("báo cáovà");
    the older `Header` does not. From keeps its address bare, only the name is encoded. Whatever the
    fold came to, it is one header: Python 3.11 does not look (CVE-2024-6923).
    """

    def fold(self, name: str, value: Any) -> str:
        folded = self._folded(name, value)
        if _LINE_BEGUN.search(folded.removesuffix(self.linesep)):
            raise BadHeader(f"Đầu mục {name} bị ngắt giữa chừng: {str(value)[:40]!r}.")
        return folded

    def _folded(self, name: str, value: Any) -> str:
        addresses = getattr(value, "addresses", ())
        if str(value).isascii() or len(addresses) > 1:
            return str(super().fold(name, value))
        words = addresses[0].display_name if addresses else str(value)
        coded = Header(words, "utf-8", self.max_line_length, name).encode(linesep=self.linesep)
        tail = f"{self.linesep} <{addresses[0].addr_spec}>" if addresses else ""
        return f"{name}: {coded}{tail}{self.linesep}"

    def fold_binary(self, name: str, value: Any) -> bytes:
        return self.fold(name, value).encode("ascii")


POLICY = _Policy(max_line_length=76, cte_type="7bit", linesep="\r\n")


class BadAddress(ChannelRefused):
    """The text cannot be the address of one reader."""


class BadHeader(ChannelRefused):
    """A header's name or value would break the message."""


def compose(
    rendered: Rendered,
    *,
    sender: str,
    to: str,
    message_id: str,
    sender_name: str = "",
    reply_to: str = "",
    headers: Mapping[str, str] | None = None,
    at: datetime | None = None,
) -> EmailMessage:
    """The message of one letter to one reader, ready for `bytes()`.

    `message_id` is `<…@…>`; `headers` are further ones (threads, the kind of letter by which the
    capture folder names its files), none of which may be among those set here.
    Raises BadAddress and BadHeader.
    """
    message = EmailMessage(policy=POLICY)
    message["From"] = _mailbox(sender, sender_name)
    message["To"] = _mailbox(to)
    message["Subject"] = _value("Subject", unicodedata.normalize("NFC", rendered.subject))
    message["Date"] = format_datetime(at or datetime.now(UTC))
    message["Message-ID"] = _known_id(message_id)
    if reply_to:
        message["Reply-To"] = _mailbox(reply_to)
    # RFC 3834, and Exchange's own: out-of-office robots stay silent; bounces are still wanted.
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    for name, value in (headers or {}).items():
        _add(message, name, value)
    _fill(message, rendered)
    message["Content-Language"] = rendered.lang  # filling takes out every Content- header before it
    return message


def _fill(message: EmailMessage, rendered: Rendered) -> None:
    message.set_content(rendered.text, cte="base64")
    message.add_alternative(rendered.html, subtype="html", cte="base64")
    page = message.get_payload(1)
    if not isinstance(page, EmailMessage):
        raise TypeError("the second part of an alternative is always a message")
    for image in rendered.images:
        page.add_related(
            image.content,
            "image",
            "png",
            cid=f"<{image.cid}>",
            disposition="inline",
            filename=f"{image.cid.partition('@')[0]}.png",
        )
    for file in rendered.files:
        major, _, minor = file.kind.partition("/")
        message.add_attachment(file.content, major, minor, filename=_file_name(file.name))


def _file_name(name: str) -> str:
    """Plain ASCII: long names in pieces (RFC 2231) are shown wrong by old mail readers."""
    if not _FILE_NAME.fullmatch(name):
        raise BadHeader(f"{name[:60]!r} không dùng làm tên tệp kèm theo được.")
    return name


def _add(message: EmailMessage, name: str, value: str) -> None:
    if not _HEADER_NAME.fullmatch(name) or name.lower() in OURS:
        raise BadHeader(f"“{name[:40]!r}” không dùng làm tên đầu mục thư được.")
    if value:
        message[name] = _value(name, value)


def _value(name: str, value: str) -> str:
    if any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in value):
        raise BadHeader(f"Đầu mục {name} có ký tự điều khiển hoặc xuống dòng: {value[:40]!r}.")
    return value.replace(CODED, OPENED)


def _known_id(message_id: str) -> str:
    if not _MESSAGE_ID.fullmatch(message_id):
        raise BadHeader(f"Message-ID phải có dạng <…@…>, không phải {message_id[:40]!r}.")
    return message_id


def _mailbox(address: str, name: str = "") -> Address:
    local, _, domain = ascii_address(address).rpartition("@")
    return Address(_value("From", name)[:LONGEST_NAME], username=local, domain=domain)


def ascii_address(address: str) -> str:
    """The address as it goes on the wire: an international domain in its ASCII form.

    Raises BadAddress for anything but one plain address: no line break, space, comma or name.
    """
    broken = ".." in address or CODED in address or len(address) > 254
    if broken or not _ADDRESS.fullmatch(address):
        raise BadAddress(f"{address[:60]!r} không phải là một địa chỉ thư điện tử.")
    local, _, domain = address.rpartition("@")
    try:
        return f"{local}@{domain.encode('idna').decode()}"
    except UnicodeError as wrong:
        raise BadAddress(f"{address[:60]!r} có tên miền không hợp lệ.") from wrong
