"""Prefect's own book with all its tables: a first server takes the steps (eight seconds), those
after it begin from a copy, whichever worker of the tests they run in.

begin_from(pattern, home)       before a server starts; where there is no pattern it takes the steps
keep_as(pattern, home)          when it answers, and little has been told to it

`home` is what the server gets as PREFECT_HOME; the pattern's path is a fixture of conftest.py.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

BOOK = "prefect.db"


def begin_from(pattern: Path, home: Path) -> None:
    home.mkdir(parents=True, exist_ok=True)
    if pattern.is_file():
        shutil.copy(pattern, home / BOOK)


def keep_as(pattern: Path, home: Path) -> None:
    book = home / BOOK
    if book.is_file() and not pattern.is_file():
        whole = pattern.with_suffix(f".{os.getpid()}")
        with closing(sqlite3.connect(book)) as own, closing(sqlite3.connect(whole)) as copy:
            own.backup(copy)
        whole.replace(pattern)
