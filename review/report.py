"""A period's report as figures: what the papers of an office print, whatever the period's length.

    payload = report_of(head, [month…], before, units=…, cadres=…, today=…)
    payload["roll"]["missing"], payload["before"]["missing"]      -> 4, 7

A quarter, a year or a term is made of its months: each month's roll stands beside the others; a
person's result is the longer period's own, a range while something is missing. JSON-ready: points
in hundredths, shares in hundredths of a percent.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from review.brief import ProgrammeTask
from review.cadres import Cadre
from review.digest import fault_rows
from review.findings import Finding
from review.points import half_up, share
from review.report_rows import (
    ages,
    card_line,
    cluster_of,
    finding_line,
    ordered,
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
    """What the book has of one month (or of a longer period, if it has it): `label` as said."""

    label: str
    entries: Sequence[RollEntry] = ()
    cards: Sequence[Scorecard] = ()
    findings: Sequence[tuple[str, Finding]] = ()
    closed: Sequence[ProgrammeTask] = ()
    following: Sequence[ProgrammeTask] = ()


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
    marks: Mapping[str, tuple[int | None, int | None]] | None = None,
    traces: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """`parts` are the period's own stretches in order, `earlier` those of the period before; `own`
    and `own_before` the results of the periods themselves by cadre; left out, those of a period
    that is one stretch. `marks` are the general criteria of each person by self and by authority,
    where they are told; `traces` the rows of the sheet that defends the points."""
    cards, before = _results(own, parts), _results(own_before, earlier)
    entries = [entry for part in parts for entry in part.entries]
    old_entries = [entry for part in earlier for entry in part.entries]
    findings = [pair for part in parts for pair in part.findings]
    return {
        **head,
        "roll": tally(entries).as_figures(),
        "before": tally(old_entries).as_figures() if old_entries else None,
        "series": [_point(part) for part in (*earlier, *parts) if part.entries],
        "clusters": _clusters(units, entries, cards.values(), old_entries, before.values()),
        "persons": _persons(cards.values()),
        "grades": _grades(cards.values(), before.values()),
        "cards": [
            card_line(
                at,
                card,
                cadres.get(card.cadre),
                units.get(card.unit),
                before,
                (marks or {}).get(card.cadre, (None, None)),
            )
            for at, card in enumerate(ordered(cards.values(), units), start=1)
        ],
        "traces": [dict(row) for row in traces],
        "faults": fault_rows(findings),
        "findings": [finding_line(units, unit, finding) for unit, finding in findings],
        "programme": programme(
            [task for part in parts for task in part.closed],
            parts[-1].following if parts else (),
            today,
        ),
        "tasks": [task_line(units, task, today) for part in parts for task in part.closed],
        "ahead": [task_line(units, task, today) for part in parts[-1:] for task in part.following],
        "ages": ages([cadres[code] for code in cards if code in cadres], today),
        "owing": owing(units, parts[-1].entries if parts else ()),
    }


def _results(own: Cards | None, parts: Sequence[Stretch]) -> Cards:
    if own is not None:
        return own
    return {card.cadre: card for card in parts[0].cards} if len(parts) == 1 else {}


def _mean(figures: Sequence[int | None]) -> int | None:
    known = [figure for figure in figures if figure is not None]
    return half_up(sum(known), len(known)) if known else None


def _point(part: Stretch) -> dict[str, Any]:
    return {"label": part.label, **tally(part.entries).as_figures()}


def _clusters(
    units: Mapping[str, Unit],
    entries: Iterable[RollEntry],
    cards: Iterable[Scorecard],
    old_entries: Iterable[RollEntry],
    old_cards: Iterable[Scorecard],
) -> list[dict[str, Any]]:
    """By mean, the best first; `before` is what the period before came to, or None."""
    now, then = _by_cluster(units, entries, cards), _by_cluster(units, old_entries, old_cards)
    rows = [{"name": name, **now[name], "before": then.get(name)} for name in sorted(now)]
    return sorted(rows, key=lambda row: (-(row["mean"] or 0), row["name"]))


def _by_cluster(
    units: Mapping[str, Unit], entries: Iterable[RollEntry], cards: Iterable[Scorecard]
) -> dict[str, dict[str, Any]]:
    groups: defaultdict[str, list[RollEntry]] = defaultdict(list)
    totals: defaultdict[str, list[int | None]] = defaultdict(list)
    for entry in entries:
        groups[cluster_of(units, entry.unit)].append(entry)
    for card in cards:
        if card.status is CardStatus.OK:
            totals[cluster_of(units, card.unit)].append(card.total)
    return {
        name: {**tally(groups[name]).as_figures(), "mean": _mean(totals[name])} for name in groups
    }


def _persons(cards: Iterable[Scorecard]) -> dict[str, int]:
    counts = Counter(card.status for card in cards)
    return {
        "on_roll": counts.total(),
        "scored": counts[CardStatus.OK],
        "insufficient": counts[CardStatus.INSUFFICIENT],
        "excluded": counts[CardStatus.EXCLUDED],
    }


def _grades(cards: Iterable[Scorecard], before: Iterable[Scorecard]) -> list[dict[str, Any]]:
    now, then = (
        Counter(card.grade for card in those if card.status is CardStatus.OK)
        for those in (cards, before)
    )
    whole = sum(now[grade] for grade in Grade)
    return [
        {
            "code": grade.value,
            "label": grade.label,
            "count": now[grade],
            "share": share(now[grade], whole),
            "before": then[grade] if then else None,
        }
        for grade in Grade
    ]
