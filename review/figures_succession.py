"""Figures of succession and sources: who stands behind which post, how ready, who came and went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

from review.cadres import Cadre, Role, Sex
from review.evidence import TIMES, Evidence, Measure, months_after, ratio, years_old
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
        f"{bare['n']} trên {bare['posts']} chức danh.",
    )
    gaps = tallies["HANG_HUT"]
    yield counted(
        "HANG_HUT",
        "Chức danh có nguy cơ hẫng hụt",
        "chức danh",
        gaps,
        f"{gaps['n']} chức danh có người nghỉ hưu trong {rules.gap_months} tháng mà chưa có người "
        "kế cận xếp loại tốt.",
    )
    many = tallies["NHIEU_NGUOI"]
    label = f"Chức danh quá {rules.max_candidates} người quy hoạch"
    yield counted("NHIEU_NGUOI", label, "chức danh", many)
    late = tallies["CHUA_RA_SOAT"]
    yield counted("CHUA_RA_SOAT", "Chưa rà soát quy hoạch hằng năm", "lượt", late)
    yield _readiness(tallies["SAN_SANG"])
    changed = tallies["VAO_RA"]
    yield measure(
        "VAO_RA",
        "Bổ sung, đưa ra khỏi quy hoạch trong kỳ",
        changed["entered"] + changed["left"],
        "lượt",
        f"{changed['entered']} lượt bổ sung, {changed['left']} lượt đưa ra; mỗi lượt ghi căn cứ.",
        changed,
    )


def _readiness(found: Tally) -> Measure:
    """The matrix of readiness by post."""
    rows = []
    for code, label in ((Role.HEAD.value, "cấp trưởng"), (Role.DEPUTY.value, "cấp phó")):
        mine = found.under(f"{code}:")
        if mine:
            levels = ", ".join(f"{mine.get(key, 0)} {word}" for key, word in READINESS.items())
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
    those = {one.cadre.code: one.cadre for one in ground.candidates if one.cadre}.values()
    return {
        "QUY_HOACH": tally(more=_shares(those, on, ground), n=len(those)),
        "NHIEU_CHUC": tally(
            (entry(one, f"{one.name} – {one.title or one.post}") for some in busy for one in some),
            n=len(busy),
            more=Counter(
                f"{ABROAD}{one.cadre.unit}:{one.cadre.code}" for one in guests if one.cadre
            ),
        ),
        AT_HOME: tally(more=Counter(one.who for one in mine)),
    }


def _shares(cadres: Iterable[Cadre], on: date, ground: Ground) -> dict[str, int]:
    rules, majority = ground.rules.succession, ground.rules.structure.majority
    known = list(cadres)
    return {
        "women": sum(c.sex is Sex.FEMALE for c in known),
        "young": sum(years_old(c.birth, on) < rules.young_below for c in known if c.birth),
        "minority": sum(bool(c.ethnicity) and c.ethnicity != majority for c in known),
    }


def persons_said(tallies: Tallies, weighing: Weighing) -> Iterator[Measure]:
    found, busy = tallies.get("QUY_HOACH"), tallies.get("NHIEU_CHUC")
    if found is None or busy is None:
        return
    rules = weighing.rules.succession
    over = busy["n"] + _busy_abroad(busy, weighing)
    label = f"Người quy hoạch quá {rules.max_posts} chức danh"
    says = f"{over} người."
    yield measure("NHIEU_CHUC", label, over, "người", says, busy, alarm=over > 0)
    for code, words, name, least in (
        ("QH_NU", "nữ", "women", rules.least_women),
        ("QH_TRE", "trẻ", "young", rules.least_young),
        ("QH_DTTS", "dân tộc thiểu số", "minority", rules.least_minority),
    ):
        wanted = f"; cần ít nhất {least}%" if least else ""
        told = f"{found[name]} trên {found['n']} người{wanted}."
        yield share(code, f"Tỷ lệ {words} trong quy hoạch", found, told, least, (name, "n"))


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
        f"{found['n']} người trong nguồn ({found['ready']} sẵn sàng, {found['outside']} từ nơi "
        f"khác) cho {vacant.shown} vị trí sẽ trống đến {until:%d/%m/%Y}.",
        found,
        alarm=low is not None and low < rules.least_source_percent,
        bounds=bounds,
    )
    says = f"{used['part']} trên {used['whole']} người trong nguồn đã được bố trí."
    yield share("CHUYEN_DOI_NGUON", "Tỷ lệ nguồn đã được sử dụng", used, says)


FIGURES = (
    Figure(PlanKind.SUCCESSION, posts, posts_said),
    Figure(PlanKind.SUCCESSION, persons, persons_said),
    Figure(PlanKind.SOURCES, sources, sources_said),
)
