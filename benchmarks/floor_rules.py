"""The yardstick's rules: the lines of each sheet of our month form, checked by hand-written code.

    rows = check_general(sheet[5:], 6, people, err)     -> tuples to store; err("S4 …", "G6", …)

Columns are numbers here, as in any script written for one form only. The names of the findings are
the product's, so that the two can be compared cell for cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from benchmarks.floor_cells import BAD, date, hundredths, text, whole
from channels.library import regulation_in_force

Line = Sequence[Any]
People = Mapping[str, str]
REGULATION = regulation_in_force("2026-10")
FORM = REGULATION.forms["month"]
COVER, WORK, GENERAL, LEADERS, CHANGES, PROGRAMME = (sheet.name for sheet in FORM.sheets)
HEADINGS = {s.name: [f.label for f in s.fields] for s in FORM.sheets if s.kind == "table"}
CARD_LABELS = [field.label for field in FORM.sheet("cover").fields]
COEFS = {work.code: work.coef for work in REGULATION.works}
LETTERS = [chr(65 + n) for n in range(26)]


def _choices(key: str, field: str) -> dict[str, str]:
    return {label: key for key, label in (FORM.sheet(key).field(field).choices or {}).items()}


YES_NO = _choices("work", "late_excused")
RATERS = _choices("general", "rater")
EVENTS = _choices("changes", "event")
GROUPS = _choices("changes", "group")
ENGAGEMENTS = _choices("changes", "engagement")
WHEN = _choices("programme", "when")
STATUS = _choices("programme", "status")
MARKS = [(4 + n, most) for n, most in enumerate((500, 500, *(250,) * 8))]  # form 01, hundredths


class Findings(list[tuple[str, str, str, str]]):
    n = 0

    def __call__(self, sheet: str, cell: str, rule: str, value: Any) -> None:
        self.n += 1
        self.append((sheet, cell, rule, "" if value is None else str(value)[:80]))


def _number(sheet: str, cell: str, raw: Any, value: Any, needed: bool, err: Findings) -> None:
    if value is None:
        if needed:
            err(sheet, cell, "THIEU_O", raw)
    elif value is BAD or value < 0:
        err(sheet, cell, "KHONG_PHAI_SO", raw)


def _day(sheet: str, cell: str, raw: Any, value: Any, needed: bool, err: Findings) -> None:
    if value is BAD:
        err(sheet, cell, "NGAY_SAI", raw)
    elif value is None and needed:
        err(sheet, cell, "THIEU_O", raw)


def check_cover(rows: Sequence[Line], changes: Iterable[Line], err: Findings) -> tuple[Any, ...]:
    """-> (nil, reason, opening, closing, prepared_by, phone, prepared_on, approved_by, note)"""
    value = [row[1] if len(row) > 1 else "" for row in rows[4 : 4 + len(CARD_LABELS)]]
    nil, opening, closing, on = (
        YES_NO.get(text(value[4])),
        whole(value[6]),
        whole(value[7]),
        date(value[10]),
    )
    if nil is None:
        err(COVER, "B9", "NGOAI_DANH_SACH", value[4])
    for at, count in ((11, opening), (12, closing)):
        _number(COVER, f"B{at}", value[at - 5], count, True, err)
    for at in (8, 11):
        if not text(value[at]):
            err(COVER, f"B{at + 5}", "THIEU_O", "")
    _day(COVER, "B15", value[10], on, True, err)
    moved = [row[1] for row in changes]
    came = sum(event in ("tuyen_dung", "den") for event in moved)
    left = sum(event in ("di", "nghi_huu", "thoi_viec") for event in moved)
    if not err and opening + came - left != closing:
        err(COVER, "B12", "SO_DAU_CUOI", closing)
    return (
        nil,
        text(value[5]),
        opening,
        closing,
        text(value[8]),
        text(value[9]),
        on,
        text(value[11]),
        text(value[12]),
    )


def check_work(rows: Sequence[Line], first: int, people: People, err: Findings) -> list[Any]:
    out, seen = [], set()
    for line, row in enumerate(rows, first):
        if not any(row[3:]):
            continue
        n0 = err.n
        code, work, content = text(row[1]), text(row[3]), text(row[4])
        if code not in people:
            err(WORK, f"B{line}", "THIEU_O" if not code else "CB_KHONG_THUOC_DV", row[1])
        if work not in COEFS:
            err(WORK, f"D{line}", "THIEU_O" if not work else "NGOAI_DANH_MUC", row[3])
        if not content:
            err(WORK, f"E{line}", "THIEU_O", "")
        elif (code, work, content) in seen:
            err(WORK, f"B{line}", "TRUNG_DONG", content)
        seen.add((code, work, content))
        coef, due = hundredths(row[5]), date(row[6])
        _number(WORK, f"F{line}", row[5], coef, False, err)
        _day(WORK, f"G{line}", row[6], due, False, err)
        counts = [whole(value) for value in (row[7], row[8], row[9], row[10], row[12], row[13])]
        for at, count in zip((7, 8, 9, 10, 12, 13), counts, strict=True):
            _number(WORK, f"{LETTERS[at]}{line}", row[at], count, at < 9, err)
        assigned, done, faulty, fault_times, late, late_times = counts
        excuses = [YES_NO.get(label) if (label := text(row[at])) else None for at in (11, 14)]
        proof = text(row[15])
        for at, excuse in zip((11, 14), excuses, strict=True):
            if excuse is None and text(row[at]):
                err(WORK, f"{LETTERS[at]}{line}", "NGOAI_DANH_SACH", row[at])
            elif excuse == "co" and not proof:
                err(WORK, f"P{line}", "MIEN_TRU_KHONG_CAN_CU", "")
        if err.n == n0:
            if coef is not None and coef != COEFS[work]:
                err(WORK, f"F{line}", "HE_SO_NGOAI_DM", row[5])
            for at, count in ((9, faulty), (12, late)):
                if (count or 0) > done:
                    err(WORK, f"{LETTERS[at]}{line}", "LOI_QUA_SO_LUONG", row[at])
            out.append(
                (line, code, text(row[2]), work, content, coef, due, assigned, done, faulty,
                 fault_times, excuses[0], late, late_times, excuses[1], proof, text(row[16]),
                 text(row[17]))
            )  # fmt: skip
    return out


def check_general(rows: Sequence[Line], first: int, people: People, err: Findings) -> list[Any]:
    out, seen = [], set()
    for line, row in enumerate(rows, first):
        if not any(row[4:14]) and not row[15]:
            continue
        n0 = err.n
        code, rater = text(row[1]), RATERS.get(text(row[3]))
        if code not in people:
            err(GENERAL, f"B{line}", "THIEU_O" if not code else "CB_KHONG_THUOC_DV", row[1])
        if rater is None:
            err(GENERAL, f"D{line}", "NGOAI_DANH_SACH", row[3])
        elif (code, rater) in seen:
            err(GENERAL, f"B{line}", "TRUNG_MA_CB", code)
        seen.add((code, rater))
        marks, total = [], 0
        for at, most in MARKS:
            mark = hundredths(row[at])
            if mark is None or mark is BAD or mark < 0:
                err(
                    GENERAL,
                    f"{LETTERS[at]}{line}",
                    "THIEU_O" if mark is None else "KHONG_PHAI_SO",
                    row[at],
                )
            elif mark > most:
                err(GENERAL, f"{LETTERS[at]}{line}", "VUOT_TOI_DA", row[at])
            else:
                total += mark
            marks.append(mark)
        stated = hundredths(row[14])
        if stated is BAD:
            err(GENERAL, f"O{line}", "KHONG_PHAI_SO", row[14])
        elif err.n == n0 and stated is not None and not -1 <= stated - total <= 1:
            err(GENERAL, f"O{line}", "TONG_LECH", row[14])
        if err.n == n0:
            out.append((line, code, text(row[2]), rater, *marks, total, text(row[15])))
    return out


def check_leaders(rows: Sequence[Line], first: int, people: People, err: Findings) -> list[Any]:
    out, seen = [], set()
    for line, row in enumerate(rows, first):
        if not any(row[3:]):
            continue
        n0, code = err.n, text(row[1])
        if people.get(code, "nhan_vien") == "nhan_vien":
            err(LEADERS, f"B{line}", "CB_KHONG_THUOC_DV", row[1])
        elif code in seen:
            err(LEADERS, f"B{line}", "TRUNG_MA_CB", code)
        seen.add(code)
        values = [whole(row[at]) for at in (3, 4, 5)]
        for at, value in zip((3, 4, 5), values, strict=True):
            if value not in (100, 50):
                err(LEADERS, f"{LETTERS[at]}{line}", "DDE_SAI_MUC", row[at])
        if err.n == n0:
            out.append((line, code, text(row[2]), *values, text(row[6])))
    return out


def check_changes(rows: Sequence[Line], first: int, err: Findings) -> list[Any]:
    out = []
    for line, row in enumerate(rows, first):
        if not any(row[1:]):
            continue
        n0, event = err.n, EVENTS.get(text(row[1]))
        if event is None:
            err(CHANGES, f"B{line}", "NGOAI_DANH_SACH", row[1])
        for at in (3, 10):
            if not text(row[at]):
                err(CHANGES, f"{LETTERS[at]}{line}", "THIEU_O", "")
        born, on, until, share = date(row[4]), date(row[8]), date(row[9]), whole(row[7])
        for at, day, needed in ((4, born, False), (8, on, True), (9, until, False)):
            _day(CHANGES, f"{LETTERS[at]}{line}", row[at], day, needed, err)
        _number(CHANGES, f"H{line}", row[7], share, False, err)
        if err.n == n0 and (share or 1) > 100:
            err(CHANGES, f"H{line}", "VUOT_TOI_DA", row[7])
        if err.n == n0:
            group, held = GROUPS.get(text(row[5])), ENGAGEMENTS.get(text(row[6]))
            out.append(
                (line, event, text(row[2]), text(row[3]), born, group, held, share, on, until,
                 text(row[10]), text(row[11]))
            )  # fmt: skip
    return out


def check_programme(rows: Sequence[Line], first: int, people: People, err: Findings) -> list[Any]:
    out, seen = [], set()
    for line, row in enumerate(rows, first):
        if not any(row[1:]):
            continue
        n0, code, when = err.n, text(row[1]), WHEN.get(text(row[2]))
        content, product, owner, status = text(row[3]), text(row[4]), text(row[5]), text(row[7])
        if not code or code in seen:
            err(PROGRAMME, f"B{line}", "TRUNG_DONG" if code else "THIEU_O", row[1])
        seen.add(code)
        if when is None:
            err(PROGRAMME, f"C{line}", "NGOAI_DANH_SACH", row[2])
        for at, value in ((3, content), (4, product), (5, owner)):
            if not value:
                err(PROGRAMME, f"{LETTERS[at]}{line}", "THIEU_O", "")
        if owner and owner not in people:
            err(PROGRAMME, f"F{line}", "CB_KHONG_THUOC_DV", row[5])
        due, finished = date(row[6]), date(row[8])
        _day(PROGRAMME, f"G{line}", row[6], due, True, err)
        _day(PROGRAMME, f"I{line}", row[8], finished, False, err)
        if (status and status not in STATUS) or (not status and when == "thang_nay"):
            err(PROGRAMME, f"H{line}", "NGOAI_DANH_SACH" if status else "THIEU_O", row[7])
        if err.n == n0:
            out.append(
                (line, code, when, content, product, owner, due, STATUS.get(status), finished,
                 text(row[9]), text(row[10]))
            )  # fmt: skip
    return out
