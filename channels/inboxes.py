"""Where reports come in, by address (TDKT_INBOX, several parted by spaces).

inbox_at("/srv/tdkt/inbox").arrivals(known)           a folder of this machine, or file://…
inbox_at("sftp://ten:mk@may.tinh.gov.vn/bao-cao")     any server that fsspec reaches
is_mailbox("imaps://ten:mk@thu.tinh.gov.vn/INBOX")    True: a mailbox is read by tasks/mailbox.py

sftp://…?key=/path/id_ed25519&known_hosts=/path       keys of one's own; the server's is verified
s3://thung/thu-muc         wants s3fs; AWS_* variables name who we are and where the server is
webdavs://ten:mk@may/dav   wants webdav4
memory://thu-muc           for trials
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from channels.errors import ChannelRefused
from channels.folder import Folder
from channels.originals import KeptOriginal, Originals
from channels.remote_folder import any_server, sftp_server, webdav_server

MAILBOXES = ("imap", "imaps")


class Arrived(Protocol):
    """One file as it came. `channel` and `channel_id` name it once; `received_at` is UTC."""

    @property
    def channel(self) -> str: ...
    @property
    def channel_id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def received_at(self) -> datetime: ...

    def kept_in(self, originals: Originals) -> KeptOriginal | None:
        """Its bytes, kept for ever; None where they cannot be read just now."""


class Inbox(Protocol):
    def arrivals(self, known: Collection[str] = ()) -> Iterator[Arrived]:
        """The files not taken before, oldest first. Raises ChannelRefused and ChannelBusy."""


def is_mailbox(address: str) -> bool:
    return urlsplit(address.strip()).scheme in MAILBOXES


def inbox_at(address: str) -> Inbox:
    """The inbox of an address; nothing is connected yet. Raises ChannelRefused, without repeating
    the address: it may hold a password."""
    scheme = address.partition("://")[0] if "://" in address else ""
    if scheme in MAILBOXES:
        raise ChannelRefused("Hộp thư điện tử được đọc riêng, không phải là một thư mục.")
    return INBOXES.get(scheme, any_server)(address)


def _here(address: str) -> Inbox:
    return Folder(Path(unquote(urlsplit(address).path) if "://" in address else address))


INBOXES: dict[str, Callable[[str], Inbox]] = {
    "": _here,
    "file": _here,
    "sftp": sftp_server,
    "webdav": webdav_server,
    "webdavs": webdav_server,
}
