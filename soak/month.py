"""A month as a Prefect flow: `python -m soak.month 2026-10`, with the runner that the settings say.

The exit code is 0 when it was held, 3 when another run was at work on the period.
"""

from __future__ import annotations

import sys

from flows.fields import Mode
from flows.reviews import monthly_review

STOOD_BACK = 3


def main() -> int:
    ending = monthly_review(period=sys.argv[1], mode=Mode.SEND)
    return 0 if isinstance(ending, dict) else STOOD_BACK


if __name__ == "__main__":
    sys.exit(main())
