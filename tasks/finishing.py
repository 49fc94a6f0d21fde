"""From a letter of the ledger to the message as it will leave, attachments and all.

    Finisher(office, book).finish(one)    -> Rendered, with its files
    headers_of(office, one)               -> {"References": "<thread…>", …}

A locked annex opens with its reader's birthday: the password is read from the book as the letter
leaves, and stands in no letter, log or ledger.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from channels.errors import ChannelRefused
from channels.papers import Made, locked, make_paper
from channels.rendering import Enclosed, Rendered, render
from channels.signing import office_key, passcode
from review.letterhead import message_id
from review.post import reader_of
from review.threads import thread_headers
from tasks.enclosures import enclosures
from tasks.office import Office
from tdkt_models.base import Book
from tdkt_models.cadres import recall_cadre
from tdkt_models.letters import LedgerLetter
from tdkt_models.papers import paper_said
from tdkt_models.units import recall_units


class NotEnclosed(ChannelRefused):
    """What should go with a letter cannot be made."""


@dataclass(frozen=True, slots=True)
class Finisher:
    """Where letters are finished: the office's words and the book's papers."""

    office: Office
    book: Book

    def finish(self, one: LedgerLetter) -> Rendered:
        """The letter worded, with its files. Raises ChannelRefused and what `render` raises."""
        zone = self.office.settings.zone
        corrects = one.corrects_at.astimezone(zone) if one.corrects_at else None
        rendered = render(one.letter, corrects, self.office.own_words)
        files = (*rendered.files, *self._files(one), *enclosures(self.office, one.letter))
        return replace(rendered, files=files) if files else rendered

    def password(self, person: str) -> str:
        """What opens the annex of a person: the birthday, day, month and year, eight digits; of a
        unit: its passcode (`tdkt letters passcode`)."""
        with self.book.reading() as conn:
            cadre = recall_cadre(conn, person)
            if cadre is None and person in recall_units(conn):
                return passcode(person, office_key(self.office.folder))
        if cadre is None or cadre.birth is None:
            raise NotEnclosed(f"Danh bạ chưa có ngày sinh của {person} để khóa phiếu kết quả.")
        return f"{cadre.birth:%d%m%Y}"

    def _files(self, one: LedgerLetter) -> Iterator[Enclosed]:
        payload = one.letter.payload
        for paper in payload.get("papers", ()):
            made = self._paper(paper["kind"], paper["sha"])
            yield Enclosed(paper["name"], made.content, made.media)
        if annex := payload.get("annex"):
            made = make_paper(annex.get("paper", "sheet_pdf"), annex)
            content = locked(made.content, self.password(reader_of(one.letter.person)))
            yield Enclosed(f"Phieu-ket-qua-{one.letter.period}.pdf", content, made.media)

    def _paper(self, kind: str, sha: str) -> Made:
        with self.book.reading() as conn:
            paper = paper_said(conn, kind, sha)
        if paper is None:
            raise NotEnclosed("Sổ không còn giấy tờ gửi kèm thư này; chạy lại kỳ để lập lại.")
        return _made(kind, sha, json.dumps(paper.payload))


@lru_cache(maxsize=4)
def _made(kind: str, _sha: str, payload: str) -> Made:
    """The same workbook goes to several readers."""
    return make_paper(kind, json.loads(payload))


def headers_of(office: Office, one: LedgerLetter) -> dict[str, str]:
    """All letters of a period to one reader stand in one thread; a correction answers the letter
    that it corrects. A letter that answers a mail stands below that mail."""
    letter = one.letter
    if answered := thread_headers(letter.payload):
        return answered
    thread = message_id(f"{letter.period}:{letter.person}", 0, office.settings.email)
    if not one.corrects_id:
        return {"References": thread}
    return {"In-Reply-To": one.corrects_id, "References": f"{thread} {one.corrects_id}"}
