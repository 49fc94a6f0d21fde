"""Files that go with letters: kept below the office's folder by their hash, read when posted.

file = enclose(office, "BIEU-MAU_03637.xlsx", data)      -> EnclosedFile, for a letter's payload
enclosures(office, letter)                               -> (Enclosed(name, content, kind),)
"""

from __future__ import annotations

import hashlib

from channels.errors import ChannelRefused
from channels.message_words import OFFICE_FILES, words_of_file
from channels.originals import Originals
from channels.rendering import Enclosed
from review.letters_mail import EnclosedFile, enclosed_with
from review.post import Letter
from review.scope import own_of
from tasks.office import Office

XLSX = OFFICE_FILES[0]
FOLDER = "enclosed"


def enclose(office: Office, name: str, data: bytes, *, own: str = "") -> EnclosedFile:
    """Keeps a workbook to be sent; `own` is the place of the reader's file it was made from."""
    kept = Originals(office.folder / FOLDER).keep_bytes(data, max(len(data), 1))
    return EnclosedFile(name, kept.sha256, kept.place, XLSX, own)


def enclosures(office: Office, letter: Letter) -> tuple[Enclosed, ...]:
    """Raises ChannelRefused where a file is gone or is not what it was."""
    return tuple(_opened(office, file) for file in enclosed_with(letter))


def own_words(office: Office, letter: Letter) -> frozenset[str]:
    """Words of the reader's own workbooks, which a marked copy of them shows again."""
    own = [file for file in enclosed_with(letter) if file.own]
    received = Originals(office.folder / "received")
    texts = [words_of_file(received.path(file.own).read_bytes(), file.kind) for file in own]
    return own_of((), texts)


def _opened(office: Office, file: EnclosedFile) -> Enclosed:
    try:
        content = Originals(office.folder / FOLDER).path(file.place).read_bytes()
    except OSError:
        content = b""
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise ChannelRefused(f"Tệp kèm theo {file.name} đã mất hoặc bị đổi; hãy viết lại thư này.")
    return Enclosed(file.name, content, file.kind)
