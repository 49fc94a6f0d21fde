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
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
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
    """`media` is the media type, `made_with` what the bytes depend on besides the payload;
    `sources` the templates, where it was made of nothing else."""

    content: bytes
    media: str
    made_with: str
    sources: tuple[bytes, ...] = ()

    @property
    def sha(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def make_paper(kind: str, payload: Mapping[str, Any], folder: Path | None = None) -> Made:
    """A paper of a kind. With a `folder` a workbook's lines go there as they come, and are never
    all in memory. Raises KeyError for a kind that there is not."""
    maker = MAKERS[kind]
    content = maker.make(payload) if folder is None else _workbook(payload, folder)
    return Made(content, maker.media, made_with(kind), kept_sources(kind))


def made_with(kind: str) -> str:
    """The library and the templates that a kind of paper is made with today."""
    maker = MAKERS[kind]
    shas = [f"{name} {_sha_of(name)}" for name in maker.sources]
    libraries = [f"{library} {version(library)}" for library in maker.libraries]
    return "; ".join([*libraries, *shas])


def kept_sources(kind: str) -> tuple[bytes, ...]:
    """The templates of a paper that is made of nothing but them and its payload; () for one that
    needs code of this program too."""
    maker = MAKERS[kind]
    if not all(name.endswith(".typ") for name in maker.sources):
        return ()
    return tuple((TEMPLATES / name).read_bytes() for name in maker.sources)


def sources_of(made_with: str) -> list[str]:
    """The (beginnings of the) hashes of the templates that a paper was made with."""
    parts = [part.split(" ") for part in made_with.split("; ")]
    return [part[1] for part in parts if part[0].endswith(".typ")]


def made_by(kind: str, payload: Mapping[str, Any], sources: Sequence[bytes]) -> bytes:
    """A paper made again by the templates of its day, in the order of `kept_sources`."""
    names = MAKERS[kind].sources
    with tempfile.TemporaryDirectory() as folder:
        for name, source in zip(names, sources, strict=True):
            (Path(folder) / name).write_bytes(source)
        return _set(_compiler_in(folder), Path(folder) / names[-1], payload)


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
        return _set(_compiler(), TEMPLATES / template, payload)

    return make


def _set(compiler: Any, source: Path, payload: Mapping[str, Any]) -> bytes:
    # Data goes in as JSON and is never pasted into source: what a unit typed is only text.
    said = json.dumps(payload, ensure_ascii=False, sort_keys=True)
    with _SETTING:
        pdf: bytes = compiler.compile(
            input=str(source), format="pdf", sys_inputs={"d": said}, timestamp=EPOCH
        )
    return pdf


@cache
def _compiler() -> Any:
    return _compiler_in(str(TEMPLATES))


def _compiler_in(root: str) -> Any:
    import typst

    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(TEMPLATES / "fonts")],
    )
    return typst.Compiler(root=root, font_paths=fonts)


def _report(payload: Mapping[str, Any]) -> bytes:
    from channels.paper_charts import charts_of

    charts = charts_of(payload, "svg")
    drawn = {name: chart.drawn.decode() for name, chart in charts.items()}
    says = {name: chart.says for name, chart in charts.items()}
    return _set(_compiler(), TEMPLATES / "report.typ", {**payload, "drawn": drawn, "says": says})


def _workbook(payload: Mapping[str, Any], folder: Path | None = None) -> bytes:
    from channels.report_workbook import workbook

    return workbook(payload, folder)


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
    libraries: tuple[str, ...]
    sources: tuple[str, ...]


def _sheet(template: str) -> _Maker:
    return _Maker(_typst(template), PDF, "pdf", ("typst",), ("layout.typ", template))


CHARTS = ("paper_charts.py", "paper_chart_kinds.py")
MAKERS: dict[str, _Maker] = {
    "report_pdf": _Maker(
        _report, PDF, "pdf", ("typst", "matplotlib"), ("layout.typ", "report.typ", *CHARTS)
    ),
    "sheet_pdf": _sheet("sheet.typ"),
    "sheet02_pdf": _sheet("sheet02.typ"),
    "unit_sheet_pdf": _sheet("unit_sheet.typ"),
    "workbook": _Maker(
        _workbook,
        XLSX,
        "xlsx",
        ("xlsxwriter",),
        ("report_workbook.py", "workbook_pages.py", "workbook_summary.py", "workbook_charts.py"),
    ),
    "report_docx": _Maker(
        _document,
        DOCX,
        "docx",
        ("python-docx", "matplotlib"),
        ("report_document.py", "document_parts.py", *CHARTS),
    ),
    "card_pdf": _Maker(_typst("card.typ"), PDF, "pdf", ("typst",), ("card.typ",)),
}
