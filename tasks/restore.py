"""Restore: an office out of its backup, into an empty folder and an empty book, proved to be whole.

restore(Path("t10.tdkt"), Office("/srv/tdkt"), who="Lò Văn Inh")    -> Restored(rows=81234, …)

The folder is made beside its place and put there when all of it has been held against the manifest;
what goes wrong before leaves neither folder nor tables. A backup of an older program is brought up
to date on the way, whatever engine it came from. Killed anywhere, the same command is given again:
a folder beside its place and a marked book are begun anew; one that was in its place is finished.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any
from uuid import uuid4

from channels.backup_file import BackupReader, BackupRefused
from channels.half_made import alone_at
from channels.signing import KEY, PUBLIC, office_key, put_aside
from tasks.anchor import ANCHORED, note_anchor
from tasks.backup import BOOK, OFFICE, PASSWORD
from tasks.office import FOLDERS, Office, stamp
from tasks.secrets import secret
from tasks.verify_audit import verify_audit
from tdkt_models.audit import AuditEntry, keep_audit, recall_audit
from tdkt_models.restoring import is_marked, unmark
from tdkt_models.snapshot import restore_tables

MARK, WITH_KEY = ".restoring", "key"


@dataclass(frozen=True, slots=True)
class Restored:
    """`faults` are those of the audit, as `tdkt audit verify` tells them; `new_key` whether the
    office signs with a new key from now on."""

    office: str
    made_at: str
    rows: int
    files: int
    faults: tuple[str, ...]
    new_key: bool


def restore(path: Path, office: Office, who: str) -> Restored:
    """Raises BackupRefused or BookError; then nothing is changed."""
    with BackupReader(path, secret(PASSWORD)) as kept:
        said = kept.manifest
        if not _in_its_place(office.folder, said):
            _must_be_empty(office.folder)
            with _beside(office.folder) as place:
                _make(kept, place)
                _put(place, office.folder)
        counts = (sum(said["rows"].values()), len(_files_in(kept)))
    new_key = not (office.folder / MARK).read_text("utf-8").endswith(WITH_KEY)
    _note(office, who, path)
    faults = verify_audit(office).faults
    (office.folder / MARK).unlink()
    return Restored(said["office"], said["made_at"], *counts, faults, new_key)


@contextmanager
def _beside(folder: Path) -> Iterator[Path]:
    """An empty folder of one name beside the place, so that what a killed run left in it goes.
    Raises BackupRefused where another run is at it."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    place = folder.with_name(f".{folder.name}.restoring")
    place.mkdir(mode=0o700, exist_ok=True)
    number = os.open(place, os.O_RDONLY)
    try:
        if not alone_at(number):
            raise BackupRefused(f"Một lượt khác đang khôi phục vào {folder}; hãy chờ lượt ấy xong.")
        try:
            for child in place.iterdir():
                shutil.rmtree(child) if child.is_dir() else child.unlink()
            yield place
        except BaseException:
            shutil.rmtree(place, ignore_errors=True)
            raise
    finally:
        os.close(number)


def _make(kept: BackupReader, place: Path) -> None:
    """The whole office, book and all. Nothing of it is anybody's before it lies in its place."""
    _extract(kept, place)
    url = secret("TDKT_DATABASE_URL") or f"sqlite:///{place / 'office.db'}"
    _fill(kept, url)
    new_key = _key(place, kept)
    for folder in FOLDERS:  # an empty one is in no backup
        (place / folder).mkdir(exist_ok=True)
    said = f"{_digest(kept.manifest)}\n{'' if new_key else WITH_KEY}"
    (place / MARK).write_text(said, "utf-8")


def _digest(manifest: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(manifest, sort_keys=True).encode()).hexdigest()


def _in_its_place(folder: Path, manifest: Mapping[str, Any]) -> bool:
    """Whether a run that was killed had put this very backup there, and only its last lines are
    missing."""
    try:
        return (folder / MARK).read_text("utf-8").startswith(_digest(manifest))
    except FileNotFoundError:
        return False


def _must_be_empty(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()):
        raise BackupRefused(
            f"{folder} không trống. Chỉ khôi phục vào một thư mục trống (--home THƯ-MỤC): không "
            "có gì bị ghi đè."
        )


def _files_in(kept: BackupReader) -> list[str]:
    return [name for name in kept.members if name.startswith(f"{OFFICE}/")]


def _extract(kept: BackupReader, place: Path) -> None:
    names = _files_in(kept)
    for name in names:
        short = name.removeprefix(f"{OFFICE}/")
        _must_be_what_it_says(short, kept.members[name]["sha256"])
        kept.extract(name, place)
    for child in (place / OFFICE).iterdir() if names else ():
        child.rename(place / child.name)
    with suppress(FileNotFoundError):
        (place / OFFICE).rmdir()


def _must_be_what_it_says(name: str, sha256: str) -> None:
    """An original lies under its own hash."""
    path = PurePosixPath(name)
    if path.parts[0] == "received" and path.name != sha256:
        raise BackupRefused(f"Bản gốc {path.name} trong bản sao lưu không còn nguyên vẹn.")


def _fill(kept: BackupReader, url: str) -> None:
    lines = {
        PurePosixPath(name).stem: partial(kept.lines, name)
        for name in kept.members
        if name.startswith(f"{BOOK}/")
    }
    rows = dict(kept.manifest["rows"])
    restore_tables(url, kept.manifest["step"], lines, rows)


def _key(place: Path, kept: BackupReader) -> bool:
    """A backup without secrets has no key: the office gets a new one, and what the old one signed
    is still known to be its own."""
    if (place / KEY).is_file():
        return False
    if (place / PUBLIC).is_file():
        put_aside(place)
    office_key(place)
    return True


def _put(place: Path, folder: Path) -> None:
    with suppress(FileNotFoundError):
        folder.rmdir()  # an empty one; anything else would have been refused
    place.rename(folder)


def _note(office: Office, who: str, path: Path) -> None:
    """In two transactions: an anchor speaks of what is kept already, not of what a kill undoes."""
    mark = stamp(f"tdkt-{uuid4().hex[:12]}", datetime.now(UTC))
    with office.book() as book:
        with book.writing(durable=True) as conn:
            if is_marked(conn):
                entry = AuditEntry(who, "office.restored", "office", {"file": path.name})
                keep_audit(conn, [entry], mark)
                unmark(conn)
        with book.writing() as conn:
            if recall_audit(conn, last=1)[0].what != ANCHORED:
                note_anchor(conn, office, mark, who)
