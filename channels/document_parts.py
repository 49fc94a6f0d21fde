"""What documents are put together from: paragraphs, tables, pictures, page numbers, in the type of
Decree 30/2020, and archives that bear no date.

    text(made, "Tổng số …");  grid(made, ("Cụm, khối", "Đạt"), rows);  picture(made, chart, "…")
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection, Sequence
from typing import Any

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

FONT = "Times New Roman"
CENTRE = WD_ALIGN_PARAGRAPH.CENTER
FIXED = (2026, 1, 1, 0, 0, 0)
FEW_ROWS = 8
BROAD = 163  # millimetres of an A4 page between its margins


def page_number(paragraph: Any) -> None:
    paragraph.alignment = CENTRE
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = paragraph.add_run()
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = text
        run._r.append(part)


def say(
    paragraph: Any,
    words: str,
    *,
    size: float = 13,
    bold: bool = False,
    italic: bool = False,
    align: Any = None,
) -> Any:
    run = paragraph.add_run(words)
    run.bold, run.italic, run.font.size, run.font.name = bold, italic, Pt(size), FONT
    paragraph.paragraph_format.space_after = Pt(3)
    if align is not None:
        paragraph.alignment = align
    return paragraph


def text(made: Any, words: str, *, keep: bool = False) -> None:
    """A paragraph of the text; with `keep` on one page with what comes next."""
    paragraph = say(made.add_paragraph(), words, align=WD_ALIGN_PARAGRAPH.JUSTIFY)
    paragraph.paragraph_format.first_line_indent = Mm(10)
    paragraph.paragraph_format.keep_with_next = keep


def title(made: Any, words: str) -> None:
    paragraph = say(made.add_paragraph(), words, bold=True)
    paragraph.paragraph_format.keep_with_next = True


def grid(
    made: Any,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[int] = (),
    words: Collection[int] = (0,),
) -> None:
    """A table whose head comes again on each page and whose rows stay whole; one of a few rows
    stands on one page. `widths` in millimetres; left out, the first column takes what the others
    leave. Columns of `words` are set to the left, figures in the middle."""
    table = made.add_table(rows=1, cols=len(heads), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    others = min(26, (BROAD - 45) // max(1, len(heads) - 1))
    wide = widths or (BROAD - others * (len(heads) - 1), *[others] * (len(heads) - 1))
    for cell, head in zip(table.rows[0].cells, heads, strict=True):
        say(cell.paragraphs[0], head, size=11, bold=True, align=CENTRE)
    repeat = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeat)
    for number, row in enumerate(rows, 1):
        line = table.add_row()
        line._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for at, (cell, said) in enumerate(zip(line.cells, row, strict=True)):
            said_in = say(cell.paragraphs[0], said, size=11, align=None if at in words else CENTRE)
            said_in.paragraph_format.keep_with_next = number < len(rows) <= FEW_ROWS
    for cell in table.rows[0].cells:
        cell.paragraphs[0].paragraph_format.keep_with_next = True
    set_widths(table, wide)
    made.add_paragraph().paragraph_format.space_after = Pt(0)


def set_widths(table: Any, widths: Sequence[float]) -> None:
    """In millimetres: of the columns for one reader of documents, of every cell for another."""
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for line in table.rows:
        for cell, width in zip(line.cells, widths, strict=True):
            cell.width = Mm(width)


def picture(made: Any, drawn: bytes, words: str, says: str) -> None:
    """A chart with its title below, kept together; `says` are its figures in words."""
    paragraph = made.add_paragraph()
    paragraph.alignment, paragraph.paragraph_format.keep_with_next = CENTRE, True
    shape = paragraph.add_run().add_picture(io.BytesIO(drawn), width=Mm(BROAD))
    about = shape._inline.docPr
    about.set("descr", f"{words}: {says}")
    about.set("name", words)
    say(made.add_paragraph(), f"Biểu đồ: {words}", size=11, italic=True, align=CENTRE)


def fixed(content: bytes) -> bytes:
    """The same archive with one date on every part: the library writes the moment of saving."""
    kept = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            part = zipfile.ZipInfo(name, FIXED)
            part.compress_type, part.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            new.writestr(part, old.read(name))
    return kept.getvalue()
