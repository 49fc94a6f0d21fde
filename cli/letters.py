"""`tdkt letters`: the ledger of letters, read."""

from __future__ import annotations

import webbrowser
from typing import Any

import click

from channels.vietnamese import moment
from cli.letter_acts import release, resume, retry, send, settle, unsuppress
from cli.review import home_option, json_option, occasion_for
from cli.screen import as_json, screen, table
from review.post import LetterState
from tasks.occasion import Occasion

STATES = {
    LetterState.WRITTEN: "Đã viết",
    LetterState.QUEUED: "Chờ gửi",
    LetterState.CLAIMED: "Sắp gửi",
    LetterState.SENDING: "Đang gửi",
    LetterState.SENT: "Đã gửi",
    LetterState.FAILED: "Không gửi được",
    LetterState.IN_DOUBT: "Chưa rõ đã tới chưa",
    LetterState.BOUNCED: "Bị trả lại",
    LetterState.HELD: "Tạm giữ",
    LetterState.CANCELLED: "Đã hủy",
    LetterState.EXPIRED: "Quá hạn gửi",
    LetterState.SUPPRESSED: "Địa chỉ hỏng",
}


@click.group()
def letters() -> None:
    """Sổ thư: xem thư nào đã viết, đã gửi, chưa gửi được, bị trả lại."""


for command in (send, release, resume, retry, settle, unsuppress):
    letters.add_command(command)


@letters.command("list")
@click.argument("period")
@click.option(
    "--state",
    type=click.Choice([state.value for state in LetterState]),
    help="Chỉ các thư ở trạng thái này, ví dụ in_doubt, bounced, held.",
)
@home_option
@json_option
def list_letters(period: str, state: str | None, home: str | None, in_json: bool) -> int:
    """Liệt kê thư của một kỳ. Ví dụ: tdkt letters list 2026-10 --state in_doubt"""
    wanted = LetterState(state) if state else None
    occasion = occasion_for(home, period)
    found = _ledger(occasion, wanted)
    if in_json:
        as_json([_as_json(one) for one in found])
        return 0
    rows = [
        (
            *(one.id, one.letter.kind.value, one.letter.to, STATES[one.state]),
            *(_said(occasion, one.sent_at), one.reason or one.smtp_text),
        )
        for one in found
    ]
    screen.print(table("Sổ thư", ("Số", "Loại", "Gửi tới", "Trạng thái", "Lúc", "Ghi chú"), rows))
    return 0


@letters.command()
@click.argument("letter", type=int)
@click.argument("period")
@home_option
def show(letter: int, period: str, home: str | None) -> int:
    """In nội dung một thư và mọi điều đã biết về việc gửi. Ví dụ: tdkt letters show 12 2026-10"""
    from channels.rendering import render

    occasion = occasion_for(home, period)
    for one in _ledger(occasion):
        if one.id == letter:
            rendered = render(one.letter, one.corrects_at, occasion.office.own_words)
            screen.print(f"Tới: {one.letter.to}\nTiêu đề: {rendered.subject}\n\n{rendered.text}")
            _show_its_way(occasion, one)
            return 0
    raise click.ClickException(f"Không có thư số {letter} trong kỳ {period}.")


def _show_its_way(occasion: Occasion, one: Any) -> None:
    from tdkt_models.letter_ledger import attempts_of

    with occasion.office.book() as book, book.reading() as conn:
        attempts = attempts_of(conn, one.id)
    said = [f"Trạng thái: {STATES[one.state]}", f"Message-ID: {one.message_id}"]
    said += [f"Đã biết: {one.reason}"] if one.reason else []
    if one.state is LetterState.IN_DOUBT:
        said.append(f"Đang chuyển dở đến: {_said(occasion, one.tried_until)}")
        said.append(
            "Kết luận: tdkt letters settle KỲ --log NHẬT-KÝ, hoặc hỏi người nhận rồi "
            f"tdkt letters settle KỲ {one.id} --arrived (hay --lost) --by HỌ-TÊN"
        )
    screen.print("\n".join(said))
    rows = [(a.n, _said(occasion, a.at), a.outcome, a.code, a.text) for a in attempts]
    if rows:
        heads = ("Lần", "Lúc", "Kết quả", "Mã", "Máy chủ thư trả lời")
        screen.print(table("Các lần gửi", heads, rows))


@letters.command()
@click.argument("period")
@click.option("--open/--no-open", "opens", default=True, help="Mở bằng trình duyệt, hay chỉ viết.")
@home_option
def preview(period: str, opens: bool, home: str | None) -> int:
    """Viết mọi thư chưa gửi ra outbox/rehearsal và mở xem bằng trình duyệt; không gửi gì cả."""
    from tasks.email_summaries import rehearse

    occasion = occasion_for(home, period)
    count = rehearse.fn(occasion)
    index = occasion.office.folder / "outbox" / "rehearsal" / "index.html"
    screen.print(f"{count} thư: {index}", soft_wrap=True)
    if opens and count and not webbrowser.open(index.as_uri()):
        screen.print("Máy này không mở được trình duyệt: hãy tự mở tệp trên.")
    return 0


@letters.command()
@home_option
def relay(home: str | None) -> int:
    """Máy chủ thư: hôm nay đã gửi bao nhiêu, có đang nghỉ không và vì sao."""
    from tdkt_models.relays import relays

    occasion = occasion_for(home, None)
    with occasion.office.book() as book, book.reading() as conn:
        rows = [
            (r.relay, r.used_today, r.paused_until and _said(occasion, r.paused_until), r.why)
            for r in relays(conn)
        ]
    screen.print(table("Máy chủ thư", ("Máy chủ", "Đã gửi", "Nghỉ đến", "Vì sao"), rows))
    return 0


@letters.command()
@click.argument("unit")
@home_option
def passcode(unit: str, home: str | None) -> int:
    """Mã mở phiếu kết quả có khóa của một đơn vị; báo cho đơn vị bằng đường khác, không qua thư."""
    from channels.signing import office_key
    from channels.signing import passcode as made
    from tdkt_models.units import recall_units

    office = occasion_for(home, None).office
    with office.book() as book, book.reading() as conn:
        if unit not in recall_units(conn):
            raise click.ClickException(f"Danh bạ không có đơn vị “{unit}”.")
    screen.print(made(unit, office_key(office.folder)))
    return 0


@letters.command("suppressed")
@home_option
@json_option
def list_suppressed(home: str | None, in_json: bool) -> int:
    """Các địa chỉ không gửi tới nữa vì thư trước bị trả lại."""
    from tdkt_models.bounces import suppressed

    occasion = occasion_for(home, None)
    with occasion.office.book() as book, book.reading() as conn:
        found = suppressed(conn).values()
    if in_json:
        as_json(
            [
                {"address": s.address, "reason": s.reason, "since": s.since.isoformat()}
                for s in found
            ]
        )
        return 0
    rows = [(s.address, _said(occasion, s.since), s.reason) for s in found]
    screen.print(table("Địa chỉ hỏng", ("Địa chỉ", "Từ lúc", "Máy chủ nhận trả lời"), rows))
    return 0


def _said(occasion: Occasion, at: Any) -> str:
    zone = occasion.office.settings.zone
    return moment(at.astimezone(zone).isoformat()) if at else ""


def _ledger(occasion: Occasion, state: LetterState | None = None) -> list[Any]:
    from tdkt_models.letter_ledger import ledger

    with occasion.office.book() as book, book.reading() as conn:
        return ledger(conn, occasion.period_text, state=state)


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
