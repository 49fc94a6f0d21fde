"""The boards of what came and what it came to: the roll, the faults, the grades, the quota."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from review.board import Bars, Block, Board, Cell, Items, Table, Words, cut
from review.desk_figures import Figures
from review.digest import NO_CLUSTER
from review.findings import Severity
from review.roll import RollEntry, RollState
from review.scorecard import Grade
from review.units import UnitKind

MOST_UNITS, MOST_GROUPS, MOST_CHECKS, MOST_LISTS = 40, 30, 25, 30
COUNTS = (RollState.ACCEPTED, RollState.NIL)


def roll(figures: Figures) -> Board:
    """Who sent and who owes: by cluster, then the units that somebody must still look after."""
    units, entries = figures.units, figures.entries
    groups: defaultdict[str, list[RollEntry]] = defaultdict(list)
    for entry in entries:
        groups[units[entry.unit].cluster or NO_CLUSTER].append(entry)
    rows = sorted((_group_row(name, groups[name]) for name in groups), key=_least_complete)
    states = Counter(entry.state for entry in entries)
    bars = tuple((state.label, states[state]) for state in RollState)
    owing = [entry for entry in entries if entry.state not in COUNTS]
    lines = [
        (entry.unit, units[entry.unit].name, entry.state.label, figures.day(entry.due))
        for entry in sorted(owing, key=lambda one: (one.state, one.due, one.unit))
    ]
    heads = ("Cụm, khối", "Phải nộp", "Đạt", "Trả lại", "Chưa nộp", "Muộn")
    blocks: tuple[Block, ...] = (
        Bars("Đơn vị theo trạng thái", bars, len(entries)),
        cut(heads, rows, MOST_GROUPS, "Theo cụm, khối"),
        Items((), "Mọi đơn vị đã có báo cáo được chấp nhận.")
        if not lines
        else cut(("Mã", "Đơn vị", "Trạng thái", "Hạn"), lines, MOST_UNITS, "Cần theo dõi"),
    )
    return Board("danh-sach", figures.titled("Đơn vị nộp báo cáo"), blocks)


def _group_row(name: str, entries: Sequence[RollEntry]) -> tuple[str, int, int, int, int, int]:
    states = Counter(entry.state for entry in entries)
    counted = sum(states[state] for state in COUNTS)
    late = sum(entry.late_days > 0 for entry in entries)
    return name, len(entries), counted, states[RollState.RETURNED], states[RollState.MISSING], late


def _least_complete(row: tuple[str, int, int, int, int, int]) -> tuple[float, str]:
    return row[2] / row[1], row[0]


def findings(figures: Figures) -> Board:
    """What was found in the newest reports, by kind; whom it concerns stands in their letters."""
    by_gravity = Counter[str]()
    for line in figures.checks:
        by_gravity[line.severity.label] += line.times
    bars = tuple((severity.label, by_gravity[severity.label]) for severity in Severity)
    rows = [
        (line.check, line.severity.label, line.units, line.times, line.fix)
        for line in figures.checks
    ]
    heads = ("Phép kiểm tra", "Mức", "Đơn vị", "Số chỗ", "Cách sửa")
    blocks: tuple[Block, ...] = (
        Bars("Số chỗ theo mức", bars),
        cut(heads, rows, MOST_CHECKS, "Theo loại") if rows else Items((), "Không có lỗi nào."),
    )
    return Board("loi", figures.titled("Lỗi và lưu ý trong báo cáo"), blocks)


def grades(figures: Figures) -> Board:
    """How grades fall, in all and by kind of unit: counts, and nobody's own."""
    persons = figures.standing.persons
    bars = tuple((grade.label, persons.grades[grade.value]) for grade in Grade)
    by_kind: defaultdict[UnitKind, Counter[str]] = defaultdict(Counter)
    for (unit, grade), count in figures.grades.items():
        if unit in figures.units:
            by_kind[figures.units[unit].kind][grade] += count
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (kind.label, *(by_kind[kind][grade.value] for grade in Grade), by_kind[kind].total())
        for kind in UnitKind
        if by_kind[kind]
    )
    heads = ("Loại đơn vị", *(grade.label for grade in Grade), "Cộng")
    others = (
        ("Trong danh sách", persons.on_roll),
        ("Đã chấm điểm", persons.scored),
        ("Chưa đủ dữ liệu", persons.insufficient),
        ("Chấm theo quy định khác", persons.excluded),
    )
    blocks = (
        Bars("Xếp loại dự kiến, số người", bars),
        Table(heads, rows, "Theo loại đơn vị"),
        Table(("Cán bộ", "Số"), others, "Đối chiếu"),
    )
    return Board("xep-loai", figures.titled("Xếp loại"), blocks)


def quota(figures: Figures) -> Board:
    """Who may be graded excellent, list by list; who is level at a cut is named only to those who
    may see it, by code."""
    drawn = [one for one in figures.lists if one.candidates and (one.seats or one.tied)]
    if not figures.lists:
        none = "Kỳ này không khống chế tỷ lệ xuất sắc, hoặc chưa tính."
        return Board("ty-le", figures.titled("Tỷ lệ xuất sắc"), (Words(none),))
    rows = [
        (one.name, one.rated, one.good, one.candidates, one.seats, len(one.tied))
        for one in sorted(drawn, key=lambda one: (-len(one.tied), one.scope, one.name))
    ]
    heads = ("Danh sách", "Xếp loại", "Tốt trở lên", "Từ 90", "Chỉ tiêu", "Bằng điểm")
    small = sum(1 for one in figures.lists if one.candidates and not one.seats)
    blocks: list[Block] = [
        cut(heads, rows, MOST_LISTS),
        Words(f"{small} danh sách quá nhỏ nên không có chỉ tiêu." if small else ""),
    ]
    if figures.ties:
        says = f"{len(figures.ties)} người bằng điểm ở vạch cắt, chờ người quyết định"
        who = f": {', '.join(figures.ties[:20])}" if figures.shows_codes else ""
        blocks.append(Words(f"{says}{who}."))
    return Board("ty-le", figures.titled("Tỷ lệ xuất sắc"), tuple(blocks))
