"""What became of one letter handed to a relay, and what its words mean for the next.

    outcome_of(error, on_wire=False)   -> Outcome(Fate.BUSY, 450, "4.2.1 mailbox busy")

    SENT      the relay took it                       IN_DOUBT  lost after DATA: nobody knows
    BUSY      later, perhaps (4xx, no connection)     PAUSE     the relay will take nothing now:
    REFUSED   never (5xx on this letter)                        sign-in, certificate, quota, sender

A quota is answered with 5xx but is about the relay, not the person: without PAUSE the letter that
meets it, and every one after it, would be marked as failed.
"""

from __future__ import annotations

import re
import ssl
from dataclasses import dataclass
from enum import StrEnum

LONGEST = 300
_RELAY_WIDE = re.compile(
    r"5\.4\.5|4\.3\.2|daily|sending (limit|quota)|relay limit|rate limit|throttl|STOREDRV"
    r"|too many (messages|connect)|concurrent connections|relay(ing)? (access )?denied"
    r"|not permitted to relay|authentication (is )?required|must issue a? ?STARTTLS",
    re.IGNORECASE,
)
_LATER = re.compile(r"(?:in|after|for|wait)\s+(\d{1,4})\s*(s|m|h)", re.IGNORECASE)
_UNIT = {"s": 1, "m": 60, "h": 3600}
_MAILBOX = re.compile(r"\b[45]\.2\.[0-9]\b|mailbox (is )?full|over quota", re.IGNORECASE)
_TOO_LARGE = (552, 523)


class Fate(StrEnum):
    SENT = "sent"
    BUSY = "busy"
    REFUSED = "refused"
    PAUSE = "pause"
    IN_DOUBT = "in_doubt"


@dataclass(frozen=True, slots=True)
class Outcome:
    """`code` is the relay's three digits, or None where it said nothing; `text` its words or ours,
    one line, at most 300 characters."""

    fate: Fate
    code: int | None = None
    text: str = ""

    @property
    def sent(self) -> bool:
        return self.fate is Fate.SENT


def outcome_of(error: Exception, *, on_wire: bool) -> Outcome:
    """The outcome that an error met while posting stands for. `on_wire`: DATA had begun.

    yagmail lets the errors of its connection through; they are told apart by what they carry
    (`recipients`, `sender`, `smtp_code`), since only yagmail may know the library below it.
    """
    recipients = getattr(error, "recipients", None)
    if isinstance(recipients, dict) and recipients:
        return _of_reply(*next(iter(recipients.values())))
    code = getattr(error, "smtp_code", None)
    if isinstance(code, int) and code > 0:
        about_sender = hasattr(error, "sender") and code not in _TOO_LARGE
        return _of_reply(code, getattr(error, "smtp_error", b""), relay_wide=about_sender)
    return _of_silence(error, on_wire)


def outcome_of_opening(error: Exception) -> Outcome:
    """The same for an error met while connecting or signing in: nothing was handed over, and what
    is refused here is refused for every letter."""
    code = getattr(error, "smtp_code", None)
    if isinstance(code, int) and code > 0:
        return _of_reply(code, getattr(error, "smtp_error", b""), relay_wide=True)
    # No relay for this letter is no relay for any: trying each would only use up their attempts.
    return Outcome(Fate.PAUSE, None, _of_silence(error, on_wire=False).text)


def _of_reply(code: int, words: bytes | str, *, relay_wide: bool = False) -> Outcome:
    text = one_line(words)
    if _RELAY_WIDE.search(text) and not _MAILBOX.search(text):
        return Outcome(Fate.PAUSE, code, text)
    if 400 <= code < 500:
        return Outcome(Fate.BUSY, code, text)
    return Outcome(Fate.PAUSE if relay_wide else Fate.REFUSED, code, text)


def _of_silence(error: Exception, on_wire: bool) -> Outcome:
    if on_wire:
        return Outcome(Fate.IN_DOUBT, None, f"mất kết nối sau khi đã chuyển thư: {_said(error)}")
    if isinstance(error, ssl.SSLError):
        return Outcome(Fate.PAUSE, None, f"không tin được chứng thư của máy chủ: {_said(error)}")
    if isinstance(error, OSError) and type(error).__name__ == "SMTPNotSupportedError":
        return Outcome(Fate.PAUSE, None, f"máy chủ không có chức năng cần dùng: {_said(error)}")
    return Outcome(Fate.BUSY, None, f"chưa nối được máy chủ thư: {_said(error)}")


def _said(error: Exception) -> str:
    return one_line(str(error)) or type(error).__name__


def asked_to_wait(text: str) -> int | None:
    """Seconds after which a server said that it would like to be asked again."""
    said = _LATER.search(text)
    return int(said[1]) * _UNIT[said[2][0].lower()] if said else None


def one_line(words: bytes | str) -> str:
    """A server's words, made safe for a log or a letter."""
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:LONGEST]
