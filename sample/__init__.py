"""A province to start with: Lai Châu's 38 communes and 22 provincial bodies, and invented cadres.

    sample_roster().unit("03637").name     -> "Xã Mường Kim"
    sample_roster().cadre("03637-01").name -> "Lò Văn Inh"

The communes and their codes are real; every person is invented, and every address lies in the
reserved domain `laichau.example`, which no mail can reach.
"""

from __future__ import annotations

from pathlib import Path

from channels.errors import ChannelRefused
from channels.roster_file import read_roster
from review.roster import Roster

SAMPLE = Path(__file__).parent / "lai-chau"


def sample_roster() -> Roster:
    """The sample's units and cadres. Raises ChannelRefused if someone broke the files."""
    read = read_roster(SAMPLE)
    for fault in read.faults:
        raise ChannelRefused(f"{SAMPLE}: {fault.place}: {fault.says}")
    return read.roster
