"""How long things are kept, and when a person's data may go: the law, the office's own terms.

    may_be_forgotten(cadre, today, years=10)    -> "" or why not yet, in Vietnamese
    kept_until(date(2026, 9, 30), 10)           -> 2036-09-30

A person who still serves is on the roll because the office owes them results; of one who left the
results are records that the law on archives wants kept for a term (Law 91/2025/QH15 leaves data
alone that another law wants kept). How long is a setting of the office: [keeping] person_years.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from review.cadres import Cadre

ERASED_NAME = "(đã xóa)"
AWAY = "archived"  # what stands where contents were that lie in an archive file


@dataclass(frozen=True, slots=True)
class KeepingSettings:
    """`person_years` after a person left their data may go; `archive_months` after its end a
    period's contents may be put away into a file; `archive_years` that file is kept."""

    person_years: int = 10
    archive_months: int = 72
    archive_years: int = 20


SHORTEST_MONTHS = 15  # a year's review, its appeals and the checks against history look back so far


def kept_until(last_day: date, years: int) -> date:
    """The last day of a term of years; one that began on 29 February ends on 28 February."""
    try:
        return last_day.replace(year=last_day.year + years)
    except ValueError:
        return last_day.replace(year=last_day.year + years, day=28)


def may_be_forgotten(cadre: Cadre, today: date, years: int, *, early: bool = False) -> str:
    """Why a person's data must stay, "" if it may go. `early`: a decision says that it goes before
    its term; never while the person serves."""
    if cadre.until is None or cadre.until >= today:
        return (
            f"{cadre.code} còn trong danh bạ, cơ quan còn phải đánh giá và trả kết quả. Khi người "
            "này đã thôi: ghi ngày thôi trong danh bạ (tdkt roster), rồi mới xóa được."
        )
    end = kept_until(cadre.until, years)
    if today <= end and not early:
        return (
            f"Hồ sơ của {cadre.code} còn trong thời hạn lưu đến {end:%d/%m/%Y} ([keeping] "
            f"person_years = {years}). Có văn bản cho xóa trước hạn thì thêm --early."
        )
    return ""


def archivable_after(end: date, months: int) -> date:
    """The first day on which the contents of a period may be put away."""
    whole = end.year * 12 + end.month - 1 + months
    year, month = divmod(whole, 12)
    return date(year + (month == 11), (month + 1) % 12 + 1, 1)
