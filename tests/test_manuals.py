"""The manuals do not go stale: what they name is there, what the program says stands in them."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest
import yaml

from review.powers import Power
from tests.desk_month import PICTURES, SCREENS
from tests.message_pages import PAGE, ROOT, checks, page, refusals

DOCS = ROOT / "docs"
MANUALS = [DOCS / "van-hanh.md", DOCS / "don-vi.md", DOCS / "operate.md", DOCS / "upgrade.md",
           *sorted((DOCS / "quyet-dinh").glob("*.md")),
           *sorted((DOCS / "en").rglob("*.md"))]  # fmt: skip
IN_ENGLISH = ("van-hanh.md", "operate.md", "thong-bao.md", "quyet-dinh")
LINK = re.compile(r"\]\(([^)#]+)(#[^)]*)?\)")
DECISIONS = {
    "approve-results": ("approving", "phe-duyet.md"),
    "choose-ties": ("choosing", "bang-diem.md"),
    "arm-mail": ("arming", "gui-thu.md"),
    "decide-plan": ("planning", "ke-hoach.md"),
    "release-letters": ("releasing", "thu-chua-ro.md"),
    "extend-due": ("extending", "gia-han.md"),
}
ANEW = "python -m tests.message_pages writes the page anew"
LARGEST_PICTURE = 120_000  # bytes


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_the_page_of_messages_has_what_the_sources_say() -> None:
    """What was added or reworded of late is no reason to stop; where more than one in ten is
    missing, nobody has written the page anew."""
    said, messages = text(PAGE), [one for found in refusals().values() for one in found]
    codes = checks()
    assert len(messages) > 150 and len(codes) > 45
    assert sum(f"### {code}\n" in said for code in codes) > 0.9 * len(codes), ANEW
    assert sum(f"- {one}\n" in said for one in messages) > 0.9 * len(messages), ANEW
    assert page().startswith(said[:200])


def test_an_operator_reads_the_same_in_english() -> None:
    """Section by section; what the messages say has its line in templates/words/en.toml."""
    for name in IN_ENGLISH:
        own = DOCS / name
        for path in sorted(own.glob("*.md")) if own.is_dir() else [own]:
            other = DOCS / "en" / path.relative_to(DOCS)
            headings = [re.findall("^#+(?= )", text(one), re.MULTILINE) for one in (path, other)]
            assert headings[0] == headings[1], f"{other.relative_to(DOCS)}: a section is missing"
    assert page("en").startswith(text(DOCS / "en" / "thong-bao.md")[:200])


def test_a_fault_is_told_with_its_mending() -> None:
    (said,) = checks()["SAI_KY"][:1]
    assert said.severity == "Phải sửa" and "không khớp kỳ đang thu" in said.says
    assert said.fix == "Dùng tệp mẫu của kỳ … rồi gửi lại."


@pytest.mark.parametrize("manual", MANUALS, ids=lambda path: path.name)
def test_what_a_manual_leads_to_is_there(manual: Path) -> None:
    for target, _ in LINK.findall(text(manual)):
        if "://" not in target:
            assert (manual.parent / target).is_file(), f"{manual.name}: {target}"


def test_every_decision_has_a_page_that_names_each_field_and_choice() -> None:
    shown = yaml.safe_load(text(ROOT / "prefect.yaml"))["deployments"]
    deciding = [one["entrypoint"] for one in shown if "quyet-dinh" in one["tags"]]
    assert len(deciding) == len(DECISIONS)
    contents = text(DOCS / "quyet-dinh" / "README.md")
    for flow, (module, name) in DECISIONS.items():
        found = importlib.import_module(f"flows.{module}")
        assert any(one.startswith(f"flows/{module}.py:") for one in deciding), flow
        said = text(DOCS / "quyet-dinh" / name)
        assert f"`{flow}`" in contents and f"({name})" in contents
        for title in ("RULING", "LINES", "LETTERS", "UNIT", "DAYS", "CHOSEN"):
            assert getattr(found, title, "") in said, f"{name}: {title}"
        for choice in getattr(found, "Ruling", ()):
            words = choice.value.removeprefix("Cho phép gửi trong ")
            assert words in said, f"{name}: {choice.value}"
    for power in Power:
        assert f"`{power.value}`" in contents


def test_the_page_for_units_is_one_page() -> None:
    said = text(DOCS / "don-vi.md")
    assert len(said.split()) < 650 and "tdkt " not in said


def test_the_pictures_are_those_that_the_story_takes_and_the_manuals_show() -> None:
    there = {path.name for path in SCREENS.glob("*.png")}
    shown = {Path(target).name for one in MANUALS for target, _ in LINK.findall(text(one))}
    assert there == {f"{name}.png" for name in PICTURES}
    assert there <= shown
    for path in SCREENS.glob("*.png"):
        assert path.stat().st_size < LARGEST_PICTURE, path.name
