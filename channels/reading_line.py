"""What a desk of the reading room says of a file, on its way to the office: JSON, nothing else.

    heard(told(examined))       -> the same Examined

A desk has opened what a stranger made. Were it ever made to say what the stranger wants, it could
say a wrong figure, no more: nothing that it sends is unpickled.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, replace

import orjson

from review.document import Sheets, sheets_of, tables_of
from review.examine import Examined
from review.explanations import Explained
from review.findings import Finding, Repair, Severity
from review.submission import Submission


def told(examined: Examined) -> bytes:
    said = examined.submission
    return orjson.dumps(
        {
            "unit": examined.unit,
            "period": examined.period,
            "form": examined.form,
            "version": examined.version,
            "readable": examined.readable,
            "corrects": examined.corrects,
            "findings": [_finding(f) for f in examined.findings],
            "repairs": list(map(tuple, examined.repairs)),
            "explained": [astuple(one) for one in examined.explained],
            "submission": (said.unit, said.period, said.form, said.version) if said else None,
            "sheets": sheets_of(said, with_places=True) if said else {},
        }
    )


def heard(line: bytes) -> Examined:
    """Raises ValueError, KeyError or TypeError for what no sound desk says."""
    said = orjson.loads(line)
    examined = Examined(
        unit=said["unit"],
        period=said["period"],
        form=said["form"],
        version=said["version"],
        submission=None,
        findings=tuple(_finding_again(*one) for one in said["findings"]),
        repairs=tuple(map(Repair._make, said["repairs"])),
        readable=said["readable"],
        explained=tuple(Explained(*one) for one in said["explained"]),
        corrects=said["corrects"],
    )
    if said["submission"] is None:
        return examined
    return replace(examined, submission=_submission(said["submission"], said["sheets"]))


def _finding(finding: Finding) -> tuple[str, ...]:
    return (
        finding.check,
        finding.severity.value,
        finding.sheet,
        finding.cell,
        finding.value,
        finding.says,
        finding.fix,
    )


def _finding_again(check: str, severity: str, *more: str) -> Finding:
    return Finding(check, Severity(severity), *more)


def _submission(head: Sequence[str], sheets: Sheets) -> Submission:
    unit, period, form, version = head
    return Submission(unit, period, form, version, tables_of(sheets))
