"""The month in one page: what the office reads of its units, counted once and from one place.

    digest_block(units, entries, cards, findings, closed, following, today)["roll"]["missing"] -> 4

Shares are hundredths of a percent (8333 is 83,33%), or None where there is nothing to share.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from review.brief import ProgrammeTask, TaskStatus
from review.findings import Finding, Verdict
from review.letter_rows import is_overdue, iso, plain
from review.points import share
from review.roll import RollEntry, RollState, tally
from review.scorecard import CardStatus, Grade, Scorecard
from review.units import Unit

MOST_OWING = 30
MOST_CLUSTERS = 30
MOST_KINDS = 8
MOST_UNITS_LATE = 10
NO_CLUSTER = "Chưa xếp cụm, khối"


def digest_block(
    units: Sequence[Unit],
    entries: Sequence[RollEntry],
    cards: Iterable[Scorecard],
    findings: Iterable[tuple[str, Finding]],
    closed: Iterable[ProgrammeTask],
    following: Iterable[ProgrammeTask],
    today: date,
) -> dict[str, Any]:
    """The figures of the digest. Every unit of `entries` must be among `units`; `cards` are one a
    person on the roll; `findings` are pairs (unit code, finding). What persons and their lines add
    is looked at once, as it comes, and not kept."""
    by_code = {unit.code: unit for unit in units}
    results = Counter((card.status, card.grade) for card in cards)
    return {
        "roll": tally(entries).as_figures(),
        "clusters": _clusters(by_code, entries),
        "verdicts": _verdicts(entries),
        "persons": _persons(results),
        "grades": _grades(results),
        "owing": _owing(by_code, entries),
        "owing_total": sum(_owes(entry) for entry in entries),
        "frequent": fault_rows(findings)[:MOST_KINDS],
        "programme": _programme(by_code, closed, following, today),
    }


def _clusters(by_code: Mapping[str, Unit], entries: Iterable[RollEntry]) -> list[dict[str, Any]]:
    groups: defaultdict[str, list[RollEntry]] = defaultdict(list)
    for entry in entries:
        groups[by_code[entry.unit].cluster or NO_CLUSTER].append(entry)
    lines = [(_cluster_row(name, groups[name]), groups[name]) for name in sorted(groups)]
    return [row for row, _ in lines] if len(lines) <= MOST_CLUSTERS else _folded(lines)


def _cluster_row(name: str, entries: Sequence[RollEntry]) -> dict[str, Any]:
    return {"name": plain(name, 60), **tally(entries).as_figures()}


def _folded(lines: list[tuple[dict[str, Any], list[RollEntry]]]) -> list[dict[str, Any]]:
    """The least complete clusters and one line for all others, so that the columns still add up."""
    ordered = sorted(lines, key=lambda line: (line[0]["completeness"], line[0]["name"]))
    shown, others = ordered[: MOST_CLUSTERS - 1], ordered[MOST_CLUSTERS - 1 :]
    rest = [entry for _, entries in others for entry in entries]
    return [*(row for row, _ in shown), _cluster_row(f"{len(others)} cụm, khối khác", rest)]


def _verdicts(entries: Iterable[RollEntry]) -> list[list[Any]]:
    counts = Counter(entry.verdict for entry in entries)
    return [[verdict.label, counts[verdict]] for verdict in Verdict if counts[verdict]]


Results = Mapping[tuple[CardStatus, Grade | None], int]


def _persons(results: Results) -> dict[str, int]:
    counts: Counter[CardStatus] = Counter()
    for (status, _), number in results.items():
        counts[status] += number
    return {
        "on_roll": counts.total(),
        "scored": counts[CardStatus.OK],
        "insufficient": counts[CardStatus.INSUFFICIENT],
        "excluded": counts[CardStatus.EXCLUDED],
    }


def _grades(results: Results) -> list[dict[str, Any]]:
    counts = {grade: results.get((CardStatus.OK, grade), 0) for grade in Grade}
    whole = sum(counts.values())
    return [
        {
            "code": grade.value,
            "label": grade.label,
            "count": counts[grade],
            "share": share(counts[grade], whole),
        }
        for grade in Grade
    ]


def _owes(entry: RollEntry) -> bool:
    return entry.state in (RollState.MISSING, RollState.RETURNED, RollState.SET_ASIDE)


def _owing(by_code: Mapping[str, Unit], entries: Iterable[RollEntry]) -> list[dict[str, Any]]:
    order = list(RollState)
    owing = sorted(filter(_owes, entries), key=lambda entry: (order.index(entry.state), entry.unit))
    return [_owing_row(by_code[entry.unit], entry) for entry in owing[:MOST_OWING]]


def _owing_row(unit: Unit, entry: RollEntry) -> dict[str, Any]:
    return {
        "code": unit.code,
        "name": plain(unit.name, 100),
        "cluster": plain(unit.cluster, 60),
        "state": entry.state.value,
        "state_label": entry.state.label,
        "reachable": bool(unit.letter_to),
    }


def fault_rows(findings: Iterable[tuple[str, Finding]]) -> list[dict[str, Any]]:
    """The faults by kind, the most frequent first, each with an example. Names of persons stay in
    the units' letters."""
    times: Counter[str] = Counter()
    where: defaultdict[str, set[str]] = defaultdict(set)
    example: dict[str, Finding] = {}
    for unit, finding in findings:
        times[finding.check] += 1
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


def _programme(
    by_code: Mapping[str, Unit],
    closed: Iterable[ProgrammeTask],
    following: Iterable[ProgrammeTask],
    today: date,
) -> dict[str, Any]:
    ended: Counter[TaskStatus] = Counter()
    late: Counter[str] = Counter()
    for task in closed:
        ended[task.status] += 1
        late[task.unit] += is_overdue(task, today)
    late = +late  # of whom none is overdue nothing is said
    carried = Counter(min(task.carried, 2) for task in following)
    worst = sorted(late.items(), key=lambda item: (-item[1], item[0]))[:MOST_UNITS_LATE]
    return {
        "total": ended.total(),
        "done": ended[TaskStatus.DONE],
        "overdue": late.total(),
        "carried": carried[1] + carried[2],
        "carried_twice": carried[2],
        "worst": [[plain(by_code[code].name, 100), count] for code, count in worst],
        "today": iso(today),
    }
