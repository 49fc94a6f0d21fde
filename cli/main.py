"""The command line of an office: `tdkt --help`.

    main(["status", "2026-10", "--json"])   -> exits 0, 1 or 2 as contract.md says

Commands live beside this file, one subject a module; they are imported only when called, so that
`tdkt check` does not wait for what it does not need.
"""

from __future__ import annotations

import importlib
import sys
import traceback
from collections.abc import Sequence

import click

from cli.complaints import complaint
from cli.equipped import equipped, speak_as_asked
from cli.screen import screen

COMMANDS = {
    "demo": "cli.demo",
    "init": "cli.office",
    "doctor": "cli.office",
    "roster": "cli.roster",
    "forms": "cli.forms",
    "check": "cli.check",
    "collect": "cli.review",
    "review": "cli.review",
    "status": "cli.status",
    "explain": "cli.explain",
    "approve": "cli.approve",
    "quota": "cli.quota",
    "appeal": "cli.appeal",
    "clusters": "cli.clusters",
    "insight": "cli.insight",
    "ratings": "cli.ratings",
    "titles": "cli.titles",
    "grant": "cli.titles",
    "outside": "cli.outside",
    "rehearse-rule": "cli.rehearse_rule",
    "calc": "cli.calc",
    "letters": "cli.letters",
    "invite": "cli.mailbox",
    "mailbox": "cli.mailbox",
    "extend": "cli.extend",
    "report": "cli.report",
    "arm": "cli.arm",
    "disarm": "cli.arm",
    "answers": "cli.answers",
    "explanations": "cli.explanations",
    "file": "cli.file_acts",
    "lock": "cli.file_acts",
    "reopen": "cli.file_acts",
    "plan": "cli.plan",
    "lineage": "cli.lineage",
    "receipt": "cli.receipt",
    "audit": "cli.audit",
    "backup": "cli.backup",
    "restore": "cli.backup",
    "person": "cli.person",
    "archive": "cli.archive",
    "remind": "cli.remind",
    "up": "cli.up",
    "token": "cli.token",
    "heartbeat": "cli.watch",
    "alarms": "cli.watch",
}


class Desk(click.Group):
    """A group that imports a command when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(COMMANDS[cmd_name])
        command = getattr(module, cmd_name.replace("-", "_"))
        assert isinstance(command, click.Command)
        return equipped(command)


@click.group(
    cls=Desk,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Ví dụ: tdkt demo   ·   tdkt status 2026-10   ·   tdkt check bao-cao.xlsx",
)
@click.version_option(
    package_name="tdkt", prog_name="tdkt", message="%(prog)s %(version)s", help="Xem phiên bản."
)
def tdkt() -> None:
    """Chu kỳ đánh giá cán bộ làm công tác thi đua – khen thưởng: thu báo cáo, kiểm tra, chấm điểm,
    cập nhật kế hoạch, gửi thư. Mã thoát: 0 xong · 1 xong nhưng có việc cần người xem · 2 không làm
    được, chưa thay đổi gì."""


def main(args: Sequence[str] | None = None) -> None:
    """Runs a command and exits with its code; what went wrong is said in Vietnamese, once."""
    speak_as_asked(sys.argv[1:] if args is None else args)
    equipped(tdkt)
    try:
        code = tdkt.main(args, prog_name="tdkt", standalone_mode=False)
    except Exception as wrong:
        said = complaint(wrong)
        if said is None:  # a defect of ours: it is shown whole, and is no "done" of any kind
            traceback.print_exc()
            said = "Chương trình gặp lỗi ngoài dự kiến; hãy gửi các dòng trên cho người phụ trách."
        click.echo(screen.told(said), err=True)
        sys.exit(2)
    sys.exit(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    main()
