"""`tdkt audit verify`: a month's book, its anchors inside and outside the office, and what anybody
with the database in hand may have done to either."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from sqlalchemy import text

from channels.anchors import FILE, HEADER, Anchor, anchored, anchors_in, keep_anchor, kept_anchors
from channels.signing import office_key
from cli.main import main
from cli.review import occasion_for
from review.chain import Head
from tasks.anchor import anchor, anchor_text
from tasks.office import Office
from tasks.verify_audit import verified_in, verify_audit
from tdkt_models.audit import recall_audit
from tdkt_models.tables import all_tables
from tdkt_models.witness import SILENT
from tests.audit_tampering import TAMPERINGS, Tampering, tampered
from tests.held_office import WHO, held_office


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def office(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    server = request.getfixturevalue("postgres") if request.param == "postgresql" else None
    with held_office(tmp_path_factory.mktemp("audited"), server) as held:
        yield held


def outside(office: Office) -> list[Anchor]:
    """Those that the letters carried away."""
    mails = sorted((office.folder / "outbox").glob("*.eml"))
    headers = (message_from_bytes(m.read_bytes(), policy=policy.default)[HEADER] for m in mails)
    return [anchor for header in headers for anchor in anchors_in(header)]


def test_an_untouched_book_is_whole_and_agrees_with_every_anchor(office: Office) -> None:
    letters = outside(office)
    assert letters, "each letter carries one"
    found = verify_audit(office, letters)
    assert found.faults == ()
    assert found.anchors == len({*letters, *kept_anchors(office.folder)}) == 3
    assert found.newest and found.head.n >= found.newest.n > letters[0].n


def test_no_run_changes_the_book_without_a_line_in_the_audit(office: Office) -> None:
    with office.book() as book, book.reading() as conn:
        told = {entry.run for entry in recall_audit(conn)}
        for name, table in ((one.name, one) for one in all_tables()):
            if name not in SILENT:
                runs = {row.run for row in conn.execute(table.select())}
                assert runs <= told, name


@pytest.mark.parametrize("tampering", TAMPERINGS, ids=lambda t: t.name)
def test_whatever_was_done_to_the_audit_is_found(office: Office, tampering: Tampering) -> None:
    with office.book() as book, tampered(book) as conn:
        last = conn.execute(text("select max(n) from audit")).scalar_one()
        tampering.does(conn, last)
        assert verified_in(conn, office).faults


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("delete from answers; delete from findings; delete from received_files", "tệp đã nhận"),
        ("update received_files set sha256 = 'ab' || substr(sha256, 3)", "tệp đã nhận"),
        ("update letters set payload_sha = 'ab' || substr(payload_sha, 3)", "thư đã viết"),
        ("delete from letter_attempts; delete from letters", "thư đã viết"),
        (
            "update results set grade = 'KHTNV' where cadre = (select min(cadre) from results)",
            "kết",
        ),
        ("delete from results where cadre = (select min(cadre) from results)", "kết quả"),
        ("update decisions set who = 'kẻ khác'", "quyết định phê duyệt"),
        ("delete from decisions", "quyết định phê duyệt"),
    ],
)
def test_what_the_audit_names_cannot_vanish_or_change(
    office: Office, statement: str, said: str
) -> None:
    with office.book() as book, tampered(book) as conn:
        if conn.dialect.name == "sqlite":
            conn.execute(text("pragma defer_foreign_keys = on"))
        else:
            conn.execute(text("set local session_replication_role = replica"))
        for one in statement.split(";"):
            conn.execute(text(one))
        assert any(said in fault for fault in verified_in(conn, office).faults)


def test_an_anchor_that_a_letter_carried_away_shows_a_history_written_anew(
    office: Office, tmp_path: Path
) -> None:
    """The office's own anchors thrown away, its chain cut: the letter still knows."""
    elsewhere = Office(str(tmp_path))
    (tmp_path / "keys").mkdir()
    for name in ("receipt.key", "receipt.pub"):
        (tmp_path / "keys" / name).write_bytes((office.folder / "keys" / name).read_bytes())
    letters = outside(office)
    with office.book() as book, tampered(book) as conn:
        conn.execute(text("delete from audit where n >= :n"), {"n": letters[0].n})
        said = verified_in(conn, elsewhere, letters).faults
        assert any("phần cuối đã bị cắt" in fault for fault in said)


def test_a_thrown_away_file_of_anchors_is_missed(office: Office) -> None:
    path = office.folder / FILE
    kept = path.read_bytes()
    try:
        path.unlink()
        assert any("mất 2 mốc" in fault for fault in verify_audit(office).faults)
        path.write_bytes(kept.splitlines(keepends=True)[0] + kept.splitlines()[1][:70])
        assert any("mất 1 mốc" in fault for fault in verify_audit(office).faults)
    finally:
        path.write_bytes(kept)
    assert verify_audit(office).faults == ()


def test_an_anchor_that_a_power_cut_left_unnoted_is_told_until_the_next(office: Office) -> None:
    with office.book() as book, book.reading() as conn:
        keep_anchor(office.folder, anchor_text(conn, office))
    assert any("không ghi 1 mốc" in fault for fault in verify_audit(office).faults)
    anchor.fn(occasion_for(office.home, "2026-10"))
    assert verify_audit(office).faults == ()


def test_an_anchor_of_another_office_or_a_changed_one_counts_for_nothing(
    office: Office, tmp_path: Path
) -> None:
    now = datetime(2026, 11, 12, tzinfo=UTC)
    foreign = anchored(Head(1, "ab" * 32), now, office_key(tmp_path))
    (fault,) = verify_audit(office, anchors_in(foreign)).faults
    assert "không do khóa của cơ quan này ký" in fault
    changed = foreign.replace(foreign[40], "B" if foreign[40] != "B" else "C", 1)
    assert anchors_in(changed) == [] and anchors_in(foreign[:-3]) == [] and anchors_in("MOC") == []
    assert len(anchors_in(foreign.replace(" ", "\r\n ") + "\n" + foreign[:80] + foreign)) == 2


def test_the_command_says_it_with_its_exit_code(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def code(*args: str) -> int:
        with pytest.raises(SystemExit) as end:
            main(["audit", *args, "--home", office.home])
        return int(end.value.code or 0)

    letter = next((office.folder / "outbox").glob("*.eml"))
    assert code("verify", str(letter), "--json") == 0
    assert json.loads(capsys.readouterr().out)["valid"] is True
    assert code("verify", str(tmp_path / "khong-co.eml")) == 2
    (tmp_path / "thuong.txt").write_text("thư thường")
    assert code("verify", str(tmp_path / "thuong.txt")) == 2
    assert "Không thấy mốc sổ" in capsys.readouterr().err
    foreign = anchored(Head(1, "ab" * 32), datetime.now(UTC), office_key(tmp_path))
    (tmp_path / "moc.txt").write_text(foreign)
    assert code("verify", str(tmp_path / "moc.txt")) == 1
    capsys.readouterr()
    assert code("list", "--what", "results.approved", "--json") == 0
    listed = json.loads(capsys.readouterr().out)
    assert [one["who"] for one in listed] == [WHO]
    assert code("anchor", "--by", WHO) == 0
    assert code("verify") == 0
