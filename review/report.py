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
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from review.brief import ProgrammeTask, TaskStatus
from review.cadres import Cadre, Sex
from review.digest import NO_CLUSTER, share
from review.findings import Finding
from review.letter_rows import is_overdue, iso, plain, range_in_words
from review.points import half_up
from review.roll import RollEntry, RollState, tally
from review.scorecard import CardStatus, Grade, Scorecard
from review.units import Unit

AGES = ((0, 40, "Dưới 40"), (40, 51, "40 – 50"), (51, 200, "Trên 50"))
STATUS = {
    CardStatus.OK: "Đã chấm",
    CardStatus.INSUFFICIENT: "Chưa đủ dữ liệu",
    CardStatus.EXCLUDED: "Không thuộc diện chấm",
}


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
    traces: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """`parts` are the period's own stretches in order, `earlier` those of the period before; `own`
    and `own_before` the results of the periods themselves by cadre; left out, those of a period
    that is one stretch. `traces` are the rows of the sheet that defends them."""
    cards, before = _results(own, parts), _results(own_before, earlier)
    entries = [entry for part in parts for entry in part.entries]
    old_entries = [entry for part in earlier for entry in part.entries]
    findings = [pair for part in parts for pair in part.findings]
    return {
        **head,
        "roll": _figures(entries),
        "before": _figures(old_entries) if old_entries else None,
        "series": [_point(part) for part in (*earlier, *parts) if part.entries],
        "clusters": _clusters(units, entries, cards.values()),
        "persons": _persons(cards.values()),
        "grades": _grades(cards.values(), before.values()),
        "cards": [
            _card_row(at, card, cadres.get(card.cadre), units.get(card.unit), before)
            for at, card in enumerate(_ordered(cards.values(), units), start=1)
        ],
        "traces": [dict(row) for row in traces],
        "faults": _faults(findings),
        "findings": [_finding_row(units, unit, finding) for unit, finding in findings],
        "programme": _programme(parts, today),
        "tasks": [_task_row(units, task, today) for part in parts for task in part.closed],
        "ahead": [_task_row(units, task, today) for task in parts[-1].following] if parts else [],
        "ages": _ages([cadres[code] for code in cards if code in cadres], today),
        "owing": _owing(units, parts[-1].entries if parts else ()),
    }


def _results(own: Mapping[str, Scorecard] | None, parts: Sequence[Stretch]) -> Cards:
    if own is not None:
        return own
    return {card.cadre: card for card in parts[0].cards} if len(parts) == 1 else {}


def _mean(figures: Sequence[int | None]) -> int | None:
    known = [figure for figure in figures if figure is not None]
    return half_up(sum(known), len(known)) if known else None


def _figures(entries: Sequence[RollEntry]) -> dict[str, Any]:
    counts = tally(entries)
    in_time = sum(entry.received and not entry.late_days for entry in entries)
    return {
        **asdict(counts),
        "completeness": share(counts.accepted + counts.nil, counts.roll),
        "timeliness": share(in_time, counts.roll),
    }


def _point(part: Stretch) -> dict[str, Any]:
    figures = _figures(part.entries)
    return {
        "label": part.label,
        "completeness": figures["completeness"],
        "timeliness": figures["timeliness"],
    }


def _clusters(
    units: Mapping[str, Unit], entries: Iterable[RollEntry], cards: Iterable[Scorecard]
) -> list[dict[str, Any]]:
    groups: defaultdict[str, list[RollEntry]] = defaultdict(list)
    totals: defaultdict[str, list[int | None]] = defaultdict(list)
    for entry in entries:
        groups[_cluster(units, entry.unit)].append(entry)
    for card in cards:
        if card.status is CardStatus.OK:
            totals[_cluster(units, card.unit)].append(card.total)
    rows = [
        {"name": name, **_figures(groups[name]), "mean": _mean(totals[name])}
        for name in sorted(groups)
    ]
    return sorted(rows, key=lambda row: (-(row["mean"] or 0), row["name"]))


def _cluster(units: Mapping[str, Unit], unit: str) -> str:
    return plain(units[unit].cluster, 80) or NO_CLUSTER if unit in units else NO_CLUSTER


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


def _ordered(cards: Iterable[Scorecard], units: Mapping[str, Unit]) -> list[Scorecard]:
    return sorted(cards, key=lambda card: (_cluster(units, card.unit), card.unit, card.cadre))


