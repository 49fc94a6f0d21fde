"""The shape of the house, held by tests: floors, lists, forms, deployments, secrets of style."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ["cli", "flows", "tasks", "channels", "tdkt_models", "review"]
MAY_IMPORT = {
    "review": {"review"},
    "channels": {"channels", "review"},
    "tdkt_models": {"tdkt_models", "review"},
    "tasks": {"tasks", "channels", "tdkt_models", "review"},
    "flows": {"flows", "tasks", "channels", "tdkt_models", "review"},
    "cli": {"cli", "flows", "tasks", "channels", "tdkt_models", "review", "sample"},
}
OUTSIDE = {"prefect", "sqlalchemy", "pathlib", "os", "socket", "sqlite3", "time", "subprocess"}


def modules(floor: str) -> list[Path]:
    return sorted((ROOT / floor).rglob("*.py"))


def imported(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize("floor", FLOORS)
def test_imports_point_one_way(floor: str) -> None:
    houses = {*FLOORS, "sample"}
    for path in modules(floor):
        wrong = (imported(path) & houses) - MAY_IMPORT[floor]
        assert not wrong, f"{path.relative_to(ROOT)} imports {wrong}"


def test_what_the_office_knows_touches_nothing_outside() -> None:
    for path in modules("review"):
        assert not imported(path) & OUTSIDE, path


def test_review_never_asks_the_clock() -> None:
    for path in modules("review"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\b(datetime\.now|date\.today|datetime\.utcnow)\(", text), path


# Who asks the clock below the flows, and why "today" is no argument of theirs.
CLOCK_ASKED_FOR = {
    "anchor": "when the audit was sealed",
    "cards": "how long a one-time code is good",
    "collect": "no file came later than this minute, whatever its own date says",
    "desk_figures": "a screen says at what minute it was drawn",
    "doubts": "when a person judged a letter",
    "email_summaries": "whether mail may leave, this minute",
    "house_letters": "when a letter of the house was written",
    "let_leave": "whether mail may leave, this minute",
    "office": "the stamp of a run that nobody holds as of another day; holidays to look up",
    "posting": "leases, and when a relay may be asked again",
    "report": "until when a letter is worth sending",
    "restore": "when a book was put back",
    "watch": "signs of life",
}


def test_a_task_that_needs_today_is_told_it() -> None:
    asking = {
        path.stem
        for path in modules("tasks")
        if re.search(r"datetime\.(utc)?now\(|date\.today\(", path.read_text(encoding="utf-8"))
    }
    assert asking == set(CLOCK_ASKED_FOR)


def test_yagmail_is_the_only_smtp_client() -> None:
    for floor in FLOORS:
        for path in modules(floor):
            assert "smtplib" not in imported(path), path


def test_no_file_has_a_name_that_takes_in_anything() -> None:
    forbidden = {"utils", "helpers", "common", "constants", "manager", "misc"}
    for floor in FLOORS:
        for path in modules(floor):
            assert path.stem not in forbidden, path


def test_no_flow_file_bears_the_name_of_a_standard_module() -> None:
    """A path entrypoint puts flows/ first on sys.path (house.md, trap 4)."""
    for path in modules("flows"):
        assert path.stem == "__init__" or path.stem not in sys.stdlib_module_names, path


def test_modules_open_by_saying_what_they_are() -> None:
    for floor in FLOORS:
        for path in modules(floor):
            text = path.read_text(encoding="utf-8")
            if text.strip():
                assert ast.get_docstring(ast.parse(text)), path


def test_modules_stay_small() -> None:
    for floor in FLOORS:
        for path in modules(floor):
            assert len(path.read_text(encoding="utf-8").splitlines()) <= 350, path


def test_every_dependency_says_what_it_is_for() -> None:
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    wanted = [line for line in lines if re.match(r'\s+"[a-zA-Z][\w\[\]-]*[<>=!]', line)]
    assert wanted
    for line in wanted:
        assert "#" in line, line


def test_the_pins_name_versions_and_hashes_and_no_address() -> None:
    text = (ROOT / "pins.txt").read_text(encoding="utf-8")
    assert "--hash=sha256:" in text
    assert not re.search(r"https?://|index-url", text)


def test_every_deployment_names_a_flow_and_every_flow_is_deployed() -> None:
    deployments = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))["deployments"]
    entrypoints = {deployment["entrypoint"] for deployment in deployments}
    assert entrypoints == set(flows_in_the_house())
    for deployment in deployments:
        assert deployment["description"]
        for schedule in deployment["schedules"]:
            assert schedule["timezone"] == "Asia/Ho_Chi_Minh"


def flows_in_the_house() -> list[str]:
    found = []
    for path in modules("flows"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and any(
                "flow" in ast.dump(decorator) for decorator in node.decorator_list
            ):
                found.append(f"flows/{path.name}:{node.name}")
    return found


def test_every_letter_has_both_templates() -> None:
    from review.post import LetterKind

    folder = ROOT / "templates" / "letters"
    for kind in LetterKind:
        for way in ("txt", "html"):
            assert (folder / f"{kind.value}.{way}.j2").is_file(), f"{kind.value}.{way}.j2"


def test_every_regulation_loads_and_adds_up() -> None:
    from channels.library import regulation_in_force

    for folder in sorted((ROOT / "regulations").iterdir()):
        if folder.is_dir():
            regulation = regulation_in_force(folder.name)
            assert regulation.code == folder.name


def test_every_form_is_made_of_known_parts() -> None:
    from review.form import form_from

    for path in sorted((ROOT / "regulations").glob("*/forms/*.toml")):
        form = form_from(tomllib.loads(path.read_text(encoding="utf-8")))
        keys = [sheet.key for sheet in form.sheets]
        assert len(keys) == len(set(keys))
        assert all(len(sheet.name) <= 31 for sheet in form.sheets), "Excel cuts longer tab names"


def test_one_migration_head() -> None:
    from tdkt_models.base import heads

    assert len(heads()) == 1


def test_every_command_of_the_contract_is_there() -> None:
    import click

    from cli.main import COMMANDS, tdkt

    for name in COMMANDS:
        command = tdkt.get_command(click.Context(tdkt), name)
        assert command is not None and command.help, name


@pytest.mark.xdist_group("house")
def test_groups_of_tests_stay_together(request: pytest.FixtureRequest) -> None:
    """What a group shares (a server, a held month) would else be made once a worker."""
    if hasattr(request.config, "workerinput") and request.config.getvalue("loadgroup"):
        assert request.node.nodeid.endswith("@house"), "xdist does not see the groups: see pins"
