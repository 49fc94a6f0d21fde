"""From what stands in a cell to what was meant: one memo of verdicts for each column.

    read = Cleaner(form.sheet("general").field("c3"))
    read["2,5"]         -> Flag(value=250, why="number_text", …)   typed as text: mended and said
    read[2.5]           -> 250                                      nothing to say
    read["hai"]         -> Flag(value=None, check="KHONG_PHAI_SO", …)

Every distinct raw value is judged once in the life of a Cleaner; a column is then `map(read.
__getitem__, column)`, which is what keeps a workbook's check below the cost of reading it.
A bool is equal to 1.0 in a dict: callers pass TRUE and FALSE as text (review/examine.py does).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from typing import Any, NamedTuple

from review.form import Field, FieldType
from review.legacy_text import Mended, guesses, is_suspect, mended
from review.points import brief, hundredths
from review.tidy_text import is_tidy

MEMO_LIMIT = 100_000  # distinct values of one column; a long-lived process forgets and begins again
TOO_MUCH = 10**12  # no office counts so far, and the book holds 64 bits
SERIAL_ZERO = date(1899, 12, 30)  # day 0 of a spreadsheet, for dates that lost their format
YEARS = range(1900, 2101)

_BLANKS = re.compile(r"[\s\u00a0\u200b-\u200f\u202f\u2060\ufeff]+")
_BLANKS_IN_LINE = re.compile(r"[^\S\n]+|[\u200b-\u200f\u2060\ufeff]+")
_NUMBER = re.compile(r"([+-]?)(\d{1,12})(?:[.,](\d{1,6}))?", re.ASCII)
_DATE = re.compile(
    r"(?:ngày )?(\d{1,2})(?: ?[/.-] ?| tháng )(\d{1,2})(?: ?[/.-] ?| năm )(\d{4})", re.IGNORECASE
)
_ISO_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]0{1,2}:00(?::00)?)?")


class Flag(NamedTuple):
    """A value that something must be said of: a finding (`check`) or a repair (`why`)."""

    value: Any
    check: str = ""
    says: str = ""
    fix: str = ""
    why: str = ""
    now: str = ""


class _Bad(Exception):
    """A raw value that cannot be meant: its check, and the words for the unit."""

    def __init__(self, check: str, says: str, fix: str) -> None:
        super().__init__(says)
        self.flag = Flag(None, check, says, fix)


class Cleaner(dict[Any, Any]):
    """The memo of one field: raw value → clean value, or a Flag around it."""

    def __init__(self, field: Field, unlisted: str = "NGOAI_DANH_SACH") -> None:
        super().__init__()
        self.field = field
        self._takes_text = field.type in (FieldType.TEXT, FieldType.CODE)
        self.blank: Any = "" if self._takes_text else None
        self.has_flagged = False  # ever: until then no column needs to be searched for flags
        self._read = _reader(field, unlisted)

    def __missing__(self, raw: Any) -> Any:
        if len(self) >= MEMO_LIMIT:
            self.clear()
        self[raw] = verdict = self._verdict(raw)
        if type(verdict) is Flag:
            self.has_flagged = True
        return verdict

    def _verdict(self, raw: Any) -> Any:
        if not isinstance(raw, str):
            return self._judged(raw)
        as_it_is = is_tidy(raw)
        if not (raw if as_it_is else tidy(raw)):
            return self.blank
        if not raw.isascii() and is_suspect(raw):
            return self._of_before_unicode(raw)
        return raw if as_it_is and self._takes_text else self._judged(raw)

    def _judged(self, raw: Any) -> Any:
        try:
            return self._read(raw)
        except _Bad as bad:
            return bad.flag

    def _of_before_unicode(self, raw: str) -> Any:
        """Free text is mended where its letters leave no doubt; a choice, a date where one of the
        two readings is what may stand there."""
        if self._takes_text:
            meant = mended(raw)
            return self._said(meant) if meant else self._judged(raw)
        as_typed = self._judged(raw)
        if isinstance(as_typed, Flag) and as_typed.check:
            read = {one.why: self._said(one) for one in guesses(raw)}
            good = [flag for flag in read.values() if not flag.check]
            return good[0] if len(good) == 1 else as_typed
        return as_typed

    def _said(self, meant: Mended) -> Flag:
        """What the mended text is read as, and why it was mended."""
        read = self._judged(meant.text)
        flag = read if isinstance(read, Flag) else Flag(read, now=meant.text)
        return flag if flag.check else flag._replace(why=meant.why, now=flag.now or meant.text)


def tidy(text: str) -> str:
    """NFC, one ordinary blank where any blank stood, none at the ends."""
    if is_tidy(text):
        return text
    return _BLANKS.sub(" ", unicodedata.normalize("NFC", text)).strip()


def folded(value: object) -> str:
    """Text for comparing: tidy, and without regard to capitals."""
    return tidy(str(value)).casefold() if value not in (None, "") else ""


def as_text(raw: object) -> str:
    """Any raw value as an official would write it: 5.0 -> "5", 2.5 -> "2,5", a date 31/10/2026."""
    if isinstance(raw, float):
        return f"{raw:.15g}".replace(".", ",")
    if isinstance(raw, date):
        return f"{raw:%d/%m/%Y}"
    return "" if raw is None else str(raw)


def nearest(wanted: str, known: list[str], cutoff: float = 0.6) -> str:
    """The known text most like the wanted one, or ""."""
    by_fold = {folded(text): text for text in known}
    near = get_close_matches(folded(wanted), list(by_fold), n=1, cutoff=cutoff)
    return by_fold[near[0]] if near else ""


Reader = Callable[[Any], Any]


def _reader(field: Field, unlisted: str) -> Reader:
    if field.type is FieldType.CHOICE:
        return _choice_reader(field, unlisted)
    if field.type in (FieldType.NUMBER, FieldType.WHOLE):
        return _number_reader(field)
    if field.type is FieldType.CODE:
        return _code_reader(field)
    return _date if field.type is FieldType.DATE else _text


# Text


def _text(raw: Any) -> Any:
    """Line breaks are kept: a note may have paragraphs."""
    if not isinstance(raw, str):
        return as_text(raw)
    if is_tidy(raw):
        return raw
    composed = unicodedata.normalize("NFC", raw)
    lines = _BLANKS_IN_LINE.sub(" ", composed).replace("\r", "").split("\n")
    return _repaired(raw, composed, "\n".join(line.strip() for line in lines).strip())


def _code_reader(field: Field) -> Reader:
    """A task's code such as 2026-10-05 may have become a date; the period's cell has a reading of
    its own (review/identity.py)."""

    def read(raw: Any) -> Any:
        if isinstance(raw, date) and not field.locked:
            code = f"{raw:%Y-%m-%d}"
            return Flag(code, why="date_text", now=code)
        return _code(raw)

    return read


def _code(raw: Any) -> Any:
    if not isinstance(raw, str):
        return as_text(raw)
    return _repaired(raw, unicodedata.normalize("NFC", raw), tidy(raw))


def _repaired(raw: str, composed: str, clean: str) -> Any:
    if clean == raw:
        return clean
    return Flag(clean, why="nfc" if composed != raw else "space", now=clean)


# Numbers


def _number_reader(field: Field) -> Reader:
    whole = field.type is FieldType.WHOLE
    low = hundredths(field.low) if field.low else None
    high = hundredths(field.high) if field.high else None

    def read(raw: Any) -> Any:
        value = _bounded(field, _hundredths(field, raw), low, high)
        if whole:
            value = _whole(field, raw, value)
        if not isinstance(raw, str):
            return value
        return Flag(value, why="number_text", now=str(value) if whole else brief(value))

    return read


def _hundredths(field: Field, raw: Any) -> int:
    if isinstance(raw, str):
        return _typed_number(field, raw)
    if not isinstance(raw, int | float) or not abs(raw) < TOO_MUCH:  # NaN is not less either
        raise _not_a_number(field, raw)
    value = round(raw * 100)
    if abs(raw * 100 - value) > 1e-6:
        raise _too_fine(field, raw)
    return value


def _typed_number(field: Field, raw: str) -> int:
    typed = tidy(raw).removesuffix("%").strip()
    found = _NUMBER.fullmatch(typed)
    if not found:
        raise _not_a_number(field, raw)
    sign, units, part = found[1], found[2], (found[3] or "").rstrip("0")
    if len(part) > 2:
        raise _too_fine(field, raw)
    value = int(units) * 100 + int(f"{part:0<2}")
    if value >= TOO_MUCH * 100:
        raise _not_a_number(field, raw)
    return -value if sign == "-" else value


def _bounded(field: Field, value: int, low: int | None, high: int | None) -> int:
    if low is not None and value < low:
        least = "không được âm" if low == 0 else f"phải từ {brief(low)} trở lên"
        says = f"“{field.label}” {least}; ô này ghi {_signed(value)}."
        raise _Bad("KHONG_PHAI_SO", says, "Kiểm tra lại và ghi đúng con số.")
    if high is not None and value > high:
        says = f"Điểm {brief(value)} tại “{field.label}” vượt điểm tối đa {brief(high)}."
        if field.type is FieldType.WHOLE:
            says = f"“{field.label}” ghi {brief(value)}, vượt mức tối đa {brief(high)}."
        raise _Bad("VUOT_TOI_DA", says, f"Ghi lại giá trị không quá {brief(high)}.")
    return value


def _whole(field: Field, raw: Any, value: int) -> int:
    if value % 100:
        says = f"“{field.label}” phải là số nguyên; ô này ghi “{as_text(raw)}”."
        raise _Bad("KHONG_PHAI_SO", says, "Ghi số nguyên, không có phần thập phân.")
    return value // 100


def _signed(value: int) -> str:
    return f"-{brief(-value)}" if value < 0 else brief(value)


def _not_a_number(field: Field, raw: object) -> _Bad:
    says = (
        f"Ô “{field.label}” ghi “{as_text(raw)}”; ô này phải là số không âm, "
        "phần thập phân dùng dấu phẩy (ví dụ 2,5)."
    )
    return _Bad("KHONG_PHAI_SO", says, "Xóa chữ và chỉ ghi con số vào ô này.")


def _too_fine(field: Field, raw: object) -> _Bad:
    says = f"Ô “{field.label}” ghi {as_text(raw)}; chỉ nhận nhiều nhất hai chữ số thập phân."
    return _Bad("KHONG_PHAI_SO", says, "Làm tròn đến hai chữ số sau dấu phẩy.")


# Dates


def _date(raw: Any) -> Any:
    if isinstance(raw, datetime):
        raw = raw.date()
    if isinstance(raw, date):
        return _sensible(raw, raw)
    if isinstance(raw, int | float) and 20_000 <= raw < 73_051:  # 1954 to 2099, without a format
        return _mended_date(SERIAL_ZERO + timedelta(days=int(raw)))
    text = tidy(as_text(raw))
    if found := _DATE.fullmatch(text):
        day, month, year = map(int, found.groups())
    elif found := _ISO_DATE.fullmatch(text):
        year, month, day = map(int, found.groups())
    else:
        raise _not_a_date(raw)
    try:
        return _mended_date(_sensible(date(year, month, day), raw))
    except ValueError as wrong:
        raise _not_a_date(raw) from wrong


def _mended_date(day: date) -> Flag:
    return Flag(day, why="date_text", now=f"{day:%d/%m/%Y}")


def _sensible(day: date, raw: object) -> date:
    if day.year not in YEARS:
        raise _not_a_date(raw)
    return day


def _not_a_date(raw: object) -> _Bad:
    says = f"“{as_text(raw)}” không phải là ngày có trong lịch."
    return _Bad("NGAY_SAI", says, "Ghi ngày/tháng/năm đủ bốn chữ số của năm, ví dụ 30/10/2026.")


# Choices


def _choice_reader(field: Field, unlisted: str) -> Reader:
    labels = dict(field.choices or {})
    keys = {folded(label): key for key, label in labels.items()}
    keys |= {folded(key): key for key in labels}

    def read(raw: Any) -> Any:
        text = as_text(raw)
        key = keys.get(folded(text)) or keys.get(folded(text).removesuffix("%").strip())
        if key is None and isinstance(raw, float) and 0 < raw <= 1:
            key = keys.get(f"{raw * 100:.15g}")  # 100% in a cell is the number 1
            return Flag(key, why="number_text", now=key) if key else _unlisted(raw)
        return key if key is not None else _unlisted(raw)

    def _unlisted(raw: Any) -> Any:
        raise _Bad(unlisted, *_unlisted_words(field, as_text(raw), list(labels.values())))

    return read


def _unlisted_words(field: Field, typed: str, labels: list[str]) -> tuple[str, str]:
    if all(label.isdigit() for label in labels):
        either = " hoặc ".join(f"{label}%" for label in labels)
        says = f"Chỉ số “{field.label}” chỉ nhận {either}; ô này ghi “{typed}”."
        return says, f"Ghi {' hoặc '.join(labels)}."
    near = nearest(typed, labels)
    says = f"“{typed}” không có trong danh mục của “{field.label}”."
    if near:
        return f"{says} Có phải là “{near}”?", f"Chọn “{near}” hoặc mục khác trong danh sách."
    return says, f"Chọn một trong: {'; '.join(labels)}."
