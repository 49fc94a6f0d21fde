"""What a stranger wrote is shown by the terminal, never obeyed."""

from __future__ import annotations

from cli.screen import Screen, recorded, screen, table

THEIRS = (
    "[/red]",
    "[bold]đậm",
    "[link=http://x.vn]bấm[/link]",
    "[@click=app.quit]x",
    "\x1b[2Jxóa\x07",
)


def shown(*objects: object) -> str:
    paper = Screen(highlight=False, force_terminal=True, width=200, color_system="truecolor")
    with paper.capture() as caught:
        for one in objects:
            paper.print(one)
    return caught.get()


def test_no_cell_heading_or_line_gives_the_terminal_an_order() -> None:
    for words in THEIRS:
        plain = "".join(c for c in words if c.isprintable())
        for one in (table(words, ("Tệp",), [(words,)]), f"[red]Số liệu không khớp:[/red] {words}"):
            told = shown(one)
            assert "\x1b]8;" not in told and "\x1b[2J" not in told and "\x07" not in told
        assert plain in shown(table("", ("Tệp",), [(words,)]))


def test_the_colours_of_the_house_are_still_shown() -> None:
    told = shown("[red]Không khớp:[/red] tệp a[1].xlsx")
    assert "\x1b[31m" in told and "a[1].xlsx" in told and "[red]" not in told
    with recorded() as said:
        screen.print("[green]Số liệu khớp.[/]")
    assert said == ["Số liệu khớp."]


def test_a_line_whose_colours_a_stranger_ended_is_shown_without_any() -> None:
    assert "đơn vị ST" in shown("[bold green]Đạt[/] · đơn vị S[/red]T")
    assert "[bold" not in shown("[bold green]Đạt[/] · đơn vị S[/red]T")
