"""What the forms of the desk ask, and what their answers do: the same as the commands do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from test_approval import OCTOBER, STAFF, a_year, results
from test_post_office import a_real_office, keep, reminder

from channels.capture import CaptureServer
from channels.errors import ChannelRefused
from flows import approving, arming, choosing, extending, releasing
from flows.asking import Answer, Blank, Question, Settled, form_of
from flows.holding import AtWork, Work, holding
from review.post import LetterState
from review.powers import Approver, Power
from review.scorecard import Grade
from tasks.cards import Wanted
from tdkt_models.armings import armed
from tdkt_models.base import upgrade
from tdkt_models.letter_ledger import ledger
from tdkt_models.letters import Outcome, claim, finish, mark_sending, queue
from tdkt_models.roll import recall_roll
from tests.score_office import card, keep_scored, occasion
from tests.score_office import small_office as scored_office
from tests.small_office import small_office

INH, MY = "Lò Văn Inh", "Sùng Thị Mỷ"


def question(found: Question | Settled) -> Question:
    assert isinstance(found, Question), found
    return found


def test_a_month_is_approved_or_given_back_by_the_form(tmp_path: Path, book_url: str) -> None:
    with scored_office(tmp_path, book_url) as office:
        about = occasion(office, OCTOBER, "2026-11-12")
        assert "chưa có kết quả" in _settled(approving.question_of(about))
        keep_scored(office, [card("A-01", OCTOBER, 9100)])
        asked = question(approving.question_of(about))
        assert asked.power is Power.APPROVE and "chờ phê duyệt" in asked.matter
        back = Answer(INH, "Xem lại điểm", {approving.RULING: approving.Ruling.RETURN})
        assert approving.carry_out(about, "", back)["ruling"] == "refused"
        given = Answer(INH, "Thống nhất", {approving.RULING: approving.Ruling.APPROVE})
        told = approving.carry_out(about, "", given)
        assert told["final"] and told["persons"] == 1
        assert results(office, OCTOBER) == {"A-01": (9100, Grade.EXCELLENT, 1)}
        assert "đã được phê duyệt" in _settled(approving.question_of(about))
        again = question(approving.question_of(about, reopen=True))
        assert list(again.fields) == [approving.RULING]


def _settled(found: Question | Settled) -> str:
    assert isinstance(found, Settled), found
    return found.says


def test_nothing_is_approved_while_a_review_is_at_work(tmp_path: Path, book_url: str) -> None:
    with scored_office(tmp_path, book_url) as office:
        about = occasion(office, OCTOBER, "2026-11-12")
        keep_scored(office, [card("A-01", OCTOBER, 9100)])
        given = Answer(INH, "Thống nhất", {approving.RULING: approving.Ruling.APPROVE})
        with holding(replace(about, run="review"), Work.REVIEW), pytest.raises(AtWork):
            approving.carry_out(about, "", given)


def test_a_tie_is_asked_list_by_list_and_wants_as_many_as_there_are_seats(
    tmp_path: Path, book_url: str
) -> None:
    with scored_office(tmp_path, book_url, STAFF) as office:
        a_year(office)
        about = occasion(office, "2026")
        asked = question(choosing.question_of(about))
        assert "chọn 1 trong 2 người bằng điểm" in asked.matter and asked.again
        assert "A-02" in asked.facts and "Lò Thị" not in " ".join(asked.facts), "codes, no names"
        both = Answer(INH, "Có sáng kiến", {choosing.CHOSEN: ["A-02", "A-03"]})
        with pytest.raises(ValueError, match="đúng 1 người"):
            choosing.carry_out(about, both)
        one = replace(both, given={choosing.CHOSEN: ["A-03"]})
        assert choosing.carry_out(about, one)["chosen"] == 1
        assert "không còn ai bằng điểm" in _settled(choosing.question_of(about))


@pytest.mark.parametrize(
    ("shows", "choice", "seen"),
    [("figures", "Người thứ 2", "Người thứ 2"), ("names", "A-03", "A-03: Lò Thị A-03")],
)
def test_the_desk_sees_of_whom_it_decides_what_the_office_allows(
    tmp_path: Path, shows: str, choice: str, seen: str
) -> None:
    url = f"sqlite:///{tmp_path / 'office.db'}"
    upgrade(url)
    with scored_office(tmp_path, url, STAFF) as office:
        path = office.folder / "office.toml"
        path.write_text(path.read_text().replace('shows = "codes"', f'shows = "{shows}"'))
        a_year(office)
        about = occasion(office, "2026")
        asked = question(choosing.question_of(about))
        assert seen in asked.facts
        assert (shows != "figures") or "A-03" not in " ".join(asked.facts)
        given = Answer(INH, "Có sáng kiến", {choosing.CHOSEN: [choice]})
        assert choosing.carry_out(about, given)["chosen"] == 1


def test_arming_lets_the_letters_of_the_period_leave(tmp_path: Path) -> None:
    with (
        CaptureServer(tmp_path / "kept") as server,
        a_real_office(tmp_path / "office", f"smtp://127.0.0.1:{server.port}") as desk,
    ):
        keep(desk, reminder(desk.occasion))
        asked = question(arming.question_of(desk.occasion))
        assert "1 thư" in asked.facts[0] and "chưa được phép" in asked.facts[-1]
        stop = Answer(INH, "", {arming.RULING: arming.Ruling.STOP})
        assert arming.carry_out(desk.occasion, stop) == {"armed": False}
        assert not server.letters
        done = arming.carry_out(
            desk.occasion, replace(stop, given={arming.RULING: arming.Ruling.DAY})
        )
        assert done["armed"] and done["sent"] == 1 and len(server.letters) == 1
        with desk.book.reading() as conn:
            arming_now = armed(conn, datetime.now(UTC))
        assert arming_now and arming_now.by_whom == INH


def test_an_office_that_only_keeps_its_letters_needs_no_arming(tmp_path: Path) -> None:
    with a_real_office(tmp_path / "office", "capture:") as desk:
        assert "không cần cho phép" in _settled(arming.question_of(desk.occasion))


def in_doubt(desk, letter: int) -> None:
    stamp = desk.occasion.stamp
    with desk.book.writing() as conn:
        queue(conn, OCTOBER, stamp)
        token, _ = claim(conn, 5, 60_000, stamp.at)
        assert mark_sending(conn, letter, token, stamp)
        finish(conn, letter, token, Outcome(LetterState.IN_DOUBT, reason="Mất nối."), stamp)


def test_a_letter_in_doubt_is_settled_or_goes_again(tmp_path: Path) -> None:
    with a_real_office(tmp_path / "office", "capture:") as desk:
        keep(desk, reminder(desk.occasion))
        about = desk.occasion
        assert "không còn thư nào" in _settled(releasing.question_of(about))
        (one,) = state_of(desk)
        in_doubt(desk, one.id)
        asked = question(releasing.question_of(about))
        assert "1 thư chưa rõ" in asked.matter and "Nhắc" in asked.facts[0]
        assert "@" not in " ".join(asked.facts), "to whom is not said on the screen"
        held = {releasing.RULING: releasing.Ruling.JUDGE, releasing.LETTERS: ""}
        with pytest.raises(ValueError, match="không có thư nào hợp"):
            releasing.carry_out(about, Answer(INH, "…", held))
        strange = {releasing.RULING: releasing.Ruling.AGAIN, releasing.LETTERS: "999"}
        with pytest.raises(ValueError, match="999"):
            releasing.carry_out(about, Answer(INH, "…", strange))
        came = {releasing.RULING: releasing.Ruling.ARRIVED, releasing.LETTERS: str(one.id)}
        assert releasing.carry_out(about, Answer(INH, "Đã gọi hỏi", came))["letters"] == 1
        (now,) = state_of(desk)
        assert now.state is LetterState.SENT and f"{INH} xác nhận" in now.reason


def state_of(desk) -> list:
    with desk.book.reading() as conn:
        return ledger(conn, OCTOBER)


def test_more_time_is_given_to_one_unit_or_to_all_that_owe(tmp_path: Path) -> None:
    corner = small_office(tmp_path, units=("SYT", "SNV"))
    about = corner.occasion
    assert "kỳ chưa mở" in _settled(extending.question_of(about))
    corner.takes_in()
    asked = question(extending.question_of(about))
    assert "2 đơn vị còn nợ: SNV" in asked.facts[1]
    fields = {extending.UNIT: "SYT", extending.DAYS: extending.Days.D3}
    assert extending.carry_out(about, Answer(INH, "Lũ quét", fields))["units"] == 1
    strange = {**fields, extending.UNIT: "99999"}
    with pytest.raises(ChannelRefused, match="99999"):
        extending.carry_out(about, Answer(INH, "Lũ quét", strange))
    everyone = {**fields, extending.UNIT: " Tat-ca "}
    assert extending.carry_out(about, Answer(INH, "Lũ quét", everyone))["units"] == 2
    with about.office.book() as book, book.reading() as conn:
        dues = {entry.due for entry in recall_roll(conn, about.period_text)}
    assert len(dues) == 1 and dues.pop() > about.deadlines.due


def test_a_form_names_what_is_left_empty_as_the_person_knows_it() -> None:
    inh = Approver(1, INH, "i@x.vn", frozenset({Power.ARM}), "T-1", datetime.now(UTC), 40)
    fields = {"Quyết định": Blank(arming.Ruling)}
    asked = Question(Power.ARM, "Gửi thư | tháng 10", ("1 thư *chờ*",), fields)
    form = form_of(asked, [Wanted(inh, 7)], "Mã số 6 không đúng.")
    schema = form.model_json_schema(by_alias=True)
    assert set(schema["required"]) == {"Quyết định", "Người quyết định", "Mã xác nhận", asked.note}
    assert schema["properties"]["Mã xác nhận"]["format"] == "password"
    shown = str(form._description)
    assert "Mã số 6 không đúng" in shown and f"| {INH} | 7 |" in shown and "\\*chờ\\*" in shown
