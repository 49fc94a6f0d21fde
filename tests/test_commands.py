"""The command line as a person or a script meets it: what it says, what it exits with."""

from __future__ import annotations

import io
import json
import os
import socket
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cli.main import main
from tests.province import surroundings
from tests.small_office import small_office


@dataclass(frozen=True)
class Done:
    """What a command left: its exit code and what it printed."""

    returncode: int
    stdout: str
    stderr: str


def tdkt(*words: str, **env: str) -> Done:
    """The command in this process, its own four seconds of loading spared; what it said and how it
    ended are those of `python -m cli.main` (test_the_program_itself_is_the_same_command)."""
    out, err = io.StringIO(), io.StringIO()
    set_here = {name: "" for name in os.environ if name.startswith("TDKT_")}
    with surroundings(**set_here, **env), redirect_stdout(out), redirect_stderr(err):
        for name in set_here.keys() - env.keys():
            del os.environ[name]
        with pytest.raises(SystemExit) as end:
            main(words)
    return Done(int(end.value.code or 0), out.getvalue(), err.getvalue())


def test_the_program_itself_is_the_same_command(tmp_path: Path) -> None:
    words = ("status", "2026-13", "--home", str(tmp_path / "none"))
    done = subprocess.run(
        [sys.executable, "-m", "cli.main", *words], capture_output=True, text=True, timeout=120
    )
    assert Done(done.returncode, done.stdout, done.stderr) == tdkt(*words)


