"""Headers of a mail that a stranger wrote, in plain words; who it is from.

sender(message), sender_name(message)     -> "inh@x.vn", "Lò Văn Inh"
words("=?utf-8?B?TMOy?=")                 -> "Lò"
"""

from __future__ import annotations

import re
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr

LONGEST_ADDRESS, LONGEST_FROM = 254, 2000
_NAME_PARTS = re.compile(r'"(?:[^"\\]|\\.)*"(?!@)|=\?[^?\s]*\?[bBqQ]\?[^?\s]*\?=')
_COMMENT = re.compile(r"\([^()]*\)")
_ADDRESSES = re.compile(r"[^\s<>,;:()]*@[^\s<>,;:()]*")


def _from(message: Message) -> str:
    return str(message.get("From", ""))


def sender(message: Message) -> str:
    """The one address that From names, as it stands there; "" where it names none or several. What
    is coded, quoted or in brackets is a name: servers that vouch for a sender look past it too."""
    if len(message.get_all("From", [])) != 1 or len(_from(message)) > LONGEST_FROM:
        return ""
    bare = _NAME_PARTS.sub(" ", _from(message))
    while bare != (bare := _COMMENT.sub(" ", bare)):
        pass
    named = {one.strip("'").lower() for one in _ADDRESSES.findall(bare)}
    address = named.pop() if len(named) == 1 else ""
    plain = address.count("@") == 1 and address.isprintable() and len(address) <= LONGEST_ADDRESS
    return address if plain else ""


def sender_name(message: Message) -> str:
    try:
        name, _ = parseaddr(_from(message)[:LONGEST_FROM])
    except RecursionError:  # brackets in brackets in brackets
        return ""
    return one_line(words(name))[:120]


def return_path(message: Message) -> str | None:
    told = message.get("Return-Path")
    return None if told is None else words(told).strip()


def words(told: object) -> str:
    """A header in Unicode, however it was coded."""
    try:
        return str(make_header(decode_header(str(told))))
    except (LookupError, ValueError, TypeError):
        return str(told).encode("utf-8", "replace").decode("utf-8", "replace")


def one_line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
