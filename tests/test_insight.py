"""Beside the scores: weaknesses as measures with reasons, raters held against each other, the sides
of a person; none of it changes a score."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from scoring_makers import EXAMPLE, EXAMPLE_RATING, job, rating, report

from channels.library import newest_regulation
from cli.main import tdkt
from review.calibration import Rating, calibrate
from review.dimensions import Profile, average
from review.form import FieldType
from review.period import Period
from review.scoring import score_unit
from review.submission import Submission, Table
from review.weaknesses import MEASURES, Evidence, movement_is_even, signals
from tasks.roll_up import roll_up
from tasks.score import score
from tdkt_models.scores import recall_cards
from tests.score_office import keep_report, occasion, person, small_office

LAW = newest_regulation()
QUARTER = LAW.forms["quarter"]
TODAY = date(2027, 1, 5)
EMPTY = {FieldType.TEXT: "", FieldType.CODE: ""}


def quarter(unit: str = "03637", **sheets: list[dict[str, Any]]) -> Submission:
    tables = {"cover": Table("cover", ("nil",), ((0, "khong"),))}
    for key, rows in sheets.items():
        sheet = QUARTER.sheet(key)
        blank = {field.name: EMPTY.get(field.type) for field in sheet.fields}
        filled = [
            (6 + at, *(row.get(name, blank[name]) for name in sheet.columns))
            for at, row in enumerate(rows)
        ]
        tables[key] = Table(key, sheet.columns, tuple(filled))
    return Submission(unit, "2026-Q4", QUARTER.code, QUARTER.version, tables)


def found(said: Submission, **values: Any) -> dict[str, Any]:
    evidence = Evidence(said, "03637", Period.parse("2026-Q4"), (), (), LAW, TODAY)
    return {one.says: one for one in signals(replace(evidence, **values))}


def test_each_weakness_is_a_measure_with_its_reason_and_cells() -> None:
    said = quarter(
        movements=[
            {"code": "P1", "planned": 10000, "reached": 5000, "self_grade": "tot"},
            {"code": "P2", "planned": 10000},
        ],
        reviews=[{"movement": "P1", "due": date(2026, 12, 1)}],
        awards=[
            {"basis": "phong_trao", "movement": "P9"},
            {"basis": "phong_trao", "movement": "P1"},
        ],
        training=[{"cadre": "A", "state": "nhu_cau"}],
        moves=[{"kind": "thoi", "cadre": "A", "on": date(2026, 11, 1)}],
        attention=[{"cadre": "A", "planned": 3, "meetings": 0, "documents": 0}],
    )
    people = [person("A", "03637", since=date(2026, 1, 1))]
    seen = found(said, cadres=people)
    assert all(one.flagged for one in seen.values()), [o.says for o in seen.values()]
    by_code = sorted(one.weakness for one in seen.values())
    assert by_code == ["W10", "W12", "W13", "W2", "W3", "W3", "W6"]
    (measured,) = [one for one in seen.values() if one.weakness == "W2"]
    assert (measured.part, measured.whole) == (1, 2)
    assert measured.cells and measured.cells[0].startswith("S9")


def test_a_measure_without_data_says_nothing() -> None:
    assert found(quarter()) == {}
    assert len(MEASURES) == len({measure.__name__ for measure in MEASURES})


def test_movements_that_reach_few_in_one_unit_and_all_in_another_are_uneven() -> None:
    told = {
        unit: quarter(unit, movements=[{"code": "P", "registered": 100, "joined": joined}])
        for unit, joined in (("A", 95), ("B", 40))
    }
    signal = movement_is_even(told, LAW.insight.uneven_from)
    assert signal is not None and signal.flagged and "A 95%, B 40%" in signal.says
    assert movement_is_even({"A": told["A"]}, 30) is None


def test_a_lenient_rater_stands_out_with_the_uncertainty_and_one_of_two_people_does_not() -> None:
    usual = [Rating(f"U{n}", f"{n}-{k}", 2400 + 20 * k) for n in range(6) for k in range(5)]
    lenient = [Rating("RONG", f"r{k}", 2950 + 10 * k, 3000) for k in range(5)]
    few = [Rating("IT", f"i{k}", 3000) for k in range(2)]
    raters = {one.rater: one for one in calibrate([*usual, *lenient, *few])}
    wide = raters["RONG"]
    assert wide.flagged and wide.low is not None and wide.low > 0 and wide.gap is not None
    assert "cao hơn mặt bằng" in wide.says
    assert raters["IT"].lean is None and not raters["IT"].flagged
    assert not raters["U1"].flagged


def test_one_score_for_everyone_is_flagged() -> None:
    same = [Rating("A", f"a{k}", 2700) for k in range(5)]
    mixed = [Rating("B", f"b{k}", 2500 + 100 * k) for k in range(5)]
    raters = {one.rater: one for one in calibrate([*same, *mixed])}
    assert raters["A"].same == 100 and raters["A"].flagged and not raters["B"].flagged


def test_effectiveness_stands_beside_and_never_enters_the_score(
    tmp_path: Path, book_url: str
) -> None:
    people = [person(code, "03637") for code in ("A", "B")]
    with small_office(tmp_path, book_url, people) as office:
        said = replace(
            report([*EXAMPLE, job("B")], [EXAMPLE_RATING, rating("B")]), period="2026-12"
        )
        keep_report(office, said, "t12.xlsx")
        score.fn(occasion(office, "2026-12"), ("03637",))
        rows = [{"work": "KT01", "content": "Thẩm định", "submitted": 20, "approved": 15}]
        keep_report(office, quarter(outcomes=rows), "q4.xlsx")
        assert score.fn(occasion(office, "2026-Q4"), ("03637",)).cards == 0, "it tells no work"
        roll_up.fn(occasion(office, "2026-Q4"), ("03637",))
        home = ["--home", str(office.folder), "--json"]
        told = json.loads(CliRunner().invoke(tdkt, ["insight", "2026-12", *home]).output)
        assert told["profiles"]["A"]["volume"] == "94.12"
        assert told["profiles"]["A"]["effectiveness"] is None, "a month knows no outcomes"
        later = json.loads(CliRunner().invoke(tdkt, ["insight", "2026-Q4", *home]).output)
        assert later["profiles"]["A"]["effectiveness"] == "75.00"
        assert later["profiles"]["B"]["effectiveness"] is None, "B did other work"
        with office.book() as book, book.reading() as conn:
            (card, _) = recall_cards(conn, "2026-12")
    (alone,) = score_unit(report(EXAMPLE, [EXAMPLE_RATING]), [people[0]], LAW)
    assert card.total == alone.total == 9047


def test_a_post_is_averaged_over_what_is_known() -> None:
    both = average([Profile(volume=9000), Profile(volume=8000, quality=7000)])
    assert (both.volume, both.quality, both.ethics) == (8500, 7000, None)
