"""`tdkt rehearse-rule`: what a changed regulation would have done to periods that are past."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from cli.review import home_option, json_option, occasion_for
from cli.screen import as_json, screen, table
from review.points import written
from review.regulation import Regulation
from review.rehearsal import Change

MOST_SHOWN = 40


@click.command("rehearse-rule")
@click.argument("regulation")
@click.option("--periods", required=True, help="Các kỳ đã qua, cách nhau bằng dấu phẩy.")
@click.option("--why", "who", default="", help="Mã một người: từng điểm theo quy định mới.")
@home_option
@json_option
def rehearse_rule(regulation: str, periods: str, who: str, home: str | None, in_json: bool) -> int:
    """Chấm thử lại các kỳ đã qua theo quy định đã sửa: ai đổi mức, bao nhiêu thư phải viết lại.

    REGULATION là thư mục quy định mới hoặc mã của nó. Không ghi gì vào sổ.
    Ví dụ: tdkt rehearse-rule regulations/2026-11 --periods 2026-09,2026-10
    · tdkt rehearse-rule regulations/2026-11 --periods 2026-10 --why 03637-01
    """
    from tasks.rehearse_rule import rehearse_rule as rehearse

    changed = _regulation(regulation)
    texts = [text.strip() for text in periods.split(",") if text.strip()]
    if who:
        return _why(changed, texts, who, home, in_json)
    rehearsed = [rehearse(occasion_for(home, text), changed) for text in texts]
    if in_json:
        as_json({"regulation": changed.code, "title": changed.title,
                 "periods": [_told(one) for one in rehearsed]})  # fmt: skip
        return 0
    for one in rehearsed:
        title = (
            f"{one.period}: {len(one.changes)}/{one.persons} người đổi điểm, "
            f"{len(one.regraded)} người đổi mức, {one.letters}/{one.of} thư phải viết lại"
        )
        shown = sorted(one.changes, key=lambda change: not change.regraded)[:MOST_SHOWN]
        rows = [(change.cadre, change.unit, change.words) for change in shown]
        screen.print(title)
        if rows:
            screen.print(table("", ("Mã", "Đơn vị", "Thay đổi"), rows))
        if len(one.changes) > MOST_SHOWN:
            rest = len(one.changes) - MOST_SHOWN
            screen.print(f"… và {rest} người nữa; đủ danh sách: thêm --json.")
        if one.after_quota:
            moved = [(c.cadre, c.unit, c.words) for c in one.after_quota[:MOST_SHOWN]]
            words = f"Do tính tỷ lệ xuất sắc: {len(one.after_quota)} người đổi mức"
            screen.print(table(words, ("Mã", "Đơn vị", "Thay đổi"), moved))
    return 0


def _why(changed: Regulation, texts: list[str], who: str, home: str | None, in_json: bool) -> int:
    from tasks.rehearse_rule import card_under

    told = {text: card_under(occasion_for(home, text), changed, who) for text in texts}
    if missing := [text for text, lines in told.items() if not lines]:
        raise click.ClickException(
            f"Không có báo cáo nào chấm “{who}” trong {', '.join(missing)}. Hãy kiểm tra lại mã; "
            "kỳ dài hơn tháng thì hỏi từng tháng."
        )
    if in_json:
        as_json({"regulation": changed.code, "cadre": who, "lines": told})
    else:
        for lines in told.values():
            screen.print(*lines, sep="\n", end="\n\n")
    return 0


def _regulation(named: str) -> Regulation:
    from channels.errors import LibraryError
    from channels.library import regulation_at, regulation_in_force

    if Path(named).is_dir():
        return regulation_at(Path(named))
    try:
        found = regulation_in_force(named)
    except ValueError as wrong:
        raise LibraryError(f"“{named}” không phải thư mục quy định, cũng không phải mã.") from wrong
    if found.code != named:
        raise LibraryError(f"Không có quy định “{named}”; gần nhất là {found.code}.")
    return found


def _told(one: Any) -> dict[str, Any]:
    return {
        "period": one.period,
        "persons": one.persons,
        "changed": len(one.changes),
        "regraded": len(one.regraded),
        "after_quota": [_change(change) for change in one.after_quota],
        "letters": one.letters,
        "letters_of": one.of,
        "changes": [_change(change) for change in one.changes],
    }


def _change(change: Change) -> dict[str, Any]:
    totals = change.total_before, change.total_after
    before, after = (None if total is None else written(total) for total in totals)
    return {
        "cadre": change.cadre,
        "unit": change.unit,
        "total": [before, after],
        "grade": [change.grade_before, change.grade_after],
        "says": change.words,
    }
