"""`tdkt approve`: a named person approves a period's results, or sends them back."""

from __future__ import annotations

import click

from cli.proof import proven
from cli.review import as_of_option, home_option, json_option, occasion_for
from cli.screen import as_json, screen
from review.approval import Stage
from review.powers import Power


@click.command()
@click.argument("period")
@click.option("--by", "who", required=True, help="Họ tên người phê duyệt.")
@click.option("--note", required=True, help="Ý kiến phê duyệt, ghi vào sổ.")
@click.option("--refuse", is_flag=True, help="Không phê duyệt: trả kết quả lại, mở khóa.")
@click.option("--unit", default="", help="Thủ trưởng một đơn vị phê duyệt kết quả của đơn vị mình.")
@home_option
@as_of_option
@json_option
def approve(
    period: str,
    who: str,
    note: str,
    refuse: bool,
    unit: str,
    home: str | None,
    as_of: str | None,
    in_json: bool,
) -> int:
    """Phê duyệt kết quả của kỳ, hoặc trả lại. Kết quả đã phê duyệt thì khóa, chạy lại không đổi.

    Ví dụ: tdkt approve 2026-10 --by "Lò Văn A" --note "Thống nhất"
    """
    from tasks.approve import Signature, approve, stage_waiting

    occasion = occasion_for(home, period, as_of)
    council = not unit and stage_waiting(occasion) is Stage.COUNCIL
    who = proven(occasion.office, Power.COUNCIL if council else Power.APPROVE, who)
    done = approve.fn(occasion, Signature(who, note, unit, refuse))
    one = done.decision
    if in_json:
        told = {"period": one.period, "stage": one.stage, "ruling": one.ruling, "by": one.who}
        next_stage = done.following.value if done.following else None
        as_json({**told, "note": one.note, "unit": one.unit, "final": done.final,
                 "next": next_stage, "persons": done.persons, "basis": one.basis,
                 "changed": list(done.changed)})  # fmt: skip
        return 0
    word = "không phê duyệt" if refuse else "phê duyệt"
    screen.print(f"{one.stage.label}: {one.who} {word} kết quả {occasion.period.label}.")
    if done.final:
        screen.print(f"Đã khóa kết quả của {done.persons} người.")
        if one.basis == "chinh_thuc" and done.changed:
            screen.print(f"So với bản tạm tính, đổi mức: {', '.join(done.changed)}.")
    elif done.following:
        screen.print(f"Cấp tiếp theo: {done.following.label}.")
    return 0
