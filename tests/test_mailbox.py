"""The mailbox: real mails in a real Dovecot, each taken in once and dealt with as it deserves."""

from __future__ import annotations

import base64
import io
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from channels.errors import ChannelBusy, ChannelRefused
from channels.mail_opening import MOST_ALL, open_mail
from channels.mail_room import MailRoom
from channels.mailbox import TAKEN, mailbox_at
from flows.cycle import take_in
from review.findings import Verdict
from review.mail import MailState
from review.roll import RollState
from tasks.roster import keep_roster, roster_in
from tdkt_models.cadres import keep_cadres, recall_cadres
from tdkt_models.files import FileState
from tdkt_models.roll import recall_roll
from tests.dovecot import DOVECOT, Dovecot, running_dovecot
from tests.mail_office import EXCEL, MailOffice, letter_from, mail_office, with_workbook

pytestmark = [
    pytest.mark.skipif(not DOVECOT, reason="no Dovecot on this machine"),
    pytest.mark.xdist_group("dovecot"),
]
PIXEL = b"\x89PNG\r\n\x1a\n" + bytes(3000)


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    with running_dovecot() as server:
        yield server


@pytest.fixture
def office(dovecot: Dovecot, tmp_path: Path) -> Iterator[MailOffice]:
    with mail_office(tmp_path, dovecot) as made:
        yield made


def states(office: MailOffice) -> list[MailState]:
    return [mail.state for mail in office.mails()]


def roll_of(office: MailOffice) -> dict[str, RollState]:
    with office.occasion.office.book() as book, book.reading() as conn:
        return {entry.unit: entry.state for entry in recall_roll(conn, "2026-10")}


def test_a_reply_with_the_workbook_is_taken_in_checked_and_marked(office: MailOffice) -> None:
    unit = office.unit
    mail = with_workbook(letter_from(unit.contacts[0].upper()), office.filled(unit))
    office.deliver(mail)
    take_in(office.occasion)

    (file,) = office.files()
    assert (file.unit, file.verdict, file.channel) == (unit.code, Verdict.ACCEPTED, "mail")
    assert file.name == "Báo cáo.xlsx" and file.received_at == office.sent_at.replace(microsecond=0)
    (kept,) = office.mails()
    folder = office.occasion.office.folder / "received"
    assert (folder / kept.stored_path).read_bytes().replace(b"\r", b"") == mail.as_bytes()
    assert roll_of(office)[unit.code] is RollState.ACCEPTED
    (flags,) = office.server.flags(office.user)
    assert TAKEN in flags and "Deleted" not in flags

    take_in(office.occasion)
    assert len(office.files()) == len(office.mails()) == 1


def test_a_mail_that_could_not_be_marked_is_marked_later_and_not_taken_twice(
    office: MailOffice,
) -> None:
    office.deliver(with_workbook(letter_from(office.unit.contacts[0]), office.filled(office.unit)))
    take_in(office.occasion)
    office.server.unmark(office.user, TAKEN)  # as after a kill between the book and the mailbox
    take_in(office.occasion)
    assert states(office) == [MailState.TAKEN] and len(office.files()) == 1
    assert TAKEN in office.server.flags(office.user)[0]


def test_the_very_same_mail_under_another_number_is_known_by_its_content(
    office: MailOffice,
) -> None:
    mail = with_workbook(letter_from(office.unit.contacts[0]), office.filled(office.unit))
    office.deliver(mail)
    take_in(office.occasion)
    office.deliver(mail)
    take_in(office.occasion)
    assert states(office) == [MailState.TAKEN, MailState.AGAIN] and len(office.files()) == 1


def test_a_workbook_sent_again_in_another_mail_is_a_copy(office: MailOffice) -> None:
    data = office.filled(office.unit)
    for text in ("lần một", "lần hai"):
        office.deliver(with_workbook(letter_from(office.unit.contacts[0], text=text), data))
    take_in(office.occasion)
    assert [file.state for file in office.files()] == [FileState.CHECKED, FileState.DUPLICATE]


def test_taken_mails_are_moved_where_the_office_wants_it(office: MailOffice) -> None:
    home = office.occasion.office.folder
    toml = (home / "office.toml").read_text(encoding="utf-8")
    (home / "office.toml").write_text(toml.replace('after = "flag"', 'after = "move"'), "utf-8")
    office.deliver(with_workbook(letter_from(office.unit.contacts[0]), office.filled(office.unit)))
    take_in(office.occasion)
    assert office.server.flags(office.user) == []
    assert len(office.server.flags(office.user, '"TDKT da nhan"')) == 1


