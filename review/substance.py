"""What a report says, apart from whose it is: equal for a report and its copy under another name.

    substance(submission)       -> "5f1c…", or "" where there is too little to tell a copy by
    COPIED                      what is said to a unit whose report is another unit's

The work done and the marks given are what nobody repeats by chance from one month or one unit to
the next; codes, names, dates and the order of lines are left out, since whoever copies changes
these first.
"""

from __future__ import annotations

import hashlib
from operator import itemgetter

from review.findings import Finding, Severity
from review.submission import Submission

# Found when every file of the period has been read, so that it does not matter which came first.
COPIED = Finding(
    "CHEP_DON_VI",
    Severity.MUST_EXPLAIN,
    "",
    "",
    "",
    "Công việc và điểm giống hệt báo cáo của một đơn vị khác đã gửi trước.",
    "Lập lại theo kết quả của đơn vị mình; nếu đúng như vậy thì giải trình.",
)
LEAST_LINES = 4  # two short reports may well agree by chance
_TELLING = {
    "work": ("work", "content", "assigned", "done", "faulty", "fault_times", "late", "late_times"),
    "general": ("rater", *(f"c{n}" for n in range(1, 11))),
}


def substance(submission: Submission) -> str:
    """sha256 of the telling columns; "" for a report of fewer than LEAST_LINES lines of work."""
    if submission.nil or len(submission.tables.get("work", ())) < LEAST_LINES:
        return ""
    said = (f"[{key!r}, [{_lines(submission, key, names)}]]" for key, names in _TELLING.items())
    return hashlib.sha256(f"[{', '.join(said)}]".encode()).hexdigest()


def _lines(submission: Submission, key: str, names: tuple[str, ...]) -> str:
    """The lines of a sheet, in the order of their words, as `repr` writes a list of texts."""
    table = submission.tables.get(key)
    if table is None:
        return ""
    at = [1 + table.columns.index(name) for name in names if name in table.columns]
    return ", ".join(map(_quoted, sorted(map(repr, map(itemgetter(*at), table.rows)))))


def _quoted(line: str) -> str:
    """`repr(line)`. A line is what `repr` made already: nothing in it is left to be escaped but
    quotes and backslashes, and nearly every line has single quotes only."""
    if "'" in line and '"' not in line and "\\" not in line:
        return f'"{line}"'
    return repr(line)
