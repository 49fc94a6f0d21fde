"""`tdkt receipt`: verify a signed receipt offline, or print that of a unit's newest file."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import click

from channels.errors import ChannelRefused, why
from channels.signing import NotGenuine, known_keys, office_key, read_public, signed, verified
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

    Mã thoát: 0 đúng · 1 không đúng, không khớp tệp hoặc chưa có khóa để đối chiếu · 2 không đọc
    được.
    """
    trusted = read_public(key) if key else known_keys(Office.at(home).folder)
    try:
        found = verified(_text_of(file), trusted)
        lines = _lines_of(found.receipt)
    except NotGenuine as wrong:
        as_json({"valid": False, "says": str(wrong)}) if in_json else screen.print(
            f"[red]{wrong}[/]"
        )
        return 1
    same = workbook is None or _sha256(workbook) == found.receipt["sha256"]
    right = same and found.known
    if in_json:
        as_json({"valid": right, "key": found.by, "trusted": found.known, "receipt": found.receipt})
        return 0 if right else 1
    if found.known:
        screen.print("[green]Phiếu tiếp nhận đúng chữ ký.[/]")
    else:
        screen.print(
            f"[yellow]Phiếu không bị sửa từ khi ký bằng khóa {found.by}, nhưng chưa có khóa của cơ "
            "quan để biết ai đã ký: ai cũng tự ký được một phiếu như thế. Xin cơ quan tệp "
            "keys/receipt.pub rồi chạy lại với --key.[/]"
        )
    for line in lines:
        screen.print(line, soft_wrap=True)
    if not same:
        screen.print("[red]Tệp Excel đưa ra không phải tệp trong phiếu này.[/]")
    return 0 if right else 1


def _lines_of(said: Mapping[str, Any]) -> tuple[str, ...]:
    """Raises NotGenuine for what is signed and is no receipt."""
    try:
        received = datetime.fromisoformat(said["received_at"])
        verdict = Verdict(said["verdict"]).label if said["verdict"] else "chưa kiểm tra"
        return (
            f"{said['office']} đã nhận tệp {said['file']} của {said['unit_name']}",
            f"lúc {received:%H:%M ngày %d/%m/%Y}, kỳ {said['period']}, bản {said['version']}: "
            f"{verdict}.",
            f"SHA-256: {said['sha256']}",
        )
    except (KeyError, TypeError, ValueError) as wrong:
        raise NotGenuine("Khối chữ ký này không phải phiếu tiếp nhận một tệp.") from wrong


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
    try:
        return str(part.get_content()) if part else ""
    except LookupError:  # a charset that there is none of: the block itself is plain ASCII
        return data.decode("ascii", "replace")


def _bytes_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as wrong:
        raise ChannelRefused(f"Không đọc được tệp {file}: {why(wrong)}.") from wrong


def _sha256(file: Path) -> str:
    return hashlib.sha256(_bytes_of(file)).hexdigest()
