"""Secrets come from the environment, a file of the office or a Prefect block, and stay there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tasks.office import Office
from tasks.secrets import SecretRefused, secret
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
