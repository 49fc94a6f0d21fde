"""Posting over real SMTP on loopback: what arrives, what is refused, and what an outcome means."""

from __future__ import annotations

import email
import email.policy
import socket
import ssl
import subprocess
from dataclasses import replace
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from letter_samples import OFFICE, digest, own_result

from channels.capture import CaptureServer, Faults
from channels.composing import BadAddress, BadHeader, compose
from channels.errors import ChannelRefused
from channels.outboxes import OutboxRefused, open_outbox, server_from
from channels.rendering import Rendered, render
from channels.replies import Fate
from channels.smtp import NoTLS, Relay, Server
from review.letterhead import message_id

TO = "inh@laichau.gov.vn"
SENDER = "tdkt@laichau.gov.vn"
ID = message_id("2026-10:cadre_result:03637-01", 1, SENDER)
WORDS = ("báo", "cáo", "và", "kết", "quả", "tháng", "10/2026", "–", "[Sở", "Nội", "vụ]", "TĐKT")
SHORT = Rendered("Thư thử", "Chữ.\n", "<p>Chữ.</p>")


def relay_to(capture: CaptureServer, **options: object) -> Relay:
    server = Server(capture.host, capture.port, security="none")
    return Relay(server, sender=SENDER, sender_name="Sở Nội vụ", **options)  # type: ignore[arg-type]


def opened(path: Path) -> EmailMessage:
    return email.message_from_bytes(path.read_bytes(), EmailMessage, policy=email.policy.default)


def certificate(folder: Path) -> ssl.SSLContext:
    key, cert = folder / "key.pem", folder / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert,
         "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context


def test_a_letter_arrives_with_its_vietnamese_headers_text_page_and_picture(tmp_path: Path) -> None:
    rendered = render(digest())
    with open_outbox("capture:", OFFICE, tmp_path) as outbox:
        outcome = outbox.post(rendered, TO, ID, kind="office_digest")
    assert outcome.fate is Fate.SENT and outcome.code == 250
    (path,) = tmp_path.glob("*.eml")
    message = opened(path)
    assert str(message["From"]) == "Sở Nội vụ tỉnh Lai Châu <tdkt@laichau.gov.vn>"
    assert message["Subject"] == rendered.subject
    assert message["Message-ID"] == ID
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "OOF, AutoReply"
    assert message["Reply-To"] == OFFICE.reply_to
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png",
    ]  # fmt: skip
    text, page = message.get_body(("plain",)), message.get_body(("html",))
    assert text and text.get_content().replace("\r\n", "\n") == rendered.text
    assert page and f"cid:{rendered.images[0].cid}" in page.get_content()


def test_no_line_of_a_message_is_too_long_and_none_is_eight_bit(tmp_path: Path) -> None:
    long = replace(SHORT, subject="Đề nghị thẩm định " * 30)
    content = bytes(compose(long, sender=SENDER, sender_name="Sở Nội vụ", to=TO, message_id=ID))
    assert max(map(len, content.split(b"\r\n"))) <= 100
    assert content.isascii()


def test_a_body_that_is_a_files_name_is_sent_as_words(tmp_path: Path) -> None:
    rendered = Rendered("Thử", "/etc/passwd\n", "<p>/etc/passwd</p>")
    with CaptureServer(tmp_path) as capture, relay_to(capture) as relay:
        assert relay.post(rendered, TO, ID).sent
        body = opened(capture.letters[0]).get_body(("plain",))
    assert body and body.get_content().strip() == "/etc/passwd"


@given(st.lists(st.sampled_from(WORDS)))
def test_a_vietnamese_header_loses_no_space_when_it_is_folded(words: list[str]) -> None:
    said = " ".join(words)
    content = compose(
        replace(SHORT, subject=said), sender=SENDER, sender_name=said, to=TO, message_id=ID
    ).as_bytes()
    raw = email.message_from_bytes(content)  # the old parser decodes as mail readers do
    assert str(make_header(decode_header(raw["Subject"]))) == said
    name, address = parseaddr(raw["From"].replace("\r\n", ""))
    assert (str(make_header(decode_header(name))), address) == (said, SENDER)
    assert max(map(len, content.partition(b"\r\n\r\n")[0].split(b"\r\n"))) <= 78


