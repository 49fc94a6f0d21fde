"""The papers of a period: gathered from the book, made, and kept by their manifest.

    papers = make_papers.fn(occasion, folder)      -> paths of report and workbook
    again(occasion, 12)                            -> the bytes of a past paper, as they were

A figure that does not add up makes no paper: `PapersRefused` names it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from prefect import task
from sqlalchemy import Connection

from channels.half_made import making_in
from channels.originals import Originals
from channels.papers import (
    MAKERS,
    Made,
    made_by,
    made_with,
    make_paper,
    sources_of,
)
from review.report_balance import OTHER_PEOPLE, imbalances
from review.report_rows import Lines
from tasks.occasion import Occasion
from tasks.office import Office
from tasks.paper_head import PapersRefused
from tasks.report_figures import Gathered, gather
from tasks.result_sheets import sheet_payloads
from tdkt_models.archived import must_be_here
from tdkt_models.base import Book
from tdkt_models.papers import Paper, keep_paper, recall_paper

__all__ = ["PapersRefused", "again", "keep_manifest", "make_papers"]

OFFICE, PERSON = "office", "person"
FOLDER = "papers"  # of the bytes that only the code of their day could make again
LINES_ELSEWHERE = "lines_elsewhere"  # of a payload: the lines are in the workbook of this hash
UNBALANCED = "Số liệu không khớp, chưa lập báo cáo."


@dataclass(frozen=True, slots=True)
class Kept:
    """A paper on disk and the number of its manifest."""

    path: Path
    number: int


@task(name="Lập báo cáo")
def make_papers(
    occasion: Occasion, folder: Path, sheets: bool = False, number: str = ""
) -> list[Kept]:
    """The report as PDF and document and the workbook, and the personal sheets if asked for, into
    a folder. `number` is the document's, as registered. Raises PapersRefused."""
    folder.mkdir(parents=True, exist_ok=True)
    period = occasion.period_text.replace("..", "-")
    with occasion.office.book() as book:
        with book.snapshot() as conn:
            figures, workbook = _told(conn, occasion, number)
            own = sheet_payloads(conn, occasion) if sheets else {}
        kept = [_keep(book, occasion, folder / f"bang-tong-hop-{period}", "workbook", *workbook)]
        del workbook  # a country's is 30 MB, and the others are still to be made
        for name, kind, scope, payload in _others(period, figures, own):
            made = make_paper(kind, payload)
            kept.append(_keep(book, occasion, folder / name, kind, payload, made, scope))
    return kept


def _told(
    conn: Connection, occasion: Occasion, number: str
) -> tuple[Mapping[str, Any], tuple[Mapping[str, Any], Made]]:
    """The figures and the workbook; all else that was gathered may go."""
    gathered = gather(conn, occasion, number, traced=True)
    _must_balance(gathered.figures)
    return gathered.figures, _workbook(occasion, gathered)


def _others(
    period: str, figures: Mapping[str, Any], own: Mapping[str, Mapping[str, Any]]
) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    """Each paper's name, kind, whose eyes it is for, what it is made of."""
    yield f"bao-cao-{period}", "report_pdf", OFFICE, figures
    yield f"bao-cao-{period}", "report_docx", OFFICE, figures
    for code, page in own.items():
        yield f"phieu-{code}-{period}", str(page["paper"]), code, page


def _keep(
    book: Book,
    occasion: Occasion,
    place: Path,
    kind: str,
    payload: Mapping[str, Any],
    made: Made,
    scope: str = OFFICE,
) -> Kept:
    path = place.with_name(f"{place.name}.{MAKERS[kind].ending}")
    path.write_bytes(made.content)
    with book.writing() as conn:
        return Kept(path, keep_manifest(conn, occasion, kind, scope, payload, made))


def _workbook(occasion: Occasion, gathered: Gathered) -> tuple[Mapping[str, Any], Made]:
    """The workbook and what its manifest says it is made of. One too large to go with a letter is
    written line by line as they come from the book, and its manifest has the figures alone: it is
    kept itself and not made again."""
    if gathered.people <= occasion.office.settings.mail.digest_people:
        whole = gathered.whole()
        _must_balance(whole)
        return whole, make_paper("workbook", whole)
    lines = {**gathered.lines, "cards": _everyone(gathered)}
    with making_in(occasion.office.folder / FOLDER) as folder:
        made = make_paper("workbook", {**gathered.figures, **lines}, folder)
    return {**gathered.figures, LINES_ELSEWHERE: made.sha}, made


def _everyone(gathered: Gathered) -> Lines[Mapping[str, Any]]:
    """The lines of the people; raises PapersRefused where the figures say another number."""

    def cards() -> Iterator[Mapping[str, Any]]:
        lines = 0
        for card in gathered.lines["cards"]:
            lines += 1
            yield card
        if lines != gathered.people:
            raise PapersRefused(f"{UNBALANCED} {OTHER_PEOPLE}")

    return Lines(cards)


def _must_balance(report: Mapping[str, Any]) -> None:
    if wrong := imbalances(report):
        raise PapersRefused(" ".join((UNBALANCED, *wrong)))


def keep_manifest(
    conn: Connection,
    occasion: Occasion,
    kind: str,
    scope: str,
    payload: Mapping[str, Any],
    made: Made,
) -> int:
    """Writes down what the paper was made of, and keeps what making it again needs besides."""
    kept = Originals(occasion.office.folder / FOLDER)
    for source in made.sources or (made.content,):
        kept.keep_bytes(source, max(len(source), 1))
    paper = Paper(
        occasion.period_text, kind, scope, payload, made.made_with, made.sha, len(made.content)
    )
    return keep_paper(conn, paper, occasion.stamp)


def again(occasion: Occasion, number: int) -> tuple[Paper, bytes]:
    """A past paper made again from its manifest, byte for byte: by the templates of that day, and
    where those are part of the program, which has changed since, the copy that was kept, proved by
    its hash. Raises PapersRefused where neither comes to the bytes that were sent."""
    with occasion.office.book() as book, book.reading() as conn:
        paper = recall_paper(conn, number)
    if paper is None:
        raise PapersRefused(f"Không có giấy tờ số {number} trong sổ.")
    must_be_here(paper.payload, f"Giấy tờ số {number}", paper.period)
    for content in _ways(occasion.office, paper):
        if sha256(content).hexdigest() == paper.sha:
            return paper, content
    raise PapersRefused(
        f"Giấy tờ số {number} không lập lại đúng từng byte được: hồi đó dùng "
        f"{paper.made_with}; bây giờ là {made_with(paper.kind)}, và bản lưu đã mất."
    )


def _ways(office: Office, paper: Paper) -> Iterator[bytes]:
    kept = Originals(office.folder / FOLDER)
    if LINES_ELSEWHERE not in paper.payload:
        yield make_paper(paper.kind, paper.payload).content
    if copy := kept.find(paper.sha):
        yield copy
    sources = [kept.find(sha) for sha in sources_of(paper.made_with)]
    if sources and all(sources):
        yield made_by(paper.kind, paper.payload, [source for source in sources if source])
