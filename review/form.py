"""A form as a decision describes it: the one value that the blank workbook, the checks, their words
and the sample filler all walk.

    form = form_from(tomllib.loads(text))
    form.sheet("work").field("done").label   -> "Số lượng hoàn thành"
    form.sheet("work").cell("done", 9)       -> "I9"

Layout of every visible sheet (rows count from 1, columns from A):
  card sheets   title in A1, help in A2, fields from row 5: label in column A, value in column B
  table sheets  title in A1, help in A2, headings in row 5, data from row 6, one field a column
A hidden sheet `_META` holds A1:B4 = unit, period, form, version and the lists of the drop-downs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Any

from review.check_rules import USUAL, CheckRules

HEADING_ROW = 5
FIRST_ROW = 6
CARD_FIRST_ROW = 5
META_SHEET = "_META"
DRAFT_MARK = "-THU"
LAST = "last."
_STANDING = frozenset({"", "open_tasks", "roster", "last", "fixed"})


class FormError(ValueError):
    """The form's TOML contradicts itself."""


class FieldType(StrEnum):
    TEXT = "text"
    CODE = "code"  # text that identifies: never a number, compared exactly
    NUMBER = "number"  # two decimals at most; hundredths (int) once read
    WHOLE = "whole"  # int once read
    DATE = "date"  # datetime.date once read
    CHOICE = "choice"  # one of `choices`: the label stands in the cell, the key once read
    ORDINAL = "ordinal"  # the running number of a line: printed, never read


@dataclass(frozen=True)
class Field:
    """One column of a table or one line of a card.

    `choices` maps key to label. `source` names a list known only when the form is issued: "cadres",
    "leaders", "works", or the column of another sheet ("movements.code"). `low`/`high` bound a
    number (in its own unit, e.g. "2.5" points). `total_of` names the fields whose sum this one must
    state. `prefill` is "cadre.name", "unit.code", "last.phone" (as the last report had it), … ;
    what stands there is locked, unless `amend` lets the unit correct it.

    Rules between the cells of a line, told apart in review/checks_form.py: `not_before` names a
    date that this one may not precede, `not_over` a number it may not exceed; `needed_if` says
    which values of other fields call for this one ({"status": ("xong",)}; () for any value) and
    `needed_check` by which check it is missed; `sum` shows the column's sum above its heading;
    `ages` are the youngest and oldest that one born on this date may be at the period's end;
    `within` names the first and the last day between which so many teaching hours must fit.
    """

    name: str
    label: str
    type: FieldType
    help: str = ""
    width: float = 12
    required: bool = False
    locked: bool = False
    low: str = ""
    high: str = ""
    choices: Mapping[str, str] | None = None
    source: str = ""
    total_of: tuple[str, ...] = ()
    prefill: str = ""
    amend: bool = False
    not_before: str = ""
    not_over: str = ""
    needed_if: Mapping[str, tuple[str, ...]] | None = None
    needed_check: str = "THIEU_O"
    sum: bool = False
    ages: tuple[int, ...] = ()
    within: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """One sheet. `prefill` says which lines the blank comes with: "" none, "cadres" one a cadre,
    "raters" two a cadre (self, authority), "leaders" one a head or deputy, "open_tasks" the
    programme's open lines, "roster" all that is known of each cadre, "last" the lines of the unit's
    last report (those that `carry` lets through, without their `fresh` fields), "fixed" the form's
    own `lines`. `row_key` names the fields that together identify a line. `tall`: lines of text for
    which a row has room (0: by its columns).
    `partial`: a faulty line is held and the others count, instead of the whole report being
    returned."""

    key: str
    name: str
    title: str
    kind: str
    fields: tuple[Field, ...]
    help: str = ""
    row_key: tuple[str, ...] = ()
    prefill: str = ""
    spare: int = 10
    landscape: bool = True
    partial: bool = False
    carry: Mapping[str, tuple[str, ...]] | None = None
    fresh: tuple[str, ...] = ()
    lines: tuple[Mapping[str, Any], ...] = ()
    tall: int = 0

    @property
    def stands(self) -> bool:
        """Whether its prefilled lines are data as they are; else a line counts once a person has
        written in it."""
        return self.prefill in _STANDING

    @property
    def remembers(self) -> bool:
        """Whether it is prefilled from the unit's last report."""
        return self.prefill == "last" or any(f.prefill.startswith(LAST) for f in self.fields)

    def may_amend(self, field: Field) -> bool:
        """Whether the unit may write over what is prefilled there."""
        return not field.locked and (field.amend or self.prefill == "last")

    @cached_property
    def columns(self) -> tuple[str, ...]:
        return tuple(field.name for field in self.fields)

    @cached_property
    def _position(self) -> dict[str, int]:
        return {name: at for at, name in enumerate(self.columns)}

    def field(self, name: str) -> Field:
        return self.fields[self._position[name]]

    def at(self, name: str) -> int:
        """Zero-based place of a field: its column in a table, its line in a card."""
        return self._position[name]

    def cell(self, name: str, row: int = 0) -> str:
        """The address of a field: in a table on Excel row `row`, in a card wherever it stands."""
        if self.kind == "card":
            return f"B{CARD_FIRST_ROW + self.at(name)}"
        return f"{column_letter(self.at(name))}{row}"