def test_a_stranger_is_set_aside_until_the_roster_knows_the_address(office: MailOffice) -> None:
    unit = office.unit
    office.deliver(with_workbook(letter_from("la@noi-khac.example"), office.filled(unit)))
    take_in(office.occasion)
    (mail,) = office.mails()
    assert mail.state is MailState.STRANGER and "la@noi-khac.example" in mail.reason
    assert not mail.told and office.files() == []
    assert roll_of(office)[unit.code] is RollState.MISSING

    with office.occasion.office.book() as book, book.writing() as conn:
        roster = roster_in(conn)
        known = replace(unit, contacts=(*unit.contacts, "la@noi-khac.example"))
        units = tuple(known if one.code == unit.code else one for one in roster.units)
        keep_roster(conn, replace(roster, units=units), office.occasion.stamp)
    take_in(office.occasion)
    assert states(office) == [MailState.TAKEN]
    assert roll_of(office)[unit.code] is RollState.ACCEPTED


def test_a_forged_sender_is_set_aside_where_our_server_must_vouch(office: MailOffice) -> None:
    home, server = office.occasion.office.folder, "mx.laichau.example"
    toml = (home / "office.toml").read_text(encoding="utf-8")
    (home / "office.toml").write_text(toml.replace('proof_by = ""', f'proof_by = "{server}"'))
    unit = office.unit
    sender, domain = unit.contacts[0], unit.contacts[0].rpartition("@")[2]
    forged = with_workbook(letter_from(sender), office.filled(unit))
    forged["Authentication-Results"] = f"{server}; spf=fail smtp.mailfrom=evil.example; dkim=none"
    forged["Authentication-Results"] = f"{server}; dkim=pass header.d={domain}"  # came along
    office.deliver(forged)
    take_in(office.occasion)
    (mail,) = office.mails()
    assert mail.state is MailState.UNPROVEN and not mail.told and office.files() == []
    assert sender in mail.reason and "mạo danh" in mail.reason
    genuine = with_workbook(letter_from(sender), office.filled(unit))
    genuine["Authentication-Results"] = f"{server}; dkim=pass header.d={domain} header.s=k1"
    office.deliver(genuine)
    take_in(office.occasion)
    assert states(office) == [MailState.UNPROVEN, MailState.TAKEN]
    assert roll_of(office)[unit.code] is RollState.ACCEPTED


def test_a_unit_cannot_send_in_for_another(office: MailOffice) -> None:
    mine, other = office.units[:2]
    office.deliver(with_workbook(letter_from(mine.contacts[0]), office.filled(other)))
    take_in(office.occasion)
    (file,) = office.files()
    assert file.state is FileState.SET_ASIDE and file.unit is None
    assert mine.contacts[0] in file.reason and other.code in file.reason
    assert roll_of(office)[other.code] is RollState.MISSING


def test_a_cadre_may_send_from_an_address_of_ones_own(office: MailOffice) -> None:
    cadre = next(c for c in office.brief(office.unit).cadres if c.email)
    office.deliver(with_workbook(letter_from(cadre.email), office.filled(office.unit)))
    take_in(office.occasion)
    assert office.files()[0].verdict is Verdict.ACCEPTED


def test_who_has_left_a_unit_sends_in_for_it_no_longer(office: MailOffice) -> None:
    with office.occasion.office.book() as book, book.writing() as conn:
        gone = next(c for c in recall_cadres(conn, [office.unit.code]) if c.email)
        past = gone._replace(until=office.sent_at.date() - timedelta(days=1))
        keep_cadres(conn, [past], office.occasion.stamp)
    office.deliver(with_workbook(letter_from(gone.email), office.filled(office.unit)))
    take_in(office.occasion)
    assert roll_of(office)[office.unit.code] is RollState.MISSING


def test_several_workbooks_in_one_mail_count_each_for_its_unit(office: MailOffice) -> None:
    mail = letter_from("phong.tdkt@laichau.example", "FW: báo cáo của ba đơn vị")
    for unit in office.units:
        with_workbook(mail, office.filled(unit), f"{unit.code}.xlsx")
    office.deliver(mail)
    take_in(office.occasion)
    assert {file.unit for file in office.files()} == {unit.code for unit in office.units}
    assert set(roll_of(office).values()) == {RollState.ACCEPTED}


