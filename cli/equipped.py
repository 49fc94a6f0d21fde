"""What every command has without saying so: `--json`, `--lang`, and help in the language asked for.

equipped(command)           adds what it lacks, once; also to the commands of a group
speak_as_asked(["status", "--lang", "en"])      before anything is read: help is then in English

A command that has no JSON of its own tells what it would have shown:
{"said": ["Đã thu hồi thẻ …", {"title": "…", "rows": [{"Thẻ": "T-1"}]}], "exit": 0}
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Sequence
from typing import Any

import click

from channels.words import Told, languages, words
from cli.click_words import VIETNAMESE
from cli.screen import as_json, recorded, screen

MODULES = (click.core, click.decorators, click.exceptions, click.formatting, click.types)
LANG = "--lang"


def speak_as_asked(args: Sequence[str]) -> None:
    """The language of `--lang`, else of TDKT_LANG. One that is not known is refused by the option
    itself, later and in Vietnamese."""
    asked = os.environ.get("TDKT_LANG", "vi")
    for at, word in enumerate(args):
        if word == "--":
            break
        if word == LANG and at + 1 < len(args):
            asked = args[at + 1]
        elif word.startswith(f"{LANG}="):
            asked = word.partition("=")[2]
    speak(asked if asked in languages() else "vi")


def speak(lang: str) -> None:
    """From here on, what is shown and what click itself says."""
    screen.told = words(lang)
    own = VIETNAMESE if lang == "vi" else {}
    for module in MODULES:  # click's modules ask for its words by this name
        module._ = lambda text: own.get(text, text)  # type: ignore[attr-defined]
        module.ngettext = lambda one, more, n: own.get(  # type: ignore[attr-defined]
            one if n == 1 else more, one if n == 1 else more
        )


def equipped(command: click.Command) -> click.Command:
    for inner in command.commands.values() if isinstance(command, click.Group) else ():
        equipped(inner)
    if not any(LANG in one.opts for one in command.params):
        if not isinstance(command, click.Group) and not any(
            "--json" in one.opts for one in command.params
        ):
            command.params.append(
                click.Option(["--json", "_json"], is_flag=True, help="In ra dạng JSON.")
            )
            command.callback = _told_as_json(command.callback)
        command.params.append(
            click.Option(
                [LANG],
                type=click.Choice(languages()),
                expose_value=False,
                help="Ngôn ngữ: vi (tiếng Việt), en (tiếng Anh). Mặc định: TDKT_LANG, rồi vi.",
            )
        )
    _translate(command, screen.told)
    return command


def _translate(command: click.Command, told: Told) -> None:
    """From the words in the sources, which are kept beside."""
    for owner in (command, *command.params):
        for part in ("help", "epilog"):
            own = owner.__dict__.setdefault(f"_own_{part}", getattr(owner, part, None))
            if own:
                setattr(owner, part, told(own))
    command._help_option = None  # click keeps the option of --help with its words


def _told_as_json(callback: Callable[..., Any] | None) -> Callable[..., Any]:
    assert callback is not None

    @functools.wraps(callback)
    def told(*args: Any, _json: bool = False, **kwargs: Any) -> Any:
        if not _json:
            return callback(*args, **kwargs)
        with recorded() as said:
            code = callback(*args, **kwargs)
        as_json({"said": said, "exit": code if isinstance(code, int) else 0})
        return code

    return told
