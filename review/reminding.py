"""Who is reminded, of what, and when: only those who owe, one letter a person.

    stage_of(now, due, days, office.answers)    -> "truoc-3", "sau-1", or "" for nothing
    reminders(office, scene)                    -> the letters of today

Before the due date the unit's own address is written to; after it too, and once enough working
days have passed, whoever is over the unit. A unit without an address is told to the office.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from review.cadres import Cadre
from review.calendar import WorkingDays
from review.letterhead import OFFICE
from review.letters import owing_digest, unit_reminder
from review.post import Letter
from review.roll import RollEntry, RollState
from review.scope import CONTACT, SUPERIOR
from review.settings import AnswerSettings, Settings
from review.units import Unit

OWING = (RollState.MISSING, RollState.RETURNED)
BEFORE, AFTER = "truoc", "sau"


@dataclass(frozen=True, slots=True)
class Scene:
    """What the reminders of one moment are written from; `last_day` when the period locks."""

    period: str
    now: datetime
    last_day: datetime
    days: WorkingDays
    units: Mapping[str, Unit]
    cadres: Mapping[str, Cadre]
    entries: Sequence[RollEntry]


def stage_of(now: datetime, due: datetime, days: WorkingDays, answers: AnswerSettings) -> str:
    """The reminder that is due by now; the same all day, and the next working day if nothing new
    has come up since, so that a day on which nobody ran it is made up for."""
    today, last = now.astimezone(due.tzinfo).date(), due.date()
    if now <= due:
        left = days.between(today, last)
        fitting = [step for step in answers.before if left <= step]
        return f"{BEFORE}-{min(fitting)}" if fitting else ""
    late = max(1, days.between(last, today))
    passed = [step for step in answers.after if step <= late]
    return f"{AFTER}-{max(passed)}" if passed else ""


def reminders(office: Settings, scene: Scene) -> Iterator[Letter]:
    owing = [
        (entry, stage)
        for entry in scene.entries
        if entry.counted is None and entry.state in OWING
        if (stage := stage_of(scene.now, entry.due, scene.days, office.answers))
    ]
    yield from _to_contacts(office, scene, owing)
    yield from _to_superiors(office, scene, [entry for entry, _ in owing])
    lost = [entry for entry, _ in owing if not scene.units[entry.unit].letter_to]
    if lost:
        to = office.digest_to[0] if office.digest_to else office.email
        yield _digest(office, scene, lost, "office", OFFICE, to)


def _to_contacts(
    office: Settings, scene: Scene, owing: Sequence[tuple[RollEntry, str]]
) -> Iterator[Letter]:
    """One letter a person, however many units it serves."""
    by_address: defaultdict[str, list[tuple[RollEntry, str]]] = defaultdict(list)
    for entry, stage in owing:
        if address := scene.units[entry.unit].letter_to.lower():
            by_address[address].append((entry, stage))
    for address, those in by_address.items():
        if len(those) == 1:
            ((entry, stage),) = those
            unit = scene.units[entry.unit]
            last = scene.last_day
            yield unit_reminder(office, unit, entry, now=scene.now, last_day=last, stage=stage)
        else:
            entries = [entry for entry, _ in those]
            person = f"{CONTACT}{address}"
            yield _digest(office, scene, entries, "contact", person, address)


def _to_superiors(office: Settings, scene: Scene, owing: Sequence[RollEntry]) -> Iterator[Letter]:
    by_person: defaultdict[tuple[str, str], list[RollEntry]] = defaultdict(list)
    for entry in owing:
        if _long_overdue(office, scene, entry) and (over := _superior(office, scene, entry)):
            by_person[over].append(entry)
    for (person, to), entries in by_person.items():
        yield _digest(office, scene, entries, "superior", person, to)


def _long_overdue(office: Settings, scene: Scene, entry: RollEntry) -> bool:
    today = scene.now.astimezone(scene.last_day.tzinfo).date()
    due = entry.due.astimezone(scene.last_day.tzinfo).date()
    late = scene.days.between(due, today)
    return scene.now > entry.due and late >= office.answers.superior_after


def _superior(office: Settings, scene: Scene, entry: RollEntry) -> tuple[str, str] | None:
    """Whoever the office named for the cluster, else the head of the unit."""
    unit = scene.units[entry.unit]
    if address := office.superiors.get(unit.cluster):
        return f"{SUPERIOR}{unit.cluster}", address
    head = scene.cadres.get(unit.head)
    return (head.code, head.email) if head is not None and head.email else None


def _digest(
    office: Settings, scene: Scene, entries: Sequence[RollEntry], role: str, person: str, to: str
) -> Letter:
    rows = [(scene.units[entry.unit], entry) for entry in entries]
    stages = {stage_of(scene.now, e.due, scene.days, office.answers) for e in entries}
    return owing_digest(
        office,
        scene.period,
        rows,
        role=role,
        stage=",".join(sorted(stages)),
        last_day=scene.last_day,
        person=person,
        to=to,
    )
