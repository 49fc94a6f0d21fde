"""One file, read and judged, whatever it is: guard, parse, examine.

    read_and_examine(data, regulation.forms, "2026-10").verdict     -> Verdict.ACCEPTED
    read_and_examine(b"", regulation.forms, None).findings[0].check -> "EMPTY"

To be called where a file that kills its reader does no harm: through `channels.reading_room`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from channels.guard import Refused, refuse_too_large
from channels.workbook import names_in, read_workbook
from review.examine import Examined, examine, unreadable
from review.form import Form
from review.merging import merged
from review.raw import RawWorkbook

READY = b"ready"  # the first word of a desk
OUT_OF_MEMORY = 3  # the exit code of a desk that ran out of its memory

File = bytes | Path | tuple[Path, ...]  # several: a file and the corrections laid over it in turn


def read_and_examine(
    source: File, forms: Mapping[str, Form], expected_period: str | None
) -> Examined:
    """The answer for one file, given as its bytes or its path; never an exception for what is wrong
    with the file. `forms` by cadence, `expected_period` as for `examine`."""
    try:
        raw = _raw(source, forms)
    except Refused as refused:
        return unreadable(refused.code, refused.says, refused.fix)
    return examine(raw, forms, expected_period)


def _raw(source: File, forms: Mapping[str, Form]) -> RawWorkbook:
    if isinstance(source, tuple):
        base, *corrections = source
        raw = _raw(base, forms)
        for one in corrections:
            raw = _corrected(raw, _raw(one, forms), forms)
        return raw
    data = source if isinstance(source, bytes) else _bytes_of(source)
    try:
        return read_workbook(data, names_in(forms), forms)
    except Refused as refused:
        plain = _plain(data, forms) if refused.code == "NOT_A_WORKBOOK" else None
        if plain is None:
            raise
        return plain


def _plain(data: bytes, forms: Mapping[str, Form]) -> RawWorkbook | None:
    from channels.plain_forms import read_plain  # rarely wanted, and a desk starts without it

    return read_plain(data, forms)


def _corrected(
    base: RawWorkbook, correction: RawWorkbook, forms: Mapping[str, Form]
) -> RawWorkbook:
    """A correction of another unit's file, or of another form, is read as it is: it says so."""
    form = next((f for f in forms.values() if f.code == correction.meta.get("form")), None)
    theirs = base.meta.get("unit", correction.meta.get("unit"))
    if form is None or correction.meta.get("unit") != theirs:
        return correction
    return merged(base, correction, form)


def _bytes_of(path: Path) -> bytes:
    try:
        refuse_too_large(path.stat().st_size)
        return path.read_bytes()
    except OSError as wrong:
        says = f"Không mở được tệp {path.name}: {wrong.strerror}."
        raise Refused("NOT_THERE", says, "Kiểm tra đường dẫn và quyền đọc tệp.") from wrong
