"""The list of parts (SBOM): every pin, each with the hashes it may be installed under."""

from __future__ import annotations

import json
import re
from pathlib import Path

from parts.__main__ import parts_list, pins

TEXT = (Path(__file__).resolve().parent.parent / "pins.txt").read_text(encoding="utf-8")


def test_the_parts_list_names_every_pin_with_its_hashes() -> None:
    said = json.loads(parts_list(TEXT))
    assert (said["bomFormat"], said["specVersion"]) == ("CycloneDX", "1.6")
    assert said["metadata"]["component"]["name"] == "tdkt"
    there = {
        (one["name"], one["version"]): {h["content"] for h in one["hashes"]}
        for one in said["components"]
    }
    wanted = {(pin.name, pin.version): set(pin.hashes) for pin in pins(TEXT)}
    named = re.findall(r"^[\w.\-]+==", TEXT, re.MULTILINE)
    assert there == wanted and len(wanted) == len(named) > 100
    assert all(wanted.values()), "what has no hash could be replaced on its way"
    assert said["components"][0]["purl"].startswith("pkg:pypi/")


def test_the_same_pins_make_the_same_list() -> None:
    assert parts_list(TEXT) == parts_list(TEXT)