def test_workbooks_are_found_wherever_they_hide_and_logos_are_not(office: MailOffice) -> None:
    first, second, third = office.units
    inner = with_workbook(letter_from("ca-nhan@gmail.example"), office.filled(first), "mot.xlsx")
    packed = zipped({"Báo cáo/hai.xlsx": office.filled(second), "__MACOSX/._hai.xlsx": b"x"})
    wrapped = winmail({"Báo cáo ba.xlsx": office.filled(third)})

    mail = letter_from("phong.tdkt@laichau.example", "Fwd: báo cáo")
    mail.add_attachment(inner)
    mail.add_attachment(packed, "application", "zip", filename="bao cao.zip")
    mail.add_attachment(wrapped, "application", "ms-tnef", filename="winmail.dat")
    mail.add_attachment(b"%PDF-1.7", "application", "pdf", filename="Công văn 12.pdf")
    mail.add_attachment(PIXEL, "image", "png", disposition="inline", cid="<logo@x>")
    office.deliver(mail)
    take_in(office.occasion)

    assert {file.name for file in office.files()} == {"mot.xlsx", "hai.xlsx", "Báo cáo ba.xlsx"}
    assert all(file.verdict is Verdict.ACCEPTED for file in office.files())
    assert office.mails()[0].beside == ("Công văn 12.pdf",)


def automatic() -> list[tuple[str, EmailMessage]]:
    marks = {
        "RFC 3834": {"Auto-Submitted": "auto-replied (vacation)"},
        "Precedence": {"Precedence": "bulk"},
        "X-Autoreply": {"X-Autoreply": "yes"},
        "null sender": {"Return-Path": "<>"},
    }
    found = []
    for name, headers in marks.items():
        mail = letter_from("vanphongubnd@laichau.example", f"Đi vắng ({name})")
        for key, value in headers.items():
            mail[key] = value
        found.append((name, mail))
    subject = "Trả lời tự động: Mời gửi báo cáo"
    return [*found, ("subject", letter_from("vanphongubnd@laichau.example", subject))]


def test_robots_are_noted_and_never_answered(office: MailOffice) -> None:
    for _, mail in automatic():
        office.deliver(mail)
    take_in(office.occasion)
    assert states(office) == [MailState.AUTOMATIC] * 5
    assert all(mail.automatic for mail in office.mails())


def test_our_own_letter_come_back_is_a_loop(office: MailOffice) -> None:
    mail = letter_from("tdkt@laichau.example", "Kết quả tháng 10")
    mail["X-TDKT-Letter"] = "unit_result"
    office.deliver(with_workbook(mail, office.filled(office.unit)))
    take_in(office.occasion)
    assert states(office) == [MailState.LOOP] and office.files() == []


def test_a_flood_from_one_sender_is_held_after_the_limit(office: MailOffice) -> None:
    home = office.occasion.office.folder
    toml = (home / "office.toml").read_text(encoding="utf-8")
    (home / "office.toml").write_text(toml.replace("per_hour = 30", "per_hour = 3"), "utf-8")
    sender, at = office.unit.contacts[0], office.sent_at
    for n in range(5):
        office.deliver(letter_from(sender, text=str(n)), at + timedelta(minutes=n))
    office.deliver(letter_from(sender, text="hôm sau"), at + timedelta(hours=20))
    office.deliver(letter_from(office.units[1].contacts[0]), at + timedelta(minutes=6))
    take_in(office.occasion)
    held = [mail.state for mail in office.mails() if mail.sender == sender]
    assert held == [MailState.NO_REPORT] * 3 + [MailState.TOO_MANY] * 2 + [MailState.NO_REPORT]
    assert office.mails()[5].state is MailState.NO_REPORT, "the others are not held with it"


def test_a_mail_without_a_workbook_waits_for_a_person(office: MailOffice) -> None:
    asked = letter_from(office.unit.contacts[0], text="Cho tôi hỏi hạn nộp?")
    packed = letter_from(office.unit.contacts[0], text="rar")
    packed.add_attachment(b"Rar!\x1a\x07", "application", "vnd.rar", filename="bao cao.rar")
    office.deliver(asked)
    office.deliver(packed)
    take_in(office.occasion)
    assert states(office) == [MailState.NO_REPORT] * 2
    assert "bao cao.rar" in office.mails()[1].reason and "zip" in office.mails()[1].reason


def test_a_mail_larger_than_the_office_takes_stays_in_the_mailbox(office: MailOffice) -> None:
    home = office.occasion.office.folder
    toml = (home / "office.toml").read_text(encoding="utf-8")
    (home / "office.toml").write_text(toml.replace("most_mib = 40", "most_mib = 1"), "utf-8")
    office.deliver(with_workbook(letter_from(office.unit.contacts[0]), bytes(2 << 20)))
    take_in(office.occasion)
    (mail,) = office.mails()
    assert mail.state is MailState.BROKEN and mail.sender == office.unit.contacts[0]
    assert len(office.server.flags(office.user)) == 1


# Opening, without a server


