"""`tdkt init` makes an office; `tdkt doctor` says what it lacks before a cycle."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import click

from channels.signing import office_key
from cli.review import home_option, json_option
from cli.screen import as_json, screen, table
from tasks.occasion import Occasion
from tasks.office import Office, make_office


@click.command()
@click.option("--name", default="Sở Nội vụ", show_default=True, help="Tên cơ quan.")
@click.option("--province", default="", help="Tên tỉnh.")
@click.option("--email", default="tdkt@localhost", show_default=True, help="Địa chỉ gửi thư đi.")
@click.option("--digest-to", default=None, help="Ai nhận thư tổng hợp; mặc định là địa chỉ gửi đi.")
@home_option
def init(name: str, province: str, email: str, digest_to: str | None, home: str | None) -> int:
    """Tạo văn phòng mới: thư mục, office.toml, cơ sở dữ liệu. Chạy lại thì chỉ nâng cấp sổ."""
    from tdkt_models.base import upgrade
    from tdkt_models.row_scope import prepare

    office = Office.at(home)
    make_office(office, name=name, province=province, email=email, digest_to=digest_to or email)
    upgrade(office.database_url)
    if office.settings.security.rows_by_unit:
        prepare(office.database_url)
    office_key(office.folder)
    screen.print(f"Văn phòng ở {office.home}")
    screen.print("Việc tiếp theo: sửa office.toml, rồi tdkt roster import DANH-BA.xlsx")
    return 0


@click.command()
@home_option
@json_option
def doctor(home: str | None, in_json: bool) -> int:
    """Còn thiếu gì trước khi chạy kỳ: danh bạ, mẫu, hộp thư, máy chủ thư, sổ, đĩa, giờ."""
    from flows.opening import occasion_of
    from review.period import Cadence
    from tasks.examine_office import examine_office

    office = Office.at(home)
    now = datetime.now(UTC)
    about = occasion_of(office, "", Cadence.MONTH, now).period
    complaints = examine_office.fn(Occasion(office, about, f"tdkt-{uuid4().hex[:12]}", now))
    if in_json:
        as_json([{"what": c.what, "says": c.says, "fix": c.fix} for c in complaints])
    elif complaints:
        rows = [(c.what, c.says, c.fix) for c in complaints]
        screen.print(table("Cần xử lý", ("Về", "Tình trạng", "Cách làm"), rows))
    else:
        screen.print("[green]Mọi thứ sẵn sàng.[/green]")
    return 1 if complaints else 0
