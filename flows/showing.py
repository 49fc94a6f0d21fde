"""What an operator sees of a run in Prefect's screen: figures only, nobody's personal result."""

from __future__ import annotations

from prefect.artifacts import create_markdown_artifact

from review.scorecard import Grade
from review.standing import Standing
from tasks.occasion import Occasion


def show(occasion: Occasion, standing: Standing) -> None:
    """Keeps the period's figures as an artifact, keyed so that each run adds to its history."""
    create_markdown_artifact(
        key=f"tinh-hinh-{occasion.period_text.lower()}",
        markdown=in_words(occasion, standing),
        description=f"Tình hình {occasion.period.label}",
    )


def in_words(occasion: Occasion, standing: Standing) -> str:
    tally, persons, letters = standing.tally, standing.persons, standing.letters
    rows = [
        ("Đơn vị phải báo cáo", tally.roll),
        ("Đã nộp", tally.received),
        ("Đạt", tally.accepted),
        ("Không phát sinh", tally.nil),
        ("Trả lại", tally.returned),
        ("Để riêng", tally.set_aside),
        ("Chưa nộp", tally.missing),
        ("Nộp muộn", tally.late),
        ("Cán bộ trong danh sách", persons.on_roll),
        ("Đã chấm điểm", persons.scored),
        *((Grade(code).label, count) for code, count in persons.grades.items()),
        ("Thư đã gửi", letters["sent"]),
        ("Thư chờ gửi", letters["written"]),
        ("Thư lỗi, chưa rõ, tạm giữ", letters["failed"] + letters["in_doubt"] + letters["held"]),
    ]
    table = "\n".join(f"| {name} | {figure} |" for name, figure in rows)
    checks = "\n".join(f"- {fault}" for fault in standing.faults) or "Số liệu khớp."
    title = occasion.period.label.capitalize()
    return f"## {title}\n\n| Nội dung | Số |\n|---|---:|\n{table}\n\n{checks}\n"
