"""A period's report as figures: what the papers of an office print, whatever the period's length.

    payload = report_of(head, [month…], before, units=…, cadres=…, today=…)
    payload["roll"]["missing"], payload["before"]["missing"]      -> 4, 7

A quarter, a year or a term is made of its months: each month's roll stands beside the others; a
person's result is the longer period's own, a range while something is missing. JSON-ready: points
in hundredths, shares in hundredths of a percent.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

from review.brief import ProgrammeTask
from review.cadres import Cadre
from review.digest import fault_rows
from review.findings import Finding
from review.points import share
from review.report_people import (
    AtHand,
    Counted,
    Everyone,
    Marks,
    cluster_of,
    counted,
    counted_cards,
)
from review.report_rows import (
    Lines,
    card_line,
    finding_line,
    owing,
    programme,
    task_line,
)
from review.roll import RollEntry, tally
from review.scorecard import CardStatus, Grade, Scorecard
from review.units import Unit

Cards = Mapping[str, Scorecard]


@dataclass(frozen=True, slots=True)
class Stretch:
    """What the book has of one month (or of a longer period, if it has it): `label` as said. Of a
    country findings and tasks are gone through as they come (`Lines`)."""

    label: str
    entries: Sequence[RollEntry] = ()
    cards: Sequence[Scorecard] = ()
    findings: Iterable[tuple[str, Finding]] = ()
    closed: Iterable[ProgrammeTask] = ()
    following: Iterable[ProgrammeTask] = ()


def report_of(
    head: Mapping[str, Any],
    parts: Sequence[Stretch],
    earlier: Sequence[Stretch],
    *,
    units: Mapping[str, Unit],
    cadres: Mapping[str, Cadre],
    today: date,
    own: Mapping[str, Scorecard] | None = None,
    own_before: Mapping[str, Scorecard] | None = None,
    marks: Mapping[str, Marks] | None = None,
    traces: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """The whole report of people who are all at hand. `parts` are the period's own stretches in
    order, `earlier` those of the period before; `own` and `own_before` the results of the periods
    themselves by cadre; left out, those of a period that is one stretch. `marks` are the general
    criteria of each person by self and by authority, where they are told; `traces` the rows of the
    sheet that defends the points."""
    cards, before = _results(own, parts), _results(own_before, earlier)
    totals = {code: card.total for code, card in before.items()}
    everyone = AtHand(cards, cadres, totals, marks or {})
    figures = figures_of(head, parts, earlier, everyone, before.values(), units=units, today=today)
    lines = lines_of(parts, everyone, units=units, today=today)
    whole = {name: list(rows) for name, rows in lines.items()}
    return {**figures, **whole, "traces": [dict(row) for row in traces]}


def figures_of(
    head: Mapping[str, Any],
    parts: Sequence[Stretch],
    earlier: Sequence[Stretch],
    everyone: Everyone,
    before: Iterable[Scorecard],
    *,
    units: Mapping[str, Unit],
    today: date,
) -> dict[str, Any]:
    """What a report says of all together; `before` are the results of the period before. Whatever
    of this has a line a person is counted as it comes."""
    entries = [entry for part in parts for entry in part.entries]
    old_entries = [entry for part in earlier for entry in part.entries]
    now, then = counted(everyone.of(everyone.units), units, today), counted_cards(before, units)
    return {
        **head,
        "roll": tally(entries).as_figures(),
        "before": tally(old_entries).as_figures() if old_entries else None,
        "series": [_point(part) for part in (*earlier, *parts) if part.entries],
        "clusters": _clusters(units, entries, now, old_entries, then),
        "persons": now.persons,
        "grades": _grades(now, then),
        "people_of": [*everyone.units],
        "faults": fault_rows(chain.from_iterable(part.findings for part in parts)),
        "programme": programme(
            chain.from_iterable(part.closed for part in parts),
            parts[-1].following if parts else (),
            today,
        ),
        "ages": now.ages,
        "owing": owing(units, parts[-1].entries if parts else ()),
    }


def lines_of(
    parts: Sequence[Stretch], everyone: Everyone, *, units: Mapping[str, Unit], today: date
) -> dict[str, Lines[dict[str, Any]]]:
    """What a report says line by line, made as it is written: persons, findings, tasks."""
    by_cluster = sorted(everyone.units, key=lambda code: (cluster_of(units, code), code))

    def cards() -> Iterator[dict[str, Any]]:
        people = everyone.of(by_cluster, marked=True)
        for at, person in enumerate(people, start=1):
            yield card_line(at, person, units.get(person.card.unit))

    def findings() -> Iterator[dict[str, Any]]:
        for unit, finding in chain.from_iterable(part.findings for part in parts):
            yield finding_line(units, unit, finding)

    def tasks(of: Sequence[Iterable[ProgrammeTask]]) -> Iterator[dict[str, Any]]:
        for task in chain.from_iterable(of):
            yield task_line(units, task, today)

    return {
        "cards": Lines(cards),
        "findings": Lines(findings),
        "tasks": Lines(lambda: tasks([part.closed for part in parts])),
        "ahead": Lines(lambda: tasks([part.following for part in parts[-1:]])),
    }


def _results(own: Cards | None, parts: Sequence[Stretch]) -> Cards:
    if own is not None:
        return own
    return {card.cadre: card for card in parts[0].cards} if len(parts) == 1 else {}


def _point(part: Stretch) -> dict[str, Any]:
    return {"label": part.label, **tally(part.entries).as_figures()}


def _clusters(
    units: Mapping[str, Unit],
    entries: Iterable[RollEntry],
    now: Counted,
    old_entries: Iterable[RollEntry],
    then: Counted,
) -> list[dict[str, Any]]:
    """By mean, the best first; `before` is what the period before came to, or None."""
    new, old = _by_cluster(units, entries, now), _by_cluster(units, old_entries, then)
    rows = [{"name": name, **new[name], "before": old.get(name)} for name in sorted(new)]
    return sorted(rows, key=lambda row: (-(row["mean"] or 0), row["name"]))


def _by_cluster(
    units: Mapping[str, Unit], entries: Iterable[RollEntry], told: Counted
) -> dict[str, dict[str, Any]]:
    groups: defaultdict[str, list[RollEntry]] = defaultdict(list)
    for entry in entries:
        groups[cluster_of(units, entry.unit)].append(entry)
    return {name: {**tally(groups[name]).as_figures(), "mean": told.mean(name)} for name in groups}


def _grades(now: Counted, then: Counted) -> list[dict[str, Any]]:
    whole = sum(now.grades[grade] for grade in Grade)
    return [
        {
            "code": grade.value,
            "label": grade.label,
            "count": now.grades[grade],
            "share": share(now.grades[grade], whole),
            "before": then.grades[grade] if then.statuses[CardStatus.OK] else None,
        }
        for grade in Grade
    ]
