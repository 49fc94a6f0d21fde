"""What follows from one changed result: quota drawn anew, longer periods, a year's confirmation.

Nothing that a person approved is overwritten: it is proposed, and a named person decides.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from channels.errors import ChannelRefused
from cli.main import tdkt
from review.appeals import CaseKind, CaseState
from review.cadres import Cadre
from review.scorecard import CardStatus, Grade
from tasks.appeals import decide_case, open_case
from tasks.approve import Approved, Signature, approve
from tasks.office import Office
from tasks.quota import EVERYONE, draw_quota, not_waiting
from tasks.restate import restate
from tasks.roll_up import roll_up
from tasks.take_stock import take_stock
from tdkt_models.appeals import recall_appeals
from tdkt_models.letter_ledger import ledger
from tdkt_models.period_scores import recall_period_scores
from tdkt_models.quotas import recall_lists
from tdkt_models.results import recall_results, recall_versions
from tests.score_office import (
    card,
    keep_a_year,
    keep_months,
    keep_scored,
    occasion,
    person,
    small_office,
)

YEAR = "2026"
STAFF: list[Cadre] = [person(f"A-{n:02}", duties="") for n in range(1, 13)]  # 12 people: quota 2
TOTALS = {"A-01": 9600, "A-02": 9300, "A-03": 8980}
EVERYBODY = {who.code: TOTALS.get(who.code, 8000) for who in STAFF}


def signed(
    office: Office, day: str = "2027-01-25", period: str = YEAR, **values: object
) -> Approved:
    about = occasion(office, period, day)
    return approve.fn(about, Signature("Lò Văn A", "Thống nhất", **values))  # type: ignore[arg-type]


def approved_by_all(office: Office, day: str = "2027-01-25") -> Approved:
    signed(office, day, unit="A")
    signed(office, day)
    return signed(office, day)


def grades(office: Office, period: str = YEAR) -> dict[str, Grade | None]:
    with office.book() as book, book.reading() as conn:
        return {r.cadre: r.grade for r in recall_results(conn, period)}


def cases(office: Office, period: str = YEAR) -> dict[tuple[str, CaseKind], CaseState]:
    with office.book() as book, book.reading() as conn:
        return {(c.cadre, c.kind): c.state for c in recall_appeals(conn, period)}


def number_of(office: Office, cadre: str, kind: CaseKind, period: str = YEAR) -> int:
    with office.book() as book, book.reading() as conn:
        found = [c for c in recall_appeals(conn, period) if (c.cadre, c.kind) == (cadre, kind)]
    return found[-1].id or 0


@contextmanager
def an_approved_year(folder: Path, url: str) -> Iterator[Office]:
    """A-01 and A-02 have the two seats; A-03 is at 89,80 and would be second with 95,00."""
    with small_office(folder, url, STAFF) as office:
        keep_a_year(office, EVERYBODY)
        roll_up.fn(occasion(office, YEAR), ("A",))
        draw_quota.fn(occasion(office, YEAR))
        assert approved_by_all(office).final
        yield office


def raised(office: Office, cadre: str = "A-03", total: int = 9500) -> None:
    """Every month of one person is corrected, as appeals on the months would leave them."""
    keep_months(office, cadre, dict.fromkeys(range(1, 13), total))
    about = occasion(office, "2026-12", "2027-02-01")
    with office.book() as book, book.writing() as conn:
        restate(conn, about, cadre, "Vàng A Páo")


def test_an_approved_year_is_not_restated_but_proposed(tmp_path: Path, sqlite_url: str) -> None:
    with an_approved_year(tmp_path, sqlite_url) as office:
        before = grades(office)
        raised(office)
        assert grades(office) == before, "nothing approved is overwritten"
        assert cases(office) == {("A-03", CaseKind.RESTATEMENT): CaseState.OPEN}
        with office.book() as book, book.reading() as conn:
            (case,) = recall_appeals(conn, YEAR)
            kept = {s.whose.cadre: s.score for s in recall_period_scores(conn, YEAR)}
        assert (
            "89,80 → 95,00" in case.grounds and "tốt nhiệm vụ → hoàn thành xuất sắc" in case.grounds
        )
        assert dict(case.snapshot["parts"])["2026-12"] == 8980, "frozen when it was opened"
        assert kept["A-03"] == 8980


def test_the_quota_is_drawn_anew_and_who_would_move_is_proposed(
    tmp_path: Path, book_url: str
) -> None:
    with an_approved_year(tmp_path, book_url) as office:
        raised(office)
        about = occasion(office, YEAR, "2027-02-02")
        case = decide_case(
            about,
            number_of(office, "A-03", CaseKind.RESTATEMENT),
            "Vàng A Páo",
            "Đúng",
            uphold=True,
        )
        assert case.outcome["total"] == [8980, 9500]
        after = grades(office)
        # Both seats are taken by those approved: A-03 waits, A-02 is not pushed out by the program.
        assert after["A-03"] is Grade.GOOD and after["A-02"] is Grade.EXCELLENT
        assert cases(office) == {
            ("A-03", CaseKind.RESTATEMENT): CaseState.UPHELD,
            ("A-02", CaseKind.QUOTA): CaseState.OPEN,
            ("A-03", CaseKind.QUOTA): CaseState.OPEN,
        }
        with office.book() as book, book.reading() as conn:
            latest = recall_versions(conn, YEAR, "A-03")[-1]
            told = [one for one in ledger(conn, YEAR) if one.letter.person == "office/de-xuat"]
        assert latest.version == 2 and "chờ xét lại tỷ lệ" in latest.why
        facts = " ".join(told[-1].letter.payload["facts"])
        assert "A-02" in facts and "A-03" in facts

        up, down = (number_of(office, code, CaseKind.QUOTA) for code in ("A-03", "A-02"))
        with pytest.raises(ChannelRefused, match="A đã đủ chỉ tiêu"):
            decide_case(about, up, "Vàng A Páo", "Nâng", uphold=True)
        decide_case(about, down, "Vàng A Páo", "Theo thứ tự điểm", uphold=True)
        decide_case(about, up, "Vàng A Páo", "Theo thứ tự điểm", uphold=True)
        assert [code for code, grade in grades(office).items() if grade is Grade.EXCELLENT] == [
            "A-01", "A-03",
        ]  # fmt: skip


def test_a_proposal_that_was_dismissed_is_not_made_again(tmp_path: Path, sqlite_url: str) -> None:
    with an_approved_year(tmp_path, sqlite_url) as office:
        raised(office)
        about = occasion(office, YEAR, "2027-02-02")
        restated = number_of(office, "A-03", CaseKind.RESTATEMENT)
        decide_case(about, restated, "Vàng A Páo", "Đúng", uphold=True)
        down = number_of(office, "A-02", CaseKind.QUOTA)
        decide_case(about, down, "Vàng A Páo", "Giữ kết quả đã công bố", uphold=False)
        args = ["quota", YEAR, "--json", "--home", str(office.folder)]
        shown = json.loads(CliRunner().invoke(tdkt, args).output)
        assert {m["cadre"] for m in shown["moves_since_approval"]} == {"A-02", "A-03"}
        with office.book() as book, book.reading() as conn:
            (list_,) = recall_lists(conn, YEAR)
        assert list_.chosen == ("A-01", "A-02"), "the lists that were approved stay"
        assert grades(office)["A-02"] is Grade.EXCELLENT


def test_a_free_seat_is_given_at_once_with_the_decision(tmp_path: Path, sqlite_url: str) -> None:
    with small_office(tmp_path, sqlite_url, STAFF) as office:
        keep_a_year(office, {**dict.fromkeys(EVERYBODY, 8000), "A-01": 9600})
        roll_up.fn(occasion(office, YEAR), ("A",))
        approved_by_all(office)
        raised(office)
        about = occasion(office, YEAR, "2027-02-02")
        restated = number_of(office, "A-03", CaseKind.RESTATEMENT)
        decide_case(about, restated, "Vàng A Páo", "Đúng", uphold=True)
        assert grades(office)["A-03"] is Grade.EXCELLENT
        assert (("A-03", CaseKind.QUOTA)) not in cases(office)


def test_a_move_that_is_no_longer_due_is_withdrawn(tmp_path: Path, sqlite_url: str) -> None:
    with an_approved_year(tmp_path, sqlite_url) as office:
        raised(office)
        about = occasion(office, YEAR, "2027-02-02")
        restated = number_of(office, "A-03", CaseKind.RESTATEMENT)
        decide_case(about, restated, "Vàng A Páo", "Đúng", uphold=True)
        raised(office, total=9000)
        again = number_of(office, "A-03", CaseKind.RESTATEMENT)
        decide_case(about, again, "Vàng A Páo", "Số liệu sửa lại", uphold=True)
        assert cases(office)["A-02", CaseKind.QUOTA] is CaseState.WITHDRAWN
        with pytest.raises(ChannelRefused, match="đã được rút"):
            number = number_of(office, "A-02", CaseKind.QUOTA)
            decide_case(about, number, "Vàng A Páo", "Nhầm", uphold=True)


def test_a_years_own_result_may_be_appealed(tmp_path: Path, sqlite_url: str) -> None:
    with an_approved_year(tmp_path, sqlite_url) as office:
        about = occasion(office, YEAR, "2027-02-02")
        number = open_case(about, "A-03", "Lò Thị A3", "Tháng 3 chưa tính đủ")
        keep_months(office, "A-03", {3: 9300})
        case = decide_case(about, number, "Vàng A Páo", "Có căn cứ", uphold=True)
        assert case.outcome["total"] == [8980, 9007]
        assert case.snapshot["total"] == 8980 and len(case.snapshot["parts"]) == 12
        with office.book() as book, book.reading() as conn:
            scores = {s.whose.cadre: s.score for s in recall_period_scores(conn, YEAR)}
        assert (scores["A-03"], scores["A-02"]) == (9007, 9300)


def test_a_year_is_confirmed_in_january_and_until_then_the_provisional_result_stands(
    tmp_path: Path, sqlite_url: str
) -> None:
    with small_office(tmp_path, sqlite_url, STAFF) as office:
        keep_a_year(office, EVERYBODY, range(1, 12))
        december = occasion(office, YEAR, "2026-12-10")
        roll_up.fn(december, ("A",))
        assert approved_by_all(office, "2026-12-12").final
        assert grades(office)["A-02"] is Grade.EXCELLENT

        keep_a_year(office, {**dict.fromkeys(EVERYBODY, 8000), "A-02": 5000}, [12])
        with pytest.raises(ChannelRefused, match="mới là tạm tính"):
            signed(office, "2027-01-12")
        roll_up.fn(occasion(office, YEAR, "2027-01-16"), ("A",))
        assert grades(office)["A-02"] is Grade.EXCELLENT, "approved: it stands until confirmed"
        approval = take_stock.fn(occasion(office, YEAR, "2027-01-16")).as_json()["approved"]
        assert approval["basis"] == "tam_tinh"
        with pytest.raises(ChannelRefused, match="đang chờ xác nhận"):
            open_case(occasion(office, YEAR, "2026-12-20"), "A-02", "Lò Thị A2", "vì")

        done = approved_by_all(office, "2027-01-18")
        assert done.final and done.changed == ("A-02",)
        with office.book() as book, book.reading() as conn:
            first, second = recall_versions(conn, YEAR, "A-02")
        assert (first.total, second.total) == (9300, 8942)
        assert "Tạm tính hoàn thành xuất sắc" in second.why and second.grade is Grade.GOOD
        approval = take_stock.fn(occasion(office, YEAR, "2027-01-18")).as_json()["approved"]
        assert approval["basis"] == "chinh_thuc"


def test_refusing_the_final_results_leaves_the_provisional_ones_in_force(
    tmp_path: Path, sqlite_url: str
) -> None:
    with small_office(tmp_path, sqlite_url, STAFF) as office:
        keep_a_year(office, dict.fromkeys(EVERYBODY, 8000))
        roll_up.fn(occasion(office, YEAR, "2026-12-10"), ("A",))
        approved_by_all(office, "2026-12-12")
        roll_up.fn(occasion(office, YEAR, "2027-01-16"), ("A",))
        signed(office, "2027-01-17", refuse=True)
        assert grades(office)["A-01"] is Grade.GOOD


def test_results_that_changed_after_the_unit_signed_are_signed_again(
    tmp_path: Path, sqlite_url: str
) -> None:
    with small_office(tmp_path, sqlite_url, STAFF) as office:
        keep_a_year(office, dict.fromkeys(EVERYBODY, 8000))
        roll_up.fn(occasion(office, YEAR), ("A",))
        signed(office, unit="A")
        keep_months(office, "A-01", {1: 9900})
        about = occasion(office, "2026-01", "2027-02-01")
        with office.book() as book, book.writing() as conn:
            again = restate(conn, about, "A-01", "Vàng A Páo").again
        assert [str(period) for period in again] == [YEAR]
        from tasks.one_result import keep_one

        with office.book() as book, book.writing() as conn:
            year = occasion(office, YEAR)
            keep_one(conn, year, card("A-01", YEAR, 8158), direct=False)
        with pytest.raises(ChannelRefused, match="1 đơn vị chưa có thủ trưởng phê duyệt: A"):
            signed(office)


def test_who_has_no_result_yet_holds_up_the_quota_until_a_person_decides(
    tmp_path: Path, sqlite_url: str
) -> None:
    with small_office(tmp_path, sqlite_url, STAFF) as office:
        keep_a_year(office, EVERYBODY)
        keep_scored(office, [card("A-12", f"2026-{n:02}", None) for n in range(1, 13)])
        roll_up.fn(occasion(office, YEAR), ("A",))
        signed(office, unit="A")
        with pytest.raises(ChannelRefused, match=r"chưa xếp được .*\(A-02\)"):
            signed(office)
        about = occasion(office, YEAR)
        with pytest.raises(ChannelRefused, match="A-05 không phải là người đang chờ"):
            not_waiting(about, ["A-05"], "Lò Văn A", "vì")
        drawn = not_waiting(about, [EVERYONE], "Lò Văn A", "Nghỉ không báo cáo")
        assert drawn.excellent == ("A-01",) and drawn.ties == () and drawn.displaced == ("A-02",)
        signed(office)
        assert signed(office).final
        with office.book() as book, book.reading() as conn:
            kept = {r.cadre: r for r in recall_results(conn, YEAR)}
        assert kept["A-12"].status is CardStatus.INSUFFICIENT and kept["A-12"].grade is None
