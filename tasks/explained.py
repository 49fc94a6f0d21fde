"""The ledger of explanations at work: what quiets a finding, what a unit said to one, the answer.

heard = Heard.of(conn, occasion, units)
heard.apply(unit, file, submission, findings, explained, form)    -> (findings, explanations)
answer_explanation.fn(occasion, 3, Answer.ACCEPTED, until, "Lò Văn A", "Có quyết định kèm theo")
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from prefect import task
from sqlalchemy import Connection

from channels.errors import ChannelRefused
from review.explanations import (
    Answer,
    Explained,
    Explanation,
    awaiting,
    matched,
    quieted,
    subject_of,
)
from review.findings import Finding, Verdict, verdict_of
from review.form import Form
from review.submission import Submission
from tasks.occasion import Occasion
from tasks.standing import update_roll
from tdkt_models.explanations import answer, recall_explanation, recall_waivers
from tdkt_models.files import keep_files, recall_files
from tdkt_models.findings import keep_findings, recall_findings

Waivers = Mapping[str, Mapping[tuple[str, str], Explanation]]


@dataclass(frozen=True, slots=True)
class Heard:
    """The accepted explanations that hold at the end of the period, by unit."""

    period: str
    waivers: Waivers

    @classmethod
    def of(cls, conn: Connection, occasion: Occasion, units: Collection[str]) -> Heard:
        found: dict[str, dict[tuple[str, str], Explanation]] = {}
        for one in recall_waivers(conn, units, occasion.period.end):
            found.setdefault(one.unit, {})[one.check, one.subject] = one
        return cls(occasion.period_text, found)

    def apply(
        self,
        unit: str,
        file: int,
        submission: Submission | None,
        findings: Sequence[Finding],
        explained: Sequence[Explained],
        form: Form,
    ) -> tuple[tuple[Finding, ...], tuple[Explanation, ...]]:
        """The findings without those quieted, and with what the unit now says to the others."""
        waivers = self.waivers.get(unit, {})
        if submission is None or not (waivers or explained):
            return tuple(findings), ()
        subjects = {finding: subject_of(finding, submission, form) for finding in findings}
        open_ = quieted(findings, subjects, waivers)
        given = dict(matched(explained, open_))
        said = tuple(
            Explanation(unit, self.period, f.check, subjects[f], f.says, one.says, file)
            for f, one in given.items()
        )
        return tuple(awaiting(f, given[f].says) if f in given else f for f in open_), said


@task(name="Trả lời giải trình")
def answer_explanation(
    occasion: Occasion, number: int, said: Answer, until: date | None, who: str, note: str
) -> Explanation:
    """Accepts an explanation until a day, or refuses it. What is accepted is quiet at once in the
    file it was said to, and in every later one until that day. Raises ChannelRefused."""
    if not note.strip() or not who.strip():
        raise ChannelRefused("Phải ghi lý do (--note) và người quyết định (--by).")
    if said is Answer.ACCEPTED and until is None:
        raise ChannelRefused("Chấp nhận thì phải ghi đến ngày nào (--until).")
    with occasion.office.book() as book, book.writing() as conn:
        known = recall_explanation(conn, number)
        if known is None:
            raise ChannelRefused(f"Không có giải trình số {number}.")
        answer(conn, number, said, until, who, note, occasion.stamp)
        now = replace(known, answer=said, until=until, who=who, note=note)
        if now.holds_on(occasion.period.end):
            _quiet(conn, occasion, now)
    return now


def _quiet(conn: Connection, occasion: Occasion, one: Explanation) -> None:
    (file,) = recall_files(conn, ids=[one.file])
    findings = recall_findings(conn, [one.file])[one.file]
    rest = tuple(f for f in findings if f.check != one.check or not f.says.startswith(one.asked))
    verdict = file.verdict
    if verdict is Verdict.REMARKED:
        verdict = verdict_of(rest)
    keep_findings(conn, {one.file: rest}, occasion.stamp)
    keep_files(conn, [replace(file, verdict=verdict, findings=len(rest))], occasion.stamp)
    update_roll(conn, occasion, [one.unit])
