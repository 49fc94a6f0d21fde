"""A large collection of odd spreadsheets meets the command, where one is given (make soak)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.odd_files import MEMORY_MIB, SECONDS, Met, check_all, files_in, lines, read_all

FOLDER = os.environ.get("TDKT_ODD_FILES", "")
EVERY = int(os.environ.get("TDKT_ODD_EVERY", "25"))


@pytest.mark.skipif(not FOLDER, reason="no folder of odd spreadsheets (TDKT_ODD_FILES)")
def test_every_odd_file_is_answered_within_the_contract() -> None:
    files, met = files_in(Path(FOLDER)), Met()
    assert files
    read_all(files, met)
    check_all(files[::EVERY], met)
    print("\n".join(lines(met)))
    assert met.faults == []
    assert met.slowest[0] < SECONDS + 1  # the desk itself is ended at SECONDS
    assert met.largest[0] < MEMORY_MIB


def test_the_files_of_our_own_drawer_go_through_the_command() -> None:
    files, met = files_in(Path(__file__).parent / "drawer"), Met()
    check_all(files[::12], met)
    assert met.commands >= 4 and met.faults == []
    assert met.largest[0] < MEMORY_MIB
