"""What docs/operate.md hands an administrator is true: units, variables, container files."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
DEPLOY, GUIDE = ROOT / "deploy", ROOT / "docs" / "operate.md"
VARIABLE = re.compile(r"\b(?:TDKT|PREFECT)_[A-Z0-9_]+\b")
OWN_TO_COMPOSE = {"TDKT_SCREEN_PASSWORD"}


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def handed_out() -> list[Path]:
    return [GUIDE, *(path for path in DEPLOY.rglob("*") if path.is_file())]


def test_every_variable_that_is_named_is_one_that_somebody_reads() -> None:
    from prefect.settings import Settings
    from prefect.settings.legacy import _get_settings_fields

    floors = ("cli", "flows", "tasks", "channels", "review", "tdkt_models")
    ours = "".join(text(path) for floor in floors for path in (ROOT / floor).glob("*.py"))
    known = set(_get_settings_fields(Settings)) | OWN_TO_COMPOSE | set(VARIABLE.findall(ours))
    for path in handed_out():
        for name in VARIABLE.findall(text(path)):
            assert name in known or name.removesuffix("_FILE") in known, f"{path.name}: {name}"


def test_every_file_that_the_guide_names_is_there() -> None:
    named = set(re.findall(r"`(deploy/[\w./]+\w)`", text(GUIDE)))
    assert len(named) >= 4
    for name in named:
        assert (ROOT / name).exists(), name


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd here")
def test_the_units_of_systemd_are_in_order(tmp_path: Path) -> None:
    for path in (DEPLOY / "systemd").iterdir():
        said = text(path).replace("/opt/tdkt/.venv/bin/tdkt", "/bin/true")
        (tmp_path / path.name).write_text(said)
    command = ["systemd-analyze", "verify", *map(str, sorted(tmp_path.iterdir()))]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    ours = [line for line in done.stderr.splitlines() if "tdkt" in line]
    assert done.returncode == 0 and not ours, done.stderr


def test_compose_and_container_file_agree() -> None:
    services = yaml.safe_load(text(DEPLOY / "compose.yaml"))
    office = services["services"]["office"]
    container = text(DEPLOY / "Containerfile")
    assert (DEPLOY / office["build"]["context"] / office["build"]["dockerfile"]).is_file()
    assert set(office["secrets"]) <= set(services["secrets"])
    files = {v.rpartition("/")[2] for k, v in office["environment"].items() if k.endswith("_FILE")}
    assert files == set(office["secrets"])
    (volume,) = office["volumes"]
    assert f"VOLUME {volume.partition(':')[2]}" in container and "USER tdkt" in container
    assert "EXPOSE 4200" in container and office["ports"] == ["127.0.0.1:4200:4200"]
    for copied in re.findall(r"^COPY ([\w. ]+) \./$", container, re.M)[0].split():
        assert (ROOT / copied).is_file()
