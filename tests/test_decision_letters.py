"""What a person decides is told to whom it concerns: appeals, corrections, plans."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from letter_samples import (
    CADRES,
    INH,
    MUONG_TE,
    MY,
    OFFICE,
    OTHER,
    PHONG_THO,
    PROPOSED,
    at,
    case,
    dismissed,
    upheld,
)

from channels.rendering import render
from flows.post import post_letters
from review.appeals import CaseKind, CaseState
from review.letters_decisions import appeal_outcome, plan_decisions
from review.plans import ChangeState, Decision, PlanKind
from review.post import LetterKind, LetterState
from review.settings import Settings
from tasks.appeals import decide_case, open_case
from tasks.decide_plans import Choice, decide
from tasks.report import report
from tdkt_models.letter_ledger import ledger
from tdkt_models.plans import keep_changes
from tests.province import surroundings
from tests.score_office import occasion
from tests.test_appeals import OCTOBER, approved, scored_office
from tests.test_post_office import a_real_office

WORD = Decision(ChangeState.ACCEPTED, "Vàng A Páo", at(12))


def said(level: str, state: CaseState) -> str:
    office = replace(OFFICE, content={"appeal_outcome": level})
    rendered = render(appeal_outcome(office, MUONG_TE, INH, case(state, 9044, "HTXSNV")))
    return rendered.subject + rendered.text + rendered.html


def test_the_answer_to_an_appeal_tells_nothing_before_it_is_opened() -> None:
    for letter in (upheld(), dismissed()):
        rendered = render(letter)
        first = rendered.subject + rendered.text.splitlines()[0]
        for secret in ("hấp nhận", "90,44", "88,10", "Hoàn thành", INH.name):
            assert secret not in first


@pytest.mark.parametrize("level", ["summary", "encrypted"])
def test_an_answer_without_figures_tells_neither_points_nor_the_outcome(level: str) -> None:
    for state in (CaseState.UPHELD, CaseState.DISMISSED):
        words = said(level, state)
        assert "90,44" not in words and "88,10" not in words
        assert "Chấp nhận" not in words and "Có hồ sơ lưu" not in words
    assert said(level, CaseState.UPHELD) == said(level, CaseState.DISMISSED)


def test_the_grounds_of_a_correction_are_figures_and_stand_only_where_these_may() -> None:
    kind = CaseKind.CORRECTION
    late = replace(case(CaseState.UPHELD, 5100, "HTNV"), kind=kind, grounds="muộn: 88,10 → 51,00")
    quiet = replace(OFFICE, content={"appeal_outcome": "summary"})
    assert "51,00" in render(appeal_outcome(OFFICE, MUONG_TE, INH, late)).text
    assert "51,00" not in render(appeal_outcome(quiet, MUONG_TE, INH, late)).text


def test_an_open_case_or_somebody_elses_is_not_answered() -> None:
    for state, cadre in ((CaseState.OPEN, INH), (CaseState.UPHELD, MY)):
        with pytest.raises(ValueError, match="case 3"):
            appeal_outcome(OFFICE, MUONG_TE, cadre, case(state, 9044, "HTXSNV"))


def test_who_decided_and_who_asked_is_not_named() -> None:
    words = said("scores", CaseState.UPHELD)
    assert "Vàng A Páo" not in words


def test_a_unit_reads_of_its_own_plan_lines_and_people_only() -> None:
    strange = replace(PROPOSED[0].line, unit="03549", subject=OTHER.code, key="x", owner=OTHER.code)
    foreign = replace(PROPOSED[1].line, owner=OTHER.code, subject=OTHER.code)
    changes = [
        *PROPOSED,
        replace(PROPOSED[0], line=strange, says=f"{OTHER.name}: 1 căn cứ."),
        replace(PROPOSED[1], line=foreign),
    ]
    people = {one.code: one for one in (*CADRES, OTHER)}
    units = {"03637": MUONG_TE, "03549": PHONG_THO}
    theirs, ours = plan_decisions(OFFICE, units, people, changes, WORD)
    assert (theirs.about, ours.about) == (("03549", OTHER.code), ("03637", INH.code))
    assert OTHER.name not in render(ours).text and INH.name not in render(theirs).text
    assert ours.payload["total"] == 3 and ours.payload["first_due"] == "2026-11-20"


def test_the_same_decision_is_one_letter_and_another_is_another() -> None:
    people = {one.code: one for one in CADRES}

    def key(word: Decision) -> str:
        (letter,) = plan_decisions(OFFICE, {"03637": MUONG_TE}, people, PROPOSED, word)
        return letter.key

    assert key(WORD) == key(WORD)
    assert key(WORD) != key(replace(WORD, at=at(13)))
    assert key(WORD) != key(replace(WORD, verdict=ChangeState.TAKEN_BACK))


def test_an_appeal_dismissed_is_answered_and_the_result_is_not_called_corrected(
    tmp_path: Path, book_url: str
) -> None:
    with scored_office(tmp_path, book_url) as office:
        about = occasion(office, OCTOBER, "2026-11-12")
        approved(office)
        report.fn(about, ("03637",))
        number = open_case(about, "A", "Lò Văn A1", "Chưa đúng")
        decide_case(about, number, "Vàng A Páo", "Số liệu đúng", uphold=False)
        with office.book() as book, book.reading() as conn:
            mine = [one for one in ledger(conn, OCTOBER) if one.letter.person[0] == "A"]
    kinds = [(one.letter.kind, one.revision) for one in mine]
    assert kinds == [(LetterKind.APPEAL_OUTCOME, 1), (LetterKind.CADRE_RESULT, 1)]
    assert mine[0].letter.person == f"A/kn-{number}"


def test_a_decision_on_a_plan_goes_to_its_unit_with_the_next_post(tmp_path: Path) -> None:
    with a_real_office(tmp_path, "capture:") as desk:
        office, stamp = desk.occasion.office, desk.occasion.stamp
        with desk.book.writing() as conn:
            keep_changes(conn, PROPOSED, stamp)
        word = replace(WORD, at=datetime.now(UTC))
        done = decide.fn(office, PlanKind.TRAINING, "2026-11", Choice(all=True), word, "test")
        assert done.changes == 2
        with surroundings(TDKT_HOME=office.home):
            ends = post_letters.fn()
        assert (ends["sent"], ends["held"]) == (1, 0)
        with desk.book.reading() as conn:
            (one,) = ledger(conn, "2026-11")
        assert one.state is LetterState.SENT and one.letter.to == MUONG_TE.letter_to
        assert INH.name in render(one.letter).text


def test_settings_of_content_name_only_letters_that_tell_a_result() -> None:
    from review.settings import SettingsError, settings_from

    with pytest.raises(SettingsError, match="office_digest"):
        settings_from({"content": {"office_digest": "summary"}})
    assert settings_from({"content": {"appeal_outcome": "summary"}}) != Settings()
