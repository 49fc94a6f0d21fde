"""Whose report it is, of which period, on which version of the form.

    identify(form, cover, raw.meta, "2026-10").unit     -> "03637"

The cover says it where a person can see it, the hidden sheet where nobody can spoil it. Where the
two disagree, somebody wrote into another's file: the office must not guess.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from review.cells import SERIAL_ZERO
from review.findings import Finding, Repair, Severity
from review.form import Form, Sheet
from review.period import Period, PeriodError
from review.submission import Table

_MONTH_FIRST = re.compile(r"(?:kỳ )?(?:tháng )?(?:0?1/)?(\d{1,2}) ?[/-] ?(\d{4})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Identity:
    unit: str
    period: str
    version: str
    findings: tuple[Finding, ...] = ()
    repairs: tuple[Repair, ...] = ()


def identify(
    form: Form, cover: Table | None, meta: Mapping[str, str], expected: str | None
) -> Identity:
    """What the cover and the hidden sheet say together, and what is wrong with it."""
    page = _Page(form, cover)
    unit, period, version = _unit(page, meta), _period(page, meta), _version(page, meta)
    _judge_unit(page, unit, meta)
    _judge_period(page, period, meta, expected)
    _judge_version(page, form, version)
    return Identity(unit, period, version, tuple(page.findings), tuple(page.repairs))


class _Page:
    """The cover as far as it was found."""

    def __init__(self, form: Form, cover: Table | None) -> None:
        self.findings: list[Finding] = []
        self.repairs: list[Repair] = []
        self._sheet: Sheet | None = next((s for s in form.sheets if s.key == "cover"), None)
        self._cover = cover

    def value(self, name: str) -> str:
        if self._cover is None or self._sheet is None or name not in self._sheet.columns:
            return ""
        value: Any = self._cover.rows[0][1 + self._sheet.at(name)]
        return str(value or "")

    def place(self, name: str) -> tuple[str, str]:
        if self._sheet is None or name not in self._sheet.columns:
            return "", ""
        places = self._cover.places if self._cover else ()
        cell = places[self._sheet.at(name)] if places else self._sheet.cell(name)
        return self._sheet.name, cell

    def blame(self, check: str, name: str, says: str, fix: str) -> None:
        sheet, cell = self.place(name)
        value = self.value(name)
        self.findings.append(Finding(check, Severity.MUST_FIX, sheet, cell, value, says, fix))

    def mend(self, name: str, now: str, why: str) -> None:
        sheet, cell = self.place(name)
        self.repairs.append(Repair(sheet, cell, self.value(name), now, why))


def _unit(page: _Page, meta: Mapping[str, str]) -> str:
    """A commune's code has five digits; a spreadsheet that took it for a number dropped the 0."""
    code = page.value("unit")
    if code.isdigit() and len(code) == 4:
        page.mend("unit", f"0{code}", "number_text")
        return f"0{code}"
    return code or meta.get("unit", "")


def _judge_unit(page: _Page, unit: str, meta: Mapping[str, str]) -> None:
    issued = meta.get("unit", "")
    if not unit:
        fix = "Ghi mã đã cấp cho đơn vị vào ô này, hoặc dùng lại tệp mẫu của đơn vị."
        page.blame("MA_DON_VI", "unit", "Chưa ghi mã đơn vị.", fix)
    elif issued and issued != unit:
        says = f"Mã đơn vị ghi là {unit} nhưng tệp mẫu này được cấp cho đơn vị {issued}."
        page.blame("MA_DON_VI", "unit", says, "Dùng đúng tệp mẫu mà tỉnh đã gửi cho đơn vị mình.")


def _period(page: _Page, meta: Mapping[str, str]) -> str:
    written = page.value("period")
    if not written:
        return _canonical(meta.get("period", ""))
    canonical = _canonical(written)
    if canonical and canonical != written:
        page.mend("period", canonical, "date_text")
    return canonical


def _canonical(text: str) -> str:
    """2026-10 for 2026-10, 10/2026, tháng 10/2026 or a date a spreadsheet made of it; else ""."""
    if text.isdigit() and len(text) == 5:  # that date, its format lost
        text = f"{SERIAL_ZERO + timedelta(days=int(text)):%Y-%m}"
    found = _MONTH_FIRST.fullmatch(text.strip())
    wanted = f"{found[2]}-{int(found[1]):02}" if found else text
    try:
        return str(Period.parse(wanted))
    except PeriodError:
        return ""


def _judge_period(page: _Page, period: str, meta: Mapping[str, str], expected: str | None) -> None:
    issued = meta.get("period", "")
    if not period:
        wrote = page.value("period")
        says = f"Kỳ báo cáo ghi “{wrote}” không hiểu được." if wrote else "Chưa ghi kỳ báo cáo."
        page.blame("SAI_KY", "period", says, f"Ghi kỳ là {expected or issued or '2026-10'}.")
    elif expected and period != expected:
        says = f"Kỳ báo cáo trong tệp là {period}, không khớp kỳ đang thu là {expected}."
        page.blame("SAI_KY", "period", says, f"Dùng tệp mẫu của kỳ {expected} rồi gửi lại.")
    elif issued and issued != period:
        says = f"Kỳ báo cáo ghi là {period} nhưng tệp mẫu này được phát cho kỳ {issued}."
        page.blame("SAI_KY", "period", says, f"Dùng tệp mẫu được phát cho kỳ {period}.")


def _version(page: _Page, meta: Mapping[str, str]) -> str:
    return page.value("version") or meta.get("version", "")


def _judge_version(page: _Page, form: Form, version: str) -> None:
    if version != form.version:
        found = f"phiên bản ghi trong tệp là “{version}”" if version else "tệp không ghi phiên bản"
        says = f"Tệp không đúng mẫu {form.version}: {found}."
        page.blame("SAI_MAU", "version", says, "Chép số liệu sang mẫu mới nhất rồi gửi lại.")
