"""`tdkt collect` and `tdkt review`: take in what came; hold a whole period's review."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import click

from cli.screen import as_json, bars, screen, show_standing
from review.period import Cadence, Period
from tasks.occasion import Occasion
from tasks.office import Office

home_option = click.option("--home", help="Thư mục văn phòng; mặc định là TDKT_HOME.")
json_option = click.option("--json", "in_json", is_flag=True, help="In ra dạng JSON.")
as_of_option = click.option(
    "--as-of", help="Chạy như thể đang ở thời điểm này, ví dụ 2026-11-12T06:00."
)


def moment(office: Office, as_of: str | None, option: str = "--as-of") -> datetime:
    """The instant meant, in the office's zone where none is given."""
    if not as_of:
        return datetime.now(UTC)
    try:
        told = datetime.fromisoformat(as_of)
    except ValueError:
        raise click.BadParameter(
            f"“{as_of}” không phải thời điểm; ví dụ đúng: 2026-11-12T06:00.", param_hint=option
        ) from None
    return told if told.tzinfo else told.replace(tzinfo=office.settings.zone)


def occasion_for(home: str | None, period: str | None, as_of: str | None = None) -> Occasion:
    """The occasion that a command is about; no period means the month that has just closed."""
    office = Office.at(home)
    settings = office.settings  # an office that is not there, or ill set, is said first
    now = moment(office, as_of)
    about = Period.parse(period) if period else settings.closed_by(now, Cadence.MONTH)
    return Occasion(office, about, run=f"tdkt-{uuid4().hex[:12]}", now=now)


@click.command()
@click.argument("period", required=False)
@click.option(
    "--send/--rehearse", default=True, help="Gửi thư trả lời, hay chỉ viết ra để xem trước."
)
@home_option
@as_of_option
@json_option
def collect(
    period: str | None, send: bool, home: str | None, as_of: str | None, in_json: bool
) -> int:
    """Nhận các tệp, thư mới đến, kiểm tra và trả lời đơn vị. Ví dụ: tdkt collect 2026-10"""
    occasion = occasion_for(home, period, as_of)  # what is wrong is said before the flows load
    from flows.cycle import take_in_and_answer
    from flows.holding import AtWork, Work, holding
    from tasks.take_stock import take_stock

    try:
        with bars() as progress, holding(occasion, Work.INTAKE) as mine:
            take_in_and_answer(mine, send=send, progress=progress)
    except AtWork as other:
        return _gave_way(occasion, other, in_json)
    return _ending(take_stock.fn(occasion), in_json)


@click.command()
@click.argument("period")
@click.option(
    "--send/--rehearse", default=False, help="Gửi thư thật, hay chỉ viết ra để xem trước."
)
@home_option
@as_of_option
@json_option
def review(period: str, send: bool, home: str | None, as_of: str | None, in_json: bool) -> int:
    """Chạy trọn chu kỳ của một kỳ, không cần máy chủ. Ví dụ: tdkt review 2026-10 --send"""
    occasion = occasion_for(home, period, as_of)
    from flows.cycle import review_cycle
    from flows.following import follow_on
    from flows.holding import AtWork, Work, holding

    try:
        with bars() as progress:
            with holding(occasion, Work.REVIEW) as mine:
                standing = review_cycle(mine, send=send, progress=progress)
            followed = follow_on(occasion, send=send, progress=progress)
    except AtWork as other:
        return _gave_way(occasion, other, in_json)
    if not in_json:
        for one in followed:
            screen.print(one.says)
        folder = "outbox" if send else "outbox/rehearsal"
        screen.print(f"Thư để xem: {occasion.office.folder / folder / 'index.html'}")
        if send:
            show_arming(occasion.office)
    stuck = send and standing.letters["written"] > 0
    return max(_ending(standing, in_json), int(stuck))


def show_arming(office: Office) -> None:
    """Says so if letters were only rehearsed because nobody has armed the mail."""
    from tasks.email_summaries import NOT_ARMED, may_leave

    with office.book() as book, book.reading() as conn:
        if not may_leave(conn, office):
            screen.print(f"[yellow]{NOT_ARMED}[/yellow]")


def _gave_way(occasion: Occasion, other: Exception, in_json: bool) -> int:
    """Another run is at the same work: nothing was left undone."""
    if in_json:
        as_json({"period": occasion.period_text, "at_work": str(other)})
    else:
        screen.print(str(other))
    return 0


def _ending(standing: Any, in_json: bool) -> int:
    if in_json:
        as_json(standing.as_json())
    else:
        show_standing(standing)
    return 1 if standing.needs_a_person else 0
