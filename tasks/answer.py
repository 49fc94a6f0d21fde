"""Answer what came in: each file has one letter, written and posted in the run that judged it.

    answer.fn(occasion)          -> 3, letters written
    post_answers.fn(occasion)    -> Posted(sent=3)
    note_answered.fn(occasion)   the letters of a whole review were the answer

A file that came by mail is answered below that mail, to the address it came from if that is one of
the unit's contacts, else to the unit's first contact. Robots are not answered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from prefect import task
from sqlalchemy import Connection

from channels.errors import ChannelRefused
from channels.originals import Originals
from channels.side_room import marked
from review.findings import Finding, Verdict
from review.letters import unit_returned, unit_trial
from review.letters_mail import Aside, EnclosedFile, ReceiptOf, answering, office_mail, unit_receipt
from review.mail import MailState
from review.post import Letter, LetterKind
from review.repairs import RepairGroup, summed_up
from review.roll import RollEntry
from review.scope import Scope, scopes_of, veiled, veiled_finding
from review.threads import in_thread
from review.units import Unit
from review.watched import Watch
from tasks.briefs import cadres_by_unit
from tasks.desk_letters import to_mend_by
from tasks.email_summaries import Posted, post_kinds
from tasks.enclosures import enclose
from tasks.occasion import Occasion
from tasks.receipts import changes_of, token_of
from tasks.report import keep_letters
from tasks.threads import threads_of
from tasks.watching import directory_for, watch_of
from tdkt_models.answers import Answer, answered_readers, keep_answers, unanswered
from tdkt_models.files import FileState, ReceivedFile, recall_files
from tdkt_models.findings import recall_findings
from tdkt_models.letters import cancel_others, letters_there
from tdkt_models.mails import (
    CHANNEL,
    NEEDS_A_PERSON,
    ReceivedMail,
    keep_mails,
    mail_of,
    recall_mails,
)
from tdkt_models.roll import recall_roll
from tdkt_models.units import recall_units

ANSWERS = (
    LetterKind.UNIT_TRIAL,
    LetterKind.UNIT_RECEIPT,
    LetterKind.UNIT_RETURNED,
    LetterKind.OFFICE_MAIL,
)
AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Desk:
    """What the answers to some files are written from."""

    occasion: Occasion
    units: Mapping[str, Unit]
    entries: Mapping[str, RollEntry]
    cadres: Mapping[str, Sequence[str]]
    findings: Mapping[int, tuple[Finding, ...]]
    mails: Mapping[str, ReceivedMail]
    first: Mapping[str, ReceivedFile]
    watch: Watch
    scopes: Mapping[str, Scope | None]
    threads: Mapping[str, Sequence[str]]
    changes: Mapping[int, tuple[str, ...]]

    def mail(self, file: ReceivedFile) -> ReceivedMail | None:
        return self.mails.get(mail_of(file.channel_id)) if file.channel == CHANNEL else None

    def findings_of(self, file: ReceivedFile) -> tuple[Finding, ...]:
        found, scope = self.findings.get(file.id or 0, ()), self.scopes.get(file.unit or "")
        return tuple(veiled_finding(one, scope, self.watch) for one in found) if scope else found

    def repairs_of(self, file: ReceivedFile) -> tuple[RepairGroup, ...]:
        groups, scope = summed_up(file.repairs), self.scopes.get(file.unit or "")
        if scope is None:
            return groups
        return tuple(
            replace(one, examples=tuple(veiled(text, scope, self.watch) for text in one.examples))
            for one in groups
        )


@task(name="Viết thư trả lời")
def answer(occasion: Occasion) -> int:
    """Writes the answers that are owed, and the office's list of what waits for it. Returns how
    many letters."""
    with occasion.office.book() as book:
        with book.reading() as conn:
            owed = unanswered(conn, occasion.period_text)
        written = 0
        for at in range(0, len(owed), AT_ONCE):
            with book.writing() as conn:
                written += _answer_some(conn, occasion, owed[at : at + AT_ONCE])
        with book.writing() as conn:
            written += _tell_the_office(conn, occasion)
    return written


@task(name="Gửi thư trả lời")
def post_answers(occasion: Occasion) -> Posted:
    """Judges the answers as any letter, and posts them; the rest of the period stays as it is."""
    return post_kinds(occasion, ANSWERS)


@task(name="Ghi nhận đã trả lời")
def note_answered(occasion: Occasion) -> None:
    """After a whole review each unit has its letters: no receipt follows them."""
    with occasion.office.book() as book, book.writing() as conn:
        owed = unanswered(conn, occasion.period_text)
        keep_answers(conn, [Answer(file) for file in owed], occasion.stamp)


def _answer_some(conn: Connection, occasion: Occasion, owed: Sequence[int]) -> int:
    files = recall_files(conn, ids=owed)
    desk = _desk(conn, occasion, files)
    pairs = [(file, _answer_to(desk, file)) for file in files]
    letters = [letter for _, letter in pairs if letter is not None]
    _cancel_older(conn, occasion, letters)
    new = keep_letters(conn, occasion, letters)
    said = [
        Answer(file.id or 0, letter.kind.value if letter else "", letter.person if letter else "")
        for file, letter in pairs
    ]
    keep_answers(conn, said, occasion.stamp)
    return new


def _desk(conn: Connection, occasion: Occasion, files: Sequence[ReceivedFile]) -> Desk:
    again = [file.sha256 for file in files if file.state is FileState.DUPLICATE]
    first = (
        {f.sha256: f for f in reversed(recall_files(conn, hashes=again)) if f.unit} if again else {}
    )
    units = recall_units(conn)
    codes = {file.unit or "" for file in (*files, *first.values())} & set(units)
    directory = directory_for(conn, occasion, codes)
    ids = {mail_of(file.channel_id) for file in files if file.channel == CHANNEL}
    return Desk(
        occasion=occasion,
        units=units,
        entries={entry.unit: entry for entry in recall_roll(conn, occasion.period_text, codes)},
        cadres={
            unit: [cadre.code for cadre in cadres]
            for unit, cadres in cadres_by_unit(conn, occasion, codes).items()
        },
        findings=recall_findings(conn, [file.id for file in files if file.id]),
        mails={mail.channel_id: mail for mail in recall_mails(conn, channel_ids=ids)},
        first=first,
        watch=watch_of(conn, occasion),
        scopes=scopes_of(codes, directory),
        threads=threads_of(conn, occasion.period_text, codes, {}),
        changes=changes_of(conn, occasion, files),
    )


def _answer_to(desk: Desk, file: ReceivedFile) -> Letter | None:
    """The letter that answers a file; None where nobody is to be answered."""
    mail = desk.mail(file)
    first = desk.first.get(file.sha256) if file.state is FileState.DUPLICATE else file
    unit = desk.units.get(first.unit or "") if first else None
    if unit is None or first is None or (mail and mail.automatic):
        return None
    if file.state is FileState.DUPLICATE:
        letter = _receipt(desk, unit, file, again=True, period=first.period) if mail else None
    elif file.state is FileState.SLIP:
        letter = None  # the rater was answered when it was put under seal
    elif file.state is FileState.TRIAL:
        letter = _trial(desk, unit, file)
    elif file.state is FileState.SET_ASIDE:
        letter = _receipt(desk, unit, file, aside=True)
    elif file.verdict and file.verdict.counts:
        letter = _receipt(desk, unit, file)
    else:
        letter = _returned(desk, unit, file)
    if letter is None:
        return None
    if mail is None:
        return in_thread(letter, desk.threads.get(unit.code, ()))
    return in_thread(replace(letter, to=_address(unit, mail)), mail.thread)


def _address(unit: Unit, mail: ReceivedMail) -> str:
    known = {contact.lower(): contact for contact in unit.contacts}
    return known.get(mail.sender, unit.letter_to)


def _receipt(
    desk: Desk,
    unit: Unit,
    file: ReceivedFile,
    *,
    again: bool = False,
    aside: bool = False,
    period: str | None = None,
) -> Letter:
    entry = desk.entries.get(unit.code)
    plainly = again or aside
    received = ReceiptOf(
        file=file.id or 0,
        name=file.name,
        sha256=file.sha256,
        received_at=file.received_at,
        verdict=None if plainly else file.verdict,
        version=None if plainly else file.version,
        findings=() if plainly else desk.findings_of(file),
        late_days=entry.late_days if entry and not plainly else 0,
        again=again,
        aside=aside,
        changes=None if plainly else desk.changes.get(file.id or 0),
        token="" if plainly else token_of(desk.occasion, file, unit),
        repairs=() if plainly else desk.repairs_of(file),
    )
    settings = desk.occasion.office.settings
    about = () if plainly else desk.cadres.get(unit.code, ())
    return unit_receipt(settings, unit, period or desk.occasion.period_text, received, cadres=about)


def _trial(desk: Desk, unit: Unit, file: ReceivedFile) -> Letter:
    return unit_trial(
        desk.occasion.office.settings,
        unit,
        desk.occasion.period_text,
        desk.findings_of(file),
        verdict=file.verdict or Verdict.UNREADABLE,
        received_at=file.received_at,
        file_name=file.name,
    )


def _returned(desk: Desk, unit: Unit, file: ReceivedFile) -> Letter:
    occasion, findings = desk.occasion, desk.findings_of(file)
    entry = desk.entries.get(unit.code)
    letter = unit_returned(
        occasion.office.settings,
        unit,
        occasion.period_text,
        findings,
        deadline=to_mend_by(occasion, file.received_at),
        verdict=file.verdict or Verdict.RETURNED,
        received_at=file.received_at,
        file_name=file.name,
        stands=entry.received_at if entry and entry.counted is not None else None,
    )
    about = (unit.code, *desk.cadres.get(unit.code, ()))
    enclosed = _marked_copy(desk, unit, file, findings)
    payload = {**letter.payload, "token": token_of(occasion, file, unit)}
    whole = replace(letter, about=about, payload=payload)
    repairs = desk.repairs_of(file)
    return answering(whole, file.id or 0, enclosed=enclosed, repairs=repairs)


def _marked_copy(
    desk: Desk, unit: Unit, file: ReceivedFile, findings: Sequence[Finding]
) -> EnclosedFile | None:
    """The unit's own workbook with its faults marked; None where it is no .xlsx or too broken."""
    office = desk.occasion.office
    if file.verdict is Verdict.UNREADABLE:
        return None
    data = Originals(office.folder / "received").path(file.stored_path).read_bytes()
    try:
        copy = marked(data, findings)
    except ChannelRefused:
        return None
    name = f"CAN-SUA_{unit.code}_{desk.occasion.period_text}.xlsx"
    return enclose(office, name, copy, own=file.stored_path)


