"""Titles: who was proposed in the yearly reports, and what the book says of each condition.

propose(conn, occasion)[0].eligible             -> True, False, or None where the book cannot say
take_heads(occasion, rows)                      the head-counts of whole units, by their papers
grant(occasion, "cstdcs", codes, document, who) titles that were given: what later years rest on
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from channels.errors import ChannelRefused
from review.period import Cadence
from review.scorecard import Grade
from review.title_cases import History, Nominee, TitleCase, conditions_of
from review.unit_rubric import UnitFigure
from tasks.occasion import Occasion
from tasks.unit_titles import HEADS, WHOLE_UNITS, units_known
from tdkt_models.audit import AuditEntry, keep_audit
from tdkt_models.cadres import recall_cadres
from tdkt_models.period_scores import recall_standing
from tdkt_models.results import recall_results
from tdkt_models.submissions import recall_submissions
from tdkt_models.titles_given import TitleGiven, keep_titles_given, recall_titles_given
from tdkt_models.unit_marks import keep_unit_figures
from tdkt_models.units import recall_units

YEARS_BACK = 5
APPROVED, OPEN = "kết quả đã phê duyệt", "kết quả chưa phê duyệt"
COLLECTIVE = "tap_the"


def propose(conn: Connection, occasion: Occasion) -> list[TitleCase]:
    """Every proposal of a person on the roll, in order of unit and sheet; then those of units.
    Reads only."""
    year = occasion.period.start.year
    rules = {rule.key: rule for rule in occasion.regulation.person_titles}
    history = _history(conn, year)
    rows = list(_rows(conn, str(year)))
    cases = [
        TitleCase(one, tuple(conditions_of(one, history[one.cadre], year, rules[one.title])))
        for one in (_nominee(unit, row, occasion) for unit, row in rows if row.cadre)
        if one.title in rules
    ]
    collectives = [
        _nominee(unit, row, occasion)
        for unit, row in rows
        if not row.cadre and getattr(row, "kind", None) == COLLECTIVE
    ]
    return cases + units_known(conn, occasion, collectives, cases, history)


def _rows(conn: Connection, period: str) -> list[tuple[str, Any]]:
    said = recall_submissions(conn, period, sheets=["titles"])
    return [(one.unit, row) for one in said for row in one.rows("titles")]


def _nominee(unit: str, row: Any, occasion: Occasion) -> Nominee:
    cells = occasion.regulation.places(Cadence.YEAR).at("titles", row.line, "initiative")
    given = getattr(row, "initiative", "") or ""
    return Nominee(unit, row.cadre or "", row.name, row.title, given, cells)


def _history(conn: Connection, year: int) -> defaultdict[str, History]:
    """By cadre or unit: the grades of this year and those before it, and the titles before: those
    given with their decision, those only proposed with none."""
    grades: defaultdict[str, dict[int, tuple[Grade, str]]] = defaultdict(dict)
    titles: defaultdict[str, dict[int, dict[str, str]]] = defaultdict(dict)
    for past in range(year - YEARS_BACK, year + 1):
        for card in recall_standing(conn, str(past)):
            if card.grade:
                grades[card.cadre][past] = card.grade, OPEN
        for result in recall_results(conn, str(past)):
            if result.grade:
                grades[result.cadre][past] = result.grade, APPROVED
        if past < year:
            for unit, row in _rows(conn, str(past)):
                if row.cadre or getattr(row, "kind", None) == COLLECTIVE:
                    titles[row.cadre or unit].setdefault(past, {})[row.title] = ""
    for holder, years in recall_titles_given(conn, range(year - YEARS_BACK, year)).items():
        for past, given in years.items():
            titles[holder].setdefault(past, {}).update(given)
    found: defaultdict[str, History] = defaultdict(History)
    for holder in {*grades, *titles}:
        found[holder] = History(grades[holder], titles[holder])
    return found


def take_heads(occasion: Occasion, rows: Sequence[Mapping[str, str]]) -> int:
    """Keeps how many people whole units have: columns unit, members, completed, ldtt, cstdcs,
    warned, source. Raises ChannelRefused naming every wrong row; then nothing is kept."""
    faults, found = list[str](), dict[str, list[UnitFigure]]()
    with occasion.office.book() as book, book.writing() as conn:
        units = recall_units(conn)
        for at, row in enumerate(rows, 2):
            unit, source = row.get("unit", "").strip(), row.get("source", "").strip()
            said = [row.get(name, "").strip() for name in HEADS]
            wrong = [f"{n} “{t}”" for n, t in zip(HEADS, said, strict=True) if not t.isdecimal()]
            if unit not in units:
                faults.append(f"dòng {at}: không có đơn vị “{unit}”")
            elif wrong:
                faults.append(f"dòng {at}: {', '.join(wrong)} phải là số người, từ 0")
            elif not source:
                faults.append(f"dòng {at}: chưa ghi văn bản (source)")
            elif max(map(int, said)) > int(said[0]) or not int(said[0]):
                faults.append(f"dòng {at}: members phải lớn hơn 0 và không nhỏ hơn các số khác")
            else:
                pairs = zip(HEADS, said, strict=True)
                found[unit] = [UnitFigure(n, int(t) * 100, source=source) for n, t in pairs]
        if faults:
            raise ChannelRefused(f"Chưa nhận số liệu nào: {'; '.join(faults[:20])}.")
        keep_unit_figures(conn, occasion.period_text, WHOLE_UNITS, found, occasion.stamp)
        entry = AuditEntry("tdkt", "unit.heads", occasion.period_text, {"units": sorted(found)})
        keep_audit(conn, [entry], occasion.stamp)
    return len(found)


def grant(occasion: Occasion, title: str, codes: Sequence[str], document: str, who: str) -> int:
    """Records that a title of the year was given to these persons or units. Raises ChannelRefused:
    a title or a code that is none, no decision, nobody named."""
    regulation, year = occasion.regulation, occasion.period.start.year
    persons = {one.key for one in regulation.person_titles}
    units = {one.key for one in regulation.unit_titles}
    if title not in persons | units:
        known = ", ".join(f"{key} ({name})" for key, name in regulation.title_names.items())
        raise ChannelRefused(f"Không có danh hiệu “{title}”; có: {known}.")
    if not document.strip() or not who.strip():
        raise ChannelRefused("Phải ghi quyết định tặng (--document) và người nhập (--by).")
    with occasion.office.book() as book, book.writing() as conn:
        known_codes: set[str] = set()
        if title in persons:
            known_codes |= {cadre.code for cadre in recall_cadres(conn)}
        if title in units:
            known_codes |= set(recall_units(conn))
        if strange := [code for code in codes if code not in known_codes]:
            whom = "cán bộ" if title in persons else "đơn vị"
            raise ChannelRefused(f"Danh bạ không có {whom}: {', '.join(strange)}.")
        given = [TitleGiven(year, code, title, document.strip()) for code in codes]
        keep_titles_given(conn, given, occasion.stamp)
        detail = {"year": year, "title": title, "document": document.strip()}
        keep_audit(
            conn, [AuditEntry(who.strip(), "title.given", code, detail) for code in codes],
            occasion.stamp,
        )  # fmt: skip
    return len(given)
