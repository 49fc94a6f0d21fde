"""Words of spreadsheet formulas over the columns of a form, for the sheet that checks itself.

    page = Area(form.sheet("work"), last=46)
    page("done")                     -> "work_done", a name of 'S3 Công việc – sản phẩm'!$I$6:$I$46
    page.filled("done")              -> "(LEN(TRIM(work_done))>0)"
    page.names                       -> {"work_done": "='S3 …'!$I$6:$I$46"}, to be defined

Every word is an array of 0 and 1, one a row, so that they multiply (and) and add (or). Only
functions that Excel 2007 and LibreOffice both have, and no text whose meaning hangs on the locale.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from review.check_rules import USUAL, CheckRules
from review.form import FIRST_ROW, META_SHEET, Field, FieldType, Sheet, column_letter

SELF_CHECK_SHEET = "Tự kiểm tra"
POINT = "dau_thap_phan"  # a name of the cell that holds this machine's decimal mark
ISSUED_UNIT, ISSUED_PERIOD = f"{META_SHEET}!$B$1", f"{META_SHEET}!$B$2"
ISSUED_VERSION, PERIOD_END = f"{META_SHEET}!$B$4", f"{META_SHEET}!$B$5"
OPENING, PERIOD_START = f"{META_SHEET}!$B$6", f"{META_SHEET}!$B$7"
LAST_DAY = 73_415  # 31 December 2100


@dataclass(frozen=True)
class Area:
    """A sheet's data on the page: columns of a table down to `last`, single cells of a card.
    `rules` are the figures that the form's reports are held to."""

    sheet: Sheet
    last: int = 0
    names: dict[str, str] = field(default_factory=dict, compare=False)
    rules: CheckRules = USUAL

    def __call__(self, name: str, to: str = "") -> str:
        """The place of a field, or of all from one field to another."""
        at, end = self.sheet.at(name), self.sheet.at(to or name)
        called = f"{self.sheet.key}_{name}" + (f"_to_{to}" if end != at else "")
        if called not in self.names:
            self.names[called] = f"={quoted(self.sheet.name)}!{self._range(at, end)}"
        return called

    def _range(self, at: int, end: int) -> str:
        if self.sheet.kind == "card":
            cell = self.sheet.cell(self.sheet.fields[at].name)
            return f"${cell[0]}${cell[1:]}"
        first, last = column_letter(at), column_letter(end)
        return f"${first}${FIRST_ROW}:${last}${self.last}"

    def blocks(self, fields: Iterable[Field]) -> Iterator[str]:
        """The places of these fields, neighbours taken together (on a card each alone)."""
        places = sorted(self.sheet.at(one.name) for one in fields)
        if self.sheet.kind == "card":
            yield from (self(self.sheet.fields[at].name) for at in places)
            return
        for _, run in groupby(enumerate(places), key=lambda pair: pair[1] - pair[0]):
            ats = [at for _, at in run]
            yield self(self.sheet.fields[ats[0]].name, self.sheet.fields[ats[-1]].name)

    @property
    def rows(self) -> str:
        """The number of each line's row."""
        return f"ROW({self(self.sheet.fields[0].name)})"

    def filled(self, name: str) -> str:
        return filled(self(name))

    def blank(self, name: str) -> str:
        return f"(1-{filled(self(name))})"

    def is_(self, name: str, *keys: str) -> str:
        """Whether a choice is one of these keys."""
        labels = self.sheet.field(name).choices or {}
        place = f"TRIM({self(name)})"
        return either(*(f'({place}="{labels[key]}")' for key in keys))

    def used(self, *but: str) -> str:
        """Whether a person has written in the line (review/sheet_reading.py: `_is_typed`)."""
        names = [f.name for f in self.sheet.fields if self.typed(f) and f.name not in but]
        return either(*map(self.filled, names))

    def typed(self, field: Field) -> bool:
        if field.type is FieldType.ORDINAL or field.total_of:
            return False
        return not field.prefill or self.sheet.stands


def quoted(name: str) -> str:
    doubled = name.replace("'", "''")
    return f"'{doubled}'"


def filled(place: str) -> str:
    return f"(LEN(TRIM({place}))>0)"


def either(*words: str) -> str:
    return words[0] if len(words) == 1 else f"(({'+'.join(words)})>0)"


def both(*words: str) -> str:
    return "*".join(words)


def number(place: str) -> str:
    """The number that stands there, also when typed as text with a comma or a point; else 0."""
    return f"IF(ISNUMBER({place}),{place},IFERROR(VALUE({_as_typed(place)}),0))"


def is_formula(place: str) -> str:
    return f"_xlfn.ISFORMULA({place})"


def deaf(total: str, parts: Sequence[str]) -> str:
    """The form's own sum over figures of which some are typed as text: it adds only the others, and
    the office adds it anew."""
    return both(is_formula(total), either(*(f"ISTEXT({part})" for part in parts)))


def is_no_number(place: str) -> str:
    odd = [f'ISNUMBER(SEARCH("{sign}",TRIM({place})))' for sign in ("/", ":", " ")]
    text = either(f"ISERROR(VALUE({_as_typed(place)}))", *odd)
    return both(filled(place), f"(1-ISNUMBER({place}))", text)


def _as_typed(place: str) -> str:
    bare = f'SUBSTITUTE(SUBSTITUTE(TRIM({place}),"%",""),",",".")'
    return f'SUBSTITUTE({bare},".",{POINT})'


def is_no_day(place: str) -> str:
    """Not a date of the calendar, nor a text that reads as day/month/year."""
    text = f'SUBSTITUTE(SUBSTITUTE(TRIM({place}),".","/"),"-","/")'
    first = f'FIND("/",{text})'
    second = f'FIND("/",{text},{first}+1)'
    month = f"MID({text},{first}+1,{second}-{first}-1)"
    iso = f'RIGHT({text},4)&"-"&{month}&"-"&LEFT({text},{first}-1)'
    wrong = f"IF(ISNUMBER({place}),{place}>{LAST_DAY},ISERROR(DATEVALUE({iso})))"
    return both(filled(place), f"({wrong})")


def age(born: str, day: str) -> str:
    """Whole years from one date to another; both must be dates."""
    sooner = f"((MONTH({day})*100+DAY({day}))<(MONTH({born})*100+DAY({born})))"
    return f"(YEAR({day})-YEAR({born})-{sooner})"


def outside(value: str, low: int, high: int) -> str:
    return either(f"({value}<{low})", f"({value}>{high})")


def known_numbers(*places: str) -> str:
    return both(*(f"ISNUMBER({place})" for place in places))


def not_in(place: str, listed: str) -> str:
    return both(filled(place), f"ISNA(MATCH(TRIM({place}),{listed},0))")


def joined(places: Iterable[str]) -> str:
    """Several columns as one text a row, to be compared."""
    return '&"|"&'.join(f"TRIM({place})" for place in places)


def across(place: str) -> str:
    return f"TRANSPOSE({place})"
