"""Verify: does the book still say what was once written, and does the world remember it so?

verify_audit(office, outside=anchors)     -> Verified(entries=812, anchors=14, faults=())

Held against each other: the chain with itself (review/chain.py); the chain with anchors in the
office's folder and with those that others hold (a letter, a receipt); the files, letters, results
and decisions of the book with what the chain names; erased entries with the acts that erased them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from sqlalchemy import Connection

from channels.anchors import FILE, Anchor, kept_anchors
from channels.signing import known_keys
from review.chain import Chained, Head, broken_by
from tasks.anchor import ANCHORED
from tasks.office import Office
from tdkt_models.audit import WRITTEN, recall_chain
from tdkt_models.cycles import recall_cycles
from tdkt_models.decisions import recall_decisions
from tdkt_models.files import named_files
from tdkt_models.letter_rows import named_letters
from tdkt_models.results import named_results, periods_with_results

MOST_SAID = 20
ERASED = "person.erased"
DECIDED = ("results.approved", "results.refused")


@dataclass(frozen=True, slots=True)
class Verified:
    """`anchors` is how many agreed with the chain, `newest` the last of them."""

    head: Head
    anchors: int
    newest: Anchor | None
    faults: tuple[str, ...]


@dataclass
class _Told:
    """What the chain says, gathered in one pass."""

    head: Head = field(default_factory=Head)
    links: dict[int, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    erased: set[int] = field(default_factory=set)
    owned: set[int] = field(default_factory=set)  # erasures that an act owns up to
    named: dict[str, set[str]] = field(default_factory=lambda: {"files": set(), "letters": set()})
    gone: dict[str, set[str]] = field(default_factory=lambda: {"files": set(), "letters": set()})
    results: dict[str, str] = field(default_factory=dict)
    decisions: list[tuple[str, str, str]] = field(default_factory=list)
    anchored: set[str] = field(default_factory=set)


def verify_audit(office: Office, outside: Collection[Anchor] = ()) -> Verified:
    """Raises BookError where the book cannot be read. Every fault is a sentence for a person."""
    with office.book() as book, book.reading() as conn:
        return verified_in(conn, office, outside)


def verified_in(conn: Connection, office: Office, outside: Collection[Anchor] = ()) -> Verified:
    own, keys = kept_anchors(office.folder), known_keys(office.folder)
    anchors = [*own, *outside]
    told = _told(conn, {anchor.n for anchor in anchors})
    faults = [
        *told.faults,
        *_of_erasures(told),
        *_of_files_and_letters(conn, told),
        *_of_results(conn, told),
        *_of_decisions(conn, told),
    ]
    against = {anchor: _against(anchor, told, keys) for anchor in anchors}
    faults += dict.fromkeys(said for said in against.values() if said)
    faults += _of_anchors(told.anchored, {anchor.digest for anchor in own})
    good = [anchor for anchor, said in against.items() if not said]
    newest = max(good, key=lambda anchor: anchor.n, default=None)
    return Verified(told.head, len(good), newest, tuple(faults))


def _told(conn: Connection, wanted: Collection[int]) -> _Told:
    told = _Told()
    for entry in recall_chain(conn):
        if len(told.faults) < MOST_SAID and (said := broken_by(entry, told.head)):
            told.faults.append(said)
        told.head = Head(entry.header.n, entry.link)
        if entry.header.n in wanted:
            told.links[entry.header.n] = entry.link
        if entry.erased:
            told.erased.add(entry.header.n)
        _note(told, entry)
    return told


def _note(told: _Told, entry: Chained) -> None:
    what, detail = entry.header.what, entry.said["detail"]
    if what == WRITTEN:
        for kind in told.named:
            told.named[kind] |= set(detail.get(kind, ()))
        told.results |= {name.split(":")[0]: name for name in detail.get("results", ())}
    elif what == ERASED:
        told.owned |= set(detail.get("audit", ()))
        for kind in told.gone:
            told.gone[kind] |= set(detail.get(kind, ()))
        told.results |= {name.split(":")[0]: name for name in detail.get("results", ())}
    elif what == ANCHORED:
        told.anchored |= set(detail["anchors"])
    elif what in DECIDED and entry.header.n not in told.erased:
        told.decisions.append((detail["of"], detail["digest"], entry.said["who"]))


def _of_erasures(told: _Told) -> Iterator[str]:
    for n in sorted(told.erased - told.owned)[:MOST_SAID]:
        yield f"dòng {n} bị xóa nội dung mà không có quyết định xóa nào ghi lại"


def _of_files_and_letters(conn: Connection, told: _Told) -> Iterator[str]:
    labels = {"files": "tệp đã nhận", "letters": "thư đã viết"}
    for kind, there in (("files", named_files(conn)), ("letters", named_letters(conn))):
        for name in sorted(told.named[kind] - told.gone[kind] - there)[:MOST_SAID]:
            yield f"mất hoặc bị sửa: {labels[kind]} {name}"
        for name in sorted(there - told.named[kind])[:MOST_SAID]:
            yield f"thêm vào hoặc bị sửa: {labels[kind]} {name}"


def _of_results(conn: Connection, told: _Told) -> Iterator[str]:
    there = {period: named_results(conn, period) for period in periods_with_results(conn)}
    for period in sorted(there.keys() | told.results.keys()):
        if there.get(period) != told.results.get(period):
            yield f"kết quả đã phê duyệt của kỳ {period} không còn như lúc phê duyệt"


def _of_decisions(conn: Connection, told: _Told) -> Iterator[str]:
    kept = [
        (one.period, one.digest, one.who)
        for cycle in recall_cycles(conn)
        for one in recall_decisions(conn, cycle.period)
    ]
    for period in sorted({period for period, _digest, _who in {*kept, *told.decisions}}):
        mine, said = ([d for d in those if d[0] == period] for those in (kept, told.decisions))
        if mine != said:
            yield f"quyết định phê duyệt kỳ {period} trong sổ khác với nhật ký"


def _of_anchors(noted: Collection[str], kept: Collection[str]) -> Iterator[str]:
    if gone := set(noted) - set(kept):
        yield f"tệp mốc sổ {FILE} mất {len(gone)} mốc mà nhật ký có ghi"
    if unnoted := set(kept) - set(noted):
        yield (
            f"nhật ký không ghi {len(unnoted)} mốc có trong {FILE}: dòng cuối bị cắt, hoặc máy tắt "
            "giữa chừng (khi ấy hãy chạy “tdkt audit anchor”)"
        )


def _against(anchor: Anchor, told: _Told, keys: Collection[bytes]) -> str:
    """What an anchor shows, "" if it agrees."""
    when = f"mốc dòng {anchor.n} lúc {anchor.at:%H:%M %d/%m/%Y} UTC"
    if anchor.by not in keys:
        return f"{when}: không do khóa của cơ quan này ký ({anchor.signer})"
    if anchor.n > told.head.n:
        return f"{when}: nhật ký nay chỉ còn đến dòng {told.head.n}, phần cuối đã bị cắt"
    if anchor.n and told.links.get(anchor.n) != anchor.link:
        return f"{when}: nhật ký nay khác với khi cắm mốc, đã bị viết lại"
    return ""
