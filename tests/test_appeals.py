"""After approval: a rule is frozen, a changed one rehearsed, an appeal touches one person only."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from scoring_makers import EXAMPLE, EXAMPLE_RATING, job, rating, report

from channels.errors import ChannelRefused
from channels.library import SHELF, newest_regulation, regulation_at
from cli.main import tdkt
from review.appeals import CaseState
from review.scorecard import Grade
from review.seals import broken, facts_of
from review.submission import Submission
from tasks.appeals import decide_case, open_case, open_corrections
from tasks.approve import Signature, approve
from tasks.defence import cards_with_reasons
from tasks.office import Office
from tasks.rehearse_rule import rehearse_rule
from tasks.report import report as write_letters
from tasks.roll_up import roll_up
from tasks.score import score
from tasks.seal import seal
from tdkt_models.appeals import recall_appeals
from tdkt_models.letter_ledger import ledger
from tdkt_models.period_scores import recall_period_scores
from tdkt_models.results import recall_versions
from tdkt_models.scores import recall_cards
from tests.score_office import keep_report, occasion, person, small_office

OCTOBER = "2026-10"
PEOPLE = [person(code, "03637")._replace(email=f"{code}@x.vn") for code in ("A", "B")]


def told(works: list[dict[str, object]] | None = None) -> Submission:
    """Two people: A as in the worked example unless told otherwise, B with a full month."""
    theirs = EXAMPLE if works is None else works
    return report([*theirs, job("B")], [EXAMPLE_RATING, rating("B")])


@contextmanager
def scored_office(folder: Path, url: str) -> Iterator[Office]:
    with small_office(folder, url, PEOPLE) as office:
        keep_report(office, told(), "dau.xlsx")
        score.fn(occasion(office, OCTOBER, "2026-11-09"), ("03637",))
        yield office


def approved(office: Office) -> None:
    approve.fn(occasion(office, OCTOBER, "2026-11-10"), Signature("Lò Văn A", "Thống nhất"))


def test_an_appeal_upheld_changes_one_person_and_says_by_how_much(
    tmp_path: Path, book_url: str
) -> None:
    with scored_office(tmp_path, book_url) as office:
        about = occasion(office, OCTOBER, "2026-11-12")
        roll_up.fn(occasion(office, "2026-Q4", "2026-11-12"), ("03637",))
        approved(office)
        write_letters.fn(about, ("03637",))
        number = open_case(about, "A", "Lò Văn A1", "Thiếu 2 hồ sơ đã thẩm định")
        with pytest.raises(ChannelRefused, match="chưa giải quyết"):
            open_case(about, "A", "Lò Văn A1", "lần nữa")
        with pytest.raises(ChannelRefused, match="không tự giải quyết"):
            decide_case(about, number, "lò văn a1", "được", uphold=True)
        more = [EXAMPLE[0], EXAMPLE[1] | {"done": 20}, EXAMPLE[2]]
        keep_report(office, told(more), "sua.xlsx")
        case = decide_case(about, number, "Vàng A Páo", "Có hồ sơ lưu", uphold=True)
        assert case.state is CaseState.UPHELD
        assert case.outcome["says"].startswith("90,47 → 9"), case.outcome
        assert "2026-Q4" in case.outcome["restated"]
        with office.book() as book, book.reading() as conn:
            first, second = recall_versions(conn, OCTOBER, "A")
            assert len(recall_versions(conn, OCTOBER, "B")) == 1
            (quarter, _) = recall_period_scores(conn, "2026-Q4", ["03637"])
            cards = {card.cadre: card for card in cards_with_reasons(conn, about, ["03637"])}
            letters = [(one.letter.person, one.revision) for one in ledger(conn, OCTOBER)]
            (kept,) = recall_appeals(conn, OCTOBER)
        assert first.total == 9047 and second.total and second.total > 9047
        assert quarter.so_far == second.total
        assert kept.snapshot["total"] == 9047 and kept.snapshot["version"] == 1
        assert "Kiến nghị số" in cards["A"].reasons[0].says and len(cards["A"].reasons) > 5
        assert ("A", 2) in letters and ("B", 2) not in letters, "only A is written to again"


def test_a_dismissed_appeal_keeps_the_result_and_is_told(tmp_path: Path, book_url: str) -> None:
    with scored_office(tmp_path, book_url) as office:
        about = occasion(office, OCTOBER, "2026-11-12")
        approved(office)
        number = open_case(about, "A", "Lò Văn A1", "Chưa đúng")
        case = decide_case(about, number, "Vàng A Páo", "Số liệu đúng", uphold=False)
        assert case.outcome["total"] == [9047, 9047]
        with office.book() as book, book.reading() as conn:
            assert len(recall_versions(conn, OCTOBER, "A")) == 1
            (card, _) = cards_with_reasons(conn, about, ["03637"])
        assert "không chấp nhận" in card.reasons[0].says and card.total == 9047


def test_an_appeal_needs_an_approval_and_comes_in_time(tmp_path: Path, book_url: str) -> None:
    with scored_office(tmp_path, book_url) as office:
        with pytest.raises(ChannelRefused, match="chưa phê duyệt"):
            open_case(occasion(office, OCTOBER, "2026-11-12"), "A", "Lò Văn A1", "vì")
        approved(office)
        with pytest.raises(ChannelRefused, match="Đã hết hạn kiến nghị"):
            open_case(occasion(office, OCTOBER, "2026-12-12"), "A", "Lò Văn A1", "vì")


def test_a_late_valid_report_opens_a_correction_for_whom_it_changes(
    tmp_path: Path, book_url: str
) -> None:
    with scored_office(tmp_path, book_url) as office:
        about = occasion(office, OCTOBER, "2026-12-12")
        approved(office)
        keep_report(office, told([job(assigned=2, done=1)]), "muon.xlsx")
        score.fn(about, ("03637",))
        with office.book() as book, book.reading() as conn:
            assert recall_cards(conn, OCTOBER)[0].total == 9047, "locked"
        (number,) = open_corrections.fn(about, "Lò Văn A")
        assert open_corrections.fn(about, "Lò Văn A") == []
        case = decide_case(about, number, "Lò Văn A", "Theo báo cáo mới", uphold=True)
        assert case.outcome["grade"] == [Grade.EXCELLENT, Grade.DONE]


def test_a_rule_that_was_used_may_grow_but_not_change(tmp_path: Path, book_url: str) -> None:
    with scored_office(tmp_path, book_url) as office:
        about = occasion(office, OCTOBER)
        with office.book() as book, book.writing() as conn:
            known = seal(conn, about)
            assert seal(conn, about) == known
    facts = facts_of(newest_regulation())
    assert list(broken(facts, facts | {"work.MOI1": 100})) == []
    assert list(broken(facts, facts | {"work.TD01": 150})) == ["work.TD01: 100 → 150"]


def test_a_changed_file_is_refused_with_what_changed(
    tmp_path: Path, book_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = shutil.copytree(SHELF, tmp_path / "regulations")
    with scored_office(tmp_path / "office", book_url) as office:
        about = occasion(office, OCTOBER)
        with office.book() as book, book.writing() as conn:
            seal(conn, about)
        decision = shelf / "2026-01" / "decision.toml"
        decision.write_text(decision.read_text("utf-8").replace('HTTNV = "70"', 'HTTNV = "75"'))
        monkeypatch.setattr("channels.library.SHELF", shelf)
        with (
            office.book() as book,
            book.writing() as conn,
            pytest.raises(ChannelRefused, match=r"grades\.good: 7000 → 7500"),
        ):
            seal(conn, about)


def test_a_rehearsal_names_who_changes_grade_and_keeps_nothing(
    tmp_path: Path, book_url: str
) -> None:
    changed = shutil.copytree(SHELF / "2026-01", tmp_path / "thu")
    decision = changed / "decision.toml"
    decision.write_text(decision.read_text("utf-8").replace('HTXSNV = "90"', 'HTXSNV = "95"'))
    with scored_office(tmp_path / "office", book_url) as office:
        about = occasion(office, OCTOBER)
        write_letters.fn(about, ("03637",))
        found = rehearse_rule(about, regulation_at(changed))
        assert [change.cadre for change in found.regraded] == ["A"]
        assert "xuất sắc nhiệm vụ → hoàn thành tốt" in found.regraded[0].words
        assert (found.persons, found.letters, found.of) == (2, 2, 3), "A's letter and the unit's"
        assert rehearse_rule(about, newest_regulation()).changes == ()
        home = ["--home", str(office.folder), "--json"]
        args = ["rehearse-rule", str(changed), "--periods", OCTOBER, *home]
        shown = json.loads(CliRunner().invoke(tdkt, args).output)
        assert shown["periods"][0]["regraded"] == 1
        why = CliRunner().invoke(tdkt, [*args[:-1], "--why", "A"]).output
        assert "Hoàn thành tốt nhiệm vụ" in why and "(từ 70,00 điểm)" in why
        nobody = CliRunner().invoke(tdkt, [*args[:-1], "--why", "KHONG"])
        assert nobody.exit_code and "KHONG" in nobody.output
        with office.book() as book, book.reading() as conn:
            assert recall_cards(conn, OCTOBER)[0].grade is Grade.EXCELLENT


def test_a_longer_period_is_rehearsed_from_its_months_scored_again(
    tmp_path: Path, sqlite_url: str
) -> None:
    """A fault that costs half instead of a quarter: A's month falls, and A's quarter with it."""
    changed = shutil.copytree(SHELF / "2026-01", tmp_path / "thu")
    decision = changed / "decision.toml"
    decision.write_text(decision.read_text("utf-8").replace("fault_step = 25", "fault_step = 50"))
    with scored_office(tmp_path / "office", sqlite_url) as office:
        quarter = occasion(office, "2026-Q4", "2026-11-20")  # of its months only October has ended
        roll_up.fn(quarter, ("03637",))
        month = rehearse_rule(occasion(office, OCTOBER), regulation_at(changed))
        found = rehearse_rule(quarter, regulation_at(changed))
        assert found.persons == 2 and rehearse_rule(quarter, newest_regulation()).changes == ()
        (then,), (now,) = month.changes, found.changes
        assert then.cadre == "A" and then.total_after is not None and then.total_before == 9047
        assert now == replace(then, period="2026-Q4")


def test_a_quota_that_would_hold_for_months_too_is_rehearsed(
    tmp_path: Path, sqlite_url: str
) -> None:
    """Nobody's points change. With half of all rated seated, the better of two stays excellent."""
    changed = shutil.copytree(SHELF / "2026-01", tmp_path / "thu")
    decision = changed / "decision.toml"
    text = decision.read_text("utf-8").replace('applies = ["year"]', 'applies = ["month"]')
    text = text.replace('denominator = "GOOD_ONLY"', 'denominator = "ALL_RATED"')
    decision.write_text(text.replace('percent = "20"', 'percent = "50"', 1))
    with scored_office(tmp_path / "office", sqlite_url) as office:
        found = rehearse_rule(occasion(office, OCTOBER), regulation_at(changed))
        assert found.changes == () and found.letters == 0
        (moved,) = found.after_quota
        assert moved.cadre == "A" and moved.grade_after is Grade.GOOD
        home = ["--home", str(office.folder)]
        args = ["rehearse-rule", str(changed), "--periods", OCTOBER, *home]
        assert "Do tính tỷ lệ xuất sắc: 1 người" in CliRunner().invoke(tdkt, args).output
