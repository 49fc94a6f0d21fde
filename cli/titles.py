"""`tdkt titles`: proposals of titles, each condition met, not met, or not known; `tdkt grant`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from cli.clusters import rows_of
from cli.review import home_option, json_option, occasion_for
from cli.screen import as_json, screen, table

WORDS = {True: "đủ điều kiện", False: "chưa đủ", None: "cần đối chiếu"}


@click.command()
@click.argument("year")
@click.option(
    "--heads",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="CSV số người của cả tập thể: unit, members, completed, ldtt, cstdcs, warned, source.",
)
@home_option
@json_option
def titles(year: str, heads: Path | None, home: str | None, in_json: bool) -> int:
    """Đề nghị danh hiệu của cá nhân, tập thể: từng điều kiện, căn cứ ở đâu. Không quyết định.

    Ví dụ: tdkt titles 2026 · tdkt titles 2026 --heads tap-the.csv
    """
    from review.title_cases import over_quota
    from tasks.titles import propose, take_heads

    occasion = occasion_for(home, year)
    if heads is not None:
        taken = take_heads(occasion, rows_of(heads))
        if not in_json:
            screen.print(f"Đã ghi số người của {taken} tập thể.")
    with occasion.office.book() as book, book.reading() as conn:
        cases = propose(conn, occasion)
    over = over_quota(cases, occasion.regulation.titles.cstdcs_percent)
    if in_json:
        as_json(
            {
                "proposals": [
                    {**asdict(case.nominee), "eligible": case.eligible,
                     "conditions": [asdict(one) for one in case.conditions]}
                    for case in cases
                ],
                "over_quota": {unit: {"proposed": n, "most": most}
                               for unit, (n, most) in over.items()},
            }
        )  # fmt: skip
        return 1 if over else 0
    names = occasion.regulation.title_names
    rows = [
        (
            case.nominee.cadre or case.nominee.unit,
            names[case.nominee.title],
            WORDS[case.eligible],
            "; ".join(f"{one.says} ({WORDS[one.met]}{', ' + one.source if one.source else ''})"
                      for one in case.conditions),
        )
        for case in cases
    ]  # fmt: skip
    title = f"Đề nghị danh hiệu – {occasion.period.label}"
    if not rows:
        screen.print(f"{title}: chưa có đề nghị nào trong báo cáo năm của các đơn vị.")
    else:
        screen.print(table(title, ("Mã", "Danh hiệu", "", "Điều kiện"), rows))
    for unit, (proposed, most) in over.items():
        screen.print(f"{unit}: đề nghị {proposed} chiến sĩ thi đua cơ sở, tỷ lệ cho phép {most}.")
    return 1 if over else 0


@click.command()
@click.argument("year")
@click.argument("title")
@click.argument("codes", nargs=-1, required=True)
@click.option("--document", required=True, help="Quyết định tặng: số, ngày, cơ quan.")
@click.option("--by", "who", required=True, help="Người nhập.")
@home_option
def grant(
    year: str, title: str, codes: tuple[str, ...], document: str, who: str, home: str | None
) -> int:
    """Ghi danh hiệu đã được tặng (theo quyết định), để xét điều kiện những năm sau.

    Ví dụ: tdkt grant 2025 cstdcs 03637-01 03637-02 --document "QĐ 15/QĐ-UBND" --by "Lò Văn A"
    """
    from tasks.titles import grant as record

    occasion = occasion_for(home, year)
    given = record(occasion, title, codes, document, who)
    name = occasion.regulation.title_names[title]
    screen.print(f"Đã ghi {name} năm {occasion.period} cho {given} người, tập thể.")
    return 0
