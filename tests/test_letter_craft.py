"""Letters in the mail readers of this world: what these support, and who must be able to read.

The list of what mail readers take is our own, short and strict (caniemail.com's data comes as an
npm package only); accessibility is judged by axe in Chromium, in light and in dark.
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
from letter_samples import LETTERS

from channels.rendering import render
from tests.pictures import SCHEMES, chromium, page_of

# Taken by Outlook for Windows (Word's engine), Gmail, Apple Mail and Yahoo alike, in a style
# attribute; what only some take must not carry meaning.
EVERYWHERE = {
    *("background", "background-color", "border", "border-bottom", "border-left", "border-top"),
    *("border-collapse", "border-bottom-color", "color", "font-family", "font-size", "font-style"),
    *("font-weight", "line-height", "text-align", "vertical-align", "white-space", "width"),
    *("height", "margin", "margin-top", "margin-bottom", "padding", "mso-hide"),
}
HARMLESS = {
    "max-width",
    "display",
    "max-height",
    "overflow",
    "word-break",
}  # ignored by some, missed by none
TAGS = {
    *("html", "head", "meta", "title", "style", "body", "div", "table", "tbody", "tr", "td", "th"),
    *("p", "b", "h2", "span", "br", "img"),
}


@cache
def rendered(name: str) -> str:
    return render(LETTERS[name]()).html


@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_uses_only_what_every_mail_reader_takes(name: str) -> None:
    page = re.sub(r"<!--.*?-->", "", rendered(name), flags=re.DOTALL)
    body = page.partition("<body")[2]
    assert set(re.findall(r"<([a-z0-9]+)", page)) <= TAGS
    for style in re.findall(r'style="([^"]*)"', body):
        for rule in filter(None, html.unescape(style).split(";")):
            name_of, _, value = rule.partition(":")
            assert name_of.strip() in EVERYWHERE | HARMLESS, rule
            assert not re.search(r"rgba|hsl|calc\(|var\(|url\(|flex|grid|vw|vh|rem\b", value), rule
    assert not re.search(r'(?:src|href)="(?!cid:)', body) and "data:" not in body
    assert not re.search(r"<(?:script|form|video|svg|link|base)\b", page, re.IGNORECASE)


@pytest.mark.parametrize("name", LETTERS)
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
def test_axe_finds_nothing_to_complain_of(tmp_path: Path, scheme: str) -> None:
    found = violations(tmp_path, scheme)
    assert any("image-alt" in one for one in found.pop("control")), "axe sees nothing"
    assert found == {name: [] for name in LETTERS}


def violations(folder: Path, scheme: str) -> dict[str, list[str]]:
    """What axe says of every letter, by the letter's name; each stands in a frame of its own."""
    axe = files("axe_core_python").joinpath("axe.min.js").read_text("utf-8")
    pages = {name: page_of(name) for name in LETTERS} | {"control": "<p><img src=x></p>"}
    frames = "".join(
        f'<iframe title="{name}" id="{name}" width="700" height="900" '
        f'srcdoc="{html.escape(letter)}"></iframe>'
        for name, letter in pages.items()
    )
    script = """
    addEventListener('load', async () => {
      const all = {};
      for (const frame of document.querySelectorAll('iframe')) {
        const inside = frame.contentWindow;
        inside.eval(window.axeSource);
        const off = {enabled: false};  // of whole sites, not of letters
        const rules = {region: off, 'landmark-one-main': off, 'page-has-heading-one': off,
          'heading-order': off};
        const options = {runOnly: ['wcag2a', 'wcag2aa', 'best-practice'], rules};
        const result = await inside.axe.run(inside.document, options);
        all[frame.id] = result.violations.map(v => v.id + ': ' + v.nodes[0].html.slice(0, 120)
          + ' ' + v.nodes[0].failureSummary.slice(0, 200));
      }
      document.getElementById('found').textContent = JSON.stringify(all);
    });"""
    page = folder / "axe.html"
    source = json.dumps(axe).replace("</", "<\\/")
    page.write_text(
        f"<!doctype html><meta charset=utf-8><title>x</title><pre id=found></pre>{frames}"
        f"<script>window.axeSource = {source};{script}</script>",
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
        timeout=120,
    )
    match = re.search(r"<pre id=\"found\">(.*?)</pre>", told.stdout, re.DOTALL)
    assert match and match[1], "axe said nothing"
    said: dict[str, list[str]] = json.loads(html.unescape(match[1]))
    assert set(said) == set(pages)
    return said
