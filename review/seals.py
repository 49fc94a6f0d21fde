"""What of a regulation scores depend on, fact by fact: frozen from its first use on.

facts_of(regulation)["work.TD01"]             -> 100
list(broken(sealed, facts_of(regulation)))    -> ['work.TD01: 100 → 150']

A fact may be added (a new product in the catalogue); one that was scored by may not change: the
results of a past period would no longer be what their own rule gives. A change needs a new folder.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from review.regulation import Regulation

Facts = Mapping[str, Any]


def facts_of(regulation: Regulation) -> dict[str, Any]:
    """Everything that a score, a grade or a year is computed from."""
    return {
        **{f"points.{key}": _plain(value) for key, value in asdict(regulation.points).items()},
        **{f"grades.{key}": value for key, value in asdict(regulation.grades).items()},
        **{f"cap.{key}": _plain(value) for key, value in asdict(regulation.cap).items()},
        **{f"year.{key}": _plain(value) for key, value in asdict(regulation.year).items()},
        **{f"rubric.{c.field}": c.most for c in regulation.general.criteria},
        **{f"scored.{group}": name for group, name in regulation.scored.items()},
        **{f"disqualifier.{r.event}": r.leaders_only for r in regulation.disqualifiers},
        **{f"leave.{event}": True for event in regulation.leave},
        **{f"work.{work.code}": work.coef for work in regulation.works},
    }


def broken(sealed: Facts, now: Facts) -> Iterator[str]:
    """Each sealed fact that is another now, or gone, with both values."""
    for key, was in sorted(sealed.items()):
        if key not in now:
            yield f"{key}: {was} → (đã bỏ)"
        elif now[key] != was:
            yield f"{key}: {was} → {now[key]}"


def facts_digest(facts: Facts) -> str:
    said = json.dumps(dict(facts), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


def _plain(value: Any) -> Any:
    return [str(one) for one in value] if isinstance(value, (tuple, list)) else value
