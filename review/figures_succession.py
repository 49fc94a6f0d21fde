"""Figures of succession and sources: who stands behind which post, how ready, who came and went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

from review.cadres import Cadre, Role, Sex
from review.evidence import TIMES, Evidence, Measure, months_after, ratio, whole_number, years_old
from review.figures_forecast import exits, horizons, vacant_within
from review.ground import Ground, seen
from review.plans import PlanKind
from review.succession import (
    READINESS,
    bare_posts,
    busy_candidates,
    crowded_posts,
    entry,
    generation_gaps,
    unreviewed,
)
from review.tally import Tally, tally
from review.weighing import OWN, Figure, Tallies, Weighing, counted, measure, share

AT_HOME, ABROAD = f"{OWN}UNG_VIEN", "abroad:"


def posts(ground: Ground) -> dict[str, Tally]:
    """Posts against candidates; only of units that were asked."""
    if not ground.tells("succession"):
        return {}
    rules, those = ground.rules.succession, ground.candidates
    gaps = generation_gaps(ground.posts, those, ground.on, rules, ground.retirement)
    bare = bare_posts(ground.posts, those, rules)
    crowded = crowded_posts(ground.posts, those, rules)
    late = unreviewed(those, ground.on, rules)
    ready = Counter(f"{one.post}:{one.readiness}" for one in those)
    return {
        "TRONG_QH": tally(
            (
                Evidence(f"{post.name}: {n} người trong quy hoạch", post.holder.code, on=ground.on)
                for post, n in bare
            ),
            n=len(bare),
            posts=len({post.code for post in ground.posts}),
        ),
        "HANG_HUT": tally((piece for gap in gaps for piece in gap.evidence), n=len(gaps)),
        "NHIEU_NGUOI": tally(
            (
                entry(one, f"{one.name} – {one.title or one.post}")
                for some in crowded
                for one in some
            ),
            n=len(crowded),
        ),
        "CHUA_RA_SOAT": tally(
            (entry(one, f"{one.name} – {one.title or one.post}", one.reviewed) for one in late),
            n=len(late),
        ),
        "SAN_SANG": tally(more=ready, n=len(those)),
        "VAO_RA": tally(
            (
                seen(
                    one, f"{one.name} {_way(one.enters)} quy hoạch {one.title}: {one.basis}", one.on
                )
                for one in ground.told.revisions
            ),
            entered=sum(one.enters for one in ground.told.revisions),
            left=sum(not one.enters for one in ground.told.revisions),
        ),
    }


def _way(enters: bool) -> str:
    return "bổ sung vào" if enters else "đưa ra khỏi"


def posts_said(tallies: Tallies, weighing: Weighing) -> Iterator[Measure]:
    rules = weighing.rules.succession
    bare = tallies.get("TRONG_QH")
    if bare is None:
        return
    yield counted(
        "TRONG_QH",
        "Chức danh chưa có người quy hoạch",
        "chức danh",
        bare,
        f"{bare.said('n')} trên {bare.said('posts')} chức danh.",
    )
    gaps = tallies["HANG_HUT"]
    yield counted(
        "HANG_HUT",
        "Chức danh có nguy cơ hẫng hụt",
        "chức danh",
        gaps,
        f"{gaps.said('n')} chức danh có người nghỉ hưu trong {rules.gap_months} tháng mà chưa có "
        "người kế cận xếp loại tốt.",
    )
    many = tallies["NHIEU_NGUOI"]
    label = f"Chức danh quá {rules.max_candidates} người quy hoạch"
    says = f"{many.said('n')} trên {bare.said('posts')} chức danh."
    yield counted("NHIEU_NGUOI", label, "chức danh", many, says)
    late = tallies["CHUA_RA_SOAT"]
    says = f"{late.said('n')} lượt quy hoạch đã quá {rules.review_months} tháng chưa rà soát."
    yield counted("CHUA_RA_SOAT", "Chưa rà soát quy hoạch hằng năm", "lượt", late, says)
    yield _readiness(tallies["SAN_SANG"])
    changed = tallies["VAO_RA"]
    yield measure(
        "VAO_RA",
        "Bổ sung, đưa ra khỏi quy hoạch trong kỳ",
        changed["entered"] + changed["left"],
        "lượt",
        f"{changed.said('entered')} lượt bổ sung, {changed.said('left')} lượt đưa ra; mỗi lượt "
        "ghi căn cứ.",
        changed,
    )


def _readiness(found: Tally) -> Measure:
    """The matrix of readiness by post."""
    rows = []
    for code, label in ((Role.HEAD.value, "cấp trưởng"), (Role.DEPUTY.value, "cấp phó")):
        mine = found.under(f"{code}:")
        if mine:
            levels = ", ".join(
                f"{whole_number(mine.get(key, 0))} {word}" for key, word in READINESS.items()
            )
            rows.append(f"{label}: {levels}")
    ready = sum(n for name, n in found.counts.items() if name.endswith(":san_sang"))
    says = f"{'; '.join(rows)}." if rows else "Chưa có ai trong quy hoạch."
    return measure("SAN_SANG", "Lượt quy hoạch đã sẵn sàng", ready, "lượt", says.capitalize())


def persons(ground: Ground) -> dict[str, Tally]:
    """The candidates as persons, each once in the unit; who is planned for too many posts. Those of
    another unit are counted by their code, because more units may plan for them."""
    if not ground.tells("succession"):
        return {}
    rules, on = ground.rules.succession, ground.on
    mine = [one for one in ground.candidates if one.of_the_unit]
    guests = [one for one in ground.candidates if not one.of_the_unit]
    busy = busy_candidates(mine, rules)
    those = {one.cadre.code: one.cadre for one in mine if one.cadre}.values()
    others = {one.cadre.code: one.cadre for one in guests if one.cadre}.values()
    told = {f"{ABROAD}{c.unit}:{c.code}:{'+'.join(_traits(c, on, ground))}": 1 for c in others}
    return {
        "QUY_HOACH": tally(
            n=len(those), more=Counter(t for c in those for t in _traits(c, on, ground)) | told
        ),
        "NHIEU_CHUC": tally(
            (entry(one, f"{one.name} – {one.title or one.post}") for some in busy for one in some),
            n=len(busy),
            more=Counter(
                f"{ABROAD}{one.cadre.unit}:{one.cadre.code}" for one in guests if one.cadre
            ),
        ),
        AT_HOME: tally(more=Counter(one.who for one in mine)),
    }


def _traits(cadre: Cadre, on: date, ground: Ground) -> Iterator[str]:
    if cadre.sex is Sex.FEMALE:
        yield "women"
    if cadre.birth and years_old(cadre.birth, on) < ground.rules.succession.young_below:
        yield "young"
    if cadre.ethnicity and cadre.ethnicity != ground.rules.structure.majority:
        yield "minority"


def persons_said(tallies: Tallies, weighing: Weighing) -> Iterator[Measure]:
    found, busy = tallies.get("QUY_HOACH"), tallies.get("NHIEU_CHUC")
    if found is None or busy is None:
        return
    rules = weighing.rules.succession
    found += _guests(found, weighing)
    over = busy["n"] + _busy_abroad(busy, weighing)
    label = f"Người quy hoạch quá {rules.max_posts} chức danh"
    says = f"{whole_number(over)} trên {found.said('n')} người trong quy hoạch."
    yield measure("NHIEU_CHUC", label, over, "người", says, busy, alarm=over > 0)
    for code, words, name, least in (
        ("QH_NU", "nữ", "women", rules.least_women),
        ("QH_TRE", "trẻ", "young", rules.least_young),
        ("QH_DTTS", "dân tộc thiểu số", "minority", rules.least_minority),
    ):
        wanted = f"; cần ít nhất {least}%" if least else ""
        told = f"{found.said(name)} trên {found.said('n')} người trong quy hoạch{wanted}."
        yield share(code, f"Tỷ lệ {words} trong quy hoạch", found, told, least, (name, "n"))


def _guests(found: Tally, weighing: Weighing) -> Tally:
    """Those whom only other units than their own plan for, each once."""
    guests = Tally()
    for name in found.under(ABROAD):
        home, code, traits = name.split(":")
        own = weighing.own(home, AT_HOME)
        if not (own and own[code]):
            guests += tally(n=1, more=Counter(filter(None, traits.split("+"))))
    return guests


def _busy_abroad(busy: Tally, weighing: Weighing) -> int:
    """Those over the limit only because other units plan for them too."""
    most, over = weighing.rules.succession.max_posts, 0
    for name, abroad in busy.under(ABROAD).items():
        home, _, code = name.partition(":")
        own = weighing.own(home, AT_HOME)
        at_home = own[code] if own else 0
        over += at_home <= most < at_home + abroad
    return over


def sources(ground: Ground) -> dict[str, Tally]:
    """Sources against the posts that fall vacant: the forecast is counted here too, because a plan
    of sources may be weighed without one of structure."""
    if not ground.tells("sources"):
        return {}
    told = ground.told.sources
    free = [one for one in told if not one.taken]
    return {
        "NGUON": tally(
            (seen(one, f"{one.name} ({one.origin}) cho {one.post}") for one in free),
            n=len(free),
            ready=sum(one.readiness in ground.rules.succession.ready for one in free),
            outside=sum(one.origin == "nơi khác" for one in free),
        ),
        "CHUYEN_DOI_NGUON": tally(part=sum(one.taken for one in told), whole=len(told)),
        **exits(ground),
        **horizons(ground),
    }


def sources_said(tallies: Tallies, weighing: Weighing) -> Iterator[Measure]:
    found, used = tallies.get("NGUON"), tallies.get("CHUYEN_DOI_NGUON")
    if found is None or used is None:
        return
    rules = weighing.rules.succession
    vacant = vacant_within(rules.source_months, tallies, weighing)
    until = months_after(weighing.on, rules.source_months)
    value, low, high = (
        ratio(found["n"] * 100, count * 100) for count in (vacant.middle, vacant.high, vacant.low)
    )
    bounds = (low, high) if low is not None and high is not None else None
    yield measure(
        "NGUON",
        "Nguồn so với vị trí sẽ trống",
        value,
        TIMES,
        f"{found.said('n')} người trong nguồn ({found.said('ready')} sẵn sàng, "
        f"{found.said('outside')} từ nơi khác) cho {vacant.shown} vị trí sẽ trống đến "
        f"{until:%d/%m/%Y}.",
        found,
        alarm=low is not None and low < rules.least_source_percent,
        bounds=bounds,
    )
    says = f"{used.said('part')} trên {used.said('whole')} người trong nguồn đã được bố trí."
    yield share("CHUYEN_DOI_NGUON", "Tỷ lệ nguồn đã được sử dụng", used, says)


FIGURES = (
    Figure(PlanKind.SUCCESSION, posts, posts_said),
    Figure(PlanKind.SUCCESSION, persons, persons_said),
    Figure(PlanKind.SOURCES, sources, sources_said),
)
