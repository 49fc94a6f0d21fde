"""A small month as the book keeps it: units, people, a report whose cells tell where they stand.

fill_october(book, stamp, month_form())
"""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from review.brief import ProgrammeTask, TaskStatus
from review.cadres import Cadre, Engagement, Group, Role, Sex
from review.findings import Finding, Severity
from review.form import Form, form_from
from review.period import Cadence
from review.post import Letter, LetterKind
from review.roll import RollEntry
from review.scorecard import CardStatus, Grade, Reason, Scorecard
from review.submission import Submission, Table
from review.units import Unit, UnitKind
from tdkt_models.base import Book, Stamp
from tdkt_models.cadres import keep_cadres
from tdkt_models.cycles import Cycle, keep_cycle
from tdkt_models.files import FileState, ReceivedFile, keep_files
from tdkt_models.findings import keep_findings
from tdkt_models.letters import (
    write_letters,
)
from tdkt_models.programme import keep_tasks
from tdkt_models.roll import (
    keep_roll,
)
from tdkt_models.scores import keep_cards
from tdkt_models.submissions import (
    KeptSubmission,
    keep_submissions,
)
from tdkt_models.units import keep_units

OCTOBER = "2026-10"
LATER = timedelta(hours=1)
MONTH_FORM = Path(__file__).parent.parent / "regulations/2026-01/forms/month.toml"

UNITS = [
    Unit("03637", "Xã Dào San", UnitKind.COMMUNE, "Cụm 1", "03637-01", ("b@x.vn", "a@x.vn")),
    Unit("SNV", "Sở Nội vụ", UnitKind.DEPARTMENT, until=date(2030, 1, 1), successor="SNV2"),
]


def month_form() -> Form:
    return form_from(tomllib.loads(MONTH_FORM.read_text(encoding="utf-8")))


def cadre(code: str = "03637-01", **changes: Any) -> Cadre:
    given = Cadre(
        code=code,
        unit=code[:5],
        name="Lò Văn Inh",
        birth=date(1980, 2, 29),
        sex=Sex.MALE,
        group=Group.CIVIL_SERVANT,
        engagement=Engagement.CONCURRENT,
        share=40,
        role=Role.HEAD,
        ethnicity="Thái",
    )
    return given._replace(**changes)


def submission(form: Form, unit: str = "03637", lines: int = 3) -> Submission:
    """A report whose every cell tells where it stands."""
    tables = {}
    for sheet in form.sheets:
        rows = [sample_row(sheet.fields, line) for line in range(6, 6 + lines)]
        tables[sheet.key] = Table(
            sheet.key, sheet.columns, tuple(rows[:1] if sheet.key == "cover" else rows)
        )
    return Submission(unit, OCTOBER, form.code, form.version, tables)


def sample_row(fields: Any, line: int) -> tuple[Any, ...]:
    samples = {
        "text": f"Bằng khen “{line}” \\ tab\t'; --",
        "code": f"0{line}",
        "number": 250 + line,
        "whole": line,
        "date": date(2026, 10, line),
        "choice": "khong",
        "ordinal": None,
    }
    blank = {"text": "", "code": ""}
    return (
        line,
        *(
            blank.get(f.type) if (line + at) % 7 == 0 else samples[f.type]
            for at, f in enumerate(fields)
        ),
    )


def received(name: str, **changes: Any) -> ReceivedFile:
    at = datetime(2026, 11, 1, 8, tzinfo=timezone(timedelta(hours=7)))
    given = ReceivedFile("folder", name, f"sha-{name}", name, 19_600, at, f"received/{name}")
    return given._replace(period=OCTOBER, unit="03637", **changes)


def letter(person: str = "03637", to: str = "a@x.vn", **payload: Any) -> Letter:
    said = {"đơn vị": "Xã Dào San", "điểm": 9047, **payload}
    return Letter(OCTOBER, LetterKind.UNIT_RESULT, person, to, (person,), said)


def open_october(book: Book, stamp: Stamp, codes: int = 0) -> None:
    more = [Unit(f"U{n:04}", f"Xã {n}", UnitKind.COMMUNE) for n in range(codes)]
    with book.writing() as conn:
        keep_units(conn, [*UNITS, *more], stamp)
        keep_cadres(conn, [cadre(), cadre("03637-02", role=Role.STAFF)], stamp)
        keep_cycle(conn, Cycle(OCTOBER, Cadence.MONTH, "2026-01", opened_at=stamp.at), stamp)


def fill_october(book: Book, stamp: Stamp, form: Form) -> None:
    """A whole small month."""
    open_october(book, stamp)
    with book.writing() as conn:
        said = [Finding("TONG_LECH", Severity.NOTE, "S4", "N6", "31", "Tổng lệch.", "Sửa ô này.")]
        file = keep_files(conn, [received("a.xlsx", state=FileState.CHECKED)], stamp)[0]
        keep_findings(conn, {file.id or 0: said}, stamp)
        kept = keep_submissions(
            conn, [KeptSubmission(submission(form), file.id or 0, standing=True)], stamp
        )
        keep_roll(conn, [entry(counted=kept[0].id), entry("SNV")], stamp)
        keep_cards(
            conn, [card()], stamp, regulation="2026-01", submissions={"03637": kept[0].id or 0}
        )
        keep_tasks(conn, [task("1"), task("2", due=None)], stamp)
        write_letters(conn, [letter(), letter("SNV", "")], stamp)


def entry(unit: str = "03637", **changes: Any) -> RollEntry:
    due = datetime(2026, 11, 5, 10, tzinfo=UTC)
    return replace(RollEntry(unit, OCTOBER, due), **changes)


def card(code: str = "03637-01") -> Scorecard:
    return Scorecard(
        code,
        "03637",
        OCTOBER,
        CardStatus.OK,
        general=2800,
        a=10_000,
        mean=9_667,
        total=9047,
        provisional=Grade.EXCELLENT,
        grade=Grade.GOOD,
        flags=("ky_luat",),
        reasons=(Reason("b", "Hai sản phẩm chưa đạt", 350, ("S3!J9",), "Điều 8"), Reason("d", "")),
    )


def task(code: str, **changes: Any) -> ProgrammeTask:
    given = ProgrammeTask(
        "03637", OCTOBER, code, "Thẩm định hồ sơ", "Tờ trình", "03637-01", date(2026, 10, 20)
    )
    return replace(given, **{"status": TaskStatus.GOING_ON, "carried": 2, **changes})
