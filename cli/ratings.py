"""`tdkt ratings`: raters' slips under seal — printed or mailed, who is in, opened."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from cli.review import as_of_option, home_option, json_option, occasion_for
from cli.screen import as_json, screen, table


@click.group()
def ratings() -> None:
    """Phiếu chấm tiêu chí chung: in phiếu từng người chấm, xem ai đã nộp, mở niêm phong.

    Ví dụ: tdkt ratings slips 2026-10 --mail · tdkt ratings status 2026-10
    """


@ratings.command("slips")
@click.argument("period")
@click.option("--to", "folder", type=click.Path(path_type=Path), help="In ra thư mục này.")
@click.option("--mail", is_flag=True, help="Gửi thư cho từng người chấm, kèm phiếu của họ.")
@click.option("--unit", "units", multiple=True, help="Chỉ các đơn vị này.")
@click.option("--send/--rehearse", default=False, help="Gửi thật, hay chỉ viết ra để xem trước.")
@home_option
@as_of_option
def slips(
    period: str,
    folder: Path | None,
    mail: bool,
    units: tuple[str, ...],
    send: bool,
    home: str | None,
    as_of: str | None,
) -> int:
    """In phiếu chấm, hoặc gửi thư: mỗi người chấm một phiếu, không qua báo cáo của đơn vị.

    Ví dụ: tdkt ratings slips 2026-10 --mail --send
    """
    if folder is None and not mail:
        raise click.UsageError("Ghi --to THƯ-MỤC để in phiếu, hoặc --mail để gửi thư.")
    occasion = occasion_for(home, period, as_of)
    if folder is not None:
        from tasks.slips import write_slips

        written = write_slips(occasion, folder, units or None)
        screen.print(f"Đã in {written} phiếu chấm vào {folder}.")
    if mail:
        from flows.inviting import invite_raters

        count = invite_raters(occasion, units, send=send)
        screen.print(f"{count} thư phiếu chấm mới; người đã có đủ phiếu không được viết lại.")
    return 0


@ratings.command("status")
@click.argument("period")
@home_option
@json_option
def status(period: str, home: str | None, in_json: bool) -> int:
    """Ai đã nộp phiếu, ai chưa, đã mở hay còn niêm phong; không có điểm nào."""
    from tasks.seals import standing_of

    occasion = occasion_for(home, period)
    with occasion.office.book() as book, book.reading() as conn:
        found = standing_of(conn, occasion)
    if in_json:
        as_json([_told(one) for one in found])
    elif not found:
        screen.print(f"Chưa có phiếu chấm nào của {occasion.period.label}.")
    else:
        rows = [(one.cadre, one.unit, *_in_words(one)) for one in found]
        headings = ("Mã", "Đơn vị", "Đã nộp", "Còn thiếu", "Tình trạng")
        screen.print(table(f"Phiếu chấm – {occasion.period.label}", headings, rows))
    return 1 if any(not one.opened for one in found) else 0


@ratings.command("open")
@click.argument("period")
@click.argument("cadre")
@click.option("--by", "who", required=True, help="Người quyết định.")
@click.option("--why", required=True, help="Lý do không chờ bên còn thiếu.")
@home_option
@as_of_option
def open_one(
    period: str, cadre: str, who: str, why: str, home: str | None, as_of: str | None
) -> int:
    """Mở niêm phong phiếu chấm của một người khi không chờ nữa; ghi vào nhật ký."""
    from tasks.seals import open_now

    open_now(occasion_for(home, period, as_of), cadre, who, why)
    screen.print(f"Đã mở phiếu chấm của {cadre}; chạy lại kỳ để chấm: tdkt review {period}")
    return 0


def _told(one: Any) -> dict[str, Any]:
    return {
        "cadre": one.cadre,
        "unit": one.unit,
        "due": {role: list(raters) for role, raters in one.due.items()},
        "in": {role: sorted(r for r in raters if r) for role, raters in one.there.items()},
        "in_report": sorted(role for role, raters in one.there.items() if "" in raters),
        "opened": one.opened,
    }


def _in_words(one: Any) -> tuple[str, str, str]:
    from review.slip_form import ROLES

    there = [f"{ROLES[role]}: {', '.join(sorted(r or 'báo cáo của đơn vị' for r in raters))}"
             for role, raters in sorted(one.there.items())]  # fmt: skip
    missing = [
        f"{ROLES[role]}: {', '.join(left)}"
        for role, raters in one.due.items()
        if "" not in one.there.get(role, ())
        and (left := sorted(set(raters) - set(one.there.get(role, ()))))
    ]
    return "; ".join(there), "; ".join(missing), "đã mở" if one.opened else "niêm phong"
