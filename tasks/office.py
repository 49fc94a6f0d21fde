"""Where this office keeps its things: settings, book, inboxes, outbox.

    office = Office.at("var/office")
    office.settings.name             -> "Sở Nội vụ tỉnh Lai Châu"
    with office.book() as book: ...

An `Office` holds a path and the number of a lock. Secrets (the database's, the relay's) are read
from the environment where they are used, so no log, parameter or artifact can show them.
"""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache, partial
from pathlib import Path

from channels.errors import ChannelRefused, why
from channels.public_holidays import working_days
from review.calendar import Deadlines, WorkingDays, deadlines_of
from review.office_toml import OFFICE_TOML
from review.period import Period
from review.settings import Settings, SettingsError, settings_from
from tasks.secrets import secret
from tdkt_models.base import Book, Stamp
from tdkt_models.period_locks import Fence, must_hold

DEFAULT_HOME = "var/office"
FOLDERS = ("inbox", "received", "outbox", "reports", "backup")


class OfficeMissing(Exception):
    """There is no office in the folder; the message says how to make one."""


@dataclass(frozen=True, slots=True)
class Office:
    """An office by its folder (contract.md, "Where an office lives"). With a `fence` its book keeps
    only what a run that still holds the period writes."""

    home: str
    fence: Fence | None = None

    @classmethod
    def at(cls, home: str | os.PathLike[str] | None = None) -> Office:
        """The office in `home`, else in TDKT_HOME, else in ./var/office."""
        chosen = home or os.environ.get("TDKT_HOME") or DEFAULT_HOME
        return cls(str(Path(chosen).expanduser().resolve()))

    @property
    def folder(self) -> Path:
        return Path(self.home)

    @property
    def exists(self) -> bool:
        return (self.folder / "office.toml").is_file()

    @property
    def settings(self) -> Settings:
        """Raises OfficeMissing or SettingsError."""
        path = self.folder / "office.toml"
        if not path.is_file():
            raise OfficeMissing(
                f"Chưa có văn phòng nào ở {self.home}. Hãy chạy “tdkt init” (hoặc “tdkt demo” để "
                "xem thử), hay đặt TDKT_HOME trỏ tới thư mục đúng."
            )
        return _settings(str(path), path.stat().st_mtime_ns)

    @property
    def database_url(self) -> str:
        return secret("TDKT_DATABASE_URL") or f"sqlite:///{self.folder / 'office.db'}"

    @property
    def smtp_url(self) -> str:
        return secret("TDKT_SMTP_URL") or "capture:"

    @property
    def inboxes(self) -> tuple[str, ...]:
        """Raises ChannelRefused where a part of TDKT_INBOX looks like a piece of a broken address:
        it may hold a password, and must not be shown as a folder that is not there."""
        given = secret("TDKT_INBOX").split()
        if any("@" in one and "://" not in one and not Path(one).exists() for one in given):
            raise ChannelRefused(
                "TDKT_INBOX viết sai: mỗi địa chỉ bắt đầu bằng kiểu hộp thư rồi “://” (ví dụ "
                "imaps://ten:matkhau@thu.tinh.gov.vn/INBOX); các địa chỉ cách nhau bằng dấu cách, "
                "nên dấu cách trong mật khẩu phải viết là %20."
            )
        return tuple(given) or (str(self.folder / "inbox"),)

    @property
    def bounce_boxes(self) -> tuple[str, ...]:
        """Mailboxes where reports of non-delivery come, if not in the inbox."""
        return tuple(secret("TDKT_BOUNCES").split())

    @property
    def screen(self) -> str:
        """Where the operators' screen is: as the office says, else where it runs now."""
        told = self.settings.desk.screen or os.environ.get("TDKT_SCREEN", "")
        return (told or "http://127.0.0.1:4200").rstrip("/")

    @property
    def own_words(self) -> Path:
        """Where the office may put templates of its own beside the program's."""
        return self.folder / "templates" / "letters"

    @property
    def days(self) -> WorkingDays:
        """The office's working days, as far as any open period needs them."""
        year = datetime.now(UTC).year
        return _working_days(self.home, year)

    def deadlines(self, period: Period, extension_days: int = 0) -> Deadlines:
        settings = self.settings
        rule = settings.due[period.cadence]
        days = _working_days(self.home, period.end.year)
        return deadlines_of(period, rule, days, settings.time_zone, extension_days)

    @contextmanager
    def book(self) -> Iterator[Book]:
        """The office's book, closed again afterwards. Raises BookError."""
        guard = partial(must_hold, fence=self.fence) if self.fence else None
        book = Book.open(self.database_url, guard)
        try:
            yield book
        finally:
            book.close()


@lru_cache(maxsize=8)
def _settings(path: str, _changed: int) -> Settings:
    try:
        return settings_from(tomllib.loads(Path(path).read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise SettingsError(f"{path} không đọc được: {wrong}") from wrong


@lru_cache(maxsize=16)
def _working_days(home: str, year: int) -> WorkingDays:
    return working_days(range(year - 1, year + 3), Path(home) / "holidays.toml")


def make_office(
    office: Office,
    *,
    name: str = "Sở Nội vụ",
    province: str = "",
    short: str = "TĐKT",
    email: str = "tdkt@localhost",
    digest_to: str = "tdkt@localhost",
    leaders_to: Sequence[str] = (),
    demo: bool = False,
) -> None:
    """Makes the folders and office.toml; an office that is there already is left as it is."""
    try:
        for folder in FOLDERS:
            (office.folder / folder).mkdir(parents=True, exist_ok=True)
    except OSError as wrong:
        raise OfficeMissing(f"Không tạo được thư mục {office.home}: {why(wrong)}.") from wrong
    path = office.folder / "office.toml"
    if not path.exists():
        values = {
            "name": name,
            "province": province,
            "short": short,
            "email": email,
            "reply_to": "",
            "digest_to": digest_to,
            "demo": str(demo).lower(),
        }
        said = {key: _in_quotes(value) for key, value in values.items()}
        said["leaders_to"] = json.dumps(list(leaders_to), ensure_ascii=False)
        path.write_text(OFFICE_TOML.format(**said), encoding="utf-8")


def _in_quotes(text: str) -> str:
    """A text as it may stand between the quotes of a TOML string."""
    return json.dumps(text, ensure_ascii=False)[1:-1]


def stamp(run: str, now: datetime | None = None) -> Stamp:
    """When and by which run a row is written."""
    return Stamp(at=now or datetime.now(UTC), run=run)
