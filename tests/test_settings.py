"""office.toml: what `tdkt init` writes says the defaults; what makes no sense is named."""

from __future__ import annotations

import tomllib
from dataclasses import replace

import pytest

from review.office_toml import OFFICE_TOML
from review.settings import Settings, SettingsError, settings_from

GIVEN = {
    "name": "Sở Nội vụ",
    "province": "",
    "short": "TĐKT",
    "email": "tdkt@localhost",
    "reply_to": "",
    "digest_to": "tdkt@localhost",
    "leaders_to": "[]",
    "demo": "false",
}


def test_the_file_that_init_writes_says_the_defaults() -> None:
    written = settings_from(tomllib.loads(OFFICE_TOML.format(**GIVEN)))
    usual = replace(Settings(), digest_to=("tdkt@localhost",))
    assert replace(written, content={}) == usual
    for kind in written.content:
        assert written.content_of(kind) == usual.content_of(kind)


def test_every_setting_of_the_desk_has_its_line_and_a_word_on_it() -> None:
    block = OFFICE_TOML.partition("[desk]")[2].partition("\n[")[0]
    lines = [line for line in block.splitlines() if " = " in line]
    assert len(lines) == 8
    assert all("#" in line for line in lines)


@pytest.mark.parametrize(
    ("block", "named"),
    [
        ({"shows": "everything"}, "shows"),
        ({"late_minutes": 0}, "late_minutes"),
        ({"late": 1}, "late"),
        ({"stuck_hours": "3"}, "stuck_hours"),
    ],
)
def test_a_setting_of_the_desk_that_makes_no_sense_is_named(
    block: dict[str, object], named: str
) -> None:
    with pytest.raises(SettingsError, match=named):
        settings_from({"desk": block})
