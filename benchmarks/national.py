"""`python -m benchmarks.national`: the whole country every month, worked out from measured costs.

Reads what `make bench` wrote (RESULTS.md, POSTING.md) and writes the tables of docs/scale.md: how
long each way of running it takes, what is full first, what one more year weighs. Nothing is run:
the figures are only as good as the measurements they name.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent / "docs" / "scale.md"
BEGIN, END = "<!-- national: begin -->", "<!-- national: end -->"

PROVINCES, COMMUNES = 34, 3_321  # since 1 July 2025
DEPARTMENTS, MINISTRIES = 15, 30  # of each province; ministries and bodies of their rank
PEOPLE = 2_000_000  # civil servants and public employees, if all were scored every month
PEOPLE_A_WORKBOOK = 25  # of the benchmark's workbooks (benchmarks/data.py)
EMULATION_A_UNIT = 2.3  # cadres who do emulation work, of the sample province: 140 in 60 units
KIB_A_WORKBOOK = 56  # 55,564 KiB for 1,000 of the benchmark's workbooks
# How reports come in before a deadline: the share of all on the last working day, and in its last
# hour. [POLICY] an assumption, as no province has published one.
LAST_DAY, LAST_HOUR = 0.8, 0.5
HOURS_A_DAY = 8.0
BOUND = 0.7  # beyond this share of its time a machine's queue grows without warning


@dataclass(frozen=True, slots=True)
class Costs:
    """Seconds a workbook of 25 people: `month` the whole of it on a machine of two cores, `read`
    its reading and checking, which any number of processes do, `take` all from collecting to the
    book, which one intake does at a time; `letter` a personal one."""

    units: int
    month: float
    read: float
    take: float
    letter: float


@dataclass(frozen=True, slots=True)
class Way:
    """One way to run it: so many offices of so many workbooks each, on so many processes."""

    name: str
    offices: int
    workbooks: int
    processes: int
    letters: int

    def hours(self, costs: Costs) -> float:
        """From the deadline to the letters written, as if only reading gained from a process more:
        the measured month had two."""
        each = costs.month - costs.read / 2 + costs.read / self.processes
        return self.workbooks * each / 3600


def ways() -> Iterator[Way]:
    units = COMMUNES + PROVINCES * DEPARTMENTS + MINISTRIES
    each = COMMUNES // PROVINCES + DEPARTMENTS
    of_each, of_all = (round(many * EMULATION_A_UNIT) for many in (each, units))
    yield Way("mỗi tỉnh một máy, cán bộ thi đua", PROVINCES, each, 2, of_each)
    yield Way("cả nước một máy, cán bộ thi đua", 1, units, 2, of_all)
    books = PEOPLE // PEOPLE_A_WORKBOOK
    offices = PROVINCES + MINISTRIES
    part, people = books // offices, PEOPLE // offices
    yield Way("mỗi tỉnh, bộ một máy, 2 triệu người", offices, part, 2, people)
    yield Way("như trên, máy 8 nhân", offices, part, 8, people)
    yield Way("cả nước một cụm 64 nhân, 2 triệu người", 1, books, 64, PEOPLE)


def costs_in(results: str, posting: str) -> Costs:
    """From the largest run of RESULTS.md. Raises ValueError where a row is not there."""
    *_, last = re.split(r"^## (?=[\d,]+ units)", results, flags=re.MULTILINE)
    last = last.partition("\n## ")[0]
    units = int(last.split(" ", 1)[0].replace(",", ""))
    month = _cell(last, "Product, roll to letters, Prefect flow", 3) / 1000
    read = _cell(last, "Read and check", 3) / 1000
    take = _cell(last, "Product, collect to store, 2 process(es)", 3) / 1000
    letter = re.search(r"judged by the gate: ([\d.]+) ms", posting)
    if not letter:
        raise ValueError("POSTING.md does not say what a letter costs")
    return Costs(units, month, read, take, float(letter[1]) / 1000)


def _cell(text: str, row: str, at: int) -> float:
    """A figure of the row's own columns, `at` counted from 1."""
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("| \n").split("|")]
        if cells[0] == row and at < len(cells) and cells[at]:
            return float(cells[at].replace(",", ""))
    raise ValueError(f"RESULTS.md has no row “{row}”")