def test_a_report_of_a_csv_for_each_sheet_is_one_report() -> None:
    data = (Path(__file__).parent / "drawer" / "CSV-moi-trang-mot-tep.zip").read_bytes()
    mail = letter_from("a@x.vn")
    mail.add_attachment(data, "application", "zip", filename="bao-cao.zip")
    (report,) = open_mail(mail.as_bytes()).reports
    assert report.content == data
    two = io.BytesIO()
    with zipfile.ZipFile(two, "w") as archive:
        archive.writestr("03637_2026-10.csv", b"a;b")
        archive.writestr("03549_2026-10.csv", b"c;d")
    mail = letter_from("a@x.vn")
    mail.add_attachment(two.getvalue(), "application", "zip", filename="hai.zip")
    assert len(open_mail(mail.as_bytes()).reports) == 2


def test_an_archive_is_opened_within_bounds() -> None:
    bomb = zipped({f"{n}.xlsx": bytes(20 << 20) for n in range(12)})
    mail = letter_from("a@x.vn")
    mail.add_attachment(bomb, "application", "zip", filename="bom.zip")
    opened = open_mail(mail.as_bytes())
    assert sum(len(one.content) for one in opened.reports) <= MOST_ALL
    assert "96 MiB" in " ".join(opened.unopened)

    nested = zipped({"trong.zip": zipped({"a.xlsx": b"PK"})})
    mail = letter_from("a@x.vn")
    mail.add_attachment(nested, "application", "zip", filename="ngoai.zip")
    opened = open_mail(mail.as_bytes())
    assert not opened.reports and "tệp nén nằm trong tệp nén" in opened.unopened[0]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff" * 500,
        b"From: \xff\xfe <a@\xff>\r\nSubject: =?x-la?B?!!?=\r\n\r\nx",
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
        + b"Content-Type: message/rfc822\r\n\r\n" * 200,
        b"Content-Type: application/ms-tnef; name=winmail.dat\r\n\r\n\x78\x9f\x3e\x22hong",
        b"From: " + b"(" * 100_000 + b")" * 100_000 + b" <a@x.vn>\r\n\r\nx",
        b"From: a@x.vn\r\nContent-Type: application/zip; name=a.zip\r\n\r\nPK\x03\x04hong",
    ],
)  # fmt: skip
def test_a_hostile_mail_is_an_answer_not_a_crash(raw: bytes) -> None:
    opened = open_mail(raw)
    assert not opened.reports and not opened.broken


def test_a_mail_that_kills_its_reader_costs_itself_alone() -> None:
    with MailRoom(seconds=0.0001) as room:
        assert "quá nhiều thời gian" in room.open(letter_from("a@x.vn").as_bytes() * 3000).broken
    with MailRoom() as room:
        assert room.open(letter_from("a@x.vn").as_bytes()).sender == "a@x.vn"


def coded(text: str) -> str:
    return f"=?utf-8?b?{base64.b64encode(text.encode()).decode()}?="


@pytest.mark.parametrize(
    ("written", "known"),
    [
        ("Sở Y tế <syt@x.vn>", "syt@x.vn"),
        ('"Y, Sở" <SYT@x.vn>', "syt@x.vn"),
        ("syt@x.vn <syt@x.vn>", "syt@x.vn"),
        ("syt@x.vn (Sở Y tế)", "syt@x.vn"),
        # A name, however it is coded or quoted, is no address: the server vouched for the other.
        (f"{coded('<syt@x.vn>')} <a@evil.vn>", "a@evil.vn"),
        (f"{coded('syt@x.vn, ')} <a@evil.vn>", "a@evil.vn"),
        ('"<syt@x.vn>" <a@evil.vn>', "a@evil.vn"),
        ("(syt@x.vn) a@evil.vn", "a@evil.vn"),
        # And of two nobody can say which it was.
        ("syt@x.vn, a@evil.vn", ""),
        ("syt@x.vn; a@evil.vn", ""),
        ("<syt@x.vn<a@evil.vn>>", ""),
        ("<@syt@x.vn:a@evil.vn>", ""),
        ('"syt@x.vn"@evil.vn', ""),
        ("syt@x.vn@evil.vn", ""),
        ("syt@x.vn\r\nFrom: a@evil.vn", ""),
        (coded("Sở Y tế <syt@x.vn>"), ""),
    ],
)
def test_a_sender_is_the_one_address_that_stands_there(written: str, known: str) -> None:
    assert open_mail(f"From: {written}\r\n\r\nx".encode()).sender == known


