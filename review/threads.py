"""The thread that a letter answers in, carried in its payload.

in_thread(letter, thread_after("<a@x>", ("<0@x>",)))    the same letter, to be shown below that mail
thread_headers(letter.payload)   -> {"In-Reply-To": "<a@x>", "References": "<0@x> <a@x>"}
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from review.mail import MOST_REFERENCES
from review.post import Letter

THREAD = "thread"
# "=?" begins a coded word: a mail program that sees one in our answer reads what a stranger coded.
MESSAGE_ID = re.compile(r"<(?:(?!=\?)[!-;=?-~])+@(?:(?!=\?)[!-;=?-~])+>")


def thread_after(message_id: str, references: Sequence[str] = ()) -> tuple[str, ...]:
    """The Message-IDs that an answer refers to, the mail answered last; () where it bears none."""
    ids = [one for one in (*references, message_id) if MESSAGE_ID.fullmatch(one)]
    if not MESSAGE_ID.fullmatch(message_id):
        return ()
    unique = list(dict.fromkeys(reversed(ids)))[::-1]
    return (*unique[:1], *unique[1:][-(MOST_REFERENCES - 1) :])


def in_thread(letter: Letter, thread: Sequence[str]) -> Letter:
    if not thread:
        return letter
    return replace(letter, payload={**letter.payload, THREAD: list(thread)})


def thread_headers(payload: Mapping[str, Any]) -> dict[str, str]:
    thread = payload.get(THREAD) or ()
    if not thread:
        return {}
    return {"In-Reply-To": thread[-1], "References": " ".join(thread)}
