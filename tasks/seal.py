"""Seal: a regulation is frozen when it is first used; a changed one is refused.

seal(conn, occasion)      raises ChannelRefused, naming each fact that was changed
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from channels.errors import ChannelRefused
from review.seals import broken, facts_digest, facts_of
from tasks.occasion import Occasion
from tdkt_models.seals import Seal, keep_seal, recall_seal


def seal(conn: Connection, occasion: Occasion) -> Seal:
    """Facts that are new since (a product added to the catalogue) are sealed from now on too."""
    regulation = occasion.regulation
    facts = facts_of(regulation)
    known = recall_seal(conn, regulation.code)
    if known is None:
        known = Seal(regulation.code, occasion.period_text, facts_digest(facts), facts)
        keep_seal(conn, known, occasion.stamp)
        return known
    if changed := list(broken(known.facts, facts)):
        raise ChannelRefused(
            f"Quy định {regulation.code} đã dùng để chấm từ kỳ {known.period} nhưng tệp đã bị sửa: "
            f"{'; '.join(changed[:5])}{' …' if len(changed) > 5 else ''}. Hãy khôi phục tệp cũ; "
            "muốn đổi quy tắc thì lập thư mục mới theo tháng có hiệu lực "
            "(ví dụ regulations/2026-11) và xem trước bằng “tdkt rehearse-rule”."
        )
    if dict(known.facts) != facts:
        known = replace(known, digest=facts_digest(facts), facts=facts)
        keep_seal(conn, known, occasion.stamp)
    return known