# One worker holds the month for all that look at it.
on_the_held_office = pytest.mark.xdist_group("commands")


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo office whose month has been held."""
    home = tmp_path_factory.mktemp("held") / "office"
    done = tdkt("demo", "--home", str(home), "--json")
    assert done.returncode == 0, done.stderr
    return home


def refused(done: Done, words: str) -> None:
    assert done.returncode == 2, done.stdout + done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr


@on_the_held_office
def test_status_accounts_for_every_unit(reviewed: Path) -> None:
    done = tdkt("status", "2026-10", "--json", "--home", str(reviewed))
    said = json.loads(done.stdout)
    states = ("accepted", "returned", "nil", "missing", "set_aside")
    assert done.returncode == 0 and said["balanced"]
    assert said["roll"] == sum(said[state] for state in states) == 60
    year = said["punctuality"]["province"]  # of these sixty units the book has this month alone
    assert year["in_time"] == said["received"] - said["late"] == 53
    assert (year["due"], year["complete"]) == (60, said["accepted"] + said["nil"])
    persons = said["persons"]
    assert persons["on_roll"] == persons["scored"] + persons["insufficient"] + persons["excluded"]
    assert sum(said["letters"].values()) == said["letters"]["sent"]


@on_the_held_office
def test_letters_list_keeps_the_keys_of_the_contract(reviewed: Path) -> None:
    found = json.loads(tdkt("letters", "list", "2026-10", "--json", "--home", str(reviewed)).stdout)
    keys = {"id", "kind", "to", "about", "state", "attempts", "message_id", "sent_at", "reason"}
    assert found and set(found[0]) == keys
    personal = [one for one in found if one["kind"] == "cadre_result"]
    assert personal and all(len(one["about"]) <= 2 for one in personal)


@on_the_held_office
def test_explain_leads_from_the_grade_to_the_cell(reviewed: Path) -> None:
    done = tdkt("letters", "list", "2026-10", "--json", "--home", str(reviewed))
    someone = next(o for o in json.loads(done.stdout) if o["kind"] == "cadre_result")["about"][0]
    words = tdkt("explain", someone, "2026-10", "--home", str(reviewed)).stdout
    assert "Điều" in words and "sha256" in words and "S4 Tiêu chí chung!" in words


@on_the_held_office
def test_explain_of_nobody_is_refused(reviewed: Path) -> None:
    refused(tdkt("explain", "00000-99", "2026-10", "--home", str(reviewed)), "00000-99")


@on_the_held_office
def test_a_second_demo_starts_afresh(reviewed: Path) -> None:
    done = tdkt("demo", "--home", str(reviewed), "--json")
    assert done.returncode == 0 and json.loads(done.stdout)["balanced"]


def test_a_demo_never_overwrites_a_real_office(tmp_path: Path) -> None:
    assert tdkt("init", "--home", str(tmp_path)).returncode == 0
    refused(tdkt("demo", "--home", str(tmp_path)), "văn phòng thật")


def test_a_demo_office_never_posts_outside_this_machine(tmp_path: Path) -> None:
    home = str(tmp_path / "office")
    done = tdkt("demo", "--home", home, TDKT_SMTP_URL="smtp://a:hunter2@mail.laichau.gov.vn:587")
    refused(done, "không gửi thư ra ngoài máy này")
    assert "hunter2" not in done.stdout + done.stderr


@on_the_held_office
@pytest.mark.parametrize("period", ["2026-13", "tháng mười", "2026-Q5", "2026-1"])
def test_what_is_no_period_is_said(reviewed: Path, period: str) -> None:
    refused(tdkt("status", period, "--home", str(reviewed)), "không phải là kỳ báo cáo")


def test_an_office_that_is_not_there_is_said(tmp_path: Path) -> None:
    refused(tdkt("review", "2026-10", "--home", str(tmp_path / "nowhere")), "tdkt init")


def test_a_missing_inbox_is_said_and_loses_nothing(tmp_path: Path) -> None:
    tdkt("init", "--home", str(tmp_path))
    done = tdkt("collect", "2026-10", "--home", str(tmp_path), TDKT_INBOX=str(tmp_path / "no"))
    refused(done, "Không thấy hộp thư đến")


def test_a_book_that_is_not_there_or_not_migrated_is_said(tmp_path: Path) -> None:
    tdkt("init", "--home", str(tmp_path))
    (tmp_path / "office.db").unlink()
    refused(tdkt("status", "2026-10", "--home", str(tmp_path)), "tdkt init")
    (tmp_path / "office.db").write_bytes(b"")
    refused(tdkt("status", "2026-10", "--home", str(tmp_path)), "tdkt init")


def test_a_server_that_is_not_there_does_not_show_the_password(tmp_path: Path) -> None:
    tdkt("init", "--home", str(tmp_path))
    url = "postgresql+psycopg://tdkt:hunter2@127.0.0.1:1/book"
    done = tdkt("status", "2026-10", "--home", str(tmp_path), TDKT_DATABASE_URL=url)
    assert done.returncode == 2 and "hunter2" not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_a_setting_that_makes_no_sense_is_named(tmp_path: Path) -> None:
    tdkt("init", "--home", str(tmp_path))
    (tmp_path / "office.toml").write_text('[office]\ntime_zone = "Hà Nội"\n', encoding="utf-8")
    refused(tdkt("status", "2026-10", "--home", str(tmp_path)), "time_zone")


def test_a_relay_that_is_gone_leaves_every_letter_waiting(tmp_path: Path) -> None:
    corner = small_office(tmp_path)
    corner.at(12)
    for unit in ("SYT", "SNV"):
        corner.sends(unit, corner.report(unit), day=3)
    words = ("review", "2026-10", "--send", "--json", "--home", corner.occasion.office.home)
    as_of = ("--as-of", corner.occasion.now.isoformat())
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))  # bound and not listening: every call is refused
        port = silent.getsockname()[1]
        done = tdkt(*words, *as_of, TDKT_SMTP_URL=f"smtp://127.0.0.1:{port}")
    said = json.loads(done.stdout)
    assert said["letters"]["sent"] == 0 and said["letters"]["failed"] == 0
    assert said["letters"]["written"] > 10


def test_a_reminder_rehearsed_is_not_sent_to_a_unit_that_has_reported_since(
    tmp_path: Path,
) -> None:
    corner = small_office(tmp_path)
    corner.at(12)
    home = corner.occasion.office.home
    words = ("--home", home, "--as-of", corner.occasion.now.isoformat(), "--json")
    letters = json.loads(tdkt("review", "2026-10", *words).stdout)["letters"]
    assert letters["written"] >= 3
    for unit in ("SYT", "SNV"):
        corner.sends(unit, corner.report(unit), day=3)
    tdkt("review", "2026-10", "--send", *words)
    found = json.loads(tdkt("letters", "list", "2026-10", "--json", "--home", home).stdout)
    sent = [one for one in found if one["kind"] == "unit_reminder" and one["state"] == "sent"]
    assert len(sent) == 1, "only the one that still owes"


def test_a_report_handed_in_early_waits_for_its_own_month(tmp_path: Path) -> None:
    corner = small_office(tmp_path, period="2026-11")
    corner.sends("SYT", corner.report("SYT"), day=3)
    home = corner.occasion.office.home
    first = json.loads(tdkt("collect", "2026-10", "--json", "--home", home).stdout)
    second = json.loads(tdkt("collect", "2026-11", "--json", "--home", home).stdout)
    assert (first["accepted"], second["accepted"]) == (0, 1)


def test_a_file_that_cannot_be_read_stops_no_other(tmp_path: Path) -> None:
    corner = small_office(tmp_path)
    sent = corner.sends("SYT", corner.report("SYT"), day=3)
    (sent.parent / "0-khoa.xlsx").symlink_to("/proc/self/mem")
    (sent.parent / "0-mat.xlsx").symlink_to(tmp_path / "khong-co.xlsx")
    done = tdkt("collect", "2026-10", "--json", "--home", corner.occasion.office.home)
    assert json.loads(done.stdout)["accepted"] == 1, done.stderr


def test_a_report_dated_by_a_clock_that_runs_ahead_does_not_outlast_its_correction(
    tmp_path: Path,
) -> None:
    """The time of a file is its sender's word; the year 2100 would come after every correction."""
    corner = small_office(tmp_path)
    first = corner.sends("SYT", corner.report("SYT", seed=1), day=3)
    os.utime(first, (4_102_444_800, 4_102_444_800))
    home = corner.occasion.office.home
    tdkt("collect", "2026-10", "--json", "--home", home)
    (early,) = corner.files("SYT")
    assert early.received_at < datetime.now(UTC) + timedelta(minutes=1)


