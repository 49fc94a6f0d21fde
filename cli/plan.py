"""`tdkt plan`: the plans, the changes that results propose, and a person's word on these."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import click
from sqlalchemy import Connection

from cli.proof import proven
from cli.review import home_option, json_option
from cli.screen import as_json, screen, table
from review.evidence import whole_number
from review.period import Period
from review.plans import (
    ChangeState,
    Decision,
    PlanKind,
    PlanLine,
    ProposedChange,
    cost_lines,
)
from review.powers import Power
from tasks.office import Office


@click.group()
def plan() -> None:
    """Các kế hoạch và những thay đổi mà kết quả đề xuất.

    KIND: dao_tao, chuong_trinh, to_chuc, quy_hoach, tao_nguon, kiem_tra, tu_ren_luyen, phong_trao,
    khen_thuong, luan_chuyen (hoặc tên tắt như KH-ĐTBD). PERIOD: kỳ của kế hoạch, hoặc kỳ đánh giá
    đã đề xuất thay đổi. Ví dụ: tdkt plan diff dao_tao 2026-11
    """


def about(command: Callable[..., Any]) -> Callable[..., Any]:
    """The two words that every command of a plan begins with, and where the office is."""
    command = home_option(json_option(command))
    return click.argument("kind")(click.argument("period")(command))


def meant(kind: str, period: str) -> tuple[PlanKind, str]:
    try:
        return PlanKind.parse(kind), str(Period.parse(period))
    except ValueError as wrong:
        raise click.UsageError(str(wrong)) from None


@plan.command()
@about
@click.option("--version", "number", type=int, help="Xem lại một phiên bản cũ.")
@click.option("--unit", default="", help="Chỉ một đơn vị.")
@click.option("--to", "path", type=click.Path(dir_okay=False), help="Xuất ra tệp .xlsx.")
def show(
    kind: str,
    period: str,
    home: str | None,
    in_json: bool,
    number: int | None,
    unit: str,
    path: str | None,
) -> int:
    """Kế hoạch đang có hiệu lực, kèm chỉ số của kỳ. Ví dụ: tdkt plan show dao_tao 2026-11"""
    from tasks.plan_files import plan_seen, write_plan

    which, text = meant(kind, period)
    office = Office.at(home)
    with office.book() as book, book.reading() as conn:
        seen = plan_seen(conn, which, text, number, unit)
    if path:
        write_plan(office.settings, seen, Path(path))
        screen.print(f"Đã xuất {len(seen.lines)} dòng ra {path}")
    elif in_json:
        as_json(
            {
                "kind": which.value,
                "period": seen.period,
                "version": seen.version,
                "lines": [_line_json(line) for line in seen.lines],
                "figures": [_figure_json(one) for one in seen.figures],
                "waiting": seen.waiting,
            }
        )
    else:
        _show(seen)
    return 0


@plan.command()
@about
@click.option("--unit", default="", help="Chỉ một đơn vị.")
@click.option("--state", "states", multiple=True, help="Chỉ các trạng thái này.")
def diff(
    kind: str, period: str, home: str | None, in_json: bool, unit: str, states: Sequence[str]
) -> int:
    """Những thay đổi được đề xuất, từng dòng, kèm căn cứ. Ví dụ: tdkt plan diff dao_tao 2026-11"""
    which, text = meant(kind, period)
    wanted = {_state(word) for word in states}
    with Office.at(home).book() as book, book.reading() as conn:
        changes = [
            change
            for change in _changes(conn, which, text)
            if (not unit or change.line.unit == unit) and (not wanted or change.state in wanted)
        ]
    if in_json:
        as_json([_change_json(change) for change in changes])
    else:
        _show_changes(which, text, changes)
    return 0


def _state(word: str) -> ChangeState:
    try:
        return ChangeState(word)
    except ValueError:
        known = ", ".join(state.value for state in ChangeState)
        raise click.UsageError(f"“{word}” không phải trạng thái; hãy dùng: {known}.") from None


def deciding(verdict: ChangeState, says: str) -> Callable[..., Any]:
    """A command that gives one verdict."""

    def command(
        kind: str,
        period: str,
        home: str | None,
        in_json: bool,
        lines: tuple[int, ...],
        unit: str,
        every: bool,
        who: str,
        note: str,
    ) -> int:
        from tasks.decide_plans import Choice, decide

        which, text = meant(kind, period)
        try:
            choice = Choice(lines, unit, every)
            _ = Decision(verdict, who, datetime.now(UTC), note)  # what is wrong is said first
            office, run = Office.at(home), f"tdkt-{uuid4().hex[:12]}"
            who = proven(office, Power.PLANS, who)
            decision = Decision(verdict, who, datetime.now(UTC), note)
            done = decide.fn(office, which, text, choice, decision, run)
        except ValueError as wrong:
            raise click.UsageError(str(wrong)) from None
        if in_json:
            as_json({"changes": done.changes, "versions": dict(done.versions)})
        else:
            screen.print(f"{verdict.label}: {done.changes} dòng.")
            for about_period, version in done.versions:
                screen.print(f"{which.label} kỳ {about_period}: phiên bản {version}.")
        return 0

    command.__doc__ = says
    return command


def _decision_command(name: str, verdict: ChangeState, says: str) -> None:
    command = deciding(verdict, says)
    for option in (
        click.option("--note", default="", help="Lý do; bắt buộc khi không chấp nhận."),
        click.option("--by", "who", required=True, help="Người quyết định."),
        click.option("--all", "every", is_flag=True, help="Mọi dòng đang chờ."),
        click.option("--unit", default="", help="Mọi dòng đang chờ của đơn vị này."),
        click.argument("lines", nargs=-1, type=int),
    ):
        command = option(command)
    plan.command(name)(about(command))


_decision_command(
    "accept",
    ChangeState.ACCEPTED,
    "Chấp nhận các dòng; chúng thành phiên bản kế tiếp của kế hoạch.\n\n"
    "Ví dụ: tdkt plan accept dao_tao 2026-11 3 4 --by “Lò Văn Inh”",
)
_decision_command(
    "refuse",
    ChangeState.REFUSED,
    "Không chấp nhận, có lý do.\n\n"
    "Ví dụ: tdkt plan refuse dao_tao 2026-11 5 --by “Lò Văn Inh” --note “Đã học năm 2025”",
)
_decision_command(
    "take-back",
    ChangeState.TAKEN_BACK,
    "Rút lại quyết định; dòng trở lại là đề xuất.\n\n"
    "Ví dụ: tdkt plan take-back dao_tao 2026-11 3 --by “Lò Văn Inh”",
)


def _changes(conn: Connection, kind: PlanKind, period: str) -> list[ProposedChange]:
    from tdkt_models.plans import recall_changes

    return recall_changes(conn, kind, period, either=True)


def _show(seen: Any) -> None:
    kind, lines = seen.kind, seen.lines
    rows = [
        (
            at,
            line.unit,
            line.content,
            line.subject,
            _day(line.due),
            _money(line.cost),
            line.outcome.label,
        )
        for at, line in enumerate(lines, start=1)
    ]
    title = f"{kind.label}, kỳ {seen.period}, phiên bản {seen.version}"
    heads = ("TT", "Đơn vị", "Nội dung", "Về", "Hạn", "Kinh phí (đồng)", "Kết quả")
    screen.print(table(title, heads, rows))
    total = sum(line.cost or 0 for line in lines)
    if total:
        costs = [(content, count, _money(cost)) for content, count, cost in cost_lines(lines)]
        screen.print(
            table(
                "Dự toán",
                ("Nội dung", "Số dòng", "Đồng"),
                [*costs, ("Cộng", len(lines), _money(total))],
            )
        )
    figures = [(one.label, one.shown, one.says) for one in seen.figures]
    if figures:
        screen.print(table(f"Chỉ số kỳ {seen.source}", ("Chỉ số", "Giá trị", "Vì sao"), figures))
    if seen.waiting:
        screen.print(
            f"{seen.waiting} đề xuất đang chờ quyết định: tdkt plan diff {kind.value} {seen.period}"
        )


def _show_changes(kind: PlanKind, period: str, changes: Sequence[ProposedChange]) -> None:
    told = screen.told
    screen.print(f"[bold]{kind.label}, {period}: {len(changes)} thay đổi[/bold]")
    for change in changes:
        line = change.line
        reason = f" ({change.reason})" if change.reason else ""
        screen.print(
            f"\n{change.id:>4}  {told(change.action.label)} · {told(change.state.label)}{reason}\n"
            f"      {line.unit} {line.subject}  {line.content}"
            f"{f', {line.quantity}' if line.quantity else ''}"
            f"{f', {_money(line.cost)} đồng' if line.cost else ''}, hạn {_day(line.due)}\n"
            f"      Vì sao: {change.says}",
            markup=False,
        )
        for piece in change.evidence:
            where = " · ".join(
                part for part in (piece.subject, piece.period, piece.cell, _day(piece.on)) if part
            )
            screen.print(f"        – {piece.says}  [{where}]", markup=False)


def _line_json(line: PlanLine) -> dict[str, Any]:
    told = asdict(line)
    return {**told, "due": line.due.isoformat() if line.due else None}


def _figure_json(one: Any) -> dict[str, Any]:
    evidence = [piece.as_json() for piece in one.evidence]
    return {**asdict(one), "shown": one.shown, "evidence": evidence}


def _change_json(change: ProposedChange) -> dict[str, Any]:
    return {
        "id": change.id,
        "action": change.action.value,
        "state": change.state.value,
        "source": change.source,
        "measure": change.measure,
        "says": change.says,
        "reason": change.reason,
        "by": change.who,
        "line": _line_json(change.line),
        "evidence": [piece.as_json() for piece in change.evidence],
    }


def _day(day: Any) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def _money(amount: int | None) -> str:
    return whole_number(amount) if amount else ""
