"""`tdkt quota`: who may be graded excellent, who is displaced and why, under which reading."""

from __future__ import annotations

from typing import Any

import click

from cli.proof import proven
from cli.review import home_option, json_option, occasion_for
from cli.screen import as_json, screen, table
from review.points import brief
from review.powers import Power
from review.quota import SMALL_GROUP
from review.quota_lists import Drawn, QuotaList
from review.quota_moves import Move
from tasks.occasion import Occasion


@click.command()
@click.argument("period")
@click.option("--choose", "chosen", multiple=True, help="Mã người được chọn khi bằng điểm.")
@click.option(
    "--not-waiting",
    "late",
    multiple=True,
    help="Mã người chưa có kết quả mà không chờ nữa; “tat-ca”: không chờ ai.",
)
@click.option("--by", "who", default="", help="Người quyết định.")
@click.option("--why", default="", help="Lý do, ghi vào sổ.")
@home_option
@json_option
def quota(
    period: str,
    chosen: tuple[str, ...],
    late: tuple[str, ...],
    who: str,
    why: str,
    home: str | None,
    in_json: bool,
) -> int:
    """Tỷ lệ xếp loại xuất sắc: chỉ tiêu, ai trong, ai ngoài, vì sao. Chưa áp dụng khi chưa duyệt.

    Ví dụ: tdkt quota 2026 · tdkt quota 2026 --choose 03637-01 --by "Lò Văn A" --why "Có sáng kiến"
    · tdkt quota 2026 --not-waiting 03637-02 --by "Lò Văn A" --why "Nghỉ không báo cáo"
    """
    from tasks.quota import (
        choose_in_tie,
        draw_quota,
        drawn_merged,
        drawn_otherwise,
        not_waiting,
        results_now,
    )
    from tasks.restate import moves_now

    occasion = occasion_for(home, period)
    if late or chosen:
        who = proven(occasion.office, Power.TIES, who)
    if late:
        not_waiting(occasion, late, who, why)
    drawn = choose_in_tie(occasion, chosen, who, why) if chosen else draw_quota.fn(occasion)
    with occasion.office.book() as book, book.reading() as conn:
        if not results_now(conn, occasion):
            raise click.ClickException(
                f"{occasion.period.label} chưa có kết quả nào. Hãy chạy: tdkt review {period}"
            )
        others, merged = drawn_otherwise(conn, occasion), drawn_merged(conn, occasion)
        moved = moves_now(conn, occasion)
    if in_json:
        as_json(_as_json(occasion, drawn, others, merged, moved))
    else:
        _show(occasion, drawn, others, merged)
        _show_moves(occasion, moved)
    return 1 if drawn.needs_decision else 0


def _as_json(
    occasion: Occasion, drawn: Drawn, others: Any, merged: Drawn, moved: list[Move]
) -> dict[str, Any]:
    cap = occasion.regulation.cap
    return {
        "period": occasion.period_text,
        "reading": drawn.reading,
        "applies": occasion.period.cadence in cap.applies,
        "article": occasion.regulation.articles["cap"],
        "excellent": list(drawn.excellent),
        "tied": list(drawn.ties),
        "unsettled": list(drawn.unsettled),
        "displaced": list(drawn.displaced),
        "needs_decision": drawn.needs_decision,
        "moves_since_approval": [
            {"cadre": m.cadre, "unit": m.unit, "grade": [m.before, m.after], "says": m.says}
            for m in moved
        ],
        "why": dict(drawn.why),
        "lists": [_list(one) for one in drawn.lists],
        "if_small_groups_were_merged": {
            "excellent": list(merged.excellent),
            "tied": list(merged.ties),
            "displaced": list(merged.displaced),
        },
        "other_readings": {
            reading.value: {
                "excellent": list(other.excellent),
                "tied": list(other.ties),
                "displaced": list(other.displaced),
            }
            for reading, other in others.items()
        },
    }


def _list(one: QuotaList) -> dict[str, Any]:
    names = ("chosen", "tied", "displaced", "waiting", "unsettled", "flags")
    figures = ("rated", "good", "candidates", "seats")
    return {
        "scope": one.scope,
        "name": one.name,
        "percent": brief(one.percent).replace(",", "."),
        **{figure: getattr(one, figure) for figure in figures},
        **{name: list(getattr(one, name)) for name in names},
        "seats_by_reading": dict(one.seats_by_reading),
    }


def _show(occasion: Occasion, drawn: Drawn, others: Any, merged: Drawn) -> None:
    with_seats = [one for one in drawn.lists if one.seats and one.candidates]
    rows = [
        (one.scope.label, one.name, one.rated, one.good, one.candidates, one.seats)
        for one in with_seats
    ]
    headings = ("Phạm vi", "Tên", "Xếp loại", "Tốt trở lên", "Từ 90", "Chỉ tiêu")
    title = f"Tỷ lệ xuất sắc – {occasion.period.label}, {drawn.reading.label}"
    screen.print(table(title, headings, rows) if rows else f"{title}.")
    small = [one for one in drawn.lists if SMALL_GROUP in one.flags and one.candidates]
    if small:
        screen.print(
            f"{len(small)} nhóm, đơn vị quá nhỏ nên không có chỉ tiêu: "
            f"{', '.join(one.name for one in small[:8])}{' …' if len(small) > 8 else ''}."
        )
        screen.print(
            f"Nếu gộp các nhóm (office.toml: merge_small_groups = true): {_in_words(merged)}."
        )
    for names, says in (
        (drawn.excellent, "Trong chỉ tiêu"),
        (drawn.ties, "Bằng điểm, chờ người quyết định"),
        (drawn.unsettled, "Chưa xếp được vì người khác chưa có kết quả"),
        (drawn.displaced, "Ngoài chỉ tiêu"),
    ):
        if names:
            people = [(code, drawn.why[code]) for code in names]
            screen.print(table(f"{says}: {len(names)} người", ("Mã", "Vì sao"), people))
    for reading, other in others.items():
        screen.print(f"Nếu {reading.label} ({reading}): {_in_words(other)}.")
    if occasion.period.cadence in occasion.regulation.cap.applies:
        screen.print("Chưa áp dụng cho ai khi kết quả chưa được phê duyệt.")
    else:
        screen.print(
            f"Chỉ để xem: quy định {occasion.regulation.code} không khống chế tỷ lệ với "
            f"{occasion.period.label} ([cap] applies). Chưa áp dụng cho ai.",
            markup=False,
        )


def _in_words(drawn: Drawn) -> str:
    return (
        f"{len(drawn.excellent)} xuất sắc, {len(drawn.ties)} chờ quyết định, "
        f"{len(drawn.unsettled)} chưa xếp được, {len(drawn.displaced)} ngoài chỉ tiêu"
    )


def _show_moves(occasion: Occasion, moved: list[Move]) -> None:
    if moved:
        rows = [(move.cadre, move.says) for move in moved]
        title = f"Xét lại sau phê duyệt: {len(moved)} người sẽ đổi mức, chờ quyết định từng người"
        screen.print(table(title, ("Mã", "Đề xuất"), rows))
        screen.print(f"Quyết định: tdkt appeal list {occasion.period_text}")
