"""Who may send in for whom: the addresses that the roster knows.

    known_senders(conn, occasion)                every address that the office listens to
    turned_away(conn, settings, files, units)    {12: "la@x.vn gửi báo cáo của đơn vị …"}

A unit speaks from its contacts and from the own addresses of the cadres who serve in it: who has
left speaks for it no longer. The office may forward anybody's report; a person can vouch for a mail
(`tdkt mailbox take`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from review.cadres import Cadre
from review.mail import NOT_BY_THE_RATER, NOT_FOR_THIS_UNIT
from review.settings import Settings
from tasks.occasion import Occasion
from tdkt_models.cadres import recall_cadres
from tdkt_models.files import ReceivedFile
from tdkt_models.mails import CHANNEL, mail_of, recall_mails
from tdkt_models.units import recall_units


def office_addresses(settings: Settings) -> frozenset[str]:
    told = {settings.email, settings.reply_to, *settings.digest_to} - {""}
    return frozenset(map(str.lower, told))


def known_senders(conn: Connection, occasion: Occasion) -> frozenset[str]:
    today = occasion.now.astimezone(occasion.office.settings.zone).date()
    units = [address for unit in recall_units(conn).values() for address in unit.contacts]
    cadres = [
        cadre.email
        for cadre in recall_cadres(conn)
        if cadre.email and cadre.active_in(today, today)
    ]
    return office_addresses(occasion.office.settings) | {
        address.strip().lower() for address in (*units, *cadres)
    }


def turned_away(
    conn: Connection, settings: Settings, files: Sequence[ReceivedFile], units: Sequence[str]
) -> dict[int, str]:
    """Why files that came by mail may not count for the unit they name, by the file's id."""
    by_mail = [(f, unit) for f, unit in zip(files, units, strict=True) if f.channel == CHANNEL]
    if not by_mail:
        return {}
    ids = {mail_of(file.channel_id) for file, _ in by_mail}
    mails = {mail.channel_id: mail for mail in recall_mails(conn, channel_ids=ids)}
    contacts, cadres = _speakers(conn, {unit for _, unit in by_mail if unit})
    ours = office_addresses(settings)
    refused = {}
    for file, unit in by_mail:
        mail = mails[mail_of(file.channel_id)]
        day = mail.received_at.astimezone(settings.zone).date()
        own = {cadre.email.lower() for cadre in cadres.get(unit, ()) if cadre.active_in(day, day)}
        theirs = contacts.get(unit, set()) | own - {""}
        if unit and not mail.vouched and mail.sender not in ours | theirs:
            refused[file.id or 0] = NOT_FOR_THIS_UNIT.format(sender=mail.sender, unit=unit)
    return refused


def of_another_hand(
    conn: Connection,
    settings: Settings,
    files: Sequence[ReceivedFile],
    raters: Mapping[int, str],
) -> dict[int, str]:
    """Why raters' slips that came by mail may not count: sent from an address that is not the
    rater's own, by the file's id. `raters` has who marked, by the id of a slip; one whose address
    nobody knows is held by the unit's rule alone."""
    slips = [f for f in files if f.channel == CHANNEL and f.id in raters]
    if not slips:
        return {}
    ids = {mail_of(file.channel_id) for file in slips}
    mails = {mail.channel_id: mail for mail in recall_mails(conn, channel_ids=ids)}
    own = {cadre.code: cadre.email.strip().lower() for cadre in recall_cadres(conn)}
    ours, refused = office_addresses(settings), dict[int, str]()
    for file in slips:
        mail, rater = mails[mail_of(file.channel_id)], raters[file.id or 0]
        known = own.get(rater, "")
        if known and not mail.vouched and mail.sender not in ours | {known}:
            refused[file.id or 0] = NOT_BY_THE_RATER.format(sender=mail.sender, rater=rater)
    return refused


def _speakers(
    conn: Connection, units: set[str]
) -> tuple[dict[str, set[str]], dict[str, list[Cadre]]]:
    """By unit its own addresses, and its cadres, past ones too."""
    known = recall_units(conn)
    contacts = {unit: set(map(str.lower, known[unit].contacts)) for unit in units if unit in known}
    cadres: dict[str, list[Cadre]] = {}
    for cadre in recall_cadres(conn, units):
        cadres.setdefault(cadre.unit, []).append(cadre)
    return contacts, cadres
