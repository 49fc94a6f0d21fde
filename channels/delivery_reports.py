"""What a report of non-delivery says: about which letter, to whom, and for good or for now.

    report_in(message)   -> DeliveryReport("<0d6b…@x.vn>", "5.1.1", "user unknown", ("cu@x.vn",))

flufl.bounce knows the dialects of mail servers; the Message-ID comes from the returned headers. It
runs at a desk that can be killed (channels/side_desk.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message

from review.mail import DeliveryReport
from review.threads import MESSAGE_ID

DELIVERED = ("delivered", "relayed", "expanded")
_MESSAGE_ID_LINE = re.compile(r"^Message-I[Dd]:\s*(<[^\s>]+>)", re.MULTILINE)
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
LONGEST = 300


def report_in(message: Message) -> DeliveryReport:
    from flufl.bounce import all_failures  # rarely wanted

    delayed, failed = all_failures(message)
    fields = {
        name.lower(): str(value) for part in _statuses(message) for name, value in part.items()
    }
    action = fields.get("action", "").strip().lower()
    status = _STATUS.search(fields.get("status", ""))
    words = fields.get("diagnostic-code", "").partition(";")[2].strip()
    usual = "2.0.0" if action in DELIVERED else "4.0.0" if delayed and not failed else "5.0.0"
    return DeliveryReport(
        message_id=_returned_id(message),
        status=status[1] if status else usual,
        text=" ".join(words.split())[:LONGEST],
        addresses=tuple(sorted(_plain(one) for one in (failed or delayed))),
    )


def _statuses(message: Message) -> Iterator[Message]:
    """The blocks of fields of a delivery-status: first the server's, then one for each address."""
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            blocks = part.get_payload()
            if isinstance(blocks, list):
                yield from (block for block in blocks if isinstance(block, Message))


def _returned_id(message: Message) -> str:
    """The Message-ID of the letter that came back, wherever its headers are shown."""
    for part in message.walk():
        if told := _id_shown(part, message):
            return told
    return ""


def _id_shown(part: Message, whole: Message) -> str:
    kind, payload = part.get_content_type(), part.get_payload()
    if kind == "message/rfc822" and isinstance(payload, list):
        returned = [one for one in payload if isinstance(one, Message)]
        return _first_id(str(returned[0].get("Message-ID", ""))) if returned else ""
    if kind in ("text/rfc822-headers", "text/plain") or part is whole:
        return "" if part.is_multipart() else _id_in(part)
    return ""


def _id_in(part: Message) -> str:
    content = part.get_payload(decode=True)
    words = content.decode("utf-8", "replace") if isinstance(content, bytes) else ""
    found = _MESSAGE_ID_LINE.search(words)
    return _first_id(found[1]) if found else ""


def _first_id(words: str) -> str:
    found = MESSAGE_ID.search(words)
    return found[0] if found else ""


def _plain(address: object) -> str:
    return address.decode("utf-8", "replace") if isinstance(address, bytes) else str(address)
