"""The ledger of explanations at work: what quiets a finding, and what a unit said to one.

heard = Heard.of(conn, occasion, units)
heard.apply(unit, file, submission, findings, explained, form).findings
copy_explained(conn, occasion, units)["03637"].answer      what a unit said to CHEP_DON_VI

The office's answers are given in tasks/answering.py.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from review.explanations import (
    Answer,
    Explained,
    Explanation,
    about_file,
    asked_later,
    awaiting,
    declined,
    matched,
    parted,
    subject_of,
)
from review.findings import Finding
from review.form import Form
from review.submission import Submission
from review.substance import COPIED
from tasks.occasion import Occasion
from tdkt_models.explanations import recall_explanations, recall_waivers
from tdkt_models.quieted import Quieted

Waivers = Mapping[str, Mapping[tuple[str, str], Explanation]]


@dataclass(frozen=True, slots=True)
class Settling:
    """What is left to ask of a file, what the unit now says to it, and what stays quiet."""

    findings: tuple[Finding, ...]
    said: tuple[Explanation, ...] = ()
    quieted: tuple[Quieted, ...] = ()


@dataclass(frozen=True, slots=True)
class Heard:
    """The accepted explanations that hold at the end of the period, by unit; and what was said in
    this period already and not accepted."""

    period: str
    waivers: Waivers
    refused: Mapping[tuple[str, str, str, str], Explanation] = field(default_factory=dict)

    @classmethod
    def of(cls, conn: Connection, occasion: Occasion, units: Collection[str]) -> Heard:
        found: dict[str, dict[tuple[str, str], Explanation]] = {}
        for one in recall_waivers(conn, units, occasion.period.end):
            found.setdefault(one.unit, {})[one.check, one.subject] = one
        said = recall_explanations(conn, occasion.period_text, units)
        refused = {(*one.key, one.says): one for one in said if one.answer is Answer.REFUSED}
        return cls(occasion.period_text, found, refused)

    def apply(
        self,
        unit: str,
        file: int,
        submission: Submission | None,
        findings: Sequence[Finding],
        explained: Sequence[Explained],
        form: Form,
    ) -> Settling:
        """The findings without those quieted, and with what the unit now says to the others."""
        waivers = self.waivers.get(unit, {})
        if submission is None or not (waivers or explained):
            return Settling(tuple(findings))
        subjects = {finding: subject_of(finding, submission, form) for finding in findings}
        open_, quiet = parted(findings, subjects, waivers)
        given = dict(matched(explained, open_))
        said = [
            Explanation(unit, self.period, f.check, subjects[f], f.says, one.says, file)
            for f, one in given.items()
        ]
        now = {f: self._answered(one, f) for f, one in zip(given, said, strict=True)}
        said += self._to_a_copy(unit, file, explained)
        return Settling(
            tuple(now.get(finding, finding) for finding in open_),
            tuple(said),
            tuple((waiver.id or 0, finding) for finding, waiver in quiet),
        )

    def _answered(self, one: Explanation, finding: Finding) -> Finding:
        """The same words a second time do not ask the office again."""
        known = self.refused.get((*one.key, one.says))
        return declined(finding, known) if known else awaiting(finding, one.says)

    def _to_a_copy(
        self, unit: str, file: int, explained: Sequence[Explained]
    ) -> Iterator[Explanation]:
        """What is said to a copy is kept now: it is looked for when all files are read."""
        if one := asked_later(explained, COPIED):
            subject = about_file(self.period)
            yield Explanation(unit, self.period, COPIED.check, subject, COPIED.says, one.says, file)


def copy_explained(
    conn: Connection, occasion: Occasion, units: Collection[str]
) -> dict[str, Explanation]:
    """By unit, what it said this period to being asked whether its report is a copy."""
    said = recall_explanations(conn, occasion.period_text, units)
    subject = about_file(occasion.period_text)
    return {one.unit: one for one in said if (one.check, one.subject) == (COPIED.check, subject)}
