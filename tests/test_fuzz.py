"""Workbooks damaged at random: every one gets an answer within contract.md's limits, none harms.

FUZZ=100000 pytest tests/test_fuzz.py        (make soak; figures in docs/security.md)
"""

from __future__ import annotations

import os
import time
from collections import Counter
from pathlib import Path
from random import Random

from channels.errors import ChannelRefused
from channels.library import regulation_in_force
from channels.reading_room import ReadingRoom
from channels.side_room import Overtaxed, marked
from review.examine import Examined
from review.findings import Verdict
from tests.mutations import mutated, real_workbooks

FILES = int(os.environ.get("FUZZ", "250"))
FIRST = int(os.environ.get("FUZZ_FIRST", "1"))
HANDFUL = 50
MEMORY_MIB, SECONDS = 512, 10.0
REASONS = {  # of contract.md, and what a desk that was ended is told to say
    *("ENCRYPTED", "NOT_A_WORKBOOK", "TOO_LARGE", "MACROS", "CORRUPT", "EMPTY", "ZIP_BOMB"),
    *("FAR_CELL", "TOO_SLOW", "HOSTILE_FILE"),
}


def test_every_damaged_workbook_gets_an_answer_within_the_limits(tmp_path: Path) -> None:
    forms, bases = regulation_in_force("2026-10").forms, real_workbooks()
    told: Counter[str] = Counter()
    wrong: list[str] = []
    slowest = 0.0
    with ReadingRoom(processes=2, memory_mib=MEMORY_MIB, seconds=SECONDS) as room:
        for first in range(FIRST, FIRST + FILES, HANDFUL):
            seeds = range(first, min(first + HANDFUL, FIRST + FILES))
            files = [mutated(Random(seed), bases) for seed in seeds]
            began = time.monotonic()
            answers = room.examine(files, forms, "2026-10")
            slowest = max(slowest, (time.monotonic() - began) / len(files))
            for seed, data, answer in zip(seeds, files, answers, strict=True):
                said = fault_of(answer)
                told[said or reason_of(answer)] += 1
                if not said and answer.verdict is not Verdict.UNREADABLE and seed % 10 == 0:
                    said = fault_of_marking(data, answer, told)
                if said:
                    wrong.append(f"seed {seed}: {said}")
    print(
        f"{FILES} files: {dict(told.most_common())}; a handful took {slowest:.3f} s a file at most"
    )
    assert wrong == []
    assert told["accepted"] or told["remarked"] or told["returned"], "some are read all the same"
    if out := os.environ.get("FUZZ_OUT"):
        Path(out).write_text(f"{FILES} {dict(told.most_common())}\n", encoding="utf-8")


def reason_of(answer: Examined) -> str:
    if answer.verdict is Verdict.UNREADABLE:
        return answer.findings[0].check
    return answer.verdict.value


def fault_of(answer: Examined) -> str:
    """What is wrong with an answer: a defect of the reader, or words that help nobody."""
    if answer.verdict is Verdict.UNREADABLE:
        if len(answer.findings) != 1 or answer.findings[0].check not in REASONS:
            return f"{[(f.check, f.says) for f in answer.findings]}"
        return "" if answer.findings[0].fix else "no way to mend it"
    if answer.verdict is Verdict.RETURNED and not answer.findings:
        return "returned without a finding"
    return ""


def fault_of_marking(data: bytes, answer: Examined, told: Counter[str]) -> str:
    """Marking is done at a desk too: it gives a workbook, refuses in words, or is ended."""
    try:
        back = marked(data, answer.findings)
    except Overtaxed:
        told["marking ended"] += 1
    except ChannelRefused as refused:
        told["marking refused"] += 1
        return "" if str(refused) else "refused without a word"
    else:
        told["marked"] += 1
        return "" if back.startswith(b"PK") else "marked is no workbook"
    return ""
