"""The rows that letters are made of: JSON-ready, cut to what a reader may see, gravest first.

    findings_block(findings)["groups"][0]["sheet"]   -> "S4 Tiêu chí chung"
    card_row(card, cadre)["grade"]                   -> "HTTNV"

Points stay hundredths (int) and dates ISO text: how they are written is the templates' business.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import accumulate
from operator import attrgetter, itemgetter
from typing import Any

from review.brief import ProgrammeTask, TaskStatus
from review.cadres import Cadre, Sex
from review.findings import Finding, Severity
from review.points import shown
from review.regulation import Regulation
from review.scorecard import PART, CardStatus, Grade, Reason, Scorecard
from review.tidy_text import is_tidy
from review.units import Unit

MOST_FINDINGS = 40  # a row is some 1,3 KB of HTML and Gmail cuts a letter off at 102 KB
MOST_BYTES = 45_000  # of their text, so that forty long ones fit below that too
MOST_CARDS = 60
MOST_TASKS = 20
MOST_COMMON = 20_000  # rows that letters have in common
LONGEST = 400  # characters of one cell's text: a hostile cell must not swell a letter
WHOLE_FILE = "Toàn bộ tệp"
WEIGHT = {severity: at for at, severity in enumerate(Severity)}  # must fix first, notes last
Row = dict[str, Any]
OPEN = (TaskStatus.NOT_STARTED, TaskStatus.GOING_ON)
GENERAL, GRADE = COMMON = ("general", "grade")
WHY = ("status", GRADE)
TERMS = {
    GENERAL: "Tiêu chí chung",
    "a": "a – Số lượng",
    "b": "b – Chất lượng",
    "c": "c – Tiến độ",
    "d": "d – Kết quả của đơn vị, lĩnh vực phụ trách",
    "dd": "đ – Khả năng tổ chức triển khai",
    "e": "e – Năng lực tập hợp, đoàn kết",
    GRADE: "Xếp loại",
    "status": "Điều kiện chấm điểm",
    "explained": "Giải trình đã được chấp nhận",
    "period": "Điểm của kỳ",
}
_term_values = attrgetter("a", "b", "c", "d", "dd", "e")
TERM_NAMES = [TERMS[term] for term in ("a", "b", "c", "d", "dd", "e")]
WAITS = CardStatus.INSUFFICIENT
# Looked up once a card: asking an enumeration for its word takes ten times as long.
STATUS_WORDS = {status: status.value for status in CardStatus}
GRADE_WORDS: Mapping[Grade | None, tuple[str | None, str]] = {
    None: (None, ""),
    **{grade: (grade.value, grade.label) for grade in Grade},
}
TOLD_APART = "appeal"  # reasons that a letter of their own tells


def plain(text: str, longest: int = LONGEST) -> str:
    """One line of text fit for a letter: NFC, no control or direction marks, not too long."""
    return text if len(text) <= longest and is_tidy(text) else _made_plain(text, longest)


def all_plain(texts: Sequence[str], longest: int = LONGEST) -> Sequence[str]:
    """`plain` of each. Joined by one space they are looked at as one text, whose every space would
    be a second one where a text begins or ends with one."""
    fits = max(map(len, texts), default=0) <= longest
    return texts if fits and is_tidy(" ".join(texts)) else [plain(one, longest) for one in texts]


@lru_cache(maxsize=20_000)
def _made_plain(text: str, longest: int) -> str:
    words = " ".join(unicodedata.normalize("NFC", text).split())
    clean = words if words.isprintable() else "".join(c for c in words if not _unseen(c))
    return clean if len(clean) <= longest else clean[: longest - 1].rstrip() + "…"


def _unseen(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf", "Co", "Cs")


def iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def findings_block(findings: Iterable[Finding], most: int = MOST_FINDINGS) -> dict[str, Any]:
    """Findings grouped by sheet, the gravest first; those past `most` are only counted."""
    ordered = sorted(findings, key=lambda finding: WEIGHT[finding.severity])
    groups: dict[str, list[dict[str, str]]] = {}
    shown = _fitting([(f.sheet or WHOLE_FILE, _finding_row(f)) for f in ordered[:most]])
    for sheet, row in shown:
        groups.setdefault(sheet, []).append(row)
    counts = Counter(finding.severity.value for finding in ordered)
    return {
        "groups": [{"sheet": plain(sheet), "rows": rows} for sheet, rows in groups.items()],
        "counts": {severity.value: counts[severity.value] for severity in Severity},
        "total": len(ordered),
        "rest": len(ordered) - len(shown),
    }


def _fitting(rows: list[tuple[str, dict[str, str]]]) -> list[tuple[str, dict[str, str]]]:
    """As many of the first rows as a letter has room for."""
    sizes = accumulate(sum(len(text.encode()) for text in row.values()) for _, row in rows)
    return [row for row, size in zip(rows, sizes, strict=True) if size <= MOST_BYTES]


def _finding_row(finding: Finding) -> dict[str, str]:
    return {
        "severity": finding.severity.value,
        "label": finding.severity.label,
        "cell": plain(finding.cell, 20),
        "value": plain(finding.value, 80),
        "says": plain(finding.says),
        "fix": plain(finding.fix),
    }


def unit_block(unit: Unit) -> dict[str, str]:
    return {"code": unit.code, "name": plain(unit.name, 120)}


@lru_cache(maxsize=20_000)  # a person stands in the unit's letter and in their own
def _named(text: str) -> str:
    return plain(text, 80)


def person_block(cadre: Cadre, honorific: str) -> dict[str, Any]:
    """Whom a letter to one person greets. `honorific` is the office's custom (`[office]`):
    "dong_chi" for everyone, "ong_ba" by the sex that the roll has."""
    formal = "Bà" if cadre.sex is Sex.FEMALE else "Ông"
    return {
        "code": cadre.code,
        "name": _named(cadre.name),
        "post": _named(cadre.post),
        "honorific": formal if honorific == "ong_ba" else "Đồng chí",
        "title": "Ms" if cadre.sex is Sex.FEMALE else "Mr",  # in English
        "leads": cadre.leads,
    }


def range_in_words(card: Scorecard) -> str:
    """Between which points a result that is not known yet must lie, "" for any other: missing is
    not zero."""
    if card.status is not WAITS:
        return ""
    low, high = card.bounds
    return f"{shown(low)} – {shown(high)}"


def card_row(card: Scorecard, cadre: Cadre) -> dict[str, Any]:
    """One person's line in the table of a unit."""
    grade, label = GRADE_WORDS[card.grade or card.provisional]
    return {
        "code": cadre.code,
        "name": _named(cadre.name),
        "post": _named(cadre.post),
        "status": STATUS_WORDS[card.status],
        "total": card.total,
        "range": range_in_words(card),
        "grade": grade,
        "grade_label": label,
        "approved": bool(card.approved),
        "why": _why(card.reasons),
    }


