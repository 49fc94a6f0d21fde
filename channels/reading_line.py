"""What a desk of the reading room says of a file, on its way to the office: JSON, nothing else.

    heard(told(examined))       -> the same Examined, and the report as the book keeps it

Two lines: what was found, and the report's document, which goes into the book as it came. A desk
has opened what a stranger made. Were it ever made to say what the stranger wants, it could say a
wrong figure, no more: nothing that it sends is unpickled.
"""

from __future__ import annotations

from dataclasses import astuple, replace
from typing import Any

import orjson

from review.document import Written, places_of, tables_of, written
from review.examine import Examined
from review.explanations import Explained
from review.findings import Finding, Repair, Severity
from review.submission import Submission

END = b"\n"  # JSON as orjson writes it has no line's end in it


def told(examined: Examined) -> bytes:
    said = examined.submission
    made = written(said) if said else Written(b"", "")
    found = orjson.dumps(
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
            "places": places_of(said) if said else {},
            "substance": made.substance,
        }
    )
    return found + END + made.document


def heard(line: bytes) -> Examined:
    """Raises ValueError, LookupError, TypeError or AttributeError for what no sound desk says."""
    found, _, document = line.partition(END)
    said = orjson.loads(found)
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
    unit, period, form, version = said["submission"]
    sheets, places = orjson.loads(document), said["places"]
    _must_be_documents(sheets, places)
    tables = tables_of(sheets, places=places)
    return replace(
        examined,
        submission=Submission(unit, period, form, version, tables),
        written=Written(document, str(said["substance"])),
    )


def _must_be_documents(*some: Any) -> None:
    for one in some:
        if not isinstance(one, dict) or not all(isinstance(part, dict) for part in one.values()):
            raise TypeError("what should be a document is none")


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
