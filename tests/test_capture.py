"""The built-in server: what it keeps, under which name, and the pages it is read by."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from letter_samples import OFFICE, digest
from PIL import Image

from channels.capture import CaptureServer, Faults, Keeper, fit
from channels.capture_pages import letter_page, write_index
from channels.outboxes import open_outbox
from channels.rendering import Enclosed, Rendered, render
from tests.pictures import chromium
from tests.test_post_office import a_real_office, keep, reminder

HOSTILE = Rendered(
    "<script>alert(1)</script>", "Chữ </pre><b>\n", '<p>Chữ</p><script>alert("x")</script>'
)


def message(to: str, message_id: str = "<a@x>", kind: str = "") -> bytes:
    head = f"To: {to}\r\nSubject: x\r\nMessage-ID: {message_id}\r\n"
    return (head + (f"X-TDKT-Letter: {kind}\r\n" if kind else "") + "\r\nchữ\r\n").encode()


def test_letters_are_numbered_named_and_closed_to_others(tmp_path: Path) -> None:
    folder = tmp_path / "outbox"
    with open_outbox("capture:", OFFICE, folder) as outbox:
        for _ in range(2):
            outbox.post(HOSTILE, "Inh@laichau.gov.vn", "<a@x.vn>", kind="cadre_result")
    first, second = sorted(path.name for path in folder.glob("*.eml"))
    assert first.startswith("0001-cadre_result-inh_at_laichau.gov.vn-")
    assert second.startswith("0002-") and first[4:] == second[4:]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in folder.glob("*.eml"))
    assert not list(folder.glob("*.part"))


def test_numbers_go_on_after_a_restart_and_past_ten_thousand(tmp_path: Path) -> None:
    (tmp_path / "9999-x.eml").write_bytes(b"")
    assert Keeper(tmp_path, Faults()).keep(message("a@x"), "a@x").startswith("10000-")


def test_a_strangers_text_cannot_lead_a_file_astray(tmp_path: Path) -> None:
    name = Keeper(tmp_path, Faults()).keep(message("a@x", kind="../../k"), "../../etc/x@y")
    assert "/" not in name and (tmp_path / name).is_file()
    assert fit("../..\\Tên\x00", 50) == "t_n"


def test_two_posters_at_once_lose_nothing(tmp_path: Path) -> None:
    keepers = [Keeper(tmp_path, Faults()) for _ in range(4)]
    content = message("a@x")
    threads = [
        threading.Thread(target=lambda k=k: [k.keep(content, "a@x") for _ in range(25)])
        for k in keepers
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(list(tmp_path.glob("*.eml"))) == 100


def test_a_page_needs_nothing_else_and_runs_nothing(tmp_path: Path) -> None:
    with open_outbox("capture:", OFFICE, tmp_path) as outbox:
        outbox.post(HOSTILE, "a@x.vn", "<a@x.vn>")
        outbox.post(render(digest()), "b@x.vn", "<b@x.vn>", kind="office_digest")
    hostile, good = (path.read_text() for path in sorted((tmp_path / "pages").glob("*.html")))
    assert "<script" not in hostile and '<iframe sandbox="allow-same-origin" title' in hostile
    assert "default-src &#39;none&#39;" in hostile or "default-src 'none'" in hostile
    assert "data:image/png;base64," in good and "cid:" not in good
    index = (tmp_path / "index.html").read_text()
    assert "<script>alert" not in index and "Tổng hợp của cơ quan" in index
    assert index.index("b@x.vn") < index.index("a@x.vn")


def test_attachments_lie_beside_the_page_under_names_that_lead_nowhere(tmp_path: Path) -> None:
    file = Enclosed("Bang-tong-hop.xlsx", b"PK\x03", "application/vnd.ms-excel")
    with open_outbox("capture:", OFFICE, tmp_path) as outbox:
        outbox.post(replace(HOSTILE, files=(file,)), "a@x.vn", "<a@x.vn>")
    (page,) = (tmp_path / "pages").glob("*.html")
    (kept,) = (tmp_path / "pages").glob("*.xlsx")
    assert kept.read_bytes() == b"PK\x03" and kept.name.startswith(page.stem)
    assert f'href="{kept.name}"' in page.read_text() and "Bang-tong-hop.xlsx" in page.read_text()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


@pytest.mark.skipif(chromium() is None, reason="no Chromium on this machine")
def test_a_page_opened_by_itself_shows_its_letter(tmp_path: Path) -> None:
    with open_outbox("capture:", OFFICE, tmp_path) as outbox:
        outbox.post(render(digest()), "b@x.vn", "<b@x.vn>", kind="office_digest")
    (page,) = (tmp_path / "pages").glob("*.html")
    shot = tmp_path / "shot.png"
    command = [str(chromium()), "--headless", "--no-sandbox", "--disable-gpu"]
    command += ["--virtual-time-budget=3000", "--window-size=800,900", f"--screenshot={shot}"]
    subprocess.run([*command, page.as_uri()], check=True, capture_output=True, timeout=60)
    below = Image.open(shot).convert("RGB").crop((120, 300, 680, 840))
    colours = below.getcolors(1 << 20) or []
    assert len(colours) > 50, "blank below its head"


def test_a_preview_is_opened_in_a_browser(tmp_path: Path) -> None:
    """The browser is one of ours, which writes down what it was asked to open."""
    seen, browser = tmp_path / "seen", tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {seen}\n')
    browser.chmod(0o755)
    with a_real_office(tmp_path / "office", "capture:") as desk:
        keep(desk, reminder(desk.occasion))
        command = [sys.executable, "-m", "cli.main", "letters", "preview", "2026-10"]
        command += ["--home", desk.occasion.office.home]
        environment = {**os.environ, "BROWSER": f"{browser} %s"}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        (letter,) = (desk.occasion.office.folder / "outbox" / "rehearsal").glob("*.eml")
    assert "1 thư" in done.stdout and seen.read_text().strip().endswith("rehearsal/index.html")
    assert letter.is_file()


def test_a_letter_that_is_no_message_still_has_a_page() -> None:
    assert "<html" in letter_page(b"\x00\xff nothing")


def test_the_pages_of_many_letters_are_written_quickly(tmp_path: Path) -> None:
    with CaptureServer(tmp_path) as capture:
        for at in range(250):
            capture.keeper.keep(message(f"c{at}@x.vn", f"<{at}@x>", "cadre_result"), f"c{at}@x.vn")
    began = time.perf_counter()
    write_index(tmp_path)
    assert time.perf_counter() - began < 5
    assert (tmp_path / "index.html").read_text().count('target="letter"') == 250
