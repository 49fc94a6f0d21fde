"""Archive: the contents of a period long over, in one signed file that opens again.

put(occasion, who)               -> Put(path, files=61, rows={"submissions": 57, …}, freed=…)
open_again(occasion, who)        as it was, byte for byte; the file is set aside
destroy(occasion, who, decision) when the file's own term is over

Order: the file is written, opened and held against its signature; then the book lets go; then the
originals go from the folder. Stopped anywhere, the same command goes on where it was.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import orjson

from channels.backup_file import BackupReader, BackupWriter
from channels.errors import ChannelRefused
from channels.half_made import half_of
from channels.outbox_files import letters_on_disk, remove_letters
from channels.signing import known_keys, office_key
from review.keeping import archivable_after, kept_until
from review.period import Cadence, Period
from tasks.backup import PASSWORD
from tasks.occasion import Occasion
from tasks.office import Office
from tasks.secrets import secret
from tdkt_models.archived import (
    contents_of,
    is_away,
    message_ids_of,
    places_of,
    put_away,
    put_back,
)
from tdkt_models.audit import AuditEntry, keep_audit, recall_audit
from tdkt_models.cycles import CycleState, recall_cycle

FOLDER, RECEIVED, BOOK, OUTBOX = "archive", "received", "book", "outbox"
DESTROYED = "archive.destroyed"
FINISHED = (CycleState.APPROVED, CycleState.CLOSED)
KEPT_WHOLE = (Cadence.YEAR, Cadence.TERM)  # titles and terms are judged by them for decades


@dataclass(frozen=True, slots=True)
class Put:
    path: Path
    files: int
    rows: dict[str, int] = field(default_factory=dict)


def archive_file(office: Office, period: str) -> Path:
    return office.folder / FOLDER / f"{period}.tdkt"


def put(occasion: Occasion, who: str) -> Put:
    """Raises ChannelRefused where it is too early, or the period is not finished."""
    office, period = occasion.office, occasion.period_text
    path = archive_file(office, period)
    with office.book() as book:
        with book.snapshot() as conn:
            cycle = recall_cycle(conn, period)
            _may_go(occasion, cycle is not None and cycle.state in FINISHED)
            away = is_away(conn, period)
            places, ids = places_of(conn, period), message_ids_of(conn, period)
            contents = {} if away else contents_of(conn, period)
        sent = letters_on_disk(office.folder / OUTBOX, ids)
        if not away:
            # Of a run that was killed, or opened it again: the book may have gone on since.
            path.unlink(missing_ok=True)
            _write(office, path, period, contents, places, sent)
            _must_open(office, path, period)
            with book.writing() as conn:
                rows = put_away(conn, period, f"{FOLDER}/{path.name}")
                detail = {"file": path.name, "rows": rows, "files": len(places)}
                entry = AuditEntry(who, "period.archived", period, detail)
                keep_audit(conn, [entry], occasion.stamp)
    half_of(path).unlink(missing_ok=True)  # of a killed run
    for place in places:
        (office.folder / RECEIVED / place).unlink(missing_ok=True)
    remove_letters(office.folder / OUTBOX, ids)
    return Put(path, len(places) + len(sent), {name: len(one) for name, one in contents.items()})


def _may_go(occasion: Occasion, finished: bool) -> None:
    period, keeping = occasion.period, occasion.office.settings.keeping
    if period.cadence in KEPT_WHOLE:
        raise ChannelRefused(
            "Báo cáo năm và nhiệm kỳ không chuyển ra tệp lưu trữ: xét danh hiệu còn cần nhiều năm."
        )
    if not finished:
        raise ChannelRefused(f"Kỳ {period} chưa được phê duyệt; chưa chuyển ra tệp lưu trữ.")
    first = archivable_after(period.end, keeping.archive_months)
    if today_of(occasion) < first:
        raise ChannelRefused(
            f"Kỳ {period} còn để trong sổ đến {first:%d/%m/%Y} ([keeping] archive_months = "
            f"{keeping.archive_months})."
        )


def today_of(occasion: Occasion) -> date:
    return occasion.now.astimezone(occasion.office.settings.zone).date()


def _write(
    office: Office,
    path: Path,
    period: str,
    contents: dict[str, list[tuple[int, object]]],
    places: Collection[str],
    letters: Collection[Path],
) -> None:
    with BackupWriter(path, secret(PASSWORD)) as made:
        for name, rows in contents.items():
            made.add(f"{BOOK}/{name}.jsonl", (orjson.dumps(row) + b"\n" for row in rows))
        for place in places:
            source = office.folder / RECEIVED / place
            if source.is_file():
                made.add_file(f"{RECEIVED}/{place}", source)
        for letter in letters:
            made.add_file(letter.relative_to(office.folder).as_posix(), letter)
        made.finish({"archive": period, "office": office.settings.name}, office_key(office.folder))


def _must_open(office: Office, path: Path, period: str) -> None:
    """Every byte, as it was signed by this office."""
    with _opened(office, path, period) as kept:
        for name in kept.members:
            for _piece in kept.pieces(name):
                pass


def _opened(office: Office, path: Path, period: str) -> BackupReader:
    kept = BackupReader(path, secret(PASSWORD))
    if kept.manifest.get("archive") != period or kept.signer not in known_keys(office.folder):
        kept.close()
        raise ChannelRefused(f"{path} không phải tệp lưu trữ kỳ {period} do cơ quan này lập.")
    return kept


def open_again(occasion: Occasion, who: str) -> Put:
    """Everything back in its place. Raises ChannelRefused."""
    office, period = occasion.office, occasion.period_text
    path = archive_file(office, period)
    if not path.is_file():
        raise ChannelRefused(f"Không có tệp lưu trữ {path}; đã mở rồi hoặc chưa từng chuyển.")
    _must_open(office, path, period)
    with _opened(office, path, period) as kept:
        files = [name for name in kept.members if not name.startswith(f"{BOOK}/")]
        for name in files:
            if not (office.folder / name).exists():
                kept.extract(name, office.folder)
        _erased_stay_away(office, period, files)
        contents = {
            Path(name).stem: [tuple(orjson.loads(line)) for line in kept.lines(name)]
            for name in kept.members
            if name.startswith(f"{BOOK}/")
        }
        rows = {name: len(one) for name, one in contents.items()}
        with office.book() as book, book.writing() as conn:
            if is_away(conn, period):  # else a run that was killed had come so far
                put_back(conn, contents)
                entry = AuditEntry(who, "archive.opened", period, {"file": path.name, "rows": rows})
                keep_audit(conn, [entry], occasion.stamp)
    path.replace(path.with_suffix(f".opened-{occasion.now:%Y%m%d%H%M%S}"))
    return Put(path, len(files), rows)


def _erased_stay_away(office: Office, period: str, files: Collection[str]) -> None:
    """Letters of persons whose data was erased meanwhile do not come back."""
    with office.book() as book, book.reading() as conn:
        known = letters_on_disk(office.folder / OUTBOX, message_ids_of(conn, period))
    for name in files:
        path = office.folder / name
        if name.startswith(f"{OUTBOX}/") and path not in known:
            path.unlink()


def destroy(occasion: Occasion, who: str, decision: str) -> Path:
    """The file goes for good. Raises ChannelRefused before its term, or without a decision."""
    office, period = occasion.office, occasion.period_text
    path, years = archive_file(office, period), office.settings.keeping.archive_years
    if not decision.strip():
        raise ChannelRefused("Hủy tệp lưu trữ phải ghi văn bản cho hủy (--decision).")
    if not path.is_file():
        raise ChannelRefused(f"Không có tệp lưu trữ {path}.")
    end = kept_until(occasion.period.end, years)
    if today_of(occasion) <= end:
        raise ChannelRefused(
            f"Tệp lưu trữ kỳ {period} phải giữ đến {end:%d/%m/%Y} ([keeping] archive_years = "
            f"{years})."
        )
    with office.book() as book, book.writing() as conn:
        detail = {"file": path.name, "decision": decision.strip()}
        if not recall_audit(conn, subject=period, what=DESTROYED):
            keep_audit(conn, [AuditEntry(who, DESTROYED, period, detail)], occasion.stamp)
    others = (one for one in path.parent.glob(f"{period}.*") if one != path)
    for one in (*others, path):  # the file by which this command is known last
        one.unlink()
    return path


@dataclass(frozen=True, slots=True)
class Archived:
    """A file of the archive: its period, bytes, and until when it is kept."""

    period: str
    size: int
    until: date


def archives(office: Office) -> list[Archived]:
    years = office.settings.keeping.archive_years
    return [
        Archived(path.stem, path.stat().st_size, kept_until(Period.parse(path.stem).end, years))
        for path in sorted((office.folder / FOLDER).glob("*.tdkt"))
    ]
