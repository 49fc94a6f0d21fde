"""Whether the office's own mail server vouches for the address that a mail says it is from.

    is_proven(["mx.tinh.gov.vn; dkim=pass header.d=syt.vn"], "mx.tinh.gov.vn", "vp@syt.vn") -> True

Anybody can write any From. A receiving server checks SPF, DKIM and DMARC and says what it found in
a header of its own (RFC 8601). It is believed only under the name that the office's settings give,
and only the topmost: that server must take such headers off when they come from outside, as
RFC 8601 asks (section 5). What is promised: the mail left a server that may send for the domain of
the From address. Who sat at the keyboard, no header says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_NO_WORD = re.compile(r"[^\w.@+-]")
_METHOD = re.compile(r"\s*([a-z][a-z0-9-]*)(?:\s*/\s*\d+)?\s*=\s*([a-z]+)", re.IGNORECASE)
_PROPERTY = re.compile(r"([a-z]+)\s*\.\s*([a-z0-9-]+)\s*=\s*([^\s;]+)", re.IGNORECASE)
# Under these many different offices stand: one of them speaks for itself alone.
SHARED = frozenset({"gov.vn", "com.vn", "edu.vn", "org.vn", "net.vn", "ac.vn", "name.vn", "vn"})


@dataclass(frozen=True, slots=True)
class Result:
    """One thing a server found: "dkim", "pass", {"header.d": "syt.vn"}."""

    method: str
    result: str
    said: dict[str, str] = field(default_factory=dict)


def is_proven(headers: Sequence[str], server: str, sender: str) -> bool:
    """`headers` are the Authentication-Results in the order of the mail, topmost first; `server`
    the name under which the office's own server writes them."""
    own = next((h for h in headers if _server_of(h) == server.strip().lower()), None)
    return own is not None and any(_vouches(one, sender.lower()) for one in results(own))


def _server_of(header: str) -> str:
    return _plain(header).partition(";")[0].split(" ")[0].strip().lower()


def results(header: str) -> Iterator[Result]:
    for told in _plain(header).split(";")[1:]:
        found = _METHOD.match(told)
        if found:
            said = {f"{kind}.{name}".lower(): value for kind, name, value in _said(told)}
            yield Result(found[1].lower(), found[2].lower(), said)


def _said(told: str) -> list[tuple[str, str, str]]:
    return [(m[1], m[2], m[3].strip("<>").lower()) for m in _PROPERTY.finditer(told)]


def _plain(header: str) -> str:
    """Without comments, which may be nested, and quotes; in one line. What was quoted, as a sender
    may quote what stands before its @, stays one word and says nothing more."""
    out, depth = [], 0
    for sign in _QUOTED.sub(lambda found: _NO_WORD.sub("_", found[1]), header):
        depth += (sign == "(") - (sign == ")" and depth > 0)
        if depth == 0 and sign != ")":
            out.append(sign)
    return " ".join("".join(out).split())


def _vouches(one: Result, sender: str) -> bool:
    if one.result != "pass":
        return False
    domain = sender.rpartition("@")[2]
    said = one.said
    if one.method == "dmarc":
        return said.get("header.from", "").rpartition("@")[2] == domain
    if one.method == "dkim":
        signer = said.get("header.d") or said.get("header.i", "").rpartition("@")[2]
        return _speaks_for(signer, domain)
    if one.method == "spf":
        return _speaks_for(said.get("smtp.mailfrom", "").rpartition("@")[2], domain)
    return one.method == "auth" and said.get("smtp.auth") == sender


def _speaks_for(domain: str, whose: str) -> bool:
    """The same domain, or one above it that is not shared by many offices."""
    if not domain or domain in SHARED or "." not in domain:
        return False
    return whose == domain or whose.endswith(f".{domain}")
