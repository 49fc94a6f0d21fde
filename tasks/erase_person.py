"""Erase: one person's data goes, and the audit still proves itself (Law 91/2025/QH15).

erase_person(occasion, "03637-01", who, decision="QĐ 12/QĐ-SNV")    -> Erased(rows=…, left=…)

Words and salts of the audit's entries go together (review/chain.py); the act that has them erased
names the entries, letters and papers, so `tdkt audit verify` tells an erasure from tampering. Run
again (after a stop in the middle, or when an archive was opened) it takes what there is.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from channels.errors import ChannelRefused
from channels.originals import Originals
from channels.outbox_files import remove_letters
from review.keeping import may_be_forgotten
from tasks.export_person import person_of
from tasks.occasion import Occasion
from tasks.papers import FOLDER
from tasks.verify_audit import ERASED
from tdkt_models.audit import AuditEntry, keep_audit, recall_audit
from tdkt_models.personal import (
    forget,
    named_among_others,
    own_letters,
    own_papers,
    unsettled_letters,
)
from tdkt_models.personal_audit import entries_about, erase_entries


@dataclass(frozen=True, slots=True)
class Erased:
    """Rows by table that lost words or went, entries of the audit that lost theirs, files taken
    from the folder; `left`: rows of documents that name others too and stay as long as they."""

    rows: Mapping[str, int]
    entries: int
    files: int
    left: Mapping[str, int]


def erase_person(
    occasion: Occasion, code: str, who: str, decision: str, *, early: bool = False
) -> Erased:
    """Raises ChannelRefused where it may not be; then nothing is changed."""
    if not who.strip() or not decision.strip():
        raise ChannelRefused("Xóa dữ liệu phải ghi người thực hiện (--by) và văn bản (--decision).")
    person, alone = person_of(occasion, code)
    office = occasion.office
    today = occasion.now.astimezone(office.settings.zone).date()
    years = office.settings.keeping.person_years
    if why := may_be_forgotten(person, today, years, early=early):
        raise ChannelRefused(why)
    with office.book() as book:
        with book.reading() as conn:
            if unsettled_letters(conn, code):
                raise ChannelRefused(
                    f"Còn thư gửi {code} đang chờ gửi hoặc chưa rõ đã tới: hãy gửi xong, hoặc xử "
                    "lý bằng tdkt letters, rồi mới xóa."
                )
            left = named_among_others(conn, person)
            spoken = entries_about(conn, person, alone=alone)
            letters, papers = own_letters(conn, code), own_papers(conn, code)
        # The files first: stopped after them, the command is simply given again.
        files = remove_letters(office.folder / "outbox", letters)
        files += _remove_papers(office.folder, code, papers)
        with book.writing() as conn:
            gone = forget(conn, person)
            entries = erase_entries(conn, spoken)
            detail = {
                **{"decision": decision.strip(), "early": early, "rows": dict(gone.rows)},
                **{"audit": entries, "letters": list(gone.letters), "papers": list(gone.papers)},
            }
            acts = recall_audit(conn, subject=code, what=ERASED)
            known = any(one.detail.get("decision") == decision.strip() for one in acts)
            if entries or gone.letters or gone.papers or not known:
                keep_audit(conn, [AuditEntry(who.strip(), ERASED, code, detail)], occasion.stamp)
    return Erased(gone.rows, len(entries), files, left)


def _remove_papers(folder: Path, code: str, shas: Collection[str]) -> int:
    """The person's sheets in reports/, and the copies that making them again might need."""
    copies = Originals(folder / FOLDER)
    there = [*(folder / "reports").rglob(f"phieu-{code}-*")]
    there += [path for sha in shas if (path := copies.path(f"{sha[:2]}/{sha}")).is_file()]
    for path in there:
        path.unlink()
    return len(there)