def _why(reasons: Sequence[Reason]) -> str:
    """Why there are no points, or why they make this grade."""
    for reason in reasons:
        if reason[0] in WHY:
            return str(_common_rows[reason]["says"])
    return ""


def card_block(card: Scorecard) -> dict[str, Any]:
    """A person's own result in full: the figures, what cost points, and the other remarks."""
    lost, parts, notes = _told(card.reasons)
    grade, label = GRADE_WORDS[card.grade or card.provisional]
    lost.sort(key=_LOST, reverse=True)  # of equal ones the earlier stays first
    return {
        "status": STATUS_WORDS[card.status],
        "total": card.total,
        "general": card.general,
        "task_score": card.task_score,
        "mean": card.mean,
        "terms": _terms(card),
        "grade": grade,
        "grade_label": label,
        "by_points_label": GRADE_WORDS[card.provisional][1],
        "range": range_in_words(card),
        "approved": bool(card.approved),
        "lost": lost,
        "parts": parts,
        "notes": notes,
    }


def _opening(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def trace_of(regulation: Regulation, file: str = "", sha: str = "") -> dict[str, str]:
    """By which rule, in which version, and from which file the points are."""
    return {
        "regulation": regulation.code,
        "version": regulation.digest[:12],
        "title": plain(regulation.title, 160),
        "file": plain(file, 100),
        "sha": sha,
    }


def card_summary(card: Scorecard) -> dict[str, Any]:
    """That there is a result, and nothing of what it says."""
    nothing = dict.fromkeys(("total", "general", "task_score", "mean", "grade"))
    words = dict.fromkeys(("grade_label", "by_points_label", "range"), "")
    lists: dict[str, Any] = {name: [] for name in ("terms", "lost", "notes", "parts")}
    approved = bool(card.approved)
    return {"status": card.status.value, "approved": approved, **nothing, **words, **lists}


def _terms(card: Scorecard) -> list[dict[str, Any]]:
    told = zip(TERM_NAMES, _term_values(card), strict=True)
    return [{"label": name, "value": value} for name, value in told if value is not None]


_LOST = itemgetter("lost")


def _told(reasons: Sequence[Reason]) -> tuple[list[Row], list[str], list[Row]]:
    """What cost points, the parts of a longer period, and what else is said; not what might have
    cost some and did not. Of the general criteria, and of the grade, everybody is told the same few
    thousand lines."""
    own = iter(all_plain([reason[1] for reason in reasons if reason[0] not in COMMON]))
    lost, parts, notes = list[Row](), list[str](), list[Row]()
    for reason in reasons:
        term, _, cost, _, _ = reason
        row = _common_rows[reason] if term in COMMON else _reason_row(reason, next(own))
        if cost:
            lost.append(row)
        elif cost is None and term == PART:
            parts.append(_opening(row["says"]))
        elif cost is None and term != TOLD_APART:
            notes.append(row)
    return lost, parts, notes


def _reason_row(reason: Reason, says: str) -> Row:
    term, _, lost, cells, article = reason
    return {
        "term": TERMS.get(term, term),
        "says": says,
        "lost": lost,
        "cells": list(_cells(cells)) if cells else [],
        "article": _article(article),
    }


class CommonRows(dict[Reason, Row]):
    """The rows that everybody is told, each made once; begun anew where there are too many. (An
    `lru_cache` takes twice as long to ask, and a letter has a dozen.)"""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def __missing__(self, reason: Reason) -> Row:
        if len(self) >= self.most:
            self.clear()
        return self.setdefault(reason, _reason_row(reason, plain(reason.says)))


_common_rows = CommonRows(MOST_COMMON)


@lru_cache(maxsize=20_000)
def _cells(cells: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(plain(cell, 60) for cell in cells[:6])


@lru_cache(maxsize=1_000)
def _article(article: str) -> str:
    return plain(article, 120)


def programme_block(
    closed: Sequence[ProgrammeTask],
    following: Sequence[ProgrammeTask],
    owners: Mapping[str, Cadre],
    today: date,
) -> dict[str, Any]:
    """What became of a period's programme by `today`, and what is due in the next period.

    An owner who is not among `owners` is left unnamed: the reader may not know of that person.
    """
    late = [task for task in closed if is_overdue(task, today)]
    ahead = sorted(following, key=lambda task: (task.due or date.max, task.code))
    return {
        "total": len(closed),
        "done": sum(task.status is TaskStatus.DONE for task in closed),
        "open": sum(task.status in OPEN for task in closed),
        "dropped": sum(task.status is TaskStatus.DROPPED for task in closed),
        "overdue": [_task_row(task, owners) for task in late[:MOST_TASKS]],
        "overdue_total": len(late),
        "carried": sum(task.carried > 0 for task in following),
        "next": [_task_row(task, owners) for task in ahead[:MOST_TASKS]],
        "next_total": len(ahead),
    }


def is_overdue(task: ProgrammeTask, today: date) -> bool:
    return task.status in OPEN and task.due is not None and task.due < today


def _task_row(task: ProgrammeTask, owners: Mapping[str, Cadre]) -> dict[str, Any]:
    owner = owners.get(task.owner)
    return {
        "code": plain(task.code, 30),
        "content": plain(task.content, 200),
        "product": plain(task.product, 120),
        "owner": _named(owner.name) if owner else "",
        "due": iso(task.due),
        "carried": task.carried,
    }
