"""A receipt at once, signed so that anybody can verify it offline; nothing is answered twice."""

from __future__ import annotations

import base64
import hashlib
import json
import stat
from email.message import EmailMessage
from pathlib import Path
from unicodedata import normalize

import pytest

from channels.rendering import render
from channels.signing import (
    BEGIN,
    END,
    KEY,
    PUBLIC,
    NotGenuine,
    office_key,
    public_key,
    signed,
    verified,
)
from cli.main import main
from review.post import LetterKind
from tasks.answer import answer
from tdkt_models.letter_ledger import ledger
from tests.small_office import Corner, small_office
from tests.test_answering import bad
from tests.test_checks import first_work


@pytest.fixture
def corner(tmp_path: Path) -> Corner:
    return small_office(tmp_path, ("SYT", "STC"))


def answers(corner: Corner, unit: str = "SYT") -> list:
    """The letters that answer the unit's files, in the order of the files."""
    with corner.occasion.office.book() as book, book.reading() as conn:
        kept = ledger(conn, corner.occasion.period_text)
    mine = [one for one in kept if one.letter.person.startswith(f"{unit}/")]
    return sorted(mine, key=lambda one: int(one.letter.person.partition("/")[2]))


def test_each_receipt_is_signed_and_says_what_changed(corner: Corner) -> None:
    first = corner.report("SYT")
    corner.sends("SYT", first, day=3)
    corner.takes_in()
    answer.fn(corner.occasion)
    (one,) = answers(corner)
    said = verified(one.letter.payload["token"], public_key(corner.occasion.office.folder)).receipt
    assert said["sha256"] == hashlib.sha256(first).hexdigest()
    assert (said["unit"], said["version"], said["verdict"]) == ("SYT", 1, "accepted")
    assert one.letter.payload["changes"] is None

    corner.sends("SYT", corner.report("SYT", first_work(assigned=9, done=9)), day=4, note="_b")
    corner.takes_in()
    answer.fn(corner.occasion)
    newest = answers(corner)[-1].letter
    assert newest.payload["version"] == 2
    assert any("“Số lượng hoàn thành”" in one for one in newest.payload["changes"])
    assert answer.fn(corner.occasion) == 0, "nothing new, nothing said"


def test_a_returned_file_has_its_receipt_too(corner: Corner) -> None:
    corner.sends("SYT", corner.report("SYT", bad), day=3)
    corner.takes_in()
    answer.fn(corner.occasion)
    (one,) = answers(corner)
    assert one.letter.kind is LetterKind.UNIT_RETURNED
    assert verified(one.letter.payload["token"]).receipt["verdict"] == "returned"
    assert "BEGIN TDKT RECEIPT" in render(one.letter).text


