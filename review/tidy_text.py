"""Whether a text is in one line, its blanks single ordinary ones between words, and NFC.

    is_tidy("Lò Văn Inh")       -> True
    is_tidy("Lò  Văn Inh ")     -> False

Nearly every text is: what needs no change is not taken apart.
"""

from __future__ import annotations

import unicodedata


def is_tidy(text: str) -> bool:
    """No other blank than the ordinary one is printable; neither is a sign that nobody sees."""
    return (
        text.isprintable()
        and "  " not in text
        and text[:1] != " "
        and text[-1:] != " "
        and unicodedata.is_normalized("NFC", text)
    )
