"""`tdkt check`: examines one workbook as the office would, without handing it in.

tdkt check bao-cao.xlsx                     what is wrong with it, sheet by sheet
tdkt check bao-cao.xlsx --json              the same as contract.md has it
tdkt check bao-cao.xlsx --marked sua.xlsx   a copy of it with the faulty cells marked
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any

import click
from rich.table import Table
from rich.text import Text

from channels.errors import ChannelRefused, LibraryError, why
from channels.library import newest_regulation, regulation_in_force
from channels.reading_room import ReadingRoom
from channels.side_room import marked
from cli.screen import as_json, harmless, screen
from review.checks import against_catalogue
from review.examine import Examined
from review.findings import Finding, Severity, Verdict
from review.form import Form, is_draft
from review.order import ordered, reweighed
from review.partial import settle
from review.period import Period, PeriodError
from review.regulation import Regulation
from review.repairs import summed_up

SECONDS = 8.0  # for the reading; with the start of its process a file never takes more than 10
COLOURS = {Severity.MUST_FIX: "red", Severity.MUST_EXPLAIN: "yellow", Severity.NOTE: "cyan"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known of the file after the check."""

    file: Path
    sha256: str
    examined: Examined
    form: Form | None = None

    @property
    def verdict(self) -> Verdict:
        examined = self.examined
        if not examined.readable:
            return Verdict.UNREADABLE
        return settle(examined.submission, examined.findings, self.form).verdict


@click.command(
    epilog="Ví dụ:  tdkt check bao-cao.xlsx   ·   tdkt check bao-cao.xlsx --marked sua.xlsx"
)
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--period", metavar="KỲ", help="Kỳ phải nộp; mặc định: kỳ ghi trong tệp.")
@click.option(
    "--marked",
    "copy",
    metavar="OUT.xlsx",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Ghi thêm một bản sao có tô màu, ghi chú ô sai và trang “Lỗi cần sửa”.",
)
@click.option("--json", "in_json", is_flag=True, help="In kết quả dạng JSON.")
def check(file: Path, period: str | None, copy: Path | None, in_json: bool) -> int:
    """Kiểm tra một báo cáo mà không nộp: sai ở đâu, sửa thế nào.

    Mã thoát: 0 đạt · 1 phải sửa hoặc không đọc được · 2 không có tệp để kiểm tra.
    """
    wanted = str(Period.parse(period)) if period else None
    answer = Answer(file, _sha256(file), *_examined(file.absolute(), wanted))
    as_json(_as_json(answer)) if in_json else _show(answer)
    if copy:
        _write_marked(answer, copy)
    return 0 if answer.verdict.counts else 1


def _sha256(file: Path) -> str:
    """Raises ChannelRefused for a file that is not there."""
    if file.exists() and not file.is_file():
        raise ChannelRefused(f"{file} không phải là một tệp bình thường.")
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as wrong:
        raise ChannelRefused(f"Không mở được tệp {file}: {_why(wrong)}.") from wrong


def _why(wrong: OSError) -> str:
    known = {
        FileNotFoundError: "không có tệp này",
        IsADirectoryError: "đây là thư mục",
        PermissionError: "không có quyền đọc",
    }
    return known.get(type(wrong), why(wrong))


def _examined(file: Path, period: str | None) -> tuple[Examined, Form | None]:
    """By the regulation of the period wanted, else of the period that the file says it is of."""
    regulation = regulation_in_force(period) if period else newest_regulation()
    with ReadingRoom(processes=1, seconds=SECONDS) as room:
        examined = room.examine_one(file, regulation.every_form, period)
        own = regulation if period else _regulation_of(examined, regulation)
        if own is not regulation:
            regulation, examined = own, room.examine_one(file, own.every_form, period)
    return _by_regulation(examined, regulation)


def _regulation_of(examined: Examined, otherwise: Regulation) -> Regulation:
    try:
        return regulation_in_force(examined.period)
    except (PeriodError, LibraryError):
        return otherwise


def _by_regulation(examined: Examined, regulation: Regulation) -> tuple[Examined, Form | None]:
    """With what the catalogue of products and the regulation's own severities add."""
    form = next((f for f in regulation.every_form.values() if f.code == examined.form), None)
    if form is None or examined.submission is None:
        return examined, form
    more = against_catalogue(examined.submission, form, regulation.works)
    every = reweighed((*examined.findings, *more), regulation.severities)
    return replace(examined, findings=ordered(every, form)), form


# The marked copy


