"""`tdkt insight`: beside the scores, what the office should look at. Advisory; changes nothing."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click

from cli.review import home_option, json_option, occasion_for
from cli.screen import as_json, screen, table
from review.dimensions import NAMES
from review.points import shown, written


@click.command()
@click.argument("period")
@home_option
@json_option
def insight(period: str, home: str | None, in_json: bool) -> int:
    """Các hạn chế cần xem, độ chặt – rộng của người chấm, các mặt của từng người. Không đổi điểm.

    Ví dụ: tdkt insight 2026-Q4 · tdkt insight 2026-10 --json
    """
    from tasks.insight import insight as look

    occasion = occasion_for(home, period)
    seen = look(occasion)
    if in_json:
        as_json(
            {
                "signals": [{**asdict(s), "cells": list(s.cells)} for s in seen.signals],
                "raters": [asdict(rater) for rater in seen.raters],
                "markers": [asdict(rater) for rater in seen.markers],
                "profiles": {code: _profile(one) for code, one in seen.profiles.items()},
            }
        )
        return 0
    flagged = [(s.weakness, s.unit or "toàn tỉnh", s.says) for s in seen.signals if s.flagged]
    if flagged:
        title = f"Hạn chế cần xem – {occasion.period.label}"
        screen.print(table(title, ("Mã", "Đơn vị", "Vì sao"), flagged))
    else:
        screen.print("Không có hạn chế nào vượt mức nhắc.")
    raters = [
        (rater.rater, rater.says.partition(": ")[2]) for rater in seen.raters if rater.flagged
    ]
    if raters:
        screen.print(table("Nơi chấm khác mặt bằng", ("Đơn vị", "Khác thế nào"), raters))
    else:
        screen.print("Không nơi nào chấm khác hẳn mặt bằng (nơi dưới 3 người không so).")
    markers = [(one.rater, one.says.partition(": ")[2]) for one in seen.markers if one.flagged]
    if markers:
        screen.print(table("Người chấm khác mặt bằng", ("Mã", "Khác thế nào"), markers))
    rows = [
        (code, *("" if v is None else shown(v) for v in asdict(one).values()))
        for code, one in sorted(seen.profiles.items())
    ]
    screen.print(table("Các mặt (%), không cộng vào điểm", ("Mã", *NAMES.values()), rows))
    return 0


def _profile(one: Any) -> dict[str, str | None]:
    return {name: None if value is None else written(value) for name, value in asdict(one).items()}
