"""A poster of the soak: `python -m soak.poster HOME` posts whatever is due, again and again."""

from __future__ import annotations

import sys
import time

from channels.errors import ChannelError
from cli.review import occasion_for
from tasks.email_summaries import email_summaries
from tdkt_models.base import BookError


def main() -> None:
    while True:
        try:
            email_summaries.fn(occasion_for(sys.argv[1], "2026-10"), True)
        except (BookError, ChannelError) as wrong:
            print(type(wrong).__name__, wrong, flush=True)  # the next round tries again
        time.sleep(1.0)


if __name__ == "__main__":
    main()
