"""How much of a result a letter says is the office's choice, kind by kind."""

from __future__ import annotations

import email
import email.policy
import json
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest
from click.testing import CliRunner
from letter_samples import CADRES, CARD, CARDS, ENTRIES, ENTRY, INH, MONTH, MUONG_TE, OFFICE, at

from channels.message_words import Unreadable, words_of
from channels.rendering import render
from cli.letters import letters as letters_command
from review.letters import unit_result
from review.letters_cadre import cadre_result
from review.settings import SettingsError, settings_from
from tasks.email_summaries import email_summaries
from tasks.result_sheets import sheet_payloads
from tdkt_models.cycles import Cycle, keep_cycle
from tdkt_models.letter_ledger import ledger
from tdkt_models.letters import write_letters
from tdkt_models.roll import keep_roll
from tdkt_models.scores import keep_cards
from tests.test_post_office import a_real_office

FIGURES = ("90,44", "63,19", "Hoàn thành tốt nhiệm vụ", "9044")


def said(letter: object) -> str:
    rendered = render(letter)  # type: ignore[arg-type]
    payload = json.dumps(dict(letter.payload), ensure_ascii=False)  # type: ignore[attr-defined]
    return rendered.subject + rendered.text + rendered.html + payload


@pytest.mark.parametrize("level", ["summary", "encrypted"])
def test_a_summary_tells_no_figure_anywhere(level: str) -> None:
    quiet = replace(OFFICE, content={"cadre_result": level, "unit_result": "summary"})
    own = said(cadre_result(quiet, MUONG_TE, INH, CARD, ask_until=at(16)))
    unit = said(
        unit_result(
            quiet, MUONG_TE, ENTRY, (), CARDS, CADRES,
            today=at(6).date(), next_due=at(7, month=12),
        )
    )  # fmt: skip
    for figure in FIGURES:
        assert figure not in own and figure not in unit
    assert "Đã có kết quả dự kiến" in own and "Kết quả của 3 cán bộ đã có" in unit


def test_an_unknown_level_is_refused_by_name() -> None:
    with pytest.raises(SettingsError, match=r"\[content\] cadre_result = 'all'"):
        settings_from({"content": {"cadre_result": "all"}})


def test_a_locked_sheet_goes_with_the_letter_and_opens_with_the_birthday(tmp_path: Path) -> None:
    toml = 'cadre_result = "scores"=>cadre_result = "encrypted"'
    with a_real_office(tmp_path, "capture:", toml) as desk:
        occasion = desk.occasion
        office = replace(OFFICE, content=occasion.office.settings.content)
        with desk.book.writing() as conn:
            keep_cycle(conn, Cycle(MONTH, occasion.period.cadence, "2026-01"), occasion.stamp)
            keep_roll(conn, [replace(ENTRIES[0], counted=None)], occasion.stamp)
            keep_cards(conn, CARDS, occasion.stamp, regulation="2026-01")
            annex = sheet_payloads(conn, occasion)[INH.code]
            letter = cadre_result(office, MUONG_TE, INH, CARD, ask_until=at(16), annex=annex)
            write_letters(conn, [letter], occasion.stamp)
        done = email_summaries.fn(occasion)
        with desk.book.reading() as conn:
            assert done.sent == 1, (done, [one.reason for one in ledger(conn, MONTH)])
        (path,) = (occasion.office.folder / "outbox").glob("*.eml")
        message = email.message_from_bytes(
            path.read_bytes(), EmailMessage, policy=email.policy.default
        )
        (file,) = message.iter_attachments()
        assert file.get_filename() == "Phieu-ket-qua-2026-10.pdf"
        assert b"12031988" not in path.read_bytes()
        words = words_of(message, "12031988")
        assert "90,44" in words and INH.name in words


def test_a_units_locked_sheet_opens_with_the_passcode_told_to_it(tmp_path: Path) -> None:
    toml = 'unit_result = "scores"=>unit_result = "encrypted"'
    with a_real_office(tmp_path, "capture:", toml) as desk:
        occasion = desk.occasion
        office = replace(OFFICE, content=occasion.office.settings.content)
        with desk.book.writing() as conn:
            keep_cycle(conn, Cycle(MONTH, occasion.period.cadence, "2026-01"), occasion.stamp)
            keep_roll(conn, [replace(ENTRIES[0], counted=None)], occasion.stamp)
            keep_cards(conn, CARDS, occasion.stamp, regulation="2026-01")
            letter = unit_result(
                office, MUONG_TE, ENTRY, (), CARDS, CADRES, today=at(6).date(),
                next_due=at(7, month=12),
            )  # fmt: skip
            write_letters(conn, [letter], occasion.stamp)
        done = email_summaries.fn(occasion)
        with desk.book.reading() as conn:
            assert done.sent == 1, (done, [one.reason for one in ledger(conn, MONTH)])
        home = ["--home", occasion.office.home]
        told = CliRunner().invoke(letters_command, ["passcode", MUONG_TE.code, *home])
        other = CliRunner().invoke(letters_command, ["passcode", "03549", *home])
        code = told.output.strip()
        assert len(code) == 10 and code.isdigit() and other.output.strip() != code
        (path,) = (occasion.office.folder / "outbox").glob("*.eml")
        message = email.message_from_bytes(
            path.read_bytes(), EmailMessage, policy=email.policy.default
        )
        words = words_of(message, code)
        assert code not in path.read_text() and "90,44" not in words_of_first(message)
        assert "90,44" in words and INH.name in words
        with pytest.raises(Unreadable):
            words_of(message, other.output.strip())


def words_of_first(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    return str(body.get_content()) if body else ""
