"""Who marks the general criteria of form 01, and whose marks must be in before any are opened.

rules = raters_from({"needed": ["tu_cham", "tham_quyen"]})
raters_of(person, cadres, rules)    -> {"tu_cham": ("03637-02",), "tham_quyen": ("03637-01",)}
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from review.cadres import Cadre, Role, managed_by
from review.rubric import AUTHORITY, MANAGER, SELF

EVERYONE = (SELF, MANAGER, AUTHORITY)


@dataclass(frozen=True, slots=True)
class RaterRules:
    """`needed`: whose marks must be there before any are opened. `collective`: the whole leadership
    marks as the competent authority, each alone, and the mean of their marks counts; else the head
    does, and a deputy's marks stand beside as the direct manager's."""

    needed: tuple[str, ...] = (SELF, AUTHORITY)
    collective: bool = False


def raters_from(block: Mapping[str, Any]) -> RaterRules:
    """Raises ValueError for a key or a rater that is none."""
    if unknown := sorted(set(block) - {"needed", "collective"}):
        raise ValueError(f"[raters] không có mục {', '.join(unknown)}")
    needed = tuple(block.get("needed", (SELF, AUTHORITY)))
    if strange := sorted(set(needed) - set(EVERYONE)):
        raise ValueError(f"[raters] needed: không có người chấm {', '.join(strange)}")
    return RaterRules(needed, bool(block.get("collective", False)))


def raters_of(
    person: Cadre, cadres: Sequence[Cadre], rules: RaterRules
) -> dict[str, tuple[str, ...]]:
    """By role, the codes of those who mark this person on slips of their own; a role that nobody in
    the unit holds is left out: whoever stands above a head marks in the report."""
    leaders = [one for one in cadres if one.leads and one.code != person.code]
    heads = [one.code for one in leaders if one.role is Role.HEAD]
    found: dict[str, tuple[str, ...]] = {SELF: (person.code,)}
    if rules.collective:
        authority = [one.code for one in leaders] if person.role is not Role.HEAD else []
    else:
        authority = heads if person.role is not Role.HEAD else []
        managers = [
            one.code
            for one in leaders
            if one.role is Role.DEPUTY and person in managed_by(one, cadres)
        ]
        found |= {MANAGER: tuple(managers)} if managers else {}
    return found | ({AUTHORITY: tuple(authority)} if authority else {})
