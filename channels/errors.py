"""What can go wrong between the office and the world.

    ChannelError            the world, or what came from it, is not as it must be
    ├── ChannelBusy         worth another try: a lock, a time-out, a server that says "later"
    ├── ChannelRefused      never by trying again: a wrong file, an address that does not exist
    └── LibraryError        regulations/ does not load or does not add up

A library's own exceptions are translated once, in the channel that uses it. The message is
Vietnamese: it names the thing, what was found and what to do.
"""

from __future__ import annotations


class ChannelError(Exception):
    """Any failure of a channel."""


class ChannelBusy(ChannelError):
    """The other side may take it later; only this one is retried."""


class ChannelRefused(ChannelError):
    """Trying again will not help; a person must act."""


class LibraryError(ChannelError):
    """A regulation is missing, cannot be parsed, or contradicts itself."""
