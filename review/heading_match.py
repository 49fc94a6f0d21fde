"""Which column of a file is which field, by the words of its headings.

    match = matched_columns(texts, fields)
    match.columns[8]      -> 8     the column of the ninth field, None where none is it
    match.renamed[8]      -> the heading that was taken for that field's
    match.doubled         -> fields that two columns claim

`texts` are what may be the heading of each column: one text, or, where headings stand in two rows,
the lower one, the upper one, and both together. Another wording is taken for a field's only where
it is much like that field's, less like every other's, and no other column is as much like it: what
may be either is asked about.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from review.cells import folded
from review.form import Field
from review.legacy_text import guesses
from review.sheet_names import APART, likeness

ALIKE = 0.75  # of 1: from here on two headings may be one
IN_PLACE = 0.6  # … where the column also stands where the form has it
Texts = Sequence[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Match:
    columns: tuple[int | None, ...]
    renamed: Mapping[int, str] = field(default_factory=dict)
    doubled: Mapping[int, tuple[int, ...]] = field(default_factory=dict)


def heading_texts(row: Sequence[object]) -> Texts:
    """For headings in one row."""
    return [(folded(cell),) for cell in row]


def two_row_texts(upper: Sequence[object], lower: Sequence[object]) -> Texts:
    """For headings in two rows, the upper one of which may span several columns."""
    texts, over = [], ""
    for at in range(max(len(upper), len(lower))):
        above = folded(upper[at]) if at < len(upper) else ""
        below = folded(lower[at]) if at < len(lower) else ""
        over = above or over
        texts.append((below, above, f"{over} {below}".strip()))
    return texts


def hits(texts: Texts, labels: Sequence[str]) -> int:
    """How many of the fields' labels stand there word for word."""
    return len({text for told in texts for text in told}.intersection(labels))


def matched_columns(texts: Texts, fields: Sequence[Field]) -> Match:
    labels = [folded(one.label) for one in fields]
    there = {n: tuple(_with(texts, label)) for n, label in enumerate(labels)}
    columns: list[int | None] = [at[0] if at else None for at in there.values()]
    doubled = {n: at for n, at in there.items() if len(at) > 1}
    taken = {at for many in there.values() for at in many}
    strangers = [at for at, told in enumerate(texts) if any(told) and at not in taken]
    renamed = dict(_renamed(texts, labels, columns, strangers))
    for n, at in renamed.items():
        columns[n] = at
    return Match(tuple(columns), {n: texts[at][-1] for n, at in renamed.items()}, doubled)


def _with(texts: Texts, label: str) -> Iterator[int]:
    return (at for at, told in enumerate(texts) if label in told)


def _renamed(
    texts: Texts, labels: Sequence[str], columns: Sequence[int | None], strangers: Sequence[int]
) -> Iterator[tuple[int, int]]:
    """(field, column) of each heading that can only be one field's."""
    missing = [n for n, column in enumerate(columns) if column is None]
    if not missing or not strangers:
        return
    alike = {
        (at, n): max(likeness(text, label) for text in texts[at] if text)
        for at in strangers
        for n, label in enumerate(labels)
    }
    for at in strangers:
        for n in missing:
            best = alike[at, n]
            others = [alike[at, m] for m in range(len(labels)) if m != n]
            others += [alike[other, n] for other in strangers if other != at]
            enough = IN_PLACE if at == n else ALIKE
            if best >= enough and best - max(others, default=0) >= APART:
                yield n, at


def in_unicode(row: Sequence[object], labels: Sequence[str]) -> dict[int, tuple[str, str]]:
    """By column, the label that a heading in an old font is, and which font: TCVN3 or VNI."""
    found = {}
    for at, cell in enumerate(row):
        for meant in guesses(cell) if isinstance(cell, str) else ():
            if folded(meant.text) in labels:
                found[at] = (folded(meant.text), meant.why)
    return found
