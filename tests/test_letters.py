"""The letters of a month, read as prose in tests/golden/, and who may read what in them.

REGOLD=1 pytest tests/test_letters.py writes the golden files anew; read the difference before
committing it.
"""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from letter_samples import (
    CADRES,
    CARD,
    CARDS,
    CLOSED,
    ENTRIES,
    ENTRY,
    FINDINGS,
    FOLLOWING,
    INH,
    LEADER_CARD,
    LETTERS,
    MONTH,
    MUONG_TE,
    MY,
    OFFICE,
    OTHER,
    SAMPLES,
    at,
    digest,
    own_result,
    reminder,
    result,
    returned,
    worded,
)

from channels.rendering import TEMPLATES, render
from review.balance import balance
from review.findings import Finding, Severity, Verdict
from review.letter_rows import (
    MOST_FINDINGS,
    CommonRows,
    all_plain,
    card_block,
    findings_block,
    plain,
)
from review.letterhead import copies
from review.letters import (
    office_digest,
    unit_reminder,
    unit_result,
    unit_returned,
)
from review.letters_cadre import cadre_result
from review.post import LetterKind
from review.roll import RollEntry, RollState, tally
from review.scorecard import CardStatus, Reason, Scorecard

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("name", SAMPLES)
def test_letters_read_as_agreed(name: str) -> None:
    rendered = worded(name)
    parts = {"txt": f"{rendered.subject}\n\n{rendered.text}", "html": rendered.html}
    for ending, words in parts.items():
        path = GOLDEN / f"{name}.{ending}"
        if os.environ.get("REGOLD"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(words, encoding="utf-8")
        assert path.read_text(encoding="utf-8") == words, f"{path} differs; see REGOLD above"


def test_every_kind_of_letter_has_a_sample_a_name_and_both_templates() -> None:
    assert {make().kind for make in LETTERS.values()} == set(LetterKind)
    for kind in LetterKind:
        for ending in ("txt", "html"):
            assert (TEMPLATES / f"{kind.value}.{ending}.j2").is_file() and kind.label


@pytest.mark.parametrize("name", LETTERS)
def test_a_payload_survives_the_ledger(name: str) -> None:
    letter = LETTERS[name]()
    kept = replace(letter, payload=json.loads(json.dumps(letter.payload)))
    assert render(kept) == render(letter)


def test_a_cadres_letter_names_nobody_else() -> None:
    letter = own_result()
    rendered = render(letter)
    everything = rendered.subject + rendered.text + rendered.html + json.dumps(dict(letter.payload))
    assert letter.about == (INH.code,) and letter.to == INH.email
    for other in (*CADRES[1:], OTHER):
        assert other.code not in everything and other.name not in everything


def test_a_card_cannot_go_to_somebody_else() -> None:
    with pytest.raises(ValueError, match="03637-01"):
        cadre_result(OFFICE, MUONG_TE, MY, CARD)


def test_a_units_letter_holds_its_own_cadres_only() -> None:
    strange = CARD._replace(cadre=OTHER.code, unit=OTHER.unit)
    task = replace(FOLLOWING[0], owner=OTHER.code, code="2026-11-09")
    letter = unit_result(
        OFFICE, MUONG_TE, ENTRY, (), (*CARDS, strange), (*CADRES, OTHER),
        closed=(*CLOSED, replace(CLOSED[0], unit="03549", content="việc của xã khác")),
        following=(*FOLLOWING, task), today=date(2026, 11, 10), next_due=at(7, month=12),
    )  # fmt: skip
    rendered = render(letter)
    everything = rendered.text + rendered.html + json.dumps(dict(letter.payload))
    assert OTHER.code not in everything and OTHER.name not in everything
    assert "xã khác" not in everything
    assert letter.about == ("03637", "03637-01", "03637-02", "03637-03")


def test_the_digest_tells_of_units_and_of_no_person() -> None:
    rendered = render(digest())
    for cadre in CADRES:
        assert cadre.name not in rendered.text + rendered.html
        assert cadre.code not in rendered.text + rendered.html


def test_a_returned_report_says_at_once_what_to_do_by_when() -> None:
    text = render(returned()).text
    assert text.startswith(
        "Báo cáo tháng 10/2026 được trả lại: đề nghị đơn vị sửa 2 chỗ "
        "và gửi lại trước 17 giờ 00 ngày 09/11/2026.\n"
    )
    assert text.index("Ô O7") < text.index("Ô P8") and text.index("Phải sửa:") < text.index(
        "Lưu ý:"
    )


def test_a_file_that_cannot_be_read_is_asked_for_again() -> None:
    finding = Finding(
        "ENCRYPTED", Severity.MUST_FIX, "", "", "", "Tệp có mật khẩu.", "Bỏ mật khẩu."
    )
    letter = unit_returned(
        OFFICE, MUONG_TE, MONTH, [finding], deadline=at(9), verdict=Verdict.UNREADABLE
    )
    text = render(letter).text
    assert text.startswith("Không đọc được tệp") and "TOÀN BỘ TỆP" in text


def test_at_most_forty_faults_are_printed_the_gravest_first() -> None:
    notes = [replace(FINDINGS[0], cell=f"A{n}") for n in range(60)]
    block = findings_block([*notes, FINDINGS[1]])
    rows = [row for group in block["groups"] for row in group["rows"]]
    assert len(rows) == MOST_FINDINGS and rows[0]["severity"] == "must_fix"
    assert (block["total"], block["rest"]) == (61, 21)
    assert block["counts"] == {"must_fix": 1, "must_explain": 0, "note": 60}


def test_a_result_is_called_provisional_wherever_a_grade_stands() -> None:
    for letter in (result(), own_result(), digest()):
        rendered = render(letter)
        assert "dự kiến" in rendered.text.lower() and "chưa qua phê duyệt" in rendered.text
        assert "chưa qua phê duyệt" in rendered.html


def test_a_grade_below_its_points_says_why() -> None:
    text = render(own_result()).text
    assert "Tổng điểm: 90,44/100" in text
    assert "Xếp loại dự kiến: Hoàn thành tốt nhiệm vụ" in text
    assert "Theo điểm là Hoàn thành xuất sắc nhiệm vụ" in text
    assert "Điều 20 Nghị định 335/2025/NĐ-CP" in text
    assert "[S3 Công việc – sản phẩm!J9; S3 Công việc – sản phẩm!K9]" in text


def test_what_cost_most_comes_first() -> None:
    lost = own_result().payload["card"]["lost"]
    assert [row["lost"] for row in lost] == [389, 292, 275]


def test_a_leaders_letter_shows_d_dd_and_e() -> None:
    letter = cadre_result(OFFICE, MUONG_TE, MY, LEADER_CARD)
    assert [term["label"][0] for term in letter.payload["card"]["terms"]] == list("abcdđe")


def test_missing_data_is_never_shown_as_a_score() -> None:
    card = Scorecard(INH.code, "03637", MONTH, CardStatus.INSUFFICIENT)
    rendered = render(cadre_result(OFFICE, MUONG_TE, INH, card))
    assert "/100" not in rendered.text + rendered.html and "Chưa đủ dữ liệu" in rendered.text


def test_a_nil_report_counts_as_sent() -> None:
    entry = RollEntry("03637", MONTH, at(5), RollState.NIL, Verdict.ACCEPTED, True, at(3, 8))
    letter = unit_result(
        OFFICE, MUONG_TE, entry, (), (), CADRES, today=date(2026, 11, 6), next_due=at(7, month=12)
    )
    assert "Đơn vị được tính là đã nộp." in render(letter).text


def test_a_reminder_changes_its_tone_after_the_date() -> None:
    late = unit_reminder(
        OFFICE, MUONG_TE, replace(ENTRIES[1], late_days=2), now=at(9), last_day=at(16)
    )
    assert "trước 17 giờ 00 ngày 05/11/2026" in render(reminder()).text.splitlines()[0]
    assert "đã quá hạn 2 ngày làm việc" in render(late).text.splitlines()[0]


def test_figures_of_the_digest_add_up() -> None:
    payload = digest().payload
    for figure in ("roll", "received", "accepted", "returned", "nil", "missing", "late"):
        assert sum(row[figure] for row in payload["clusters"]) == payload["roll"][figure]
    assert sum(grade["count"] for grade in payload["grades"]) == payload["persons"]["scored"]
    assert payload["roll"]["completeness"] == 3333
    assert payload["owing_total"] == 2 and payload["frequent"][0]["units"] == 2


def test_each_reader_of_the_digest_has_a_letter_of_his_own() -> None:
    letters = copies(digest(), ["a@x.vn", "b@x.vn", "a@x.vn"])
    assert [(letter.to, letter.person) for letter in letters] == [
        ("a@x.vn", "office"), ("b@x.vn", "office-2"),
    ]  # fmt: skip


def test_a_unit_without_an_address_still_gets_its_letter_written() -> None:
    assert (
        unit_reminder(OFFICE, replace(MUONG_TE, contacts=()), ENTRY, now=at(4), last_day=at(9)).to
        == ""
    )


def test_text_of_a_stranger_is_one_clean_line() -> None:
    assert plain("a\u202eb\r\n c\x00") == "ab c"
    assert plain("e\u0302\u0301") == "ế" and len(plain("x" * 999)) == 400


AWKWARD = st.text(alphabet="aế \u0301\u0302\u202e\u00a0\x00\n|\u1100\u1161", max_size=6)


@given(st.lists(AWKWARD, max_size=4))
def test_sentences_looked_at_together_are_as_plain_as_each_alone(texts: list[str]) -> None:
    assert [*all_plain(texts, 5)] == [plain(one, 5) for one in texts]


def test_figures_that_add_up_are_balanced() -> None:
    good = balance(tally(ENTRIES), CARDS, on_roll=3, letters={"sent": 4, "held": 1}, written=5)
    assert good.balanced and good.faults == ()


def test_a_figure_that_does_not_add_is_named() -> None:
    counts = replace(tally(ENTRIES), accepted=2)
    ungraded = CARD._replace(grade=None)
    faults = balance(counts, (CARD, ungraded), on_roll=3, letters={"sent": 4}, written=5).faults
    assert faults == (
        "Danh sách có 3 đơn vị nhưng cộng các trạng thái được 4 (đạt 2, trả lại 1, "
        "không phát sinh 0, chưa nộp 1, để riêng 0).",
        "Chỉ ghi nhận 2 đơn vị có tệp gửi đến nhưng có 3 đơn vị đạt hoặc bị trả lại.",
        "Danh sách có 3 cán bộ nhưng có 2 phiếu điểm.",
        "Cán bộ có nhiều hơn một phiếu điểm: 03637-01.",
        "1 cán bộ đã chấm điểm nhưng chưa có mức xếp loại: 03637-01.",
        "Đã viết 5 thư nhưng sổ thư đếm được 4.",
    )


def test_no_more_units_are_late_than_sent_anything() -> None:
    late = replace(tally(ENTRIES), late=3)
    faults = balance(late, CARDS, on_roll=3, letters={}, written=0).faults
    assert faults[0] == "Số đơn vị nộp muộn (3) nhiều hơn số đơn vị có tệp gửi đến (2)."


def test_many_clusters_are_folded_and_still_add_up() -> None:
    units = [replace(MUONG_TE, code=f"{n:05}", cluster=f"Cụm {n:03}") for n in range(80)]
    entries = [RollEntry(unit.code, MONTH, at(5)) for unit in units]
    letter = office_digest(
        OFFICE, MONTH, units=units, entries=entries, cards=(), findings=(), today=date(2026, 11, 6)
    )
    clusters = letter.payload["clusters"]
    assert len(clusters) == 30 and sum(row["missing"] for row in clusters) == 80
    assert clusters[-1]["name"] == "51 cụm, khối khác"
    assert len(render(letter).html.encode()) < 90_000


def test_rows_that_letters_have_in_common_are_the_same_after_there_were_too_many() -> None:
    rows, reason = CommonRows(most=2), Reason("general", "1.1 Ý thức: 2/3 điểm.", 100, ("S4!E6",))
    first = dict(rows[reason])
    for number in range(5):
        assert rows[reason._replace(lost=number)]["lost"] == number
        assert len(rows) <= 2
    assert rows[reason] == first
    assert card_block(CARD.with_reasons([reason]))["lost"] == [first]
