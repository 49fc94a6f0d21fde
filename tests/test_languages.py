"""What an operator reads exists in Vietnamese and in English: commands, forms, boards."""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from fnmatch import fnmatch

import click
import pytest
import yaml
from click.testing import CliRunner
from test_desk_boards import figures, tied
from test_english import phrases
from test_house import FLOORS

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
    r"Ví dụ:.*|Example:.*|“[^”]*”|\"[^\"]*\"|Lò Văn \w+|Lai Châu|KH-ĐTBD|NĐ-CP|\bđ\b|tdkt .*", re.S
)
FLOWS = ("reviews", "issuing", "intake", "post", "approving", "choosing", "arming", "planning",
         "releasing", "extending", "reminders", "watching")  # fmt: skip


# Whose words are no operator's, or no words: what is written into units' forms and workbooks and
# into papers speaks their language; office.toml and the roster name their parts in Vietnamese.
NOT_OPERATORS = (
    "channels/blank*", "channels/self_check*", "channels/sheet_formulas.py", "channels/marked*",
    "channels/correction.py", "review/form.py", "review/slip_form.py", "review/merging.py",
    "channels/plan_workbook.py", "channels/workbook_*", "channels/report_*", "channels/document*",
    "channels/paper_*", "tasks/paper_head.py", "tasks/card_paper.py", "tasks/result_sheets.py",
    "review/report_rows.py", "review/report_people.py", "review/report_beside.py",
    "review/result_form.py",
    "review/office_toml.py", "review/roster_columns.py",
    "channels/english.py", "channels/vietnamese.py", "channels/phrasebook.py",
    "channels/tongues.py", "cli/click_words.py",
    "*/legacy_text.py", "review/syllables.py", "review/sheet_names.py", "review/stray_lines.py",
)  # fmt: skip
NO_SENTENCE = re.compile(r"\(\?|\\[dws]|\[\^|%H|^abcd")  # a pattern, a clock, letters in a row
JOINED = {"… đến …", "… thư …", "… đơn vị …", "… năm …"}  # its parts are told by themselves
OWN_NAMES = {  # of an office or a person, which the settings and the letters have
    "Sở Nội vụ tỉnh Lai Châu", "Sở Nội vụ", "Bà", "Ông", "Đồng chí", "đ", "KỲ",
    "TĐKT", "BC-TĐKT", "VT, TĐKT",
    "Thủ trưởng cơ quan", "Lãnh đạo cơ quan (để báo cáo)", "Các đơn vị, cụm, khối thi đua",
}  # fmt: skip


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


def test_whatever_an_operator_may_read_is_there_in_english() -> None:
    """Every Vietnamese text of the sources that is not a unit's own or a paper's. Who writes a new
    one adds a line to templates/words/en.toml."""
    missing = [
        f"{path.relative_to(ROOT)}: {text}   -> {ENGLISH(text)}"
        for floor in FLOORS
        for path in sorted((ROOT / floor).glob("*.py"))
        if not any(fnmatch(f"{floor}/{path.name}", one) for one in NOT_OPERATORS)
        for text in (one.replace("{}", HOLE) for one in phrases(path))
        if not NO_SENTENCE.search(text) and text not in OWN_NAMES | JOINED
        and still_vietnamese(ENGLISH(text))
    ]  # fmt: skip
    assert missing == [], f"{len(missing)} without English:\n" + "\n".join(missing)


def test_the_rules_name_files_that_are_there() -> None:
    names = [f"{floor}/{path.name}" for floor in FLOORS for path in (ROOT / floor).glob("*.py")]
    assert [one for one in NOT_OPERATORS if not any(fnmatch(name, one) for name in names)] == []


def test_a_text_is_put_into_english_with_what_is_filled_in() -> None:
    assert ENGLISH("Còn 3 người bằng điểm ở vạch cắt của tỷ lệ xuất sắc (A): hãy quyết định bằng "
                   "“tdkt quota 2026 --choose”.") == (
        "3 persons are level at the cut of the quota (A): decide by “tdkt quota 2026 --choose”."
    )  # fmt: skip
    assert ENGLISH("  Nguồn: tổng hợp từ phiếu điểm của các kỳ nêu trên") == (
        "  Source: summed up from the scorecards of the periods above"
    )
    assert ENGLISH("Tổng ghi 31, cộng lại được 30.\n\nXem tiếp: x") == (
        f"{ENGLISH('Tổng ghi 31, cộng lại được 30.')}\n\nThen:  x"
    )
    assert ENGLISH("Phòng Văn hóa năm 2026") == "Phòng Văn hóa năm 2026", "a name stays"


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


@pytest.mark.parametrize(
    ("said", "english"),
    [
        (
            "- Số lượng: a = (1,5×2) / (1,5×3) = 2/3 = 66,67%. "
            "[Điều 14.2a Nghị định 335/2025/NĐ-CP]",
            "- Quantity: a = (1.5×2) / (1.5×3) = 2/3 = 66.67%. [Article 14.2a of Decree "
            "335/2025/NĐ-CP]",
        ),
        (
            "- III.3 Chịu trách nhiệm về kết quả; nhận và khắc phục sai sót: 1,75/2,5 điểm. "
            "Mất 0,75 điểm. [Điều 12.2c Nghị định 335/2025/NĐ-CP] (S4 Tiêu chí chung!M7)",
            "- III.3 Answering for results; admitting and mending faults: 1.75/2.5 points. "
            "Loses 0.75 points. [Article 12.2c of Decree 335/2025/NĐ-CP] (S4 Tiêu chí chung!M7)",
        ),
        (
            "– II.1 Năng lực chuyên môn, nghiệp vụ theo yêu cầu của vị trí việc làm: 1,25/2,5 điểm "
            "[03390-02 · 2026-10 · S4 Tiêu chí chung!G9 · 31/10/2026]",
            "– II.1 Professional ability as the post demands: 1.25/2.5 points "
            "[03390-02 · 2026-10 · S4 Tiêu chí chung!G9 · 31 October 2026]",
        ),
    ],
)
def test_a_composed_line_stays_vietnamese_only_where_it_names_a_sheet(
    said: str, english: str
) -> None:
    assert words("en")(said) == english
