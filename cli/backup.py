"""`tdkt backup` and `tdkt restore`: the whole office in one file, and back."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from cli.review import home_option, json_option, occasion_for
from cli.screen import as_json, screen
from tasks.office import Office

by_option = click.option("--by", "who", default="dòng lệnh", help="Họ tên người làm.")


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@by_option
@home_option
@json_option
def backup(file: Path | None, who: str, home: str | None, in_json: bool) -> int:
    """Sao lưu cả văn phòng (sổ, bản gốc, giấy tờ, cấu hình) vào một tệp, ngay khi đang chạy.

    Không ghi tên tệp thì lưu vào thư mục backup/ của văn phòng. Có TDKT_BACKUP_PASSWORD (hoặc
    …_FILE) thì tệp có mật khẩu và kèm khóa ký của cơ quan; không có thì khóa không nằm trong tệp.

    Ví dụ: tdkt backup /mnt/usb/tdkt-2026-11-28.tdkt

    Mã thoát: 0 đủ · 1 đã lưu nhưng thiếu bản gốc · 2 không lưu được.
    """
    from tasks.backup import back_up

    occasion = occasion_for(home, None)
    local = occasion.now.astimezone(occasion.office.settings.zone)
    path = file or occasion.office.folder / "backup" / f"tdkt-{local:%Y%m%d-%H%M%S}.tdkt"
    made = back_up(occasion, path, who)
    if in_json:
        as_json(
            {
                **{"file": str(made.path), "rows": made.rows, "files": made.files},
                **{"audit": made.head.n, "secrets": made.secrets, "missing": list(made.missing)},
            }
        )
        return 1 if made.missing else 0
    screen.print(f"Đã sao lưu vào {made.path}: {made.rows} dòng sổ, {made.files} tệp.")
    if made.secrets:
        screen.print("Tệp có mật khẩu; khóa ký của cơ quan nằm trong đó.")
    else:
        screen.print(
            "[yellow]Tệp không có mật khẩu: hãy cất nơi chỉ người có trách nhiệm vào được. "
            "Khóa ký của cơ quan không nằm trong tệp.[/yellow]"
        )
    for name in made.missing[:20]:
        screen.print(f"[red]Thiếu bản gốc:[/red] received/{name}")
    return 1 if made.missing else 0


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@by_option
@home_option
@json_option
def restore(file: Path, who: str, home: str | None, in_json: bool) -> int:
    """Khôi phục văn phòng từ một tệp sao lưu vào thư mục trống và sổ trống, rồi kiểm tra.

    Bản sao lưu từ SQLite khôi phục được vào PostgreSQL và ngược lại; bản cũ được nâng cấp.

    Ví dụ: tdkt restore tdkt-2026-11-28.tdkt --home /srv/tdkt-moi

    Mã thoát: 0 nguyên vẹn · 1 đã khôi phục nhưng nhật ký có chỗ không khớp · 2 không làm được.
    """
    from tasks.restore import restore

    office = Office.at(home)
    done = restore(file, office, who)
    if in_json:
        as_json(
            {
                **{"home": office.home, "office": done.office, "made_at": done.made_at},
                **{"rows": done.rows, "files": done.files, "new_key": done.new_key},
                "faults": list(done.faults),
            }
        )
        return 1 if done.faults else 0
    made_at = datetime.fromisoformat(done.made_at)
    screen.print(
        f"Đã khôi phục {done.office}, bản lưu lúc {made_at:%H:%M ngày %d/%m/%Y}, "
        f"vào {office.home}: {done.rows} dòng sổ, {done.files} tệp."
    )
    if done.new_key:
        screen.print(
            "Bản lưu không có khóa ký: cơ quan ký bằng khóa mới từ nay; phiếu cũ vẫn kiểm tra được."
        )
    for fault in done.faults:
        screen.print(f"[red]Nhật ký không nguyên vẹn:[/red] {fault}")
    screen.print("Tiếp theo: đặt lại các biến TDKT_… (mật khẩu không nằm trong tệp), tdkt doctor.")
    return 1 if done.faults else 0