def _card_row(
    at: int,
    card: Scorecard,
    cadre: Cadre | None,
    unit: Unit | None,
    before: Mapping[str, Scorecard],
) -> dict[str, Any]:
    old, scored = before.get(card.cadre), card.status is CardStatus.OK
    return {
        "n": at,
        "code": card.cadre,
        "name": plain(cadre.name, 80) if cadre else "",
        "post": plain(cadre.post, 80) if cadre else "",
        "unit": card.unit,
        "unit_name": plain(unit.name, 100) if unit else "",
        "cluster": plain(unit.cluster, 80) if unit else "",
        "general": card.general if scored else None,
        "task_score": card.task_score if scored else None,
        "total": card.total if scored else None,
        "range": range_in_words(card),
        "grade": card.grade.label if card.grade else "",
        "status": STATUS[card.status],
        "before": old.total if old else None,
        "flags": list(card.flags),
    }


def _faults(findings: Sequence[tuple[str, Finding]]) -> list[dict[str, Any]]:
    times: Counter[str] = Counter(finding.check for _, finding in findings)
    where: defaultdict[str, set[str]] = defaultdict(set)
    example: dict[str, Finding] = {}
    for unit, finding in findings:
        where[finding.check].add(unit)
        example.setdefault(finding.check, finding)
    return [
        {
            "check": check,
            "label": example[check].severity.label,
            "fix": plain(example[check].fix, 160),
            "times": count,
            "units": len(where[check]),
        }
        for check, count in sorted(times.items(), key=lambda item: (-item[1], item[0]))
    ]


def _finding_row(units: Mapping[str, Unit], unit: str, finding: Finding) -> dict[str, Any]:
    return {
        "unit": unit,
        "unit_name": plain(units[unit].name, 100) if unit in units else "",
        "check": finding.check,
        "label": finding.severity.label,
        "sheet": plain(finding.sheet, 40),
        "cell": plain(finding.cell, 20),
        "says": plain(finding.says),
        "fix": plain(finding.fix),
    }


def _programme(parts: Sequence[Stretch], today: date) -> dict[str, int]:
    closed = [task for part in parts for task in part.closed]
    following = parts[-1].following if parts else ()
    return {
        "total": len(closed),
        "done": sum(task.status is TaskStatus.DONE for task in closed),
        "dropped": sum(task.status is TaskStatus.DROPPED for task in closed),
        "overdue": sum(is_overdue(task, today) for task in closed),
        "carried": sum(task.carried > 0 for task in following),
        "carried_twice": sum(task.carried > 1 for task in following),
        "new": sum(not task.carried for task in following),
    }


def _task_row(units: Mapping[str, Unit], task: ProgrammeTask, today: date) -> dict[str, Any]:
    labels = {
        TaskStatus.NOT_STARTED: "Chưa làm",
        TaskStatus.GOING_ON: "Đang làm",
        TaskStatus.DONE: "Hoàn thành",
        TaskStatus.DROPPED: "Dừng",
    }
    return {
        "unit": task.unit,
        "unit_name": plain(units[task.unit].name, 100) if task.unit in units else "",
        "code": plain(task.code, 30),
        "content": plain(task.content, 200),
        "product": plain(task.product, 120),
        "owner": task.owner,
        "due": iso(task.due),
        "status": labels[task.status],
        "overdue": is_overdue(task, today),
        "carried": task.carried,
    }


def _ages(cadres: Sequence[Cadre], today: date) -> list[dict[str, Any]]:
    rows = []
    for least, most, label in AGES:
        those = [c for c in cadres if c.birth and least <= _age(c.birth, today) < most]
        women = sum(c.sex is Sex.FEMALE for c in those)
        rows.append({"label": label, "count": len(those), "women": women})
    unknown = sum(cadre.birth is None for cadre in cadres)
    return [*rows, {"label": "Chưa rõ", "count": unknown, "women": 0}] if unknown else rows


def _age(birth: date, today: date) -> int:
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))


def _owing(units: Mapping[str, Unit], entries: Iterable[RollEntry]) -> list[dict[str, Any]]:
    owed = (RollState.MISSING, RollState.RETURNED, RollState.SET_ASIDE)
    return [
        {
            "code": entry.unit,
            "name": plain(units[entry.unit].name, 100) if entry.unit in units else "",
            "state": entry.state.label,
        }
        for entry in sorted(entries, key=lambda entry: (entry.state.value, entry.unit))
        if entry.state in owed
    ]
