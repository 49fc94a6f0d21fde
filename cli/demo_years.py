"""`tdkt demo --years 3`: the sample's years from the first to the last, and what they came to.

run(Office.at("var/demo"), 3, in_json=False)      -> 0 where every figure balances
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from cli.history import periods_of, run_years
from cli.screen import as_json, bars, screen, table
from review.evidence import decimal, whole_number
from review.plans import PlanKind
from review.roster import Roster
from review.standing import Standing
from tasks.occasion import Occasion
from tasks.office import Office
from tasks.plan_files import plan_seen, write_plan
from tasks.report_figures import report_payload
from tdkt_models.units import recall_units

MOST_ASKS = 8
NOTHING = "–"


def run(office: Office, years: int, in_json: bool, roster: Roster | None = None) -> int:
    """With a `roster` the province is that part of the sample."""
    from cli.demo import opened
    from flows.cycle import review_cycle
    from tasks.papers import make_papers

    opened(office, next(iter(periods_of(1))))
    with bars() as progress:
        last = run_years(office, years, progress, roster)
        standing = review_cycle(last, send=True, progress=progress)
        progress("Lập báo cáo, xuất kế hoạch", 0, 2)
        papers = [kept.path for kept in make_papers.fn(last, reports_of(office))]
        progress("Lập báo cáo, xuất kế hoạch", 1, 2)
        plans = write_plans(last, reports_of(office) / "ke-hoach")
        progress("Lập báo cáo, xuất kế hoạch", 2, 2)
    if in_json:
        as_json(standing.as_json())
    else:
        tell(last, years, papers, plans, standing)
    return 0 if standing.balanced else 1


def reports_of(office: Office) -> Path:
    return office.folder / "reports"


def write_plans(last: Occasion, folder: Path) -> list[Path]:
    """The plans of the year after as workbooks, each change with its ground."""
    following = str(last.period.next())
    written = []
    for kind in PlanKind:
        with last.office.book() as book, book.reading() as conn:
            seen = plan_seen(conn, kind, following)
        path = folder / f"{kind.value}-{following}.xlsx"
        write_plan(last.office.settings, seen, path)
        written.append(path)
    return written


def tell(
    last: Occasion,
    years: int,
    papers: Sequence[Path],
    plans: Sequence[Path],
    standing: Standing,
) -> None:
    """Years beside each other, what was followed up, what is proposed, what is to come."""
    with last.office.book() as book, book.reading() as conn:
        reports = {one.period_text: report_payload(conn, one) for one in occasions(last, years)}
        passed = passage(conn)
    now = reports[last.period_text]
    screen.rule(f"[bold]{last.office.settings.name} · {years} năm, đến hết {last.period.label}[/]")
    screen.print(table("Từng năm", YEAR_HEADS, [year_row(*one) for one in reports.items()]))
    screen.print(f"{passed}\n")
    screen.print(table(*followed(now)))
    screen.print(table(*proposed(now)))
    screen.print(f"[bold]Xin ý kiến lãnh đạo[/] ({len(now['plans']['asks'])} việc)")
    for at, ask in enumerate(now["plans"]["asks"][:MOST_ASKS], start=1):
        screen.print(f"  {at}. {ask}.", markup=False)
    screen.print(f"\n[bold]Dự báo đội ngũ[/]  {outlook(now)}\n")
    balanced = "[green]Số liệu khớp.[/]" if standing.balanced else "; ".join(standing.faults)
    screen.print(balanced)
    show_files(last, papers, plans)


def occasions(last: Occasion, years: int) -> list[Occasion]:
    """The year reviewed and those before it, the earliest first."""
    found = [last]
    while len(found) < years:
        found.insert(0, replace(last, period=found[0].period.previous()))
    return found


YEAR_HEADS = (
    "Năm", "Báo cáo", "Đầy đủ", "Đúng hạn", "Người", "Điểm TB", "Xuất sắc", "Chỉ số cần chú ý",
)  # fmt: skip


def year_row(year: str, report: Mapping[str, Any]) -> tuple[object, ...]:
    roll, persons, plans = report["roll"], report["persons"], report["plans"]
    cards = [card["total"] for card in report["cards"] if card["total"] is not None]
    mean = decimal(round(sum(cards) / len(cards))) if cards else NOTHING
    return (
        year,
        whole_number(roll["roll"]),
        _share(roll["completeness"]),
        _share(roll["timeliness"]),
        whole_number(persons["scored"]),
        mean,
        _share(report["grades"][0]["share"]),
        f"{plans['alarms']} trên {plans['figures']}" if plans else NOTHING,
    )


def passage(conn: Connection) -> str:
    """From which units to which the sample passed on the way."""
    units = recall_units(conn).values()
    gone = [unit for unit in units if unit.until is not None]
    if not gone:
        return ""
    heirs = {code for unit in gone for code in unit.successors}
    day = max(unit.until for unit in gone if unit.until)
    return (
        f"Đến hết {day:%d/%m/%Y} có {len(gone)} đơn vị kết thúc hoạt động; {len(heirs)} đơn vị kế "
        "tiếp nhận người, lịch sử, việc còn dở và kế hoạch."
    )


def followed(report: Mapping[str, Any]) -> tuple[str, Sequence[str], list[tuple[object, ...]]]:
    rows = [tuple(row) for row in report["plans"]["followed"]]
    heads = ("Kế hoạch", "Dòng", "Đã thực hiện", "Chưa", "Chưa rõ")
    return f"Kế hoạch {report['period_label']} đã thực hiện đến đâu", heads, list(rows)


def proposed(report: Mapping[str, Any]) -> tuple[str, Sequence[str], list[tuple[object, ...]]]:
    rows = [
        (label, lines, whole_number(cost) if cost else NOTHING, causes.split("; ")[0])
        for label, lines, cost, _waiting, _accepted, _refused, causes in report["plans"]["proposed"]
    ]
    heads = ("Kế hoạch", "Dòng", "Kinh phí (đồng)", "Nguyên do nhiều nhất")
    return f"Đề xuất cho {report['plans']['following']}, chờ người quyết định", heads, list(rows)


def outlook(report: Mapping[str, Any]) -> str:
    """How many of those who serve now will still serve."""
    words = [
        f"sau {point['months']} tháng còn {point['low']}–{point['high']} người"
        for point in report["fan"]
        if point["months"]
    ]
    return "; ".join([f"nay {report['fan'][0]['middle']} người", *words]) if words else NOTHING


def show_files(last: Occasion, papers: Sequence[Path], plans: Sequence[Path]) -> None:
    from cli.demo import short

    home, following = last.office.folder, last.period.next()
    here = f"TDKT_HOME={short(home)} tdkt"
    listed = "\n               ".join(str(path) for path in papers)
    screen.print(
        f"\nBáo cáo        {listed}\n"
        f"Kế hoạch       {plans[0].parent}   ({len(plans)} tệp Excel)\n"
        f"Thư            {home / 'outbox' / 'index.html'}   (mở bằng trình duyệt)\n\n"
        f"Xem tiếp:  {here} plan diff quy_hoach {following}   ·   "
        f"{here} plan show dao_tao {following}   ·   {here} status {last.period_text}",
        soft_wrap=True,
    )


def _share(hundredths: int | None) -> str:
    return NOTHING if hundredths is None else f"{decimal(hundredths)}%"
