"""`tdkt heartbeat`: do schedules still run, asked from outside; `tdkt alarms`: what was told."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import click

from cli.review import home_option, json_option
from cli.screen import as_json, screen, table
from review.alarms import Alarm
from tasks.office import Office


@click.command()
@home_option
@json_option
def heartbeat(home: str | None, in_json: bool) -> int:
    """Lịch chạy còn sống không; nếu đã dừng quá lâu thì viết thư cho cơ quan, một lần mỗi đợt.

    Đặt vào cron hay systemd timer, ngoài Prefect: tdkt heartbeat (mã thoát 1: lịch đã dừng).
    """
    alarm = beat_once(Office.at(home))
    if in_json:
        as_json({"alive": alarm is None, "matter": alarm.matter if alarm else ""})
    elif alarm:
        screen.print(f"{alarm.matter}: {alarm.do}.")
    else:
        screen.print("Lịch chạy bình thường.")
    return 1 if alarm else 0


def beat_once(office: Office) -> Alarm | None:
    """The alarm that schedules have stopped, told to the office; None while they run."""
    from tasks.house_letters import tell_office
    from tasks.occasion import Occasion
    from tasks.watch import silence

    alarm = silence(office)
    if alarm:
        from review.period import Cadence

        now = datetime.now(UTC)
        period = office.settings.closed_by(now, Cadence.MONTH)
        tell_office(Occasion(office, period, f"tdkt-{uuid4().hex[:12]}", now), [alarm])
    return alarm


@click.command()
@click.option("--all", "every", is_flag=True, help="Cả những việc đã qua.")
@home_option
@json_option
def alarms(every: bool, home: str | None, in_json: bool) -> int:
    """Những việc máy đã báo cho cơ quan và còn chưa qua. Ví dụ: tdkt alarms --all"""
    from tdkt_models.alarms import recall_alarms

    office = Office.at(home)
    zone = office.settings.zone
    with office.book() as book, book.reading() as conn:
        told = recall_alarms(conn, lasting=not every)
    if in_json:
        as_json(
            [
                {
                    "number": one.number,
                    "kind": one.kind.value,
                    "matter": one.matter,
                    "facts": list(one.facts),
                    "since": one.since.isoformat(),
                    "over": one.over_at.isoformat() if one.over_at else None,
                }
                for one in told
            ]
        )
        return 0
    rows = [
        (
            one.number,
            one.kind.label,
            f"{one.since.astimezone(zone):%H:%M %d/%m/%Y}",
            one.matter,
            "đã qua" if one.over_at else "",
        )
        for one in told
    ]
    screen.print(table("Việc đã báo", ("Số", "Loại", "Từ", "Nội dung", ""), rows))
    return 0
