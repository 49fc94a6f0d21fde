"""docs/thong-bao.md and its English in docs/en, from the sources: every fault of a file, every
refusal that a person reads.

checks()       -> {"SAI_KY": [Said("Phải sửa", "Kỳ báo cáo trong tệp là …", "Dùng tệp mẫu …")], …}
refusals()     -> {"cli": ["Cổng … đang có chương trình khác dùng. …"], …}
python -m tests.message_pages          writes the pages; tests/test_manuals.py sees that they are
                                       fresh

What is computed stands as "…": a text is followed through the names it was given in its function.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from channels.words import words

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "thong-bao.md"
PAGES = {"vi": PAGE, "en": ROOT / "docs" / "en" / "thong-bao.md"}
AREAS = {
    "cli": "Khi gõ lệnh",
    "flows": "Trên màn hình Prefect",
    "tasks": "Khi làm việc với văn phòng, danh bạ, kết quả, thư",
    "channels": "Tệp, hộp thư, máy chủ thư, thư mục",
    "tdkt_models": "Sổ",
    "review": "Kỳ, quy định, số liệu",
}
HOLE = "…"
CODE = re.compile(r"[A-Z]{2,}(_[A-Z0-9]+)*")
SEVERITIES = {
    "must_fix": "Phải sửa",
    "MUST_FIX": "Phải sửa",
    "blame": "Phải sửa",
    "must_explain": "Cần giải trình",
    "MUST_EXPLAIN": "Cần giải trình",
    "ask": "Cần giải trình",
    "note": "Lưu ý",
    "NOTE": "Lưu ý",
}
VIETNAMESE = re.compile(r"[À-ỹ]")
LEAST = 12  # a shorter text is a part of a message, or a label


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of a fault, and how to mend it."""

    severity: str
    says: str
    fix: str


def checks() -> dict[str, list[Said]]:
    """By code, in alphabetical order."""
    found: dict[str, list[Said]] = defaultdict(list)
    for _, tree in _sources("review", "channels", "tasks"):
        for scope, call in _calls(tree):
            said = _fault(scope, call)
            if said and said[1] not in found[said[0]]:
                found[said[0]].append(said[1])
    return {code: found[code] for code in sorted(found) if found[code]}


def refusals() -> dict[str, list[str]]:
    """By floor of the house, in the order of the sources, each once."""
    found: dict[str, dict[str, None]] = {area: {} for area in AREAS}
    for area, tree in _sources(*AREAS):
        for scope, raised in _raised(tree):
            for text in (_text(scope, arg) for arg in raised.args[:1]):
                if len(text) >= LEAST and VIETNAMESE.search(text):
                    found[area][text] = None
    return {area: list(texts) for area, texts in found.items()}


def page(lang: str = "vi") -> str:
    told, (head, middle) = words(lang), TEXTS[lang]
    lines = [head]
    for code, said in checks().items():
        lines += [f"### {code}", ""]
        lines += [f"- **{told(one.severity)}.** {told(one.says)} *{told(one.fix)}*" for one in said]
        lines.append("")
    lines.append(middle)
    for area, texts in refusals().items():
        if texts:
            title = AREAS[area] if lang == "vi" else AREAS_IN_ENGLISH[area]
            lines += [f"### {title}", "", *(f"- {told(text)}" for text in texts), ""]
    return "\n".join(lines)


