"""What an office holds of one person, in one file that the person can open and take elsewhere.

    write_person_file(Path("03637-01.zip"), said, words, letters)

Inside: ban-ke.txt to read, du-lieu.json for another system, thu/ the letters as they were sent. The
file is its owner's alone, is never written over and appears whole or not at all.
"""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from channels.errors import ChannelRefused, why


def write_person_file(
    path: Path, said: Mapping[str, Any], words: str, letters: Sequence[Path]
) -> None:
    """Raises ChannelRefused where the file is there already or cannot be written."""
    half = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        number = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(number, "wb") as raw, zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as out:
            out.writestr("ban-ke.txt", words)
            data = json.dumps(said, ensure_ascii=False, indent=1, default=_written)
            out.writestr("du-lieu.json", data)
            for letter in letters:
                out.writestr(f"thu/{letter.name}", letter.read_bytes())
        os.link(half, path)
    except FileExistsError:
        raise ChannelRefused(f"{path} đã có; không ghi đè. Hãy chọn tên tệp khác.") from None
    except OSError as wrong:
        raise ChannelRefused(f"Không ghi được {path}: {why(wrong)}.") from wrong
    finally:
        half.unlink(missing_ok=True)


def _written(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
