"""Where the book speaks of one person, what it can say of that, and how it forgets.

rows_about(conn, person)         {"cadres": ({"code": "03637-01", …},), "scorecards": …}
named_among_others(conn, person) {"submissions": 12}: rows of many, told apart only by reading them
forget(conn, person)             -> Forgotten(rows={"cadres": 1}, letters=("3f…:9a…",))

Every table of the book stands in one of the lists below; a test holds them to the tables there are.
What is the person's alone goes or loses its words. Where many stand in one document (a unit's
report, the office's letter) it stays as long as that document (tasks/archive.py). Figures stay
under the code, which without the roll leads to nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Table, cast, delete, func, select, update
from sqlalchemy.types import JSON, Text

from review.cadres import Cadre
from review.keeping import ERASED_NAME
from tdkt_models.letter_rows import named_letter
from tdkt_models.packed import Packed
from tdkt_models.tables import table_named

ABOUT = {  # by which column a row is one person's
    **{"cadres": "code", "postings": "code", "roster_changes": "cadre"},
    **{"scorecards": "cadre", "period_scores": "cadre", "results": "cadre"},
    **{"outside_results": "cadre", "appeals": "cadre", "quota_choices": "cadre"},
    **{"ratings": "cadre", "titles_given": "holder", "letters": "person", "papers": "scope"},
}
AUDITED = "audit"  # tdkt_models/personal_audit.py
SHARED = frozenset(  # documents and acts that may name a person among others
    {
        *("submissions", "received_files", "findings", "quieted_findings", "explanations", "mails"),
        *("programme_tasks", "plan_lines", "plan_changes", "plan_outcomes", "plan_measures"),
        *("quota_lists", "acts", "decisions", "extensions", "roll_entries", "unit_figures"),
        *("answers", "alarms", "letter_attempts", "units", "unit_contacts", "suppressed_addresses"),
    }
)
IN_OFFICE = frozenset(  # who holds or held an office here: kept as that act is
    {"approvers", "approver_codes", "askings", "armings", "plan_versions", "period_locks"}
)
OF_NOBODY = frozenset(
    {
        *("beats", "card_bases", "cycles", "held_periods", "mail_relays", "outages"),
        *("footings", "plan_tallies", "regulation_seals", "touched_periods"),
    }
)
_ROLL = {
    **{"name": ERASED_NAME, "birth": None, "post": "", "email": "", "ethnicity": ""},
    **{"education": "", "politics": "", "certificates": ""},
}
WORDS_GO: Mapping[str, Mapping[str, Any]] = {
    "cadres": _ROLL,
    "postings": _ROLL,
    "roster_changes": {"name": ERASED_NAME, "birth": None, "document": "", "note": ""},
    "outside_results": {"document": ""},
    "appeals": {"opened_by": ERASED_NAME, "grounds": "", "note": ""},
    "quota_choices": {"why": ""},
}
OF_OTHERS = {"ratings": ("rater", "file", "sealed")}  # what others said of the person, and who
ROWS_GO = ("letters", "papers")
UNSETTLED = ("queued", "claimed", "sending", "in_doubt")


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many rows of each table lost words or went, the letters and papers that went by the name
    they have in the audit and on the disk."""

    rows: Mapping[str, int] = field(default_factory=dict)
    letters: tuple[str, ...] = ()
    papers: tuple[str, ...] = ()


def rows_about(conn: Connection, code: str) -> dict[str, tuple[dict[str, Any], ...]]:
    """The rows that are this person's, as values; tables without one are left out."""
    found = {}
    for name, column in ABOUT.items():
        table = table_named(name)
        query = select(table).where(table.c[column] == code).order_by(*table.primary_key.columns)
        hidden = OF_OTHERS.get(name, ())
        rows = [
            {key: value for key, value in row.items() if key not in hidden}
            for row in conn.execute(query).mappings()
        ]
        if rows:
            found[name] = tuple(rows)
    return found


