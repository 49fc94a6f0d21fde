"""`tdkt demo`: an office of its own with the sample province, and one whole month of it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import click

from cli.review import json_option
from cli.screen import as_json, bars, screen, show_standing, table
from review.period import Cadence, Period
from tasks.occasion import Occasion
from tasks.office import Office, make_office

DAYS_AFTER = 12  # the review is held on the 12th of the month after, as the schedule has it


@click.command()
@click.option("--period", default="2026-10", show_default=True, help="Tháng để chạy thử.")
@click.option("--home", default="var/demo", show_default=True, help="Thư mục của văn phòng mẫu.")
@click.option("--years", type=click.IntRange(1, 5), help="Chạy mấy năm liền, tới hết năm 2026.")
@json_option
def demo(period: str, home: str, years: int | None, in_json: bool) -> int:
    """Chạy thử trọn một tháng với tỉnh mẫu Lai Châu, từ mẫu Excel trống đến thư kết quả.

    Với --years 3: ba năm liền 2024 – 2026 (hai năm đầu theo Nghị định 90, còn cấp huyện tới giữa
    năm 2025), đủ tháng, quý, năm, nhiệm kỳ, kèm kế hoạch của từng kỳ và việc thực hiện.
    """
    from flows.cycle import review_cycle

    if years:
        from cli.demo_years import run

        return run(Office.at(home), years, in_json)

    office = Office.at(home)
    occasion = opened(office, month(period))
    with bars() as progress:
        progress("Phát mẫu và nhận báo cáo mẫu", 0, 1)
        files = furnish(occasion)
        progress("Phát mẫu và nhận báo cáo mẫu", 1, 1)
        standing = review_cycle(occasion, send=True, progress=progress)
    if in_json:
        as_json(standing.as_json())
    else:
        tell(occasion, files, standing)
    return 0 if standing.balanced else 1


def month(text: str) -> Period:
    about = Period.parse(text)
    if about.cadence is not Cadence.MONTH:
        raise click.BadParameter("bản chạy thử chỉ có tháng, ví dụ 2026-10.", param_hint="--period")
    return about


def opened(office: Office, about: Period) -> Occasion:
    """A fresh demo office. Refuses a folder that is a real office's."""
    from tdkt_models.base import upgrade

    if office.exists:
        if not office.settings.demo:
            raise click.ClickException(
                f"{office.home} là văn phòng thật, không chạy thử ở đó. Hãy chọn --home khác."
            )
        shutil.rmtree(office.folder)
    make_office(
        office,
        name="Sở Nội vụ tỉnh Lai Châu",
        province="Lai Châu",
        short="Sở Nội vụ",
        email="tdkt@laichau.example",
        digest_to="phong.tdkt@laichau.example",
        leaders_to=["lanh.dao@laichau.example"],
        demo=True,
    )
    upgrade(office.database_url)
    held = datetime.combine(about.end + timedelta(days=DAYS_AFTER), time(6), office.settings.zone)
    return Occasion(office, about, run=f"demo-{uuid4().hex[:8]}", now=held.astimezone(UTC))


def furnish(occasion: Occasion) -> Sequence[Any]:
    """The sample roster into the book, blank forms into mau/, the filled ones into the inbox."""
    from sample import sample_roster
    from sample.month import sample_month
    from tasks.issue_forms import issue_forms
    from tasks.roster import keep_roster, roster_in

    roster = sample_roster()
    with occasion.office.book() as book, book.writing() as conn:
        strangers = {unit.code for unit in roster_in(conn).units} - {u.code for u in roster.units}
        if strangers:
            raise click.ClickException(
                "Sổ này không phải của văn phòng mẫu; hãy bỏ TDKT_DATABASE_URL."
            )
        keep_roster(conn, roster, occasion.stamp)
    issue_forms.fn(occasion, None, occasion.office.folder / "mau")
    files = sample_month(roster, occasion.regulation, occasion.period)
    for file in files:
        path = Path(occasion.office.inboxes[0]) / file.name
        path.write_bytes(file.data)
        seconds = file.received.timestamp()
        os.utime(path, (seconds, seconds))
    return files


def tell(occasion: Occasion, files: Sequence[Any], standing: Any) -> None:
    """What a person enjoys reading at the end."""
    screen.rule(f"[bold]{occasion.office.settings.name} · {occasion.period.label}[/bold]")
    screen.print(f"{len(files)} tệp đã gửi đến.\n")
    screen.print(table("Trả lại và để riêng", ("Tệp", "Kết luận", "Vì sao"), _returned(occasion)))
    screen.print()
    show_standing(standing)
    home = occasion.office.folder
    screen.print(
        f"\nMẫu trống     {home / 'mau'}\nBáo cáo đến   {home / 'inbox'}\n"
        f"Thư           {home / 'outbox' / 'index.html'}   (mở bằng trình duyệt)\n\n"
        f"Xem tiếp:  TDKT_HOME={short(home)} tdkt status {occasion.period_text}   ·   "
        f"tdkt explain 03637 {occasion.period_text}",
        soft_wrap=True,
    )


def short(home: Path) -> str:
    return str(home.relative_to(Path.cwd())) if home.is_relative_to(Path.cwd()) else str(home)


def _returned(occasion: Occasion) -> list[tuple[str, str, str]]:
    from tdkt_models.files import FileState, recall_files
    from tdkt_models.findings import recall_findings

    with occasion.office.book() as book, book.reading() as conn:
        files = [
            file
            for file in recall_files(conn)
            if file.state is FileState.SET_ASIDE or (file.verdict and not file.verdict.counts)
        ]
        found = recall_findings(conn, [file.id for file in files if file.id])
    return [
        (file.name, _conclusion(file), _why(file, found.get(file.id or 0, ()))) for file in files
    ]


def _conclusion(file: Any) -> str:
    return file.verdict.label if file.verdict else "Để riêng"


def _why(file: Any, findings: Sequence[Any]) -> str:
    if not findings:
        return str(file.reason)
    more = f" (và {len(findings) - 1} điểm khác)" if len(findings) > 1 else ""
    first = findings[0]
    return f"{first.place}: {first.says}{more}" if first.place else f"{first.says}{more}"
