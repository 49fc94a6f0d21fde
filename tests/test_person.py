"""One person's data: given whole to that person, and gone when its time is over; the audit proves
itself all the same, on both engines."""

from __future__ import annotations

import json
import stat
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from channels.errors import ChannelRefused
from cli.main import main
from cli.review import occasion_for
from review.keeping import ERASED_NAME, archivable_after, kept_until, may_be_forgotten
from tasks.erase_person import erase_person
from tasks.export_person import LABELS, export_person
from tasks.occasion import Occasion
from tasks.office import Office
from tasks.papers import make_papers
from tasks.verify_audit import verify_audit
from tdkt_models.audit import recall_audit
from tdkt_models.cadres import keep_cadres, recall_cadre, recall_cadres
from tdkt_models.personal import ABOUT, AUDITED, IN_OFFICE, OF_NOBODY, SHARED, WORDS_GO
from tdkt_models.results import recall_results
from tdkt_models.snapshot import lines_of
from tdkt_models.tables import all_tables, table_named
from tests.held_office import PERIOD, WHO, held_office

DECISION = "QĐ 12/QĐ-SNV ngày 05/01/2037"
LATER = "2037-01-06T09:00"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def office(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    """A month was held and approved; then one of its cadres changed the address, and left."""
    server = request.getfixturevalue("postgres") if request.param == "postgresql" else None
    with held_office(tmp_path_factory.mktemp("person"), server) as held:
        occasion = occasion_for(held.home, PERIOD, "2026-12-01T09:00")
        make_papers.fn(occasion, held.folder / "reports", sheets=True)
        one = gone(held)
        with held.book() as book, book.writing() as conn:
            keep_cadres(conn, [one._replace(email=EMAIL)], occasion.stamp)
        with held.book() as book, book.writing() as conn:
            left = one._replace(email=EMAIL, until=date(2026, 11, 30))
            keep_cadres(conn, [left], occasion.stamp)
        yield held


EMAIL = "nguoi.da.thoi@laichau.example"


def gone(office: Office):  # type: ignore[no-untyped-def]
    with office.book() as book, book.reading() as conn:
        return next(one for one in recall_cadres(conn, ["SYT"]) if not one.leads)


def later(office: Office) -> Occasion:
    return occasion_for(office.home, PERIOD, LATER)


def test_every_table_is_known_to_be_of_one_of_many_or_of_nobody() -> None:
    """A new table must be thought of here."""
    lists = [set(ABOUT), {AUDITED}, set(SHARED), set(IN_OFFICE), set(OF_NOBODY)]
    assert set.union(*lists) == {table.name for table in all_tables()}
    assert sum(map(len, lists)) == len(all_tables()), "no table stands in two lists"
    assert set(WORDS_GO) <= set(ABOUT)


def test_a_term_of_years_and_of_months() -> None:
    assert kept_until(date(2024, 2, 29), 10) == date(2034, 2, 28)
    assert archivable_after(date(2026, 10, 31), 36) == date(2029, 11, 1)
    assert archivable_after(date(2026, 11, 30), 36) == date(2029, 12, 1)
    assert archivable_after(date(2026, 12, 31), 36) == date(2030, 1, 1)


def test_the_data_of_who_serves_or_left_lately_stay(office: Office) -> None:
    one = gone(office)
    assert "còn trong danh bạ" in may_be_forgotten(one._replace(until=None), date(2037, 1, 6), 0)
    assert "30/11/2036" in may_be_forgotten(one, date(2036, 11, 30), 10)
    assert may_be_forgotten(one, date(2036, 12, 1), 10) == ""
    assert may_be_forgotten(one, date(2027, 1, 1), 10, early=True) == ""
    with pytest.raises(ChannelRefused, match="thời hạn lưu"):
        erase_person(occasion_for(office.home, PERIOD, "2027-01-05T09:00"), one.code, WHO, DECISION)
    with pytest.raises(ChannelRefused, match="--decision"):
        erase_person(later(office), one.code, WHO, " ")
    with pytest.raises(ChannelRefused, match="không có ai"):
        erase_person(later(office), "03637-99", WHO, DECISION)


def test_a_person_gets_all_that_is_held_and_nothing_of_others(
    office: Office, tmp_path: Path
) -> None:
    one, path = gone(office), tmp_path / "du-lieu.zip"
    counts = export_person(later(office), one.code, path, WHO)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 and set(counts) <= set(LABELS)
    assert counts["cadres"] == counts["scorecards"] == counts["results"] == counts["letters"] == 1
    assert counts["audit"] >= 2 and counts["lines"] >= 1 and counts["papers"] >= 1
    with zipfile.ZipFile(path) as made:
        said = json.loads(made.read("du-lieu.json"))
        words = made.read("ban-ke.txt").decode()
        letters = [name for name in made.namelist() if name.startswith("thu/")]
    assert len(letters) == 1 and one.name.upper() in words and "30/11/2036" in words
    assert said["data"]["cadres"][0]["email"] == EMAIL
    with office.book() as book, book.reading() as conn:
        others = [c.code for c in recall_cadres(conn) if c.code != one.code]
    whole = json.dumps(said["data"], ensure_ascii=False)
    assert not [code for code in others if code in whole]
    with pytest.raises(ChannelRefused, match="không ghi đè"):
        export_person(later(office), one.code, path, WHO)


def test_what_is_erased_is_nowhere_and_the_audit_is_whole(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    one = gone(office)
    with office.book() as book, book.reading() as conn:
        results = [r for r in recall_results(conn, PERIOD) if r.cadre == one.code]
    with pytest.raises(SystemExit) as end:
        words = ["--by", WHO, "--decision", DECISION, "--as-of", LATER, "--home", office.home]
        main(["person", "erase", one.code, *words])
    assert end.value.code == 1 and "tài liệu chung" in capsys.readouterr().out
    assert verify_audit(office).faults == ()
    with office.book() as book, book.reading() as conn:
        left = recall_cadre(conn, one.code)
        assert left and (left.name, left.birth, left.email) == (ERASED_NAME, None, "")
        assert [r for r in recall_results(conn, PERIOD) if r.cadre == one.code] == results
        (act,) = recall_audit(conn, what="person.erased")
        assert (act.who, act.subject, act.detail["decision"]) == (WHO, one.code, DECISION)
        for table in all_tables():
            if table.name not in SHARED and table.name not in ("letters", "papers"):
                text = b"".join(lines_of(conn, table)).decode()
                assert one.name not in text and EMAIL not in text, table.name
        assert not list(conn.execute(letters_to(one.code)))
    for path in (office.folder / "outbox").rglob("*"):
        assert EMAIL.encode() not in (path.read_bytes() if path.is_file() else b""), path
    assert not list((office.folder / "reports").glob(f"phieu-{one.code}-*"))
    again = erase_person(later(office), one.code, WHO, DECISION)
    assert (again.entries, again.files) == (0, 0) and verify_audit(office).faults == ()


def letters_to(code: str):  # type: ignore[no-untyped-def]
    table = table_named("letters")
    return table.select().where(table.c.person == code)
