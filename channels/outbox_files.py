"""The letters that lie in the capture folder, found and taken away by their Message-ID.

letters_on_disk(folder, {"<3f…@laichau.gov.vn>"})   -> [Path("outbox/0012-….eml")]
remove_letters(folder, ids)                        -> 1, with their pages; the lists are made anew
"""

from __future__ import annotations

from collections.abc import Collection
from email import policy
from email.parser import BytesHeaderParser
from pathlib import Path

from channels.capture_pages import PAGES, write_index


def letters_on_disk(folder: Path, message_ids: Collection[str]) -> list[Path]:
    """Those of the folder and of its rehearsal, by name."""
    wanted = set(message_ids)
    return [path for path in sorted(folder.rglob("*.eml")) if _id_of(path) in wanted]


def remove_letters(folder: Path, message_ids: Collection[str]) -> int:
    gone = letters_on_disk(folder, message_ids)
    for path in gone:
        pages = path.parent / PAGES
        for page in pages.glob(f"{path.stem}*") if pages.is_dir() else ():
            page.unlink()
        path.unlink()
    # Of every folder: a run that was killed may have left one that still names what is gone.
    for place in {path.parent for path in (*gone, *folder.rglob("index.html"))}:
        write_index(place)
    return len(gone)


def _id_of(path: Path) -> str:
    with path.open("rb") as file:
        return str(BytesHeaderParser(policy=policy.default).parse(file)["Message-ID"])
