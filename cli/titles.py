"""`tdkt titles`: the year's proposals of titles, each condition met, not met, or not known."""

from __future__ import annotations

from dataclasses import asdict

import click

from cli.review import home_option, json_option, occasion_for
from cli.screen import as_json, screen, table

WORDS = {True: "đủ điều kiện", False: "chưa đủ", None: "cần đối chiếu"}


@click.command()
@click.argument("year")
@home_option
@json_option
def titles(year: str, home: str | None, in_json: bool) -> int:
    """Đề nghị danh hiệu của năm: từng điều kiện, căn cứ ở đâu. Chỉ là đề nghị, không quyết định.

    Ví dụ: tdkt titles 2026
    """
    from review.title_cases import over_quota
    from tasks.titles import propose

    occasion = occasion_for(home, year)
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
    names = {rule.key: rule.name for rule in occasion.regulation.person_titles}
    rows = [
        (
            case.nominee.cadre,
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
