"""What a reader may see, and what in a finished letter is past that.

    scope = scope_of("03637-01", directory)         a person: that person alone
    scope.reader, scope.cadres                      -> Reader.PERSON, {"03637-01"}
    crossings(words, scope, watch, own)             -> ("mã 03549-01 của người khác",)
    veiled("… có ở mã 03549-01", scope, watch)      -> "… có ở mã (của đơn vị khác)"

`words` are those of the message as it will leave, attachments included: what the gate reads is what
the reader will. A reader's scope follows from who reads, never from the letter itself, so a letter
built from the wrong rows is caught (feature L20). Own words are what the reader itself wrote: a
name it typed is no secret from it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from review.cadres import Cadre
from review.findings import Finding
from review.points import shown
from review.scorecard import PART, Scorecard
from review.settings import Settings
from review.units import Unit
from review.watched import TOKEN, Watch, as_name

OFFICE, LEADER, CLUSTER = "office", "leader", "cluster:"
CONTACT, SUPERIOR = "contact:", "superior:"  # an address of several units; who is over a cluster
LONGEST_NAME = 6  # words of a person's name
VEIL = "(của đơn vị khác)"
_A_PERIOD = re.compile(r"20\d\d(?:-(?:\d\d|[QH]\d))?")
_FIGURE = re.compile(r"(?<![\d,.])\d{1,3},\d{1,2}(?![\d,])")


class Reader(StrEnum):
    PERSON = "person"  # own result only
    UNIT_HEAD = "unit"  # the unit and its cadres
    CLUSTER = "cluster"  # the figures of its units, no person
    LEADER = "leader"  # the figures of all units, no person
    OFFICE = "office"  # everything


@dataclass(frozen=True, slots=True)
class Scope:
    """`units` and `cadres` are codes that may be named; `addresses` where this reader is written
    to, in small letters; `names` those of the cadres (see `as_name`). Of OFFICE nothing is out of
    scope but other people's addresses."""

    reader: Reader
    units: frozenset[str] = frozenset()
    cadres: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()

    @property
    def sees_all(self) -> bool:
        return self.reader is Reader.OFFICE

    @property
    def sees_figures(self) -> bool:
        """Whether any figure may be shown, being nobody's own."""
        return self.reader in (Reader.OFFICE, Reader.LEADER, Reader.CLUSTER)


@dataclass(frozen=True, slots=True)
class Directory:
    """The units there are and the cadres who are asked about, by code, and the office's own
    addresses."""

    units: Mapping[str, Unit]
    cadres: Mapping[str, Cadre]
    office: frozenset[str] = frozenset()
    superiors: Mapping[str, str] = field(default_factory=dict)


def directory_of(
    units: Mapping[str, Unit] | Iterable[Unit], cadres: Iterable[Cadre], office: Settings
) -> Directory:
    """Units by code are taken as they are: a country has ten thousand, and every batch asks."""
    addresses = {office.email, office.reply_to, *office.digest_to, *office.leaders_to} - {""}
    return Directory(
        units if isinstance(units, Mapping) else {unit.code: unit for unit in units},
        {cadre.code: cadre for cadre in cadres},
        frozenset(map(str.lower, addresses)),
        office.superiors,
    )


def scope_of(person: str, directory: Directory) -> Scope | None:
    """The scope of a letter's reader; None for a reader whom nobody knows."""
    if cadre := directory.cadres.get(person):
        return Scope(
            Reader.PERSON,
            frozenset({cadre.unit}),
            frozenset({cadre.code}),
            frozenset({cadre.email.lower()}),
            frozenset({as_name(cadre.name)}),
        )
    if unit := directory.units.get(person):
        return _scope_of_unit(unit, [c for c in directory.cadres.values() if c.unit == unit.code])
    if person.startswith(CLUSTER):
        cluster = person.removeprefix(CLUSTER)
        units = {unit.code for unit in directory.units.values() if unit.cluster == cluster}
        return Scope(Reader.CLUSTER, frozenset(units), addresses=directory.office)
    if person.startswith((CONTACT, SUPERIOR)):
        return _scope_of_several(person, directory)
    every = frozenset(directory.units)
    if person.partition("-")[0] == LEADER:
        return Scope(Reader.LEADER, every, addresses=directory.office)
    if person.partition("-")[0] == OFFICE:
        return Scope(Reader.OFFICE, every, frozenset(directory.cadres), directory.office)
    return None


