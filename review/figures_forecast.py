"""Figures of what is to come: retirements, posts that fall vacant, key posts by term, as ranges."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from review.evidence import Evidence, Measure, months_after, months_between, whole_number
from review.forecast import (
    Exits,
    Leaving,
    Outlook,
    Range,
    exits_seen,
    leaves_on,
    outlook_of,
    rate_a_year,
    simulated,
)
from review.ground import Ground, seen
from review.period import Period
from review.plans import PlanKind
from review.tally import Tally, tally
from review.weighing import Figure, Tallies, Weighing, measure

YEARS_SEEN = 36  # months of the past in which attrition is counted


def exits(ground: Ground) -> dict[str, Tally]:
    since = months_after(ground.on + timedelta(days=1), -YEARS_SEEN)
    table, elsewhere = ground.retirement, ground.elsewhere
    found = exits_seen(ground.ever, since, ground.on, table, elsewhere)
    return {"BIEN_DONG": tally(left=found.left, months=found.person_months)}


def exits_said(tallies: Tallies, _weighing: Weighing) -> Iterator[Measure]:
    found = _exits(tallies)
    yield measure(
        "BIEN_DONG",
        "Tỷ lệ rời vị trí trong một năm (không kể nghỉ hưu)",
        rate_a_year(found),
        "%",
        f"{whole_number(found.left)} lượt rời đi trong {whole_number(found.person_months)} tháng "
        "– người đã theo dõi.",
    )


def _exits(tallies: Tallies) -> Exits:
    found = tallies.get("BIEN_DONG", Tally())
    return Exits(found["left"], found["months"])


def horizons(ground: Ground) -> dict[str, Tally]:
    """Who leaves within so many months, and on how many attrition works. One past the age who still
    serves is counted: the post must be filled all the same."""
    found: dict[str, Tally] = {}
    moves = [move for move in ground.told.moves if move.on > ground.on]
    keys = [c for c in ground.serving if c.role in ground.rules.forecast.key_roles]
    for months in ground.rules.forecast.horizons:
        until, table = months_after(ground.on, months), ground.retirement
        outlook = outlook_of(ground.serving, date.min, until, table, moves)
        of_keys = outlook_of(keys, date.min, until, table, moves)
        found[f"HUU_{months}"] = tally(
            map(leaves_on, outlook.retiring),
            n=len(outlook.retiring),
            doubtful=sum(one.verify for one in outlook.retiring),
        )
        found[f"TRONG_{months}"] = tally(
            (Evidence(m.says, m.cadre, cell=m.cell, on=m.on) for m in outlook.moving),
            more={**_named("", outlook), **_named("key_", of_keys)},
        )
    return found


def _named(prefix: str, outlook: Outlook) -> dict[str, int]:
    counts = outlook.counts
    return {
        f"{prefix}retiring": counts.retiring,
        f"{prefix}moving": counts.moving,
        f"{prefix}others": counts.others,
    }


def _leaving(found: Tally, prefix: str = "") -> Leaving:
    return Leaving(*(found[f"{prefix}{name}"] for name in ("retiring", "moving", "others")))


def horizons_said(tallies: Tallies, weighing: Weighing) -> Iterator[Measure]:
    rules, seen_before = weighing.rules.forecast, _exits(tallies)
    for months in rules.horizons:
        retiring, vacant = tallies.get(f"HUU_{months}"), tallies.get(f"TRONG_{months}")
        if retiring is None or vacant is None:
            continue
        until = months_after(weighing.on, months)
        ask = (
            f" {retiring.said('doubtful')} người cần kiểm lại tuổi." if retiring["doubtful"] else ""
        )
        yield measure(
            f"HUU_{months}",
            f"Nghỉ hưu trong {months} tháng tới",
            retiring["n"],
            "người",
            f"{retiring.said('n')} người nghỉ hưu từ nay đến {until:%d/%m/%Y}.{ask}",
            retiring,
        )
        every, about = vacant_within(months, tallies, weighing), f"{weighing.period}:{months}:key"
        key = simulated(about, _leaving(vacant, "key_"), months, rules, seen_before)
        yield measure(
            f"TRONG_{months}",
            f"Vị trí sẽ trống trong {months} tháng tới",
            every.middle,
            "vị trí",
            f"{vacant.said('retiring')} nghỉ hưu, {vacant.said('moving')} dự kiến chuyển, còn lại "
            f"là biến động khác của {vacant.said('others')} người. Khả năng {rules.interval}%: "
            f"{every.shown} vị trí, trong đó chức danh chủ chốt {key.shown}.",
            vacant,
            bounds=(every.low, every.high),
        )


def vacant_within(months: int, tallies: Tallies, weighing: Weighing) -> Range:
    """How many posts fall vacant, the same range wherever it is asked for."""
    found = tallies.get(f"TRONG_{months}", Tally())
    about = f"{weighing.period}:{months}"
    return simulated(about, _leaving(found), months, weighing.rules.forecast, _exits(tallies))


def key_posts(ground: Ground) -> dict[str, Tally]:
    """What each term asks for key posts: whose holders retire, move or may leave in it."""
    keys = [c for c in ground.serving if c.role in ground.rules.forecast.key_roles]
    found = {}
    for term in ground.terms:
        since = _from(term, ground.on)
        if since < term.end:
            outlook = outlook_of(keys, since, term.end, ground.retirement, ground.told.moves)
            found[_demand(term, ground.on)] = tally(
                map(leaves_on, outlook.retiring), more=_named("", outlook), key=len(keys)
            )
    return found


def _demand(term: Period, on: date) -> str:
    """NHU_CAU_2026..2030 of a term going on, NHU_CAU_SAU_2031..2035 of one to come."""
    return f"NHU_CAU_{'SAU_' if term.start > on else ''}{term}"


def _from(term: Period, on: date) -> date:
    """The day after which a term's demand is still to come."""
    return max(on, term.start - timedelta(days=1))


