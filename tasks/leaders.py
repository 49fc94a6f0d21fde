"""E3, E4, E6: the report of a quarter, a year or a term to the leaders, as figures and as a paper.

report_to_leaders.fn(occasion)      -> how many letters are new; posted like any other
"""

from __future__ import annotations

from prefect import task

from channels.papers import make_paper
from review.letterhead import copies
from review.letters import leader_report
from review.report_balance import imbalances
from tasks.occasion import Occasion
from tasks.papers import OFFICE, PapersRefused, keep_manifest
from tasks.report import keep_letters
from tasks.report_figures import report_figures
from tdkt_models.letter_rows import payload_sha


@task(name="Báo cáo lãnh đạo")
def tell_leaders(occasion: Occasion) -> int:
    """As part of a review: an office that named nobody to report to reports to nobody."""
    if not occasion.office.settings.leaders_to:
        return 0
    written: int = report_to_leaders.fn(occasion)
    return written


@task(name="Viết thư báo cáo lãnh đạo")
def report_to_leaders(occasion: Occasion) -> int:
    """Raises PapersRefused where there are no figures, no leader to write to, or a figure that does
    not add up."""
    settings = occasion.office.settings
    if not settings.leaders_to:
        raise PapersRefused("Chưa có địa chỉ lãnh đạo: điền leaders_to trong office.toml.")
    with occasion.office.book() as book:
        with book.snapshot() as conn:
            report = report_figures(conn, occasion)
        if wrong := imbalances(report):
            raise PapersRefused(" ".join(("Số liệu không khớp, chưa viết thư.", *wrong)))
        made = make_paper("report_pdf", report)
        name = f"Bao-cao-{occasion.period_text.replace('..', '-')}.pdf"
        paper = {
            "kind": "report_pdf",
            "sha": payload_sha(report),
            "name": name,
            "title": f"Báo cáo {occasion.period.label}",
        }
        letter = leader_report(settings, occasion.period_text, report, enclosed=[paper])
        with book.writing() as conn:
            keep_manifest(conn, occasion, "report_pdf", OFFICE, report, made)
            return keep_letters(conn, occasion, copies(letter, settings.leaders_to))
