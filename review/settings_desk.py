"""The operators' desk: settings of `[desk]` in office.toml.

desk_settings({"shows": "figures"}).shows       -> "figures"
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from review.settings_scoring import SettingsError

SHOWS = ("figures", "codes", "names")
SPANS = ("late_minutes", "stuck_hours", "file_minutes", "silent_minutes", "remind_days")


@dataclass(frozen=True, slots=True)
class DeskSettings:
    """Of whom the screen speaks and where it is; after how long a late or stuck run, a waiting
    file, silence or an undecided matter is told to the office."""

    shows: str = "codes"
    screen: str = ""
    papers_url: str = ""
    late_minutes: int = 15
    stuck_hours: int = 3
    file_minutes: int = 60
    silent_minutes: int = 45
    remind_days: int = 3

    @property
    def remind_every(self) -> timedelta:
        return timedelta(days=self.remind_days)


def desk_settings(block: Mapping[str, Any]) -> DeskSettings:
    """Raises SettingsError. The keys of `block` are known to be those of DeskSettings."""
    desk = DeskSettings(**block)
    if desk.shows not in SHOWS:
        raise SettingsError(
            f"office.toml: [desk] shows = {desk.shows!r} không dùng được; "
            f"chọn một trong: {', '.join(SHOWS)}."
        )
    for span in SPANS:
        if getattr(desk, span) < 1:
            raise SettingsError(f"office.toml: [desk] {span} phải từ 1 trở lên.")
    return desk