def named_among_others(conn: Connection, person: Cadre) -> dict[str, int]:
    """How many rows of each shared table say the person's code, name or address."""
    signs = (person.code, person.name, person.email)
    said = [text for text in signs if text and text != ERASED_NAME]
    found = {}
    for name in sorted(SHARED | {"letters", "papers"}):
        if count := _count(conn, table_named(name), said, person.code):
            found[name] = count
    return found


def _count(conn: Connection, table: Table, said: list[str], code: str) -> int:
    if any(isinstance(column.type, Packed) for column in table.columns):
        rows = conn.execute(select(table), execution_options={"yield_per": 500}).mappings()
        own = ABOUT.get(table.name)
        return sum(
            any(text in str(dict(row)) for text in said)
            for row in rows
            if own is None or row[own] != code
        )
    columns = [c for c in table.columns if isinstance(c.type, (Text, JSON))]
    wanted = [
        func.coalesce(cast(column, Text), "").contains(text, autoescape=True)
        for column in columns
        for text in said
    ]
    query = select(func.count()).select_from(table).where(_any(wanted))
    if own := ABOUT.get(table.name):
        query = query.where(table.c[own] != code)
    return int(conn.execute(query).scalar_one())


def _any(wanted: list[Any]) -> Any:
    first, *rest = wanted
    for one in rest:
        first = first | one
    return first


def lines_about(conn: Connection, code: str) -> Iterator[dict[str, Any]]:
    """The lines of the units' standing reports that bear the person's code."""
    table = table_named("submissions")
    query = select(table.c.period, table.c.unit, table.c.sheets).where(table.c.standing)
    query = query.order_by(table.c.period, table.c.unit)
    for period, unit, sheets in conn.execute(query, execution_options={"yield_per": 100}):
        for sheet, said in sheets.items():
            for row in said.get("rows", ()) if isinstance(said, dict) else ():
                if code in row:
                    where = {"period": period, "unit": unit, "sheet": sheet, "line": row[0]}
                    yield {**where, **dict(zip(said["columns"], row[1:], strict=False))}


def unsettled_letters(conn: Connection, code: str) -> int:
    """Letters to the person that are still on their way."""
    letters = table_named("letters")
    query = select(func.count()).where(letters.c.person == code, letters.c.state.in_(UNSETTLED))
    return int(conn.execute(query).scalar_one())


def own_letters(conn: Connection, code: str) -> tuple[str, ...]:
    """The Message-IDs of the letters to the person."""
    letters = table_named("letters")
    return tuple(conn.scalars(select(letters.c.message_id).where(letters.c.person == code)))


def own_papers(conn: Connection, code: str) -> tuple[str, ...]:
    """The hashes of the papers that are for the person's eyes."""
    papers = table_named("papers")
    return tuple(conn.scalars(select(papers.c.sha).where(papers.c.scope == code)))


def forget(conn: Connection, person: Cadre) -> Forgotten:
    """Takes the words from the person's rows, and away what is addressed to the person alone."""
    rows = {}
    for name, blank in WORDS_GO.items():
        table = table_named(name)
        mine = table.c[ABOUT[name]] == person.code
        if count := conn.execute(update(table).where(mine).values(**blank)).rowcount:
            rows[name] = count
    letters, papers = (table_named(name) for name in ROWS_GO)
    kept = conn.execute(
        select(letters.c.id, letters.c.message_id, letters.c.payload_sha)
        .where(letters.c.person == person.code)
        .order_by(letters.c.id)
    ).all()
    shas = own_papers(conn, person.code)
    attempts = table_named("letter_attempts")
    conn.execute(delete(attempts).where(attempts.c.letter.in_([row.id for row in kept])))
    for table, column in ((letters, "person"), (papers, "scope")):
        if count := conn.execute(delete(table).where(table.c[column] == person.code)).rowcount:
            rows[str(table.name)] = count
    if person.email:
        refused = table_named("suppressed_addresses")
        conn.execute(delete(refused).where(refused.c.address == person.email))
    named = tuple(named_letter(row.message_id, row.payload_sha) for row in kept)
    return Forgotten(rows, named, shas)
