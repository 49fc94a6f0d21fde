"""One month of workbooks as a province would send them, made by filling its blank forms.

    files = sample_month(sample_roster(), regulation_in_force("2026-10"), "2026-10")
    files[0].name, files[0].received, files[0].what     -> "03389_2026-10.xlsx", …, "đủ, đúng hạn"

Of 60 units 4 send nothing, 3 are late, 1 has nothing to report, 6 have to mend something, 1 sends a
file that no program should open; the others are in order, some only after a second try or with
figures typed in the odd ways people type them. One more file comes from a unit nobody knows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from channels.blank import FormPress
from channels.filling import answers, fill
from review.brief import UnitBrief
from review.calendar import WorkingDays
from review.findings import Verdict
from review.form import Form
from review.period import Period
from review.regulation import Regulation
from review.roster import Roster
from review.units import Unit
from sample import events, slips
from sample.entries import Entries, good_entries

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
SEED = 335
MISSING = 4
USUAL_DUE_DAYS = 5
_ON_TIME_DAYS = range(1, 8)  # days before the due date on which good reports come in


@dataclass(frozen=True, slots=True)
class SampleFile:
    """One file as it would come in. `unit` is who sent it (a code); `what` says in Vietnamese what
    is special about it; `expect` the verdict it deserves, or None where it is for a person."""

    name: str
    data: bytes
    received: datetime
    unit: str
    what: str
    expect: Verdict | None = Verdict.ACCEPTED


BriefOf = Callable[[Unit], UnitBrief]
Spoil = Callable[[Entries, UnitBrief], None]
Retype = Callable[[slips.CellValues, Form], None]


def sample_month(
    roster: Roster,
    regulation: Regulation,
    period: Period | str,
    seed: int = SEED,
    brief_of: BriefOf | None = None,
) -> list[SampleFile]:
    """The files of a month, oldest first; the same seed gives the same bytes.

    `brief_of` tells what an office knows of a unit (its open tasks, its last head-count); left out,
    only the roster and the regulation are known. Of a small roster the first kinds of trouble are
    given out first, and never more than one to a unit.
    """
    when = Period.parse(period) if isinstance(period, str) else period
    scene = _Scene(regulation, when, seed, brief_of or known_from(roster, regulation, when))
    units = list(roster.active(when))
    Random(seed).shuffle(units)
    files = list(_files(scene, units))
    return sorted(files, key=lambda file: (file.received, file.name))


def known_from(roster: Roster, regulation: Regulation, period: Period) -> BriefOf:
    due = WorkingDays().on_or_after(period.end + timedelta(days=USUAL_DUE_DAYS))

    def brief_of(unit: Unit) -> UnitBrief:
        cadres = roster.cadres_of(unit.code, period)
        return UnitBrief(unit, str(period), cadres, regulation.works, due=due)

    return brief_of


class _Scene:
    """What every file of one month shares: the press, the clock, the dice of each unit."""

    def __init__(
        self, regulation: Regulation, period: Period, seed: int, brief_of: BriefOf
    ) -> None:
        self.form = regulation.forms["month"]
        self.period, self._seed, self.brief_of = period, seed, brief_of
        self._press = FormPress(self.form, regulation.works)

    def dice(self, unit: Unit) -> Random:
        return Random(f"{self._seed}:{self.period}:{unit.code}")

    def good(self, unit: Unit) -> tuple[UnitBrief, Entries]:
        brief = self.brief_of(unit)
        return brief, good_entries(brief, self.dice(unit))

    def workbook(self, brief: UnitBrief, entries: Entries, *retyped: Retype) -> bytes:
        cells = answers(self.form, brief, entries)
        for retype in retyped:
            retype(cells, self.form)
        return fill(self._press.blank(brief), cells)

    def in_time(self, unit: Unit, days: int = 0) -> datetime:
        """A working hour up to a week before the report is due, `days` later for a second try
        (never past the due time)."""
        dice = self.dice(unit)
        due = self._due(unit)
        early = due - timedelta(days=dice.choice(_ON_TIME_DAYS), minutes=dice.randint(5, 540))
        return min(early + timedelta(days=days), due - timedelta(minutes=dice.randint(5, 60)))

    def late(self, unit: Unit, working_days: int) -> datetime:
        day = WorkingDays().add(self._due(unit).date(), working_days)
        return datetime.combine(day, time(9, self.dice(unit).randint(0, 59)), ZONE)

    def _due(self, unit: Unit) -> datetime:
        due = self.brief_of(unit).due or self.period.end + timedelta(days=USUAL_DUE_DAYS)
        return datetime.combine(due, time(17), ZONE)

    def name(self, unit: Unit, note: str = "") -> str:
        return f"{unit.code}_{self.period}{note}.xlsx"


Story = Callable[[_Scene, Unit], Iterator[SampleFile]]


def _files(scene: _Scene, units: Sequence[Unit]) -> Iterator[SampleFile]:
    """The stories go to the first units that can play them; the rest report in good order."""
    waiting = list(units)
    if waiting:
        yield _from_nowhere(scene, waiting[0])
    for story in STORIES[: max(0, len(waiting) - MISSING)]:
        unit = next((u for u in waiting if _can_play(story, scene.brief_of(u))), None)
        if unit is not None:
            waiting.remove(unit)
            yield from story(scene, unit)
    silent = MISSING if len(units) > len(STORIES) else 0
    for unit in waiting[silent:]:
        yield from _in_good_order(scene, unit)


def _can_play(story: Story, brief: UnitBrief) -> bool:
    if story in _OF_A_STAFF:
        return events.failing_candidate(brief) is not None
    if story is _MATERNITY:
        return events.mother(brief) is not None
    return bool(brief.cadres)


def _in_good_order(scene: _Scene, unit: Unit) -> Iterator[SampleFile]:
    data = scene.workbook(*scene.good(unit))
    yield SampleFile(scene.name(unit), data, scene.in_time(unit), unit.code, "đủ, đúng hạn")


def _late(working_days: int) -> Story:
    def story(scene: _Scene, unit: Unit) -> Iterator[SampleFile]:
        received = scene.late(unit, working_days)
        what = f"nộp muộn {working_days} ngày làm việc"
        (file,) = _in_good_order(scene, unit)
        yield replace(file, received=received, what=what, expect=Verdict.REMARKED)

    return story


def _told(what: str, event: Spoil, expect: Verdict = Verdict.ACCEPTED) -> Story:
    """A report in which something happens to a person, rightly told."""

    def story(scene: _Scene, unit: Unit) -> Iterator[SampleFile]:
        brief, entries = scene.good(unit)
        event(entries, brief)
        data, received = scene.workbook(brief, entries), scene.in_time(unit)
        yield SampleFile(scene.name(unit), data, received, unit.code, what, expect)

    return story


def _spoilt(what: str, spoil: Spoil, corrected: str = "") -> Story:
    """A report that must be mended; with `corrected`, the mended one comes a day or so later."""

    def story(scene: _Scene, unit: Unit) -> Iterator[SampleFile]:
        brief, entries = scene.good(unit)
        spoil(entries, brief)
        data, received = scene.workbook(brief, entries), scene.in_time(unit)
        yield SampleFile(scene.name(unit), data, received, unit.code, what, Verdict.RETURNED)
        if corrected:
            yield _again(scene, unit, corrected)

    return story


def _retyped(what: str, retype: Retype, expect: Verdict = Verdict.ACCEPTED) -> Story:
    """A good report typed in an odd way, or with something odd in its cells."""

    def story(scene: _Scene, unit: Unit) -> Iterator[SampleFile]:
        data = scene.workbook(*scene.good(unit), retype)
        yield SampleFile(scene.name(unit), data, scene.in_time(unit), unit.code, what, expect)

    return story


def _again(scene: _Scene, unit: Unit, what: str) -> SampleFile:
    data = scene.workbook(*scene.good(unit))
    received = scene.in_time(unit, days=1)
    return SampleFile(scene.name(unit, "_ban2"), data, received, unit.code, what)


def _failing(d: str) -> Spoil:
    def spoil(entries: Entries, brief: UnitBrief) -> None:
        events.fails(entries, brief, Random(brief.unit.code), d)

    return spoil


def _nil_story(scene: _Scene, unit: Unit) -> Iterator[SampleFile]:
    brief, entries = scene.good(unit)
    data = scene.workbook(brief, slips.nil_entries(entries, scene.dice(unit)))
    yield SampleFile(scene.name(unit), data, scene.in_time(unit), unit.code, "không phát sinh")


def _wrong_period_story(scene: _Scene, unit: Unit) -> Iterator[SampleFile]:
    """Last month's workbook by mistake, then the right one."""
    before = slips.of_other_period(scene.brief_of(unit), str(scene.period.previous()))
    data = scene.workbook(before, good_entries(before, scene.dice(unit)))
    name, received = scene.name(unit, "_nham"), scene.in_time(unit)
    yield SampleFile(name, data, received, unit.code, "gửi nhầm tệp kỳ trước", Verdict.RETURNED)
    yield _again(scene, unit, "gửi lại đúng kỳ")


