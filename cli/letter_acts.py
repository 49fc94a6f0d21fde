"""`tdkt letters …`: what a person does with letters that did not simply go."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from cli.proof import proven
from cli.review import home_option, occasion_for
from cli.screen import screen, table
from review.post import LetterState
from review.powers import Power
from tasks.occasion import Occasion


@click.command()
@click.argument("period")
@home_option
def send(period: str, home: str | None) -> int:
    """Kiểm tra và gửi các thư đã viết của một kỳ, không chạy lại chu kỳ. Cần “tdkt arm” trước.

    Ví dụ: tdkt letters send 2026-10
    """
    from tasks.email_summaries import email_summaries

    posted = email_summaries.fn(occasion_for(home, period))
    screen.print(
        f"Đã gửi {posted.sent}, không gửi được {posted.failed}, chưa rõ {posted.in_doubt}, "
        f"tạm giữ {posted.held}, chờ gửi {posted.later}."
    )
    for words in (*posted.faults, posted.why):
        if words:
            screen.print(words)
    stuck = posted.failed + posted.in_doubt + posted.held + posted.later + posted.rehearsed
    return 1 if stuck or posted.faults else 0


@click.command()
@click.argument("period")
@home_option
def retry(period: str, home: str | None) -> int:
    """Cho các thư không gửi được vào hàng chờ gửi lại (không gồm thư chưa rõ đã tới hay chưa)."""
    from tdkt_models.letters import requeue

    return _again(occasion_for(home, period), LetterState.FAILED, requeue)


@click.command()
@click.argument("period")
@click.option("--letter", "number", type=int, help="Chỉ thư này, và không qua kiểm tra lại.")
@click.option("--by", "who", default="", help="Họ tên người quyết định (cần khi có --letter).")
@home_option
def release(period: str, number: int | None, who: str, home: str | None) -> int:
    """Cho các thư tạm giữ được kiểm tra lại, các thư chưa rõ được gửi lại (khi đã hỏi người nhận).

    Một thư bị giữ vì nội dung ngoài phạm vi mà người có trách nhiệm đã xem và thấy gửi được:
    tdkt letters release 2026-10 --letter 12 --by "Lò Văn Inh"
    """
    from tdkt_models.letters import judge_again, requeue

    occasion = occasion_for(home, period)
    who = proven(occasion.office, Power.LETTERS, who)
    if number is None:
        _again(occasion, LetterState.HELD, judge_again)
        return _again(occasion, LetterState.IN_DOUBT, requeue)
    if not who.strip():
        raise click.ClickException("Cần ghi tên người quyết định: --by HỌ-TÊN.")
    with occasion.office.book() as book, book.writing() as conn:
        count = requeue(conn, [number], occasion.stamp, who.strip())
    screen.print(f"{count} thư được xếp lại vào hàng chờ.")
    return 0 if count else 1


@click.command()
@click.argument("period")
@click.argument("number", type=int, required=False)
@click.option("--arrived/--lost", default=True, help="Thư đã tới, hay không tới.")
@click.option(
    "--log",
    "logs",
    type=click.Path(path_type=Path, dir_okay=False),
    multiple=True,
    help="Nhật ký của máy chủ thư (Postfix mail.log, cả tệp .gz); nhiều tệp thì theo thứ tự cũ "
    "trước, mới sau.",
)
@click.option("--by", "who", default="", help="Họ tên người xác nhận.")
@home_option
def settle(
    period: str,
    number: int | None,
    arrived: bool,
    logs: tuple[Path, ...],
    who: str,
    home: str | None,
) -> int:
    """Kết luận thư chưa rõ đã tới hay chưa: theo nhật ký máy chủ thư, hoặc theo người đã hỏi.

    Ví dụ: tdkt letters settle 2026-10 --log /var/log/mail.log
    hoặc: tdkt letters settle 2026-10 12 --arrived --by "Lò Văn Inh"
    """
    occasion = occasion_for(home, period)
    if logs:
        return _by_log(occasion, logs, who)
    if number is None or not who.strip():
        raise click.UsageError(
            "Cần --log NHẬT-KÝ, hoặc số của thư kèm --arrived hay --lost và --by HỌ-TÊN."
        )
    who = proven(occasion.office, Power.LETTERS, who)
    return _on_a_word(occasion, number, arrived, who)


def _by_log(occasion: Occasion, logs: tuple[Path, ...], who: str) -> int:
    """1 while some letter still waits for a person."""
    from tasks.doubts import settle_by_log

    settled = settle_by_log(occasion, logs, who=who.strip() or "dòng lệnh")
    if not settled:
        screen.print("Không có thư nào chưa rõ.")
        return 0
    rows = [(one.letter, one.to, one.says) for one in settled]
    screen.print(table("Theo nhật ký máy chủ thư", ("Số", "Gửi tới", "Kết luận"), rows))
    waiting = sum(one.fate is None for one in settled)
    if waiting:
        screen.print(f"{waiting} thư chưa kết luận được, chờ người xem.")
    return 1 if waiting else 0


def _on_a_word(occasion: Occasion, number: int, arrived: bool, who: str) -> int:
    from tdkt_models.letters import settle as keep

    state = LetterState.SENT if arrived else LetterState.FAILED
    reason = f"{who} xác nhận thư {'đã' if arrived else 'không'} tới."
    with occasion.office.book() as book, book.writing() as conn:
        count = keep(conn, [number], state, reason, occasion.stamp, who)
    screen.print(f"{count} thư đã có kết luận.")
    return 0 if count else 1


@click.command()
@home_option
def resume(home: str | None) -> int:
    """Cho máy chủ thư đang nghỉ được gửi tiếp ngay, khi đã xem và xử lý nguyên nhân."""
    from tdkt_models.relays import relays, resume_relay

    occasion = occasion_for(home, None)
    with occasion.office.book() as book, book.writing() as conn:
        resting = [one.relay for one in relays(conn) if one.paused_until]
        for name in resting:
            resume_relay(conn, name, occasion.stamp)
    screen.print(f"{len(resting)} máy chủ thư được gửi tiếp.")
    return 0


@click.command()
@click.argument("address")
@click.option("--by", "who", required=True, help="Họ tên người quyết định.")
@home_option
def unsuppress(address: str, who: str, home: str | None) -> int:
    """Lại gửi tới một địa chỉ đã hỏng, khi biết nó dùng được; thư giữ lại vì nó được xét lại.

    Ví dụ: tdkt letters unsuppress ubnd.x@laichau.gov.vn --by "Lò Văn Inh"
    """
    from tdkt_models.bounces import unsuppress as keep

    occasion = occasion_for(home, None)
    with occasion.office.book() as book, book.writing() as conn:
        known = keep(conn, address, occasion.stamp, who=who.strip())
    screen.print("Từ nay lại gửi tới địa chỉ này." if known else "Địa chỉ này không bị chặn.")
    return 0 if known else 1


def _again(occasion: Occasion, state: Any, requeue: Any) -> int:
    from tdkt_models.letter_ledger import ledger

    with occasion.office.book() as book, book.writing() as conn:
        chosen = [one.id for one in ledger(conn, occasion.period_text, state=state)]
        count = requeue(conn, chosen, occasion.stamp, "dòng lệnh")
    screen.print(f"{count} thư được xếp lại vào hàng chờ.")
    return 0
