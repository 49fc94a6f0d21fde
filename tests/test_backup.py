"""A backup holds the whole office, made while it runs; a restore proves it, or changes nothing."""

from __future__ import annotations

import base64
import io
import json
import os
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import inspect, select, text

from channels.backup_file import MANIFEST, SIGNATURE, BackupReader, BackupRefused
from channels.half_made import making_in
from channels.signing import KEY, known_keys, raw_public
from channels.strongbox import CHUNK, BoxRefused, StrongReader, StrongWriter
from cli.main import main
from cli.review import occasion_for
from tasks.backup import PASSWORD, back_up
from tasks.office import Office
from tasks.papers import again, make_papers
from tasks.restore import restore
from tasks.verify_audit import verify_audit
from tdkt_models.audit import AuditEntry, keep_audit
from tdkt_models.base import Book, BookError, Stamp, upgrade
from tdkt_models.digest import book_digest
from tdkt_models.files import recall_files
from tdkt_models.tables import all_tables
from tests.held_office import PERIOD, WHO, held_office
from tests.province import surroundings

RELEASED = Path(__file__).parent / "released"  # a small office of each release, as it was then
OLDEST = RELEASED / "0.1.0.tdkt"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def office(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    server = request.getfixturevalue("postgres") if request.param == "postgresql" else None
    with held_office(tmp_path_factory.mktemp("backed"), server) as held:
        make_papers.fn(occasion_for(held.home, PERIOD), held.folder / "reports")
        yield held


@pytest.fixture
def saved(office: Office, tmp_path: Path) -> Path:
    back_up(occasion_for(office.home, PERIOD), tmp_path / "a.tdkt", WHO)
    return tmp_path / "a.tdkt"


def rows_of(office: Office) -> dict[str, list[tuple[object, ...]]]:
    """Everything the book holds but what making a backup adds."""
    with office.book() as book, book.reading() as conn:
        return {
            name: [
                tuple(row)
                for row in conn.execute(table.select().order_by(*table.primary_key.columns))
                if name != "audit" or row.what not in AFTERWARDS
            ]
            for name, table in ((one.name, one) for one in all_tables())
        }


ROOT = Path(__file__).resolve().parent.parent
AFTERWARDS = ("office.backed_up", "office.restored", "audit.anchored")


def test_every_row_and_file_comes_back_on_either_engine(
    office: Office, saved: Path, tmp_path: Path, fresh_url: Callable[[], str]
) -> None:
    there = Office(str(tmp_path / "moi"))
    before = rows_of(office)
    with surroundings(TDKT_DATABASE_URL=fresh_url()):
        done = restore(saved, there, WHO)
        assert done.faults == () and done.new_key
        assert rows_of(there) == before
        assert verify_audit(there).faults == ()
        with there.book() as book, book.reading() as conn:
            digest, files = book_digest(conn, PERIOD), recall_files(conn)
        for file in files:
            kept = office.folder / "received" / file.stored_path
            assert (there.folder / "received" / file.stored_path).read_bytes() == kept.read_bytes()
        paper, content = again(occasion_for(there.home, PERIOD), 1)
        assert content and paper.period == PERIOD
        # Numbers go on where they were: a new file, act or letter takes the next free one.
        stamp = Stamp(datetime.now(UTC), "sau")
        with there.book() as book, book.writing() as conn:
            keep_audit(conn, [AuditEntry(WHO, "thử", "")], stamp)
    with office.book() as book, book.reading() as conn:
        assert book_digest(conn, PERIOD) == digest
    assert (there.folder / "office.toml").read_bytes() == (
        office.folder / "office.toml"
    ).read_bytes()


def test_a_process_that_knows_no_table_yet_copies_all_of_them(
    office: Office, tmp_path: Path
) -> None:
    """As from the command line: what this process has loaded so far does not help."""
    file = tmp_path / "a.tdkt"
    command = [sys.executable, "-m", "cli.main", "backup", str(file), "--home", office.home]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    rows = BackupReader(file).manifest["rows"]
    with office.book() as book, book.reading() as conn:
        there = set(inspect(conn).get_table_names()) - {"alembic_version"}
        counted = {n: conn.execute(text(f'select count(*) from "{n}"')).scalar() for n in there}
    counted["audit"] -= 1  # the act itself
    assert rows == counted


def test_a_book_with_a_table_of_others_is_not_copied_in_part(
    office: Office, tmp_path: Path
) -> None:
    with office.book() as book, book.writing() as conn:
        conn.execute(text("create table cua_nguoi_khac (a integer)"))
    try:
        with pytest.raises(BookError, match="cua_nguoi_khac"):
            back_up(occasion_for(office.home, PERIOD), tmp_path / "b.tdkt", WHO)
    finally:
        with office.book() as book, book.writing() as conn:
            conn.execute(text("drop table cua_nguoi_khac"))
    assert not list(tmp_path.iterdir())


def test_it_is_made_while_others_write(office: Office, tmp_path: Path) -> None:
    """What came after the snapshot is not in it, and what is in it is whole."""
    stop = threading.Event()

    def write() -> None:
        with office.book() as book:
            n = 0
            while not stop.is_set():
                with book.writing() as conn:
                    entry = AuditEntry("người khác", "thử", str(n), {"n": n})
                    keep_audit(conn, [entry] * 50, Stamp(datetime.now(UTC), "beside"))
                n += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = back_up(occasion_for(office.home, PERIOD), tmp_path / "a.tdkt", WHO)
    finally:
        stop.set()
        writer.join()
    there = Office(str(tmp_path / "moi"))
    with surroundings(TDKT_DATABASE_URL=f"sqlite:///{tmp_path / 'b.db'}"):
        assert restore(tmp_path / "a.tdkt", there, WHO).faults == ()
        assert verify_audit(there).head.n == made.head.n + 2, "it, the restore and its anchor"


def test_secrets_are_in_no_backup_in_clear(office: Office, saved: Path, tmp_path: Path) -> None:
    secret = (office.folder / KEY).read_bytes()
    with zipfile.ZipFile(saved) as kept:
        inside = [kept.read(name) for name in kept.namelist()]
        assert not any(name.endswith(".key") for name in kept.namelist())
    assert not any(secret in data for data in [*inside, saved.read_bytes()])
    locked = tmp_path / "khoa.tdkt"
    with surroundings(**{PASSWORD: "mật khẩu dài của phòng"}):
        assert back_up(occasion_for(office.home, PERIOD), locked, WHO).secrets
        there = Office(str(tmp_path / "moi"))
        with surroundings(TDKT_DATABASE_URL=f"sqlite:///{tmp_path / 'b.db'}"):
            assert not restore(locked, there, WHO).new_key
        assert (there.folder / KEY).read_bytes() == secret
        assert (there.folder / KEY).stat().st_mode & 0o777 == 0o600
    whole = locked.read_bytes()
    assert secret not in whole and b"office.toml" not in whole
    with pytest.raises(BackupRefused, match="có mật khẩu"):
        BackupReader(locked)
    with pytest.raises(BoxRefused, match="Mật khẩu không đúng"):
        BackupReader(locked, "khác")


def test_what_is_only_half_made_is_in_no_backup(office: Office, tmp_path: Path) -> None:
    """As the lines of a country's workbook, while they are written."""
    occasion, file = occasion_for(office.home, PERIOD), tmp_path / "giua-chung.tdkt"
    with making_in(office.folder / "papers") as workshop:
        (workshop / "lines").write_text("Lò Văn Inh 90,44")
        back_up(occasion, file, WHO)
    with zipfile.ZipFile(file) as kept:
        assert not any(name.endswith("/lines") for name in kept.namelist())


def test_nothing_is_ever_written_over(office: Office, saved: Path, tmp_path: Path) -> None:
    before = saved.read_bytes()
    with pytest.raises(BackupRefused, match="không ghi đè"):
        back_up(occasion_for(office.home, PERIOD), saved, WHO)
    assert saved.read_bytes() == before and list(tmp_path.iterdir()) == [saved]
    kept = rows_of(office)
    with pytest.raises(BackupRefused, match="không trống"):
        restore(saved, office, WHO)
    with pytest.raises(BookError, match="không trống"):  # an empty folder, but a book in use
        restore(saved, Office(str(tmp_path / "moi")), WHO)
    assert rows_of(office) == kept and list(tmp_path.iterdir()) == [saved]


def test_a_damaged_backup_restores_nothing(tmp_path: Path, fresh_url: Callable[[], str]) -> None:
    whole, url = OLDEST.read_bytes(), fresh_url()
    places = [0, len(whole) // 5, len(whole) // 2, len(whole) - 700, len(whole) - 3]
    damaged = [whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :] for at in places]
    damaged += [whole[: len(whole) // 2], b"", b"PK\x03\x04", b"%PDF-1.7"]
    bad, there = tmp_path / "hong.tdkt", Office(str(tmp_path / "moi"))
    for data in damaged:
        bad.write_bytes(data)
        with (
            surroundings(TDKT_DATABASE_URL=url),
            pytest.raises((BackupRefused, BookError)),
        ):
            restore(bad, there, WHO)
        assert [path.name for path in tmp_path.iterdir() if path.suffix != ".db"] == ["hong.tdkt"]
    with surroundings(TDKT_DATABASE_URL=url):
        assert restore(OLDEST, there, WHO).rows, "what failed left the book empty"


def signed_anew(saved: Path, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """The backup changed and signed again: the work of somebody with a key of their own."""
    import hashlib

    with zipfile.ZipFile(saved) as kept:
        inside = {name: kept.read(name) for name in kept.namelist()}
    manifest = json.loads(inside.pop(MANIFEST))
    inside.pop(SIGNATURE)
    change(inside)
    manifest["members"] = {
        name: {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        for name, data in inside.items()
    }
    key, said = Ed25519PrivateKey.generate(), json.dumps(manifest).encode()
    mark = {
        "key": base64.b64encode(raw_public(key)).decode(),
        "signature": base64.b64encode(key.sign(said)).decode(),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, data in {**inside, MANIFEST: said, SIGNATURE: json.dumps(mark).encode()}.items():
            made.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize(
    "name", ["office/../../etc/cron.d/x", "/etc/passwd", "office/a\\..\\b", "../x"]
)
def test_no_name_inside_leads_out_of_the_folder(saved: Path, tmp_path: Path, name: str) -> None:
    bad = tmp_path / "xau.tdkt"
    bad.write_bytes(signed_anew(saved, lambda inside: inside.update({name: b"x"})))
    with pytest.raises(BackupRefused, match="không được phép"):
        BackupReader(bad)


def test_an_original_that_is_not_what_its_name_says_is_refused(saved: Path, tmp_path: Path) -> None:
    def change(inside: dict[str, bytes]) -> None:
        original = next(name for name in inside if name.startswith("office/received/"))
        inside[original] = b"khac"

    bad = tmp_path / "xau.tdkt"
    bad.write_bytes(signed_anew(saved, change))
    with (
        surroundings(TDKT_DATABASE_URL=f"sqlite:///{tmp_path / 'b.db'}"),
        pytest.raises(BackupRefused, match="không còn nguyên vẹn"),
    ):
        restore(bad, Office(str(tmp_path / "moi")), WHO)


def test_a_book_changed_and_signed_anew_is_told_by_the_audit(saved: Path, tmp_path: Path) -> None:
    def change(inside: dict[str, bytes]) -> None:
        grades = {b'"HTXSNV"': b'"HTNV"', b'"HTTNV"': b'"HTXSNV"', b'"HTNV"': b'"KHTNV"'}
        said = inside["book/results.jsonl"]
        there = next(grade for grade in grades if grade in said)
        inside["book/results.jsonl"] = said.replace(there, grades[there])

    bad, there = tmp_path / "xau.tdkt", Office(str(tmp_path / "moi"))
    bad.write_bytes(signed_anew(saved, change))
    with surroundings(TDKT_DATABASE_URL=f"sqlite:///{tmp_path / 'b.db'}"):
        faults = restore(bad, there, WHO).faults
    assert any("kết quả đã phê duyệt của kỳ 2026-10" in fault for fault in faults)


def test_a_backup_of_a_newer_program_is_refused(saved: Path, tmp_path: Path) -> None:
    from tdkt_models.snapshot import restore_tables

    with pytest.raises(BookError, match="mới hơn"):
        restore_tables(f"sqlite:///{tmp_path / 'b.db'}", "9999", {}, {})
    assert not (tmp_path / "b.db").exists()


def test_the_commands_do_it(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def code(*args: str) -> int:
        with pytest.raises(SystemExit) as end:
            main(list(args))
        return int(end.value.code or 0)

    file = str(tmp_path / "a.tdkt")
    assert code("backup", file, "--home", office.home, "--json") == 0
    assert json.loads(capsys.readouterr().out)["missing"] == []
    assert code("backup", file, "--home", office.home) == 2
    with surroundings(TDKT_DATABASE_URL=f"sqlite:///{tmp_path / 'b.db'}"):
        assert code("restore", file, "--home", str(tmp_path / "moi")) == 0
        assert code("audit", "verify", "--home", str(tmp_path / "moi")) == 0
        assert code("restore", file, "--home", str(tmp_path / "moi")) == 2
    assert code("restore", str(tmp_path / "khong-co.tdkt"), "--home", str(tmp_path / "x")) == 2
    original = next(p for p in (office.folder / "received").rglob("*") if p.is_file())
    kept = original.read_bytes()
    original.unlink()
    try:
        assert code("backup", str(tmp_path / "thieu.tdkt"), "--home", office.home) == 1
    finally:
        original.write_bytes(kept)


def test_a_strong_box_reads_anywhere_and_tells_every_change(tmp_path: Path) -> None:
    path, data = tmp_path / "hop", os.urandom(3 * CHUNK + 17)
    with StrongWriter(path.open("wb"), "mk") as box:
        box.write(data[:10])
        box.write(data[10:])
    with io.BufferedReader(StrongReader(path.open("rb"), "mk")) as box:
        assert box.read() == data
        box.seek(2 * CHUNK - 3)
        assert box.read(6) == data[2 * CHUNK - 3 : 2 * CHUNK + 3]
        assert box.seek(-5, io.SEEK_END) == len(data) - 5 and box.read() == data[-5:]
    whole = path.read_bytes()
    sealed = CHUNK + 16
    head = len(whole) - (3 * sealed + 17 + 16)
    swapped = whole[:head] + whole[head + sealed : head + 2 * sealed] + whole[head : head + sealed]
    swapped += whole[head + 2 * sealed :]
    for bad in (whole[:-1], whole[: head + sealed], whole[:-20], swapped, whole[:9]):
        path.write_bytes(bad)
        with pytest.raises(BoxRefused), StrongReader(path.open("rb"), "mk") as box:
            box.readall()
    for size in (0, CHUNK, 2 * CHUNK):
        with StrongWriter(path.open("wb"), "mk") as box:
            box.write(data[:size])
        with StrongReader(path.open("rb"), "mk") as box:
            assert box.readall() == data[:size]


def test_old_keys_stay_known(saved: Path, office: Office, tmp_path: Path) -> None:
    there = Office(str(tmp_path / "moi"))
    with surroundings(TDKT_DATABASE_URL=f"sqlite:///{tmp_path / 'b.db'}"):
        restore(saved, there, WHO)
    old = known_keys(office.folder)
    assert old < known_keys(there.folder) and len(known_keys(there.folder)) == 2
    assert list((there.folder / "keys").glob("before-*.pub"))


@pytest.mark.parametrize("release", sorted(path.stem for path in RELEASED.glob("*.tdkt")))
def test_an_office_of_each_release_comes_up_to_date(
    release: str, tmp_path: Path, fresh_url: Callable[[], str]
) -> None:
    file, there = RELEASED / f"{release}.tdkt", Office(str(tmp_path / "moi"))
    with BackupReader(file) as kept:
        manifest = kept.manifest
    assert manifest["program"] == release
    with surroundings(TDKT_DATABASE_URL=fresh_url()):
        done = restore(file, there, WHO)
        assert done.faults == () and done.rows == sum(manifest["rows"].values()) > 100
        with there.book() as book, book.reading() as conn:
            assert len(recall_files(conn, period=PERIOD)) == manifest["rows"]["received_files"]
            kept = {table.name: table for table in all_tables()}
            for name in manifest["rows"].keys() & kept.keys():
                there_now = conn.execute(text(f'select count(*) from "{name}"')).scalar_one()
                assert there_now >= manifest["rows"][name], name
            # A report's lines were rows once; since step 0020 they lie in the report itself.
            lines = sum(n for name, n in manifest["rows"].items() if name not in kept)
            sheets = conn.execute(select(kept["submissions"].c.sheets)).scalars()
            said = [sheet["rows"] for one in sheets for key, sheet in one.items() if key != "cover"]
            assert sum(map(len, said)) == lines > 0
        # The month may be held again on it: nothing new came, so nothing changes.
        from flows.cycle import review_cycle

        occasion = occasion_for(there.home, PERIOD, "2026-11-06T09:00")
        assert review_cycle(occasion).balanced
        assert verify_audit(there).faults == ()


def test_a_book_that_holds_data_is_upgraded_in_place(
    tmp_path: Path, fresh_url: Callable[[], str]
) -> None:
    """As `tdkt init` does on an office of 0.1.0."""
    from tdkt_models.snapshot import _filled

    url = fresh_url()
    with BackupReader(OLDEST) as kept:
        upgrade(url, kept.manifest["step"])
        names = [name for name in kept.members if name.startswith("book/")]
        lines = {Path(name).stem: (lambda name=name: kept.lines(name)) for name in names}
        assert _filled(url, lines) == dict(kept.manifest["rows"])
    upgrade(url)
    book = Book.open(url)
    with book.reading() as conn:
        assert len(recall_files(conn, period=PERIOD)) == 1
    book.close()
