"""The shelf of decisions: `regulations/<year-month>/`, one folder for each month of effect.

regulation_in_force("2026-10").code     -> "2026-01"
regulation_in_force("2026").title       -> "Nghị định 335/2025/NĐ-CP …"

regulations/2026-01/decision.toml       what the decision says
                    forms/*.toml        the forms it asks for
                    rubrics/*.toml      the criteria it scores by
                    drafts/*.toml       forms on trial, not in force (tdkt forms --draft)
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from channels.errors import LibraryError, why
from review.form import Form, form_from
from review.period import Period
from review.regulation import Regulation, RegulationError, regulation_from
from review.rubric import Rubric, rubric_from
from review.unit_rubric import UnitRubric, unit_rubric_from

DRAFTS = "drafts"
SHELF = Path(__file__).resolve().parent.parent / "regulations"


def regulation_in_force(period_text: str, folder: Path | None = None) -> Regulation:
    """The newest regulation whose month of effect is not after the period's first day.

    Read once for each folder and kept. Raises PeriodError for a text that is no period and
    LibraryError, naming the file, when none is in force or one cannot be read.
    """
    shelf = folder or SHELF
    return _in_force(period_text, shelf, last_changed(shelf))


def last_changed(shelf: Path) -> int:
    """When a decision was last put on the shelf or taken off it."""
    try:
        return shelf.stat().st_mtime_ns
    except OSError:
        return 0  # `codes` says what is wrong


@lru_cache(maxsize=256)
def _in_force(period_text: str, shelf: Path, _changed: int) -> Regulation:
    start = Period.parse(period_text).start
    month = f"{start.year:04}-{start.month:02}"
    in_force = [name for name in codes(shelf) if name <= month]
    if not in_force:
        raise LibraryError(f"Chưa có quy định nào có hiệu lực từ kỳ {period_text} trở về trước.")
    return _read(shelf / in_force[-1])


def regulation_at(folder: Path) -> Regulation:
    """The regulation in a folder of any name, one still being written. Raises LibraryError."""
    return _read(folder.resolve())


def unit_rubrics(code: str, folder: Path | None = None) -> Mapping[str, UnitRubric]:
    """The tables of a regulation by which units are scored, by name. Raises LibraryError for one
    whose parts do not add up, with the figure."""
    paths = sorted(((folder or SHELF) / code / "clusters").glob("*.toml"))
    rubrics = (_shaped(path, unit_rubric_from) for path in paths)
    return {rubric.key: rubric for rubric in rubrics}


def newest_regulation(folder: Path | None = None) -> Regulation:
    """The regulation with the latest month of effect, for questions about no period."""
    shelf = folder or SHELF
    return _read(shelf / codes(shelf)[-1])


def codes(folder: Path | None = None) -> tuple[str, ...]:
    """The months of effect on the shelf, in order. Raises LibraryError when there is none."""
    shelf = folder or SHELF
    try:
        found = sorted(
            path.name for path in shelf.iterdir() if re.fullmatch(r"\d{4}-\d{2}", path.name)
        )
    except OSError as wrong:
        raise LibraryError(f"Không mở được thư mục quy định {shelf}: {why(wrong)}.") from wrong
    if not found:
        raise LibraryError(f"Thư mục {shelf} chưa có quy định nào (ví dụ 2026-01/decision.toml).")
    return tuple(found)


@lru_cache(maxsize=64)
def _read(folder: Path) -> Regulation:
    decision = _toml(folder / "decision.toml")
    base = decision.get("extends")
    shelves = [folder.parent / str(base), folder] if base else [folder]
    decision = _over([_toml(one / "decision.toml") for one in shelves])
    forms: dict[str, Form] = {}
    rubrics: dict[str, Rubric] = {}
    drafts: dict[str, Form] = {}
    for one in shelves:
        forms |= _forms(sorted((one / "forms").glob("*.toml")))
        rubrics |= _rubrics(sorted((one / "rubrics").glob("*.toml")))
        drafts |= _forms(sorted((one / DRAFTS).glob("*.toml")))
    digest = "+".join(map(_digest, shelves))
    try:
        return replace(regulation_from(decision, forms, rubrics, digest), drafts=drafts)
    except RegulationError as wrong:
        raise LibraryError(f"Quy định {folder.name} có lỗi: {wrong}.") from wrong


def _over(decisions: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The last decision over those it extends: a block keeps the lines that are not said anew, but
    [scored] decides alone who is scored."""
    whole: dict[str, Any] = {}
    for decision in decisions:
        for name, block in decision.items():
            known = {} if name == "scored" else whole.get(name)
            both = isinstance(block, dict) and isinstance(known, dict)
            whole[name] = {**(known or {}), **block} if both else block
    return whole


def _digest(folder: Path) -> str:
    """Of every text in the folder, by its name; a draft is no part of what is in force."""
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*.toml") if p.parent.name != DRAFTS):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _forms(paths: Iterable[Path]) -> Mapping[str, Form]:
    forms = (_shaped(path, form_from) for path in paths)
    return {form.cadence: form for form in forms}


def _rubrics(paths: Iterable[Path]) -> Mapping[str, Rubric]:
    rubrics = (_shaped(path, rubric_from) for path in paths)
    return {rubric.key: rubric for rubric in rubrics}


def _shaped(path: Path, shape: Any) -> Any:
    try:
        return shape(_toml(path))
    except KeyError as wrong:
        raise LibraryError(f"Tệp {path} thiếu mục {wrong}.") from wrong
    except (ValueError, TypeError) as wrong:
        raise LibraryError(f"Tệp {path} có lỗi: {wrong}.") from wrong


def _toml(path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as wrong:
        raise LibraryError(f"Không đọc được {path}: {why(wrong)}.") from wrong
    except ValueError as wrong:  # bad TOML and bad UTF-8 alike
        raise LibraryError(f"Tệp {path} không phải TOML hợp lệ: {wrong}.") from wrong