@pytest.mark.parametrize(
    "subject",
    [
        "a\r\nBcc: x@y.vn",
        "a\r\n\r\n<html>",
        "a\nb",
        "a\x00b",
        "a\x85Bcc: x",
        "a\u2028Bcc: x",
        "\ud800",
    ],
)
def test_a_subject_cannot_end_a_header(subject: str) -> None:
    with pytest.raises(BadHeader):
        compose(replace(SHORT, subject=subject), sender=SENDER, to=TO, message_id=ID)


@pytest.mark.parametrize(
    "headers",
    [
        {"X-A: y\r\nBcc": "z@y.vn"},
        {"X-A": "y\r\nBcc: z"},
        {"Bcc": "z@y.vn"},
        {"message-id": "<x@y>"},
    ],
)
def test_a_further_header_cannot_smuggle_another(headers: dict[str, str]) -> None:
    with pytest.raises(BadHeader):
        compose(SHORT, sender=SENDER, to=TO, message_id=ID, headers=headers)


@pytest.mark.parametrize(
    "typed",
    ["=?utf-8?q?a=0D=0ABcc:_x@y.vn?=", "=?utf-8?b?DQpCY2M6IHhAeS52bg==?= x", 'a" <x@y.vn>, "b',
     "(a) <x@y.vn>", "Xã \u202evn.y@x\u202c", "x" * 20_000, "dài " * 5_000, "\U000e0042"],
)  # fmt: skip
def test_what_is_typed_in_code_is_no_header_of_ours(typed: str) -> None:
    """A coded word is read as one by whoever gets it, and by what folds our headers."""
    named = "<=?utf-8?q?a=0D=0ABcc=3A_x=40y.vn?=@x.vn>"
    content = compose(
        replace(SHORT, subject=typed), sender=SENDER, sender_name=typed, to=TO, message_id=ID,
        headers={"References": f"{named} <0@x.vn>"},
    ).as_bytes()  # fmt: skip
    head = content.partition(b"\r\n\r\n")[0]
    assert head.isascii() and max(map(len, head.split(b"\r\n"))) < 998
    for reader in (email.policy.compat32, email.policy.default):
        message = email.message_from_bytes(content, policy=reader)
        names = [name.lower() for name in message]
        assert "bcc" not in names and len(names) == len(set(names))
        assert str(message["To"]) == TO and str(message["From"]).endswith(f"<{SENDER}>")
    assert [one.addr_spec for one in message["From"].addresses] == [SENDER]


@pytest.mark.parametrize(
    "to",
    ["=?utf-8?q?a=0D=0ABcc=3A_x=40y.vn?=@b.vn", "a@b.vn\u2028", '"a b"@c.vn', "a(b)@c.vn",
     "a@[127.0.0.1]", "a@b.vn SIZE=1", "a\r\n @b.vn", "a@b.vn\n", "a@b.vn,c@d.vn", "Tên <a@b.vn>",
     "a b@c.vn", "", "a@", "@b.vn",
     "a@b.vn\r\nRCPT TO:<evil@x.vn>", "ă@b.vn", "a@b..vn", "a@.vn"],
)  # fmt: skip
def test_only_one_plain_address_is_a_reader(to: str) -> None:
    with pytest.raises(BadAddress):
        compose(SHORT, sender=SENDER, to=to, message_id=ID)


def test_a_vietnamese_domain_goes_out_in_ascii() -> None:
    message = compose(SHORT, sender=SENDER, to="a@sởnộivụ.vn", message_id=ID)
    assert message["To"].addresses[0].domain.startswith("xn--")


