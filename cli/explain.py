"""`tdkt explain`: from a grade back to the rule, the article, the file and the cell."""

from __future__ import annotations

from typing import Any

import click
from sqlalchemy import Connection

from cli.review import home_option, json_option, occasion_for
from cli.screen import as_json, screen
from tasks.occasion import Occasion


@click.command()
@click.argument("who")
@click.argument("period")
@home_option
@json_option
def explain(who: str, period: str, home: str | None, in_json: bool) -> int:
    """Vì sao có điểm ấy: mức xếp loại → tiêu chí → điều khoản → tệp, trang, ô.

    WHO là mã cán bộ hoặc mã đơn vị. Ví dụ: tdkt explain 03637-01 2026-10
    """
    occasion = occasion_for(home, period)
    with occasion.office.book() as book, book.reading() as conn:
        found = _traces(conn, occasion, who)
    if not found:
        raise click.ClickException(
            f"Không có phiếu điểm nào của “{who}” trong {occasion.period.label}. "
            "Hãy kiểm tra lại mã."
        )
    if in_json:
        as_json(found)
    else:
        for trace in found:
            raised = [f"Để đạt mức cao hơn: {trace['raise']}"] if trace["raise"] else []
            source = f"  Nguồn: {trace['source']}"
            screen.print(*trace["lines"], *raised, source, sep="\n", end="\n\n")
    return 0


def _traces(conn: Connection, occasion: Occasion, who: str) -> list[dict[str, Any]]:
    from review.explanation import explain as in_words
    from tasks.defence import cards_with_reasons, what_would_raise

    unit = who.partition("-")[0]
    cards = cards_with_reasons(conn, occasion, [unit])
    raises = what_would_raise(conn, occasion, unit, who)
    return [
        {
            "cadre": card.cadre,
            "unit": card.unit,
            "period": card.period,
            "grade": card.grade,
            "lines": list(in_words(card, occasion.regulation)),
            "source": _source(conn, occasion, card.unit),
            "raise": raises.get(card.cadre, ""),
        }
        for card in cards
        if who in (card.cadre, card.unit)
    ]


def _source(conn: Connection, occasion: Occasion, unit: str) -> str:
    """The file a card was scored from: its name, version, time and hash."""
    from tdkt_models.files import recall_files
    from tdkt_models.submissions import recall_kept

    kept = recall_kept(conn, occasion.period_text, [unit])
    files = recall_files(conn, ids=[one.file for one in kept])
    said = [
        f"{f.name}, bản {f.version or 1}, nhận {f.received_at:%d/%m/%Y}, sha256 {f.sha256}"
        for f in files
    ]
    return "; ".join(said) or "chưa có báo cáo nào được chấp nhận"
