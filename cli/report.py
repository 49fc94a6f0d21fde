"""`tdkt report`: the papers of a period, and a past paper made again."""

from __future__ import annotations

from pathlib import Path

import click

from cli.review import as_of_option, home_option, occasion_for
from cli.screen import screen, table
from tasks.occasion import Occasion


@click.command()
@click.argument("period")
@click.option("--to", "folder", type=click.Path(path_type=Path), help="Thư mục để ghi ra.")
@click.option(
    "--sheets", is_flag=True, help="Lập cả phiếu kết quả của từng cán bộ (mẫu 01, mẫu 02)."
)
@click.option("--number", "registered", default="", help="Số, ký hiệu văn bản, ví dụ 12/BC-SNV.")
@click.option("--leaders", is_flag=True, help="Viết cả thư báo cáo lãnh đạo vào sổ thư.")
@click.option("--again", "number", type=int, help="Lập lại giấy tờ đã có, theo số trong sổ.")
@click.option("--list", "listing", is_flag=True, help="Liệt kê giấy tờ đã lập của kỳ.")
@as_of_option
@home_option
def report(
    period: str,
    folder: Path | None,
    sheets: bool,
    registered: str,
    leaders: bool,
    number: int | None,
    listing: bool,
    as_of: str | None,
    home: str | None,
) -> int:
    """Lập báo cáo (PDF, Word) và bảng tổng hợp (Excel) của một kỳ: tháng, quý, năm, nhiệm kỳ.

    Ví dụ: tdkt report 2026-10 --to bao-cao/ · tdkt report 2026-10 --again 3 --to lai/
    """
    from channels.papers import MAKERS
    from tasks.papers import again, make_papers
    from tdkt_models.papers import recall_papers

    occasion = occasion_for(home, period, as_of)
    out = folder or occasion.office.folder / "reports" / occasion.period_text
    if listing:
        with occasion.office.book() as book, book.reading() as conn:
            rows = [
                (p.id, p.kind, p.scope, p.size, p.sha[:12])
                for p in recall_papers(conn, occasion.period_text)
            ]
        screen.print(table("Giấy tờ đã lập", ("Số", "Loại", "Của ai", "Byte", "Dấu"), rows))
        return 0
    if number is not None:
        paper, content = again(occasion, number)
        out.mkdir(parents=True, exist_ok=True)
        path = out / f"giay-to-{number}.{MAKERS[paper.kind].ending}"
        path.write_bytes(content)
        screen.print(f"Đúng từng byte như bản đã lập: {path}", soft_wrap=True)
        return 0
    for kept in make_papers.fn(occasion, out, sheets, registered):
        screen.print(f"{kept.number:>5}  {kept.path}", soft_wrap=True)
    if leaders:
        return _to_leaders(occasion)
    return 0


def _to_leaders(occasion: Occasion) -> int:
    """Writes the letter and posts it the way of all letters: gate, arming, ledger."""
    from tasks.email_summaries import email_summaries
    from tasks.leaders import report_to_leaders

    report_to_leaders.fn(occasion)
    posted = email_summaries.fn(occasion)
    if posted.why:
        screen.print(posted.why)
    screen.print(f"Thư báo cáo lãnh đạo: đã gửi {posted.sent}, tạm giữ {posted.held}.")
    return 0 if posted.sent and not posted.held else 1
