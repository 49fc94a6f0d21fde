"""A command of an operator killed at a moment, and given again: the whole of it, nothing twice.

Before each commit, and before files are written, renamed, linked or removed (tests/killing.py).
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from email import message_from_bytes
from pathlib import Path

import pytest
from test_seals import LOW, UNIT, hand_in, without_marks

from channels.backup_file import BackupReader
from cli.review import occasion_for
from review.cadres import Role
from review.post import LetterState
from tasks.backup import back_up
from tasks.office import Office
from tasks.papers import make_papers
from tasks.slips import write_slips
from tasks.verify_audit import verify_audit
from tdkt_models.audit import recall_audit
from tdkt_models.cadres import keep_cadres, recall_cadres
from tdkt_models.letter_ledger import ledger
from tdkt_models.tables import all_tables
from tests.held_office import PERIOD, WHO, held_office
from tests.killing import Killer
from tests.postgres import Postgres
from tests.province import surroundings
from tests.small_office import Corner, small_office

TRIED = int(os.environ.get("SOAK_MOMENTS", 2))  # moments of a command; make soak tries them all
DECISION = "QĐ 12/QĐ-SNV"
OF_A_RUN = {  # columns that differ from one run to the next
    *("at", "run", "id", "message_id", "state", "attempts", "not_before", "expires_at", "sent_at"),
    *("lease_token", "lease_until", "smtp_code", "smtp_text", "reason", "letter", "doubt_token"),
    *("opened_at",),
}
OF_THE_MACHINE = {"office.db", "office.db-wal", "office.db-shm", "anchors.txt", "index.html"}


@dataclass(frozen=True)
class Case:
    """A command of an office that lies ready below `folder`, and what must hold when it is done."""

    words: tuple[str, ...]
    holds: Callable[[Path], None] = lambda _folder: None


def once_each(folder: Path) -> None:
    """Every letter is written once and lies in the outbox once. Of one whose sending was cut off
    nobody can tell: it is in doubt, and never sent again by itself."""
    office = Office(str(folder / "office"))
    with office.book() as book, book.reading() as conn:
        letters = {state: set[str]() for state in LetterState}
        for one in ledger(conn, PERIOD):
            letters[one.state].add(one.message_id)
    mails = [message_from_bytes(p.read_bytes()) for p in (office.folder / "outbox").glob("*.eml")]
    arrived = Counter(mail["Message-ID"] for mail in mails)
    sent, doubted = letters[LetterState.SENT], letters[LetterState.IN_DOUBT]
    assert len(doubted) <= 1 and sum(map(len, letters.values())) == len(sent | doubted)
    assert set(arrived.values()) <= {1} and sent <= set(arrived) <= sent | doubted


def whole_backup(folder: Path) -> None:
    with BackupReader(folder / "a.tdkt") as kept:
        for name in kept.members:
            assert sum(map(len, kept.pieces(name))) == kept.members[name]["size"]


HOME = ("--home", "{}/office")
CASES = {
    "backup": Case(("backup", "{}/a.tdkt", "--by", WHO, *HOME), whole_backup),
    "archive": Case(
        ("archive", "put", PERIOD, "--by", WHO, "--as-of", "2032-11-01T09:00", *HOME),
    ),
    "erase": Case(
        ("person", "erase", "{}", "--by", WHO, "--decision", DECISION, "--as-of",
         "2037-01-06T09:00", *HOME),
    ),
    "slips": Case(
        ("ratings", "slips", PERIOD, "--mail", "--unit", UNIT, "--send", *HOME), once_each
    ),
    "open": Case(
        ("ratings", "open", PERIOD, "{}", "--by", WHO, "--why", "Người chấm đi công tác", *HOME),
    ),
    "restore": Case(("restore", "{}/saved.tdkt", "--by", WHO, "--home", "{}/moi")),
}  # fmt: skip


@pytest.fixture(scope="module")
def patterns(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, str]]:
    """By case: the folder to copy, and the person it is about."""
    folder = tmp_path_factory.mktemp("held")
    with held_office(folder) as held:
        occasion = occasion_for(held.home, PERIOD, "2026-12-01T09:00")
        make_papers.fn(occasion, held.folder / "reports", sheets=True)
        with held.book() as book, book.writing() as conn:
            left = next(one for one in recall_cadres(conn, [UNIT]) if not one.leads)
            keep_cadres(conn, [left._replace(until=date(2026, 11, 30))], occasion.stamp)
        back_up(occasion, folder / "saved.tdkt", WHO)
    sealed = tmp_path_factory.mktemp("sealed")
    corner = small_office(sealed, (UNIT,))
    corner.sends(UNIT, corner.report(UNIT, without_marks), day=3)
    corner.takes_in()
    write_slips(corner.occasion, tmp_path_factory.mktemp("slips"))
    marked = one_marks(corner, tmp_path_factory.mktemp("printed"))
    found = dict.fromkeys(CASES, (folder, left.code))
    return found | {"open": (sealed, marked)}


def one_marks(corner: Corner, folder: Path) -> str:
    """A member of the staff hands in the slip on themselves."""
    write_slips(corner.occasion, folder)
    staff = next(c for c in corner.brief(UNIT).cadres if c.role is Role.STAFF)
    for path in sorted(folder.glob(f"{UNIT}_*_phieu-tu_cham-*.xlsx")):
        if staff.code.encode() in _shared_strings(path):
            hand_in(corner, path, LOW, 1, "_a")
            return staff.code
    raise AssertionError("no slip of theirs")


def _shared_strings(path: Path) -> bytes:
    import zipfile

    with zipfile.ZipFile(path) as book:
        return b"".join(book.read(name) for name in book.namelist() if name.endswith(".xml"))


@pytest.fixture(scope="module")
def killer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Killer]:
    with Killer(tmp_path_factory.mktemp("killed")) as ready:
        yield ready


@pytest.mark.parametrize("name", CASES)
def test_killed_and_given_again_it_is_whole(
    name: str, patterns: dict[str, tuple[Path, str]], killer: Killer
) -> None:
    tried(name, patterns, killer, lambda: "")


def test_a_restore_into_postgresql_that_was_killed(
    patterns: dict[str, tuple[Path, str]], killer: Killer, postgres: Postgres
) -> None:
    shutil.rmtree(killer.folder / "restore", ignore_errors=True)
    tried("restore", patterns, killer, postgres.new_database)


def tried(
    name: str, patterns: dict[str, tuple[Path, str]], killer: Killer, url: Callable[[], str]
) -> None:
    pattern, person = patterns[name]
    with fresh(pattern, killer.folder / name / "calm", url()) as calm:
        moments = killer.moments(*words_of(name, calm, person))
        wanted = standing(calm, name)
    for at in chosen(moments):
        with fresh(pattern, killer.folder / name / f"k{at}", url()) as here:
            words, when = words_of(name, here, person), (at, moments[at - 1])
            assert killer.run(*words, die_at=at) is None, when
            over = moments[at - 1] == "end"  # what is done already may be refused the second time
            assert killer.run(*words) in (0, 1, 2 if over else 1), (when, killer.said)
            assert told_apart(standing(here, name), wanted) == {}, when
            CASES[name].holds(here)


def words_of(name: str, folder: Path, person: str) -> list[str]:
    return [person if word == "{}" else word.format(folder) for word in CASES[name].words]


def chosen(moments: list[str]) -> list[int]:
    """So many, evenly, and always the last commit, what follows it, and the end."""
    last = max(n for n, what in enumerate(moments, 1) if what == "commit")
    step = max(1, -(-len(moments) // TRIED))
    return sorted({*range(1, len(moments) + 1, step), last, last + 1, len(moments)})


@contextmanager
def fresh(pattern: Path, folder: Path, url: str) -> Iterator[Path]:
    shutil.copytree(pattern, folder)
    with surroundings(TDKT_DATABASE_URL=url):
        yield folder
    shutil.rmtree(folder)


def told_apart(found: dict[str, object], wanted: dict[str, object]) -> dict[str, object]:
    return {key: (found.get(key), one) for key, one in wanted.items() if found.get(key) != one}


def standing(folder: Path, name: str) -> dict[str, object]:
    """What an office came to, without times and numbers that differ from run to run."""
    office = Office(str(folder / ("moi" if name == "restore" else "office")))
    with office.book() as book, book.reading() as conn:
        rows: dict[str, object] = {
            table.name: Counter(
                tuple(str(v) for k, v in row._mapping.items() if k not in OF_A_RUN)
                for row in conn.execute(table.select())
            )
            for table in all_tables()
            if table.name not in ("audit", "letter_attempts", "mail_relays", "touched_periods")
        }
        acts = Counter((one.who, one.what, one.subject) for one in recall_audit(conn))
    return rows | {
        "acts": {act: n for act, n in acts.items() if act[0] == WHO},  # others are of each run
        "files": sorted(_named(folder, with_letters=name != "slips")),  # those: once_each
        "faults": verify_audit(office).faults,
    }


def _named(folder: Path, with_letters: bool) -> Iterator[tuple[str, str]]:
    for path in folder.rglob("*"):
        name = path.relative_to(folder)
        if "outbox" in name.parts and not with_letters:
            continue
        if path.is_file() and path.name not in OF_THE_MACHINE:
            if "outbox" in name.parts or path.suffix in (".tdkt", ".key", ".pub"):
                yield str(name.parent / path.suffix), ""  # told apart by name and time only
            else:
                yield str(name), hashlib.sha256(path.read_bytes()).hexdigest()[:12]
