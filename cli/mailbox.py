"""`tdkt invite` and `tdkt mailbox`: letters that carry the form; mails that wait for a person."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import click

from cli.review import as_of_option, home_option, json_option, occasion_for
from cli.screen import as_json, screen, table
from tasks.occasion import Occasion


@click.command()
@click.argument("period")
@click.option("--unit", "only", multiple=True, help="Chỉ mời đơn vị mang mã này.")
@click.option("--draft", is_flag=True, help="Vòng thử mẫu, không tính điểm.")
@click.option("--send/--rehearse", default=False, help="Gửi thật, hay chỉ viết ra để xem trước.")
@home_option
@as_of_option
def invite(
    period: str, only: tuple[str, ...], draft: bool, send: bool, home: str | None, as_of: str | None
) -> int:
    """Gửi thư mời kèm mẫu báo cáo cho đơn vị. Ví dụ: tdkt invite 2026-11 --send"""
    from flows.inviting import invite_units

    occasion = occasion_for(home, period, as_of)
    count = invite_units(occasion, units=only or None, draft=draft, send=send)
    screen.print(f"{count} thư mời mới; đơn vị đã được mời không được mời lại.")
    return 0


@click.group()
def mailbox() -> None:
    """Hộp thư đến: xem thư đã nhận, thư chờ người xem; nhận hoặc kết thúc một thư."""


@mailbox.command("list")
@click.option("--all", "everything", is_flag=True, help="Cả những thư đã xử lý xong.")
@home_option
@json_option
def list_mails(everything: bool, home: str | None, in_json: bool) -> int:
    """Liệt kê thư chờ người xem. Ví dụ: tdkt mailbox list"""
    from tdkt_models.mails import NEEDS_A_PERSON, recall_mails

    with occasion_for(home, None).office.book() as book, book.reading() as conn:
        found = recall_mails(conn, states=None if everything else NEEDS_A_PERSON)
    if in_json:
        as_json([_as_json(mail) for mail in found])
    else:
        columns = ("Số", "Nhận lúc", "Từ", "Tiêu đề", "Tình trạng", "Lý do")
        rows = [
            (m.id, f"{m.received_at:%d/%m/%Y %H:%M}", m.sender, m.subject, m.state.label, m.reason)
            for m in found
        ]
        screen.print(table("Hộp thư đến", columns, rows))
    return 1 if any(mail.state.needs_a_person for mail in found) else 0


@mailbox.command("take")
@click.argument("number", type=int)
@click.option("--by", required=True, help="Họ tên người chịu trách nhiệm nhận thư này.")
@home_option
def take_mail(number: int, by: str, home: str | None) -> int:
    """Nhận báo cáo trong một thư đã để riêng, sau khi đã hỏi lại người gửi."""
    from channels.mail_room import MailRoom
    from tasks.mailbox import take

    occasion = occasion_for(home, None)
    mail = _mail(occasion, number)
    with occasion.office.book() as book, MailRoom() as room, book.writing() as conn:
        count = take(conn, occasion.office, replace(mail, vouched=by), room, occasion.stamp)
        _audit(conn, occasion, by, "mail.taken", number, "")
    screen.print(f"{count} tệp sẽ được kiểm tra ở lần thu sau (tdkt collect).")
    return 0


@mailbox.command()
@click.argument("number", type=int)
@click.option("--by", required=True, help="Họ tên người đã xử lý.")
@click.option("--note", required=True, help="Đã xử lý thế nào.")
@home_option
def settle(number: int, by: str, note: str, home: str | None) -> int:
    """Ghi là một thư đã được người xử lý xong."""
    from review.mail import MailState
    from tdkt_models.mails import keep_mails

    occasion = occasion_for(home, None)
    mail = _mail(occasion, number)
    done = replace(mail, state=MailState.SETTLED, reason=f"{by}: {note}", told=True)
    with occasion.office.book() as book, book.writing() as conn:
        keep_mails(conn, [done], occasion.stamp)
        _audit(conn, occasion, by, "mail.settled", number, note)
    screen.print(f"Thư số {number} đã xử lý.")
    return 0


def _mail(occasion: Occasion, number: int) -> Any:
    from tdkt_models.mails import recall_mails

    with occasion.office.book() as book, book.reading() as conn:
        for mail in recall_mails(conn, ids=[number]):
            return mail
    raise click.ClickException(f"Không có thư số {number}. Xem các thư: tdkt mailbox list --all")


def _audit(conn: Any, occasion: Occasion, by: str, what: str, number: int, note: str) -> None:
    from tdkt_models.audit import AuditEntry, keep_audit

    keep_audit(conn, [AuditEntry(by, what, str(number), {"note": note})], occasion.stamp)


def _as_json(mail: Any) -> dict[str, Any]:
    return {
        "id": mail.id,
        "received_at": mail.received_at.isoformat(),
        "from": mail.sender,
        "subject": mail.subject,
        "state": mail.state.value,
        "reason": mail.reason,
        "beside": list(mail.beside),
    }
