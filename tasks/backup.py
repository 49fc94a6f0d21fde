"""Back up: the whole office into one file while it runs, and back into an empty one.

back_up(occasion, Path("t10.tdkt"), who="Lò Văn Inh")     -> BackedUp(rows=81234, files=214, …)

The book is read in one snapshot, the originals after it: whatever the book names is in the file.
Secrets are left out unless the file is locked with a password; then the office's key goes along.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import Connection

from channels.anchors import FILE as ANCHORS
from channels.backup_file import PIECE, BackupReader, BackupWriter
from channels.folder import Folder
from channels.half_made import left_behind, was_finished
from channels.signing import office_key
from review.chain import Head
from tasks.occasion import Occasion
from tasks.office import Office
from tasks.secrets import secret
from tdkt_models.audit import AuditEntry, audit_head, keep_audit, recall_audit
from tdkt_models.base import Book
from tdkt_models.files import recall_channel_ids, recall_places
from tdkt_models.schema import HEAD
from tdkt_models.snapshot import lines_of, must_know_every_table, tables_to_copy

PASSWORD = "TDKT_BACKUP_PASSWORD"
BOOK, OFFICE = "book", "office"  # folders inside the file
# The book is copied row by row; Prefect keeps its own; backups do not hold each other.
LEFT_OUT = ("office.db", "office.db-wal", "office.db-shm", "prefect", "backup")
NOTED = "office.backed_up"
SECRET = (".key",)
UNFINISHED = (".part", ".parts", ".tmp")


@dataclass(frozen=True, slots=True)
class BackedUp:
    """`missing` are originals that the book names and the folder no longer has; `secrets` whether
    the office's key is inside."""

    path: Path
    rows: int
    files: int
    head: Head
    secrets: bool
    missing: tuple[str, ...] = ()


def back_up(occasion: Occasion, path: Path, who: str) -> BackedUp:
    """Raises BackupRefused (the file is there already, the disk is full) and BookError."""
    office, password = occasion.office, secret(PASSWORD)
    if (finished := _finished_before(occasion, path, who)) is not None:
        return finished
    anchors = office.folder / ANCHORS
    # Read before the book: no anchor in the file is then ahead of the chain in the file.
    anchored = anchors.read_bytes() if anchors.is_file() else b""
    with BackupWriter(path, password) as made, office.book() as book:
        with book.snapshot() as conn:
            head, rows = _copy_book(conn, made)
            places, known = recall_places(conn), recall_channel_ids(conn)
        taken = _taken(office, known)
        names = list(_copy_files(office.folder, made, taken, with_secrets=bool(password)))
        if anchored:
            made.add(f"{OFFICE}/{ANCHORS}", [anchored])
        missing = _missing(places, names)
        made.finish(
            {
                "office": office.settings.name,
                "program": version("tdkt"),
                "step": HEAD,
                "made_at": occasion.now.isoformat(),
                "rows": rows,
                "audit": {"n": head.n, "link": head.link},
                "secrets": bool(password),
            },
            office_key(office.folder),
        )
        _note(book, occasion, path, head, who)
    return BackedUp(path, sum(rows.values()), len(names), head, bool(password), missing)


def _missing(places: Collection[str], names: Collection[str]) -> tuple[str, ...]:
    return tuple(sorted(set(places) - {name.removeprefix("received/") for name in names}))


def _note(book: Book, occasion: Occasion, path: Path, head: Head, who: str) -> None:
    """In the audit, once."""
    detail = {"file": path.name, "sha256": _sha256(path), "n": head.n}
    with book.writing() as conn:
        if all(one.detail != detail for one in recall_audit(conn, what=NOTED)):
            keep_audit(conn, [AuditEntry(who, NOTED, "office", detail)], occasion.stamp)


def _finished_before(occasion: Occasion, path: Path, who: str) -> BackedUp | None:
    """What killed runs left in the folder of `path`: a half goes; a file that was whole already is
    noted in the audit. Returns the one at `path`, if it was whole."""
    found = None
    for half in left_behind(path.parent):
        whole = was_finished(half)
        if whole is not None:
            done = _of_a_killed_run(occasion, whole, who)
            found = done if whole == path else found
        half.unlink()
    return found


def _of_a_killed_run(occasion: Occasion, path: Path, who: str) -> BackedUp:
    with BackupReader(path, secret(PASSWORD)) as kept, occasion.office.book() as book:
        said, inside = kept.manifest, f"{OFFICE}/"
        head = Head(said["audit"]["n"], said["audit"]["link"])
        with book.reading() as conn:
            places = recall_places(conn)
        _note(book, occasion, path, head, who)
        names = [name.removeprefix(inside) for name in kept.members if name.startswith(inside)]
    names = [name for name in names if name != ANCHORS]
    rows = sum(said["rows"].values())
    return BackedUp(path, rows, len(names), head, said["secrets"], _missing(places, names))


def _copy_book(conn: Connection, made: BackupWriter) -> tuple[Head, dict[str, int]]:
    head = audit_head(conn)  # the first look: from here on the snapshot stands
    must_know_every_table(conn)
    rows = {
        table.name: made.add(f"{BOOK}/{table.name}.jsonl", lines_of(conn, table)) - 1
        for table in tables_to_copy()
    }
    return head, rows


def _taken(office: Office, known: Collection[str]) -> set[Path]:
    """The files of the inbox that were taken in: their originals are elsewhere, and in an office at
    another place they would seem to have come again."""
    folders = [Path(inbox) for inbox in office.inboxes if "://" not in inbox]
    there = {path for folder in folders if folder.is_dir() for path in folder.iterdir()}
    new = {
        arrival.path
        for folder in folders
        if folder.is_dir()
        for arrival in Folder(folder).arrivals(known)
    }
    return there - new


def _copy_files(
    folder: Path, made: BackupWriter, taken: Collection[Path], *, with_secrets: bool
) -> Iterator[str]:
    for path in sorted(_files_below(folder)):
        name = path.relative_to(folder).as_posix()
        if name == ANCHORS or path in taken or (path.suffix in SECRET and not with_secrets):
            continue
        try:
            made.add_file(f"{OFFICE}/{name}", path)
        except FileNotFoundError:
            continue  # a file of the inbox or of a rehearsal that has gone meanwhile
        yield name


def _files_below(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name in LEFT_OUT or path.is_symlink() or path.suffix in UNFINISHED:
            continue
        if path.is_dir():
            yield from _files_below(path)
        elif path.is_file():
            yield path


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()