HEAD = """# Mọi thông báo, và cách xử lý

Trang này do máy lập từ mã nguồn (`python -m tests.message_pages`). Dấu … là chỗ máy điền số, tên,
mã. Tìm theo mã lỗi hay vài chữ trong thông báo. Việc thường gặp: [van-hanh.md](van-hanh.md).

## 1. Lỗi trong tệp báo cáo, danh bạ
Mã lỗi đứng trong thư trả lại, trong bảng *Lỗi* trên màn hình và lệnh `tdkt check`. *Phải sửa*: tệp
bị trả lại. *Cần giải trình*: tệp được nhận, đơn vị nói vì sao. *Lưu ý*: chỉ báo cho biết. Chữ
nghiêng là cách sửa.
"""
MIDDLE = """## 2. Lệnh, màn hình không làm được việc
Mã thoát 2: chưa thay đổi gì. Đọc câu thông báo: nó nói cái gì, ở đâu, làm gì tiếp.
"""
HEAD_IN_ENGLISH = """# Every message, and what to do

This page is made from the sources (`python -m tests.message_pages`). The mark … stands for a
number, name or code. Look for the code, or some words of the message. For what is usual see
[van-hanh.md](van-hanh.md).

## 1. Faults of a report or roster
The code stands in the letter that returns a file, on the board *Lỗi* of the screen and in
`tdkt check`. *Must be mended*: the file is returned. *Must be explained*: it is taken, and the unit
says why. *Note*: only told. In italics: how to mend it.
"""
MIDDLE_IN_ENGLISH = """## 2. What a command or the screen could not do
Exit code 2: nothing was changed. The message says what, where, and what to do next.
"""
TEXTS = {"vi": (HEAD, MIDDLE), "en": (HEAD_IN_ENGLISH, MIDDLE_IN_ENGLISH)}
AREAS_IN_ENGLISH = {
    "cli": "Typing commands",
    "flows": "On Prefect's screen",
    "tasks": "Office, roster, results, letters",
    "channels": "Files, mailbox, mail server, folders",
    "tdkt_models": "The book",
    "review": "Periods, rules, figures",
}


@cache
def _sources(*areas: str) -> list[tuple[str, ast.Module]]:
    paths = [(area, path) for area in areas for path in sorted((ROOT / area).glob("*.py"))]
    return [(area, ast.parse(path.read_text(encoding="utf-8"))) for area, path in paths]


Scope = ast.FunctionDef | ast.Module


def _calls(tree: ast.Module) -> Iterator[tuple[Scope, ast.Call]]:
    """Every call with the function that it stands in."""
    for scope in ast.walk(tree):
        if isinstance(scope, ast.FunctionDef):
            for node in ast.walk(scope):
                if isinstance(node, ast.Call):
                    yield scope, node


def _raised(tree: ast.Module) -> Iterator[tuple[Scope, ast.Call]]:
    for scope in ast.walk(tree):
        if isinstance(scope, ast.FunctionDef):
            for node in ast.walk(scope):
                if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
                    yield scope, node.exc


def _fault(scope: Scope, call: ast.Call) -> tuple[str, Said] | None:
    first = call.args[0] if call.args else None
    code = first.value if isinstance(first, ast.Constant) else None
    if not isinstance(code, str) or not CODE.fullmatch(code) or len(call.args) < 4:
        return None
    severity = SEVERITIES.get(_name(call.func), "")
    for arg in call.args[1:2]:
        severity = severity or SEVERITIES.get(_name(arg), "")
    says, fix = (_text(scope, arg) for arg in call.args[-2:])
    return (code, Said(severity, says, fix)) if severity and VIETNAMESE.search(says) else None


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _text(scope: Scope, node: ast.expr, depth: int = 0) -> str:
    """A text with what is computed in it as holes."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        parts = (_part(scope, part, depth) for part in node.values)
        return _tidy("".join(parts))
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _tidy(_text(scope, node.left, depth) + _text(scope, node.right, depth))
    if isinstance(node, ast.IfExp):
        return _text(scope, node.body, depth)
    if isinstance(node, ast.Name) and depth < 3:
        for other in ast.walk(scope):
            if isinstance(other, ast.Assign) and _name(other.targets[0]) == node.id:
                return _text(scope, other.value, depth + 1)
    return HOLE


def _part(scope: Scope, part: ast.expr, depth: int) -> str:
    if not isinstance(part, ast.FormattedValue):
        return _text(scope, part, depth)
    inner = part.value
    return _text(scope, inner, depth) if isinstance(inner, ast.IfExp) else HOLE


def _tidy(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"(… ?){2,}", "… ", text)).strip()


if __name__ == "__main__":
    for lang, path in PAGES.items():
        path.write_text(page(lang), encoding="utf-8")
