"""What mail readers take, feature by feature: the data of caniemail.com, and what a letter uses.

    support("css-max-width")["outlook.windows"]        -> "n"
    features_of(page)                                  -> {"css-padding", "html-table", …}

    python -m tests.mail_support FOLDER      FOLDER is the unpacked npm package `caniemail`: writes
                                             tests/caniemail/support.json anew from its data

Only the readers of CLIENTS are kept, each in its latest version that was tested; the data is under
the MIT licence beside it.
"""

from __future__ import annotations

import html
import json
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

KEPT = Path(__file__).parent / "caniemail" / "support.json"
# Readers that officials of a province may have; the others follow one of these engines.
CLIENTS = (
    *("outlook.windows", "outlook.windows-mail", "outlook.macos", "outlook.outlook-com"),
    *("outlook.ios", "outlook.android", "gmail.desktop-webmail", "gmail.ios", "gmail.android"),
    *("gmail.mobile-webmail", "apple-mail.macos", "apple-mail.ios", "samsung-email.android"),
    *("yahoo.desktop-webmail", "yahoo.ios", "yahoo.android", "thunderbird.macos"),
)
UNKNOWN = "u"
# Tags and attributes by the feature that says of them; None where there is nothing to say.
TAGS = {
    **dict.fromkeys(("html", "head", "title", "br", "tbody", "b", "meta", "a"), None),
    **dict.fromkeys(("table", "tr", "td", "th"), "html-table"),
    **{"div": "html-div", "p": "html-p", "span": "html-span", "h2": "html-h1-h6"},
    **{"img": "html-img", "body": "html-body", "style": "html-style"},
}
ATTRIBUTES = {
    **dict.fromkeys(("style", "class", "border", "bgcolor", "src", "alt", "scope", "nowrap"), None),
    **dict.fromkeys(("xmlns", "charset", "name", "content", "data-css-inline", "href"), None),
    **{"width": "html-width", "height": "html-height", "align": "html-align", "lang": "html-lang"},
    **{"valign": "html-valign", "role": "html-role", "cellpadding": "html-cellpadding"},
    **{"cellspacing": "html-cellspacing", "aria-hidden": "html-aria-hidden"},
    **{"aria-label": "html-aria-label"},
}
# Properties that the data names by their family, or that are older than any mail reader.
FAMILIES = {
    **dict.fromkeys(("border-top", "border-bottom", "border-left", "border-color"), "css-border"),
    **dict.fromkeys(("border-bottom-color", "border-top-color"), "css-border"),
    **dict.fromkeys(("margin-top", "margin-bottom"), "css-margin"),
    **dict.fromkeys(("padding-left", "padding-right"), "css-padding"),
    "font-family": "css-font",
}
PLAIN = {"color", "mso-hide"}


@cache
def _data() -> dict[str, dict[str, str]]:
    kept: dict[str, dict[str, str]] = json.loads(KEPT.read_text("utf-8"))
    return kept


def known() -> set[str]:
    return set(_data()["features"])


def support(feature: str) -> dict[str, str]:
    """By reader: y, a (in part), n, u (not known)."""
    return dict(zip(CLIENTS, _data()["features"][feature], strict=True))


def features_of(page: str) -> set[str]:
    """What a page asks of its reader. Raises KeyError for a tag, an attribute or a property that
    the data does not know."""
    without = re.sub(r"<!--.*?-->", "", page, flags=re.DOTALL)
    found = {"html-doctype", *_tags(without), *_styles(without)}
    if "<!--[if mso]" in page:
        found.add("html-comments")
    if 'name="color-scheme"' in page:
        found.add("html-meta-color-scheme")
    if 'src="cid:' in page:
        found.add("image-png")
    return found


def _tags(page: str) -> Iterator[str]:
    body = re.sub(r"<style\b.*?</style>", "<style></style>", page, flags=re.DOTALL)
    for tag, inside in re.findall(r"<([a-z][a-z0-9]*)\b([^>]*)>", body):
        if feature := TAGS[tag]:
            yield feature
        for name in re.findall(r'([a-z-]+)\s*=\s*"[^"]*"|\bnowrap\b', inside):
            if feature := ATTRIBUTES[name or "nowrap"]:
                yield feature


def _styles(page: str) -> Iterator[str]:
    for inline in re.findall(r'style="([^"]*)"', page):
        yield from _rules(html.unescape(inline))
    for sheet in re.findall(r"<style[^>]*>(.*?)</style>", page, re.DOTALL):
        yield from _sheet(sheet)


def _sheet(sheet: str) -> Iterator[str]:
    for query in re.findall(r"@media\s*\(([^)]*)\)", sheet):
        dark = query.startswith("prefers-color-scheme")
        yield "css-at-media-prefers-color-scheme" if dark else "css-at-media"
    assert not re.search(r"@(?!media)[a-z-]+", sheet), "an at-rule that nobody has looked at"
    for selector, rules in re.findall(r"([^{}]+)\{([^{}]*)\}", sheet):
        yield from _selectors(selector)
        yield from _rules(rules)


def _selectors(selector: str) -> Iterator[str]:
    assert not re.search(r"[>+~\[:#*]", selector.rpartition("@media")[2].partition(")")[2]), (
        selector
    )
    for sign, feature in ((".", "css-selector-class"), (",", "css-selector-grouping")):
        if sign in selector:
            yield feature
    yield "css-selector-descendant"


def _rules(rules: str) -> Iterator[str]:
    for rule in filter(None, (one.strip() for one in rules.split(";"))):
        name, _, value = rule.partition(":")
        name, value = name.strip(), value.strip()
        if name not in PLAIN:
            feature = FAMILIES.get(name, f"css-{name}")
            if name == "display":
                feature = f"css-display-{value.partition('!')[0].strip()}"
                feature = feature if feature in known() else "css-display"
            if feature not in known() and name not in ("font-style",):
                raise KeyError(f"{name}: {value}")
            if feature in known():
                yield feature
        yield from _values(value)


def _values(value: str) -> Iterator[str]:
    if "!important" in value:
        yield "css-important"
    for unit in re.findall(r"[\d.](px|%|em|rem|vw|vh|pt|ch)\b|[\d.](%)", value):
        yield f"css-unit-{'percent' if '%' in unit else unit[0]}"
    for function in re.findall(r"\b([a-z-]+)\(", value):
        yield {"calc": "css-unit-calc", "var": "css-variables"}.get(function, f"css-{function}")


def main() -> None:
    package = Path(sys.argv[1])
    told = json.loads((package / "data" / "caniemail.json").read_text("utf-8"))
    named = json.loads((package / "package.json").read_text("utf-8"))
    kept = {
        "source": f"npm caniemail {named['version']}, data of caniemail.com of "
        f"{told['last_update_date'][:10]}; MIT, see LICENSE",
        "clients": CLIENTS,
        "features": {one["slug"]: _latest(one["stats"]) for one in told["data"]},
    }
    lines = json.dumps(kept, ensure_ascii=False, indent=0)
    KEPT.write_text(lines + "\n", "utf-8")
    licence = (package / "LICENSE").read_text("utf-8")
    (KEPT.parent / "LICENSE").write_text(licence, "utf-8")


def _latest(stats: dict[str, dict[str, dict[str, str]]]) -> str:
    """One letter a reader, in the order of CLIENTS; versions stand as they were tested."""
    said = []
    for client in CLIENTS:
        family, _, platform = client.partition(".")
        versions = stats.get(family, {}).get(platform, {})
        latest = list(versions.values())[-1] if versions else UNKNOWN
        said.append(latest[0])
    return "".join(said)


if __name__ == "__main__":
    main()
