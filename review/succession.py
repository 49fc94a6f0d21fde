"""Posts and those who could take them: quy hoạch, tạo nguồn, and the gap between generations.

    generation_gaps(posts, candidates, on, rules, table)[0].says
        -> "Trưởng phòng … nghỉ hưu từ 01/05/2027, chưa có ai trong quy hoạch"

Source: the founding article, third measure; domain.md 1.1 rows 10–12, 17, 19 and section 3.9. Every
limit is a setting: the Party's regulations on them could not be confirmed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from review.cadres import Cadre, Sex
from review.evidence import Evidence, Measure, months_after, percent, years_old
from review.forecast import Range, retires_on
from review.plan_rules import StructureRules, SuccessionRules
from review.retirement import RetirementTable
from review.scorecard import Grade


@dataclass(frozen=True, slots=True)
class Post:
    """A key post of a unit. `code` is its folded name; `holder` None means it is vacant."""

    unit: str
    code: str
    name: str
    holder: Cadre | None = None

    @property
    def key(self) -> tuple[str, str]:
        return self.unit, self.code


@dataclass(frozen=True, slots=True)
class Candidate:
    """One person in the plan for one post, `cadre` None where the roster does not know them.
    `readiness` is the form's key, `reviewed` the day the entry was last reviewed."""

    unit: str
    post: str
    cadre: Cadre | None
    entered: date | None
    reviewed: date | None
    readiness: str
    grade: Grade | None
    lacks: str = ""
    named: str = ""
    cell: str = ""
    period: str = ""

    @property
    def who(self) -> str:
        """The code, or the name where there is none: names tell apart only within one post."""
        return self.cadre.code if self.cadre else f"{self.unit}:{self.named}"

    @property
    def name(self) -> str:
        return self.cadre.name if self.cadre else self.named


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody enters or leaves the plan, and on what ground."""

    unit: str
    post: str
    cadre: str
    enters: bool
    ground: str
    evidence: tuple[Evidence, ...]


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
    cadre: str
    origin: str
    readiness: str
    taken: bool
    cell: str = ""
    period: str = ""


def folded(name: str) -> str:
    """A post's name as it is compared: one unit names its posts, letters and blanks may differ."""
    return " ".join(name.casefold().split())


def posts_of(cadres: Iterable[Cadre], key_roles: Sequence[str]) -> tuple[Post, ...]:
    """The key posts, as the roster shows them: one a head or deputy."""
    return tuple(
        Post(
            cadre.unit,
            folded(cadre.post or cadre.role.label),
            cadre.post or cadre.role.label,
            cadre,
        )
        for cadre in cadres
        if cadre.role in key_roles
    )


