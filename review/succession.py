"""Posts and those who could take them: quy hoạch, tạo nguồn, and the gap between generations.

    generation_gaps(posts, candidates, on, rules, table)[0].says
        -> "Trưởng phòng … nghỉ hưu từ 01/05/2027, chưa có ai trong quy hoạch"

All of one unit: a post is known by its role (cấp trưởng, cấp phó), never by how somebody spelt its
name, and has as many seats as it has holders.

Source: the founding article, third measure; domain.md 1.1 rows 10–12, 17, 19 and section 3.9. Every
limit is a setting: the Party's regulations on them could not be confirmed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from review.cadres import Cadre, Role
from review.evidence import Evidence, months_after
from review.forecast import retires_on
from review.plan_rules import SuccessionRules
from review.retirement import RetirementTable
from review.scorecard import Grade


@dataclass(frozen=True, slots=True)
class Post:
    """A seat of a key post: `code` is the role's, `name` as the holder bears it."""

    unit: str
    code: str
    name: str
    holder: Cadre


@dataclass(frozen=True, slots=True)
class Candidate:
    """One person in the plan for one post, `cadre` None where the roster does not know them. `post`
    is the role's code, or the folded name of a post that the roster has not; `title` as written;
    `readiness` the form's key, `reviewed` the day the entry was last reviewed, `score` hundredths.
    """

    unit: str
    post: str
    cadre: Cadre | None
    entered: date | None
    reviewed: date | None
    readiness: str
    grade: Grade | None
    title: str = ""
    named: str = ""
    score: int | None = None
    cell: str = ""
    period: str = ""

    @property
    def who(self) -> str:
        """The code, or the name where there is none: names tell apart only within one post."""
        return self.cadre.code if self.cadre else f"{self.unit}:{self.named}"

    @property
    def name(self) -> str:
        return self.cadre.name if self.cadre else self.named

    @property
    def of_the_unit(self) -> bool:
        return self.cadre is None or self.cadre.unit == self.unit


@dataclass(frozen=True, slots=True)
class Revision:
    """Somebody entered or left the plan in the period, and on what ground."""

    unit: str
    name: str
    title: str
    enters: bool
    basis: str
    on: date | None
    cell: str = ""
    period: str = ""


@dataclass(frozen=True, slots=True)
class Prospect:
    """What a unit says of where one of its cadres could go (khả năng phát triển)."""

    unit: str
    cadre: str
    title: str
    readiness: str
    lacks: str
    cell: str = ""
    period: str = ""


@dataclass(frozen=True, slots=True)
class GenerationGap:
    post: Post
    leaves: date
    says: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """Somebody outside the plan from whom it may be filled (nguồn tại chỗ, nguồn nơi khác)."""

    unit: str
    name: str
    post: str
    origin: str
    readiness: str
    taken: bool
    cell: str = ""
    period: str = ""


READINESS = {"san_sang": "sẵn sàng", "mot_hai_nam": "sau 1–2 năm", "chua": "chưa sẵn sàng"}


def folded(name: str) -> str:
    """A post's name as it is compared: letters and blanks may differ."""
    return " ".join(name.casefold().split())


def post_code(role: str, title: str, cadres: Iterable[Cadre]) -> str:
    """The code of a post as a report tells it: the role it names; else that of whoever bears the
    title in the unit; else the title itself."""
    if role in (Role.HEAD, Role.DEPUTY):
        return role
    bearers = (c.role.value for c in cadres if c.leads and folded(c.post) == folded(title))
    return next(bearers, folded(title))


def posts_of(cadres: Iterable[Cadre], key_roles: Sequence[str]) -> tuple[Post, ...]:
    """The key posts of a unit, as the roster shows them: one a head or deputy."""
    return tuple(
        Post(cadre.unit, cadre.role.value, cadre.post or cadre.role.label, cadre)
        for cadre in cadres
        if cadre.role in key_roles
    )


