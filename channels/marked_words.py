"""What the marks say: the words of a note, in order of weight, safe to stand in a workbook.

note_words([finding, …])   -> "[Phải sửa] Tổng ghi 31, cộng lại được 30.\\n→ Ghi 30."
by_weight(findings)        -> most serious first, otherwise as they came
legible("_x0041_\\x07")     -> "_x005F_x0041_": no letter that XML forbids, no hidden escape
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from review.findings import Finding, Severity

WEIGHT = {severity: weight for weight, severity in enumerate(Severity)}
MOST_LETTERS = 2000  # of one sentence; a cell of Excel takes 32,767
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_CELL = re.compile(r"[A-Z]{1,3}[1-9]\d{0,6}")


def by_weight(findings: Sequence[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: WEIGHT[finding.severity])


def is_cell(address: str) -> bool:
    """Whether a finding's cell is one cell, not empty and not a range."""
    return _CELL.fullmatch(address) is not None


def note_words(findings: Sequence[Finding]) -> str:
    return "\n\n".join(_words(finding) for finding in by_weight(findings))


def _words(finding: Finding) -> str:
    said = f"[{finding.severity.label}] {finding.says}"
    return legible(f"{said}\n→ {finding.fix}" if finding.fix else said)


def legible(text: str) -> str:
    """A sentence as it can stand in a part: Excel would read _x0041_ as the letter A."""
    clean = _FORBIDDEN.sub("", text)
    if len(clean) > MOST_LETTERS:
        clean = clean[:MOST_LETTERS] + "…"
    return _ESCAPE.sub("_x005F_", clean)
