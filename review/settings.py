"""The settings of an office: every one has a default, so that an empty office.toml works.

    settings_from({"office": {"name": "Sở Nội vụ tỉnh Lai Châu"}}).zone  -> "Asia/Ho_Chi_Minh"

The file that `tdkt init` writes, with a comment on each, stands in review/office_toml.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from review.calendar import DueRule
from review.keeping import SHORTEST_MONTHS, KeepingSettings
from review.period import Cadence, Period, period_due_on
from review.settings_desk import DeskSettings, desk_settings
from review.settings_scoring import ScoringSettings, SettingsError, scoring_settings
from review.units import Unit, UnitKind


@dataclass(frozen=True, slots=True)
class MailSettings:
    pace_per_second: float = 20.0
    attempts: int = 5
    expires_hours: int = 72
    bounces_to: str = ""
    quota_per_day: int = 0
    breaker_percent: int = 5
    arm_hours: int = 24
    second_person: bool = False
    digest_workbook: bool = True
    digest_people: int = 10_000
    connections: int = 4
    relay_log: str = ""


@dataclass(frozen=True, slots=True)
class PaperSettings:
    """What stands in the head and the close of a document (Decree 30/2020): the superior body, the
    sign after the number, who signs, to whom it goes, where a copy is kept."""

    parent: str = ""
    symbol: str = "BC-TĐKT"
    signer: str = ""
    signer_title: str = "Thủ trưởng cơ quan"
    recipients: tuple[str, ...] = ("Lãnh đạo cơ quan (để báo cáo)", "Các đơn vị, cụm, khối thi đua")
    archive: str = "VT, TĐKT"


HONORIFICS, LANGUAGES = ("dong_chi", "ong_ba"), ("vi", "en")
CONTENT_LEVELS = ("summary", "scores", "encrypted")
CONTENT_KINDS = ("cadre_result", "unit_result", "appeal_outcome")  # that tell a person's result


@dataclass(frozen=True, slots=True)
class AnswerSettings:
    """How units are answered and reminded; all days are working days."""

    mend_days: int = 3
    before: tuple[int, ...] = (3, 1)
    after: tuple[int, ...] = (1, 3)
    superior_after: int = 3


@dataclass(frozen=True, slots=True)
class MailboxSettings:
    """What becomes of mails that were taken, how much is taken at a time, and which server must
    vouch for who wrote them ("": From is trusted as it is written)."""

    after: str = "flag"
    folder: str = "TDKT da nhan"
    per_hour: int = 30
    at_once: int = 500
    most_mib: int = 40
    proof_by: str = ""


@dataclass(frozen=True, slots=True)
class SecuritySettings:
    """Whether the database itself shows a reader's queries only the rows of the reader's units."""

    rows_by_unit: bool = False


@dataclass(frozen=True, slots=True)
class WorkSettings:
    processes: int = 2
    batch: int = 100
    cluster: str = ""


DUE_DEFAULTS = {
    Cadence.MONTH: DueRule(7, 5, 2, 5),
    Cadence.QUARTER: DueRule(10, 7, 2, 5),
    Cadence.HALF: DueRule(15, 10, 3, 5),
    Cadence.YEAR: DueRule(30, 10, 5, 10),
    Cadence.TERM: DueRule(60, 30, 10, 20),
}


@dataclass(frozen=True, slots=True)
class Settings:
    name: str = "Sở Nội vụ"
    province: str = ""
    short: str = "TĐKT"
    email: str = "tdkt@localhost"
    reply_to: str = ""
    digest_to: tuple[str, ...] = ()
    leaders_to: tuple[str, ...] = ()
    signer: str = ""
    time_zone: str = "Asia/Ho_Chi_Minh"
    term_first_year: int = 2026
    party_term_first_year: int = 2025
    honorific: str = "dong_chi"
    lang: str = "vi"
    demo: bool = False
    mail: MailSettings = MailSettings()
    papers: PaperSettings = PaperSettings()
    mailbox: MailboxSettings = MailboxSettings()
    work: WorkSettings = WorkSettings()
    security: SecuritySettings = SecuritySettings()
    keeping: KeepingSettings = field(default_factory=KeepingSettings)
    desk: DeskSettings = field(default_factory=DeskSettings)
    scoring: ScoringSettings = field(default_factory=ScoringSettings)
    answers: AnswerSettings = AnswerSettings()
    superiors: Mapping[str, str] = field(default_factory=dict)
    due: Mapping[Cadence, DueRule] = field(default_factory=lambda: dict(DUE_DEFAULTS))
    content: Mapping[str, str] = field(default_factory=dict)

    def content_of(self, kind: str) -> str:
        """How much of a result a kind of letter says: summary, scores or encrypted."""
        return self.content.get(kind, "scores")

    def terms_on(self, day: date) -> tuple[Period, ...]:
        """The terms that a day falls in, the Party's and the elected bodies', the earlier first;
        one where the two calendars agree."""
        years = (self.term_first_year, self.party_term_first_year)
        return tuple(sorted({Period.containing(day, Cadence.TERM, year) for year in years}))

    def closed_by(self, moment: datetime, cadence: Cadence) -> Period:
        """The period that had closed by a moment; of the two calendars' terms the one just over."""
        years = (self.term_first_year, self.party_term_first_year)
        closed = (period_due_on(moment, cadence, self.time_zone, year) for year in years)
        return max(closed, key=lambda period: period.end)

    def periods_on(self, day: date) -> tuple[Period, ...]:
        """Every period that a day falls in, the shortest first."""
        shorter = [Period.containing(day, c) for c in Cadence if c is not Cadence.TERM]
        return (*shorter, *self.terms_on(day))

    def owes(self, unit: Unit, period: Period) -> bool:
        """Whether a unit reports in a period it was there for: a term is the Party's or that of the
        elected bodies, and each unit closes its own [POLICY]."""
        if period.cadence is not Cadence.TERM or len(self.terms_on(period.start)) == 1:
            return True
        years = (self.party_term_first_year, self.term_first_year)
        party, elected = (Period.containing(period.start, Cadence.TERM, year) for year in years)
        own = party if unit.kind is UnitKind.PARTY else elected
        return own == period or period not in (party, elected)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