@dataclass(frozen=True)
class Form:
    """`draft`: a form on trial; what is filled in on it is judged and answered, and counts for
    nothing. `rules` are the figures of the regulation that its reports are held to."""

    code: str
    version: str
    cadence: str
    title: str
    sheets: tuple[Sheet, ...]
    draft: bool = False
    rules: CheckRules = USUAL

    def sheet(self, key: str) -> Sheet:
        return next(sheet for sheet in self.sheets if sheet.key == key)

    @cached_property
    def names(self) -> frozenset[str]:
        """Of its sheets."""
        return frozenset(sheet.name for sheet in self.sheets)

    @property
    def tables(self) -> tuple[Sheet, ...]:
        return tuple(sheet for sheet in self.sheets if sheet.kind == "table")


def draft_of(form: Form) -> Form:
    """The same form on trial; its code and version say so wherever they stand."""
    return replace(
        form,
        code=f"{form.code}{DRAFT_MARK.lower()}",
        version=f"{form.version}{DRAFT_MARK}",
        title=f"BẢN THỬ – {form.title}",
        draft=True,
    )


WITH_SCORES = "-CHAM"  # on the code and version of a quarter's form that also tells the work done
SCORED = ("work", "general", "leaders", "changes")  # the sheets that a score rests on


def with_scores(quarter: Form, month: Form) -> Form:
    """The quarter's form of a unit that is measured by quarters and not month by month: the sheets
    that a score rests on stand behind its cover, as the month has them; the cover asks what the
    month's asks besides."""
    scored = tuple(sheet for sheet in month.sheets if sheet.key in SCORED)
    cover, *rest = quarter.sheets
    more = [f for f in month.sheet(cover.key).fields if f.name not in cover.columns]
    cover = replace(cover, fields=(*cover.fields, *more))
    return replace(
        quarter,
        code=f"{quarter.code}{WITH_SCORES.lower()}",
        version=f"{quarter.version}{WITH_SCORES}",
        sheets=(cover, *scored, *rest),
    )


def is_draft(*marked: str) -> bool:
    """Whether a code, a version or the name of a file is that of a form on trial."""
    return any(text.upper().removesuffix(".XLSX").endswith(DRAFT_MARK) for text in marked)


def column_letter(index: int) -> str:
    """0 -> A, 26 -> AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_index(letters: str) -> int:
    """A -> 0, AA -> 26."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


def form_from(data: Mapping[str, Any]) -> Form:
    """The form that a parsed TOML describes. Raises FormError naming the sheet and the field."""
    sheets = tuple(_sheet_from(block) for block in data["sheet"])
    return Form(data["form"], data["version"], data["cadence"], data["title"], sheets)


def _sheet_from(block: Mapping[str, Any]) -> Sheet:
    fields = tuple(_field_from(field, block["key"]) for field in block["field"])
    _refuse_strangers(block, fields)
    known = {k: v for k, v in block.items() if k not in ("field", "row_key", "line", "fresh")}
    known["carry"] = _tuples(block.get("carry"))
    return Sheet(
        fields=fields,
        row_key=tuple(block.get("row_key", ())),
        fresh=tuple(block.get("fresh", ())),
        lines=tuple(block.get("line", ())),
        **known,
    )


def _refuse_strangers(block: Mapping[str, Any], fields: tuple[Field, ...]) -> None:
    """Every field that a sheet names must be one of its own."""
    names = {field.name for field in fields}
    named = [*block.get("row_key", ()), *block.get("carry", ()), *block.get("fresh", ())]
    named += [name for line in block.get("line", ()) for name in line]
    for field in fields:
        named += [*field.total_of, *(field.needed_if or ()), *field.within]
        named += [name for name in (field.not_before, field.not_over) if name]
    for name in named:
        if name not in names:
            raise FormError(f"sheet '{block['key']}' names a field '{name}' that it does not have")


def _field_from(block: Mapping[str, Any], sheet: str) -> Field:
    try:
        kind = FieldType(block["type"])
    except ValueError as wrong:
        raise FormError(f"field '{block['name']}' of sheet '{sheet}': {wrong}") from wrong
    rest = {
        k: v
        for k, v in block.items()
        if k not in ("type", "total_of", "needed_if", "ages", "within")
    }
    return Field(
        type=kind,
        total_of=tuple(block.get("total_of", ())),
        needed_if=_tuples(block.get("needed_if")),
        ages=tuple(block.get("ages", ())),
        within=tuple(block.get("within", ())),
        **rest,
    )


def _tuples(lists: Mapping[str, Any] | None) -> Mapping[str, tuple[str, ...]] | None:
    return {name: tuple(values) for name, values in lists.items()} if lists else None