def _cancel_older(conn: Connection, occasion: Occasion, letters: Sequence[Letter]) -> None:
    """An answer not sent yet to an older file of the same unit is no longer wanted."""
    for letter in letters:
        if letter.kind is LetterKind.UNIT_RECEIPT and letter.payload["again"]:
            continue
        older = answered_readers(conn, letter.period, letter.payload["unit"]["code"])
        gone = [person for person in older if person != letter.person]
        cancel_others(conn, letters_there(conn, letter.period, gone), (), occasion.stamp)


def _tell_the_office(conn: Connection, occasion: Occasion) -> int:
    """One letter about the mails that the office has not heard of."""
    waiting = recall_mails(conn, states=NEEDS_A_PERSON)
    bounced = recall_mails(conn, states=[MailState.BOUNCE])
    fresh = [mail for mail in (*waiting, *bounced) if not mail.told]
    refused = list(_turned_away(conn, occasion))
    if not fresh and not refused:
        return 0
    asides = [
        Aside(mail.id or 0, mail.received_at, mail.sender, mail.subject, mail.reason)
        for mail in fresh
    ]
    asides += [
        Aside(mail.id or 0, file.received_at, mail.sender, file.name, file.reason)
        for file, mail in refused
    ]
    settings = occasion.office.settings
    letter = office_mail(settings, occasion.period_text, asides, sum(mail.told for mail in waiting))
    first = str(max(one.number for one in asides))
    new = keep_letters(conn, occasion, [replace(letter, person=f"{letter.person}/{first}")])
    told = [replace(mail, told=True) for mail in (*fresh, *(mail for _, mail in refused))]
    keep_mails(conn, told, occasion.stamp)
    return new


def _turned_away(
    conn: Connection, occasion: Occasion
) -> Iterator[tuple[ReceivedFile, ReceivedMail]]:
    """Files of mails that were taken but may not count for the unit they name, not told yet."""
    aside = recall_files(conn, period=occasion.period_text, state=FileState.SET_ASIDE)
    nobodys = [file for file in aside if file.channel == CHANNEL and not file.unit]
    ids = {mail_of(file.channel_id) for file in nobodys}
    mails = {mail.channel_id: mail for mail in recall_mails(conn, channel_ids=ids)}
    told = {mail.channel_id for mail in mails.values() if mail.told}
    for file in nobodys:
        mail = mails[mail_of(file.channel_id)]
        if mail.channel_id not in told:
            yield file, mail
