"""Random offices hold a month, and nothing of one unit or person is found in what another gets.

Every text that a unit types and every name bears a token of its owner; then all that leaves
(letters and what they enclose), all papers, all marked workbooks and the desk's boards are read.

    ISOLATION=200 pytest tests/test_isolation.py      (make soak)
"""

from __future__ import annotations

import io
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy
from pathlib import Path
from random import Random

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from channels.blank import blank_workbook
from channels.board_markdown import markdown
from channels.filling import answers, fill
from channels.message_words import words_of
from flows.cycle import review_cycle
from review.cadres import Cadre
from review.desk_boards import boards
from review.post import reader_of
from review.roster import Roster
from sample import sample_roster
from sample.entries import Entries, good_entries
from tasks.corrections import write_answers
from tasks.desk_figures import desk_figures
from tasks.papers import make_papers
from tasks.roster import keep_roster
from tdkt_models.letter_ledger import ledger
from tests.small_office import Corner, small_office

OFFICES = int(os.environ.get("ISOLATION", "3"))
CODES = ("SYT", "SNV", "STC", "03637", "03549")
FAULTS = ("none", "none", "letters for a number", "no end of a task", "missing", "nil", "late")
TYPED = ("content", "product", "note", "proof", "remark", "evidence", "fault_excused")
TOKEN = re.compile(r"zq\d+qz")


@dataclass
class Owners:
    """Which token is whose: a unit's or a person's."""

    of: dict[str, str] = field(default_factory=dict)

    def new(self, owner: str) -> str:
        token = f"zq{len(self.of) + 100}qz"
        self.of[token] = owner
        return token

    def found_in(self, text: str) -> dict[str, str]:
        """By owner, a token of theirs that stands in a text."""
        return {
            self.of[token]: token for token in TOKEN.findall(text.casefold()) if token in self.of
        }


@dataclass(frozen=True)
class Plan:
    """A random office: its units with so many people and what is wrong with their reports."""

    units: tuple[tuple[str, int, str], ...]
    homonyms: bool
    content: str
    seed: int


offices = st.builds(
    Plan,
    st.lists(
        st.tuples(st.sampled_from(CODES), st.integers(2, 4), st.sampled_from(FAULTS)),
        min_size=2,
        max_size=4,
        unique_by=lambda unit: unit[0],
    ).map(tuple),
    st.booleans(),
    st.sampled_from(("scores", "summary")),
    st.integers(0, 10_000),
)


@settings(max_examples=OFFICES, deadline=None, derandomize=True, phases=[Phase.generate])
@given(offices)
def test_nothing_of_one_is_found_in_what_another_gets(plan: Plan) -> None:
    with tempfile.TemporaryDirectory(prefix="guard-iso-") as folder:
        owners = Owners()
        corner = held(Path(folder), plan, owners)
        seen: set[str] = set()
        for where, reader, text in everything(corner, Path(folder) / "out"):
            theirs = owners.found_in(text)
            seen |= {Path(where).suffix} if theirs else set()
            allowed = may_read(reader, owners, corner)
            crossed = {owner: t for owner, t in theirs.items() if owner not in allowed}
            assert not crossed, (where, reader, crossed, plan)
        assert {".eml", ".pdf"} <= seen, "the tokens are to be seen where they belong"


def may_read(reader: str, owners: Owners, corner: Corner) -> set[str]:
    if reader == "nobody":
        return set()
    if reader == "office":
        return set(owners.of.values())
    everybody = people_of(corner)
    people = {cadre.code for cadre in everybody if cadre.unit == reader}
    own = {cadre.unit for cadre in everybody if cadre.code == reader}  # its name, on its sheet
    return {reader, *people, *own}


def people_of(corner: Corner) -> list[Cadre]:
    from tdkt_models.cadres import recall_cadres

    with corner.occasion.office.book() as book, book.reading() as conn:
        return recall_cadres(conn)


