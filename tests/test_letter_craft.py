"""Letters in the mail readers of this world: what these support, and who must be able to read.

What mail readers take is told by the data of caniemail.com (tests/mail_support.py); accessibility
is judged by axe in Chromium, in light and in dark, and whether a phone shows all of its width.
"""

from __future__ import annotations

import html
import json
import re
import subprocess
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest
from letter_samples import LETTERS, SAMPLES, worded

from review.post import LetterKind
from tests.mail_support import features_of, support
from tests.pictures import SCHEMES, chromium, page_of

# What some reader does not take, and why its letter is none the worse for it.
GRACEFUL = {
    "css-at-media": "without it the desktop's padding and type are shown, which fit a phone too",
    "css-at-media-prefers-color-scheme": "without it a letter stays light, or is turned whole",
    "html-meta-color-scheme": "the same",
    "css-display-none": "Gmail on a phone's web: the preview is one pixel high, in its ground",
    "css-max-height": "only the hidden preview asks for it",
    "css-overflow": "only the hidden preview asks for it",
    "css-height": "only an image asks for it, which has its width besides",
    "css-white-space": "a figure may then break after its comma, in a column too narrow for it",
    "html-style": "every style stands in its tag too",
    "css-selector-class": "the same",
    "css-selector-descendant": "the same",
    "css-selector-grouping": "the same",
    "html-aria-hidden": "the bar is then read out as empty, its figure beside it",
    "html-aria-label": "the subject is read out by the mail reader itself",
    "html-role": "a layout table is then announced as one",
    "html-body": "its ground is that of the outermost table too",
    "html-doctype": "tables of fixed widths look alike in quirks mode",
}

ENGLISH = [f"en/{kind.value}" for kind in LetterKind]


@cache
def rendered(name: str) -> str:
    return worded(name).html


@pytest.mark.parametrize("name", SAMPLES)
def test_every_mail_reader_takes_what_a_letter_asks_for(name: str) -> None:
    for feature in features_of(rendered(name)):
        lacking = [client for client, said in support(feature).items() if said == "n"]
        assert not lacking or feature in GRACEFUL, f"{feature}: {', '.join(lacking)}"


def test_no_allowance_is_made_for_what_no_letter_asks_for() -> None:
    asked = {feature for name in SAMPLES for feature in features_of(rendered(name))}
    assert set(GRACEFUL) <= asked
    assert all("n" in support(feature).values() for feature in GRACEFUL)


def test_the_lint_sees_what_mail_readers_do_not_take() -> None:
    wrong = '<p style="display:flex;position:absolute;width:calc(1px)">x</p>'
    assert {"css-display-flex", "css-position", "css-unit-calc"} <= features_of(wrong)
    assert support("css-display-flex")["outlook.windows"] == "n"
    for unknown in ("<marquee>x</marquee>", '<p style="colour:red">x</p>', '<p onclick="x">y</p>'):
        with pytest.raises(KeyError):
            features_of(unknown)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_letter_fetches_nothing_and_runs_nothing(name: str) -> None:
    page = rendered(name)
    body = page.partition("<body")[2]
    assert not re.search(r'src="(?!cid:)', body)
    leads = set(re.findall(r'href="([^"]*)"', body))
    assert leads <= {SAMPLES[name]().payload.get("link")}, "only to the office's own screen"
    assert "data:" not in body and "url(" not in page
    assert not re.search(r"<(?:script|form|video|svg|link|base)\b", page, re.IGNORECASE)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_letter_is_600_wide_and_its_bars_are_tables(name: str) -> None:
    page = rendered(name)
    assert 'width="600"' in page and "max-width:600px" in page
    for table in re.findall(r"<table\b[^>]*>", page):
        is_data = 'class="grid"' in table
        assert is_data or 'role="presentation"' in table or 'role="article"' in table, table
        assert 'cellpadding="0"' in table and 'border="0"' in table
    for cell in re.findall(r'<td class="fill"[^>]*>', page):
        assert "bgcolor=" in cell and "width=" in cell and "height=" in cell
    for image in re.findall(r"<img\b[^>]*>", page):
        assert re.search(r'alt="[^"]{40,}"', image) and re.search(r'width="\d+"', image)