def settings_from(data: Mapping[str, Any]) -> Settings:
    """The settings that a parsed office.toml gives. Raises SettingsError."""
    office = dict(_known(Settings, data.get("office", {}), "office"))
    for many in ("digest_to", "leaders_to"):
        if many in office:
            office[many] = tuple(office[many])
    settings = Settings(
        **office,
        mail=MailSettings(**_known(MailSettings, data.get("mail", {}), "mail")),
        papers=_papers(data.get("papers", {})),
        mailbox=MailboxSettings(**_known(MailboxSettings, data.get("mailbox", {}), "mailbox")),
        work=WorkSettings(**_known(WorkSettings, data.get("work", {}), "work")),
        security=SecuritySettings(**_known(SecuritySettings, data.get("security", {}), "security")),
        keeping=KeepingSettings(**_known(KeepingSettings, data.get("keeping", {}), "keeping")),
        desk=desk_settings(_known(DeskSettings, data.get("desk", {}), "desk")),
        scoring=scoring_settings(_known(ScoringSettings, data.get("scoring", {}), "scoring")),
        answers=_answers(data.get("answers", {})),
        superiors=_superiors(data.get("superiors", {})),
        due={**DUE_DEFAULTS, **_due_rules(data.get("due", {}))},
        content=_content(data.get("content", {})),
    )
    _refuse_nonsense(settings)
    return settings


def _papers(block: Mapping[str, Any]) -> PaperSettings:
    given = dict(_known(PaperSettings, block, "papers"))
    if "recipients" in given:
        given["recipients"] = tuple(map(str, given["recipients"]))
    return PaperSettings(**given)


def _answers(block: Mapping[str, Any]) -> AnswerSettings:
    given = dict(_known(AnswerSettings, block, "answers"))
    for name in ("before", "after"):
        days = given.get(name, [])
        if not all(isinstance(day, int) and day >= 0 for day in days):
            raise SettingsError(f"office.toml: [answers] {name} = {days} phải là các số ngày.")
        if name in given:
            given[name] = tuple(days)
    return AnswerSettings(**given)