def longest_wait(workbooks: int, seconds: float, lines: int = 1) -> float:
    """Seconds that the unluckiest report of the last hour waits for its receipt: arrivals evenly
    over the hour, first come first served, one at a time on each of so many lines."""
    many = round(workbooks * LAST_HOUR)
    free = [0.0] * lines
    worst = 0.0
    for n in range(many):
        came = n * 3600 / many
        done = max(came, heapq.heappop(free)) + seconds
        heapq.heappush(free, done)
        worst = max(worst, done - came)
    return worst


def loads(way: Way, costs: Costs, pace: float) -> list[tuple[str, float]]:
    """Each resource with the share of its time that the busiest day takes, the fullest first: the
    last day's reports, the whole review in one working day, its letters in another."""
    day = HOURS_A_DAY * 3600
    last = way.workbooks * LAST_DAY
    found = [
        ("thu nhận ngày cuối", last * (costs.take + costs.letter) / day),
        ("cả lượt xét", way.hours(costs) * 3600 / day),
        ("lập thư", way.letters * costs.letter / day),
        (f"máy chủ thư ({pace:g} thư/giây)", way.letters / pace / day),
    ]
    return sorted(found, key=lambda one: -one[1])


def table(costs: Costs, pace: float = 20.0) -> str:
    lines = [
        f"Tính từ lần đo {_whole(costs.units)} đơn vị của `benchmarks/RESULTS.md`: cả tháng "
        f"{_said(costs.month * 1000)} ms một báo cáo {PEOPLE_A_WORKBOOK} người (hai tiến trình), "
        f"đọc và kiểm tra {_said(costs.read * 1000)} ms, thu nhận {_said(costs.take * 1000)} ms, "
        f"một thư cá nhân {_said(costs.letter * 1000)} ms.",
        "",
        "| Cách chạy | Nơi | Báo cáo một nơi | Tiến trình | Xét cả kỳ | Chờ phiếu nhận, giờ cuối "
        "| Đầy trước nhất | Bản gốc một năm |",
        "|---|---:|---:|---:|---:|---:|---|---:|",
    ]
    for way in ways():
        (first, share), (second, next_share) = loads(way, costs, pace)[:2]
        wait = longest_wait(way.workbooks, costs.take + costs.letter)
        size = way.workbooks * KIB_A_WORKBOOK * 12 / (1 << 20)
        over = " **quá**" if share > 1 else " (sát)" if share > BOUND else ""
        row = (
            *(way.name, f"{way.offices}", _whole(way.workbooks), f"{way.processes}"),
            *(_hours(way.hours(costs)), f"{_said(wait)} giây"),
            f"{first}: {_said(share * 100)}% một ngày{over}; rồi {second}: "
            f"{_said(next_share * 100)}%",
            f"{_said(size)} GiB",
        )
        lines.append(f"| {' | '.join(row)} |")
    return "\n".join(lines)


def _whole(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def _said(number: float) -> str:
    return f"{number:.{1 if number >= 0.05 else 3}f}".replace(".", ",")


def _hours(hours: float) -> str:
    return f"{_said(hours * 60)} phút" if hours < 1 else f"{_said(hours)} giờ"


def main(argv: Sequence[str] = ()) -> None:
    del argv
    results, posting = ((HERE / name).read_text("utf-8") for name in ("RESULTS.md", "POSTING.md"))
    told = table(costs_in(results, posting))
    print(told)
    head, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    PAGE.write_text(f"{head}{BEGIN}\n{told}\n{END}{rest.partition(END)[2]}", "utf-8")


if __name__ == "__main__":
    main()