def test_a_receipt_verifies_offline_from_the_letter_itself(
    corner: Corner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workbook = corner.sends("SYT", corner.report("SYT"), day=3)
    corner.takes_in()
    answer.fn(corner.occasion)
    rendered = render(answers(corner)[0].letter)
    mail = EmailMessage()
    mail["Subject"] = rendered.subject
    mail.set_content(rendered.text)
    mail.add_alternative(rendered.html, subtype="html")
    path = tmp_path / "phieu.eml"
    path.write_bytes(mail.as_bytes())
    home = corner.occasion.office.home

    def code(*args: str) -> int:
        with pytest.raises(SystemExit) as end:
            main(["receipt", "verify", *args])
        return int(end.value.code or 0)

    assert code(str(path), "--home", home, "--workbook", str(workbook)) == 0
    nowhere = ("--home", str(tmp_path / "nowhere"))
    assert code(str(path), *nowhere) == 1, "whoever signs has a key: it must be known to be ours"
    assert code(str(path), *nowhere, "--key", f"{home}/{PUBLIC}") == 0
    other = tmp_path / "khac.xlsx"
    other.write_bytes(b"khac")
    assert code(str(path), "--home", home, "--workbook", str(other)) == 1
    changed = tmp_path / "sua.txt"
    changed.write_text(rendered.text.replace("-----BEGIN TDKT RECEIPT-----\nP", "xx"))
    assert code(str(changed), "--home", home) == 1
    assert code(str(tmp_path / "khong-co.txt"), "--home", home) == 2


def test_a_changed_receipt_or_another_key_is_told(tmp_path: Path) -> None:
    key = office_key(tmp_path / "a")
    text = signed({"unit": "03637", "version": 1}, key)
    assert verified(text, public_key(tmp_path / "a")).known
    assert not verified(text).known
    other = signed({"unit": "03637", "version": 1}, office_key(tmp_path / "b"))
    with pytest.raises(NotGenuine, match="không do cơ quan"):
        verified(other, public_key(tmp_path / "a"))
    lines = text.splitlines()
    lines[1] = lines[1][:20] + ("A" if lines[1][20] != "A" else "B") + lines[1][21:]
    with pytest.raises(NotGenuine):
        verified("\n".join(lines))
    with pytest.raises(NotGenuine, match="Không thấy"):
        verified("thư thường")


FILED = {
    **{"office": "Sở Nội vụ", "unit": "SYT", "unit_name": "Sở Y tế", "period": "2026-10"},
    **{"file": "SYT.xlsx", "size": 1, "sha256": "0" * 64, "version": 1, "verdict": "accepted"},
    **{"received_at": "2026-11-03T09:00:00+07:00", "findings": 0},
}


def forged(whole: str) -> str:
    return f"{BEGIN}\n{base64.b32encode(whole.encode()).decode()}\n{END}"


def test_no_forged_receipt_passes_for_the_offices_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ours, theirs = office_key(tmp_path / "so"), office_key(tmp_path / "ke-gia")
    real, own = (json.loads(base64.b32decode("".join(signed(FILED, key).split()[3:-3])))
                 for key in (ours, theirs))  # fmt: skip
    altered = [
        *({**FILED, field: value} for field, value in
          (("verdict", "returned"), ("received_at", "2026-11-01T09:00:00+07:00"), ("size", True),
           ("version", 1.0), ("unit", "SYT "), ("unit_name", normalize("NFD", "Sở Y tế")),
           ("file", "SYT\u200b.xlsx"), ("unit", "ЅYT"), ("more", 1))),
        {key: value for key, value in FILED.items() if key != "findings"},
    ]  # fmt: skip
    tried = {
        "another key": json.dumps(own),
        "our key named, theirs used": json.dumps({**own, "key": real["key"]}),
        "no signature": json.dumps({**real, "signature": ""}),
        "too deep": '{"receipt":' + "[" * 100_000,
        "a list": json.dumps([real]),
        "half of a pair": '{"receipt":{"a":"\\ud800"},"key":"","signature":""}',
        **{f"altered {n}": json.dumps({**real, "receipt": one}) for n, one in enumerate(altered)},
    }
    for name, whole in tried.items():
        with pytest.raises(NotGenuine):
            verified(forged(whole), public_key(tmp_path / "so"))
            pytest.fail(name)
    path = tmp_path / "phieu.txt"
    # Signed by us and no receipt, or signed by nobody knows whom and full of tricks.
    for key, said in ((ours, {"manifest": 1}), (theirs, FILED | {"file": "\x1b[2J[/red]"}),
                      (theirs, FILED | {"received_at": "hôm nay"})):  # fmt: skip
        path.write_text(signed(said, key))
        for home in ("so", "khong-co"):
            with pytest.raises(SystemExit) as end:
                main(["receipt", "verify", str(path), "--home", str(tmp_path / home)])
            assert end.value.code == 1
    said = capsys.readouterr()
    assert "đúng chữ ký.\n" not in said.out and "\x1b[2J" not in said.out and not said.err


def test_a_key_that_is_none_is_told_by_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, key = tmp_path / "phieu.txt", tmp_path / "khoa.pub"
    path.write_text(signed(FILED, office_key(tmp_path / "so")))
    for content in (None, b"", b"\xff\xfe", b"MTI="):
        if content is not None:
            key.write_bytes(content)
        with pytest.raises(SystemExit) as end:
            main(["receipt", "verify", str(path), "--key", str(key)])
        said = capsys.readouterr().err
        assert end.value.code == 2 and str(key) in said and "Traceback" not in said


def test_the_key_is_made_once_and_for_the_office_alone(tmp_path: Path) -> None:
    first = office_key(tmp_path).private_bytes_raw()
    assert office_key(tmp_path).private_bytes_raw() == first
    assert stat.S_IMODE((tmp_path / KEY).stat().st_mode) == 0o600
    assert (tmp_path / PUBLIC).is_file()