def _superiors(block: Mapping[str, Any]) -> dict[str, str]:
    for cluster, address in block.items():
        if not isinstance(address, str) or "@" not in address:
            raise SettingsError(f"office.toml: [superiors] “{cluster}” phải là một địa chỉ thư.")
    return dict(block)


def _known(shape: type, block: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    allowed = {f.name: f for f in fields(shape)}
    for key, value in block.items():
        if key not in allowed:
            raise SettingsError(f"office.toml: [{name}] không có mục “{key}”.")
        _same_kind(name, key, value, getattr(shape(), key))
    return block


def _same_kind(block: str, key: str, value: object, default: object) -> None:
    wanted = {bool: (bool,), int: (int,), float: (int, float), str: (str,), tuple: (list,)}
    kinds = wanted.get(type(default), (object,))
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        raise SettingsError(
            f"office.toml: [{block}] {key} = {value!r} không đúng kiểu; ví dụ đúng: {default!r}."
        )


def _due_rules(block: Mapping[str, Any]) -> dict[Cadence, DueRule]:
    rules = {}
    for name, rule in block.items():
        try:
            rules[Cadence(name)] = DueRule(
                *(int(rule[k]) for k in ("opens", "due", "grace", "locks"))
            )
        except (KeyError, ValueError, TypeError) as wrong:
            raise SettingsError(
                f"office.toml: [due.{name}] cần đủ bốn số nguyên opens, due, grace, locks."
            ) from wrong
    return rules


def _content(block: Mapping[str, Any]) -> dict[str, str]:
    for kind, level in block.items():
        if kind not in CONTENT_KINDS:
            raise SettingsError(
                f"office.toml: [content] không có loại thư “{kind}”; "
                f"các loại có mức nội dung: {', '.join(CONTENT_KINDS)}."
            )
        if level not in CONTENT_LEVELS:
            raise SettingsError(
                f"office.toml: [content] {kind} = {level!r} không dùng được; "
                f"chọn một trong: {', '.join(CONTENT_LEVELS)}."
            )
    return dict(block)


def _refuse_nonsense(settings: Settings) -> None:
    try:
        ZoneInfo(settings.time_zone)
    except (ZoneInfoNotFoundError, ValueError) as wrong:
        raise SettingsError(
            f"office.toml: time_zone = “{settings.time_zone}” không phải múi giờ; "
            "ví dụ đúng: Asia/Ho_Chi_Minh."
        ) from wrong
    for key, allowed in (("honorific", HONORIFICS), ("lang", LANGUAGES)):
        if getattr(settings, key) not in allowed:
            raise SettingsError(
                f"office.toml: [office] {key} = {getattr(settings, key)!r} không dùng được; "
                f"chọn một trong: {', '.join(allowed)}."
            )
    box = settings.mailbox
    if box.after not in ("flag", "move") or not box.folder:
        raise SettingsError('office.toml: [mailbox] after phải là "flag" hoặc "move".')
    if min(box.per_hour, box.at_once, box.most_mib) < 1:
        raise SettingsError("office.toml: [mailbox] per_hour, at_once, most_mib phải từ 1 trở lên.")
    if settings.work.processes < 1 or settings.work.batch < 1:
        raise SettingsError("office.toml: [work] processes và batch phải từ 1 trở lên.")
    keeping = settings.keeping
    if min(keeping.person_years, keeping.archive_years) < 0:
        raise SettingsError("office.toml: [keeping] số năm phải từ 0 trở lên.")
    if keeping.archive_months < SHORTEST_MONTHS:
        raise SettingsError(
            f"office.toml: [keeping] archive_months phải từ {SHORTEST_MONTHS} trở lên: xét năm, "
            "kiến nghị và đối chiếu kỳ trước còn cần báo cáo của chừng ấy tháng."
        )
    if not 1 <= settings.mail.connections <= 32:
        raise SettingsError("office.toml: [mail] connections phải từ 1 đến 32.")
    if settings.mail.digest_people < 0:
        raise SettingsError("office.toml: [mail] digest_people phải từ 0 trở lên.")
    if settings.mail.pace_per_second <= 0 or settings.mail.quota_per_day < 0:
        raise SettingsError(
            "office.toml: [mail] pace_per_second phải lớn hơn 0, quota_per_day từ 0 trở lên."
        )


__all__ = ["Settings", "SettingsError", "settings_from"]
