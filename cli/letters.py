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
@home_option
def release(period: str, home: str | None) -> int:
    """Cho các thư tạm giữ hoặc chưa rõ được gửi lại; chỉ làm khi đã hỏi người nhận."""
    from review.post import LetterState
    from tdkt_models.letters import requeue

    occasion = occasion_for(home, period)
    _again(occasion, LetterState.HELD, requeue)
    return _again(occasion, LetterState.IN_DOUBT, requeue)


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