@on_the_held_office
def test_a_place_that_cannot_be_written_is_said_in_words(reviewed: Path, tmp_path: Path) -> None:
    (tmp_path / "tep.xlsx").write_bytes(b"cua don vi")
    for words, said in (
        (("report", "2026-10", "--to", "tep.xlsx"), "ở đó đang có một tệp"),
        (("forms", "2026-11", "--to", "tep.xlsx/mau"), "là tệp, không phải thư mục"),
        (("roster", "export", "tep.xlsx/a.xlsx"), "cần một thư mục"),
        (("backup", "tep.xlsx/a.tdkt", "--by", "Lò Văn Inh"), "cần một thư mục"),
    ):
        typed = (str(tmp_path / one) if one.startswith("tep") else one for one in words)
        refused(tdkt(*typed, "--home", str(reviewed)), said)
    assert (tmp_path / "tep.xlsx").read_bytes() == b"cua don vi"


def test_a_very_large_file_is_answered_without_being_read_whole(tmp_path: Path) -> None:
    corner = small_office(tmp_path)
    corner.sends("SYT", corner.report("SYT"), day=3)
    home = Path(corner.occasion.office.home)
    with (home / "inbox" / "SNV_2026-10.xlsx").open("wb") as huge:
        huge.truncate(3 << 30)
    done = tdkt("collect", "2026-10", "--json", "--home", str(home))
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert json.loads(done.stdout)["accepted"] == 1
    kept = sum(path.stat().st_size for path in (home / "received").rglob("*") if path.is_file())
    assert kept < 64 << 20


@on_the_held_office
def test_a_period_without_a_rule_is_refused_before_anything_is_written(reviewed: Path) -> None:
    refused(tdkt("review", "2019-01", "--home", str(reviewed)), "Chưa có quy định")