def test_no_message_id_puts_a_header_into_our_answer() -> None:
    """A Message-ID coded twice: read once it looks like one, read again it ends the header."""
    twice = coded("<=?utf-8?q?a=0D=0ABcc=3A_evil=40y.vn=0D=0A?=@x.vn>")
    opened = open_mail(
        f"From: a@x.vn\r\nMessage-ID: {twice}\r\nReferences: {twice} <0@x.vn>\r\n\r\nx".encode()
    )
    assert (opened.message_id, opened.references) == ("", ("<0@x.vn>",))


def test_names_in_every_coding_are_read() -> None:
    raw = (
        "From: =?utf-8?B?" + "TMOyIFbEg24gSW5o" + "?= <INH@x.vn>\r\n"
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
        f'Content-Type: application/{EXCEL}; name="=?utf-8?Q?B=C3=A1o_c=C3=A1o.xlsx?="\r\n'
        "Content-Disposition: attachment\r\n\r\nPK\r\n--b\r\n"
        "Content-Type: application/octet-stream\r\n"
        "Content-Disposition: attachment; filename*=utf-8''..%2F..%2FB%E1%BA%A3n%202.xlsx\r\n\r\n"
        "PK\r\n--b--\r\n"
    ).encode()
    opened = open_mail(raw)
    assert (opened.sender, opened.sender_name) == ("inh@x.vn", "Lò Văn Inh")
    assert [one.name for one in opened.reports] == ["Báo cáo.xlsx", "Bản 2.xlsx"]


# The line


def test_a_wrong_password_is_said_and_not_shown(dovecot: Dovecot) -> None:
    user = dovecot.new_user()
    address = dovecot.address(user).replace("m%E1%BA%ADt", "bi-mat")
    with pytest.raises(ChannelRefused, match="mật khẩu") as caught, mailbox_at(address).opened():
        pass
    assert "bi-mat" not in str(caught.value) + repr(mailbox_at(address))


def test_a_certificate_of_unknown_make_is_refused(dovecot: Dovecot) -> None:
    address = dovecot.address(dovecot.new_user()).partition("?")[0]
    with pytest.raises(ChannelRefused, match="Chứng thư"), mailbox_at(address).opened():
        pass


def test_starttls_is_verified_too(dovecot: Dovecot) -> None:
    box = mailbox_at(dovecot.address(dovecot.new_user()))
    tls = replace(box, port=dovecot.plain, security="starttls")
    with tls.opened() as line:
        assert line.waiting() == []
    with (
        pytest.raises(ChannelRefused, match="Chứng thư"),
        replace(tls, cafile="").opened(),
    ):
        pass


def test_a_folder_that_is_not_there_and_a_server_that_is_away(dovecot: Dovecot) -> None:
    address = dovecot.address(dovecot.new_user(), "KHONG-CO")
    with pytest.raises(ChannelRefused, match="KHONG-CO"), mailbox_at(address).opened():
        pass
    away = replace(mailbox_at(address), port=9)
    with pytest.raises(ChannelBusy, match="Sẽ thử lại"), away.opened():
        pass


@pytest.mark.parametrize("address", ["imaps://x", "imaps://a@x/INBOX", "imaps://a:bi-mat@x:cong/I"])
def test_an_address_that_makes_no_sense_is_refused(address: str) -> None:
    with pytest.raises(ChannelRefused, match="Ví dụ đúng") as caught:
        mailbox_at(address)
    assert "bi-mat" not in str(caught.value)


def zipped(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()


def winmail(files: dict[str, bytes]) -> bytes:
    """A TNEF stream as Outlook writes it: a rendering, a title and the data of each file."""

    def attribute(level: int, number: int, data: bytes) -> bytes:
        head = struct.pack("<BII", level, number, len(data))
        return head + data + struct.pack("<H", sum(data) & 0xFFFF)

    made = struct.pack("<IH", 0x223E9F78, 1) + attribute(1, 0x00089006, struct.pack("<I", 0x10000))
    made += attribute(1, 0x00069007, struct.pack("<II", 1258, 0))
    for name, data in files.items():
        made += attribute(2, 0x00069002, struct.pack("<HIHHI", 1, 0xFFFFFFFF, 0, 0, 0))
        made += attribute(2, 0x00018010, b"BAOCAO.XLS\0")
        made += attribute(2, 0x0006800F, data)
        made += attribute(2, 0x00069005, long_name(name))
    return made


def long_name(name: str) -> bytes:
    """The MAPI property PR_ATTACH_LONG_FILENAME, in Unicode."""
    coded = name.encode("utf-16-le") + b"\0\0"
    padded = coded + bytes(-len(coded) % 4)
    return struct.pack("<IHHII", 1, 0x001F, 0x3707, 1, len(coded)) + padded
