"""`tdkt calc`: computes cases by the regulation in force, without an office.

tdkt calc cases.json                -> a JSON list, one answer a case
tdkt calc --period 2026-10 -        -> the cases from standard input
"""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from channels.errors import ChannelRefused
from channels.library import newest_regulation, regulation_in_force
from review.calc import answer

MOST_BYTES = 20 * 2**20


@click.command(
    epilog="Ví dụ:  tdkt calc cases.json   ·   cat cases.json | tdkt calc -   ·   "
    "tdkt calc --period 2026-10 cases.json"
)
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--json", "_json", is_flag=True, help="In JSON; lệnh này luôn in JSON.")
@click.option("--period", metavar="KỲ", help="Dùng quy định của kỳ này; mặc định: mới nhất.")
def calc(file: Path, _json: bool, period: str | None) -> None:
    """Tính thử các trường hợp ghi trong tệp JSON (một trường hợp, hoặc một danh sách).

    Mỗi trường hợp gồm “id”, “group”, “input”. Trường hợp vô lý được trả lời bằng “error” và mã
    thoát là 1; các trường hợp khác vẫn được tính. Tệp không đọc được: mã thoát 2.
    """
    regulation = regulation_in_force(period) if period else newest_regulation()
    answers = [answer(case, regulation) for case in _cases(_text(file))]
    click.echo(_printable(json.dumps(answers, ensure_ascii=False, indent=2, default=str)))
    click.get_current_context().exit(1 if any("error" in found for found in answers) else 0)


def _text(file: Path) -> str:
    try:
        with click.open_file(str(file), "rb") as stream:
            content: bytes = stream.read(MOST_BYTES + 1)
    except OSError as wrong:
        raise _unreadable(f"Không mở được {file}: {_why(wrong)}.") from wrong
    if len(content) > MOST_BYTES:
        raise _unreadable(f"Tệp {file} lớn hơn 20 MiB.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise _unreadable(f"Tệp {file} không phải văn bản UTF-8.") from wrong


def _cases(text: str) -> list[Any]:
    """The cases of a document: a list, one case, or a collection under “vectors”."""
    try:
        # Decimal keeps a number as it was written; an endless integer must not exhaust int().
        found = json.loads(text, parse_float=Decimal, parse_int=_integer)
    except (ValueError, RecursionError) as wrong:
        raise _unreadable(f"Tệp không phải JSON hợp lệ: {_place(wrong)}.") from wrong
    if isinstance(found, dict) and isinstance(found.get("vectors"), list):
        found = found["vectors"]
    return found if isinstance(found, list) else [found]


def _integer(text: str) -> int | Decimal:
    return int(text) if len(text) <= 100 else Decimal(text)


def _printable(text: str) -> str:
    """A lone surrogate, which JSON may carry and UTF-8 may not, goes out as it came: escaped."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _why(wrong: OSError) -> str:
    known = {
        FileNotFoundError: "không có tệp này",
        IsADirectoryError: "đây là thư mục",
        PermissionError: "không có quyền đọc",
    }
    return known.get(type(wrong), str(wrong.strerror))


def _place(wrong: Exception) -> str:
    if isinstance(wrong, json.JSONDecodeError):
        return f"dòng {wrong.lineno}, cột {wrong.colno}"
    return "các lớp lồng nhau quá sâu"


def _unreadable(says: str) -> ChannelRefused:
    return ChannelRefused(f"{says} Cần một tệp JSON gồm một trường hợp hoặc một danh sách.")