def test_refused_and_deferred_readers_do_not_hurt_the_next(tmp_path: Path) -> None:
    faults = Faults(refuse=frozenset({"no@x.vn"}), defer=frozenset({"later@x.vn"}))
    with CaptureServer(tmp_path, faults=faults) as capture, relay_to(capture) as relay:
        fates = [relay.post(SHORT, to, ID) for to in ("no@x.vn", "later@x.vn", TO)]
        assert [(o.fate, o.code) for o in fates] == [
            (Fate.REFUSED, 550), (Fate.BUSY, 450), (Fate.SENT, 250),
        ]  # fmt: skip
        assert capture.sessions == 1 and len(capture.letters) == 1


def test_one_connection_carries_many_letters(tmp_path: Path) -> None:
    with CaptureServer(tmp_path) as capture, relay_to(capture) as relay:
        assert all(relay.post(SHORT, TO, ID).sent for _ in range(20))
        assert capture.sessions == 1
        nodelay = relay.smtp.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        assert nodelay


def test_a_connection_is_changed_after_its_share_of_letters(tmp_path: Path) -> None:
    with CaptureServer(tmp_path) as capture, relay_to(capture, max_per_connection=2) as relay:
        assert all(relay.post(SHORT, TO, ID).sent for _ in range(5))
        assert capture.sessions == 3


def test_a_line_lost_after_data_is_in_doubt_and_sent_once(tmp_path: Path) -> None:
    faults = Faults(drop_after_data=frozenset({TO}))
    with CaptureServer(tmp_path, faults=faults) as capture, relay_to(capture) as relay:
        assert relay.post(SHORT, TO, ID).fate is Fate.IN_DOUBT
        assert len(capture.letters) == 1
        assert relay.post(SHORT, "next@x.vn", ID).sent


def test_a_late_answer_is_in_doubt_and_not_sent_again(tmp_path: Path) -> None:
    with (
        CaptureServer(tmp_path, faults=Faults(slow_seconds=1.5)) as capture,
        relay_to(capture, timeout=0.5) as relay,
    ):
        assert relay.post(SHORT, TO, ID).fate is Fate.IN_DOUBT
        assert len(capture.letters) == 1


def test_a_line_lost_before_data_is_tried_later(tmp_path: Path) -> None:
    faults = Faults(drop_at_rcpt=frozenset({TO}))
    with CaptureServer(tmp_path, faults=faults) as capture, relay_to(capture) as relay:
        assert relay.post(SHORT, TO, ID).fate is Fate.BUSY
        assert not capture.letters


def test_a_server_that_went_away_between_letters_is_found_again(tmp_path: Path) -> None:
    with CaptureServer(tmp_path) as capture, relay_to(capture) as relay:
        assert relay.post(SHORT, TO, ID).sent
        relay.smtp.sock.shutdown(socket.SHUT_RDWR)
        assert relay.post(SHORT, TO, ID).sent


def test_no_server_is_a_pause_for_every_letter_and_not_a_crash() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    relay = Relay(Server("127.0.0.1", port, security="none"), sender=SENDER, timeout=2)
    assert relay.post(SHORT, TO, ID).fate is Fate.PAUSE


