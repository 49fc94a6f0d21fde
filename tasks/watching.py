"""Who is who, for those that look into letters: a whole country in little, the readers in full.

    watch_of(conn, occasion)                               every code and name there is
    directory_for(conn, occasion, ("03637", "03640-01"))   the units, and these readers' cadres

What is kept of a country is made once for all batches of a run; it grows by some 150 bytes a
person, and no batch holds more of anybody else.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from review.scope import Directory, directory_of
from review.units import Unit
from review.watched import Watch, watch_over
from tasks.occasion import Occasion
from tasks.office import Office
from tdkt_models.cadres import recall_cadres, recall_names, recall_people
from tdkt_models.footings import roster_edition
from tdkt_models.units import recall_units


@dataclass(frozen=True, slots=True)
class _Country:
    edition: str
    units: Mapping[str, Unit]
    watch: Watch


_known: dict[Office, _Country] = {}


def watch_of(conn: Connection, occasion: Occasion) -> Watch:
    """Every code and name of the roster as it is now; no totals."""
    return _country(conn, occasion).watch


def directory_for(conn: Connection, occasion: Occasion, readers: Collection[str]) -> Directory:
    """Every unit; of the cadres those who read, and those of the units that do."""
    units = _country(conn, occasion).units
    theirs = recall_cadres(conn, sorted(code for code in readers if code in units))
    persons = recall_people(conn, sorted(code for code in readers if code not in units))
    return directory_of(units, (*theirs, *persons), occasion.office.settings)


def _country(conn: Connection, occasion: Occasion) -> _Country:
    edition, found = roster_edition(conn), _known.get(occasion.office)
    if found is None or found.edition != edition:
        units = recall_units(conn)
        found = _Country(edition, units, watch_over(units, recall_names(conn)))
        _known.clear()
        _known[occasion.office] = found
    return found
