"""The office's answer to what a unit explained; the last word holds, and takes effect at once.

answer_explanation.fn(occasion, 3, Answer.ACCEPTED, until, "Lò Văn A", "Có quyết định kèm theo")

Accepted, it is quiet in the file it was said to and in every later one until that day. Refused, or
accepted for less time than before, what it kept quiet is asked again, in every period that is not
locked; and the unit is answered anew.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from prefect import task
from sqlalchemy import Connection

from channels.errors import ChannelRefused
from review.explanations import Answer, Explanation, as_answered
from review.findings import Finding, Verdict, verdict_of
from review.order import ordered
from review.period import Period
from tasks.occasion import Occasion
from tasks.pasts import locked_at
from tasks.standing import update_roll
from tdkt_models.answers import forget_answers
from tdkt_models.explanations import answer, recall_explanation
from tdkt_models.files import FileState, ReceivedFile, keep_files, recall_files
from tdkt_models.findings import keep_findings, recall_findings
from tdkt_models.quieted import add_quieted, forget_quieted, recall_quieted


@task(name="Trả lời giải trình")
def answer_explanation(
    occasion: Occasion, number: int, said: Answer, until: date | None, who: str, note: str
) -> Explanation:
    """Accepts an explanation until a day, or refuses it. Raises ChannelRefused."""
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
        for file in _in_question(conn, now):
            when = replace(occasion, period=Period.parse(file.period or now.period))
            if now.holds_on(when.period.end):
                _quiet(conn, when, file, now)
            else:
                _ask_again(conn, when, file, now)
    return now


def _in_question(conn: Connection, one: Explanation) -> list[ReceivedFile]:
    """The file it was said to and those in which it keeps something quiet, of open periods."""
    ids = {one.file, *recall_quieted(conn, one.id or 0)}
    files = [file for file in recall_files(conn, ids=ids) if file.state is FileState.CHECKED]
    shut = {period for period in {file.period or "" for file in files} if locked_at(conn, period)}
    return [file for file in files if file.period not in shut]


def _quiet(conn: Connection, occasion: Occasion, file: ReceivedFile, one: Explanation) -> None:
    findings = recall_findings(conn, [file.id or 0])[file.id or 0]
    hushed = [f for f in findings if f.check == one.check and f.says.startswith(one.asked)]
    for finding in hushed:
        plain = replace(finding, says=one.asked)
        add_quieted(conn, file.id or 0, (one.id or 0, plain), occasion.stamp)
    if hushed:
        rest = tuple(finding for finding in findings if finding not in hushed)
        _judge_anew(conn, occasion, file, rest)


def _ask_again(conn: Connection, occasion: Occasion, file: ReceivedFile, one: Explanation) -> None:
    """What it kept quiet comes back; what waited for this answer says what the answer was."""
    findings = recall_findings(conn, [file.id or 0])[file.id or 0]
    waited = [f for f in findings if f.check == one.check and f.says.startswith(one.asked)]
    back = recall_quieted(conn, one.id or 0).get(file.id or 0, ())
    forget_quieted(conn, one.id or 0, file.id or 0)
    rest = [finding for finding in findings if finding not in waited]
    again = [as_answered(finding, one) for finding in (*waited, *back)]
    form = occasion.regulation.forms[occasion.period.cadence]
    _judge_anew(conn, occasion, file, ordered((*rest, *again), form))


def _judge_anew(
    conn: Connection, occasion: Occasion, file: ReceivedFile, findings: tuple[Finding, ...]
) -> None:
    """Kept; and the unit, whose answer has changed, is owed another."""
    verdict = file.verdict
    if verdict in (Verdict.ACCEPTED, Verdict.REMARKED):
        verdict = verdict_of(findings)
    keep_findings(conn, {file.id or 0: findings}, occasion.stamp)
    keep_files(conn, [file._replace(verdict=verdict, findings=len(findings))], occasion.stamp)
    forget_answers(conn, [file.id or 0])
    update_roll(conn, occasion, [file.unit or ""])
