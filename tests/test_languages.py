"""What an operator reads exists in Vietnamese and in English: commands, forms, boards."""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Iterator
from dataclasses import replace

import click
import pytest
import yaml
from click.testing import CliRunner
from test_desk_boards import figures, tied

from channels.board_markdown import markdown
from channels.words import HOLE, catalogue, words
from cli.equipped import equipped, speak
from cli.main import COMMANDS, main, tdkt
from cli.screen import recorded, screen, table
from flows.deploying import deployments
from review.desk_boards import boards
from review.desk_figures import CheckLine
from review.findings import Severity
from review.plans import ChangeState, PlanKind
from review.post import LetterKind, LetterState
from tests.message_pages import ROOT

ENGLISH = words("en")
VIETNAMESE = re.compile(
    r"[ăâđêôơưáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ]", re.I
)
NAMES = re.compile(
    r"Ví dụ:.*|Example:.*|“[^”]*”|\"[^\"]*\"|Lò Văn \w+|Lai Châu|KH-ĐTBD|tdkt .*", re.S
)
FLOWS = ("reviews", "issuing", "intake", "post", "approving", "choosing", "arming", "planning",
         "releasing", "extending", "reminders", "watching")  # fmt: skip


@pytest.fixture(autouse=True)
def in_vietnamese() -> Iterator[None]:
    yield
    speak("vi")


def commands(one: click.Command = tdkt, path: str = "tdkt") -> Iterator[tuple[str, click.Command]]:
    yield path, equipped(one)
    if isinstance(one, click.Group):
        context = click.Context(one)
        for name in one.list_commands(context):
            found = one.get_command(context, name)
            assert found is not None
            yield from commands(found, f"{path} {name}")


def still_vietnamese(text: str) -> bool:
    return bool(VIETNAMESE.search(NAMES.sub("", text)))


def test_the_help_of_every_command_is_there_in_english() -> None:
    speak("en")
    for path, command in commands():
        said = command.get_help(click.Context(command, info_name=path))
        assert not still_vietnamese(said), f"{path}: {said}"


def test_the_help_of_every_command_is_vietnamese_unless_asked_otherwise() -> None:
    speak("vi")
    for path, command in commands():
        said = command.get_help(click.Context(command, info_name=path))
        assert "Cách dùng: " in said and "Show this" not in said, path
        assert VIETNAMESE.search(command.help or ""), path


def test_every_command_speaks_json() -> None:
    for path, command in commands():
        if not isinstance(command, click.Group):
            options = {name for one in command.params for name in one.opts}
            assert {"--json", "--lang"} <= options, path


def test_what_the_screen_says_of_itself_is_there_in_english() -> None:
    shown = yaml.safe_load((ROOT / "prefect.yaml").read_text("utf-8"))["deployments"]
    texts = [one["description"] for one in shown]
    for name in FLOWS:
        for flow in vars(importlib.import_module(f"flows.{name}")).values():
            if hasattr(flow, "parameters") and hasattr(flow, "flow_run_name"):
                texts.append(flow.description)
                for field in flow.parameters.properties.values():
                    texts += [field.get("title", ""), field.get("description", "")]
    assert len(texts) > 40
    for text in texts:
        assert not still_vietnamese(ENGLISH(text)), text


def test_an_office_that_speaks_english_registers_english_descriptions() -> None:
    own, made = deployments("vi"), deployments("en")
    assert len(own) == len(made) > 10
    for before, shown in zip(own, made, strict=True):
        assert not still_vietnamese(shown.asked["description"])
        assert shown.version != before.version, "it is told to the server"
        described = {"description": before.asked["description"]}
        assert replace(shown, asked={**shown.asked, **described}) == before, "all else is as it was"


def test_every_board_is_there_in_english() -> None:
    checks = tuple(CheckLine("SAI_KY", gravity, 1, 1, "x") for gravity in Severity)
    changes = {(kind, state): 1 for kind in PlanKind for state in ChangeState}
    letters = {(kind, state): 1 for kind in LetterKind for state in LetterState}
    full = figures(60, lists=(tied(),), checks=checks, waits=(("w", "l"),), papers=(("p", "l"),))
    full = replace(full, changes=changes, letters=letters)
    for shown in (full, figures(0)):
        for board in boards(shown):
            text = ENGLISH(board.title) + markdown(board, ENGLISH)
            text = re.sub(r"base64,[\w+/=]+|Xã số \d+|Cụm \d+", "", text)
            assert not still_vietnamese(text), text


def test_a_line_of_the_catalogue_keeps_its_holes() -> None:
    for own, english in catalogue("en").items():
        assert english and own.count(HOLE) == english.count(HOLE), own


def test_a_command_without_json_of_its_own_tells_what_it_would_have_shown() -> None:
    with recorded() as said:
        screen.print("[green]Đã xong.[/green]")
        screen.print(table("Thẻ", ("Số", "Còn"), [("T-1", 40)]))
        click.echo("dòng cuối")
    assert said == ["Đã xong.", {"title": "Thẻ", "rows": [{"Số": "T-1", "Còn": "40"}]}, "dòng cuối"]


def test_init_tells_json(tmp_path) -> None:
    equipped(tdkt)
    done = CliRunner().invoke(tdkt, ["init", "--home", str(tmp_path), "--json"])
    told = json.loads(done.output)
    assert told["exit"] == 0 and str(tmp_path) in json.dumps(told["said"])


def test_a_language_that_there_is_none_of_is_refused(capsys) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["status", "2026-10", "--lang", "fr"])
    assert (
        ended.value.code == 2 and "'fr' không phải một trong: 'vi', 'en'" in capsys.readouterr().err
    )


def test_a_period_written_wrongly_is_refused_in_english(capsys, tmp_path) -> None:
    with pytest.raises(SystemExit):
        main(["--lang", "en", "status", "2026-10", "--home", str(tmp_path / "none")])
    assert "There is no office" in capsys.readouterr().err


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_shell_completes_names_of_commands(shell: str, monkeypatch, capsys) -> None:
    monkeypatch.setenv("_TDKT_COMPLETE", f"{shell}_complete")
    monkeypatch.setenv("COMP_WORDS", "tdkt re")
    monkeypatch.setenv("COMP_CWORD", "1" if shell != "fish" else "re")
    with pytest.raises(SystemExit):
        main([])
    said = capsys.readouterr().out
    assert {one for one in COMMANDS if one.startswith("re")} <= set(re.findall(r"[a-z-]+", said))
