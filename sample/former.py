"""The districts of Lai Châu until 30 June 2025, and the communes they became (domain.md 3.10).

former_units()[0].successors     -> ("03637", "03640", "03595", "03618")
"""

from __future__ import annotations

from datetime import date

from review.units import Unit, UnitKind

LAST_DAY = date(2025, 6, 30)
FROM = date(2020, 1, 1)
DISTRICTS = (
    ("H-THANUYEN", "Huyện Than Uyên", "03637;03640;03595;03618"),
    ("H-TANUYEN", "Huyện Tân Uyên", "03616;03613;03598;03601"),
    ("H-TAMDUONG", "Huyện Tam Đường", "03424;03390;03405;03430"),
    ("TP-LAICHAU", "Thành phố Lai Châu", "03408;03388"),
    ("H-PHONGTHO", "Huyện Phong Thổ", "03394;03549;03562;03571;03583"),
    ("H-SINHO", "Huyện Sìn Hồ", "03529;03478;03508;03517;03532;03544;03538;03503"),
    ("H-NAMNHUN", "Huyện Nậm Nhùn", "03487;03434;03472;03460"),
    ("H-MUONGTE", "Huyện Mường Tè", "03466;03433;03445;03439;03442;03463;03451"),
)


def former_units() -> tuple[Unit, ...]:
    """Ended units, each with the communes that took over from it."""
    return tuple(
        Unit(
            code=code,
            name=name,
            kind=UnitKind.OTHER,
            cluster="Cụm thi đua các huyện, thành phố (đến 30/6/2025)",
            since=FROM,
            until=LAST_DAY,
            successor=successors,
        )
        for code, name, successors in DISTRICTS
    )
