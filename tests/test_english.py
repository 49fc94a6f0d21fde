"""Letters in English: nothing half translated, nothing told wrongly, and nothing past the gate.

A sentence that the program may write into a letter has its English in templates/letters/en/
phrases.toml. Who writes a new one adds a line there; the first test names what is missing.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from letter_samples import (
    CADRES,
    CARD,
    CARDS,
    LETTERS,
    OFFICE,
    OTHER,
    UNITS,
    english,
    worded,
)

from channels.composing import compose
from channels.english import count, counted, day, figures, moment, named, percent, points, said
from channels.message_words import words_of
from channels.phrasebook import BOOK, is_vietnamese
from channels.rendering import TEMPLATES, render
from channels.tongues import TONGUES
from review.period import Period
from review.post import LetterKind
from review.scope import crossings, directory_of, own_of, scope_of
from review.settings import LANGUAGES
from review.watched import watch_over, with_totals

ROOT = Path(__file__).parent.parent
# Modules whose Vietnamese goes into letters: findings, reasons, states, plans, alerts.
TOLD = (
    "review/checks*.py", "review/cells.py", "review/headings.py", "review/identity.py",
    "review/examine.py", "review/faults.py", "review/substance.py", "review/scoring.py",
    "review/defence*.py", "review/quota_lists.py", "review/results.py", "review/rollup*.py",
    "review/repairs.py", "review/post.py", "review/roll.py", "review/findings.py",
    "review/scorecard.py", "review/letter_rows.py", "review/digest.py", "review/balance.py",
    "review/reconcile.py", "review/appeals.py", "review/raising.py", "review/reported_people.py",
    "review/causes*.py", "review/figures_*.py", "review/plan_words.py", "review/report_plans.py",
    "review/weaknesses.py", "review/structure.py", "review/training.py", "review/succession.py",
    "review/movements.py", "review/forecast.py", "review/rotation.py", "review/alarms.py",
    "review/verdicts.py", "channels/guard.py", "channels/sniffing.py", "channels/workbook.py",
    "tasks/score.py", "tasks/bounces.py", "tasks/restate.py", "review/ratings.py",
)  # fmt: skip
# What a person is asked to decide goes into a letter to them too: these functions of the flows.
ASKED = (
    "flows/approving.py", "flows/arming.py", "flows/choosing.py", "flows/extending.py",
    "flows/planning.py", "flows/releasing.py", "tasks/letters_in_question.py",
)  # fmt: skip
ASKING = ("question_of", "_facts", "_said", "_shown", "letters_in_question")
# Pieces that are joined inside quotation marks, patterns that read, words for logs and commands.
ELSEWHERE = re.compile(
    r"\(\?:|%H:%M|^ (?:và|hoặc) $|^(?:Ông|Bà|Đồng chí|Chấm điểm)$"
    r"|^(?:Xếp loại: |Quy định \{\}: |Cán bộ \{\}, đơn vị xếp loại| \(bất kể điểm)"
)


def phrases(path: Path) -> Iterator[str]:
    """The Vietnamese literals of a module, what is filled in as {}; docstrings aside."""
    yield from phrases_of(ast.parse(path.read_text(encoding="utf-8")))


def asked(path: Path) -> Iterator[str]:
    """What the functions of a flow say of a decision; the titles of its form and why there is none
    to take stay on the screen."""
    for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(function, ast.FunctionDef) and function.name in ASKING:
            for call in ast.walk(function):
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Name):
                    if call.func.id in ("Settled", "Blank"):
                        call.args, call.keywords = [], []
                    call.keywords = [one for one in call.keywords if one.arg != "note"]
            yield from phrases_of(function)


def phrases_of(tree: ast.AST) -> Iterator[str]:
    skipped = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            skipped |= {id(part) for part in node.values}
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        text = ""
        if isinstance(node, ast.JoinedStr):
            text = "".join(
                part.value if isinstance(part, ast.Constant) else "{}" for part in node.values
            )
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
        text = re.sub(r"\{\w+\}", "{}", text)
        if text and is_vietnamese(text) and not ELSEWHERE.search(text):
            yield text


def test_whatever_the_program_says_in_a_letter_has_its_english() -> None:
    book = tomllib.loads(BOOK.read_text(encoding="utf-8"))
    known, whole = {told.strip(" .") for told in book}, "\n".join(book)
    told = [path for pattern in TOLD for path in sorted(ROOT.glob(pattern))]
    pieces = [(path, text) for path in told for text in phrases(path)]
    pieces += [(ROOT / name, text) for name in ASKED for text in asked(ROOT / name)]
    missing = [
        f"{path.relative_to(ROOT)}: {text}"
        for path, text in pieces
        if text.strip(" .") not in known and not _is_in(text, whole)
    ]
    assert missing == [], f"{len(missing)} without English:\n" + "\n".join(missing)


def _is_in(text: str, whole: str) -> bool:
    """A piece that is joined to others stands in a longer phrase."""
    pieces = re.split(r"\{\}", text.strip(" .,"))
    return bool(re.search(r"[^\n]*?".join(map(re.escape, pieces)), whole))


def test_every_slot_is_filled_once() -> None:
    book = tomllib.loads(BOOK.read_text(encoding="utf-8"))
    wrong = []
    for told, words in book.items():
        slots = re.findall(r"\{(\d*)\}", words)
        numbers = sorted(int(one) for one in slots) if all(slots) else list(range(len(slots)))
        if numbers != list(range(told.count("{}"))):
            wrong.append(told)
    assert wrong == []


# What stays as it is: names, what a person wrote, how sheets and files are called.
NAMES = re.compile(
    r"Sở Nội vụ|tỉnh Lai Châu|Phòng Thi đua – Khen thưởng|Ủy ban nhân dân xã \S+ \S+|Sở Y tế"
    r"|Lò Văn Inh|Sùng Thị Mỷ|Tẩn A Phủ|Chẻo Thị Mẩy|Vàng A Páo|Lò Văn A|NĐ-CP"
    r"|Công chức Văn phòng – Thống kê|Trưởng phòng Văn hóa – Xã hội|đ – Ability|đ – ability"
    r"|Cụm thi đua số 1 – các xã phía Tây|Cụm thi đua số 2|Khối các sở, ban, ngành"
    r"|S\d [^!:<\n]+(?=[!:<\n,]|$)"
)


@pytest.mark.parametrize("name", LETTERS)
def test_nothing_is_half_translated(name: str) -> None:
    """What the program said is English; tasks and reasons typed by a person are not its own."""
    letter = LETTERS[name]()
    rendered = worded(f"en/{name}")
    typed = sorted(_typed(letter.payload), key=len, reverse=True)
    given = "\n".join(re.sub(r"“[^”]*”", "", one) for one in _strings(letter.payload))
    quoted = [one for one in re.findall(r"“([^”]+)”", rendered.text) if is_vietnamese(one)]
    assert [one for one in quoted if one.rstrip(".;") in given and not NAMES.search(one)] == []
    for words in (rendered.subject, rendered.text):
        for one in typed:
            words = words.replace(one, "").replace(one.upper(), "")
        left = [line for line in NAMES.sub("", words).splitlines() if is_vietnamese(line)]
        assert left == []
    assert 'lang="en"' in rendered.html and 'lang="vi"' not in rendered.html


def _strings(payload: Any) -> Iterator[str]:
    """All but what a person typed."""
    if isinstance(payload, dict):
        for key, value in payload.items():
            if key not in TYPED:
                yield from _strings(value)
    elif isinstance(payload, list | tuple):
        for value in payload:
            yield from _strings(value)
    elif isinstance(payload, str):
        yield payload


TYPED = ("content", "product", "reason", "note", "grounds", "value", "subject", "examples", "who")


def _typed(payload: Any) -> Iterator[str]:
    if isinstance(payload, dict):
        for key, value in payload.items():
            if key in TYPED and isinstance(value, str) and len(value) > 3:
                yield value
            else:
                yield from _typed(value)
    elif isinstance(payload, list | tuple):
        for value in payload:
            yield from _typed(value)


def test_numbers_dates_and_periods_are_written_in_english() -> None:
    assert (points(9044), points(-51), points(None)) == ("90.44", "-0.51", "–")
    assert (percent(10000), percent(8750), count(1234)) == ("100%", "87.5%", "1,234")
    assert day("2026-11-05") == "5 November 2026"
    assert moment("2026-11-05T17:00:00+07:00") == "17:00 on 5 November 2026"
    assert figures("1.234,5 điểm; 12.000; 55,00 – 88,33") == "1,234.5 điểm; 12,000; 55.00 – 88.33"
    assert figures("31/02/2026") == "31/02/2026", "no day of the calendar"
    labels = {
        "2026-10": "October 2026", "2026-Q3": "Q3 2026", "2026-H1": "the first half of 2026",
        "2026": "2026", "2026..2030": "the term 2026–2031",
    }  # fmt: skip
    assert {text: said(Period.parse(text).label) for text in labels} == labels


def test_one_is_one_and_many_are_many() -> None:
    assert [counted(n, "place") for n in (0, 1, 2)] == ["0 places", "1 place", "2 places"]
    assert counted(1, "entry", "entries") == "1 entry"
    late = (
        "Báo cáo nộp sau hạn {} ngày làm việc (hạn 05/11/2026). Vẫn tiếp nhận và ghi nhận nộp muộn."
    )
    assert said(late.format(1)).startswith("The report came 1 working day late (due 5 November")
    assert said(late.format(11)).startswith("The report came 11 working days late")


def test_what_stands_in_quotation_marks_and_what_is_unknown_stay_as_they_are() -> None:
    told = said("“Tổng điểm” ghi 31,5 không bằng tổng các ô thành phần là 27,25.")
    assert told == "“Tổng điểm” says 31.5, which is not the sum of its parts, 27.25."
    both = said("Chưa ghi mã đơn vị. Câu này chương trình chưa biết, ghi ngày 05/11/2026.")
    assert both.startswith("The unit code is missing. “Câu này chương trình chưa biết")
    assert named("Cụm thi đua số 1 – các xã phía Tây") == "Cụm thi đua số 1 – các xã phía Tây"
    causes = "Việc chuyển kỳ nhiều lần (2); Sai sót lặp lại (1)"
    assert said(causes) == "Tasks carried over many times (2); Recurring faults (1)"
    nested = said(
        "Tệp không đúng mẫu 2026-01: thiếu trang “S3”. Trong tệp có trang “S3a”, có phải là trang "
        "này không?"
    )
    assert nested.endswith("is missing. The file has a sheet “S3a”; is it this one?")


def test_a_correction_says_so_in_english() -> None:
    rendered = worded("en/cadre_result_corrected")
    assert "] Correction: " in rendered.subject
    assert "corrects and replaces the letter sent at 08:00 on 12 November 2026." in rendered.text


def test_both_languages_tell_the_same_figures() -> None:
    """Every figure of the Vietnamese text is in the English one, written as English has it."""
    letter = LETTERS["unit_result"]()
    numbers = re.compile(r"\d+(?:[.,]\d+)*")
    vi = {one.replace(",", ".") for one in numbers.findall(render(letter).text)}
    en = set(numbers.findall(render(english("unit_result")).text))
    assert {one for one in vi if "." in one} - en == set()


def test_the_gate_reads_points_in_english_too() -> None:
    letter = LETTERS["cadre_result"]()
    directory = directory_of(UNITS, (*CADRES, OTHER), OFFICE)
    other = CARD._replace(cadre=OTHER.code, unit=OTHER.unit, total=7613)
    people = [(cadre.code, cadre.name) for cadre in directory.cadres.values()]
    totals = [card.total for card in (*CARDS, other) if card.total is not None]
    watch = with_totals(watch_over(directory.units, people), totals)
    scope = scope_of(letter.person, directory)
    assert scope is not None
    own = own_of([CARD], ())
    for total, found in ((9044, ()), (7613, ("điểm 76,13 của người khác",))):
        card = {**letter.payload["card"], "total": total}
        payload = {**letter.payload, "lang": "en", "card": card}
        sent = {"sender": "a@x.vn", "to": "b@x.vn", "message_id": "<1@x.vn>"}
        message = compose(render(replace(letter, payload=payload)), **sent)
        assert message["Content-Language"] == "en"
        assert crossings(words_of(message), scope, watch, own) == found


def test_another_language_has_every_template() -> None:
    for tongue in TONGUES.values():
        for kind in LetterKind:
            for part in ("txt", "html"):
                path = TEMPLATES / tongue.folder / f"{kind.value}.{part}.j2"
                assert path.is_file(), path
    assert set(TONGUES) == set(LANGUAGES)
