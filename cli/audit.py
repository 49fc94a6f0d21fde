"""`tdkt audit`: who did what and when; proof that nobody changed it since."""

from __future__ import annotations

from email import message_from_bytes, policy
from pathlib import Path

import click

from channels.anchors import HEADER, Anchor, anchors_in
from channels.errors import ChannelRefused, why
from cli.review import home_option, json_option, occasion_for
from cli.screen import as_json, screen, table
from tasks.office import Office


@click.group()
def audit() -> None:
    """Nhật ký của sổ: ai làm gì, lúc nào; kiểm tra không ai sửa được mà không lộ."""


@audit.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@home_option
@json_option
def verify(files: tuple[Path, ...], home: str | None, in_json: bool) -> int:
    """Kiểm tra chuỗi nhật ký; đối chiếu với mốc trong các thư (.eml), tệp chữ đưa vào.

    Ví dụ: tdkt audit verify thu-tong-hop-thang-10.eml

    Mã thoát: 0 nguyên vẹn · 1 có chỗ bị sửa, thêm, bớt · 2 không đọc được.
    """
    from tasks.verify_audit import verify_audit

    outside = [anchor for file in files for anchor in _anchors_of(file)]
    found = verify_audit(Office.at(home), outside)
    if in_json:
        newest = found.newest and {"n": found.newest.n, "at": found.newest.at.isoformat()}
        as_json(
            {
                "valid": not found.faults,
                "entries": found.head.n,
                "head": found.head.link,
                "anchors": found.anchors,
                "newest_anchor": newest,
                "faults": list(found.faults),
            }
        )
        return 1 if found.faults else 0
    for fault in found.faults:
        screen.print(f"[red]Không nguyên vẹn:[/red] {fault}")
    if not found.faults:
        screen.print(
            f"[green]Nhật ký nguyên vẹn:[/green] {found.head.n} dòng, khớp {found.anchors} mốc."
        )
    screen.print(f"Đầu chuỗi: {found.head.n} {found.head.link}", soft_wrap=True)
    return 1 if found.faults else 0


@audit.command(name="list")
@click.option("--subject", help="Chỉ việc về mã đơn vị, cán bộ, kỳ… này.")
@click.option("--what", help="Chỉ loại việc này, ví dụ results.approved.")
@click.option("--last", default=50, show_default=True, help="Bao nhiêu việc gần nhất; 0: tất cả.")
@home_option
@json_option
def list_(subject: str | None, what: str | None, last: int, home: str | None, in_json: bool) -> int:
    """Ai làm gì, lúc nào. Ví dụ: tdkt audit list --subject 03637"""
    from tdkt_models.audit import recall_audit

    office = Office.at(home)
    with office.book() as book, book.reading() as conn:
        entries = recall_audit(conn, subject=subject, what=what, last=last)
    if in_json:
        as_json(
            [
                {
                    **{"n": one.n, "at": one.at.isoformat() if one.at else None, "run": one.run},
                    **{"who": one.who, "what": one.what, "subject": one.subject},
                    "detail": dict(one.detail),
                }
                for one in entries
            ]
        )
        return 0
    zone = office.settings.zone
    rows = [
        (one.n, f"{one.at.astimezone(zone):%d/%m/%Y %H:%M}" if one.at else "", one.who, one.what,
         one.subject, _shown(one.detail))
        for one in entries
    ]  # fmt: skip
    screen.print(table("Nhật ký", ("Dòng", "Lúc", "Ai", "Việc", "Về", "Nội dung"), rows))
    return 0


@audit.command()
@click.option("--by", "who", required=True, help="Họ tên người cắm mốc.")
@home_option
def anchor(who: str, home: str | None) -> int:
    """Cắm mốc ngay bây giờ và in ra để ghi vào giấy, gửi người khác giữ."""
    from tasks.anchor import anchor

    head = anchor.fn(occasion_for(home, None), who)
    screen.print(f"Đã cắm mốc: dòng {head.n}, đầu chuỗi {head.link}", soft_wrap=True)
    return 0


@audit.command()
@click.option("--by", "who", required=True, help="Họ tên người đã xem giờ của máy.")
@home_option
def clock(who: str, home: str | None) -> int:
    """Nhận giờ hiện tại của máy là đúng, dù sổ có lần ghi muộn hơn (khi ấy giờ máy sai).

    Ví dụ: tdkt audit clock --by "Lò Văn Inh"
    """
    from tdkt_models.audit import AuditEntry, keep_audit

    occasion = occasion_for(home, None)
    with occasion.office.book() as book, book.writing() as conn:
        entry = AuditEntry(who, "clock.accepted", "clock", {"now": occasion.now.isoformat()})
        keep_audit(conn, [entry], occasion.stamp, any_clock=True)
    screen.print("Đã ghi: giờ hiện tại của máy là đúng.")
    return 0


def _shown(detail: object) -> str:
    said = str(detail) if detail else ""
    return said if len(said) <= 80 else said[:79] + "…"


def _anchors_of(file: Path) -> list[Anchor]:
    try:
        data = file.read_bytes()
    except OSError as wrong:
        raise ChannelRefused(f"Không đọc được tệp {file}: {why(wrong)}.") from wrong
    if file.suffix.lower() == ".eml":
        text = str(message_from_bytes(data, policy=policy.default)[HEADER] or "")
    else:
        text = data.decode("utf-8", "replace")
    if not (found := anchors_in(text)):
        raise ChannelRefused(f"Không thấy mốc sổ nào còn đúng chữ ký trong {file}.")
    return found