def held(folder: Path, plan: Plan, owners: Owners) -> Corner:
    rng = Random(plan.seed)
    corner = small_office(folder, [code for code, _, _ in plan.units])
    home = corner.occasion.office.folder
    toml = (home / "office.toml").read_text()
    (home / "office.toml").write_text(
        toml.replace('cadre_result = "scores"', f'cadre_result = "{plan.content}"')
    )
    with corner.occasion.office.book() as book, book.writing() as conn:
        keep_roster(conn, roster_of(plan, owners, rng), corner.occasion.stamp)
    for code, _, fault in plan.units:
        if fault != "missing":
            corner.sends(
                code, report(corner, code, fault, owners, rng), day=9 if fault == "late" else 3
            )
    review_cycle(corner.occasion, send=True)
    return corner


def roster_of(plan: Plan, owners: Owners, rng: Random) -> Roster:
    whole, units, cadres = sample_roster(), [], []
    born = None
    for code, count, _ in plan.units:
        unit = next(one for one in whole.units if one.code == code)
        units.append(replace(unit, name=f"{unit.name} {owners.new(code)}"))
        there = sorted((c for c in whole.cadres if c.unit == code), key=lambda c: not c.leads)
        for at, cadre in enumerate(there):
            if at >= count:
                cadres.append(cadre._replace(until=corner_start))
                continue
            name = f"Lò Thị {owners.new(cadre.code)}"
            born = born or cadre.birth
            same = plan.homonyms and at == 0  # one namesake in each unit, born on one day
            cadres.append(
                cadre._replace(
                    name="Giàng A Chu" if same else name, birth=born if same else cadre.birth
                )
            )
    del rng
    return Roster(tuple(units), tuple(cadres))


corner_start = sample_roster().units[0].since


def report(corner: Corner, code: str, fault: str, owners: Owners, rng: Random) -> bytes:
    brief = corner.brief(code)
    entries: Entries = good_entries(brief, Random(rng.random()))
    for rows in entries.values():
        for row in rows if isinstance(rows, list) else [rows]:
            owner = str(row.get("cadre") or row.get("owner") or code)
            for name in TYPED:
                if isinstance(row.get(name), str):
                    row[name] = f"{row[name]} {owners.new(owner)}"
    if fault == "letters for a number":
        entries["work"][0].update(assigned="ba", done=1)
    elif fault == "no end of a task" and entries["programme"]:
        entries["programme"][0].update(status="xong", finished=None)
    elif fault == "nil":
        entries = {"cover": {**entries["cover"], "nil": "co", "nil_reason": "Nghỉ phép"}}
    form = corner.occasion.regulation.forms["month"]
    return fill(blank_workbook(form, brief), answers(form, brief, entries))


def everything(corner: Corner, out: Path) -> Iterator[tuple[str, str, str]]:
    """What it is, who reads it, its words."""
    office, period = corner.occasion.office, corner.occasion.period_text
    with office.book() as book, book.reading() as conn:
        readers = {one.message_id: reader_of(one.letter.person) for one in ledger(conn, period)}
    for path in (office.folder / "outbox").glob("*.eml"):
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        reader = readers[message["Message-ID"]]
        words = words_of(message)
        yield path.name, "office" if reader.startswith(("office", "leader")) else reader, words
    for kept in make_papers.fn(corner.occasion, out / "papers", sheets=True):
        code = kept.path.stem.removeprefix("phieu-").removesuffix(f"-{period}")
        if kept.path.name.startswith("phieu-"):
            yield kept.path.name, code, pdf_words(kept.path)
    for path in write_answers.fn(corner.occasion, out / "answers", None):
        yield path.name, path.name.split("_")[0], book_words(path)
    for board in boards(desk_figures.fn(corner.occasion)):
        said = re.sub(
            r"\| [^|\n]*zq\d+qz[^|\n]*", "", markdown(board)
        )  # units are named to the desk
        yield board.key, "nobody", said


def pdf_words(path: Path) -> str:
    from pypdf import PdfReader

    return "\n".join(page.extract_text() for page in PdfReader(path).pages)


def book_words(path: Path) -> str:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))
    return "\n".join(
        f"{cell.value} {cell.comment.text if cell.comment else ''}"
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None or cell.comment
    )
