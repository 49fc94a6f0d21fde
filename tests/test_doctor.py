"""What the office hears before a cycle: the relay tried, the clock looked at."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from channels.errors import ChannelRefused
from flows.cycle import review_cycle
from review.period import Period
from tasks.examine_office import examine_office
from tasks.occasion import Occasion
from tasks.office import Office, make_office
from tasks.roster import keep_roster
from tdkt_models.base import upgrade
from tests.province import surroundings

NOW = datetime(2026, 11, 12, 8, tzinfo=UTC)


@pytest.fixture
def occasion(tmp_path: Path) -> Iterator[Occasion]:
    with surroundings(TDKT_DATABASE_URL=f"sqlite:///{tmp_path / 'office.db'}"):
        office = Office.at(tmp_path)
        make_office(office, name="Sở Nội vụ", demo=True)
        upgrade(office.database_url)
        yield Occasion(office, Period.parse("2026-10"), "test", NOW)


def said_about(what: str, occasion: Occasion) -> str:
    return " ".join(c.says for c in examine_office.fn(occasion) if c.what == what)


def test_the_built_in_server_is_tried_and_found_well(occasion: Occasion) -> None:
    assert said_about("Máy chủ thư", occasion) == ""


def test_a_relay_that_does_not_answer_is_said_with_its_name(occasion: Occasion) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # bound and not listening: refused at once
        port = nobody.getsockname()[1]
        with surroundings(TDKT_SMTP_URL=f"smtp://127.0.0.1:{port}"):
            assert f"127.0.0.1:{port}" in said_about("Máy chủ thư", occasion)


def test_a_link_in_the_inbox_is_said_to_be_left_unread(occasion: Occasion) -> None:
    (Path(occasion.office.home) / "inbox" / "lien-ket.xlsx").symlink_to("/etc/hostname")
    assert "1 lối tắt (symlink) không được đọc: lien-ket.xlsx" in said_about(
        "Hộp thư đến", occasion
    )


def test_a_clock_set_back_is_noticed(occasion: Occasion) -> None:
    from sample import sample_roster

    assert said_about("Giờ", occasion) == ""
    with occasion.office.book() as book, book.writing() as conn:
        keep_roster(conn, sample_roster(), occasion.stamp)
    assert said_about("Giờ", occasion) == ""
    earlier = replace(occasion, now=NOW - timedelta(days=2))
    assert "sớm hơn" in said_about("Giờ", earlier)


def test_a_review_of_nobody_is_refused(occasion: Occasion) -> None:
    with pytest.raises(ChannelRefused, match="Danh bạ không có đơn vị"):
        review_cycle(occasion)
