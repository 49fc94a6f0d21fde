"""`tdkt arm` and `tdkt disarm`: who lets letters leave the office, and until when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import click

from channels.vietnamese import moment as said
from cli.proof import proven
from cli.review import home_option, moment
from cli.screen import screen
from review.powers import Power
from tasks.office import Office, stamp

RUN = "tdkt-arm"


@click.command()
@click.option("--by", "who", required=True, help="Họ tên người cho phép.")
@click.option("--second", default="", help="Người thứ hai đồng ý, nếu quy định cần hai người.")
@click.option("--until", help="Đến lúc nào, ví dụ 2026-11-13T17:00.")
@home_option
def arm(who: str, second: str, until: str | None, home: str | None) -> int:
    """Cho phép gửi thư thật trong một thời gian. Ví dụ: tdkt arm --by "Lò Văn Inh"

    Chưa cho phép thì mọi lệnh gửi chỉ là tập dượt: thư được viết ra để xem, không rời khỏi máy.
    """
    from tdkt_models.armings import arm as keep

    office, now = Office.at(home), datetime.now(UTC)
    settings = office.settings
    if settings.mail.second_person and _same(who, second):
        raise click.ClickException(
            "Cơ quan quy định cần hai người khác nhau cho phép: thêm --second HỌ-TÊN."
        )
    end = (
        moment(office, until, "--until")
        if until
        else now + timedelta(hours=settings.mail.arm_hours)
    )
    if end <= now:
        raise click.BadParameter("thời điểm này đã qua.", param_hint="--until")
    who = proven(office, Power.ARM, who)
    second = proven(office, Power.ARM, second) if second.strip() else ""
    with office.book() as book, book.writing() as conn:
        keep(conn, who, end, stamp(RUN, now), second=second)
    local = end.astimezone(settings.zone).isoformat(timespec="minutes")
    screen.print(f"Được gửi thư thật đến {said(local)}. Dừng sớm: tdkt disarm --by HỌ-TÊN")
    return 0


@click.command()
@click.option("--by", "who", required=True, help="Họ tên người dừng.")
@home_option
def disarm(who: str, home: str | None) -> int:
    """Thôi cho gửi thư thật ngay từ bây giờ. Ví dụ: tdkt disarm --by "Lò Văn Inh\""""
    from tdkt_models.armings import disarm as end

    with Office.at(home).book() as book, book.writing() as conn:
        ended = end(conn, who.strip(), stamp(RUN))
    screen.print("Đã dừng: thư chỉ còn được tập dượt." if ended else "Trước đó cũng chưa cho phép.")
    return 0


def _same(who: str, second: str) -> bool:
    return not second.strip() or who.strip().casefold() == second.strip().casefold()
