"""Every awkward file of tests/drawer/ is answered as its name leads one to expect: what does not
change the meaning is mended and said, what does is sent back with its place."""

from __future__ import annotations

import tomllib
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from channels.reading import read_and_examine
from review.examine import Examined
from review.findings import Finding
from tests.drawer import HOSTILE, PERIOD, Desk
from tests.make_drawer import DRAWER, FOLDER, GOOD, OFFICE, SMALL, hostile

DESK = Desk()
ANSWERS: dict[str, dict[str, Any]] = tomllib.loads((FOLDER / "answers.toml").read_text())


def examined(path: Path) -> Examined:
    return read_and_examine(path.read_bytes(), DESK.forms, PERIOD)


@cache
def good() -> Examined:
    """The one in the folder: the sample province may have changed since the files were made."""
    return examined(FOLDER / GOOD)


def place(finding: Finding) -> str:
    sheet = finding.sheet.split(" ")[0]
    return f"{finding.check} {sheet}!{finding.cell}" if finding.sheet else finding.check


def test_the_folder_and_its_list_are_of_the_same_files() -> None:
    there = {path.name for path in FOLDER.iterdir()} - {"answers.toml"}
    assert there == set(ANSWERS) == {*DRAWER, *OFFICE, *hostile()}
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 2_000_000
    assert len(hostile()) > len(HOSTILE) // 2 and SMALL < 200_000


@pytest.mark.parametrize("name", ANSWERS)
def test_an_awkward_file_is_answered_as_its_name_says(name: str) -> None:
    found, wanted = examined(FOLDER / name), ANSWERS[name]
    assert found.verdict == wanted["verdict"]
    assert [place(finding) for finding in found.findings] == wanted.get("findings", [])
    assert Counter(repair.why for repair in found.repairs) == wanted.get("repairs", {})
    for finding in found.findings:
        assert finding.says.endswith((".", "?")) and finding.fix.endswith((".", "?"))


@pytest.mark.parametrize("name", [name for name, wanted in ANSWERS.items() if wanted.get("same")])
def test_what_was_mended_says_what_the_good_report_says(name: str) -> None:
    theirs, ours = examined(FOLDER / name).submission, good().submission
    assert theirs is not None and ours is not None
    for key, table in ours.tables.items():
        assert [row[1:] for row in theirs.tables[key].rows] == [row[1:] for row in table.rows], key


def test_each_repair_says_where_and_what_it_was() -> None:
    for name, wanted in ANSWERS.items():
        if wanted.get("repairs"):
            for repair in examined(FOLDER / name).repairs:
                assert repair.was != repair.now or repair.why == "date_text", name
                assert repair.why == "encoding" or repair.sheet or repair.why in ("tcvn3", "vni")
