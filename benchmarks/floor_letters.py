"""The yardstick's letters: what the product's letters of a month show, put together by hand.

    cadre_letter(unit, person, card, of_person, trace)   -> a person's own result and why
    unit_letter(unit, people, done, programme, …)        -> the unit's result and programme
    returned_letter(unit, findings)                      -> what must be mended

The same figures, sentences, cells and articles as the product's (benchmarks/floor_whole.py counts
both), as JSON, pressed; no reason that no letter shows, nothing made twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from benchmarks.floor_rules import GENERAL, LEADERS, LETTERS, REGULATION, WORK

Row = Sequence[Any]
Lines = dict[str, Any]
HEAD = {
    "office": "Sở Nội vụ", "province": "", "short": "TĐKT", "signer": "",
    "reply_to": "tdkt@localhost", "period": "2026-10", "period_label": "tháng 10/2026",
}  # fmt: skip
CRITERIA = [(c.code, c.name, c.most, c.article) for c in REGULATION.general.criteria]
ARTICLES, WORKS = REGULATION.articles, {work.code: work.name for work in REGULATION.works}
TERMS = {"a": "Số lượng", "b": "Chất lượng", "c": "Tiến độ"}
LABELS = {"a": "a – Số lượng", "b": "b – Chất lượng", "c": "c – Tiến độ"}
LEADING = {
    "d": "d – kết quả hoạt động của đơn vị, lĩnh vực phụ trách",
    "dd": "đ – khả năng tổ chức triển khai thực hiện nhiệm vụ",
    "e": "e – năng lực tập hợp, đoàn kết",
}
GRADES = {
    "HTXSNV": ("Hoàn thành xuất sắc nhiệm vụ", "từ 90,00"),
    "HTTNV": ("Hoàn thành tốt nhiệm vụ", "từ 70,00"),
    "HTNV": ("Hoàn thành nhiệm vụ", "từ 50,00"),
    "KHTNV": ("Không hoàn thành nhiệm vụ", "dưới 50,00"),
}
SEVERITY = "must_fix"


class Person(NamedTuple):
    code: str
    name: str
    post: str
    role: str
    email: str


class Told(NamedTuple):
    """What one workbook says of one person."""

    works: list[Row]
    own: Row | None
    given: Row | None
    leader: Row | None


def told_of(rows: Mapping[str, Sequence[Row]], people: Iterable[str]) -> dict[str, Told]:
    works: dict[str, list[Row]] = {code: [] for code in people}
    for row in rows["work"]:
        works[row[1]].append(row)
    own = {row[1]: row for row in rows["general"] if row[3] == "tu_cham"}
    given = {row[1]: row for row in rows["general"] if row[3] == "tham_quyen"}
    leaders = {row[1]: row for row in rows["leader"]}
    return {c: Told(works[c], own.get(c), given.get(c), leaders.get(c)) for c in works}


def points(value: int) -> str:
    return f"{value // 100},{value % 100:02}"


def short(value: int, scale: int = 100, places: int = 2) -> str:
    whole, part = divmod(value, scale)
    return f"{whole},{part:0{places}}".rstrip("0") if part else str(whole)


def split(whole: int, weights: list[int]) -> list[int]:
    total = sum(weights)
    if not whole or not total:
        return [0] * len(weights)
    parts = [whole * weight // total for weight in weights]
    left = sorted(range(len(weights)), key=lambda n: -(whole * weights[n] % total))
    for n in left[: whole - sum(parts)]:
        parts[n] += 1
    return parts


def cadre_letter(
    unit: tuple[str, str], person: Person, card: Row, told: Told, trace: Lines
) -> Lines:
    reasons = list(_reasons(card, told))
    terms = [*LABELS.items(), *(LEADING.items() if card[6] is not None else ())]
    name, bound = GRADES[card[12]]
    says = f"Tổng {points(card[11])} điểm ({bound} điểm): {name.lower()}, tạm xếp theo điểm."
    reasons.append(_reason("Xếp loại", says, None, [], ARTICLES["grade"]))
    lost = [one for one in reasons if one["lost"]]
    return {
        **HEAD,
        "cadre": _person(person),
        "unit": {"code": unit[0], "name": unit[1]},
        "level": "scores",
        "card": {
            "status": "OK", "total": card[11], "general": card[2], "task_score": card[10],
            "mean": card[9],
            "terms": [{"label": terms[n][1], "value": card[3 + n]} for n in range(len(terms))],
            "grade": card[12], "grade_label": name, "by_points_label": name, "range": "",
            "approved": False,
            "lost": sorted(lost, key=lambda one: -one["lost"]),
            "parts": [],
            "notes": [one for one in reasons if one["lost"] is None],
        },
        "trace": trace,
        "ask_until": "2026-11-16T17:00+07:00",
    }  # fmt: skip


def _person(person: Person) -> Lines:
    return {
        "code": person.code, "name": person.name, "post": person.post, "honorific": "Đồng chí",
        "title": "Mr", "leads": person.role != "nhan_vien",
    }  # fmt: skip


def _reason(term: str, says: str, lost: int | None, cells: list[str], article: str) -> Lines:
    return {"term": term, "says": says, "lost": lost, "cells": cells, "article": article}


def _reasons(card: Row, told: Told) -> Iterator[Lines]:
    yield from _general(card[2], told)
    full, sums = 0, [0, 0, 0]
    words: list[list[str]] = [[], [], []]
    below, causes = [], [[], [], []]  # type: ignore[var-annotated]
    for row in told.works:
        coef = REGULATION.works_by_code[row[3]].coef if row[5] is None else row[5]
        assigned, done, line, name = row[7], row[8], row[0], row[4] or WORKS[row[3]]
        full += coef * assigned * 100
        sums[0] += coef * done * 100
        below.append(f"{short(coef)}×{assigned}")
        words[0].append(f"{short(coef)}×{done}")
        if done < assigned:
            weight, missing = coef * (assigned - done) * 100, assigned - done
            says = f"“{name}”: giao {assigned}, xong {done}, còn {missing} chưa xong."
            for some in causes:
                some.append((weight, says, [f"{WORK}!H{line}", f"{WORK}!I{line}"]))
        for at, what, where in ((1, row[9:12], "JK"), (2, row[12:15], "MN")):
            lost = _fault(what, row[15], done)
            sums[at] += coef * (done * 100 - lost[0] * lost[1])
            less = f"({done} − {lost[0]}×{lost[1]}%)" if lost[0] and lost[1] else str(done)
            words[at].append(f"{short(coef)}×{less}")
            if lost[0]:
                kind = "chưa đạt chất lượng" if at == 1 else "chậm tiến độ"
                tail = f", trừ {lost[1]}% điểm của sản phẩm." if lost[1] else "; không trừ."
                says = f"“{name}”: {lost[0]} sản phẩm {kind}, mỗi sản phẩm {lost[2]} lần{tail}"
                cells = [f"{WORK}!{column}{line}" for column in where]
                causes[at].append((coef * lost[0] * lost[1], says, cells))
    scale = 100 if told.leader else 1
    values = told.leader[3:6] if told.leader else ()
    weights = [scale * (full - min(one, full)) for one in sums]
    weights += [(100 - value) * full for value in values]
    lost = split(7000 - card[10], weights)
    for at, term in enumerate("abc"):
        says = (
            f"{TERMS[term]}: {term} = ({' + '.join(words[at])}) / ({' + '.join(below)}) = "
            f"{short(sums[at], 10_000, 4)}/{short(full, 10_000, 4)} = {points(card[3 + at])}%."
        )
        yield _reason(LABELS[term], says, None, [], ARTICLES[term])
        shares = split(lost[at], [cause[0] for cause in causes[at]])
        for (_, says, cells), share in zip(causes[at], shares, strict=True):
            yield _reason(LABELS[term], says, share, cells, ARTICLES[term])
    for at, (term, value) in enumerate(zip(LEADING, values, strict=False)):
        cell = f"{LEADERS}!{LETTERS[3 + at]}{told.leader[0] if told.leader else 0}"
        yield _reason(term, f"{LEADING[term]}: {value}%.", lost[3 + at], [cell], ARTICLES[term])


def _fault(what: Sequence[Any], proof: Any, done: int) -> tuple[int, int, int]:
    units, times, excuse = what
    times = 1 if times is None else times
    cost = 0 if excuse == "co" and proof else min(100, 25 * times)
    return min(units or 0, done), cost, times


def _general(general: int, told: Told) -> Iterator[Lines]:
    row = told.given
    if row is None:
        return
    says = f"Tiêu chí chung: {points(general)}/30 điểm do cấp có thẩm quyền chấm."
    cells = [f"{GENERAL}!E{row[0]}:N{row[0]}"]
    yield _reason("Tiêu chí chung", says, None, cells, ARTICLES["general"])
    for at, (code, name, most, article) in enumerate(CRITERIA):
        mark = row[4 + at]
        if mark < most:
            says = f"{code} {name}: {short(mark)}/{short(most)} điểm."
            cells = [f"{GENERAL}!{LETTERS[4 + at]}{row[0]}"]
            yield _reason("Tiêu chí chung", says, most - mark, cells, article)
    if told.own is not None:
        mine = sum(told.own[4:14])
        gap = points(abs(mine - general))
        says = f"Cá nhân tự chấm {points(mine)} điểm, lệch {gap} điểm so với điểm được tính."
        cells = [f"{GENERAL}!E{told.own[0]}:N{told.own[0]}"]
        yield _reason("Tiêu chí chung", says, None, cells, ARTICLES["general"])


def unit_letter(
    unit: tuple[str, str], people: Mapping[str, Person], cards: Sequence[Row],
    closed: Sequence[Row], following: Sequence[Row],
) -> Lines:  # fmt: skip
    late = [task for task in closed if task[7] != "xong" and task[6] and task[6] < "2026-11-12"]
    ahead = sorted(following, key=lambda task: (task[6] or "9", task[1]))
    return {
        "level": "scores", **HEAD, "unit": {"code": unit[0], "name": unit[1]},
        "state": "accepted", "verdict": "accepted", "verdict_label": "Đạt",
        "received_at": "2026-11-03T09:30+07:00", "due": "2026-11-05T17:00+07:00", "late_days": 0,
        "findings": {"groups": [], "counts": {}, "total": 0, "rest": 0},
        "cards": [_card_line(card, people[card[0]]) for card in cards[:60]],
        "cards_total": len(cards),
        "programme": {
            "total": len(closed), "done": sum(task[7] == "xong" for task in closed),
            "open": sum(task[7] != "xong" for task in closed), "dropped": 0,
            "overdue": [_task(task, people) for task in late[:20]], "overdue_total": len(late),
            "carried": sum(task[10] > 0 for task in following),
            "next": [_task(task, people) for task in ahead[:20]], "next_total": len(ahead),
        },
        "next_label": "tháng 11/2026", "next_due": "2026-12-05T17:00+07:00",
    }  # fmt: skip


def _card_line(card: Row, person: Person) -> Lines:
    ok = card[1] == "ok"
    name, bound = GRADES[card[12]] if ok else ("", "")
    said = f"Tổng {points(card[11])} điểm ({bound} điểm): {name.lower()}." if ok else "Thiếu số."
    return {
        "code": card[0], "name": person.name, "post": person.post, "status": card[1],
        "total": card[11] if ok else None, "range": "", "grade": card[12] if ok else None,
        "grade_label": name, "approved": False, "why": said,
    }  # fmt: skip


def _task(task: Row, people: Mapping[str, Person]) -> Lines:
    owner = people.get(task[5])
    return {
        "code": task[1], "content": task[3], "product": task[4],
        "owner": owner.name if owner else "", "due": task[6], "carried": task[10],
    }  # fmt: skip


def returned_letter(unit: tuple[str, str], findings: Sequence[Row], file: str) -> Lines:
    shown: dict[str, list[Lines]] = {}
    for sheet, cell, rule, value in findings[:40]:
        row = {"severity": SEVERITY, "cell": cell, "value": value, "says": rule, "fix": rule}
        shown.setdefault(sheet, []).append(row)
    groups = [{"sheet": sheet, "rows": rows} for sheet, rows in shown.items()]
    return {
        **HEAD, "unit": {"code": unit[0], "name": unit[1]},
        "deadline": "2026-11-16T17:00+07:00", "received_at": "2026-11-03T09:30+07:00",
        "file_name": file, "unreadable": False, "stands": None, "act": None,
        "findings": {"groups": groups, "counts": {SEVERITY: len(findings)},
                     "total": len(findings), "rest": max(0, len(findings) - 40)},
    }  # fmt: skip
