"""LibreOffice as the second reader of our workbooks: opens, converts, saves again.

@needs_office_suite
def test_…(tmp_path):
    again = resaved(data, tmp_path)        the bytes of the .xlsx that LibreOffice saves
    text = flat(data, tmp_path)            the same workbook as one flat XML text (.fods)
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")


def needs_office_suite(test: Callable[..., Any]) -> Callable[..., Any]:
    """Marks a test `office_suite`; skipped, with the reason, where LibreOffice is not installed."""
    missing = pytest.mark.skipif(SOFFICE is None, reason="no LibreOffice (soffice) on this machine")
    marked: Callable[..., Any] = pytest.mark.office_suite(missing(test))
    return marked


def resaved(workbook: bytes, folder: Path) -> bytes:
    """The workbook opened and saved again as .xlsx."""
    return converted(workbook, folder, "xlsx").read_bytes()


def recalculated(workbooks: Sequence[bytes], folder: Path) -> list[bytes]:
    """Each workbook as saved again, all by one start of LibreOffice."""
    sources = [folder / f"book{at}.xlsx" for at in range(len(workbooks))]
    for source, data in zip(sources, workbooks, strict=True):
        source.write_bytes(data)
    _convert(sources, folder / "again", "xlsx")
    return [(folder / "again" / source.name).read_bytes() for source in sources]


def flat(workbook: bytes, folder: Path) -> str:
    return converted(workbook, folder, "fods").read_text("utf-8")


def converted(workbook: bytes, folder: Path, to: str) -> Path:
    """The workbook in another format ("xlsx", "ods", "fods", "pdf"), in a folder of its own."""
    source, out = folder / "source.xlsx", folder / f"out-{to}"
    source.write_bytes(workbook)
    _convert([source], out, to)
    return out / f"source.{to}"


def _convert(sources: Sequence[Path], out: Path, to: str) -> None:
    command = [str(SOFFICE), f"-env:UserInstallation=file://{_profile()}", "--headless"]
    command += ["--convert-to", to, "--outdir", str(out), *map(str, sources)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    for source in sources:
        made = out / f"{source.stem}.{to}"
        assert made.exists(), f"LibreOffice made nothing: {done.stdout} {done.stderr}"


@cache
def _profile() -> str:
    """A profile of this run's own: two LibreOffices cannot share one."""
    return tempfile.mkdtemp(prefix="office-suite-")
