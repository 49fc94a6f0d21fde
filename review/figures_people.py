"""Figures of the body of cadres: structure, posts and their fit, time, rotation, self-training."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from review.cadres import Engagement
from review.causes_people import conduct
from review.evidence import Evidence, Measure, decimal, percent, whole_number
from review.ground import Ground, seen
from review.plans import PlanKind
from review.rotation import Tenure, stood_in_well, too_early, too_late
from review.self_training import behind, without_plan
from review.structure import UNKNOWN, mismatches, structure_of
from review.tally import Tally, tally
from review.weighing import Figure, Tallies, Weighing, counted, measure, share

SKILLS = {
    "administration": "quản lý nhà nước",
    "informatics": "tin học",
    "language": "ngoại ngữ, tiếng dân tộc",
    "certificates": "chứng chỉ TĐKT",
}


def structure(ground: Ground) -> dict[str, Tally]:
    counts = structure_of(ground.serving, ground.on, ground.rules.structure)
    there = {cadre.code for cadre in ground.serving}
    for skill in ground.told.skills:
        for name in SKILLS if skill.cadre in there else ():
            counts[f"skill:{name}"] += bool(getattr(skill, name))
    thin = sum(cadre.share for cadre in ground.serving)
    least = ground.rules.structure.least_fte
    says = f"{len(ground.serving)} người, cộng {thin}% thời gian"
    few = [Evidence(says, ground.unit, score=thin * 100)] if counts["persons"] else []
    return {
        "SO_NGUOI": tally(more=counts),
        "FTE": tally(few if thin < least else [], by_score=True),
    }


def structure_said(tallies: Tallies, weighing: Weighing) -> Iterator[Measure]:
    found = tallies.get("SO_NGUOI")
    if found is None:
        return
    rules, persons = weighing.rules.structure, found["persons"]
    fte, engaged = found.under("fte:"), found.under("engaged:")
    yield measure(
        "SO_NGUOI", "Cán bộ làm công tác TĐKT", persons, "người",
        f"{whole_number(persons)} người: {_by_engagement(engaged)}.",
    )  # fmt: skip
    thin = tallies.get("FTE", Tally())
    short = (
        f" {whole_number(thin.found)} đơn vị dưới {rules.least_fte}% một người."
        if thin.found
        else ""
    )
    shares = "; ".join(
        f"{Engagement(key).label.lower()} {decimal(value)}" for key, value in sorted(fte.items())
    )
    yield measure(
        "FTE", "Thời gian làm TĐKT quy ra người", sum(fte.values()), "FTE",
        f"Cộng tỷ lệ thời gian: {shares}.{short}", thin, alarm=bool(thin.found),
    )  # fmt: skip
    for code, label, name, least in (
        ("NU", "Tỷ lệ nữ", "women", rules.least_women),
        ("TRE", f"Tỷ lệ dưới {rules.young_below} tuổi", "young", rules.least_young),
        ("DTTS", "Tỷ lệ người dân tộc thiểu số", "minority", rules.least_minority),
    ):
        wanted = f"; cần ít nhất {least}%" if least else ""
        says = f"{found.said(name)} trên {whole_number(persons)} người{wanted}."
        yield share(code, label, found, says, least, (name, "persons"))
    oldest = f"trên {rules.age_bands[-1]}"
    yield measure(
        "DO_TUOI", f"Cán bộ {oldest} tuổi", found[f"age:{oldest}"], "người",
        f"Theo độ tuổi: {_counts(found.under('age:'))}.",
    )  # fmt: skip
    levels, politics = found.under("level:"), found.under("politics:")
    skills = "; ".join(
        f"{word} {found.said(f'skill:{name}')}"
        for name, word in SKILLS.items()
        if found[f"skill:{name}"]
    )
    yield measure(
        "TRINH_DO", "Cán bộ đã rõ trình độ chuyên môn", persons - levels.get(UNKNOWN, 0), "người",
        f"Theo trình độ: {_counts(levels, rules.levels)}. Lý luận chính trị: "
        f"{_counts(politics, rules.politics)}.{f' Đã có: {skills}.' if skills else ''}",
    )  # fmt: skip


def _by_engagement(engaged: Mapping[str, int]) -> str:
    return ", ".join(
        f"{whole_number(n)} {Engagement(key).label.lower()}" for key, n in sorted(engaged.items())
    )


def _counts(counts: Mapping[str, int], order: tuple[str, ...] = ()) -> str:
    rank = {name: at for at, name in enumerate(order)}
    named = sorted(
        counts.items(), key=lambda pair: (pair[0] == UNKNOWN, rank.get(pair[0], 0), pair[0])
    )
    return "; ".join(f"{name} {whole_number(n)}" for name, n in named)


def fit(ground: Ground) -> dict[str, Tally]:
    wrong = mismatches(ground.serving, ground.rules.structure, ground.told.skills)
    told = ground.told
    bare = [one for one in told.setups if not (one.council and one.officer)]
    found = {
        "BO_TRI": tally(
            (Evidence(f"{o.cadre.name}: {'; '.join(o.lacks)}", o.cadre.code) for o in wrong),
            n=len(wrong),
            persons=len(ground.serving),
        )
    }
    if told.setups:
        found["BO_MAY"] = tally(
            (
                seen(one, "chưa có người phụ trách" if one.council else "chưa có Hội đồng TĐKT")
                for one in bare
            ),
            n=len(bare),
            units=len(told.setups),
        )
    if told.establishments:
        found["TRONG"] = tally(
            (
                seen(one, f"được giao {one.given}, có mặt {one.filled}")
                for one in told.establishments
                if one.vacant
            ),
            part=sum(one.vacant for one in told.establishments),
            whole=sum(one.given for one in told.establishments),
            units=1,
        )
    return found


def fit_said(tallies: Tallies, _weighing: Weighing) -> Iterator[Measure]:
    if (wrong := tallies.get("BO_TRI")) is not None:
        says = f"{wrong.said('n')} trên {wrong.said('persons')} người."
        yield counted("BO_TRI", "Người chưa đáp ứng yêu cầu vị trí", "người", wrong, says)
    if (bare := tallies.get("BO_MAY")) is not None:
        says = f"{bare.said('n')} trên {bare.said('units')} đơn vị đã báo."
        label = "Đơn vị chưa có Hội đồng TĐKT hoặc người phụ trách"
        yield counted("BO_MAY", label, "đơn vị", bare, says)
    if (posts := tallies.get("TRONG")) is not None:
        says = (
            f"{posts.said('part')} trên {posts.said('whole')} biên chế được giao còn trống, "
            f"ở {posts.said('units')} đơn vị đã báo."
        )
        vacant = percent(posts["part"], posts["whole"])
        alarm = posts["part"] > 0
        yield measure("TRONG", "Tỷ lệ biên chế còn trống", vacant, "%", says, posts, alarm=alarm)


def rotation(ground: Ground) -> dict[str, Tally]:
    rules, table = ground.rules.rotation, ground.retirement
    early = too_early(ground.left, rules, table)
    late = too_late(ground.serving, ground.on, rules, table)
    acted = [one for one in ground.told.actings if one.cadre in ground.by_code]
    well = stood_in_well(acted, ground.on)
    return {
        "ROI_VI_TRI": tally(part=len(ground.left), whole=len(ground.cadres)),
        "QUA_SOM": tally(_tenures(early), n=len(early)),
        "QUA_LAU": tally(_tenures(late), n=len(late)),
        "PHU_TRACH_THAY": tally(
            (seen(o, f"{ground.called(o.cadre)} – {o.post}: {o.result}", o.on) for o in well),
            n=len(acted),
            well=len(well),
        ),
    }


def _tenures(found: Iterable[Tenure]) -> Iterator[Evidence]:
    for one in found:
        on = one.cadre.until or one.cadre.since
        yield Evidence(f"{one.cadre.name}: {one.says} tháng", one.cadre.code, on=on)


def rotation_said(tallies: Tallies, weighing: Weighing) -> Iterator[Measure]:
    left = tallies.get("ROI_VI_TRI")
    if left is None:
        return
    period, rules = weighing.period, weighing.rules.rotation
    rate = percent(left["part"], left["whole"])
    yield measure(
        "ROI_VI_TRI",
        "Tỷ lệ rời vị trí TĐKT",
        rate,
        "%",
        f"{left.said('part')} trên {left.said('whole')} người rời vị trí từ "
        f"{period.start:%d/%m/%Y} đến hết {period.end:%d/%m/%Y}.",
        alarm=rate is not None and rate > rules.most_turnover_percent * 100,
    )
    for code, label, says in (
        ("QUA_SOM", "Luân chuyển quá sớm", f"chưa đủ {rules.early_months} tháng"),
        ("QUA_LAU", "Quá hạn chuyển đổi vị trí", f"quá {rules.late_months} tháng"),
    ):
        found = tallies[code]
        yield counted(code, label, "người", found, f"{found.said('n')} người {says}.")
    acted = tallies["PHU_TRACH_THAY"]
    yield measure(
        "PHU_TRACH_THAY",
        "Lượt được giao phụ trách thay cấp trên",
        acted["n"],
        "lượt",
        f"{acted.said('n')} lượt, {acted.said('well')} lượt đã có kết quả.",
        acted,
    )


def self_training(ground: Ground) -> dict[str, Tally]:
    found = {}
    marks = ground.once(conduct)
    if marks:
        shares = {code: percent(got, most) or 0 for code, (got, most) in marks.items()}
        least = ground.rules.oversight.least_conduct_percent * 100
        low = {code: value for code, value in shares.items() if value < least}
        found["PHAM_CHAT"] = tally(
            (
                Evidence(f"{ground.called(code)}: {decimal(value)}%", code, score=value)
                for code, value in low.items()
            ),
            by_score=True,
            part=sum(got for got, _ in marks.values()),
            whole=sum(most for _, most in marks.values()),
            low=len(low),
            persons=len(marks),
        )
    if ground.tells("selfstudy"):
        studies = ground.told.studies
        late = behind(studies, ground.rules.oversight)
        bare = without_plan(ground.serving, studies)
        found["TU_HOC"] = tally(
            (seen(t, f"{t.topic}: {t.done}/{t.planned} tiết") for one in late for t in one.topics),
            part=sum(min(one.done, one.planned) for one in studies),
            whole=sum(one.planned for one in studies),
            late=len(late),
        )
        found["KHONG_KE_HOACH"] = tally(
            (Evidence(f"{c.name} chưa có kế hoạch", c.code) for c in bare),
            n=len(bare),
            persons=len(ground.serving),
        )
    return found


def self_training_said(tallies: Tallies, weighing: Weighing) -> Iterator[Measure]:
    rules = weighing.rules.oversight
    if (marks := tallies.get("PHAM_CHAT")) is not None:
        yield share(
            "PHAM_CHAT",
            "Điểm tiêu chí chung (phẩm chất, đạo đức, ý thức) so với tối đa",
            marks,
            f"Của {marks.said('persons')} người; {marks.said('low')} người dưới "
            f"{rules.least_conduct_percent}%.",
        )
    if (done := tallies.get("TU_HOC")) is not None:
        yield share(
            "TU_HOC",
            "Hoàn thành kế hoạch tự học, tự rèn luyện",
            done,
            f"{done.said('part')} trên {done.said('whole')} tiết theo kế hoạch cá nhân; "
            f"{done.said('late')} người dưới {rules.self_study_percent}%.",
            rules.self_study_percent,
        )
    if (bare := tallies.get("KHONG_KE_HOACH")) is not None:
        yield counted(
            "KHONG_KE_HOACH",
            "Cán bộ chưa có kế hoạch tự học, tự rèn luyện",
            "người",
            bare,
            f"{bare.said('n')} trên {bare.said('persons')} người.",
        )


FIGURES = (
    Figure(PlanKind.STRUCTURE, structure, structure_said),
    Figure(PlanKind.STRUCTURE, fit, fit_said),
    Figure(PlanKind.ROTATION, rotation, rotation_said),
    Figure(PlanKind.SELF_TRAINING, self_training, self_training_said),
)
