"""What posting costs: `python -m benchmarks.posting` writes benchmarks/POSTING.md.

Prebuilt letters over our kept connection against the bare connection below it, to the same server;
the same 20 ms away with 1, 4 and 16 connections; each part of a letter's way, from its payload to
the wire; and the whole post of a month with 10,000 readers (benchmarks/mailing.py). Rounds take
turns, so that a busy neighbour hits both.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
OUT = Path(__file__).parent / "POSTING.md"
SENDER = "tdkt@laichau.example"
ROUND_TRIP = 20  # milliseconds


@contextmanager
def sink() -> Iterator[tuple[int, int]]:
    command = [sys.executable, "-m", "benchmarks.sink", str(ROUND_TRIP)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        try:
            near, far = server.stdout.readline().split()
            yield int(near), int(far)
        finally:
            server.kill()


def prebuilt() -> bytes:
    """A letter of some 60 KB: text, page, picture, workbook."""
    from letter_samples import digest
    from paper_samples import report

    from channels.composing import compose
    from channels.papers import make_paper
    from channels.rendering import Enclosed, render

    made = make_paper("workbook", report())
    rendered = render(digest())
    files = (Enclosed("bang-tong-hop.xlsx", made.content, made.media),)
    from dataclasses import replace

    whole = replace(rendered, files=files)
    return bytes(compose(whole, sender=SENDER, to="a@x.example", message_id="<a@x.example>"))


def relay_to(port: int) -> Any:
    from channels.smtp import Relay, Server

    server = Server("127.0.0.1", port, security="none")
    return Relay(server, sender=SENDER, max_per_connection=100_000)


def ours(port: int, letters: int, message: bytes) -> float:
    with relay_to(port) as relay:
        relay.hand_over("a@x.example", message)
        began = time.perf_counter()
        for _ in range(letters):
            assert relay.hand_over("a@x.example", message).sent
        return letters / (time.perf_counter() - began)


def bare(port: int, letters: int, message: bytes) -> float:
    """The connection that yagmail holds, spoken to without anything of ours in between."""
    with relay_to(port) as relay:
        relay.login()
        line = relay.smtp
        line.sendmail(SENDER, ["a@x.example"], message)
        began = time.perf_counter()
        for _ in range(letters):
            line.sendmail(SENDER, ["a@x.example"], message)
        return letters / (time.perf_counter() - began)


def over(port: int, letters: int, message: bytes, connections: int) -> float:
    def some(_: int) -> None:
        with relay_to(port) as relay:
            for _ in range(letters // connections):
                assert relay.hand_over("a@x.example", message).sent

    with ThreadPoolExecutor(connections) as pool:
        began = time.perf_counter()
        list(pool.map(some, range(connections)))
        return letters // connections * connections / (time.perf_counter() - began)


def parts(port: int, times: int) -> dict[str, float]:
    """Milliseconds a letter for each part of its way."""
    from letter_samples import LETTERS, own_result
    from paper_samples import report, sheet

    from channels.charts import digest_chart
    from channels.composing import compose
    from channels.message_words import words_of
    from channels.papers import make_paper
    from channels.rendering import render

    letter = own_result()
    rendered = render(letter)
    message = compose(rendered, sender=SENDER, to="a@x.example", message_id="<a@x.example>")
    content = bytes(message)
    with relay_to(port) as relay:
        relay.hand_over("a@x.example", content)
        ways: dict[str, Callable[[], object]] = {
            "words, page and styles (cadre_result)": lambda: render(letter),
            "words, page, styles and cached chart (digest)": lambda: render(
                LETTERS["office_digest"]()
            ),
            "chart drawn anew": lambda: digest_chart.__wrapped__(
                (("Cụm 1", 9167), ("Cụm 2", 8000)), "Tỷ lệ"
            ),
            "message composed": lambda: bytes(
                compose(rendered, sender=SENDER, to="a@x.example", message_id="<a@x.example>")
            ),
            "finished message read by the gate": lambda: words_of(message),
            "workbook": lambda: make_paper("workbook", report()),
            "result sheet as PDF": lambda: make_paper("sheet_pdf", sheet()),
            "report as PDF": lambda: make_paper("report_pdf", report()),
            "handed over": lambda: relay.hand_over("a@x.example", content),
        }
        return {name: _each(way, times) for name, way in ways.items()}


def _each(way: Callable[[], object], times: int) -> float:
    way()
    taken = []
    for _ in range(3):
        began = time.perf_counter()
        for _ in range(times):
            way()
        taken.append((time.perf_counter() - began) / times * 1000)
    return median(taken)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.posting", description=__doc__)
    parser.add_argument("--letters", type=int, default=600)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--units", type=int, default=400, help="some 25 readers each; 0: none")
    given = parser.parse_args()
    message = prebuilt()
    with sink() as (near, far):
        rounds = [
            (ours(near, given.letters, message), bare(near, given.letters, message))
            for _ in range(given.rounds)
        ]
        away = {n: over(far, min(given.letters, 64 * n), message, n) for n in (1, 4, 16)}
        each = parts(near, max(3, min(20, given.letters // 12)))
        whole = month_of_post(near, given.units) if given.units else []
    lines = [*written(rounds, away, each, len(message)), *whole]
    OUT.write_text("\n".join(lines), encoding="utf-8")
    print(OUT.read_text(encoding="utf-8"))


def written(
    rounds: list[tuple[float, float]], away: dict[int, float], each: dict[str, float], size: int
) -> list[str]:
    from benchmarks.__main__ import machine

    mine, theirs = (median(side) for side in zip(*rounds, strict=True))
    ratio = median(one / other for one, other in rounds)
    person = each["words, page and styles (cadre_result)"] + each["message composed"]
    whole = person + each["finished message read by the gate"] + each["handed over"]
    return [
        "# What posting costs",
        "",
        machine(0, os.getloadavg()[0]).replace("; 0 s in all", ""),
        "",
        f"Prebuilt letters of {size // 1024} KB over one kept connection, medians of "
        f"{len(rounds)} rounds:",
        "",
        "| | letters/s |",
        "|---|---|",
        f"| `Relay` | {mine:.0f} |",
        f"| the bare connection below it | {theirs:.0f} |",
        f"| **ratio** (median of rounds) | **{ratio:.2f}** |",
        "",
        f"The same through a line of {ROUND_TRIP} ms round trip: "
        + "; ".join(f"{n} connections {speed:.0f}/s" for n, speed in away.items())
        + ".",
        "",
        "| part of a letter's way | ms |",
        "|---|---|",
        *(f"| {name} | {ms:.2f} |" for name, ms in each.items()),
        "",
        f"A personal letter from payload to wire, judged by the gate: {whole:.1f} ms; with a "
        f"result sheet {whole + each['result sheet as PDF']:.1f} ms.",
        "",
    ]


SAID = {
    "written": "letters written into the ledger (words of every reader, their scope)",
    "summaries": "digest and leaders' letters, with workbook, report and charts",
    "judged": "each rendered, composed and read by the gate; figures held against the book; queued",
    "posted": "each claimed, rendered, composed, marked on the disk, handed over, finished",
}


def month_of_post(port: int, units: int) -> list[str]:
    from benchmarks.mailing import mailed

    made = mailed(units, port)
    seconds = sum(made.parts.values())
    kinds = ", ".join(f"{n} {kind.value}" for kind, n in made.kinds.most_common())
    return [
        f"**A month's whole post**: {made.letters} letters ({kinds}) of {units} units, from the "
        f"scored book to the relay over {made.connections} connections: {seconds:.0f} s, "
        f"{made.letters / seconds:.0f} letters/s.",
        "",
        "| part | s | ms a letter |",
        "|---|---|---|",
        *(
            f"| {SAID[part]} | {took:.1f} | {took / made.letters * 1000:.2f} |"
            for part, took in made.parts.items()
        ),
        "",
    ]


if __name__ == "__main__":
    main()
