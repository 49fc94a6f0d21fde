"""`tdkt letters`: the ledger of letters."""

from __future__ import annotations

from typing import Any

import click

from cli.review import home_option, json_option, occasion_for
from cli.screen import as_json, screen, table
from tasks.occasion import Occasion


@click.group()
def letters() -> None:
    """Sổ thư: xem thư nào đã viết, đã gửi, chưa gửi được."""


@letters.command("list")
@click.argument("period")
@home_option
@json_option
def list_letters(period: str, home: str | None, in_json: bool) -> int:
    """Liệt kê thư của một kỳ. Ví dụ: tdkt letters list 2026-10"""
    found = [_as_json(one) for one in _ledger(occasion_for(home, period))]
    if in_json:
        as_json(found)
    else:
        rows = [
            (one["id"], one["kind"], one["to"], one["state"], one["sent_at"], one["reason"])
            for one in found
        ]
        screen.print(
            table("Sổ thư", ("Số", "Loại", "Gửi tới", "Trạng thái", "Lúc", "Ghi chú"), rows)
        )
    return 0


@letters.command()
@click.argument("letter", type=int)
@click.argument("period")
@home_option
def show(letter: int, period: str, home: str | None) -> int:
    """In nội dung một thư. Ví dụ: tdkt letters show 12 2026-10"""
    from channels.rendering import render

    for one in _ledger(occasion_for(home, period)):
        if one.id == letter:
            rendered = render(one.letter)
            screen.print(f"Tới: {one.letter.to}\nTiêu đề: {rendered.subject}\n\n{rendered.text}")
            return 0
    raise click.ClickException(f"Không có thư số {letter} trong kỳ {period}.")


@letters.command()
@click.argument("period")
@home_option
def preview(period: str, home: str | None) -> int:
    """Viết mọi thư chưa gửi ra outbox/rehearsal để mở xem bằng trình duyệt."""
    from tasks.email_summaries import rehearse

    occasion = occasion_for(home, period)
    count = rehearse.fn(occasion)
    screen.print(f"{count} thư: {occasion.office.folder / 'outbox/rehearsal/index.html'}")
    return 0


@letters.command()
@click.argument("period")
@home_option
def retry(period: str, home: str | None) -> int:
    """Cho các thư không gửi được vào hàng chờ gửi lại (không gồm thư chưa rõ đã tới hay chưa)."""
    from review.post import LetterState
    from tdkt_models.letters import requeue

    return _again(occasion_for(home, period), LetterState.FAILED, requeue)


@letters.command()
@click.argument("period")
@click.option("--letter", "number", type=int, help="Chỉ thư này, và không qua kiểm tra lại.")
@click.option("--by", "who", default="", help="Họ tên người quyết định (cần khi có --letter).")
@home_option
def release(period: str, number: int | None, who: str, home: str | None) -> int:
    """Cho các thư tạm giữ được kiểm tra lại, các thư chưa rõ được gửi lại (khi đã hỏi người nhận).

    Một thư bị giữ vì nội dung ngoài phạm vi mà người có trách nhiệm đã xem và thấy gửi được:
    tdkt letters release 2026-10 --letter 12 --by "Lò Văn Inh"
    """
    from review.post import LetterState
    from tdkt_models.letters import judge_again, requeue

    occasion = occasion_for(home, period)
    if number is None:
        _again(occasion, LetterState.HELD, judge_again)
        return _again(occasion, LetterState.IN_DOUBT, requeue)
    if not who.strip():
        raise click.ClickException("Cần ghi tên người quyết định: --by HỌ-TÊN.")
    with occasion.office.book() as book, book.writing() as conn:
        count = requeue(conn, [number], occasion.stamp, who.strip())
    screen.print(f"{count} thư được xếp lại vào hàng chờ.")
    return 0 if count else 1


@letters.command()
@click.argument("period")
@click.argument("number", type=int)
@click.option("--arrived/--lost", default=True, help="Thư đã tới, hay không tới.")
@click.option("--by", "who", required=True, help="Họ tên người xác nhận.")
@home_option
def settle(period: str, number: int, arrived: bool, who: str, home: str | None) -> int:
    """Kết luận một thư chưa rõ đã tới hay chưa. Ví dụ: tdkt letters settle 2026-10 12 --by Inh"""
    from review.post import LetterState
    from tdkt_models.letters import settle as keep

    occasion = occasion_for(home, period)
    state = LetterState.SENT if arrived else LetterState.FAILED
    reason = f"{who.strip()} xác nhận thư {'đã' if arrived else 'không'} tới."
    with occasion.office.book() as book, book.writing() as conn:
        count = keep(conn, [number], state, reason, occasion.stamp, who.strip())
    screen.print(f"{count} thư đã có kết luận.")
    return 0 if count else 1


@letters.command()
@home_option
def relay(home: str | None) -> int:
    """Máy chủ thư: hôm nay đã gửi bao nhiêu, có đang nghỉ không và vì sao."""
    from tdkt_models.relays import relays

    office = occasion_for(home, None).office
    with office.book() as book, book.reading() as conn:
        rows = [
            (r.relay, r.used_today, r.paused_until and f"{r.paused_until:%d/%m %H:%M} UTC", r.why)
            for r in relays(conn)
        ]
    screen.print(table("Máy chủ thư", ("Máy chủ", "Đã gửi", "Nghỉ đến", "Vì sao"), rows))
    return 0


@letters.command()
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


def _again(occasion: Occasion, state: Any, requeue: Any) -> int:
    chosen = [one.id for one in _ledger(occasion) if one.state is state]
    with occasion.office.book() as book, book.writing() as conn:
        count = requeue(conn, chosen, occasion.stamp, "dòng lệnh")
    screen.print(f"{count} thư được xếp lại vào hàng chờ.")
    return 0


def _ledger(occasion: Occasion) -> list[Any]:
    from tdkt_models.letters import ledger

    with occasion.office.book() as book, book.reading() as conn:
        return ledger(conn, occasion.period_text)


def _as_json(one: Any) -> dict[str, Any]:
    """One line of the ledger, key by key as contract.md has it."""
    return {
        "id": one.id,
        "kind": one.letter.kind.value,
        "to": one.letter.to,
        "about": list(one.letter.about),
        "state": one.state.value,
        "attempts": one.attempts,
        "message_id": one.message_id,
        "sent_at": one.sent_at.isoformat() if one.sent_at else None,
        "reason": one.reason or one.smtp_text,
    }