def bare_posts(
    posts: Iterable[Post], candidates: Iterable[Candidate], rules: SuccessionRules
) -> tuple[tuple[Post, int], ...]:
    """Posts with fewer candidates than asked, and how many they have; one a post, not a seat."""
    counts = Counter(one.post for one in candidates)
    first = {post.code: post for post in reversed(list(posts))}
    return tuple(
        (post, counts[code])
        for code, post in sorted(first.items())
        if counts[code] < rules.least_candidates
    )


def crowded_posts(
    posts: Iterable[Post], candidates: Sequence[Candidate], rules: SuccessionRules
) -> tuple[tuple[Candidate, ...], ...]:
    """The candidates of each post that has more of them than its seats allow."""
    seats = Counter(post.code for post in posts)
    by_post = _by_post(candidates)
    return tuple(
        tuple(some)
        for code, some in sorted(by_post.items())
        if len(some) > rules.max_candidates * max(1, seats[code])
    )


def busy_candidates(
    candidates: Iterable[Candidate], rules: SuccessionRules
) -> tuple[tuple[Candidate, ...], ...]:
    """Whoever is planned for more posts than allowed, each with their entries."""
    by_person: dict[str, list[Candidate]] = defaultdict(list)
    for one in candidates:
        by_person[one.who].append(one)
    many = (tuple(some) for _, some in sorted(by_person.items()))
    return tuple(some for some in many if len(some) > rules.max_posts)


def unreviewed(
    candidates: Iterable[Candidate], on: date, rules: SuccessionRules
) -> tuple[Candidate, ...]:
    limit = months_after(on, -rules.review_months)
    return tuple(one for one in candidates if (one.reviewed or one.entered or date.min) < limit)


def leaving_the_plan(
    candidates: Iterable[Candidate], rules: SuccessionRules
) -> tuple[Candidate, ...]:
    """Candidates whose grade no longer keeps them there; no grade yet is no ground."""
    return tuple(
        one for one in candidates if one.grade is not None and one.grade not in rules.keep_grades
    )


def entering_the_plan(
    prospects: Iterable[Prospect],
    candidates: Iterable[Candidate],
    grades: Mapping[str, Grade | None],
    rules: SuccessionRules,
) -> tuple[Prospect, ...]:
    """Those said to be ready, graded as the plan asks, and not in it yet."""
    there = {one.who for one in candidates}
    return tuple(
        one
        for one in prospects
        if one.readiness in rules.ready
        and one.cadre not in there
        and grades.get(one.cadre) in rules.keep_grades
    )


def generation_gaps(
    posts: Iterable[Post],
    candidates: Iterable[Candidate],
    on: date,
    rules: SuccessionRules,
    table: RetirementTable,
) -> tuple[GenerationGap, ...]:
    """Posts whose holder retires within the months of the rules while nobody graded tốt or better
    stands behind (hẫng hụt cán bộ, W15)."""
    behind = _by_post(candidates)
    until, gaps = months_after(on, rules.gap_months), []
    for post in posts:
        due = retires_on(post.holder, table)
        if due is None or due.pension_from > until:
            continue
        those = behind[post.code]
        if not any(one.grade in rules.keep_grades for one in those):
            says = f"{post.name} ({post.holder.name}) nghỉ hưu từ {due.pension_from:%d/%m/%Y}, " + (
                "người trong quy hoạch chưa ai xếp loại tốt"
                if those
                else "chưa có ai trong quy hoạch"
            )
            first = Evidence(says, post.holder.code, on=due.pension_from)
            told = (entry(one, f"{one.name}: {graded(one)}") for one in those)
            gaps.append(GenerationGap(post, due.pension_from, says, (first, *told)))
    return tuple(sorted(gaps, key=lambda gap: (gap.leaves, gap.post.holder.code)))


def entry(one: Candidate, says: str, on: date | None = None) -> Evidence:
    """A line of the succession sheet as evidence."""
    return Evidence(says, one.who, one.period, one.cell, one.score, on or one.entered)


def graded(one: Candidate) -> str:
    return one.grade.label if one.grade else "chưa có xếp loại"


def _by_post(candidates: Iterable[Candidate]) -> defaultdict[str, list[Candidate]]:
    found: defaultdict[str, list[Candidate]] = defaultdict(list)
    for one in candidates:
        found[one.post].append(one)
    return found
