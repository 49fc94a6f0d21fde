"""`tdkt explain`: from a grade back to the rule, the article, the file and the cell."""

from __future__ import annotations

import click

from cli.review import home_option, json_option, occasion_for
from cli.screen import as_json, screen


@click.command()
@click.argument("who")
@click.argument("period")
@home_option
@json_option
def explain(who: str, period: str, home: str | None, in_json: bool) -> int:
    """Vì sao có điểm ấy: mức xếp loại → tiêu chí → điều khoản → tệp, trang, ô.

    WHO là mã cán bộ hoặc mã đơn vị. Ví dụ: tdkt explain 03637-01 2026-10
    """
    from tasks.traces import traces

    occasion = occasion_for(home, period)
    with occasion.office.book() as book, book.reading() as conn:
        found = traces(conn, occasion, who)
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
            led = trace.get("people", [])
            people = [f"d tính từ kết quả của: {'; '.join(led)}."] if led else []
            source = f"  Nguồn: {trace['source']}"
            screen.print(*trace["lines"], *people, *raised, source, sep="\n", end="\n\n")
    return 0
