"""What the people of the sample office say of proposed changes: most are accepted, some refused
with a reason, some still wait.

for change, verdict, note in words_on(changes): …

The same proposal always gets the same word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from random import Random

from review.plans import ChangeState, ProposedChange

WHO = ("Nguyễn Thị Thu Hà, Trưởng phòng TĐKT", "Đinh Văn Long, Phó Giám đốc Sở Nội vụ")
NOTES = (
    "Đã bố trí trong kế hoạch của đơn vị",
    "Lùi sang kỳ sau do thiếu kinh phí",
    "Đã học lớp tương đương năm trước",
    "Chờ ý kiến cấp ủy",
)
REFUSED, ACCEPTED = 8, 78  # of a hundred: refused below the first, accepted below the second


def words_on(
    changes: Iterable[ProposedChange],
) -> Iterator[tuple[ProposedChange, ChangeState, str]]:
    for change in changes:
        if change.state is ChangeState.PROPOSED:
            dice = Random(":".join(change.natural))
            drawn = dice.randrange(100)
            if drawn < REFUSED:
                yield change, ChangeState.REFUSED, dice.choice(NOTES)
            elif drawn < ACCEPTED:
                yield change, ChangeState.ACCEPTED, ""
