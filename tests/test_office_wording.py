"""The office may word its letters itself; what it writes can neither reach out nor run away."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from letter_samples import LETTERS, reminder

from channels.rendering import TEMPLATES, render
from channels.wording_measures import TemplateRefused
from review.post import LetterKind, LetterState
from tests.held_office import PERIOD
from tests.small_office import Corner, small_office

KIND = "unit_reminder"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "templates" / "letters"
    folder.mkdir(parents=True)
    return folder


def test_the_office_words_one_kind_and_the_program_the_rest(own: Path) -> None:
    text = (TEMPLATES / f"{KIND}.txt.j2").read_text()
    (own / f"{KIND}.txt.j2").write_text(text + "\nĐiện thoại hỗ trợ: 0213 3876 543.\n")
    assert "0213 3876 543" in render(reminder(), own=own).text
    for name, make in LETTERS.items():
        if not name.startswith(KIND) and not name.endswith("_corrected"):
            assert render(make(), own=own) == render(make()), name


def test_every_template_of_the_program_works_as_the_offices(own: Path) -> None:
    """An office begins by copying what is there."""
    for path in TEMPLATES.glob("*.j2"):
        (own / path.name).write_bytes(path.read_bytes())
    for name, make in LETTERS.items():
        if not name.endswith("_corrected"):
            assert render(make(), own=own) == render(make()), name


def test_a_template_that_was_changed_is_read_anew(own: Path) -> None:
    path = own / f"{KIND}.txt.j2"
    for words in ("một", "hai"):
        path.write_text(f"Tiêu đề\nNội dung {words}\n")
        assert words in render(reminder(), own=own).text


REACHING_OUT = [
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ self.__init__.__globals__ }}",
    "{{ office.__class__ }}",
    "{{ lipsum.__globals__ }}",
    "{{ namespace.__init__.__globals__ }}",
    "{{ request }}",
    "{% include '../../office.toml' %}",
    "{% include '/etc/passwd' %}",
    "{% import 'os' as os %}{{ os.environ }}",
    "{{ office|attr('__class__') }}",
    "{{ [office]|map(attribute='__class__')|list }}",
    "{{ '{0.__class__}'.format(office) }}",
    "{{ findings.append(1) }}",
    "{{ period_label|safe }}",
    "{% autoescape false %}{{ office }}{% endautoescape %}",
]
RUNNING_AWAY = [
    "{{ 'a' * 10**9 }}",
    "{{ 10**10**8 }}",
    "{{ '%1000000000d' % 1 }}",
    "{{ '%1000000000d'|format(1) }}",
    "{{ '{:>1000000000}'.format(1) }}",
    "{{ 'a'|center(10**9) }}",
    "{{ 'a'.ljust(1000000000) }}",
    "{{ lipsum(1000000) }}",
    "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}",
    "{% for a in range(99999) %}{{ 'chữ dài dài dài dài dài dài' }}{% endfor %}",
    "{% set ns = namespace(x='aaaaaaaaaa') %}"
    "{% for a in range(60) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}{{ ns.x }}",
    "{% set ns = namespace(x=[1]) %}"
    "{% for a in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x }}",
    "{% set ns = namespace(x=[1]) %}"
    "{% for a in range(60) %}{% set ns.x = [ns.x, ns.x]|sum(start=[]) %}{% endfor %}",
    "{% set ns = namespace(x='ab') %}"
    "{% for a in range(60) %}{% set ns.x = ns.x|replace('a', ns.x) %}{% endfor %}",
    "{% set ns = namespace(x='ab') %}"
    "{% for a in range(60) %}{% set ns.x = [ns.x, ns.x]|join(ns.x) %}{% endfor %}",
    "{% macro again() %}{{ again() }}{{ again() }}{% endmacro %}{{ again() }}",
    "{% include 'unit_reminder.txt.j2' %}",
    "{% set ns = namespace(n=9) %}{% for a in range(60) %}{% set ns.n = ns.n * ns.n %}{% endfor %}",
    "{{ range(10**9)|list|length }}",
    "{% set x %}{% for a in range(90000) %}aaaaaaaaaaaaaaaaaaaaaaa{% endfor %}{% endset %}",
    "{{ 'x' ",
    "{% for %}",
]


LONG = (
    "{% set ns = namespace(b='ABCDEFGHIJ') %}"
    "{% for a in range(15) %}{% set ns.b = ns.b ~ ns.b %}{% endfor %}"
)
SMALL_UNTIL_IT_RUNS = [
    "{% for a in range(9999) %}" + "chữ" * 50_000 + "{% endfor %}",
    "{% for a in range(9999) %}{{ '" + "chữ" * 50_000 + "' }}{% endfor %}",
    "{% for a in range(9999) %}{% include 'long.txt.j2' %}{% endfor %}",
    "{% set r = range(9999)|batch(1)|list %}{{ r|map('batch', 9999, 0)|map('list')|list|length }}",
    LONG + "{{ (['a']|batch(9999, ns.b)|first)|sort|first|length }}",
    LONG + "{{ ([{'a': ''}]|batch(9999, {'a': ns.b})|first)|sort(attribute='a')|length }}",
    LONG + "{{ (['a']|batch(9999, ns.b)|first)|unique|list|length }}",
    LONG + "".join(f"{{% set ns.x{n} = ns.b[1:] %}}" for n in range(200)),
]
TOO_MUCH_FOR_PYTHON = [
    "{% for a in [1] %}" * 60 + "{% endfor %}" * 60,
    "{{ " + "9" * 20_000 + " }}",
    "{{ " + "(" * 60_000 + "1" + ")" * 60_000 + " }}",
    "{{ office" + ".a" * 60_000 + " }}",
]


@pytest.mark.parametrize("words", SMALL_UNTIL_IT_RUNS)
def test_what_grows_as_it_runs_is_refused_before_it_is_there(own: Path, words: str) -> None:
    (own / "long.txt.j2").write_text("chữ" * 40_000)
    (own / f"{KIND}.txt.j2").write_text(f"Tiêu đề\n{words}\n")
    with pytest.raises(TemplateRefused, match="làm ra quá nhiều chữ"):
        render(reminder(), own=own)


def test_a_test_made_of_each_of_many_is_a_turn_each(own: Path) -> None:
    words = "{% set l = range(9999)|list %}" + "{% set x = l|select('odd')|list %}" * 6
    (own / f"{KIND}.txt.j2").write_text(f"Tiêu đề\n{words}\n")
    with pytest.raises(TemplateRefused, match="chạy quá lâu"):
        render(reminder(), own=own)


@pytest.mark.parametrize("way", ["{% include 'sub/secret' %}", "{% extends 'sub/secret' %}",
                                 "{% include ['no', 'sub/secret'] ignore missing %}"])  # fmt: skip
def test_a_folder_that_is_a_link_leads_nowhere(own: Path, tmp_path: Path, way: str) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "secret").write_text("khóa")
    (own / "sub").symlink_to(tmp_path / "keys")
    (own / f"{KIND}.txt.j2").write_text(f"{way}\nTiêu đề\n")
    with pytest.raises(TemplateRefused) as told:
        render(reminder(), own=own)
    assert "khóa" not in str(told.value)


def test_a_folder_of_templates_may_lie_behind_a_link(own: Path, tmp_path: Path) -> None:
    """The office's own folder may: whoever keeps the machine has put it there."""
    (own / f"{KIND}.txt.j2").write_text("Tiêu đề\nmột\n")
    (tmp_path / "var").symlink_to(tmp_path / "templates")
    assert "một" in render(reminder(), own=tmp_path / "var" / "letters").text


