"""What a person is told when a command cannot be done.

complaint(click.MissingParameter(...))   -> "Thiếu PERIOD. Xem: tdkt review --help"
complaint(OSError(ENOSPC, …))            -> "Đĩa đã đầy …"
complaint(ZeroDivisionError())           -> None: a defect of ours, its traceback is wanted
"""

from __future__ import annotations

import errno

import click

from channels.errors import of_the_disk, why


def complaint(wrong: BaseException) -> str | None:
    """The Vietnamese sentence for an expected failure, or None where the fault is ours."""
    if isinstance(wrong, (click.Abort, KeyboardInterrupt)):
        return "Đã dừng theo yêu cầu."
    if isinstance(wrong, click.ClickException):
        return f"{_usage(wrong)}{_hint(wrong)}"
    if isinstance(wrong, OSError) and (said := of_the_disk(wrong)):
        return str(said)
    if isinstance(wrong, OSError) and wrong.errno in MISPLACED and wrong.filename:
        return f"Không dùng được {wrong.filename}: {why(wrong)}. Hãy chọn chỗ khác."
    return str(wrong) if type(wrong).__name__ in EXPECTED or _ours(wrong) else None


MISPLACED = (errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG, errno.ELOOP)
EXPECTED = {
    "PeriodError",
    "SettingsError",
    "OfficeMissing",
    "ChannelError",
    "BookError",
    "RegulationError",
}


def _ours(wrong: BaseException) -> bool:
    return any(kind.__name__ in EXPECTED for kind in type(wrong).__mro__)


def _usage(wrong: click.ClickException) -> str:
    if isinstance(wrong, click.NoSuchOption):
        return f"Không có tùy chọn {wrong.option_name}."
    if isinstance(wrong, click.MissingParameter):
        return f"Thiếu {_name(wrong)}."
    if isinstance(wrong, click.BadParameter):
        return f"{_name(wrong)} không dùng được: {wrong.message}"
    if isinstance(wrong, click.UsageError) and wrong.message.startswith("No such command"):
        return f"Không có lệnh {wrong.message.split(maxsplit=3)[-1].rstrip('.')}."
    return wrong.format_message()


def _name(wrong: click.BadParameter) -> str:
    if wrong.param_hint:
        return str(wrong.param_hint)
    if isinstance(wrong.param, click.Option):  # as it is typed, not as the program calls it
        return max(wrong.param.opts, key=len)
    return wrong.param.human_readable_name if wrong.param else "tham số"


def _hint(wrong: click.ClickException) -> str:
    context = getattr(wrong, "ctx", None)
    return f" Xem: {context.command_path} --help" if context else ""
