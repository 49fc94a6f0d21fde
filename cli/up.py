"""`tdkt up`: Prefect's server with its screen, a worker, and every deployment of prefect.yaml.

Everything runs on this machine and ends together with the command. What was running when the
machine went off is put in order first (flows/ordering.py).
"""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import click

from channels.errors import ChannelError
from cli.review import home_option, json_option
from cli.screen import screen
from cli.serving import Door, environment, serving
from tasks.office import Office
from tdkt_models.base import BookError

SERVERS_OWN = 500  # from here on a status says that the server itself cannot
LOOPBACK = ("127.0.0.1", "localhost", "::1")


@click.command()
@click.option("--port", type=click.IntRange(1, 65_535), default=4200, show_default=True,
              help="Cổng của màn hình Prefect.")  # fmt: skip
@click.option("--host", default="127.0.0.1", show_default=True, help="Địa chỉ để lắng nghe.")
@home_option
@json_option
def up(port: int, host: str, home: str | None, in_json: bool) -> int:
    """Mở màn hình Prefect, chạy lịch và mọi luồng công việc trên máy này. Ctrl-C để dừng tất cả.

    Ví dụ: tdkt up --port 4201
    """
    office, door, say = Office.at(home), Door(host, port), _say_json if in_json else _say
    _ = office.settings  # an office that is not there is said before a server is started
    with office.book():
        pass  # and so is a book that is
    if host not in LOOPBACK and not os.environ.get("PREFECT_SERVER_API_AUTH_STRING"):
        raise click.ClickException(
            f"Mở màn hình ở {host} thì máy khác vào được mà không cần mật khẩu. Hãy đặt "
            "PREFECT_SERVER_API_AUTH_STRING=ten:matkhau, hoặc bỏ --host. Xem docs/operate.md."
        )
    if door.taken:
        raise click.ClickException(
            f"Cổng {port} đang có chương trình khác dùng. "
            f"Hãy chọn cổng khác: tdkt up --port {port + 1}"
        )
    say("Đang mở máy chủ Prefect … (lần đầu lâu hơn: Prefect lập sổ của nó)")
    asked = Asked()
    prepared, ordered = lambda: deployments(office, door), lambda: put_in_order(office, say)
    with asked, serving(office, door, say, prepared, ordered, lambda: asked.to_stop) as desk:
        if not asked.to_stop:
            expect(office)
            say(f"Màn hình vận hành: {door.screen}   (Ctrl-C để dừng tất cả)")
        desk.keep_running(lambda: listen(office, say))
        say("Đang dừng … lượt nào còn dở sẽ được chạy tiếp khi mở lại.")
    return 0


Say = Callable[[str], None]


def _say(text: str) -> None:
    click.echo(screen.told(text))


def _say_json(text: str) -> None:
    """A line of JSON for each thing that is said, as it happens."""
    click.echo(json.dumps({"said": text}, ensure_ascii=False))


def expect(office: Office) -> None:
    from tasks.watch import expect_beats  # Prefect, which reads its settings when it is imported

    expect_beats(office)


def listen(office: Office, say: Say) -> None:
    """The worker's own heartbeat, once a minute: whether scheduled runs still begin."""
    from cli.watch import beat_once

    try:
        alarm = beat_once(office)
    except (BookError, ChannelError) as wrong:
        say(str(wrong))
        return
    if alarm:
        say(f"{alarm.matter}: {alarm.do}.")


class Asked:
    """Whether a person or the system has asked to stop. One asking is enough: a second Ctrl-C does
    not break into the ending of the others, which would leave them running."""

    def __init__(self) -> None:
        self.to_stop = False
        self._before: dict[int, object] = {}

    def __enter__(self) -> Asked:
        for number in (signal.SIGINT, signal.SIGTERM):
            self._before[number] = signal.signal(number, self._noted)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)  # type: ignore[arg-type]

    def _noted(self, _number: int, _frame: FrameType | None) -> None:
        self.to_stop = True


def deployments(office: Office, door: Door) -> Callable[[], None]:
    """Reads prefect.yaml and the flows; what is returned tells the server of them."""
    env = environment(office, door)  # Prefect and the run forms read theirs when they are imported
    os.environ.update({k: v for k, v in env.items() if k.startswith(("PREFECT_", "TDKT_LANG"))})
    from prefect.client.orchestration import get_client
    from prefect.exceptions import PrefectHTTPStatusError

    from flows.deploying import deployments as read
    from flows.deploying import register

    asked = read(env["TDKT_LANG"])

    def tell() -> None:
        try:
            with server_said_plainly(), get_client(sync_client=True) as client:
                register(client, asked)
        except PrefectHTTPStatusError as refused:
            raise click.ClickException(
                f"Không đăng ký được các luồng công việc:\n{refused}"
            ) from refused

    return tell


@contextmanager
def server_said_plainly() -> Iterator[None]:
    """A server that is gone in the middle, or its database is: said in a line; whoever keeps this
    command running starts it anew."""
    import httpx  # of Prefect's client, whose errors these are

    try:
        yield
    except (httpx.HTTPError, RuntimeError) as gone:
        if isinstance(gone, httpx.HTTPStatusError) and gone.response.status_code < SERVERS_OWN:
            raise
        raise click.ClickException(
            f"Máy chủ Prefect ngừng trả lời giữa chừng ({type(gone).__name__}). Hãy chạy lại: "
            "tdkt up. Nếu vẫn vậy, xem prefect/server.log và cơ sở dữ liệu của Prefect."
        ) from gone


def put_in_order(office: Office, say: Say) -> None:
    """Before a worker starts: what the server still holds from before."""
    from prefect.client.orchestration import get_client

    from flows.ordering import put_in_order as order

    with server_said_plainly(), get_client(sync_client=True) as client:
        overtaken, orphans = order(office, client, alone=True)
    if overtaken:
        say(f"{overtaken} lượt quá giờ được lượt sau cùng của luồng đó làm thay.")
    for run in orphans:
        say(f"Lượt “{run.name}” đã dừng đột ngột lúc trước.")
