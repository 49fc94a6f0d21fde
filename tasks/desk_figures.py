"""The figures of a period for the operators' screen, from the book alone.

desk_figures(occasion).standing.balanced    -> True
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from prefect import task
from sqlalchemy import Connection

from channels.outboxes import stays_here
from review.approval import Ruling, Stage, standing
from review.desk_figures import CheckLine, Figures, Step
from tasks.occasion import Occasion
from tasks.take_stock import standing_in
from tdkt_models.armings import armed
from tdkt_models.counted import changes_by_kind, findings_by_check, grades_by_unit, letters_by_kind
from tdkt_models.decisions import recall_decisions
from tdkt_models.quotas import recall_lists
from tdkt_models.roll import recall_roll
from tdkt_models.units import recall_units


@task(name="Lập bảng theo dõi")
def desk_figures(occasion: Occasion) -> Figures:
    """All but what waits for a person: where that is given, the flows know."""
    office, period = occasion.office, occasion.period_text
    settings = office.settings
    with office.book() as book, book.reading() as conn:
        checks = [
            CheckLine(one.check, one.severity, one.units, one.times, one.fix)
            for one in findings_by_check(conn, period)
        ]
        return Figures(
            period=occasion.period,
            now=datetime.now(UTC).astimezone(settings.zone),
            standing=standing_in(conn, occasion),
            units=recall_units(conn),
            entries=recall_roll(conn, period),
            checks=checks,
            letters=letters_by_kind(conn, period),
            grades=grades_by_unit(conn, period),
            changes=changes_by_kind(conn, period),
            lists=recall_lists(conn, period),
            steps=tuple(_last_steps(conn, occasion)),
            papers=tuple(_papers(occasion)),
            shows_codes=settings.desk.shows != "figures",
        )


def _last_steps(conn: Connection, occasion: Occasion) -> Iterator[Step]:
    """Approval stage by stage, and whether letters may leave."""
    held = {one.stage: one for one in standing(recall_decisions(conn, occasion.period_text))}
    for stage in occasion.regulation.approval_of(occasion.period.cadence):
        if stage is Stage.UNIT:
            continue
        one = held.get(stage)
        note = f"{one.who}: {one.note}" if one and one.ruling is Ruling.APPROVED else ""
        yield Step(f"Phê duyệt – {stage.label}", "xong" if one else "chưa", note)
    office = occasion.office
    if stays_here(office.smtp_url, office.settings):
        yield Step("Cho phép gửi thư", "không cần", "thư chỉ lưu trên máy này")
        return
    arming = armed(conn, datetime.now(UTC))
    if arming is None:
        yield Step("Cho phép gửi thư", "chưa", "mọi lượt gửi chỉ là xem trước")
        return
    until = arming.until.astimezone(office.settings.zone)
    note = f"{arming.by_whom} cho phép đến {until:%H:%M ngày %d/%m/%Y}"
    yield Step("Cho phép gửi thư", "xong", note)


def _papers(occasion: Occasion) -> Iterator[tuple[str, str]]:
    """Where papers and letters lie: below the office's own web address, else a path."""
    office = occasion.office
    reports = office.folder / "reports" / occasion.period_text.replace("..", "-")
    address = office.settings.desk.papers_url.rstrip("/")
    for path in sorted(reports.glob("*.*")) if reports.is_dir() else ():
        if not path.name.startswith("phieu-"):
            yield path.name, f"{address}/{reports.name}/{path.name}" if address else str(path)
    for words, folder in (("Thư đã gửi", "outbox"), ("Thư xem trước", "outbox/rehearsal")):
        index = office.folder / folder / "index.html"
        if index.is_file():
            yield words, str(index)
