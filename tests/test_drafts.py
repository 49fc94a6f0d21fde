"""A form on trial: its workbooks are judged and answered, and nothing that counts knows of them."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest

from channels.filling import answers, fill
from channels.library import SHELF, regulation_in_force
from cli.demo import opened
from flows.cycle import review_cycle
from review.findings import Verdict
from review.form import draft_of, is_draft
from review.period import Period
from review.post import LetterKind
from review.roll import RollState
from sample import sample_roster
from sample.entries import good_entries
from tasks.briefs import briefs
from tasks.call_roll import call_roll
from tasks.invite import invite
from tasks.issue_forms import issue_forms
from tasks.occasion import Occasion
from tasks.office import Office
from tasks.roster import keep_roster
from tdkt_models.files import FileState, recall_files
from tdkt_models.letter_ledger import ledger
from tdkt_models.roll import recall_roll
from tdkt_models.submissions import recall_submissions
from tests.province import furnished, surroundings

LAW = regulation_in_force("2026-10")


@cache
def round_of_trial(folder: Path) -> Occasion:
    """An office in which two units tried the form and a third sent its real report."""
    occasion = opened(Office.at(folder), Period.parse("2026-10"))
    with occasion.office.book() as book, book.writing() as conn:
        keep_roster(conn, sample_roster(), occasion.stamp)
    for code, draft, spoil in (
        ("03637", True, {}),
        ("SYT", True, {"prepared_by": ""}),
        ("STC", False, {}),
    ):
        (path,) = issue_forms.fn(occasion, (code,), folder / "mau", draft)
        _hand_in(occasion, path, code, draft, spoil)
    review_cycle(occasion)
    return occasion


def _hand_in(occasion: Occasion, path: Path, code: str, draft: bool, spoil: dict[str, Any]) -> None:
    with occasion.office.book() as book, book.reading() as conn:
        brief = briefs(conn, occasion, [code])[code]
    form = (LAW.trial_forms if draft else LAW.forms)["month"]
    told = good_entries(brief, Random(4))
    told["cover"] |= spoil
    handed_in = Path(occasion.office.inboxes[0]) / path.name
    handed_in.write_bytes(fill(path.read_bytes(), answers(form, brief, told)))
    sent = datetime(2026, 11, 3, 3, tzinfo=UTC).timestamp()
    os.utime(handed_in, (sent, sent))


@pytest.fixture(scope="module")
def occasion(tmp_path_factory: pytest.TempPathFactory) -> Occasion:
    return round_of_trial(tmp_path_factory.mktemp("trial"))


def test_a_trial_is_judged_like_a_report(occasion: Occasion) -> None:
    with occasion.office.book() as book, book.reading() as conn:
        tried = recall_files(conn, state=FileState.TRIAL)
    assert {file.unit: file.verdict for file in tried} == {
        "03637": Verdict.ACCEPTED,
        "SYT": Verdict.RETURNED,
    }


def test_a_trial_is_on_no_roll_and_in_no_score(occasion: Occasion) -> None:
    with occasion.office.book() as book, book.reading() as conn:
        roll = {entry.unit: entry for entry in recall_roll(conn, "2026-10")}
        standing = [s.unit for s in recall_submissions(conn, "2026-10")]
        of_period = [file.unit for file in recall_files(conn, period="2026-10")]
    assert {roll[unit].state for unit in ("03637", "SYT")} == {RollState.MISSING}
    assert not roll["03637"].received
    assert roll["STC"].state is RollState.ACCEPTED
    assert standing == of_period == ["STC"]


def test_a_trial_is_answered_with_what_was_found(occasion: Occasion) -> None:
    with occasion.office.book() as book, book.reading() as conn:
        letters = [one.letter for one in ledger(conn, "2026-10", kind=LetterKind.UNIT_TRIAL)]
    found = {letter.person: letter.payload["findings"]["counts"] for letter in letters}
    assert set(found) == {"03637", "SYT"}
    assert found["SYT"]["must_fix"] == 1
    assert found["03637"]["must_fix"] == 0


def test_the_form_on_trial_says_so_and_nothing_else_is_taken_for_one() -> None:
    draft = draft_of(LAW.forms["quarter"])
    assert draft.title.startswith("BẢN THỬ")
    assert is_draft(draft.code) and is_draft(draft.version)
    assert not any(is_draft(form.code, form.version) for form in LAW.forms.values())
    assert is_draft("03637_2026-11-THU.xlsx") and not is_draft("03637_2026-11.xlsx")


def test_a_draft_beside_the_forms_is_tried_and_changes_no_rule_in_force(tmp_path: Path) -> None:
    shelf = tmp_path / "regulations"
    shutil.copytree(SHELF / "2026-01", shelf / "2026-01")
    before = regulation_in_force("2026-10", shelf)
    again = tmp_path / "again"
    shutil.copytree(shelf, again)
    text = (again / "2026-01" / "forms" / "quarter.toml").read_text("utf-8")
    drafts = again / "2026-01" / "drafts"
    drafts.mkdir()
    (drafts / "quarter.toml").write_text(text.replace("Q-2026.1", "Q-2026.2"), "utf-8")
    tried = regulation_in_force("2026-10", again)
    assert tried.trial_forms["quarter"].version == "TDKT-Q-2026.2-THU"
    assert tried.forms == before.forms
    assert tried.digest == before.digest
    assert replace(tried, drafts={}) == before


def test_who_tried_the_form_is_still_invited(tmp_path: Path) -> None:
    with surroundings(TDKT_DATABASE_URL=f"sqlite:///{tmp_path / 'office.db'}"):
        occasion, _ = furnished(tmp_path)
        call_roll.fn(occasion)
        assert invite.fn(occasion, ("03637",), True) == 1
        assert invite.fn(occasion, ("03637",), True) == 0
        assert invite.fn(occasion, ("03637",)) == 1
        assert invite.fn(occasion, ("03637",), True) == 0, "who was invited need not try the form"
        with occasion.office.book() as book, book.reading() as conn:
            real, trial = ledger(conn, occasion.period_text, kind=LetterKind.UNIT_INVITATION)
        assert (real.letter.person, trial.letter.person) == ("03637", "03637/thu")
        assert real.revision == 1 and real.corrects_at is None, "it corrects no trial"
