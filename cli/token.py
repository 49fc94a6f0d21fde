"""`tdkt token`: who may decide at the desk, and the cards of codes by which they prove it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from cli.review import home_option, json_option
from cli.screen import as_json, screen, table
from review.powers import Power
from tasks.office import Office

FEW = 8
COLUMNS = 4


@click.group()
def token() -> None:
    """Thẻ mã xác nhận: cấp, xem, thu hồi. Ai quyết định trên màn hình phải có thẻ của mình."""


@token.command()
@click.argument("name")
@click.option("--email", required=True, help="Địa chỉ thư để báo có việc chờ quyết định.")
@click.option(
    "--may",
    "powers",
    multiple=True,
    help="Thẩm quyền: duyet, hoi-dong, bang-diem, gui-thu, ke-hoach, thu, gia-han; lặp lại được. "
    "Không ghi: tất cả trừ hoi-dong.",
)
@click.option("--by", "who", required=True, help="Họ tên người cấp thẻ.")
@click.option("--to", "path", type=click.Path(dir_okay=False), help="Ghi thẻ ra tệp .txt hay .pdf.")
@home_option
def issue(
    name: str, email: str, powers: tuple[str, ...], who: str, path: str | None, home: str | None
) -> int:
    """Cấp thẻ mới cho một người; thẻ cũ của người ấy hết hiệu lực ngay. Mã chỉ hiện một lần này.

    Ví dụ: tdkt token issue "Lò Văn Inh" --email inh@laichau.gov.vn --may duyet --by "Sùng Thị Mỷ"
    """
    from tasks.cards import issue_card

    try:
        may = [Power.parse(word) for word in powers] or [p for p in Power if p is not Power.COUNCIL]
    except ValueError as wrong:
        raise click.UsageError(str(wrong)) from None
    if path and Path(path).exists():
        raise click.UsageError(f"{path} đã có; hãy chọn tên tệp khác.")
    office = Office.at(home)
    card = issue_card(office, name, email, may, who)
    if path:
        _write(office, card, Path(path))
        screen.print(
            f"Thẻ {card.approver.card} của {card.approver.name}: {path}. In ra rồi xóa tệp."
        )
    else:
        screen.print(_shown(card))
    return 0


@token.command("list")
@click.option("--all", "every", is_flag=True, help="Cả thẻ đã thu hồi.")
@home_option
@json_option
def list_cards(every: bool, home: str | None, in_json: bool) -> int:
    """Ai đang có thẻ, quyết định được những gì, còn mấy mã. Ví dụ: tdkt token list"""
    from tdkt_models.approvers import recall_approvers

    office = Office.at(home)
    zone = office.settings.zone
    with office.book() as book, book.reading() as conn:
        found = recall_approvers(conn, every=every)
    if in_json:
        as_json(
            [
                {
                    "card": one.card,
                    "name": one.name,
                    "email": one.email,
                    "may": sorted(power.value for power in one.may),
                    "issued_at": one.issued_at.isoformat(),
                    "left": one.left,
                    "revoked_at": one.revoked_at.isoformat() if one.revoked_at else None,
                }
                for one in found
            ]
        )
        return 0
    rows = [
        (
            one.card,
            one.name,
            one.email,
            ", ".join(sorted(power.value for power in one.may)),
            f"{one.issued_at.astimezone(zone):%d/%m/%Y}",
            "đã thu hồi" if one.revoked_at else f"{one.left} mã",
        )
        for one in found
    ]
    heads = ("Thẻ", "Họ tên", "Địa chỉ thư", "Thẩm quyền", "Cấp ngày", "Còn")
    screen.print(table("Thẻ mã xác nhận", heads, rows))
    for one in found:
        if not one.revoked_at and one.left < FEW:
            screen.print(f"Thẻ {one.card} của {one.name} sắp hết mã: hãy cấp thẻ mới.")
    return 0


@token.command()
@click.argument("name")
@click.option("--by", "who", required=True, help="Họ tên người thu hồi.")
@click.option("--note", required=True, help="Lý do, ghi vào sổ.")
@home_option
def revoke(name: str, who: str, note: str, home: str | None) -> int:
    """Thu hồi thẻ của một người (mất thẻ, đổi việc). Ví dụ: tdkt token revoke "Lò Văn Inh" …"""
    from tasks.cards import revoke_card

    gone = revoke_card(Office.at(home), name, who, note)
    screen.print(f"Đã thu hồi thẻ {gone.card} của {gone.name}.")
    return 0


def _shown(card: Any) -> Any:
    codes = [f"{n:>2}. {code}" for n, code in enumerate(card.codes, 1)]
    high = -(-len(codes) // COLUMNS)
    rows = [tuple(codes[at::high]) for at in range(high)]
    title = (
        f"Thẻ {card.approver.card} – {card.approver.name}. Chép lại hoặc in ngay: mã không xem lại "
        "được. Mỗi mã chỉ gõ một lần; biểu mẫu sẽ nói cần mã số mấy."
    )
    return table(title, ("",) * COLUMNS, rows)


def _write(office: Office, card: Any, path: Path) -> None:
    """Readable by whoever runs the command alone, and never over a file that is there."""
    from tasks.card_paper import card_pdf, card_text

    made = card_pdf if path.suffix.casefold() == ".pdf" else card_text
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(number, "wb") as file:
        file.write(made(office.settings, card))