def _scope_of_unit(unit: Unit, cadres: Iterable[Cadre]) -> Scope:
    cadres = tuple(cadres)
    return Scope(
        Reader.UNIT_HEAD,
        frozenset({unit.code}),
        frozenset(cadre.code for cadre in cadres),
        frozenset(map(str.lower, unit.contacts)),
        frozenset(as_name(cadre.name) for cadre in cadres),
    )


def _scope_of_several(person: str, directory: Directory) -> Scope | None:
    """One who answers for several units sees that they owe, and nobody in them."""
    units = directory.units.values()
    if person.startswith(CONTACT):
        address = person.removeprefix(CONTACT)
        own = frozenset(unit.code for unit in units if unit.letter_to.lower() == address)
        return Scope(Reader.UNIT_HEAD, own, addresses=frozenset({address})) if own else None
    cluster = person.removeprefix(SUPERIOR)
    if cluster not in directory.superiors:
        return None
    own = frozenset(unit.code for unit in units if unit.cluster == cluster)
    to = frozenset({directory.superiors[cluster].lower()})
    return Scope(Reader.CLUSTER, own, addresses=to)


def scopes_of(persons: Iterable[str], directory: Directory) -> dict[str, Scope | None]:
    """The same for many readers, looking through the cadres once."""
    by_unit: dict[str, list[Cadre]] = {}
    for cadre in directory.cadres.values():
        by_unit.setdefault(cadre.unit, []).append(cadre)
    found: dict[str, Scope | None] = {}
    for person in persons:
        if unit := directory.units.get(person):
            found[person] = _scope_of_unit(unit, by_unit.get(unit.code, ()))
        else:
            found[person] = scope_of(person, directory)
    return found


def naming(scope: Scope, cadres: Iterable[Cadre]) -> Scope:
    """The same reader, before whom these may be named too: whom a rater is to mark. Their figures
    stay out of reach: what is the reader's own (`own_of`) is taken of the narrow scope."""
    cadres = tuple(cadres)
    return replace(
        scope,
        cadres=scope.cadres | {cadre.code for cadre in cadres},
        names=scope.names | {as_name(cadre.name) for cadre in cadres},
    )


def crossings(
    words: str, scope: Scope, watch: Watch, own: Collection[str] = frozenset()
) -> tuple[str, ...]:
    """What in a text its reader may not see, in Vietnamese; `own` are the figures and words that
    are the reader's own (see `own_of`)."""
    if scope.sees_all:
        return ()
    text = unicodedata.normalize("NFC", words)
    tokens = TOKEN.findall(text)
    found = [*_codes(tokens, scope, watch, own), *_names(tokens, scope, watch, own)]
    if not scope.sees_figures:
        others = (_figures(text) & watch.totals) - set(own)
        found += [f"điểm {one} của người khác" for one in sorted(others)]
    return tuple(dict.fromkeys(found))


def own_of(
    cards: Iterable[Scorecard], typed: Iterable[str], judged: Iterable[str] = ()
) -> frozenset[str]:
    """Figures of the reader's own cards, reasons and findings (`judged`), and the words that it
    typed itself."""
    said: set[str] = set()
    for card in cards:
        numbers = [card.general, card.mean, card.task_score, card.total]
        numbers += [card.a, card.b, card.c, card.d, card.dd, card.e, card.low, card.high]
        said |= {shown(number) for number in numbers if number is not None}
        for reason in card.reasons:
            # What a longer period was made of names the units where the person worked.
            part = reason.term == PART
            said |= _figures_and_words(reason.says) if part else _figures(reason.says)
            said |= {shown(reason.lost)} if reason.lost is not None else set()
    for text in judged:
        said |= _figures(text)
    for text in typed:
        said |= _figures_and_words(text)
    return frozenset(said)


