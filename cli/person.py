"""`tdkt person`: what the office holds of one person; given to the person, or erased."""

from __future__ import annotations

from pathlib import Path

import click

from cli.review import as_of_option, home_option, json_option, occasion_for
from cli.screen import as_json, screen


@click.group()
def person() -> None:
    """Dữ liệu của một người: trích cho người đó, hoặc xóa khi hết thời hạn lưu."""


@person.command()
@click.argument("code")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--by", "who", required=True, help="Họ tên người trích.")
@home_option
@json_option
def export(code: str, file: Path, who: str, home: str | None, in_json: bool) -> int:
    """Trích mọi dữ liệu cơ quan lưu về một người vào một tệp .zip để giao cho chính người đó.

    Ví dụ: tdkt person export 03637-01 03637-01.zip --by "Lò Văn Inh"
    """
    from tasks.export_person import LABELS, export_person

    counts = export_person(occasion_for(home, None), code, file, who)
    if in_json:
        as_json({"file": str(file), "rows": counts})
        return 0
    screen.print(f"Đã trích vào {file} (chỉ tài khoản này đọc được):")
    for name, count in counts.items():
        screen.print(f"  {LABELS[name]}: {count}")
    return 0


@person.command()
@click.argument("code")
@click.option("--by", "who", required=True, help="Họ tên người thực hiện.")
@click.option("--decision", required=True, help="Số, ngày văn bản cho xóa.")
@click.option("--early", is_flag=True, help="Văn bản ấy cho xóa trước thời hạn lưu.")
@home_option
@as_of_option
@json_option
def erase(
    code: str,
    who: str,
    decision: str,
    early: bool,
    home: str | None,
    as_of: str | None,
    in_json: bool,
) -> int:
    """Xóa dữ liệu cá nhân của một người đã thôi: họ tên, ngày sinh, địa chỉ, thư, phiếu riêng.

    Điểm và kết quả còn lại theo mã, không còn dẫn tới ai. Nhật ký vẫn kiểm tra được. Tài liệu chung
    với người khác giữ đến khi tệp lưu trữ của kỳ được hủy (tdkt archive).

    Ví dụ: tdkt person erase 03637-07 --by "Lò Văn Inh" --decision "QĐ 12/QĐ-SNV ngày 05/01/2037"

    Mã thoát: 0 đã xóa hết · 1 đã xóa, còn tên trong tài liệu chung · 2 chưa xóa gì.
    """
    from tasks.erase_person import erase_person

    done = erase_person(occasion_for(home, None, as_of), code, who, decision, early=early)
    left = sum(done.left.values())
    if in_json:
        as_json(
            {
                **{"rows": dict(done.rows), "audit": done.entries, "files": done.files},
                "left": dict(done.left),
            }
        )
        return 1 if left else 0
    screen.print(
        f"Đã xóa dữ liệu cá nhân của {code}: {sum(done.rows.values())} dòng sổ, {done.entries} "
        f"dòng nhật ký, {done.files} tệp."
    )
    if left:
        screen.print(
            f"[yellow]Còn {left} mục trong tài liệu chung[/yellow] (báo cáo, thư của đơn vị, tổng "
            "hợp), giữ theo luật lưu trữ đến khi hủy tệp lưu trữ của kỳ: tdkt archive list."
        )
    screen.print(
        "Bản sao lưu cũ vẫn còn dữ liệu ấy: hủy bản cũ, hoặc sau khi khôi phục từ đó thì chạy lại "
        "lệnh này."
    )
    return 1 if left else 0