def key_posts_said(tallies: Tallies, weighing: Weighing) -> Iterator[Measure]:
    rules = weighing.rules.forecast
    for term in weighing.terms:
        code = _demand(term, weighing.on)
        found = tallies.get(code)
        if found is None:
            continue
        since = _from(term, weighing.on)
        months = months_between(since, term.end)
        about = f"{weighing.period}:{term}"
        need = simulated(about, _leaving(found), months, rules, _exits(tallies))
        when = "" if since < term.start else f" từ sau ngày {since:%d/%m/%Y}"
        yield measure(
            code,
            f"Chức danh chủ chốt cần người thay trong {term.label}",
            need.middle,
            "vị trí",
            f"{found.said('key')} người đang giữ chức danh chủ chốt; trong {term.label}{when}: "
            f"{found.said('retiring')} đến tuổi nghỉ hưu, {found.said('moving')} dự kiến chuyển; "
            f"kể cả biến động khác: {need.shown}.",
            found,
            bounds=(need.low, need.high),
        )


def told_demand(ground: Ground) -> dict[str, Tally]:
    """What units themselves say they need in the next term."""
    demands = ground.told.demands
    if not demands:
        return {}
    short = [one for one in demands if one.short]
    return {
        "NHU_CAU_DV": tally(
            (seen(o, f"{o.post}: cần {o.needed}, thiếu {o.short}", ground.on) for o in short),
            needed=sum(one.needed for one in demands),
            present=sum(one.present for one in demands),
            ready=sum(one.ready for one in demands),
            short=sum(one.short for one in demands),
            units=1,
        )
    }


def told_demand_said(tallies: Tallies, _weighing: Weighing) -> Iterator[Measure]:
    found = tallies.get("NHU_CAU_DV")
    if found is not None:
        yield measure(
            "NHU_CAU_DV",
            "Vị trí các đơn vị cần thêm người trong nhiệm kỳ tới",
            found["short"],
            "vị trí",
            f"{found.said('units')} đơn vị cần {found.said('needed')} người, hiện có "
            f"{found.said('present')}, đã sẵn sàng {found.said('ready')}; còn thiếu "
            f"{found.said('short')}.",
            found,
            alarm=found["short"] > 0,
        )


KIND = PlanKind.STRUCTURE
FIGURES = (
    Figure(KIND, exits, exits_said),
    Figure(KIND, horizons, horizons_said),
    Figure(KIND, key_posts, key_posts_said),
    Figure(KIND, told_demand, told_demand_said),
)