def veiled(text: str, scope: Scope, watch: Watch, own: Collection[str] = frozenset()) -> str:
    """The text with every code and name out of scope covered."""
    if scope.sees_all:
        return text

    def cover(found: re.Match[str]) -> str:
        token = found[0]
        hidden = token in watch.codes and token not in _may_name(scope) and token not in own
        return VEIL if hidden else token

    covered = TOKEN.sub(cover, unicodedata.normalize("NFC", text))
    for name in _foreign_names(TOKEN.findall(covered), scope, watch, own):
        pattern = r"\s+".join(map(re.escape, name.split(" ")))
        covered = re.sub(pattern, VEIL, covered, flags=re.IGNORECASE)
    return covered


def veiled_finding(finding: Finding, scope: Scope, watch: Watch) -> Finding:
    """A finding fit for the unit it is about; what stood in its cell the unit wrote itself."""
    own = _figures_and_words(finding.value)
    says, fix = (veiled(text, scope, watch, own) for text in (finding.says, finding.fix))
    return (
        finding
        if (says, fix) == (finding.says, finding.fix)
        else replace(finding, says=says, fix=fix)
    )


def _codes(tokens: list[str], scope: Scope, watch: Watch, own: Collection[str]) -> Iterator[str]:
    allowed = _may_name(scope)
    for token in dict.fromkeys(tokens):
        for part in _parts(token):
            foreign = part in watch.codes and part not in allowed and part not in own
            if foreign and not (part.isalpha() and _only_as_a_word(part, tokens)):
                yield f"mã {part} không thuộc phạm vi người nhận"


def _only_as_a_word(code: str, tokens: list[str]) -> bool:
    """Whether a code that is also what people call the unit (“SNV”, “UBKT”) is never given as a
    code: said after “mã”, or before a period as in a file's name. A body's name is no secret."""
    for at, token in enumerate(tokens):
        if token == code:
            before = tokens[at - 1].casefold() if at else ""
            after = tokens[at + 1] if at + 1 < len(tokens) else ""
            if before == "mã" or _A_PERIOD.fullmatch(after):
                return False
        elif code in token.split("-"):
            return False
    return True


def _parts(token: str) -> Iterator[str]:
    """The token and, of one with hyphens, everything that it may hide: 03549 in 03549-2026."""
    yield token
    pieces = token.split("-")
    for length in range(1, len(pieces)):
        for at in range(len(pieces) - length + 1):
            yield "-".join(pieces[at : at + length])


def _names(tokens: list[str], scope: Scope, watch: Watch, own: Collection[str]) -> Iterator[str]:
    for name in _foreign_names(tokens, scope, watch, own):
        yield f"tên “{name.title()}” không thuộc phạm vi người nhận"


def _foreign_names(
    tokens: list[str], scope: Scope, watch: Watch, own: Collection[str]
) -> list[str]:
    """A homonym of somebody in scope is no secret: names never identify a person."""
    words = [token.casefold() for token in tokens]
    found: dict[str, None] = {}
    for length in range(2, LONGEST_NAME + 1):
        for at in range(len(words) - length + 1):
            name = " ".join(words[at : at + length])
            if name in watch.names and name not in scope.names and name not in own:
                found[name] = None
    return list(found)


def _figures_and_words(text: str) -> set[str]:
    """Figures, codes and runs of words of a text, to be known again in a letter."""
    tokens = TOKEN.findall(unicodedata.normalize("NFC", text))
    words = [token.casefold() for token in tokens]
    runs = {
        " ".join(words[at : at + length])
        for length in range(2, LONGEST_NAME + 1)
        for at in range(len(words) - length + 1)
    }
    return _figures(text) | {part for token in tokens for part in _parts(token)} | runs


def _figures(text: str) -> set[str]:
    return {_two_places(figure) for figure in _FIGURE.findall(text)}


def _may_name(scope: Scope) -> frozenset[str]:
    return scope.units | scope.cadres


def _two_places(figure: str) -> str:
    whole, _, rest = figure.partition(",")
    return f"{whole},{rest:0<2}"
