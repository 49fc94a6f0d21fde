"""The sixteen defects of yagmail 0.16 that shared/lab/email.md found, and that none of them is
ours: a test for each, over real SMTP."""

from __future__ import annotations

import email
import email.policy
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest
import trustme
from letter_samples import digest, own_result

from channels.capture import CaptureServer, Faults
from channels.composing import BadAddress, BadHeader, compose
from channels.rendering import Enclosed, Rendered, render
from channels.replies import Fate
from channels.smtp import NoTLS, Relay, Server
from review.letterhead import message_id

SENDER, TO = "tdkt@laichau.gov.vn", "inh@laichau.gov.vn"
SHORT = Rendered("Thư thử", "Chữ.\n", "<p>Chữ.</p>")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def name(n: int = 1) -> str:
    return message_id(f"2026-10:cadre_result:{n}", 1, SENDER)


def plain(server: CaptureServer, **options: float) -> Relay:
    return Relay(Server(server.host, server.port, security="none"), sender=SENDER, **options)  # type: ignore[arg-type]


def kept(server: CaptureServer) -> list[EmailMessage]:
    return [
        email.message_from_bytes(path.read_bytes(), EmailMessage, policy=email.policy.default)
        for path in server.letters
    ]


@contextmanager
def with_authority(folder: Path, security: str) -> Iterator[tuple[CaptureServer, str]]:
    """A server with a certificate of an authority of our own, and the authority's file."""
    ca = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("localhost", "127.0.0.1").configure_cert(context)
    file = folder / "ca.pem"
    ca.cert_pem.write_to_path(str(file))
    accounts = {"tdkt": "mat-khau"}
    with CaptureServer(folder / "out", accounts=accounts, **{security: context}) as server:  # type: ignore[arg-type]
        yield server, str(file)


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_d1_no_certificate_goes_unverified(tmp_path: Path, security: str) -> None:
    with with_authority(tmp_path, security) as (server, ca):
        stranger = Server("127.0.0.1", server.port, "tdkt", "mat-khau", security)
        assert Relay(stranger, sender=SENDER).post(SHORT, TO, name()).fate is Fate.PAUSE
        own = replace(stranger, cafile=ca)
        wrong_host = replace(own, host="127.0.0.2")
        with Relay(own, sender=SENDER) as relay:
            assert relay.post(SHORT, TO, name()).sent
        assert (
            Relay(wrong_host, sender=SENDER, timeout=3).post(SHORT, TO, name(2)).fate is Fate.PAUSE
        )
        assert len(server.letters) == 1


def test_d2_the_page_arrives_as_it_was_written(tmp_path: Path) -> None:
    rendered = render(own_result())
    with CaptureServer(tmp_path) as server, plain(server) as relay:
        relay.post(rendered, TO, name())
        (message,) = kept(server)
    page, text = message.get_body(("html",)), message.get_body(("plain",))
    assert page and page.get_content().replace("\r\n", "\n").strip() == rendered.html.strip()
    assert text and "<" not in text.get_content() and "prefers-color-scheme" in page.get_content()


def test_d3_a_path_is_words_and_a_file_has_its_type(tmp_path: Path) -> None:
    file = Enclosed("Bang-tong-hop.xlsx", b"PK", XLSX)
    with CaptureServer(tmp_path) as server, plain(server) as relay:
        relay.post(replace(SHORT, text="/etc/passwd\n", files=(file,)), TO, name())
        (message,) = kept(server)
    body, (attached,) = message.get_body(("plain",)), message.iter_attachments()
    assert body and body.get_content().strip() == "/etc/passwd"
    assert attached.get_content_type() == XLSX
    assert attached["Content-Disposition"] == 'attachment; filename="Bang-tong-hop.xlsx"'


def test_d4_a_picture_has_a_lasting_name_and_stands_inside(tmp_path: Path) -> None:
    with CaptureServer(tmp_path) as server, plain(server) as relay:
        relay.post(render(digest()), TO, name())
        (message,) = kept(server)
    (picture,) = [part for part in message.walk() if part.get_content_maintype() == "image"]
    assert picture["Content-ID"] == "<bieudo@tdkt>"
    assert picture.get_content_disposition() == "inline"


def test_d5_letters_of_one_subject_have_names_of_their_own(tmp_path: Path) -> None:
    with CaptureServer(tmp_path) as server, plain(server) as relay:
        for n in range(3):
            relay.post(SHORT, TO, name(n))
        assert len({message["Message-ID"] for message in kept(server)}) == 3
        with pytest.raises(ValueError, match="Message-ID"):
            relay.prepare_send(TO, contents=SHORT)


def test_d6_the_name_to_sign_in_with_is_not_the_sender(tmp_path: Path) -> None:
    with with_authority(tmp_path, "starttls") as (server, ca):
        with Relay(
            Server("127.0.0.1", server.port, "tdkt", "mat-khau", cafile=ca), sender=SENDER
        ) as relay:
            assert relay.post(SHORT, TO, name()).sent
        assert SENDER in str(kept(server)[0]["From"])


