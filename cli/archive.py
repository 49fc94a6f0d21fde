"""`tdkt archive`: what periods long over hold, out of the book into files that open again."""

from __future__ import annotations

import click

from cli.review import as_of_option, home_option, json_option, occasion_for
from cli.screen import as_json, screen, table
from tasks.office import Office

by_option = click.option("--by", "who", required=True, help="Họ tên người làm.")


@click.group()
def archive() -> None:
    """Lưu trữ kỳ cũ: chuyển ra tệp có chữ ký, xem danh sách, mở lại, hủy khi hết hạn."""


@archive.command()
@click.argument("period")
@by_option
@home_option
@as_of_option
def put(period: str, who: str, home: str | None, as_of: str | None) -> int:
    """Chuyển bản gốc, nội dung báo cáo, thư, giấy tờ của một kỳ đã xong từ lâu ra tệp lưu trữ.

    Điểm, kết quả, nhật ký vẫn trong sổ. Có TDKT_BACKUP_PASSWORD thì tệp có mật khẩu.

    Ví dụ: tdkt archive put 2020-10 --by "Lò Văn Inh"
    """
    from tasks.archive import put as put_into

    done = put_into(occasion_for(home, period, as_of), who)
    size = done.path.stat().st_size / (1 << 20)
    screen.print(
        f"Kỳ {period} đã chuyển vào {done.path} ({size:.1f} MiB, {done.files} tệp). Hãy chép một "
        "bản ra nơi khác."
    )
    return 0


@archive.command("open")
@click.argument("period")
@by_option
@home_option
def open_(period: str, who: str, home: str | None) -> int:
    """Mở lại tệp lưu trữ của một kỳ: mọi thứ về chỗ cũ, đúng từng byte.

    Ví dụ: tdkt archive open 2020-10 --by "Lò Văn Inh"
    """
    from tasks.archive import open_again

    done = open_again(occasion_for(home, period), who)
    screen.print(f"Đã mở lại kỳ {period}: {done.files} tệp, {sum(done.rows.values())} dòng sổ.")
    return 0


@archive.command()
@click.argument("period")
@by_option
@click.option("--decision", required=True, help="Số, ngày văn bản cho hủy.")
@home_option
@as_of_option
def destroy(period: str, who: str, decision: str, home: str | None, as_of: str | None) -> int:
    """Hủy tệp lưu trữ của một kỳ khi đã hết thời hạn giữ. Không lấy lại được.

    Ví dụ: tdkt archive destroy 2020-10 --by "Lò Văn Inh" --decision "QĐ 5/QĐ-SNV ngày 02/01/2041"
    """
    from tasks.archive import destroy as destroy_file

    path = destroy_file(occasion_for(home, period, as_of), who, decision)
    screen.print(f"Đã hủy {path}. Hãy hủy cả các bản chép ở nơi khác.")
    return 0


@archive.command("list")
@home_option
@json_option
def list_(home: str | None, in_json: bool) -> int:
    """Các tệp lưu trữ và hạn giữ. Ví dụ: tdkt archive list"""
    from tasks.archive import archives

    found = archives(Office.at(home))
    if in_json:
        as_json([{"period": a.period, "size": a.size, "until": a.until.isoformat()} for a in found])
        return 0
    rows = [(a.period, f"{a.size / (1 << 20):.1f} MiB", f"{a.until:%d/%m/%Y}") for a in found]
    screen.print(table("Tệp lưu trữ", ("Kỳ", "Cỡ", "Giữ đến"), rows))
    return 0
