"""`tdkt receipt`: verify a signed receipt offline, or print that of a unit's newest file."""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime
from email import message_from_bytes, policy
from pathlib import Path

import click

from channels.errors import ChannelRefused, why
from channels.signing import NotGenuine, known_keys, office_key, signed, verified
from cli.review import home_option, json_option, occasion_for
from cli.screen import as_json, screen
from review.findings import Verdict
from tasks.office import Office


@click.group()
def receipt() -> None:
    """Phiếu tiếp nhận có chữ ký số: kiểm tra, in lại."""


@receipt.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--key", type=click.Path(path_type=Path), help="Khóa công khai (keys/receipt.pub).")
@click.option("--workbook", type=click.Path(path_type=Path), help="Tệp Excel để đối chiếu mã kiểm.")
@home_option
@json_option
def verify(
    file: Path, key: Path | None, workbook: Path | None, home: str | None, in_json: bool
) -> int:
    """Kiểm tra một phiếu tiếp nhận (thư .eml, .txt), không cần mạng.

    Mã thoát: 0 đúng · 1 không đúng hoặc không khớp tệp · 2 không đọc được.
    """
    trusted = base64.b64decode(key.read_text()) if key else known_keys(Office.at(home).folder)
    text = _text_of(file)
    try:
        found = verified(text, trusted)
    except NotGenuine as wrong:
        as_json({"valid": False, "says": str(wrong)}) if in_json else screen.print(
            f"[red]{wrong}[/]"
        )
        return 1
    same = workbook is None or _sha256(workbook) == found.receipt["sha256"]
    if in_json:
        as_json(
            {"valid": same, "key": found.by, "trusted": found.known, "receipt": dict(found.receipt)}
        )
    else:
        _show(found.receipt, found.by, found.known)
        if not same:
            screen.print("[red]Tệp Excel đưa ra không phải tệp trong phiếu này.[/]")
    return 0 if same else 1


def _show(said: object, by: str, known: bool) -> None:
    assert isinstance(said, dict)
    received = datetime.fromisoformat(said["received_at"])
    screen.print("[green]Phiếu tiếp nhận đúng chữ ký.[/]")
    screen.print(f"{said['office']} đã nhận tệp {said['file']} của {said['unit_name']}")
    screen.print(
        f"lúc {received:%H:%M ngày %d/%m/%Y}, kỳ {said['period']}, bản {said['version']}: "
        f"{Verdict(said['verdict']).label}."
    )
    screen.print(f"SHA-256: {said['sha256']}", soft_wrap=True)
    if not known:
        screen.print(
            f"[yellow]Chưa có khóa của cơ quan để đối chiếu; hỏi cơ quan xem khóa có phải là "
            f"{by} (hoặc dùng --key).[/]"
        )


@receipt.command()
@click.argument("unit")
@click.argument("period")
@home_option
def show(unit: str, period: str, home: str | None) -> int:
    """In phiếu tiếp nhận của tệp mới nhất. Ví dụ: tdkt receipt show 03637 2026-10 > phieu.txt"""
    from tasks.judged import newest_files
    from tasks.receipts import receipt_of
    from tdkt_models.files import recall_files
    from tdkt_models.units import recall_units

    occasion = occasion_for(home, period)
    with occasion.office.book() as book, book.reading() as conn:
        file = newest_files(recall_files(conn, period=occasion.period_text, units=[unit])).get(unit)
        units = recall_units(conn)
    if file is None:
        raise ChannelRefused(f"Chưa nhận tệp nào của {unit} cho {occasion.period.label}.")
    said = receipt_of(occasion, file, units[unit])
    click.echo(signed(said, office_key(occasion.office.folder)))
    return 0


def _text_of(file: Path) -> str:
    data = _bytes_of(file)
    if file.suffix.lower() != ".eml":
        return data.decode("utf-8", "replace")
    part = message_from_bytes(data, policy=policy.default).get_body(("plain",))
    return str(part.get_content()) if part else ""


def _bytes_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as wrong:
        raise ChannelRefused(f"Không đọc được tệp {file}: {why(wrong)}.") from wrong


def _sha256(file: Path) -> str:
    return hashlib.sha256(_bytes_of(file)).hexdigest()
