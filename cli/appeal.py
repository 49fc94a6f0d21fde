"""`tdkt appeal`: appeals and corrections after a period's results were approved."""

from __future__ import annotations

from typing import Any

import click

from cli.review import as_of_option, home_option, json_option, occasion_for
from cli.screen import as_json, screen, table
from review.appeals import Appeal


@click.group()
def appeal() -> None:
    """Kiến nghị, điều chỉnh sau khi kết quả đã phê duyệt: mở, giải quyết, xem.

    Ví dụ: tdkt appeal open 2026-10 03637-01 --by "Lò Văn Inh" --grounds "Thiếu 2 sản phẩm"
    """


@appeal.command("open")
@click.argument("period")
@click.argument("cadre")
@click.option("--by", "who", required=True, help="Người nêu kiến nghị.")
@click.option("--grounds", required=True, help="Căn cứ, nội dung kiến nghị.")
@home_option
@as_of_option
def open_one(
    period: str, cadre: str, who: str, grounds: str, home: str | None, as_of: str | None
) -> int:
    """Mở kiến nghị cho một người; kết quả đang có được chụp lại."""
    from tasks.appeals import open_case

    number = open_case(occasion_for(home, period, as_of), cadre, who, grounds)
    screen.print(f"Đã mở kiến nghị số {number}.")
    return 0


@appeal.command("corrections")
@click.argument("period")
@click.option("--by", "who", required=True, help="Người lập.")
@home_option
@as_of_option
def corrections(period: str, who: str, home: str | None, as_of: str | None) -> int:
    """Mở điều chỉnh cho những người có kết quả khác đi vì báo cáo hợp lệ đến sau phê duyệt."""
    from tasks.appeals import open_corrections

    numbers = open_corrections.fn(occasion_for(home, period, as_of), who)
    screen.print(f"Đã mở {len(numbers)} điều chỉnh: {', '.join(map(str, numbers)) or 'không có'}.")
    return 0


@appeal.command("decide")
@click.argument("period")
@click.argument("number", type=int)
@click.option("--uphold/--dismiss", required=True, help="Chấp nhận và chấm lại, hay giữ nguyên.")
@click.option("--by", "who", required=True, help="Người giải quyết.")
@click.option("--note", required=True, help="Ý kiến giải quyết.")
@home_option
@as_of_option
def decide(
    period: str,
    number: int,
    uphold: bool,
    who: str,
    note: str,
    home: str | None,
    as_of: str | None,
) -> int:
    """Giải quyết kiến nghị: chỉ chấm lại người liên quan, ghi chênh lệch, viết lại thư."""
    from tasks.appeals import decide_case

    case = decide_case(occasion_for(home, period, as_of), number, who, note, uphold=uphold)
    screen.print(f"{case.kind.label} số {number}: {case.state.label}. {case.outcome['says']}.")
    return 0


@appeal.command("list")
@click.argument("period")
@home_option
@json_option
def list_all(period: str, home: str | None, in_json: bool) -> int:
    """Các kiến nghị, điều chỉnh của một kỳ."""
    from tdkt_models.appeals import recall_appeals

    occasion = occasion_for(home, period)
    with occasion.office.book() as book, book.reading() as conn:
        cases = recall_appeals(conn, occasion.period_text)
    if in_json:
        as_json([_told(case) for case in cases])
    else:
        rows = [
            (c.id, c.cadre, c.kind.label, c.grounds, c.state.label, c.outcome.get("says", ""))
            for c in cases
        ]
        headings = ("Số", "Mã", "Loại", "Căn cứ", "Kết quả", "Chênh lệch")
        screen.print(table(f"Kiến nghị – {occasion.period.label}", headings, rows))
    return 1 if any(case.state == "open" for case in cases) else 0


def _told(case: Appeal) -> dict[str, Any]:
    return {
        "id": case.id,
        "cadre": case.cadre,
        "unit": case.unit,
        "kind": case.kind,
        "opened_by": case.opened_by,
        "grounds": case.grounds,
        "closes_on": case.closes_on and case.closes_on.isoformat(),
        "state": case.state,
        "decided_by": case.decided_by,
        "note": case.note,
        "snapshot": dict(case.snapshot),
        "outcome": dict(case.outcome),
    }
