"""One whole month, from files in the inbox to letters on disk, on both engines."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from email import policy
from email.parser import BytesParser
from pathlib import Path

import pytest

from channels.rendering import render
from flows.cycle import review_cycle
from review.post import LetterState
from review.scorecard import CardStatus
from review.standing import Standing
from tasks.occasion import Occasion
from tasks.office import Office
from tasks.take_stock import take_stock
from tdkt_models.digest import book_digest
from tdkt_models.files import recall_files
from tdkt_models.letter_ledger import ledger
from tdkt_models.scores import recall_cards
from tests.postgres import Postgres
from tests.province import HeldMonth, expected_verdicts, furnished, surroundings

pytestmark = pytest.mark.xdist_group("held-month")


def held(occasion):
    return review_cycle(occasion, send=True)


def digest_of(occasion) -> str:
    with occasion.office.book() as book, book.reading() as conn:
        return book_digest(conn, occasion.period_text)


def captured(occasion) -> list:
    parser = BytesParser(policy=policy.default)
    folder = occasion.office.folder / "outbox"
    return [parser.parsebytes(path.read_bytes()) for path in sorted(folder.glob("*.eml"))]


@pytest.fixture(params=["sqlite", "postgresql"])
def told(
    request: pytest.FixtureRequest, held_month: HeldMonth, tmp_path: Path
) -> Iterator[tuple[Occasion, Standing]]:
    """A month that was held, and where it stood then."""
    home = tmp_path / "office"
    if request.param == "sqlite":
        shutil.copytree(held_month.occasion.office.folder, home)
        with surroundings(TDKT_DATABASE_URL=f"sqlite:///{home / 'office.db'}"):
            yield replace(held_month.occasion, office=Office.at(home)), held_month.standing
        return
    server: Postgres = request.getfixturevalue("postgres")
    url = server.new_database()
    with surroundings(TDKT_DATABASE_URL=url):
        occasion, _ = furnished(home)
        yield occasion, held(occasion)
    server.drop(url)


def test_a_month_from_files_to_letters(told: tuple[Occasion, Standing]) -> None:
    occasion, standing = told
    assert standing.balanced, standing.faults
    shown = standing.as_json()
    assert shown["roll"] == 60
    assert shown["missing"] == 4 and shown["nil"] == 1
    assert shown["unclaimed"] == 1 and standing.needs_a_person
    assert shown["persons"]["on_roll"] == 140
    assert sum(shown["persons"]["grades"].values()) == shown["persons"]["scored"] > 90

    with occasion.office.book() as book, book.reading() as conn:
        verdicts = {file.name: file.verdict.value for file in recall_files(conn) if file.verdict}
        letters = ledger(conn, occasion.period_text)
        cards = recall_cards(conn, occasion.period_text)
    wanted = expected_verdicts()
    assert {name: verdicts[name] for name in wanted} == wanted
    assert all(one.state is LetterState.SENT for one in letters)
    assert all(card.total is None for card in cards if card.status is not CardStatus.OK)

    mails = captured(occasion)
    assert len(mails) == len(letters)
    assert len({mail["Message-ID"] for mail in mails}) == len(mails)

    before = digest_of(occasion)
    again = held(replace(occasion, run="again"))
    assert again.as_json() == shown
    assert digest_of(occasion) == before
    assert len(captured(occasion)) == len(mails), "a second run sends nothing"


def test_a_cadres_letter_names_no_other_cadre(held_month: HeldMonth) -> None:
    with held_month.reading() as conn:
        codes = {card.cadre for card in recall_cards(conn, "2026-10")}
        letters = ledger(conn, "2026-10")
    personal = [one.letter for one in letters if one.letter.kind == "cadre_result"]
    assert len(personal) > 90
    for letter in personal:
        rendered = render(letter)
        others = codes - {letter.person}
        assert not [c for c in others if c in rendered.text or c in rendered.html]


def test_where_it_stands_is_read_from_the_book_alone(held_month: HeldMonth) -> None:
    assert held_month.before.balanced and held_month.before.tally.roll == 0
    with surroundings(TDKT_DATABASE_URL=held_month.url):
        again = take_stock.fn(held_month.occasion)
    assert again.as_json() == held_month.standing.as_json()
