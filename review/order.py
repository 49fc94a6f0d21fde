"""In which order a unit should read its findings, and how grave each is by the regulation.

ordered(findings, form)      -> must fix before must explain before note; then as the pages turn
reweighed(findings, {"DIEM_DONG_LOAT": Severity.NOTE})
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from review.findings import Finding, Severity
from review.form import Form

_CELL = re.compile(r"([A-Z]+)(\d+)")
_RANK = {severity: rank for rank, severity in enumerate(Severity)}
# What spoils the whole file comes before what spoils a cell.
_FIRST = ("SAI_MAU", "MA_DON_VI", "SAI_KY")


def ordered(findings: Iterable[Finding], form: Form) -> tuple[Finding, ...]:
    """Most important first, then by sheet, row and column."""
    pages = {sheet.name: at for at, sheet in enumerate(form.sheets)}

    def place(finding: Finding) -> tuple[int, int, int, int, int, str]:
        found = _CELL.fullmatch(finding.cell)
        row, letters = (int(found[2]), found[1]) if found else (0, "")
        first = _FIRST.index(finding.check) if finding.check in _FIRST else len(_FIRST)
        page = pages.get(finding.sheet, -1)
        return _RANK[finding.severity], first, page, row, len(letters), letters

    return tuple(sorted(findings, key=place))


def reweighed(
    findings: Iterable[Finding], severities: Mapping[str, Severity]
) -> tuple[Finding, ...]:
    """The findings with the severity that the regulation gives each check, if it gives one."""
    if not severities:
        return tuple(findings)
    return tuple(replace(f, severity=severities.get(f.check, f.severity)) for f in findings)
