"""From the judged files of some units, and what people did to them, to their place on the roll.

update_roll(conn, occasion, ["03637"])     after files were judged
settle(conn, occasion, ["03637"])          after a person acted: which report stands is settled anew
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from review.acts import last_acts, seen_with
from review.findings import Verdict
from review.verdicts import Seen, entry_after
from tasks.occasion import Occasion
from tdkt_models.acts import recall_acts
from tdkt_models.files import FileHead, FileState, recall_file_heads
from tdkt_models.roll import keep_roll, recall_roll
from tdkt_models.submissions import Head, recall_heads, stand


def update_roll(
    conn: Connection,
    occasion: Occasion,
    units: Sequence[str],
    heads: Sequence[FileHead] | None = None,
) -> None:
    """The roll's entries of these units, from their files as they stand (`heads`, if recalled)."""
    days, seen = occasion.office.days, seen_of(conn, occasion, units, heads)
    entries = recall_roll(conn, occasion.period_text, units)
    keep_roll(
        conn, [entry_after(entry, seen[entry.unit], days) for entry in entries], occasion.stamp
    )


def settle(conn: Connection, occasion: Occasion, units: Sequence[str]) -> None:
    """Makes the newest report that counts the standing one of each unit (none, where none does),
    then updates the roll."""
    seen = seen_of(conn, occasion, units)
    newest = {unit: [file for file in files if file.counts] for unit, files in seen.items()}
    standing = {unit: those[-1].submission if those else None for unit, those in newest.items()}
    stand(conn, occasion.period_text, standing)
    update_roll(conn, occasion, units)


def seen_of(
    conn: Connection,
    occasion: Occasion,
    units: Sequence[str],
    heads: Sequence[FileHead] | None = None,
) -> dict[str, list[Seen]]:
    """By unit, its judged files in the order they came, with the last act on each."""
    period = occasion.period_text
    said = {head.file: head for head in recall_heads(conn, period, units)}
    acts = last_acts(recall_acts(conn, period, units))
    seen: dict[str, list[Seen]] = {unit: [] for unit in units}
    for file in heads if heads is not None else recall_file_heads(conn, period, units):
        if file.verdict is not None:
            seen[file.unit].append(seen_with(_seen(file, file.verdict, said), acts.get(file.id)))
    return seen


def _seen(file: FileHead, verdict: Verdict, said: Mapping[int, Head]) -> Seen:
    head = said.get(file.id)
    return Seen(
        file.received_at,
        verdict,
        file.state is FileState.SET_ASIDE,
        head.id if head else None,
        head.nil if head else False,
        file.reason,
    )