@on_the_held_office
def test_an_inbox_we_do_not_know_is_refused_and_its_password_not_shown(reviewed: Path) -> None:
    for inbox in ("la://tdkt:hunter2@may.x.vn/x", "imaps://tdkt:hunter2@127.0.0.1:9/INBOX"):
        for words in (("collect", "2026-10"), ("doctor",)):
            done = tdkt(*words, "--home", str(reviewed), TDKT_INBOX=inbox)
            said = done.stdout + done.stderr
            assert done.returncode and inbox.partition(":")[0] + "://" in said
            assert "hunter2" not in said


def test_an_outbox_that_makes_no_sense_is_said_before_anything_is_taken(tmp_path: Path) -> None:
    corner = small_office(tmp_path)
    corner.sends("SYT", corner.report("SYT"), day=3)
    home = corner.occasion.office.home
    refused(
        tdkt("review", "2026-10", "--send", "--home", home, TDKT_SMTP_URL="foo://x"),
        "TDKT_SMTP_URL",
    )
    said = json.loads(tdkt("status", "2026-10", "--json", "--home", home).stdout)
    assert said["received"] == 0


def test_an_office_may_have_quotes_in_its_name(tmp_path: Path) -> None:
    assert tdkt("init", "--home", str(tmp_path), "--name", 'Sở "Nội vụ" \\x').returncode == 0
    assert tdkt("status", "2026-10", "--home", str(tmp_path)).returncode == 0


def test_what_is_no_file_is_not_checked() -> None:
    refused(tdkt("check", "/dev/zero"), "không phải là một tệp")


@on_the_held_office
def test_doctor_finds_nothing_wrong_with_the_demo_office(reviewed: Path) -> None:
    done = tdkt("doctor", "--json", "--home", str(reviewed))
    assert [c for c in json.loads(done.stdout) if c["what"] != "Danh bạ"] == []


def test_an_empty_office_hears_what_it_lacks(tmp_path: Path) -> None:
    tdkt("init", "--home", str(tmp_path))
    done = tdkt("doctor", "--home", str(tmp_path))
    assert done.returncode == 1 and "roster import" in done.stdout


@on_the_held_office
def test_the_roster_goes_out_and_comes_back_unchanged(reviewed: Path, tmp_path: Path) -> None:
    file = str(tmp_path / "danh-ba.xlsx")
    assert tdkt("roster", "export", file, "--home", str(reviewed)).returncode == 0
    done = tdkt("roster", "import", file, "--dry-run", "--home", str(reviewed))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Danh sách không thay đổi" in done.stdout


@on_the_held_office
def test_forms_of_a_unit_nobody_knows_are_refused(reviewed: Path, tmp_path: Path) -> None:
    words = ("forms", "2026-11", "--to", str(tmp_path), "--unit", "99999")
    refused(tdkt(*words, "--home", str(reviewed)), "99999")


@on_the_held_office
def test_forms_carry_last_months_open_tasks(reviewed: Path, tmp_path: Path) -> None:
    done = tdkt("forms", "2026-11", "--to", str(tmp_path / "mau"), "--home", str(reviewed))
    assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "mau").glob("*.xlsx"))) == 60


@on_the_held_office
def test_more_time_moves_the_due_date_of_one_unit(reviewed: Path) -> None:
    words = ("extend", "03637", "2026-10", "--days", "4", "--reason", "Lũ quét", "--by", "Lò A")
    done = tdkt(*words, "--home", str(reviewed))
    assert done.returncode == 0 and "09/11/2026" in done.stdout


@on_the_held_office
def test_up_says_that_a_port_is_taken(reviewed: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        refused(tdkt("up", "--port", str(port), "--home", str(reviewed)), str(port))


def test_wrong_words_are_answered_in_vietnamese() -> None:
    refused(tdkt("reviw"), "Không có lệnh")
    refused(tdkt("status", "--jsn", "2026-10"), "Không có tùy chọn")
    refused(tdkt("review"), "Thiếu")


@on_the_held_office
def test_a_moment_that_makes_no_sense_is_said_of_the_option_that_bore_it(reviewed: Path) -> None:
    refused(tdkt("arm", "--by", "X", "--until", "hom-qua", "--home", str(reviewed)), "--until")