def leaving_the_plan(candidates: Iterable[Candidate], rules: SuccessionRules) -> tuple[Entry, ...]:
    """Candidates whose grade no longer keeps them there; no grade yet is no ground."""
    return tuple(
        Entry(
            one.unit,
            one.post,
            one.who,
            enters=False,
            ground=f"xếp loại “{one.grade.label}”, chưa đủ để ở trong quy hoạch",
            evidence=(_of(one, f"{one.name}: {one.grade.label}"),),
        )
        for one in candidates
        if one.grade is not None and one.grade not in rules.keep_grades
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
    behind = defaultdict(list)
    for one in candidates:
        behind[one.unit, one.post].append(one)
    until, gaps = months_after(on, rules.gap_months), []
    for post in posts:
        due = retires_on(post.holder, table) if post.holder else None
        if post.holder is None or due is None or due.pension_from > until:
            continue
        those = behind[post.key]
        if not any(one.grade in rules.keep_grades for one in those):
            says = f"{post.name} ({post.holder.name}) nghỉ hưu từ {due.pension_from:%d/%m/%Y}, " + (
                "người trong quy hoạch chưa ai xếp loại tốt"
                if those
                else "chưa có ai trong quy hoạch"
            )
            seen = Evidence(says, post.holder.code, on=due.pension_from)
            told = (_of(one, f"{one.name}: {_graded(one)}") for one in those)
            gaps.append(GenerationGap(post, due.pension_from, says, (seen, *told)))
    return tuple(sorted(gaps, key=lambda gap: (gap.leaves, gap.post.key)))


def readiness_matrix(candidates: Iterable[Candidate]) -> Mapping[str, Counter[str]]:
    """By name of post, how many are how ready."""
    matrix: dict[str, Counter[str]] = defaultdict(Counter)
    for one in candidates:
        matrix[one.post][one.readiness] += 1
    return matrix


def measures_of(
    posts: Sequence[Post],
    candidates: Sequence[Candidate],
    on: date,
    rules: SuccessionRules,
    structure: StructureRules,
    table: RetirementTable,
) -> tuple[Measure, ...]:
    gaps = generation_gaps(posts, candidates, on, rules, table)
    persons = list({one.cadre.code: one.cadre for one in candidates if one.cadre}.values())
    young = [c for c in persons if c.birth and years_old(c.birth, on) < rules.young_below]
    minority = [c for c in persons if c.ethnicity and c.ethnicity != structure.majority]
    women = [c for c in persons if c.sex is Sex.FEMALE]
    return (
        _too_many_for_a_post(candidates, rules),
        _too_many_posts(candidates, rules),
        _no_candidate(posts, candidates, rules),
        _not_reviewed(candidates, on, rules),
        Measure(
            "HANG_HUT",
            "Chức danh có nguy cơ hẫng hụt",
            len(gaps),
            "chức danh",
            says=f"{len(gaps)} chức danh có người nghỉ hưu trong {rules.gap_months} tháng mà chưa "
            "có người kế cận xếp loại tốt.",
            evidence=tuple(piece for gap in gaps for piece in gap.evidence),
            alarm=bool(gaps),
        ),
        _share("QH_NU", "Tỷ lệ nữ trong quy hoạch", women, persons, rules.least_women),
        _share("QH_TRE", "Tỷ lệ trẻ trong quy hoạch", young, persons, rules.least_young),
        _share(
            "QH_DTTS",
            "Tỷ lệ dân tộc thiểu số trong quy hoạch",
            minority,
            persons,
            rules.least_minority,
        ),
    )


def pipeline(sources: Sequence[Source], vacant: Range, rules: SuccessionRules) -> Measure:
    """Sources against the posts that fall vacant in the months of the rules: a range, because the
    vacancies are one."""
    ready = [source for source in sources if not source.taken]
    value, low, high = (
        percent(len(ready), count) for count in (vacant.middle, vacant.high, vacant.low)
    )
    return Measure(
        "NGUON",
        "Nguồn so với vị trí sẽ trống",
        value,
        "%",
        says=f"{len(ready)} người trong nguồn cho {vacant.shown} vị trí sẽ trống trong "
        f"{rules.source_months} tháng.",
        evidence=tuple(
            Evidence(f"{s.name} ({s.origin})", s.cadre, s.period, s.cell) for s in ready
        ),
        low=low,
        high=high if vacant.low else value,
        alarm=low is not None and low < rules.least_source_percent * 100,
    )


def conversion(sources: Sequence[Source]) -> Measure:
    """How many of those once named as sources were taken on."""
    taken = sum(source.taken for source in sources)
    return Measure(
        "CHUYEN_DOI_NGUON",
        "Tỷ lệ nguồn đã được sử dụng",
        percent(taken, len(sources)),
        "%",
        says=f"{taken} trên {len(sources)} người trong nguồn đã được tuyển dụng hoặc bổ nhiệm.",
    )


def _too_many_for_a_post(candidates: Sequence[Candidate], rules: SuccessionRules) -> Measure:
    counts = Counter((one.unit, one.post) for one in candidates)
    over = [key for key, count in sorted(counts.items()) if count > rules.max_candidates]
    evidence = tuple(
        _of(one, f"{one.name} – {one.post}") for one in candidates if (one.unit, one.post) in over
    )
    return _count(
        "NHIEU_NGUOI",
        f"Chức danh quá {rules.max_candidates} người quy hoạch",
        "chức danh",
        len(over),
        evidence,
    )


def _too_many_posts(candidates: Sequence[Candidate], rules: SuccessionRules) -> Measure:
    counts = Counter(one.who for one in candidates)
    over = {code for code, count in counts.items() if count > rules.max_posts}
    evidence = tuple(_of(one, f"{one.name} – {one.post}") for one in candidates if one.who in over)
    return _count(
        "NHIEU_CHUC",
        f"Người quy hoạch quá {rules.max_posts} chức danh",
        "người",
        len(over),
        evidence,
    )


def _no_candidate(
    posts: Sequence[Post], candidates: Sequence[Candidate], rules: SuccessionRules
) -> Measure:
    counts = Counter((one.unit, one.post) for one in candidates)
    bare = [post for post in posts if counts[post.key] < rules.least_candidates]
    evidence = tuple(
        Evidence(f"{post.name}: {counts[post.key]} người trong quy hoạch", post.code)
        for post in bare
    )
    return _count("TRONG_QH", "Chức danh chưa có người quy hoạch", "chức danh", len(bare), evidence)


def _not_reviewed(candidates: Sequence[Candidate], on: date, rules: SuccessionRules) -> Measure:
    limit = months_after(on, -rules.review_months)
    late = [one for one in candidates if (one.reviewed or one.entered or date.min) < limit]
    evidence = tuple(_of(one, f"{one.name} – {one.post}", one.reviewed) for one in late)
    return _count("CHUA_RA_SOAT", "Chưa rà soát quy hoạch hằng năm", "lượt", len(late), evidence)


def _count(code: str, label: str, unit: str, count: int, evidence: tuple[Evidence, ...]) -> Measure:
    return Measure(code, label, count, unit, f"{count} {unit}.", evidence, alarm=count > 0)


def _share(
    code: str, label: str, some: Sequence[Cadre], of: Sequence[Cadre], least: int
) -> Measure:
    value = percent(len(some), len(of))
    wanted = f"; cần ít nhất {least}%" if least else ""
    low = bool(least) and value is not None and value < least * 100
    return Measure(code, label, value, "%", f"{len(some)} trên {len(of)} người{wanted}.", alarm=low)


def _of(one: Candidate, says: str, on: date | None = None) -> Evidence:
    return Evidence(says, one.who, one.period, one.cell, on=on or one.entered)


def _graded(one: Candidate) -> str:
    return one.grade.label if one.grade else "chưa có xếp loại"