@pytest.mark.parametrize(
    ("answer", "fate"),
    [
        ("550 5.4.5 Daily user sending limit exceeded", Fate.PAUSE),
        ("454 4.7.0 Throttling failure: Maximum sending rate exceeded", Fate.PAUSE),
        ("552 5.2.2 mailbox is over quota", Fate.REFUSED),
        ("554 5.7.1 message content rejected", Fate.REFUSED),
        ("451 4.3.0 try again", Fate.BUSY),
    ],
)
def test_a_quota_pauses_the_relay_and_a_full_mailbox_does_not(
    tmp_path: Path, answer: str, fate: Fate
) -> None:
    with CaptureServer(tmp_path, faults=Faults(answer=answer)) as capture:
        outcome = relay_to(capture).post(SHORT, TO, ID)
    assert (outcome.fate, outcome.code) == (fate, int(answer[:3]))


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_of_unknown_make_stops_the_relay(tmp_path: Path, security: str) -> None:
    context = certificate(tmp_path)
    accounts = {"tdkt": "mat-khau-9"}
    with CaptureServer(tmp_path / "out", accounts=accounts, **{security: context}) as capture:
        server = Server("127.0.0.1", capture.port, "tdkt", "mat-khau-9", security)
        stranger = Relay(server, sender=SENDER, timeout=5).post(SHORT, TO, ID)
        assert stranger.fate is Fate.PAUSE and not capture.letters
        own = replace(server, cafile=str(tmp_path / "cert.pem"))
        with Relay(own, sender=SENDER, timeout=5) as relay:
            assert relay.post(SHORT, TO, ID).sent
            assert "mat-khau-9" not in repr([vars(relay), vars(relay.smtp), own, relay])
        assert len(capture.letters) == 1


def test_a_wrong_password_stops_the_relay_and_is_not_told(tmp_path: Path) -> None:
    context = certificate(tmp_path)
    with CaptureServer(tmp_path / "o", accounts={"tdkt": "dung"}, starttls=context) as capture:
        server = Server(
            "127.0.0.1", capture.port, "tdkt", "sai-bi-mat", cafile=str(tmp_path / "cert.pem")
        )
        outcome = Relay(server, sender=SENDER, timeout=5).post(SHORT, TO, ID)
    assert outcome.fate is Fate.PAUSE and outcome.code == 535
    assert "sai-bi-mat" not in repr(outcome)


def test_starttls_that_is_not_offered_stops_the_relay(tmp_path: Path) -> None:
    with CaptureServer(tmp_path) as capture:
        server = Server("127.0.0.1", capture.port, security="starttls")
        outcome = Relay(server, sender=SENDER).post(SHORT, TO, ID)
    assert outcome.fate is Fate.PAUSE and not capture.letters


def test_nobody_signs_in_without_tls() -> None:
    with pytest.raises(NoTLS):
        Relay(Server("127.0.0.1", 25, "tdkt", "x", "none"), sender=SENDER)


def test_addresses_of_outboxes() -> None:
    server = server_from("smtp://t%40b:m%2Ft@mail.x.vn?ca=/etc/x.pem")
    assert server == Server("mail.x.vn", 587, "t@b", "m/t", "starttls", "/etc/x.pem")
    assert server_from("smtps://t:m@mail.x.vn").port == 465
    assert server_from("smtp://127.0.0.1:1025").security == "none"
    assert server_from("smtp://mail.x.vn").security == "starttls"


@pytest.mark.parametrize(
    "url", ["http://x", "smtp://", "smtp://u:secret@host:abc", "smtp://u@h", "smtp://u:secret@[h"]
)
def test_a_wrong_address_is_refused_without_showing_it(url: str) -> None:
    with pytest.raises(OutboxRefused) as refused:
        server_from(url)
    assert "secret" not in str(refused.value) and refused.value.__cause__ is None


def test_a_demo_office_posts_to_this_machine_only(tmp_path: Path) -> None:
    demo = replace(OFFICE, demo=True)
    with pytest.raises(ChannelRefused, match="Văn phòng mẫu"):
        open_outbox("smtp://mail.laichau.gov.vn:587", demo, tmp_path)
    with CaptureServer(tmp_path) as capture:
        url = f"smtp://127.0.0.1:{capture.port}"
        with open_outbox(url, demo, tmp_path) as outbox:
            assert outbox.post(render(own_result()), TO, ID).sent


def test_the_same_letter_always_bears_the_same_name() -> None:
    key = own_result().key
    assert message_id(key, 1, SENDER) == message_id(key, 1, SENDER) == ID
    assert message_id(key, 2, SENDER) != ID