def _write_marked(answer: Answer, copy: Path) -> None:
    """Writes the copy; says why not for a file that could not be read. What is said goes to
    standard error, so that --json stays JSON. Raises ChannelRefused where it cannot be made."""
    if not answer.examined.readable:
        click.echo(screen.told("Không đọc được tệp nên không có bản đánh dấu."), err=True)
        return
    _write(copy, marked(_same_bytes(answer, copy), answer.examined.findings))
    click.echo(screen.told(f"Đã ghi bản đánh dấu: {copy}"), err=True)


def _same_bytes(answer: Answer, copy: Path) -> bytes:
    """The bytes that were checked: no others have passed the guard."""
    if copy.exists() and copy.samefile(answer.file):
        raise ChannelRefused(f"Không ghi đè lên tệp gốc {copy}; hãy đặt tên khác cho --marked.")
    try:
        data = answer.file.read_bytes()
    except OSError as wrong:
        raise ChannelRefused(f"Không mở được tệp {answer.file}: {_why(wrong)}.") from wrong
    if hashlib.sha256(data).hexdigest() != answer.sha256:
        raise ChannelRefused(f"Tệp {answer.file} vừa bị thay đổi; hãy kiểm tra lại.")
    return data


def _write(copy: Path, data: bytes) -> None:
    try:
        copy.write_bytes(data)
    except OSError as wrong:
        said = {FileNotFoundError: "không có thư mục này", PermissionError: "không có quyền ghi"}
        reason = said.get(type(wrong), why(wrong))
        raise ChannelRefused(f"Không ghi được tệp {copy}: {reason}.") from wrong


# What is shown


def _as_json(answer: Answer) -> dict[str, Any]:
    examined = answer.examined
    return {
        "file": str(answer.file),
        "sha256": answer.sha256,
        "unit": examined.unit,
        "period": examined.period,
        "form": examined.form,
        "verdict": answer.verdict.value,
        "findings": [_finding_as_json(finding) for finding in examined.findings],
        "repairs": [
            {"sheet": r.sheet, "cell": r.cell, "from": r.was, "to": r.now, "why": r.why}
            for r in examined.repairs
        ],
    }


def _finding_as_json(finding: Finding) -> dict[str, str]:
    names = ("check", "severity", "sheet", "cell", "value", "says", "fix")
    return {name: str(getattr(finding, name)) for name in names}


def _show(answer: Answer) -> None:
    examined = answer.examined
    screen.print(_headline(answer))
    order = {name: at for at, name in enumerate(dict.fromkeys(f.sheet for f in examined.findings))}
    by_page = sorted(examined.findings, key=lambda finding: order[finding.sheet])
    for name, findings in groupby(by_page, key=lambda finding: finding.sheet):
        screen.print(_table(name or "Cả tệp", list(findings)))
    for group in summed_up(examined.repairs):
        told = "; ".join(group.examples)
        screen.print(f"[dim]Đã tự sửa {group.count} chỗ: {group.what} ({told}).[/dim]")


def _headline(answer: Answer) -> str:
    examined, verdict = answer.examined, answer.verdict
    colour = {Verdict.ACCEPTED: "green", Verdict.REMARKED: "yellow", Verdict.PARTIAL: "yellow"}.get(
        verdict, "red"
    )
    told = screen.told
    counts = [
        f"{n} {told(severity.label).lower()}"
        for severity in Severity
        if (n := sum(f.severity is severity for f in examined.findings))
    ]
    whose = told(f" · đơn vị {examined.unit}") if examined.unit else ""
    when = told(f" · kỳ {examined.period}") if examined.period else ""
    what = f": {', '.join(counts)}" if counts and examined.readable else ""
    trial = told(" · bản thử, không tính kết quả") if is_draft(examined.form) else ""
    return f"[bold {colour}]{told(verdict.label)}[/]{what}{whose}{when}{trial}"


def _table(title: str, findings: Sequence[Finding]) -> Table:
    told = screen.told
    titled = Text(harmless(told(title)), "bold")
    made = Table(title=titled, title_justify="left", header_style="dim")
    for heading in ("Ô", "Đang ghi", "Sai ở đâu", "Cách sửa"):
        made.add_column(told(heading), overflow="fold")
    for finding in findings:
        colour = COLOURS[finding.severity]
        says = finding.value, told(finding.says), told(finding.fix)
        made.add_row(Text(finding.cell or "–", colour), *(Text(harmless(one)) for one in says))
    return made
