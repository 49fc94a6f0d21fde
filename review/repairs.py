"""What was mended in a file while it was read, in words for the unit that sent it.

summed_up(repairs)[0]   -> RepairGroup("chữ VNI chuyển về Unicode", 50, ("S3 …!E6: …", …))
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from review.findings import Repair

WORDS = {
    "nfc": "chữ tổ hợp chuyển về Unicode dựng sẵn",
    "tcvn3": "chữ TCVN3 (phông .VnTime) chuyển về Unicode",
    "vni": "chữ VNI chuyển về Unicode",
    "encoding": "chữ theo bảng mã cũ chuyển về Unicode",
    "number_text": "số gõ dạng chữ đọc thành số",
    "sum": "tổng cộng lại từ các ô thành phần (công thức không cộng số gõ dạng chữ)",
    "date_text": "ngày gõ dạng chữ đọc thành ngày",
    "header_moved": "tiêu đề, cột bị dời chỗ",
    "header_renamed": "tiêu đề ghi khác được hiểu theo mẫu",
    "sheet_renamed": "trang tính đổi tên được hiểu theo mẫu",
    "stray_line": "dòng không phải số liệu được bỏ qua",
    "space": "dấu cách thừa hoặc lạ",
}
EXAMPLES = 3
LONGEST = 60


@dataclass(frozen=True, slots=True)
class RepairGroup:
    what: str
    count: int
    examples: tuple[str, ...]


def summed_up(repairs: Iterable[Repair]) -> tuple[RepairGroup, ...]:
    """By kind, in the order of WORDS: how many, and the first few with their place."""
    by_kind: dict[str, list[Repair]] = {}
    for repair in repairs:
        by_kind.setdefault(repair.why, []).append(repair)
    order = {why: at for at, why in enumerate(WORDS)}
    return tuple(
        RepairGroup(WORDS.get(why, why), len(own), tuple(map(_told, own[:EXAMPLES])))
        for why, own in sorted(by_kind.items(), key=lambda pair: order.get(pair[0], len(order)))
    )


def _told(repair: Repair) -> str:
    place = f"{repair.sheet}!{repair.cell}" if repair.cell else repair.sheet or "cả tệp"
    return f"{place}: “{_short(repair.was)}” → “{_short(repair.now)}”"


def _short(text: str) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= LONGEST else f"{one_line[: LONGEST - 1]}…"
