"""Whose word the office takes for who wrote a mail: its own server's, under its own name."""

from __future__ import annotations

import pytest

from review.sender_proof import is_proven

OURS = "mx.laichau.gov.vn"
SENDER = "vanthu@syt.laichau.gov.vn"


@pytest.mark.parametrize(
    "said",
    [
        "dkim=pass header.d=syt.laichau.gov.vn header.s=k1 header.b=abc",
        "dkim=pass (good signature; 2048-bit key) header.d=laichau.gov.vn",
        "dkim=fail header.d=other.vn; dkim=pass header.i=@syt.laichau.gov.vn",
        "spf=pass smtp.mailfrom=vanthu@syt.laichau.gov.vn smtp.helo=mail.x",
        "spf=softfail smtp.mailfrom=x.vn; dmarc=pass (p=reject) header.from=syt.laichau.gov.vn",
        "auth=pass (plain) smtp.auth=vanthu@syt.laichau.gov.vn",
        'dkim=pass reason="one; two" header.d="syt.laichau.gov.vn"',
    ],
)
def test_what_our_server_found_is_believed(said: str) -> None:
    assert is_proven([f"{OURS}; {said}"], OURS, SENDER)
    assert is_proven([f"{OURS.upper()} 1; {said}"], OURS, SENDER.upper())


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [f"{OURS}; none"],
        [f"{OURS}; dkim=fail header.d=syt.laichau.gov.vn; spf=neutral"],
        [f"{OURS}; dkim=pass header.d=attacker.vn; spf=pass smtp.mailfrom=attacker.vn"],
        [f"{OURS}; dkim=pass header.d=gov.vn"],  # under it stand all offices of the country
        [f"{OURS}; dkim=pass header.d=vn"],
        [f"{OURS}; dkim=pass header.d=evil-laichau.gov.vn"],
        [f"{OURS}; dmarc=pass header.from=attacker.vn"],
        [f"{OURS}; dmarc=pass (p=none)"],  # of whom it does not say
        [f'{OURS}; spf=pass smtp.mailfrom="x smtp.mailfrom=a@syt.laichau.gov.vn "@attacker.vn'],
        [f'{OURS}; spf=pass smtp.mailfrom="(;dkim=pass header.d=syt.laichau.gov.vn"@attacker.vn'],
        [f'{OURS}; spf=pass smtp.mailfrom="a@syt.laichau.gov.vn"@attacker.vn'],
        [f"{OURS}; auth=pass smtp.auth=other@syt.laichau.gov.vn"],
        ["mx.attacker.vn; dkim=pass header.d=syt.laichau.gov.vn"],
        [f"{OURS}; dkim=none (dkim=pass header.d=syt.laichau.gov.vn)"],  # words in a comment
        [  # ours is the topmost; what came with the mail from outside stands below it
            f"{OURS}; dkim=none",
            f"{OURS}; dkim=pass header.d=syt.laichau.gov.vn",
        ],
    ],
)
def test_nothing_else_is(headers: list[str]) -> None:
    assert not is_proven(headers, OURS, SENDER)