def test_d7_one_connection_carries_many_letters(tmp_path: Path) -> None:
    with CaptureServer(tmp_path) as server, plain(server) as relay:
        assert all(relay.post(SHORT, TO, name(n)).sent for n in range(25))
        assert server.sessions == 1


@pytest.mark.parametrize(
    "headers", [{"X-A: y\r\nBcc": "z@x.vn"}, {"X-A": "a\r\nBcc: z@x.vn"}, {"Bcc": "z@x.vn"}]
)
def test_d8_no_header_smuggles_another(headers: dict[str, str]) -> None:
    with pytest.raises(BadHeader):
        compose(SHORT, sender=SENDER, to=TO, message_id=name(), headers=headers)
    with pytest.raises(BadHeader):
        compose(replace(SHORT, subject="a\r\n\r\n<html>"), sender=SENDER, to=TO, message_id=name())
    for address in ("a\r\n @b.vn", "a@b.vn\n", "a@b.vn, c@d.vn", "Tên <a@b.vn>"):
        with pytest.raises(BadAddress):
            compose(SHORT, sender=SENDER, to=address, message_id=name())


def test_d9_threads_with_a_line_each_cross_nothing(tmp_path: Path) -> None:
    def post(worker: int) -> None:
        with plain(server) as relay:
            for n in range(worker, 80, 8):
                relay.post(replace(SHORT, text=f"riêng-{n}\n"), f"u{n}@x.vn", name(n))

    with CaptureServer(tmp_path) as server:
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(post, range(8)))
        for message in kept(server):
            body = message.get_body(("plain",))
            number = str(message["To"]).partition("@")[0].removeprefix("u")
            assert body and body.get_content().strip() == f"riêng-{number}"
        assert len(server.letters) == 80


def test_d10_a_letter_has_one_reader_and_the_sender_is_not_among_them(tmp_path: Path) -> None:
    with CaptureServer(tmp_path) as server, plain(server) as relay:
        relay.post(SHORT, TO, name())
        assert len(server.letters) == 1 and str(kept(server)[0]["To"]) == TO
        for copies in ({"cc": "b@x.vn"}, {"bcc": "b@x.vn"}):
            with pytest.raises(ValueError, match="one reader"):
                relay.prepare_send(TO, contents=SHORT, message_id=name(), **copies)  # type: ignore[arg-type]


def test_d11_headers_are_folded_and_foreign_domains_coded() -> None:
    long = replace(SHORT, subject="Đề nghị thẩm định hồ sơ " * 40)
    message = compose(long, sender=SENDER, to="a@sở.vn", message_id=name())
    assert max(map(len, bytes(message).split(b"\r\n"))) <= 100
    assert "xn--" in str(message["To"])


def test_d12_after_a_refusal_the_line_still_serves(tmp_path: Path) -> None:
    with CaptureServer(tmp_path, faults=Faults(refuse=frozenset({TO}))) as server:
        with plain(server) as relay:
            assert relay.post(SHORT, TO, name()).fate is Fate.REFUSED
            assert relay.post(SHORT, "b@x.vn", name(2)).sent
        assert server.sessions == 1


def test_d13_nothing_is_sent_again_by_itself(tmp_path: Path) -> None:
    faults = Faults(drop_after_data=frozenset({TO}))
    with CaptureServer(tmp_path, faults=faults) as server, plain(server) as relay:
        began = time.monotonic()
        assert relay.post(SHORT, TO, name()).fate is Fate.IN_DOUBT
        assert len(server.letters) == 1 and time.monotonic() - began < 10


def test_d14_a_silent_server_and_a_missing_password_hang_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as hole:  # takes the call and never says a word
        port = hole.getsockname()[1]
        relay = Relay(Server("127.0.0.1", port, security="none"), sender=SENDER, timeout=0.5)
        done: list[Fate] = []
        thread = threading.Thread(target=lambda: done.append(relay.post(SHORT, TO, name()).fate))
        thread.start()
        thread.join(10)
        assert done == [Fate.PAUSE]
    with pytest.raises(NoTLS):
        Relay(Server("127.0.0.1", 25, "tdkt", "", "none"), sender=SENDER)


def test_d15_a_password_is_shown_nowhere(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with with_authority(tmp_path, "starttls") as (server, ca):
        chosen = Server("127.0.0.1", server.port, "tdkt", "mat-khau", cafile=ca)
        with Relay(chosen, sender=SENDER) as relay:
            assert relay.post(SHORT, TO, name()).sent
            shown = repr([vars(relay), vars(relay.smtp), relay, chosen])
    out, err = capfd.readouterr()
    assert "mat-khau" not in shown + out + err and TO not in out + err


def test_d16_a_kept_line_does_not_wait_for_acknowledgements(tmp_path: Path) -> None:
    with CaptureServer(tmp_path) as server, plain(server) as relay:
        relay.post(SHORT, TO, name())
        assert relay.smtp.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
