"""A small office whose months are kept as cards directly: for what is made of months.

with small_office(tmp_path, url) as office:
    keep_months(office, "A-01", {1: 9000, 2: None})     None: a card without data
    occasion(office, "2026", "2027-01-20")
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from channels.library import regulation_in_force
from review.cadres import Cadre, Engagement, Group, Role, Sex
from review.findings import Verdict
from review.period import Cadence, Period
from review.roll import RollEntry, RollState
from review.scorecard import CardStatus, Scorecard
from review.submission import Submission
from review.units import Unit, UnitKind
from tasks.occasion import Occasion
from tasks.office import Office, make_office
from tdkt_models.base import Stamp
from tdkt_models.cadres import keep_cadres
from tdkt_models.cycles import Cycle, keep_cycle, recall_cycle
from tdkt_models.files import FileState, ReceivedFile, keep_files
from tdkt_models.roll import keep_roll
from tdkt_models.scores import keep_cards
from tdkt_models.submissions import KeptSubmission, keep_submissions
from tdkt_models.units import keep_units
from tests.province import surroundings

STAMP = Stamp(datetime(2026, 1, 2, tzinfo=UTC), "test")
UNITS = ("A", "B")


def person(code: str, unit: str = "A", **values: object) -> Cadre:
    known = Cadre(
        code, unit, f"Lò Thị {code}", date(1985, 5, 20), Sex.FEMALE, Group.CIVIL_SERVANT,
        Engagement.FULL, 100, Role.STAFF, duties="Chuyên viên",
    )  # fmt: skip
    return known._replace(**values)  # type: ignore[arg-type]


@contextmanager
def small_office(folder: Path, url: str, people: Sequence[Cadre] | None = None) -> Iterator[Office]:
    """Units A and B; two people in A and one in B unless others are given."""
    with surroundings(TDKT_DATABASE_URL=url):
        office = Office.at(folder)
        make_office(office)
        keep_people(office, people or (person("A-01"), person("A-02"), person("B-01", "B")))
        yield office


def keep_people(office: Office, people: Sequence[Cadre]) -> None:
    units = [
        Unit(
            code, f"Xã {code}", UnitKind.COMMUNE, since=date(2020, 1, 1), contacts=(f"{code}@x.vn",)
        )
        for code in sorted({*UNITS, *(one.unit for one in people)})
    ]
    with office.book() as book, book.writing() as conn:
        keep_units(conn, units, STAMP)
        keep_cadres(conn, people, STAMP)


def card(cadre: str, period: str, total: int | None, unit: str = "", **values: object) -> Scorecard:
    """A card with that total, graded by points; without a total, one that lacks data."""
    unit = unit or cadre.partition("-")[0]
    if total is None:
        made = Scorecard(cadre, unit, period, CardStatus.INSUFFICIENT)
    else:
        grade = regulation_in_force("2026-01").grades.grade_of(total)
        made = Scorecard(
            cadre, unit, period, CardStatus.OK, general=min(total, 3000),
            task_score=max(0, total - 3000), mean=0, total=total, provisional=grade, grade=grade,
        )  # fmt: skip
    return made._replace(**values)  # type: ignore[arg-type]


def keep_scored(office: Office, cards: Sequence[Scorecard]) -> None:
    with office.book() as book, book.writing() as conn:
        for period in sorted({one.period for one in cards}):
            if recall_cycle(conn, period) is None:
                cadence = Period.parse(period).cadence
                keep_cycle(conn, Cycle(period, Cadence(cadence), "2026-01"), STAMP)
        keep_cards(conn, cards, STAMP, regulation="2026-01")


def keep_months(
    office: Office, cadre: str, totals: Mapping[int, int | None], year: int = 2026, unit: str = ""
) -> None:
    keep_scored(
        office,
        [card(cadre, f"{year}-{month:02}", total, unit) for month, total in totals.items()],
    )


def keep_a_year(
    office: Office, totals: Mapping[str, int], months: Iterable[int] = range(1, 13)
) -> None:
    """The same total in each of these months of 2026, for everyone by code, at once."""
    keep_scored(
        office,
        [
            card(code, f"2026-{month:02}", total)
            for code, total in totals.items()
            for month in months
        ],
    )


def occasion(office: Office, period: str, day: str = "2027-01-20") -> Occasion:
    now = datetime.fromisoformat(f"{day}T09:00+07:00")
    return Occasion(office, Period.parse(period), run="test", now=now)


def keep_report(office: Office, submission: Submission, name: str) -> None:
    """The report as accepted, standing from now on; the roll says so."""
    at = datetime(2026, 11, 2, 8, tzinfo=UTC)
    file = ReceivedFile("folder", name, f"sha-{name}", name, 19_600, at, f"received/{name}")
    filed = file._replace(
        period=submission.period, unit=submission.unit, state=FileState.CHECKED,
        verdict=Verdict.ACCEPTED,
    )  # fmt: skip
    with office.book() as book, book.writing() as conn:
        if recall_cycle(conn, submission.period) is None:
            cadence = Period.parse(submission.period).cadence
            keep_cycle(conn, Cycle(submission.period, cadence, "2026-01"), STAMP)
        (kept,) = keep_files(conn, [filed], STAMP)
        (told,) = keep_submissions(conn, [KeptSubmission(submission, kept.id or 0, True)], STAMP)
        entry = RollEntry(
            submission.unit, submission.period, at, RollState.ACCEPTED, Verdict.ACCEPTED, True, at,
            counted=told.id,
        )  # fmt: skip
        keep_roll(conn, [entry], STAMP)
