"""`python -m parts sbom.json`: the list of the program's parts (SBOM, CycloneDX 1.6), by pins.txt.

Each pinned library with its version, the hashes under which it may be installed, and the licence
that its installed copy states. The same pins give the same file: no clock, no random number.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from packageurl import PackageURL

ROOT = Path(__file__).resolve().parent.parent
LONGEST_LICENCE = 80  # some packages give the whole text where a name belongs
_PIN = re.compile(r"^(?P<name>[\w.\-]+)(?:\[[^\]]*\])?==(?P<version>[^\s;\\]+)")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Pin:
    name: str
    version: str
    hashes: tuple[str, ...]


def pins(text: str) -> Iterator[Pin]:
    """The libraries of a pins.txt, in its order."""
    for block in re.split(r"\n(?=\S)", text):
        if found := _PIN.match(block):
            yield Pin(found["name"], found["version"], tuple(_HASH.findall(block)))


def parts_list(text: str) -> str:
    """The list as JSON."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    bom = Bom(serial_number=uuid5(NAMESPACE_URL, text))
    program = Component(
        name=project["name"],
        version=project["version"],
        type=ComponentType.APPLICATION,
        bom_ref=project["name"],
    )
    bom.metadata.component = program
    bom.metadata.timestamp = None  # type: ignore[assignment]
    parts = [_component(pin) for pin in pins(text)]
    for part in parts:
        bom.components.add(part)
    bom.register_dependency(program, parts)
    made = make_outputter(bom, OutputFormat.JSON, SchemaVersion.V1_6)
    return made.output_as_string(indent=1) + "\n"


def _component(pin: Pin) -> Component:
    url = PackageURL("pypi", name=pin.name.lower(), version=pin.version)
    return Component(
        name=pin.name,
        version=pin.version,
        type=ComponentType.LIBRARY,
        purl=url,
        bom_ref=str(url),
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=one) for one in pin.hashes],
        licenses=[LicenseFactory().make_from_string(one) for one in _licence(pin.name)],
    )


def _licence(name: str) -> list[str]:
    """As the installed copy states it; none where it is not installed (for another system)."""
    try:
        said = metadata(name)
    except PackageNotFoundError:
        return []
    for field in ("License-Expression", "License"):
        text = said.get(field) or ""
        if text and len(text) <= LONGEST_LICENCE and "\n" not in text:
            return [text]
    return []


def main(path: str) -> None:
    Path(path).write_text(parts_list((ROOT / "pins.txt").read_text(encoding="utf-8")), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