def _password_story(scene: _Scene, unit: Unit) -> Iterator[SampleFile]:
    received = scene.in_time(unit)
    data = slips.PASSWORD_PROTECTED + unit.code.encode()  # no two units send the same bytes
    what = "tệp đặt mật khẩu mở"
    yield SampleFile(scene.name(unit), data, received, unit.code, what, Verdict.UNREADABLE)
    yield _again(scene, unit, "gửi lại, đã bỏ mật khẩu")


def _from_nowhere(scene: _Scene, like: Unit) -> SampleFile:
    """A report whose unit code no roll knows."""
    stranger = replace(like, code=slips.UNKNOWN_UNIT, name="Xã Nậm Khao (cũ)", head="")
    brief = replace(scene.brief_of(like), unit=stranger)
    data = scene.workbook(brief, good_entries(brief, scene.dice(stranger)))
    received = scene.in_time(like) - timedelta(minutes=37)
    what = "mã đơn vị không có trong danh mục"
    return SampleFile(scene.name(stranger), data, received, stranger.code, what, Verdict.RETURNED)


_OF_A_STAFF: tuple[Story, ...] = (
    _spoilt("d = 100 trong khi có công chức dưới 50 điểm", _failing("100")),
    _told("có công chức dưới 50 điểm, d = 50", _failing("50")),
    _told("có công chức bị kỷ luật", events.is_disciplined),
    _told("có người không được giao việc", events.has_no_work_for_a_reason, Verdict.REMARKED),
)
_MATERNITY = _told("có người nghỉ thai sản cả tháng", events.on_maternity_leave)
STORIES: tuple[Story, ...] = (
    *_OF_A_STAFF,  # first: not every unit can play them
    _MATERNITY,
    _spoilt(
        "tổng điểm không bằng tổng các dòng", slips.total_does_not_add, "bản sửa, đã đúng tổng"
    ),
    _spoilt("điểm vượt mức tối đa", slips.over_maximum),
    _spoilt("một cán bộ ghi hai lần", slips.same_cadre_twice),
    _spoilt("hệ số không có trong danh mục", slips.coefficient_of_ones_own),
    _spoilt("miễn trừ không có văn bản xác nhận", slips.excuse_without_proof),
    _retyped("dùng mẫu cũ", slips.old_version, Verdict.RETURNED),
    _retyped("một ô nằm ở tận cùng trang tính", slips.far_cell, Verdict.UNREADABLE),
    _nil_story,
    _late(1),
    _late(1),
    _late(2),
    _wrong_period_story,
    _password_story,
    _retyped("số nguyên gõ dạng chữ", slips.text_numbers),
    _retyped("dấu phẩy thập phân, dấu cách lạ", slips.comma_text_with_blanks),
    _retyped("chữ tổ hợp (NFD)", slips.decomposed_text),
    _retyped("ngày gõ dạng chữ", slips.dates_as_text),
)
