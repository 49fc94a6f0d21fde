"""The whole roll of the office, and what a new roll changes in it.

roster.unit("03637").name                       -> "Xã Mường Kim"
roster.cadres_of("03637", october)              -> those who served there in October
print(differences(old, new).report())
merged(old, new, ended_on=date(2026, 10, 31))   -> the roll to keep: nobody is ever deleted
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import groupby
from typing import TypeVar

from review.cadres import Cadre
from review.period import Period
from review.roster_columns import COLUMNS, Part, shown
from review.units import Unit

Entry = TypeVar("Entry", Unit, Cadre)


@dataclass(frozen=True)
class Roster:
    """Units and cadres, past ones included, in the order of their file. (No slots: the look-ups
    are made once, at the first question.)"""

    units: tuple[Unit, ...] = ()
    cadres: tuple[Cadre, ...] = ()

    def unit(self, code: str) -> Unit | None:
        return self._units.get(code)

    def cadre(self, code: str) -> Cadre | None:
        return self._cadres.get(code)

    def active(self, period: Period) -> tuple[Unit, ...]:
        """The units that were there on at least one day of the period: those who owe a report."""
        return tuple(unit for unit in self.units if unit.active_in(period.start, period.end))

    def cadres_of(self, code: str, period: Period) -> tuple[Cadre, ...]:
        """The cadres of one unit who served on at least one day of the period."""
        return tuple(
            cadre
            for cadre in self._staffs.get(code, ())
            if cadre.active_in(period.start, period.end)
        )

    def part(self, part: Part) -> tuple[Unit | Cadre, ...]:
        return self.units if part is Part.UNITS else self.cadres

    @cached_property
    def _units(self) -> dict[str, Unit]:
        return {unit.code: unit for unit in self.units}

    @cached_property
    def _cadres(self) -> dict[str, Cadre]:
        return {cadre.code: cadre for cadre in self.cadres}

    @cached_property
    def _staffs(self) -> dict[str, list[Cadre]]:
        staffs: dict[str, list[Cadre]] = {}
        for cadre in self.cadres:
            staffs.setdefault(cadre.unit, []).append(cadre)
        return staffs


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of one unit or cadre that is no longer what it was; `was` and `now` as shown."""

    part: Part
    code: str
    name: str
    heading: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class RosterChanges:
    """What a new roll changes. `ended` are those the new one no longer names: they are given a
    last day, and stay."""

    added: tuple[Unit | Cadre, ...] = ()
    ended: tuple[Unit | Cadre, ...] = ()
    changed: tuple[FieldChange, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.ended or self.changed)

    def report(self) -> str:
        """The changes in Vietnamese, one line each, units before cadres."""
        if not self:
            return "Danh sách không thay đổi."
        return "\n".join(line for part in Part for line in self._lines(part))

    def _lines(self, part: Part) -> Iterator[str]:
        added, ended = (list(_of(part, some)) for some in (self.added, self.ended))
        changed = [change for change in self.changed if change.part is part]
        persons = len({change.code for change in changed})
        yield f"{part.value}: thêm {len(added)}, kết thúc {len(ended)}, sửa {persons}"
        yield from (f"  + {new.code} {new.name}{_in_unit(new)}" for new in added)
        yield from (f"  − {old.code} {old.name}{_in_unit(old)}" for old in ended)
        for (code, name), changes in groupby(
            changed, key=lambda change: (change.code, change.name)
        ):
            yield f"  ~ {code} {name}: " + "; ".join(_said(change) for change in changes)


def differences(old: Roster, new: Roster) -> RosterChanges:
    """What stands differently in `new`, matched by code alone (a name identifies nobody here).
    Those who had ended before and are not named again are no change."""
    return RosterChanges(
        added=tuple(_missing(old, new)),
        ended=tuple(gone for gone in _missing(new, old) if gone.until is None),
        changed=tuple(change for part in Part for change in _changed(part, old, new)),
    )


def merged(old: Roster, new: Roster, ended_on: date) -> Roster:
    """The roll to keep: `new`, and those of `old` that it leaves out, ended on `ended_on` unless
    they had ended before (nor ended before they began)."""

    units = tuple(_ended(unit, ended_on) for unit in old.units if new.unit(unit.code) is None)
    cadres = tuple(_ended(cadre, ended_on) for cadre in old.cadres if new.cadre(cadre.code) is None)
    return Roster(new.units + units, new.cadres + cadres)


def _missing(there: Roster, here: Roster) -> Iterator[Unit | Cadre]:
    """Those `here` whom `there` does not know."""
    yield from (unit for unit in here.units if there.unit(unit.code) is None)
    yield from (cadre for cadre in here.cadres if there.cadre(cadre.code) is None)


def _changed(part: Part, old: Roster, new: Roster) -> Iterator[FieldChange]:
    before = {entry.code: entry for entry in old.part(part)}
    for entry in new.part(part):
        if (was := before.get(entry.code)) is not None and was != entry:
            yield from _field_changes(part, was, entry)


def _field_changes(part: Part, was: Unit | Cadre, now: Unit | Cadre) -> Iterator[FieldChange]:
    for column in COLUMNS[part]:
        a, b = getattr(was, column.name), getattr(now, column.name)
        if a != b:
            yield FieldChange(part, now.code, now.name, column.heading, shown(a), shown(b))


def _ended(gone: Entry, on: date) -> Entry:
    if gone.until is not None:
        return gone
    until = max(on, gone.since) if gone.since else on
    return replace(gone, until=until) if isinstance(gone, Unit) else gone._replace(until=until)


def _of(part: Part, some: Sequence[Unit | Cadre]) -> Iterable[Unit | Cadre]:
    kind = Unit if part is Part.UNITS else Cadre
    return (entry for entry in some if isinstance(entry, kind))


def _in_unit(entry: Unit | Cadre) -> str:
    return f" ({entry.unit})" if isinstance(entry, Cadre) else ""


def _said(change: FieldChange) -> str:
    return f"“{change.heading}” từ “{change.was}” thành “{change.now}”"
