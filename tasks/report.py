"""Write the letters of a cycle into the ledger; nothing is posted here.

report.fn(occasion, ("03637",))       the letters of these units and of their cadres
report_to_office.fn(occasion)         the office's digest
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from prefect import task
from sqlalchemy import Connection

from channels.papers import make_paper
from review.evidence import whole_number
from review.footing import standing_on
from review.letterhead import copies
from review.letters import office_digest
from review.letters_plans import plans_block
from review.lineage import NOBODY
from review.period import Cadence
from review.plans import ChangeState, PlanKind
from review.post import Letter, LetterKind, LetterState
from tasks.call_roll import in_batches
from tasks.defence import cards_in_force
from tasks.desk_letters import letters_of
from tasks.footings import fallen
from tasks.judged import judged_findings
from tasks.occasion import Occasion
from tasks.papers import OFFICE, keep_manifest
from tasks.report_figures import report_payload
from tasks.writing_desk import Desk, desk_for
from tdkt_models.base import Book
from tdkt_models.counted import letters_by_kind
from tdkt_models.letter_rows import payload_sha
from tdkt_models.letters import (
    Said,
    There,
    any_letter,
    cancel_others,
    letters_there,
    write_letters,
)
from tdkt_models.plan_counts import count_proposed
from tdkt_models.plan_lines import recall_versions
from tdkt_models.plan_measures import recall_measures
from tdkt_models.programme import recall_dropped, recall_tasks
from tdkt_models.roll import recall_roll
from tdkt_models.scores import count_people
from tdkt_models.units import recall_units

KEPT = (LetterKind.OWING_DIGEST,)  # true whatever comes after
TOO_MANY = (
    "Bảng tổng hợp có {people} người, quá lớn để gửi kèm thư. Lập bảng bằng lệnh: "
    "tdkt report {period} --to THƯ-MỤC."
)
TO_UNITS = (LetterKind.UNIT_RESULT, LetterKind.UNIT_RETURNED)  # each unit has one, once reported to
# What the digest counts of the letters: those that only a run of the cycle writes.
TOLD_OF = (LetterKind.UNIT_RESULT, LetterKind.UNIT_RETURNED, LetterKind.CADRE_RESULT)


@task(name="Viết thư cho đơn vị và cán bộ")
def report(occasion: Occasion, units: Collection[str]) -> int:
    """Returns how many letters are new or newly revised."""
    with occasion.office.book() as book:
        with book.reading() as conn:
            desk = desk_for(conn, occasion, units)
            readers, period = _readers(desk), occasion.period_text
            again = any_letter(conn, period, units, TO_UNITS)
        letters = [Said.of(letter) for letter in letters_of(desk)]
        if not again:  # all of them will be written down: nobody else is to wait meanwhile
            letters = [letter.pressed() for letter in letters]
        with book.writing() as conn:
            said = {(one.letter.kind.value, one.letter.person) for one in letters}
            said |= {(kind.value, person) for kind in KEPT for person in readers}
            said |= {(LetterKind.UNIT_TRIAL.value, unit) for unit in desk.trials}
            there = letters_there(conn, period, readers)
            cancel_others(conn, there, said, occasion.stamp)
            return keep_letters(conn, occasion, letters, there)


def _readers(desk: Desk) -> set[str]:
    """Everyone a letter about these units could go to."""
    cadres = {cadre.code for those in desk.cadres.values() for cadre in those}
    return {entry.unit for entry in desk.entries} | cadres


@task(name="Viết thư tổng hợp cho cơ quan")
def report_to_office(occasion: Occasion) -> int:
    """Units and roll are read whole, a line a unit; their persons, findings and tasks a batch of
    units at a time, also of units that have left the roll."""
    settings, period = occasion.office.settings, occasion.period_text
    with occasion.office.book() as book:
        enclosed, plans = _enclosed(book, occasion), _plans(book, occasion)
        with book.reading() as conn:
            entries = recall_roll(conn, period)
            known = recall_units(conn)
            batches = in_batches(list(known), settings.work.batch)
            # Who was rolled up in one unit and scored in another is one person: told apart whole.
            of_cards = batches if occasion.period.cadence is Cadence.MONTH else [None]
            coming = str(occasion.period.next())
            letter = office_digest(
                settings,
                period,
                units=[known[code] for code in sorted({entry.unit for entry in entries})],
                entries=entries,
                cards=(card for some in of_cards for card in cards_in_force(conn, occasion, some)),
                findings=(
                    (unit, finding)
                    for some in batches
                    for unit, found in judged_findings(conn, occasion, some).items()
                    for finding in found
                ),
                closed=(task for some in batches for task in recall_tasks(conn, period, some)),
                following=(task for some in batches for task in recall_tasks(conn, coming, some)),
                today=occasion.today,
                approve_by=occasion.deadlines.locks,
                enclosed=enclosed,
                plans=plans,
                letters=_written(conn, period),
                noted=_noted(conn, occasion),
            )
        with book.writing() as conn:
            return keep_letters(conn, occasion, copies(letter, settings.digest_to))


def _noted(conn: Connection, occasion: Occasion) -> list[str]:
    """Longer periods that do not follow a change of this one by themselves: those that do are told
    by their own letters, made anew right after this review."""
    late = standing_on(fallen(conn, occasion), occasion.period)
    people, period = _too_many(conn, occasion), occasion.period_text
    workbook = [TOO_MANY.format(people=whole_number(people), period=period)] if people else []
    return [
        *workbook,
        *_ended_with(conn, occasion),
        *(one.says for one in late if not one.by_itself),
    ]


def _ended_with(conn: Connection, occasion: Occasion) -> Iterator[str]:
    """Whose duties ended with them, in the period or as the next began."""
    names = recall_units(conn)
    for period in (occasion.period, occasion.period.next()):
        closed = Counter(task.unit for task in recall_dropped(conn, str(period), NOBODY))
        for unit, many in sorted(closed.items()):
            yield (
                f"{names[unit].name} giải thể, không có đơn vị kế thừa: {many} việc dở dang đóng "
                f"lại từ {period.label} (xem: tdkt lineage {unit}). Nếu có nơi tiếp nhận, ghi mã "
                "đơn vị kế thừa vào danh bạ rồi chạy lại đánh giá."
            )
        for kind in PlanKind:
            for version in recall_versions(conn, kind, str(period)):
                if version.note.startswith(NOBODY):
                    yield f"{kind.label} {period.label}: {version.note}."


def _written(conn: Connection, period: str) -> list[tuple[str, int]]:
    """How many letters of the cycle there are of each kind, for units and cadres."""
    found: Counter[LetterKind] = Counter()
    for (kind, state), number in letters_by_kind(conn, period).items():
        if kind in TOLD_OF and state is not LetterState.CANCELLED:
            found[kind] += number
    return [(kind.label, found[kind]) for kind in TOLD_OF if found[kind]]


def _plans(book: Book, occasion: Occasion) -> list[dict[str, Any]]:
    """The figures of the period, and how many proposals wait for a person, by plan."""
    with book.reading() as conn:
        waiting: Counter[PlanKind] = Counter()
        for some in count_proposed(conn, occasion.period_text):
            waiting[some.kind] += some.lines * (some.state is ChangeState.PROPOSED)
        return plans_block(recall_measures(conn, occasion.period_text), waiting)


def _enclosed(book: Book, occasion: Occasion) -> list[dict[str, str]]:
    """The workbook that goes with the digest, its manifest kept."""
    if not occasion.office.settings.mail.digest_workbook:
        return []
    with book.reading() as conn:
        if _too_many(conn, occasion):
            return []
        payload = report_payload(conn, occasion)
    made = make_paper("workbook", payload)
    with book.writing() as conn:
        keep_manifest(conn, occasion, "workbook", OFFICE, payload, made)
    name = f"Bang-tong-hop-{occasion.period_text.replace('..', '-')}.xlsx"
    title = f"Bảng tổng hợp {occasion.period.label}"
    return [{"kind": "workbook", "sha": payload_sha(payload), "name": name, "title": title}]


def _too_many(conn: Connection, occasion: Occasion) -> int:
    """How many people the period has, where their workbook is too large to go with a letter; else
    0."""
    mail = occasion.office.settings.mail
    people = count_people(conn, occasion.period_text) if mail.digest_workbook else 0
    return people if people > mail.digest_people else 0


def keep_letters(
    conn: Connection,
    occasion: Occasion,
    letters: Sequence[Letter | Said],
    there: There | None = None,
) -> int:
    settings = occasion.office.settings
    domain = settings.email.rpartition("@")[2] or "tdkt.localhost"
    written = write_letters(
        conn,
        letters,
        occasion.stamp,
        domain=domain,
        expires_at=datetime.now(UTC) + timedelta(hours=settings.mail.expires_hours),
        there=there,
    )
    return written.new
