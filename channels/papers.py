"""Papers from their payload: PDF by typst, workbook and document; the same payload, the same bytes.

    made = make_paper("report_pdf", payload)
    made.content, made.sha, made.made_with      -> b"%PDF…", "9f…", "typst 0.15.2; report.typ 3a…"

The words and layout stand in templates/documents/*.typ; fonts come from there too (Tinos: the
metrics of Times, all Vietnamese letters), never from the machine, so that the bytes do not depend
on it. Nothing in a paper says when it was made but its own date.
"""

from __future__ import annotations

import hashlib
import io
import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

TEMPLATES = Path(__file__).resolve().parent.parent / "templates" / "documents"
PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
_SETTING = threading.Lock()  # one compiler, kept warm, for all threads


@dataclass(frozen=True, slots=True)
class Made:
    """`media` is the media type, `made_with` what the bytes depend on besides the payload."""

    content: bytes
    media: str
    made_with: str

    @property
    def sha(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def make_paper(kind: str, payload: Mapping[str, Any]) -> Made:
    """A paper of a kind. Raises KeyError for a kind that there is not."""
    maker = MAKERS[kind]
    return Made(maker.make(payload), maker.media, made_with(kind))


def made_with(kind: str) -> str:
    """The library and the templates that a kind of paper is made with today."""
    maker = MAKERS[kind]
    shas = [f"{name} {_sha_of(name)}" for name in maker.sources]
    return "; ".join([f"{maker.library} {version(maker.library)}", *shas])


def locked(content: bytes, password: str) -> bytes:
    """A PDF that opens with a password only (AES-256); its bytes differ each time."""
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
    writer.encrypt(password, algorithm="AES-256")
    kept = io.BytesIO()
    writer.write(kept)
    return kept.getvalue()


def _typst(template: str) -> Callable[[Mapping[str, Any]], bytes]:
    def make(payload: Mapping[str, Any]) -> bytes:
        # Data goes in as JSON and is never pasted into source: what a unit typed is only text.
        said = json.dumps(payload, ensure_ascii=False, sort_keys=True)
        with _SETTING:
            pdf: bytes = _compiler().compile(
                input=str(TEMPLATES / template),
                format="pdf",
                sys_inputs={"d": said},
                timestamp=EPOCH,
            )
        return pdf

    return make


@cache
def _compiler() -> Any:
    import typst

    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(TEMPLATES / "fonts")],
    )
    return typst.Compiler(root=str(TEMPLATES), font_paths=fonts)


def _workbook(payload: Mapping[str, Any]) -> bytes:
    from channels.report_workbook import workbook

    return workbook(payload)


def _document(payload: Mapping[str, Any]) -> bytes:
    from channels.report_document import document

    return document(payload)


@cache
def _sha_of(name: str) -> str:
    folder = TEMPLATES if name.endswith(".typ") else Path(__file__).parent
    return hashlib.sha256((folder / name).read_bytes()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class _Maker:
    make: Callable[[Mapping[str, Any]], bytes]
    media: str
    ending: str
    library: str
    sources: tuple[str, ...]


MAKERS: dict[str, _Maker] = {
    "report_pdf": _Maker(_typst("report.typ"), PDF, "pdf", "typst", ("layout.typ", "report.typ")),
    "sheet_pdf": _Maker(_typst("sheet.typ"), PDF, "pdf", "typst", ("layout.typ", "sheet.typ")),
    "unit_sheet_pdf": _Maker(
        _typst("unit_sheet.typ"), PDF, "pdf", "typst", ("layout.typ", "unit_sheet.typ")
    ),
    "workbook": _Maker(_workbook, XLSX, "xlsx", "xlsxwriter", ("report_workbook.py",)),
    "report_docx": _Maker(_document, DOCX, "docx", "python-docx", ("report_document.py",)),
}
