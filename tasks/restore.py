"""Restore: an office out of its backup, into an empty folder and an empty book, proved to be whole.

restore(Path("t10.tdkt"), Office("/srv/tdkt"), who="Lò Văn Inh")    -> Restored(rows=81234, …)

The folder is made beside its place and put there when all of it has been held against the manifest;
what goes wrong before leaves neither folder nor tables. A backup of an older program is brought up
to date on the way, whatever engine it came from.
"""

from __future__ import annotations

import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path, PurePosixPath
from uuid import uuid4

from channels.backup_file import BackupReader, BackupRefused
from channels.signing import KEY, PUBLIC, office_key, put_aside
from tasks.anchor import note_anchor
from tasks.backup import BOOK, OFFICE, PASSWORD
from tasks.office import FOLDERS, Office, stamp
from tasks.secrets import secret
from tasks.verify_audit import verify_audit
from tdkt_models.audit import AuditEntry, keep_audit
from tdkt_models.snapshot import restore_tables


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
    _must_be_empty(office.folder)
    with BackupReader(path, secret(PASSWORD)) as kept:
        office.folder.parent.mkdir(parents=True, exist_ok=True)
        place = Path(tempfile.mkdtemp(prefix=f".{office.folder.name}.", dir=office.folder.parent))
        url = secret("TDKT_DATABASE_URL") or f"sqlite:///{place / 'office.db'}"
        try:
            files = _extract(kept, place)
            rows = _fill(kept, url)
            new_key = _key(place, kept)
            for folder in FOLDERS:  # an empty one is in no backup
                (place / folder).mkdir(exist_ok=True)
            _put(place, office.folder)
        except BaseException:
            shutil.rmtree(place, ignore_errors=True)
            raise
        said = kept.manifest
    _note(office, who, path)
    faults = verify_audit(office).faults
    return Restored(said["office"], said["made_at"], rows, files, faults, new_key)


def _must_be_empty(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()):
        raise BackupRefused(
            f"{folder} không trống. Chỉ khôi phục vào một thư mục trống (--home THƯ-MỤC): không "
            "có gì bị ghi đè."
        )


def _extract(kept: BackupReader, place: Path) -> int:
    names = [name for name in kept.members if name.startswith(f"{OFFICE}/")]
    for name in names:
        short = name.removeprefix(f"{OFFICE}/")
        _must_be_what_it_says(short, kept.members[name]["sha256"])
        kept.extract(name, place)
    for child in (place / OFFICE).iterdir() if names else ():
        child.rename(place / child.name)
    with suppress(FileNotFoundError):
        (place / OFFICE).rmdir()
    return len(names)


def _must_be_what_it_says(name: str, sha256: str) -> None:
    """An original lies under its own hash."""
    path = PurePosixPath(name)
    if path.parts[0] == "received" and path.name != sha256:
        raise BackupRefused(f"Bản gốc {path.name} trong bản sao lưu không còn nguyên vẹn.")


def _fill(kept: BackupReader, url: str) -> int:
    lines = {
        PurePosixPath(name).stem: partial(kept.lines, name)
        for name in kept.members
        if name.startswith(f"{BOOK}/")
    }
    rows = dict(kept.manifest["rows"])
    restore_tables(url, kept.manifest["step"], lines, rows)
    return sum(rows.values())


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
    mark = stamp(f"tdkt-{uuid4().hex[:12]}", datetime.now(UTC))
    with office.book() as book, book.writing() as conn:
        entry = AuditEntry(who, "office.restored", "office", {"file": path.name})
        keep_audit(conn, [entry], mark)
        note_anchor(conn, office, mark, who)
