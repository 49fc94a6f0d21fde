"""Periods long over go into a file of their own and open again as they were."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from channels.errors import ChannelRefused
from channels.rendering import render
from cli.review import occasion_for
from tasks.archive import archive_file, archives, destroy, open_again, put
from tasks.occasion import Occasion
from tasks.office import Office
from tasks.papers import again, make_papers
from tasks.verify_audit import verify_audit
from tdkt_models.archived import ContentsAway
from tdkt_models.digest import book_digest
from tdkt_models.letter_ledger import ledger
from tdkt_models.results import recall_results
from tdkt_models.submissions import recall_kept
from tests.held_office import PERIOD, WHO, held_office

LATER, AT_LAST = "2032-11-01T09:00", "2046-11-01T09:00"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def office(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    server = request.getfixturevalue("postgres") if request.param == "postgresql" else None
    with held_office(tmp_path_factory.mktemp("archive"), server) as held:
        make_papers.fn(occasion_for(held.home, PERIOD, "2026-12-01T09:00"), held.folder / "reports")
        yield held


def at(office: Office, when: str) -> Occasion:
    return occasion_for(office.home, PERIOD, when)


def state_of(office: Office) -> tuple[str, dict[str, bytes]]:
    with office.book() as book, book.reading() as conn:
        digest = book_digest(conn, PERIOD)
    folders = (office.folder / "received", office.folder / "outbox")
    files = {
        path.name: path.read_bytes()
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file() and path.suffix in ("", ".eml")
    }
    return digest, files


def test_an_old_month_goes_into_a_file_and_comes_back_as_it_was(office: Office) -> None:
    before, (_paper, content) = state_of(office), again(at(office, LATER), 1)
    with pytest.raises(ChannelRefused, match="01/11/2032"):
        put(at(office, "2032-10-31T09:00"), WHO)
    done = put(at(office, LATER), WHO)
    assert done.rows["submissions"] == 1 and done.rows["letters"] >= 4 and done.rows["papers"] >= 3
    put(at(office, LATER), WHO)  # once more does nothing more
    assert verify_audit(office).faults == ()
    digest, files = state_of(office)
    assert digest != before[0] and not any(name.endswith(".eml") for name in files)
    with office.book() as book, book.reading() as conn:
        assert recall_results(conn, PERIOD), "results stay in the book"
        with pytest.raises(ContentsAway, match="tdkt archive open 2026-10"):
            recall_kept(conn, PERIOD)
        letter = ledger(conn, PERIOD)[0].letter
    with pytest.raises(ChannelRefused, match="tdkt archive open 2026-10"):
        render(letter)
    with pytest.raises(ContentsAway):
        again(at(office, LATER), 1)
    (kept,) = archives(office)
    assert (kept.period, kept.until.isoformat()) == (PERIOD, "2046-10-31")
    open_again(at(office, LATER), WHO)
    assert state_of(office) == before
    assert again(at(office, LATER), 1)[1] == content
    assert verify_audit(office).faults == () and archives(office) == []


def test_what_is_signed_by_others_or_changed_does_not_come_in(office: Office) -> None:
    put(at(office, LATER), WHO)
    path = archive_file(office, PERIOD)
    whole = path.read_bytes()
    at_half = len(whole) // 2
    path.write_bytes(whole[:at_half] + bytes([whole[at_half] ^ 1]) + whole[at_half + 1 :])
    digest = state_of(office)
    with pytest.raises(ChannelRefused):
        open_again(at(office, LATER), WHO)
    assert state_of(office) == digest
    path.write_bytes(whole)
    with pytest.raises(ChannelRefused, match="31/10/2046"):
        destroy(at(office, LATER), WHO, "QĐ 5/QĐ-SNV")
    with pytest.raises(ChannelRefused, match="--decision"):
        destroy(at(office, AT_LAST), WHO, "")
    destroy(at(office, AT_LAST), WHO, "QĐ 5/QĐ-SNV")
    assert not path.exists() and verify_audit(office).faults == ()
