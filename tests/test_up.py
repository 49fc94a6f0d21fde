"""`tdkt up` beside a Prefect server that goes away: said in a line, not as a traceback."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from prefect.settings import PREFECT_API_URL, temporary_settings

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
