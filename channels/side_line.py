"""What a side desk answers, as bytes that cannot do anything but be read: JSON and raw pieces.

    pack({"name": "a.xlsx", "content": b"PK…"})     -> [b'{"name":…}', b"PK…"]
    unpack(pieces)                                  the same value again

A desk may be in a stranger's hands by the time it answers: a pickle from it would run in the
office. Bytes travel beside the JSON as they are; dates as text with their kind.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import orjson

_BYTES, _DAY, _INSTANT = "~bytes", "~day", "~instant"


def pack(value: Any) -> list[bytes]:
    pieces: list[bytes] = []
    return [orjson.dumps(_plain(value, pieces)), *pieces]


def _plain(value: Any, pieces: list[bytes]) -> Any:
    if isinstance(value, bytes):
        pieces.append(value)
        return {_BYTES: len(pieces)}
    if isinstance(value, datetime):
        return {_INSTANT: value.isoformat()}
    if isinstance(value, date):
        return {_DAY: value.isoformat()}
    if isinstance(value, dict):
        return {str(key): _plain(one, pieces) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one, pieces) for one in value]
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    return value if value is None or isinstance(value, bool | int | float) else str(value)


def unpack(pieces: Sequence[bytes]) -> Any:
    """Raises ValueError for what is no answer of a desk."""
    try:
        return _whole(orjson.loads(pieces[0]), pieces)
    except (IndexError, TypeError, RecursionError) as wrong:
        raise ValueError("no answer of a desk") from wrong


def _whole(value: Any, pieces: Sequence[bytes]) -> Any:
    if isinstance(value, list):
        return [_whole(one, pieces) for one in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        ((kind, told),) = value.items()
        if kind == _BYTES:
            return pieces[told]
        if kind == _DAY:
            return date.fromisoformat(told)
        if kind == _INSTANT:
            return datetime.fromisoformat(told)
    return {key: _whole(one, pieces) for key, one in value.items()}
