"""Approval: named persons, in the order of the regulation; what they approved is locked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from channels.errors import ChannelRefused
from cli.main import tdkt
from review.scorecard import Grade
from tasks.approve import Approved, Signature, approve
from tasks.office import Office
from tasks.quota import choose_in_tie, draw_quota
from tasks.roll_up import roll_up
from tasks.score import score
from tasks.take_stock import take_stock
from tdkt_models.audit import recall_audit
from tdkt_models.results import recall_results
from tdkt_models.scores import recall_cards
from tests.score_office import (
    card,
    keep_a_year,
    keep_scored,
    occasion,
    person,
    small_office,
)

OCTOBER = "2026-10"


def signed(
    office: Office, period: str, who: str = "Lò Văn A", note: str = "Thống nhất", **values: object
) -> Approved:
    return approve.fn(occasion(office, period), Signature(who, note, **values))  # type: ignore[arg-type]


def results(office: Office, period: str) -> dict[str, object]:
    with office.book() as book, book.reading() as conn:
        return {r.cadre: (r.total, r.grade, r.version) for r in recall_results(conn, period)}


def test_an_approved_month_is_locked_and_says_who_and_when(tmp_path: Path, book_url: str) -> None:
    with small_office(tmp_path, book_url) as office:
        keep_scored(office, [card("A-01", OCTOBER, 9100), card("B-01", OCTOBER, 7000)])
        done = signed(office, OCTOBER)
        assert done.final and done.persons == 2
        approved = take_stock.fn(occasion(office, OCTOBER)).as_json()["approved"]
        assert (approved["by"], approved["note"]) == ("Lò Văn A", "Thống nhất")
        assert approved["at"].startswith("2027-01-20")
        before = results(office, OCTOBER)
        # Neither unit has a report: an unlocked run would empty these cards.
        score.fn(occasion(office, OCTOBER), ("A", "B"))
        with office.book() as book, book.reading() as conn:
            assert [c.total for c in recall_cards(conn, OCTOBER)] == [9100, 7000]
            (entry,) = recall_audit(conn, what="results.approved")
        assert (entry.who, entry.subject) == ("Lò Văn A", OCTOBER)
        assert results(office, OCTOBER) == before == {
            "A-01": (9100, Grade.EXCELLENT, 1), "B-01": (7000, Grade.GOOD, 1),
        }  # fmt: skip


def test_a_refusal_opens_the_period_again_and_the_next_approval_adds_a_version(
    tmp_path: Path, book_url: str
) -> None:
    with small_office(tmp_path, book_url) as office:
        keep_scored(office, [card("A-01", OCTOBER, 9100)])
        signed(office, OCTOBER)
        with pytest.raises(ChannelRefused, match="đã được Lò Văn A phê duyệt"):
            signed(office, OCTOBER, "Vàng A Páo")
        signed(office, OCTOBER, note="Có đơn phản ánh", refuse=True)
        assert results(office, OCTOBER) == {}
        assert take_stock.fn(occasion(office, OCTOBER)).as_json()["approved"] is None
        keep_scored(office, [card("A-01", OCTOBER, 8800)])
        signed(office, OCTOBER)
        assert results(office, OCTOBER) == {"A-01": (8800, Grade.GOOD, 2)}


def test_nothing_can_be_approved_before_there_are_results(tmp_path: Path, book_url: str) -> None:
    with (
        small_office(tmp_path, book_url) as office,
        pytest.raises(ChannelRefused, match="chưa có kết quả nào"),
    ):
        signed(office, OCTOBER)


def a_year(office: Office) -> None:
    best = {"A-01": 9600, "A-02": 9300, "A-03": 9300, "A-04": 9100}
    keep_a_year(office, best | {f"A-{n:02}": 8000 for n in range(5, 13)})
    roll_up.fn(occasion(office, "2026"), ("A",))


STAFF = [person(f"A-{n:02}", duties="") for n in range(1, 13)]  # 12 people: quota 2


def test_a_year_goes_from_the_unit_to_the_office_to_the_council(
    tmp_path: Path, book_url: str
) -> None:
    with small_office(tmp_path, book_url, STAFF) as office:
        a_year(office)
        with pytest.raises(ChannelRefused, match=r"bằng điểm ở vạch cắt.*A-02, A-03"):
            signed(office, "2026")
        drawn = choose_in_tie(occasion(office, "2026"), ["A-03"], "Lò Văn A", "Sáng kiến")
        assert drawn.excellent == ("A-01", "A-03") and drawn.displaced == ("A-02", "A-04")
        with pytest.raises(ChannelRefused, match="1 đơn vị chưa có thủ trưởng phê duyệt: A"):
            signed(office, "2026")
        assert signed(office, "2026", "Sùng Thị Mỷ", unit="A").following is not None
        assert not signed(office, "2026").final
        roll_up.fn(occasion(office, "2026"), ("A",))  # locked already: nothing is made anew
        assert signed(office, "2026", "Chủ tịch Hội đồng").final
        approved = results(office, "2026")
        assert approved["A-02"] == (9300, Grade.GOOD, 1), "points stay, grades move"
        assert [code for code, (_, grade, _) in approved.items() if grade is Grade.EXCELLENT] == [
            "A-01", "A-03",
        ]  # fmt: skip


def test_with_the_two_person_rule_each_stage_needs_another_name(
    tmp_path: Path, book_url: str
) -> None:
    with small_office(tmp_path, book_url, STAFF) as office:
        path = office.folder / "office.toml"
        text = path.read_text("utf-8").replace("two_persons = false", "two_persons = true")
        path.write_text(text, "utf-8")
        a_year(office)
        choose_in_tie(occasion(office, "2026"), ["A-03"], "Lò Văn A", "Sáng kiến")
        signed(office, "2026", "Sùng Thị Mỷ", unit="A")
        signed(office, "2026", "Lò Văn A")
        with pytest.raises(ChannelRefused, match="cần một người khác"):
            signed(office, "2026", "  lò văn  a")
        assert signed(office, "2026", "Vàng A Páo").final


def test_a_choice_must_name_who_is_level_and_fit_the_seats(tmp_path: Path, book_url: str) -> None:
    with small_office(tmp_path, book_url, STAFF) as office:
        a_year(office)
        about = occasion(office, "2026")
        assert draw_quota.fn(about).ties == ("A-02", "A-03")
        with pytest.raises(ChannelRefused, match="A-04 không nằm trong số người bằng điểm"):
            choose_in_tie(about, ["A-04"], "Lò Văn A", "vì")
        with pytest.raises(ChannelRefused, match="hãy chọn đúng 1 người"):
            choose_in_tie(about, ["A-02", "A-03"], "Lò Văn A", "vì")
        with pytest.raises(ChannelRefused, match="ghi người quyết định"):
            choose_in_tie(about, ["A-02"], "", "")
        assert draw_quota.fn(about).ties == ("A-02", "A-03"), "a refused choice leaves nothing"


def test_the_commands_approve_and_show_the_quota(tmp_path: Path, book_url: str) -> None:
    with small_office(tmp_path, book_url, STAFF) as office:
        a_year(office)
        home = ["--home", str(office.folder)]
        shown = CliRunner().invoke(tdkt, ["quota", "2026", "--json", *home])
        told = json.loads(shown.output)
        assert told["tied"] == ["A-02", "A-03"] and told["excellent"] == ["A-01"]
        assert "thứ 1 trong chỉ tiêu 2 (20% số xếp “tốt” trong 12 người" in told["why"]["A-01"]
        assert told["lists"][0]["seats_by_reading"] == {
            "GOOD_ONLY": 2, "GOOD_OR_BETTER": 2, "ALL_RATED": 2,
        }  # fmt: skip
        in_words = CliRunner().invoke(tdkt, ["quota", "2026", *home])
        assert "Chưa áp dụng cho ai" in in_words.output
        keep_scored(office, [card("A-01", OCTOBER, 9100)])
        args = ["approve", OCTOBER, "--by", "Lò Văn A", "--note", "Đồng ý", *home]
        done = CliRunner().invoke(tdkt, args)
        assert "Đã khóa kết quả" in done.output, done.output