@pytest.mark.parametrize("words", [*REACHING_OUT, *RUNNING_AWAY, *TOO_MUCH_FOR_PYTHON])
def test_what_reaches_out_or_runs_away_is_refused(own: Path, words: str) -> None:
    (own / f"{KIND}.txt.j2").write_text(f"Tiêu đề\n{words}\n")
    began = time.thread_time()
    with pytest.raises(TemplateRefused, match=r"Mẫu thư .* không dùng được: .*Hãy sửa") as told:
        render(reminder(), own=own)
    assert time.thread_time() - began < 10  # bounded at all, on any machine
    assert "root:" not in str(told.value)


def test_a_template_that_is_a_link_or_huge_is_refused(own: Path) -> None:
    (own / f"{KIND}.txt.j2").symlink_to("/etc/passwd")
    with pytest.raises(TemplateRefused):
        render(reminder(), own=own)
    (own / f"{KIND}.txt.j2").unlink()
    (own / f"{KIND}.txt.j2").write_text("Tiêu đề\n" + "a" * 300_000)
    with pytest.raises(TemplateRefused):
        render(reminder(), own=own)


def test_what_units_type_stays_text_in_the_offices_page(own: Path) -> None:
    page = "{% extends '_base.html.j2' %}{% block body %}<b>{{ office ~ '<i>' }}</b>{% endblock %}"
    (own / f"{KIND}.html.j2").write_text(page)
    letter = reminder()
    payload = {**letter.payload, "office": "<script>alert(1)</script>"}
    from dataclasses import replace

    html = render(replace(letter, payload=payload), own=own).html
    assert "<script>" not in html and "<i>" not in html and "&lt;script&gt;" in html


def test_letters_wait_with_the_reason_while_the_wording_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.cycle import review_cycle
    from tdkt_models.letter_ledger import ledger

    corner: Corner = small_office(tmp_path, ("SYT",))
    folder = corner.occasion.office.own_words
    folder.mkdir(parents=True)
    (folder / f"{KIND}.txt.j2").write_text("Tiêu đề\n{{ 'a' * 10**9 }}\n")
    review_cycle(corner.occasion, send=True)
    with corner.occasion.office.book() as book, book.reading() as conn:
        letters = ledger(conn, PERIOD)
    for one in letters:
        held = one.letter.kind is LetterKind.UNIT_REMINDER
        assert ("Mẫu thư" in one.reason) == held, one
        assert one.state is LetterState.HELD if held else one.state in ENDS
    assert any(one.state is LetterState.HELD for one in letters)


ENDS = (LetterState.SENT, LetterState.HELD)
