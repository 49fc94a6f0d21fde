"""The boards of a period: how far it has come, who sent, what was found, graded, proposed, posted.

    boards(figures)                  -> one Board each, the agenda first

They say the same of sixty units and of ten thousand: sums, and the first few who need somebody.
"""

from __future__ import annotations

from collections.abc import Callable

from review.board import Block, Board, Cell, Items, Links, Table
from review.desk_figures import Figures, Step
from review.desk_results import findings, grades, quota, roll
from review.plans import ChangeState, PlanKind
from review.post import LetterKind, LetterState
from review.scorecard import Grade
from review.standing import LOST, WAITING_TO_GO


def boards(figures: Figures) -> list[Board]:
    return [make(figures) for make in BOARDS]


def agenda(figures: Figures) -> Board:
    """The whole cycle on one screen: what is done, what is going on, what waits for somebody."""
    tally, persons = figures.standing.tally, figures.standing.persons
    letters = figures.standing.letters
    came = f"{tally.received}/{tally.roll} đơn vị đã nộp, còn nợ {tally.missing}"
    judged = f"{tally.accepted} đạt, {tally.nil} không phát sinh, {tally.returned} trả lại"
    scored = f"{persons.scored} người, {persons.insufficient} chưa đủ dữ liệu"
    waiting = sum(n for (_, s), n in figures.changes.items() if s is ChangeState.PROPOSED)
    written = sum(letters.values())
    steps = [
        Step("Gọi danh sách", _done(tally.roll), f"{tally.roll} đơn vị phải báo cáo"),
        Step("Nhận báo cáo", _part(tally.received, tally.roll), came),
        Step("Kiểm tra", _part(tally.accepted + tally.nil, tally.roll), judged),
        Step("Chấm điểm", _done(persons.scored), scored),
        Step("Đề xuất kế hoạch", _done(bool(figures.changes)), f"{waiting} dòng chờ quyết định"),
        Step("Viết thư", _done(written), f"{written} thư trong sổ thư"),
        *figures.steps,
        *(Step("Theo kịp số liệu mới", "chưa", says) for says in figures.standing.out_of_date),
    ]
    rows = tuple((str(n), step.name, step.state, step.note) for n, step in enumerate(steps, 1))
    blocks: list[Block] = [Table(("", "Việc", "Tình trạng", "Ghi chú"), rows)]
    if figures.waits:
        blocks.append(Links(tuple(figures.waits), "Việc chờ người quyết định"))
    if figures.papers:
        blocks.append(Links(tuple(figures.papers), "Giấy tờ và thư để xem"))
    return Board("chuong-trinh", figures.titled("Chương trình của kỳ"), tuple(blocks))


def _done(what: object) -> str:
    return "xong" if what else "chưa"


def _part(part: int, whole: int) -> str:
    if not part:
        return "chưa"
    return "xong" if part == whole else "đang tiếp tục"


def summary(figures: Figures) -> Board:
    """Every figure of contract.md, one a line."""
    standing = figures.standing
    tally, persons, letters = standing.tally, standing.persons, standing.letters
    rows = (
        ("Đơn vị phải báo cáo", tally.roll),
        ("Đã nộp", tally.received),
        ("Đạt", tally.accepted),
        ("Không phát sinh", tally.nil),
        ("Trả lại", tally.returned),
        ("Để riêng", tally.set_aside),
        ("Chưa nộp", tally.missing),
        ("Nộp muộn", tally.late),
        ("Cán bộ trong danh sách", persons.on_roll),
        ("Đã chấm điểm", persons.scored),
        *((Grade(code).label, count) for code, count in persons.grades.items()),
        ("Thư đã gửi", letters["sent"]),
        ("Thư chờ gửi", letters["written"]),
        ("Thư lỗi, chưa rõ, tạm giữ", letters["failed"] + letters["in_doubt"] + letters["held"]),
    )
    return Board(
        "tinh-hinh",
        figures.period.title,
        (Table(("Nội dung", "Số"), rows), Items(standing.faults, "Số liệu khớp.")),
    )


def plans(figures: Figures) -> Board:
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (kind.label, *(figures.changes.get((kind, state), 0) for state in ChangeState))
        for kind in PlanKind
        if any(figures.changes.get((kind, state)) for state in ChangeState)
    )
    heads = ("Kế hoạch", *(state.label for state in ChangeState))
    none = Items((), "Kỳ này chưa đề xuất thay đổi nào.")
    blocks: tuple[Block, ...] = (Table(heads, rows) if rows else none,)
    return Board("ke-hoach", figures.titled("Đề xuất thay đổi kế hoạch"), blocks)


def letters(figures: Figures) -> Board:
    """The ledger by kind and by how far the letters have come."""
    there = [kind for kind in LetterKind if any(one is kind for one, _ in figures.letters)]
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (kind.label, *_ends(figures, kind)) for kind in there
    )
    heads = ("Loại thư", *(name for name, _ in ENDS))
    none = Items((), "Chưa có thư nào.")
    blocks: tuple[Block, ...] = (Table(heads, rows) if rows else none,)
    return Board("thu", figures.titled("Thư"), blocks)


ENDS: tuple[tuple[str, Callable[[LetterState], bool]], ...] = (
    ("Chờ gửi", lambda state: state in WAITING_TO_GO),
    ("Đã gửi", lambda state: state is LetterState.SENT),
    ("Tạm giữ", lambda state: state in (LetterState.HELD, LetterState.SUPPRESSED)),
    ("Không gửi được", lambda state: state in LOST),
    ("Chưa rõ đã tới", lambda state: state is LetterState.IN_DOUBT),
    ("Đã thay", lambda state: state is LetterState.CANCELLED),
)


def _ends(figures: Figures, kind: LetterKind) -> tuple[int, ...]:
    of_kind = [(state, count) for (one, state), count in figures.letters.items() if one is kind]
    return tuple(sum(n for state, n in of_kind if belongs(state)) for _, belongs in ENDS)


def balance(figures: Figures) -> Board:
    """The equations that must hold before anything goes out."""
    tally, persons = figures.standing.tally, figures.standing.persons
    graded = sum(persons.grades.values())
    rows = (
        (
            "Đơn vị = đạt + trả lại + không phát sinh + chưa nộp + để riêng",
            tally.roll,
            tally.accepted + tally.returned + tally.nil + tally.missing + tally.set_aside,
        ),
        (
            "Cán bộ = đã chấm + chưa đủ dữ liệu + theo quy định khác",
            persons.on_roll,
            persons.scored + persons.insufficient + persons.excluded,
        ),
        ("Đã chấm = cộng các mức xếp loại", persons.scored, graded),
    )
    heads = ("Phải bằng nhau", "Vế trái", "Vế phải")
    faults = Items(figures.standing.faults, "Số liệu khớp.")
    return Board("can-doi", figures.titled("Đối chiếu số liệu"), (Table(heads, rows), faults))


BOARDS = (agenda, summary, roll, findings, grades, quota, plans, letters, balance)
