"""A card of codes as its owner takes it home: a page to print, or plain text.

card_pdf(settings, card)        -> b"%PDF…": one page A5
card_text(settings, card)       -> the same words, for a printer that knows no PDF
"""

from __future__ import annotations

from typing import Any

from channels.papers import make_paper
from review.settings import Settings
from tasks.cards import Card

COLUMNS = 4


def card_pdf(settings: Settings, card: Card) -> bytes:
    return make_paper("card_pdf", _payload(settings, card)).content


def card_text(settings: Settings, card: Card) -> bytes:
    said = _payload(settings, card)
    lines = [
        f"{said['office']} – THẺ MÃ XÁC NHẬN {said['card']}",
        f"Họ và tên: {said['name']}. Cấp ngày {said['day']}. {said['may']}.",
        "",
        *(
            "   ".join(f"{cell['n']:>2}. {cell['code']}" for cell in row if cell["code"])
            for row in said["codes"]
        ),
        "",
        "Mỗi mã chỉ gõ một lần, đúng hay sai. Không đọc, không gửi mã cho ai.",
    ]
    return ("\n".join(lines) + "\n").encode()


def _payload(settings: Settings, card: Card) -> dict[str, Any]:
    one, high = card.approver, -(-len(card.codes) // COLUMNS)
    cells = [{"n": n, "code": code} for n, code in enumerate(card.codes, 1)]
    cells += [{"n": "", "code": ""}] * (high * COLUMNS - len(cells))
    labels = sorted(power.label for power in one.may)
    return {
        "office": settings.name,
        "card": one.card,
        "name": one.name,
        "day": f"{one.issued_at.astimezone(settings.zone):%d/%m/%Y}",
        "may": f"Thẩm quyền: {'; '.join(labels)}",
        "codes": [cells[at::high] for at in range(high)],
    }
