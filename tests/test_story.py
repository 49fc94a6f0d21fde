"""One whole month, from files in the inbox to letters on disk, on both engines."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from email import policy
from email.parser import BytesParser
from pathlib import Path

import pytest

from flows.cycle import review_cycle
from review.post import LetterState
from review.scorecard import CardStatus
from tasks.take_stock import take_stock
from tdkt_models.digest import book_digest
from tdkt_models.files import recall_files
from tdkt_models.letters import ledger
from tdkt_models.scores import recall_cards
from tests.province import expected_verdicts, furnished, surroundings


def held(occasion):
    return review_cycle(occasion, send=True)


def digest_of(occasion) -> str:
    with occasion.office.book() as book, book.reading() as conn:
        return book_digest(conn, occasion.period_text)


def captured(occasion) -> list:
    parser = BytesParser(policy=policy.default)
    folder = occasion.office.folder / "outbox"
    return [parser.parsebytes(path.read_bytes()) for path in sorted(folder.glob("*.eml"))]


def test_a_month_from_files_to_letters(tmp_path: Path, fresh_url: Callable[[], str]) -> None:
    with surroundings(TDKT_DATABASE_URL=fresh_url()):
        occasion, _ = furnished(tmp_path / "office")
        standing = held(occasion)

        assert standing.balanced, standing.faults
        shown = standing.as_json()
        assert shown["roll"] == 60
        assert shown["missing"] == 4 and shown["nil"] == 1
        assert shown["unclaimed"] == 1 and standing.needs_a_person
        assert shown["persons"]["on_roll"] == 140
        assert sum(shown["persons"]["grades"].values()) == shown["persons"]["scored"] > 90

        with occasion.office.book() as book, book.reading() as conn:
            verdicts = {
                file.name: file.verdict.value for file in recall_files(conn) if file.verdict
            }
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


def test_a_cadres_letter_names_no_other_cadre(tmp_path: Path) -> None:
    with surroundings(TDKT_DATABASE_URL=f"sqlite:///{tmp_path / 'office/office.db'}"):
        occasion, _ = furnished(tmp_path / "office")
        held(occasion)
        with occasion.office.book() as book, book.reading() as conn:
            codes = {card.cadre for card in recall_cards(conn, occasion.period_text)}
            letters = ledger(conn, occasion.period_text)
        from channels.rendering import render

        for one in letters:
            if one.letter.kind == "cadre_result":
                rendered = render(one.letter)
                others = codes - {one.letter.person}
                assert not [c for c in others if c in rendered.text or c in rendered.html]


@pytest.mark.parametrize("seed", range(1, 1 + int(os.environ.get("SOAK_SEEDS", "2"))))
def test_a_killed_review_started_again_comes_to_the_same_book(tmp_path: Path, seed: int) -> None:
    undisturbed = tmp_path / "calm" / "office"
    disturbed = tmp_path / "killed" / "office"
    ends = {}
    for home in (undisturbed, disturbed):
        with surroundings(TDKT_DATABASE_URL=f"sqlite:///{home / 'office.db'}"):
            occasion, _ = furnished(home)
            command = [
                *(sys.executable, "-m", "cli.main", "review", "2026-10", "--send", "--json"),
                *("--as-of", occasion.now.isoformat(), "--home", str(home)),
            ]
            if home is disturbed:
                kill_midway(command, random.Random(seed))
            done = subprocess.run(command, capture_output=True, text=True, timeout=180)
            assert done.returncode in (0, 1), done.stderr
            ends[home] = json.loads(done.stdout)
            ends[home, "book"] = digest_of(occasion)
            with occasion.office.book() as book, book.reading() as conn:
                letters = ledger(conn, occasion.period_text)
            mails = captured(occasion)
            assert len({mail["Message-ID"] for mail in mails}) == len(mails), "a letter went twice"
            sent = {one.message_id for one in letters if one.state is LetterState.SENT}
            assert sent <= {mail["Message-ID"] for mail in mails}
            unsure = [one for one in letters if one.state is LetterState.IN_DOUBT]
            assert len(sent) + len(unsure) == len(letters) and len(unsure) <= 3
    assert ends[undisturbed, "book"] == ends[disturbed, "book"]
    same = ("roll", "accepted", "returned", "missing", "persons", "balanced")
    assert all(ends[undisturbed][key] == ends[disturbed][key] for key in same)


def kill_midway(command: list[str], rng: random.Random, times: int = 3) -> None:
    for _ in range(times):
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        time.sleep(rng.uniform(2.0, 5.0))
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def test_where_it_stands_is_read_from_the_book_alone(tmp_path: Path) -> None:
    with surroundings(TDKT_DATABASE_URL=f"sqlite:///{tmp_path / 'office/office.db'}"):
        occasion, _ = furnished(tmp_path / "office")
        before = take_stock.fn(occasion)
        assert before.balanced and before.tally.roll == 0
        assert held(occasion).as_json() == take_stock.fn(occasion).as_json()
