"""The sample province: real communes, invented persons, and no address that mail could reach."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from channels.roster_file import read_roster, write_roster
from review.cadres import Engagement, Group
from review.period import Period
from review.roster import differences
from review.units import UnitKind
from sample import SAMPLE, sample_roster

ROSTER = sample_roster()
OCTOBER = Period.parse("2026-10")
VECTORS = Path("/work/shared/scoring_vectors.json")


def test_sixty_units_and_a_hundred_and_forty_cadres_serve_in_october() -> None:
    assert len(ROSTER.active(OCTOBER)) == 60
    assert sum(len(ROSTER.cadres_of(unit.code, OCTOBER)) for unit in ROSTER.units) == 140


@pytest.mark.skipif(not VECTORS.exists(), reason="the shared vectors are not on this machine")
def test_the_communes_are_the_real_ones() -> None:
    real = json.loads(VECTORS.read_text("utf-8"))["reference_data"]["lai_chau_communes"]
    ours = {u.code: u.name for u in ROSTER.units if u.kind is UnitKind.COMMUNE}
    assert ours == {commune["code"]: commune["name"] for commune in real}


def test_only_one_question_is_open_about_the_sample() -> None:
    """The two of one name and one birthday, who are two persons."""
    findings = read_roster(SAMPLE).findings
    assert [found.check for found in findings] == ["NGHI_TRUNG"]


def test_each_unit_is_led_by_one_cadre_of_its_own_and_staffed() -> None:
    for unit in ROSTER.units:
        head, *_ = [c for c in ROSTER.cadres_of(unit.code, OCTOBER) if c.code == unit.head]
        assert head.leads
        assert any(not c.leads for c in ROSTER.cadres_of(unit.code, OCTOBER)), unit.name


def test_every_address_is_in_the_reserved_domain_and_everyones_own() -> None:
    addresses = [a for unit in ROSTER.units for a in unit.contacts]
    addresses += [cadre.email for cadre in ROSTER.cadres]
    assert len(addresses) == len(set(addresses))
    assert all(re.fullmatch(r"[a-z0-9.]+@laichau\.example", address) for address in addresses)


def test_there_are_namesakes_even_in_one_office_and_of_one_birthday() -> None:
    names = Counter(cadre.name for cadre in ROSTER.cadres)
    assert {name for name, n in names.items() if n > 1} == {
        "Lò Thị Xuân", "Giàng A Chu", "Lò Văn Sơn", "Nguyễn Thị Thu Hà",
    }  # fmt: skip
    sons = [cadre.birth for cadre in ROSTER.cadres if cadre.name == "Lò Văn Sơn"]
    assert sons[0] == sons[1]


def test_every_group_and_engagement_occurs() -> None:
    assert {cadre.group for cadre in ROSTER.cadres} == set(Group)
    assert {cadre.engagement for cadre in ROSTER.cadres} == set(Engagement)
    full = [c for c in ROSTER.cadres if c.engagement is Engagement.FULL]
    assert {cadre.unit for cadre in full} == {"SNV"}


def test_codes_are_the_units_with_a_number() -> None:
    for cadre in ROSTER.cadres:
        assert re.fullmatch(re.escape(cadre.unit) + r"-\d\d", cadre.code)


@pytest.mark.parametrize("name", ["roll.xlsx", "roll"])
def test_the_sample_exported_and_imported_is_the_same(tmp_path: Path, name: str) -> None:
    write_roster(ROSTER, tmp_path / name)
    back = read_roster(tmp_path / name).roster
    assert back == ROSTER
    assert not differences(ROSTER, back)
