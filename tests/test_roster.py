"""The roll as people keep it: in spreadsheets, retyped, renamed, with a zero lost on the way."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.csv_cells import guarded, unguarded
from channels.errors import ChannelRefused
from channels.roster_cells import clean
from channels.roster_file import RosterRead, read_roster, write_roster
from review.cadres import Cadre, Engagement, Group, Role, Sex
from review.findings import Finding, Severity
from review.period import Period
from review.roster import Roster, differences, merged
from review.roster_checks import problems_of
from review.units import Unit, UnitKind
from tests.drawer import HOSTILE, Desk

OCTOBER = Period.parse("2026-10")
HEAD = Cadre(
    "03637-01", "03637", "Lò Văn Inh", date(1980, 3, 5), Sex.MALE, Group.CIVIL_SERVANT,
    Engagement.CONCURRENT, 30, Role.HEAD, "Trưởng phòng", email="inh@laichau.example",
)  # fmt: skip
STAFF = HEAD._replace(code="03637-02", name="Lường Thị Pâng", sex=Sex.FEMALE, role=Role.STAFF,
    birth=date(1992, 5, 23), email="pang@laichau.example", since=date(2025, 7, 1),
)  # fmt: skip
COMMUNE = Unit(
    "03637", "Xã Mường Kim", UnitKind.COMMUNE, "Cụm Than Uyên", "03637-01",
    ("ubnd.muongkim@laichau.example", "vhxh.muongkim@laichau.example"),
)  # fmt: skip
ROSTER = Roster((COMMUNE,), (HEAD, STAFF))

CADRE_HEADINGS = (
    "Mã cán bộ;Mã đơn vị;Họ và tên;Giới tính;Nhóm đối tượng;Hình thức phụ trách;% thời gian;"
    "Vai trò;Ngày sinh"
)


def read_csv(tmp_path: Path, text: str, name: str = "cadres.csv") -> RosterRead:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read_roster(path, known=Roster((COMMUNE,)))


def one_row(tmp_path: Path, row: str) -> RosterRead:
    return read_csv(tmp_path, f"{CADRE_HEADINGS}\n{row}\n")


def checks(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(finding.check, finding.place) for finding in findings]


# Look-ups


def test_who_left_before_the_period_is_not_of_it() -> None:
    gone = STAFF._replace(code="03637-03", until=date(2026, 9, 30))
    leaving = STAFF._replace(code="03637-04", until=date(2026, 10, 1))
    to_come = STAFF._replace(code="03637-05", since=date(2026, 11, 1))
    roster = Roster((COMMUNE,), (HEAD, gone, leaving, to_come))
    assert roster.cadres_of("03637", OCTOBER) == (HEAD, leaving)
    assert roster.cadres_of("99999", OCTOBER) == ()


def test_a_unit_that_ended_owes_no_report() -> None:
    ended = replace(COMMUNE, code="03640", until=date(2026, 9, 30))
    assert Roster((COMMUNE, ended)).active(OCTOBER) == (COMMUNE,)


def test_a_code_nobody_has_is_nobody() -> None:
    assert ROSTER.unit("03637") == COMMUNE and ROSTER.unit("3637") is None
    assert ROSTER.cadre("03637-02") == STAFF and ROSTER.cadre("") is None


# Problems


def test_a_sound_roll_has_no_problem() -> None:
    assert problems_of(ROSTER) == []


@pytest.mark.parametrize(
    ("roster", "expected"),
    [
        (Roster((COMMUNE, COMMUNE), (HEAD,)), [("TRUNG_MA_DV", "Đơn vị!A3")]),
        (Roster((COMMUNE,), (HEAD, STAFF._replace(code="03637-01"))),
         [("TRUNG_MA_CB", "Cán bộ!A3")]),
        (Roster((COMMUNE,), (HEAD, STAFF._replace(code="03637"))), [("MA_LA", "Cán bộ!A3")]),
        *((Roster((COMMUNE,), (HEAD, STAFF._replace(code=code))), [("MA_LA", "Cán bộ!A3")])
          for code in ("../x", "a/1", "a,b", "Office", "office-2", "cluster:1", "-1", "a\u202eb")),
        (Roster((COMMUNE,), (HEAD, STAFF._replace(unit="03640"))), [("MA_DON_VI", "Cán bộ!B3")]),
        (Roster((replace(COMMUNE, head="X"),)), [("THU_TRUONG", "Đơn vị!E2")]),
        (Roster((replace(COMMUNE, head="", contacts=()),)), [("THIEU_DIA_CHI", "Đơn vị!F2")]),
        (Roster((replace(COMMUNE, head="", contacts=("ubnd muongkim",)),)),
         [("SAI_DIA_CHI", "Đơn vị!F2")]),
        (Roster((replace(COMMUNE, head="", successor="1"),)), [("MA_DON_VI", "Đơn vị!I2")]),
        (Roster((COMMUNE,), (HEAD, STAFF._replace(email="INH@laichau.example"))),
         [("DIA_CHI_CHUNG", "Cán bộ!Q3")]),
        (Roster((COMMUNE,), (HEAD, STAFF._replace(birth=date(2010, 1, 1)))),
         [("NGAY_SINH", "Cán bộ!D3")]),
        (Roster((COMMUNE,), (HEAD, STAFF._replace(until=date(2025, 6, 30)))),
         [("NGAY_SAI", "Cán bộ!S3")]),
        (Roster((COMMUNE,), (HEAD, STAFF._replace(share=0))), [("LOAI_CB", "Cán bộ!H3")]),
        (Roster((COMMUNE,), (HEAD, HEAD._replace(code="03637-02", email=""))),
         [("NGHI_TRUNG", "Cán bộ!C3")]),
    ],
)  # fmt: skip
def test_each_problem_is_found_once_and_at_its_cell(
    roster: Roster, expected: list[tuple[str, str]]
) -> None:
    assert checks(problems_of(roster)) == expected


def test_namesakes_are_asked_about_and_kept_apart() -> None:
    twin = HEAD._replace(code="03637-09", email="")
    findings = problems_of(Roster((COMMUNE,), (HEAD, twin)))
    assert [finding.severity for finding in findings] == [Severity.MUST_EXPLAIN]
    assert "03637-01 và 03637-09" in findings[0].says


# Changes


def test_a_report_of_changes_reads_as_one_would_say_it() -> None:
    moved = STAFF._replace(share=50, duties="Tham mưu TĐKT cấp xã")
    newcomer = STAFF._replace(code="03637-03", name="Giàng A Chu", email="")
    new = Roster((replace(COMMUNE, head="03637-02"),), (moved, newcomer))
    assert differences(ROSTER, new).report() == (
        "Đơn vị: thêm 0, kết thúc 0, sửa 1\n"
        "  ~ 03637 Xã Mường Kim: “Mã thủ trưởng” từ “03637-01” thành “03637-02”\n"
        "Cán bộ: thêm 1, kết thúc 1, sửa 1\n"
        "  + 03637-03 Giàng A Chu (03637)\n"
        "  − 03637-01 Lò Văn Inh (03637)\n"
        "  ~ 03637-02 Lường Thị Pâng: “% thời gian” từ “30” thành “50”; "
        "“Nhóm nhiệm vụ tương đồng” từ “” thành “Tham mưu TĐKT cấp xã”"
    )


def test_no_change_says_so() -> None:
    changes = differences(ROSTER, ROSTER)
    assert not changes and changes.report() == "Danh sách không thay đổi."


def test_who_is_left_out_is_ended_and_never_deleted() -> None:
    new = Roster((COMMUNE,), (HEAD,))
    kept = merged(ROSTER, new, date(2026, 10, 31))
    assert kept.cadre("03637-02") == STAFF._replace(until=date(2026, 10, 31))
    assert not differences(kept, new)  # he had ended already: no change the second time
    assert merged(kept, new, date(2026, 12, 31)) == kept


def test_nobody_is_ended_before_he_began() -> None:
    kept = merged(Roster((), (STAFF,)), Roster(), date(2020, 1, 1))
    assert kept.cadres[0].until == STAFF.since


# Files


def both_ways(roster: Roster, path: Path) -> Roster:
    write_roster(roster, path)
    return read_roster(path).roster


@pytest.mark.parametrize("name", ["roll.xlsx", "roll"])
def test_what_was_exported_comes_back_without_a_difference(tmp_path: Path, name: str) -> None:
    assert both_ways(ROSTER, tmp_path / name) == ROSTER


words = (
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co", "Cn")), max_size=20)
    .map(clean)
    .filter(lambda text: not text.isdigit())
)
some_days = st.dates(date(1950, 1, 1), date(2090, 1, 1))
some_cadres = st.builds(
    Cadre, code=st.from_regex(r"0\d{4}-\d\d", fullmatch=True), unit=st.just("03637"),
    name=words.filter(bool), birth=st.none() | some_days, sex=st.sampled_from(Sex),
    group=st.sampled_from(Group), engagement=st.sampled_from(Engagement),
    share=st.integers(0, 100), role=st.sampled_from(Role), post=words, field=words, duties=words,
    ethnicity=words, education=words, politics=words, certificates=words, email=st.just(""),
    since=st.none() | some_days, until=st.none() | some_days,
)  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(st.lists(some_cadres, min_size=1, max_size=4))
def test_whatever_is_typed_survives_both_kinds_of_file(
    tmp_path_factory: pytest.TempPathFactory, cadres: list[Cadre]
) -> None:
    folder = tmp_path_factory.mktemp("roll")
    roster = Roster((COMMUNE,), tuple(cadres))
    assert both_ways(roster, folder / "roll.xlsx") == roster
    assert both_ways(roster, folder / "csv") == roster


@given(st.text(max_size=8))
def test_a_guarded_text_comes_back_as_it_was(text: str) -> None:
    assert unguarded(guarded(text)) == text


def test_no_cell_that_we_write_is_a_formula(tmp_path: Path) -> None:
    evil = STAFF._replace(post='=HYPERLINK("http://x","y")', field="+84", duties="@SUM(A1)")
    roster = Roster((COMMUNE,), (HEAD, evil))
    assert both_ways(roster, tmp_path / "roll.xlsx") == roster
    sheet = openpyxl.load_workbook(tmp_path / "roll.xlsx")["Cán bộ"]
    assert {cell.data_type for cell in sheet[3] if cell.value} <= {"s", "n", "d"}
    assert both_ways(roster, tmp_path / "csv") == roster
    assert ",'=HYPERLINK" not in (text := (tmp_path / "csv/cadres.csv").read_text("utf-8-sig"))
    assert "\"'=HYPERLINK" in text and ",'+84,'@SUM(A1)," in text


def test_an_exported_workbook_keeps_codes_as_text_and_dates_as_dates(tmp_path: Path) -> None:
    write_roster(ROSTER, tmp_path / "roll.xlsx")
    book = openpyxl.load_workbook(tmp_path / "roll.xlsx")
    assert book.sheetnames == ["Đơn vị", "Cán bộ"]
    assert book["Đơn vị"]["A2"].value == "03637"
    birth = book["Cán bộ"]["D2"]
    assert (birth.value.date(), birth.number_format) == (date(1980, 3, 5), "dd/mm/yyyy")
    choices = [rule.formula1 for rule in book["Cán bộ"].data_validations.dataValidation]
    assert '"Nam,Nữ"' in choices


def test_an_exported_csv_opens_in_a_spreadsheet_in_vietnamese(tmp_path: Path) -> None:
    write_roster(ROSTER, tmp_path)
    raw = (tmp_path / "units.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf" + "Mã đơn vị,Tên đơn vị".encode())
    assert '03637,Xã Mường Kim,"Xã, phường"'.encode() in raw


def test_a_roll_with_a_title_moved_columns_and_a_lost_zero_is_read(tmp_path: Path) -> None:
    rows = [
        ["DANH SÁCH CÁN BỘ", None, None, None, None, None, None, None, None],
        [None] * 9,
        ["Họ  và tên", "MÃ CÁN BỘ", "Mã đơn vị", "Giới tính", "Nhóm đối tượng",
         "Hình thức phụ trách", "% thời gian", "Vai trò", "Ngày sinh"],
        [None] * 9,
        ["Lò Văn Inh", "03637-01", 3637, "nam", "cong_chuc", "Kiêm nhiệm", 30.0, "CẤP TRƯỞNG",
         date(1980, 3, 5)],
        ["Giàng A Chu", "03637-02", 3637, "Nam", "Công chức", "Kiêm nhiệm", "40%", "Cấp phố", None],
    ]  # fmt: skip
    path = tmp_path / "roll.xlsx"
    pd.DataFrame(rows).to_excel(path, header=False, index=False, sheet_name="Trang 1")
    read = read_roster(path, known=Roster((COMMUNE,)))
    assert read.roster.units == (COMMUNE,)
    assert read.roster.cadres[0] == HEAD._replace(post="", email="")
    assert read.roster.cadres[1].share == 40
    assert [(fault.place, fault.says) for fault in read.faults] == [
        ("Trang 1!H6", "“Vai trò” ghi “Cấp phố”: không có trong danh mục; có lẽ là “Cấp phó”.")
    ]


@pytest.mark.parametrize(
    "typed", ["5/3/1980", "05-03-1980", "5.3.1980", "1980-03-05", "ngày 5 tháng 3 năm 1980"]
)
def test_a_date_typed_as_text_is_read_in_vietnamese_order(tmp_path: Path, typed: str) -> None:
    row = f"03637-01;03637;Lò Văn Inh;Nam;Công chức;Kiêm nhiệm;30;Cấp trưởng;{typed}"
    read = one_row(tmp_path, row)
    assert read.findings == ()
    assert read.roster.cadres[0].birth == date(1980, 3, 5)


@pytest.mark.parametrize("typed", ["31/02/1980", "13/13/1980", "1980", "5/3/80", "hôm qua"])
def test_a_date_that_is_none_is_a_fault_at_its_cell(tmp_path: Path, typed: str) -> None:
    row = f"03637-01;03637;Lò Văn Inh;Nam;Công chức;Kiêm nhiệm;30;Cấp trưởng;{typed}"
    (fault,) = one_row(tmp_path, row).faults
    assert (fault.check, fault.place, fault.value) == ("NGAY_SAI", "cadres.csv!I2", typed)


def test_an_empty_cell_that_must_be_filled_is_a_fault(tmp_path: Path) -> None:
    read = one_row(tmp_path, "03637-01;03637;;Nam;Công chức;Kiêm nhiệm;30;Cấp trưởng;")
    assert [(f.place, f.says) for f in read.faults] == [
        ("cadres.csv!C2", "“Họ và tên” còn để trống.")
    ]


def test_decomposed_letters_and_hard_blanks_are_one_and_the_same_name(tmp_path: Path) -> None:
    name = unicodedata.normalize("NFD", "Lò\u00a0Văn \u200bInh")
    row = f"03637-01 ;\u00a003637;{name};Nam;Công chức;Kiêm nhiệm;30;Cấp trưởng;05/03/1980"
    assert one_row(tmp_path, row).roster.cadres[0] == HEAD._replace(post="", email="")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1258"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_of_any_old_machine_is_read(tmp_path: Path, encoding: str, delimiter: str) -> None:
    rows = [["Mã đơn vị", "Tên đơn vị", "Loại đơn vị"], ["03637", "Xã Mường Kim", "Đơn vị khác"]]
    text = "\n".join(delimiter.join(row) for row in rows)
    if encoding == "cp1258":  # this code page has the tones as marks that follow the letter
        tones = "\u0300\u0301\u0303\u0309\u0323"
        parts = [unicodedata.normalize("NFD", letter) for letter in text]
        text = "".join(
            unicodedata.normalize("NFC", "".join(c for c in part if c not in tones))
            + "".join(c for c in part if c in tones)
            for part in parts
        )
    path = tmp_path / "danh-sach.csv"
    path.write_bytes(text.encode(encoding))
    unit = Unit("03637", "Xã Mường Kim", UnitKind.OTHER)
    assert read_roster(path, known=Roster((), (HEAD,))).roster == Roster((unit,), (HEAD,))


def test_a_csv_may_have_a_title_above_its_headings(tmp_path: Path) -> None:
    text = "DANH SÁCH ĐƠN VỊ\n\nMã đơn vị,Tên đơn vị,Loại đơn vị\n3637,Xã Mường Kim,Đơn vị khác\n"
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    units = read_roster(tmp_path / "a.csv").roster.units
    assert units == (Unit("03637", "Xã Mường Kim", UnitKind.OTHER),)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.csv", "Họ tên;Điểm\nA;1\n", "không phải danh sách đơn vị hay cán bộ"),
        ("a.csv", "", "không phải danh sách"),
        ("a.xlsx", "Mã đơn vị", "không phải bảng tính xlsx"),
        ("a.csv", "Mã đơn vị;Tên đơn vị;Loại  đơn  vi\n1;2;3\n",
         "thiếu cột “Loại đơn vị”. Có phải là cột “loại đơn vi”"),
        ("a.csv", "Mã đơn vị;Tên đơn vị;Loại đơn vị;Tên đơn vị\n1;2;3;4\n", "có hai lần"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_roll_is_refused_with_a_reason(
    tmp_path: Path, name: str, content: str, says: str
) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(ChannelRefused) as refused:
        read_roster(tmp_path / name)
    assert says in str(refused.value)


def test_a_workbook_that_kills_its_reader_is_refused_and_kills_nobody_else(tmp_path: Path) -> None:
    """19 KB with a value in XFD1048576: the reader asks for 549 GB and is aborted."""
    deadly, _ = HOSTILE["o xa XFD1048576"]
    (tmp_path / "roll.xlsx").write_bytes(deadly(Desk()))
    with pytest.raises(ChannelRefused, match="Không đọc được roll"):
        read_roster(tmp_path / "roll.xlsx")
    write_roster(ROSTER, tmp_path / "good.xlsx")
    assert read_roster(tmp_path / "good.xlsx").roster == ROSTER


def test_a_roll_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ChannelRefused, match="Không thấy tệp"):
        read_roster(tmp_path / "roll.xlsx")
    with pytest.raises(ChannelRefused, match="không phải danh sách"):
        read_roster(tmp_path)


def test_one_part_in_two_sheets_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "roll.xlsx"
    with pd.ExcelWriter(path) as book:
        for sheet in ("Cũ", "Mới"):
            frame = pd.DataFrame(columns=["Mã đơn vị", "Tên đơn vị", "Loại đơn vị"])
            frame.to_excel(book, sheet_name=sheet, index=False)
    with pytest.raises(ChannelRefused, match="có ở hai nơi, “Cũ” và “Mới”"):
        read_roster(path)