@pytest.mark.skipif(chromium() is None, reason="no Chromium on this machine: axe cannot look")
@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_to_complain_of_and_a_phone_shows_it_whole(
    tmp_path: Path, scheme: str
) -> None:
    """On a desktop in the light by every rule; on a phone in the dark by what differs there, the
    colours and the width. The English letters have the colours of the Vietnamese."""
    light = scheme == "light"
    found = violations(tmp_path, scheme, *((DESKTOP, "") if light else (PHONE, "color-contrast")))
    for wrong in ("color-contrast", "wider than the screen", *(["image-alt"] if light else [])):
        assert any(wrong in one for one in found["control"]), f"nobody sees {wrong}"
    del found["control"]
    assert found == {name: [] for name in (*LETTERS, *ENGLISH)}


PHONE, DESKTOP = 360, 700  # pixels
CONTROL = '<p style="background:#777;color:#888;width:800px">pale words <img src=x></p>'


def violations(folder: Path, scheme: str, width: int, rule: str) -> dict[str, list[str]]:
    """What axe says of every letter, by the letter's name, of one rule or all; each stands in a
    frame of its own."""
    axe = files("axe_core_python").joinpath("axe.min.js").read_text("utf-8")
    pages = {name: page_of(name) for name in (*LETTERS, *ENGLISH)} | {"control": CONTROL}
    frames = "".join(
        f'<iframe title="{name}" id="{name}" width="{width}" height="900" '
        f'srcdoc="{html.escape(letter)}"></iframe>'
        for name, letter in pages.items()
    )
    script = """
    addEventListener('load', async () => {
      const all = {};
      for (const frame of document.querySelectorAll('iframe')) {
        const inside = frame.contentWindow;
        const width = inside.document.documentElement.scrollWidth;
        const broad = width > WIDTH ? ['wider than the screen: ' + width] : [];
        const english = frame.id.startsWith('en/');
        if (english && window.axeRule) { all[frame.id] = broad; continue; }
        inside.eval(window.axeSource);
        const off = {enabled: false};  // of whole sites, not of letters
        const rules = {region: off, 'landmark-one-main': off, 'page-has-heading-one': off,
          'heading-order': off};
        if (english) rules['color-contrast'] = off;
        const options = window.axeRule
          ? {runOnly: {type: 'rule', values: [window.axeRule]}}
          : {runOnly: ['wcag2a', 'wcag2aa', 'best-practice'], rules};
        const result = await inside.axe.run(inside.document, options);
        all[frame.id] = result.violations.map(v => v.id + ': ' + v.nodes[0].html.slice(0, 120)
          + ' ' + v.nodes[0].failureSummary.slice(0, 200)).concat(broad);
      }
      document.getElementById('found').textContent = JSON.stringify(all);
    });""".replace("WIDTH", str(width))
    page = folder / "axe.html"
    source = json.dumps(axe).replace("</", "<\\/")
    page.write_text(
        f"<!doctype html><meta charset=utf-8><title>x</title><pre id=found></pre>{frames}"
        f"<script>window.axeSource = {source};window.axeRule = '{rule}';{script}</script>",
        encoding="utf-8",
    )
    told = subprocess.run(
        [
            *(str(chromium()), "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"),
            *(f"--blink-settings=preferredColorScheme={SCHEMES[scheme][0]}",),
            *("--virtual-time-budget=60000", "--window-size=900,1200", page.as_uri()),
        ],
        check=True,
        capture_output=True,
        text=True,
        timeout=300,
    )
    match = re.search(r"<pre id=\"found\">(.*?)</pre>", told.stdout, re.DOTALL)
    assert match and match[1], "axe said nothing"
    said: dict[str, list[str]] = json.loads(html.unescape(match[1]))
    assert set(said) == set(pages)
    return said
