"""Take in what came to the mailbox: each mail exactly once, its bytes for ever.

collect_mail.fn(occasion)          -> MailsTaken(mails=4, files=3, aside=1)
take(conn, office, mail, stamp)    a mail set aside goes to be checked after all

A mail and its files are kept in one transaction, and only then marked in the mailbox: killed in
between, the next run finds it in the book and does nothing but mark it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from prefect import task
from sqlalchemy import Connection

from channels.inboxes import is_mailbox
from channels.mail_room import MailRoom
from channels.mailbox import OpenMailbox, WaitingMail, mailbox_at
from channels.originals import Originals
from review.mail import NOT_OURS, Fate, MailState, OpenedMail, fate_of
from review.settings import MailboxSettings
from review.threads import thread_after
from tasks.bounces import note_report
from tasks.collect import AGAIN, is_busy
from tasks.mail_senders import known_senders, office_addresses
from tasks.occasion import Occasion
from tasks.office import Office
from tdkt_models.answers import forget_answers
from tdkt_models.base import Book, Stamp
from tdkt_models.files import FileState, ReceivedFile, keep_files, recall_files
from tdkt_models.mails import (
    CHANNEL,
    ReceivedMail,
    keep_mails,
    known_mails,
    recall_mails,
    sent_since,
)

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class MailsTaken:
    """`aside` counts mails that wait for a person."""

    mails: int = 0
    files: int = 0
    aside: int = 0


@task(
    name="Đọc hộp thư điện tử",
    retries=3,
    retry_delay_seconds=[5, 30, 120],
    retry_condition_fn=is_busy,
)
def collect_mail(occasion: Occasion) -> MailsTaken:
    """Raises ChannelRefused and ChannelBusy; what was taken before stays taken."""
    office = occasion.office
    addresses = dict.fromkeys((*filter(is_mailbox, office.inboxes), *office.bounce_boxes))
    boxes = [mailbox_at(address) for address in addresses]
    if not boxes:
        return MailsTaken()
    mails = files = aside = 0
    with occasion.office.book() as book, MailRoom() as room:
        files += _take_known_strangers(book, occasion, room)
        for box in boxes:
            with box.opened() as line:
                for fate, count in _emptied(book, occasion, line, room):
                    mails += 1
                    files += count
                    aside += fate.state.needs_a_person
    return MailsTaken(mails, files, aside)


def take(conn: Connection, office: Office, mail: ReceivedMail, room: MailRoom, stamp: Stamp) -> int:
    """Lets the workbooks of a mail in the book go to be checked. Returns how many."""
    raw = _originals(office).path(mail.stored_path).read_bytes()
    keep_mails(conn, [replace(mail, state=MailState.TAKEN, reason="")], stamp)
    return _keep_reports(conn, office, mail, room.open(raw), stamp)


def _emptied(
    book: Book, occasion: Occasion, line: OpenMailbox, room: MailRoom
) -> list[tuple[Fate, int]]:
    """Takes every mail that waits, and marks it only when it is in the book."""
    rules = occasion.office.settings.mailbox
    with book.reading() as conn:
        known = known_mails(conn)
        senders = known_senders(conn, occasion)
    hashes = set(known.values())
    line.done(line.unmarked(known), _folder(rules))
    ends = []
    for waiting in line.waiting(known, rules.at_once):
        ends.append(_take_one(book, occasion, line, room, waiting, senders, hashes))
        line.done([waiting.uid], _folder(rules))
    return ends


def _take_one(
    book: Book,
    occasion: Occasion,
    line: OpenMailbox,
    room: MailRoom,
    waiting: WaitingMail,
    senders: Collection[str],
    hashes: set[str],
) -> tuple[Fate, int]:
    office, stamp = occasion.office, occasion.stamp
    most = office.settings.mailbox.most_mib << 20
    raw = line.raw(waiting, most)
    original = _originals(office).keep_bytes(raw, max(len(raw), 1))
    opened = room.open(raw) if raw else OpenedMail(broken="Thư trống hoặc đã bị xóa khỏi hộp thư.")
    if waiting.size > most:
        opened = replace(opened, reports=(), broken=_too_large(waiting.size, most))
    # The mail is marked in its mailbox after this: by then the disk must have it.
    with book.writing(durable=True) as conn:
        at = waiting.received_at
        lately = sent_since(conn, opened.sender, at - HOUR, at)
        fate = _fate(office, opened, senders, lately)
        if original.sha256 in hashes:
            fate = Fate(MailState.AGAIN, "Chính thư này đã được nhận trước đó.")
        hashes.add(original.sha256)
        if fate.state is MailState.BOUNCE and opened.report is not None:
            fate = replace(fate, reason=note_report(conn, opened.report, stamp) or NOT_OURS)
        mail = _mail(waiting, original.sha256, original.place, opened, fate)
        keep_mails(conn, [mail], stamp)
        taken = fate.state is MailState.TAKEN
        count = _keep_reports(conn, office, mail, opened, stamp) if taken else 0
        _originals(office).settle()
    return fate, count


def _fate(office: Office, opened: OpenedMail, senders: Collection[str], lately: int) -> Fate:
    ours, rules = office_addresses(office.settings), office.settings.mailbox
    return fate_of(
        opened,
        known=senders,
        ours=ours,
        lately=lately,
        most=rules.per_hour,
        server=rules.proof_by,
    )


def _mail(
    waiting: WaitingMail, sha256: str, place: str, opened: OpenedMail, fate: Fate
) -> ReceivedMail:
    return ReceivedMail(
        channel_id=waiting.channel_id,
        sha256=sha256,
        size=waiting.size,
        stored_path=place,
        received_at=waiting.received_at,
        sender=opened.sender,
        subject=opened.subject,
        message_id=opened.message_id,
        thread=thread_after(opened.message_id, opened.references),
        state=fate.state,
        reason=fate.reason,
        beside=opened.beside,
        automatic=opened.automatic,
        told=fate.reason == NOT_OURS,  # of that the office need not hear
    )


def _keep_reports(
    conn: Connection, office: Office, mail: ReceivedMail, opened: OpenedMail, stamp: Stamp
) -> int:
    """The workbooks of a mail as received files; one whose bytes came before is a duplicate."""
    originals = _originals(office)
    kept = [(one, originals.keep_bytes(one.content)) for one in opened.reports]
    before = recall_files(conn, hashes=[original.sha256 for _, original in kept])
    here = {file.channel_id: file for file in before}
    known = {file.sha256 for file in before}
    files = []
    for report, original in kept:
        channel_id = f"{mail.channel_id}|{report.place}"
        if channel_id in here:  # set aside before, and let in by a person now
            files += _let_in(conn, here[channel_id])
            continue
        again = original.sha256 in known
        known.add(original.sha256)
        files.append(
            ReceivedFile(
                channel=CHANNEL,
                channel_id=channel_id,
                sha256=original.sha256,
                name=report.name,
                size=len(report.content),
                received_at=mail.received_at,
                stored_path=original.place,
                state=FileState.DUPLICATE if again else FileState.WAITING,
                reason=AGAIN if again else "",
            )
        )
    keep_files(conn, files, stamp)
    return len(files)


def _let_in(conn: Connection, file: ReceivedFile) -> list[ReceivedFile]:
    """A file that nobody could be found for waits to be checked again, and to be answered."""
    if file.state is not FileState.SET_ASIDE or file.unit or file.id is None:
        return []
    forget_answers(conn, [file.id])
    return [file._replace(state=FileState.WAITING, reason="", period=None, verdict=None)]


def _take_known_strangers(book: Book, occasion: Occasion, room: MailRoom) -> int:
    """Mails of strangers who have come into the roster since."""
    with book.reading() as conn:
        strangers = recall_mails(conn, states=[MailState.STRANGER])
        senders = known_senders(conn, occasion) if strangers else frozenset()
    count = 0
    office = occasion.office
    for mail in strangers:
        if mail.sender in senders:
            raw = _originals(office).path(mail.stored_path).read_bytes()
            fate = _fate(office, room.open(raw), senders, 0)
            with book.writing() as conn:
                if fate.state is MailState.UNPROVEN:
                    changed = replace(mail, state=fate.state, reason=fate.reason, told=False)
                    keep_mails(conn, [changed], occasion.stamp)
                else:
                    count += take(conn, office, mail, room, occasion.stamp)
    return count


def _originals(office: Office) -> Originals:
    return Originals(Path(office.folder) / "received")


def _folder(rules: MailboxSettings) -> str:
    return rules.folder if rules.after == "move" else ""


def _too_large(size: int, most: int) -> str:
    return (
        f"Thư nặng {size >> 20} MiB, quá {most >> 20} MiB được nhận; thư vẫn nằm trong hộp thư. "
        "Đề nghị người gửi gửi lại tệp nhẹ hơn."
    )
