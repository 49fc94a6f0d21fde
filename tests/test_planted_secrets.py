"""Secrets planted everywhere they are given, a month that goes wrong, and nothing of them left:
not in what was said, a log, an artifact, a parameter, a traceback, the folder or a backup."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psycopg

from tests.postgres import Postgres
from tests.province import surroundings
from tests.small_office import small_office
from tests.test_prefect import ROOT, free_port

PLANTED = {
    "mail": "bi-mat-cua-may-chu-thu-8841",
    "book": "bi-mat-cua-so-7713",
    "inbox": "bi-mat-cua-hop-thu-5520",
    "backup": "bi-mat-cua-ban-luu-9906",
    "screen": "bi-mat-cua-man-hinh-3387",
}


def test_no_secret_is_left_anywhere_by_a_month_that_failed(
    tmp_path: Path, postgres: Postgres
) -> None:
    url = postgres.new_database()
    locked = with_password(url, PLANTED["book"])
    away = free_port()
    with surroundings(TDKT_DATABASE_URL=locked):
        corner = small_office(tmp_path, ("SYT", "SNV"))
    corner.sends("SYT", corner.report("SYT"), day=3)
    home = corner.occasion.office.home
    toml = Path(home) / "office.toml"
    toml.write_text(toml.read_text().replace("demo = true", "demo = false"))
    env = {
        **os.environ,
        "TDKT_DATABASE_URL": locked,
        "TDKT_SMTP_URL": f"smtps://tdkt:{PLANTED['mail']}@127.0.0.1:{away}",
        "TDKT_INBOX": f"{home}/inbox imaps://don-vi:{PLANTED['inbox']}@127.0.0.1:{away}/INBOX",
        "TDKT_BACKUP_PASSWORD": PLANTED["backup"],
        "PREFECT_SERVER_API_AUTH_STRING": f"van-hanh:{PLANTED['screen']}",
        "PREFECT_HOME": str(tmp_path / "prefect"),
        "PREFECT_LOGGING_LEVEL": "DEBUG",
        "DO_NOT_TRACK": "1",
    }
    said = []
    for words in (
        ("arm", "--by", "Lò Văn Inh"),
        ("review", "2026-10", "--send", "--as-of", "2026-11-12T06:00"),  # the mailbox is not there
        (
            "review",
            "2026-10",
            "--send",
            "--as-of",
            "2026-11-12T07:00",
        ),  # it is, and the relay is not
        ("backup", str(tmp_path / "luu.tdkt"), "--by", "Lò Văn Inh"),
    ):
        if words[-1].endswith("07:00"):
            env["TDKT_INBOX"] = f"{home}/inbox"
        done = run(*words, "--home", home, env=env)
        said.append((words, done.returncode, done.stdout + done.stderr))
    broken = {**env, "TDKT_DATABASE_URL": with_password(url, PLANTED["book"], port=away)}
    gone = run("review", "2026-10", "--home", home, env=broken)
    said.append((("review", "no book"), gone.returncode, gone.stdout + gone.stderr))
    codes = [code for _words, code, _said in said]
    assert codes[1] and codes[2] < 2 and codes[3] == 0, said
    assert gone.returncode == 2
    for words, _code, text in said:
        assert not found_in(text.encode()), words
    looked = 0
    for path in tmp_path.rglob("*"):
        if path.is_file() and not path.is_symlink():
            looked += 1
            assert not found_in(path.read_bytes()), path
    assert looked >= 5 and (tmp_path / "luu.tdkt").is_file()
    with psycopg.connect(url.replace("+psycopg", "")) as conn:
        names = conn.execute(
            "select tablename from pg_tables where schemaname = 'public'"
        ).fetchall()
        for (name,) in names:
            rows = conn.execute(f'select t::text from "{name}" t').fetchall()  # type: ignore[arg-type]
            assert not found_in("\n".join(row[0] for row in rows).encode()), name


def found_in(data: bytes) -> list[str]:
    return [name for name, secret in PLANTED.items() if secret.encode() in data]


def with_password(url: str, password: str, port: int | None = None) -> str:
    """The same book, by an account that has a password (the server trusts it in any case)."""
    if port:
        return f"postgresql+psycopg://postgres:{password}@127.0.0.1:{port}/so"
    return url.replace("postgres@", f"postgres:{password}@")


def run(*words: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cli.main", *words]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=300)
