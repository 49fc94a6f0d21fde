"""`tdkt up` beside a Prefect server that goes away: said in a line, not as a traceback."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
import pytest
from prefect.settings import PREFECT_API_URL, temporary_settings

from cli.serving import Process
from cli.up import put_in_order
from tests.small_office import small_office


def test_a_server_that_is_gone_is_said_plainly(tmp_path: Path) -> None:
    office = small_office(tmp_path, ("SYT",)).occasion.office
    nobody = {PREFECT_API_URL: "http://127.0.0.1:9/api"}
    with (
        temporary_settings(nobody),
        pytest.raises(click.ClickException, match=r"ngừng trả lời giữa chừng.*tdkt up"),
    ):
        put_in_order(office, print)


def test_a_server_that_ends_while_it_starts_is_quoted_without_its_traceback(tmp_path: Path) -> None:
    """As Prefect's does when its PostgreSQL goes away before it is up."""
    log = tmp_path / "server.log"
    words = (
        "print('INFO: Started'); import logging, asyncio\n"
        "try: assert None, 'Reactive triggers not started'\n"
        "except AssertionError: logging.exception('Application shutdown failed')\n"
    )
    with log.open("wb") as out:
        popen = subprocess.Popen([sys.executable, "-c", words], stdout=out, stderr=out)
        popen.wait()
    said = Process("server", popen, log).last_words()
    assert "Reactive triggers not started" in said and "shutdown failed" in said
    assert "Traceback" not in said and "File " not in said
    assert "Traceback" in log.read_text(), "whoever mends it finds it there"
