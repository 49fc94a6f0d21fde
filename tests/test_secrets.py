"""Secrets come from the environment, a file of the office or a Prefect block, and stay there."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.main import main
from tasks.office import Office, make_office
from tasks.secrets import SecretRefused, secret
from tdkt_models.base import Book, BookError, BookMissing, upgrade
from tests.province import surroundings

NAME = "TDKT_SMTP_URL"


def test_a_secret_is_read_from_the_environment_or_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "smtp"
    file.write_text("smtp://tdkt:bi-mat@mail.vn\n")
    file.chmod(0o600)
    with surroundings(**{f"{NAME}_FILE": str(file)}):
        assert secret(NAME) == "smtp://tdkt:bi-mat@mail.vn"
        assert Office(str(tmp_path)).smtp_url == "smtp://tdkt:bi-mat@mail.vn"
        with surroundings(**{NAME: "capture:"}):
            assert secret(NAME) == "capture:"
    assert secret(NAME) == "" and Office(str(tmp_path)).smtp_url == "capture:"


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660])
def test_a_file_that_others_may_read_is_refused_with_the_cure(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "smtp"
    file.write_text("smtp://tdkt:bi-mat@mail.vn\n")
    file.chmod(mode)
    with surroundings(**{f"{NAME}_FILE": str(file)}):
        with pytest.raises(SecretRefused, match="chmod 600") as caught:
            secret(NAME)
        assert "bi-mat" not in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    for path in (tmp_path / "khong-co", tmp_path):
        with surroundings(**{f"{NAME}_FILE": str(path)}), pytest.raises(SecretRefused, match=NAME):
            secret(NAME)


@pytest.mark.parametrize(
    "typed",
    [
        "imaps//tdkt:{}@127.0.0.1", "imaps://tdkt:mat {}@127.0.0.1:1", "tdkt:{}@127.0.0.1",
        "/co {} imaps//a@b",
    ],
)  # fmt: skip
def test_a_mailbox_typed_wrong_is_refused_without_what_may_be_its_password(
    tmp_path: Path, typed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    office = Office.at(tmp_path / "office")
    with surroundings(TDKT_DATABASE_URL=f"sqlite:///{tmp_path / 'so.db'}"):
        make_office(office, demo=True)
        upgrade(office.database_url)
        with surroundings(TDKT_INBOX=typed.format("bi-mat")):
            for words in (("collect", "2026-10"), ("doctor",)):
                with pytest.raises(SystemExit) as end:
                    main([*words, "--home", office.home])
                said = "".join(capsys.readouterr())
                assert end.value.code and "TDKT_INBOX" in said and "bi-mat" not in said


def test_a_book_typed_wrong_is_refused_without_its_password() -> None:
    """An @ in a password that is not written %40 makes the rest of it the name of the host."""
    for typed in ("postgresql+psycopg://tdkt:bi@mat@127.0.0.1:1/so", "postgres://a:bi@mat@m/so"):
        with pytest.raises(BookError, match="%40") as caught:
            Book.open(typed)
        assert "mat@" not in str(caught.value) and "bi@" not in str(caught.value)


@pytest.mark.parametrize("kind", ["postgresql", "postgres", "postgresql+psycopg"])
def test_a_book_of_postgresql_is_named_as_most_programs_name_it(kind: str) -> None:
    with pytest.raises(BookMissing, match="PostgreSQL"):
        Book.open(f"{kind}://tdkt:bi-mat@127.0.0.1:1/so")
