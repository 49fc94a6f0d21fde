"""How letters are worded: numbers and dates, both parts complete, safe, and light enough."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from html import unescape

import jinja2
import pytest
from letter_samples import (
    FINDINGS,
    LETTERS,
    MONTH,
    MUONG_TE,
    OFFICE,
    SAMPLES,
    at,
    own_result,
    worded,
)

from channels.rendering import MOST_HTML, Rendered, render
from channels.vietnamese import count, day, moment, percent, points, whole_percent
from review.findings import Finding, Severity
from review.letters import unit_returned
from review.post import LetterKind

KINDS = pytest.mark.parametrize("name", SAMPLES)


def words(rendered: Rendered) -> str:
    body = rendered.html.partition("<body")[2].partition(">")[2]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def test_numbers_and_dates_are_written_as_an_official_writes_them() -> None:
    assert [points(n) for n in (9047, 850, 0, -5, 123456, None)] == [
        "90,47", "8,50", "0,00", "-0,05", "1.234,56", "–",
    ]  # fmt: skip
    assert [percent(n) for n in (8333, 10000, 8750, 0, None)] == [
        "83,33%",
        "100%",
        "87,5%",
        "0%",
        "–",
    ]
    assert count(12345) == "12.345"
    assert day("2026-11-05") == "05/11/2026" and day(None) == "–"
    assert moment("2026-11-05T17:00+07:00") == "17 giờ 00 ngày 05/11/2026"
    assert moment("2026-11-05T09:05:00+07:00") == "9 giờ 05 ngày 05/11/2026"
    assert [whole_percent(n) for n in (None, 9047, 20000)] == [0, 90, 100]


@KINDS
def test_a_subject_is_short_and_it_and_the_preview_tell_no_result_and_no_name(name: str) -> None:
    subject, text = worded(name).subject, worded(name).text
    preview = text.partition("\n")[0]  # the first line of both parts, which lists of mails show
    assert len(subject) <= 70 and subject.startswith("[Sở Nội vụ] ") and preview
    for secret in ("xuất sắc", "Hoàn thành", "Lò Văn", "90,", "90.", "xcellent"):
        assert secret not in subject and secret not in preview
    assert not re.search(r"điểm|\d,\d\d|[Ss]core", subject)
    assert not re.search(r"\d,\d\d|\d+ điểm|\d\.\d\d|\d points", preview)


def test_an_office_with_a_long_name_still_has_a_short_subject() -> None:
    letter = own_result()
    payload = {
        **letter.payload,
        "short": "Ban Thi đua – Khen thưởng tỉnh",
        "period_label": "6 tháng đầu năm 2026",
    }
    subject = render(replace(letter, payload=payload)).subject
    assert len(subject) <= 70 and subject.endswith("…")


@KINDS
def test_both_parts_open_with_the_state_and_say_the_same(name: str) -> None:
    rendered = worded(name)
    lead = rendered.text.splitlines()[0]
    assert lead.endswith(".") and len(lead) > 40
    assert words(rendered).startswith(lead)
    for line in rendered.text.splitlines():
        for figure in re.findall(r"\d+[,.]\d+%?|\d\d/\d\d/\d{4}|\d{5}-\d\d", line):
            assert figure in words(rendered), (figure, line)


@KINDS
def test_a_letter_is_whole_light_and_normalised(name: str) -> None:
    rendered, lang = worded(name), "en" if name.startswith("en/") else "vi"
    html = rendered.html
    assert html.lower().startswith("<!doctype html>") and f'<html lang="{lang}"' in html
    assert len(html.encode()) < MOST_HTML / 2
    assert "prefers-color-scheme:dark" in html and html.count("<style") == 1
    assert "[if mso]" in html and "None" not in rendered.text and "{{" not in html
    assert unicodedata.is_normalized("NFC", html + rendered.text + rendered.subject)
    assert not re.search(r"\n{4,}|[ \t]+\n", rendered.text), "untidy text part"


@KINDS
def test_a_letter_fetches_nothing_and_leads_only_where_it_says(name: str) -> None:
    """No address but a link to the office's own screen, shown as it is: nobody is led elsewhere
    than what they read, and no reader of mail fetches anything."""
    letter, rendered = SAMPLES[name](), worded(name)
    own = letter.payload.get("link")
    html = rendered.html.replace("http://www.w3.org/1999/xhtml", "", 1)
    if own:
        assert own in rendered.text and f'<a href="{own}">{own}</a>' in html
        html = html.replace(f'<a href="{own}">{own}</a>', "")
    assert "http:" not in html and "https:" not in html
    assert own is None or letter.kind in (LetterKind.DESK_ALARM, LetterKind.DECISION_ASKED)


def test_pictures_are_named_in_the_page_and_told_in_words() -> None:
    rendered = render(LETTERS["office_digest"]())
    (image,) = rendered.images
    assert image.content.startswith(b"\x89PNG") and len(image.content) < 60_000
    assert f'src="cid:{image.cid}"' in rendered.html
    assert "Cụm thi đua số 2: 0%" in image.alt and f'alt="{image.alt}"' in rendered.html


def test_what_a_unit_typed_is_never_markup() -> None:
    nasty = Finding(
        "X", Severity.MUST_FIX, "<b>S4", "A1", "<img src=x onerror=1>", "a & <i>b", "{{ 1 }}"
    )
    rendered = render(unit_returned(OFFICE, MUONG_TE, MONTH, [nasty], deadline=at(9)))
    assert "<img src=x" not in rendered.html and "<i>b" not in rendered.html
    assert "&lt;img src=x onerror=1&gt;" in rendered.html and "{{ 1 }}" in rendered.html
    assert "<img src=x onerror=1>" in rendered.text


def test_a_payload_that_lacks_something_is_an_error_and_not_a_gap() -> None:
    letter = own_result()
    payload = {k: v for k, v in letter.payload.items() if k != "ask_until"}
    with pytest.raises(jinja2.UndefinedError):
        render(replace(letter, payload=payload))


def test_the_longest_list_of_faults_stays_below_what_mail_readers_cut() -> None:
    many = [replace(FINDINGS[1], cell=f"O{n}", says="ữ" * 900, fix="ữ" * 900) for n in range(900)]
    rendered = render(unit_returned(OFFICE, MUONG_TE, MONTH, many, deadline=at(9)))
    assert len(rendered.html.encode()) < MOST_HTML
    rest = re.search(r"Còn (\d+) mục khác", words(rendered))
    assert rest and int(rest[1]) == 900 - rendered.text.count("Cách sửa:")
    assert "sửa 900 chỗ" in rendered.text
