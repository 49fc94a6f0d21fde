"""Reminders: only to those who owe, one letter a person, each stage once; then to the superior."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from review.calendar import WorkingDays
from review.post import LetterKind, LetterState
from review.punctuality import punctuality
from review.reminding import stage_of
from review.roll import RollEntry, RollState, tally
from review.settings import AnswerSettings, SettingsError, settings_from
from review.units import Unit, UnitKind
from tasks.call_roll import call_roll
from tasks.remind import Reminded, remind
from tdkt_models.letter_ledger import ledger
from tdkt_models.units import keep_units, recall_units
from tests.small_office import Corner, small_office
from tests.test_checks import HANOI

DUE = datetime(2026, 11, 5, 17, tzinfo=HANOI)  # a Thursday


def stage(day: int, hour: int = 8) -> str:
    now = datetime(2026, 11, day, hour, tzinfo=HANOI)
    return stage_of(now, DUE, WorkingDays(), AnswerSettings())


def test_the_stage_follows_from_working_days() -> None:
    assert [stage(day) for day in (1, 2, 3, 4, 5)] == ["", "truoc-3", "truoc-3", "truoc-1",
                                                       "truoc-1"]  # fmt: skip
    assert stage(5, 18) == "sau-1"
    assert [stage(day) for day in (6, 7, 9, 10, 11)] == ["sau-1", "sau-1", "sau-1", "sau-3",
                                                         "sau-3"]  # fmt: skip


@pytest.fixture
def corner(tmp_path: Path) -> Corner:
    made = small_office(tmp_path, ("SYT", "STC", "SNV"))
    call_roll.fn(made.occasion)
    return made


def changed(corner: Corner, **units: dict) -> None:
    with corner.occasion.office.book() as book, book.writing() as conn:
        known = recall_units(conn)
        keep_units(
            conn, [replace(known[code], **new) for code, new in units.items()],
            corner.occasion.stamp,
        )  # fmt: skip


def letters(corner: Corner) -> list[tuple[str, str, str]]:
    with corner.occasion.office.book() as book, book.reading() as conn:
        kept = ledger(conn, "2026-10")
    return [
        (one.letter.kind.value, one.letter.person, one.letter.to)
        for one in kept
        if one.state in (LetterState.WRITTEN, LetterState.QUEUED)
    ]


def test_only_those_who_owe_are_reminded_and_each_stage_once(corner: Corner) -> None:
    corner.sends("SYT", corner.report("SYT"), day=1)
    corner.takes_in()
    corner.at(day=2)
    assert remind.fn(corner.occasion) == Reminded(letters=2, new=2, unreachable=0)
    assert {person for _, person, _ in letters(corner)} == {"STC", "SNV"}
    corner.at(day=3)
    assert remind.fn(corner.occasion).new == 0, "the same stage"
    corner.at(day=4)
    assert remind.fn(corner.occasion).new == 2
    corner.sends("STC", corner.report("STC"), day=4)
    corner.takes_in()
    corner.at(day=6)
    assert remind.fn(corner.occasion) == Reminded(1, 1, 0)


def test_who_answers_for_several_units_gets_one_letter_that_passes_the_gate(
    corner: Corner,
) -> None:
    one = ("chung@laichau.example",)
    changed(corner, SYT={"contacts": one}, STC={"contacts": one})
    corner.at(day=4)
    assert remind.fn(corner.occasion, send=True).letters == 2
    with corner.occasion.office.book() as book, book.reading() as conn:
        kept = {row.letter.person: row for row in ledger(conn, "2026-10")}
    digest = kept["contact:chung@laichau.example"]
    assert [unit["code"] for unit in digest.letter.payload["units"]] == ["STC", "SYT"]
    assert {row.state for row in kept.values()} == {LetterState.SENT}


def test_after_some_days_the_superior_hears_of_it(corner: Corner) -> None:
    corner.at(day=9)
    assert not any(kind == LetterKind.OWING_DIGEST for kind, *_ in _now(corner))
    corner.at(day=10)
    digests = [row for row in _now(corner) if row[0] == LetterKind.OWING_DIGEST]
    with corner.occasion.office.book() as book, book.reading() as conn:
        heads = {unit.head for unit in recall_units(conn).values()}
    assert {person for _, person, _ in digests} == heads


def test_the_office_names_who_is_over_a_cluster(corner: Corner) -> None:
    with corner.occasion.office.book() as book, book.reading() as conn:
        cluster = recall_units(conn)["STC"].cluster
    path = corner.occasion.office.folder / "office.toml"
    named = f'[superiors]\n"{cluster}" = "phogiamdoc@laichau.example"\n'
    text = path.read_text(encoding="utf-8").replace("[superiors]\n", named)
    path.write_text(text, encoding="utf-8")
    corner.at(day=10)
    remind.fn(corner.occasion, send=True)
    with corner.occasion.office.book() as book, book.reading() as conn:
        kept = {row.letter.person: row for row in ledger(conn, "2026-10")}
    told = kept[f"superior:{cluster}"]
    assert told.letter.to == "phogiamdoc@laichau.example"
    assert told.state is LetterState.SENT


def test_a_unit_without_an_address_is_told_to_the_office(corner: Corner) -> None:
    changed(corner, STC={"contacts": ()})
    corner.at(day=4)
    assert remind.fn(corner.occasion).unreachable == 1
    assert ("owing_digest", "office") in {(kind, person) for kind, person, _ in letters(corner)}


def _now(corner: Corner) -> list[tuple[str, str, str]]:
    remind.fn(corner.occasion)
    return letters(corner)


def test_the_days_are_settings() -> None:
    settings = settings_from({"answers": {"before": [5], "after": []}})
    assert settings.answers.before == (5,) and settings.answers.after == ()
    for wrong in ({"answers": {"before": ["x"]}}, {"superiors": {"Cụm 1": "không"}}):
        with pytest.raises(SettingsError):
            settings_from(wrong)


def test_completeness_and_timeliness_of_units_clusters_and_the_province() -> None:
    units = {
        code: Unit(code, f"Xã {code}", UnitKind.COMMUNE, cluster, since=date(2025, 7, 1))
        for code, cluster in (("A", "Cụm 1"), ("B", "Cụm 1"), ("C", "Cụm 2"))
    }

    def entry(unit: str, period: str, state: RollState, late: int = 0) -> RollEntry:
        came = state is not RollState.MISSING
        return RollEntry(unit, period, DUE, state, received=came, late_days=late)

    entries = [
        entry("A", "2026-09", RollState.ACCEPTED),
        entry("A", "2026-10", RollState.NIL),
        entry("B", "2026-09", RollState.ACCEPTED, late=2),
        entry("B", "2026-10", RollState.RETURNED),
        entry("C", "2026-10", RollState.MISSING),
    ]
    rates = punctuality(units, entries)
    assert (rates.province.due, rates.province.completeness) == (5, 60_00)
    assert rates.province.timeliness == 60_00, "what was returned was still sent in time"
    by_name = {rate.name: (rate.completeness, rate.timeliness) for rate in rates.clusters}
    assert by_name == {"Cụm 1": (75_00, 75_00), "Cụm 2": (0, 0)}
    assert [rate.code for rate in rates.units] == ["C", "B", "A"], "the least punctual first"
    counts = tally(entries)
    assert counts.in_time + counts.late + counts.missing == counts.roll
    assert punctuality(units, []).province.completeness is None
