"""`tdkt explanations`: what units explained, and the office's answer."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import click

from cli.file_acts import by_option, note_option
from cli.review import home_option, json_option, occasion_for
from cli.screen import as_json, screen, table
from review.explanations import Answer, Explanation


@click.group()
def explanations() -> None:
    """Giải trình của đơn vị: xem, chấp nhận đến một ngày, hoặc không chấp nhận."""


@explanations.command("list")
@click.argument("period")
@home_option
@json_option
def list_explanations(period: str, home: str | None, in_json: bool) -> int:
    """Các giải trình của một kỳ. Ví dụ: tdkt explanations list 2026-10"""
    from tdkt_models.explanations import recall_explanations

    occasion = occasion_for(home, period)
    with occasion.office.book() as book, book.reading() as conn:
        found = recall_explanations(conn, occasion.period_text)
    if in_json:
        as_json([_as_json(one) for one in found])
    else:
        rows = [(one.id, one.unit, one.asked, one.says, _answer(one), one.note) for one in found]
        headings = ("Số", "Đơn vị", "Điều được hỏi", "Giải trình", "Trả lời", "Ghi chú")
        screen.print(table(f"Giải trình – {occasion.period.label}", headings, rows))
    return 1 if any(one.answer is Answer.WAITING for one in found) else 0


@explanations.command()
@click.argument("number", type=int)
@click.argument("period")
@click.option(
    "--until", required=True, type=click.DateTime(["%Y-%m-%d", "%d/%m/%Y"]), help="Đến hết ngày."
)
@by_option
@note_option
@home_option
def accept(number: int, period: str, until: datetime, who: str, note: str, home: str | None) -> int:
    """Chấp nhận một giải trình; đến ngày đó không hỏi lại.

    Ví dụ: tdkt explanations accept 3 2026-10 --until 2026-12-31 --by "Lò Văn A" --note "Có QĐ"
    """
    return _answered(number, period, Answer.ACCEPTED, until.date(), who, note, home)


@explanations.command()
@click.argument("number", type=int)
@click.argument("period")
@by_option
@note_option
@home_option
def refuse(number: int, period: str, who: str, note: str, home: str | None) -> int:
    """Không chấp nhận một giải trình; điều được hỏi vẫn còn đó."""
    return _answered(number, period, Answer.REFUSED, None, who, note, home)


def _answered(
    number: int, period: str, said: Answer, until: date | None, who: str, note: str,
    home: str | None,
) -> int:  # fmt: skip
    from tasks.answering import answer_explanation

    one = answer_explanation.fn(occasion_for(home, period), number, said, until, who, note)
    screen.print(f"Giải trình số {number} của {one.unit}: {_answer(one)}.")
    return 0


def _answer(one: Explanation) -> str:
    return f"{one.answer.label} đến {one.until:%d/%m/%Y}" if one.until else one.answer.label


def _as_json(one: Explanation) -> dict[str, Any]:
    return {
        "id": one.id,
        "unit": one.unit,
        "period": one.period,
        "check": one.check,
        "subject": one.subject,
        "asked": one.asked,
        "says": one.says,
        "answer": one.answer.value,
        "until": one.until.isoformat() if one.until else None,
        "by": one.who,
        "note": one.note,
    }
